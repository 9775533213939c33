"""The fields that the replacements of one amendment set: none may be set by two, or their order
would decide.

What changes one use of a principle (`agg.bad@class`) stands on top of what changes all of them
(`agg.bad`): other fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rulewright.syntax.errors import NOWHERE, InputError, Place, Problems
from rulewright.syntax.text import Text, key, place_of

from .trees import CONCLUSIONS, merges


@dataclass(frozen=True)
class Field:
    """One field that a replacement sets, all that lies below it included.

    path: from the entry, word or document down to the field, the same whichever name an amendment
    uses. thing: the name that it used, and `below` the fields below that, as written.
    """

    path: tuple[str, ...]
    thing: str
    below: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def shown(self) -> str:
        """The field as people say it: `then` of `agg.bad`, or `sizes[small]`."""
        return f"`{' > '.join(self.below)}` of `{self.thing}`" if self.below else f"`{self.thing}`"

    def meets(self, other: Field) -> bool:
        """Whether one of the two is the other, or holds it."""
        return all(one == two for one, two in zip(self.path, other.path, strict=False))


@dataclass(frozen=True)
class Replacement:
    """One line under `replaces`. written: the name that it gives; problems: for its mistakes."""

    written: Text
    content: Any
    problems: Problems

    def field(self, path: tuple[str, ...], thing: str) -> Field:
        """The field at `path` of a thing that the line names."""
        return Field(path, thing, (), place_of(self.written))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note a mistake of the line, each once: it does not hide those of other lines."""
        try:
            yield
        except InputError as error:
            known = self.problems.found
            known += [each for each in error.problems if each not in known]


def fields_set(field: Field, old: Any, new: dict[Any, Any]) -> Iterator[Field]:
    """The fields that `new` sets when it is merged into `old`, both at `field`."""
    for name, content in new.items():
        inner = Field(
            (*field.path, _step(old, str(name))),
            field.thing,
            (*field.below, str(name)),
            place_of(name, field.place),
        )
        before = old.get(name)
        if merges(str(name), before, content):
            yield from fields_set(inner, before, content)
        else:
            yield inner


def _step(old: Any, name: str) -> str:
    """The conclusions of a rule exclude one another, and so do `value` and `values` of a parameter:
    each is one field.
    """
    if "rule" in old and name in CONCLUSIONS:
        return "conclusion"
    return "value" if "parameter" in old and name == "values" else key(name)


def none_twice(entries: Iterable[Iterable[Field]], problems: Problems) -> None:
    """Note (RW419) each field that two entries of an amendment set."""
    told: set[tuple[Place, Place]] = set()
    for one, two in combinations(map(tuple, entries), 2):
        for each in one:
            for other in two:
                first, second = sorted((each, other), key=lambda found: found.place)
                if (first.place, second.place) in told or not each.meets(other):
                    continue
                told.add((first.place, second.place))
                named = max((second, first), key=lambda found: (len(found.path), -len(found.below)))
                problems.add(
                    "RW419",
                    second.place,
                    f"{named.shown} is replaced twice in this amendment: here and in {first.place}",
                    "keep one of them",
                )
