"""The fields that the replacements of one amendment set: none may be set by two, or their order
would decide.

What changes one use of a principle (`agg.bad@class`) stands on top of what changes all of them
(`agg.bad`): other fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rulewright.language.errors import NOWHERE, Place, Problems
from rulewright.language.text import key, place_of

from .assembly import CONCLUSIONS, merges


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


Replaced = dict[
    str, list[Field]
]  # by the name of each thing that a replacement changes: the fields that it sets


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
