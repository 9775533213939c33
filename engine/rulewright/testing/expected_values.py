"""What is expected of an attribute: a value, those that are possible, the rules that decide it,
what it hangs on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rulewright.decision.lazy_answers import LazyAnswer, Unsaid
from rulewright.ir.types import FINITE, Date, Months, Number, Words
from rulewright.syntax.errors import Place, nearest
from rulewright.syntax.text import Map, Text, key, place_of

from .difference import UnmetExpectation
from .findings import Findings, NotSure

STATES = ("undetermined", "conflict", "not published", "no value")
# how possible numbers and days are shown: `3..7`, `5 or more`, `up to 5`, `any number`, and a
# number that no decimals show
_RANGE = re.compile(r"\.\.|^up to |^any | or more$|^-?[0-9]+/[0-9]+$|^-?[0-9]+(\.[0-9]+)?$")


class Values:
    """Holds expectations of attributes."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def _came(self, path: Text) -> LazyAnswer | Unsaid | None:
        """What a path means: an attribute; of an entity its main result, or its one published
        attribute.
        """
        steps = [each.strip() for each in path.split(">")]
        root = self.findings.asked.case.root
        ways = [steps, [root.path, *steps]]
        if len(steps) > 1 and key(steps[0]) in (key(root.path), key(root.name)):
            ways += [steps[1:], [root.path, *steps[1:]]]
        for way in ways:
            holder = self.findings.asked.entity(" > ".join(way[:-1]))
            named = self.findings.asked.named(holder, way[-1]) if holder is not None else None
            if named is not None:
                return named
        for way in ways:
            entity = self.findings.asked.entity(" > ".join(way))
            found = self.findings.asked.of(entity) if entity is not None else []
            if (
                not self.findings.whole
                and not any(each.main for each in found)
                and entity is not None
            ):
                raise NotSure
            for meant in ([a for a in found if a.main], [a for a in found if a.published], found):
                if len(meant) == 1:
                    return meant[0]
        names = [each.removeprefix(f"{root.path} > ") for each in self.findings.asked.names]
        self.findings.problems.add(
            "RW802",
            place_of(path, self.findings.text.place),
            f"`{path}` is not a derived attribute of this case",
            nearest(path, names),
        )
        return None

    def hold(self, path: Text, wanted: Any) -> None:
        """Hold a path and what is expected of it."""
        came = self._came(path)
        if came is None:
            return
        place = place_of(wanted, place_of(path, self.findings.text.place))
        if isinstance(wanted, Text):
            self._one(path, came, wanted, place)
        elif isinstance(wanted, list):
            self._possible(path, came, wanted, place)
        elif isinstance(wanted, Map) and wanted:
            self._described(path, came, wanted, place)
        else:
            self.findings.problems.add(
                "RW803", place, f"nothing is expected of `{path}`", "write a value"
            )

    def _one(self, path: Text, came: LazyAnswer | Unsaid, wanted: Text, place: Place) -> None:
        if not self._can_be(path, came, wanted, place):
            return
        good = key(came.shown) == key(wanted) or (
            wanted == "undetermined" and came.status == "undetermined"
        )
        if not good:
            self.findings.differ(place, path, f"`{wanted}`", came)

    def _can_be(self, path: Text, came: LazyAnswer | Unsaid, wanted: Text, place: Place) -> bool:
        """Whether an attribute can ever be what is expected of it. (Formulas may leave the declared
        range of a number.)
        """
        kind, word = came.type, key(wanted)
        if (
            word in STATES
            or word.startswith("undetermined")
            or kind.parse(wanted) is not None
            or isinstance(kind, Words)
        ):
            return True
        if isinstance(kind, Number | Date | Months) and _RANGE.search(wanted.strip()):
            return True
        values = [kind.show(each) for each in kind.values] if isinstance(kind, FINITE) else []
        near = nearest(wanted, values)
        near = f"{near} " if near.startswith("did you mean") else ""
        self.findings.problems.add(
            "RW811", place, f"`{path}` can never be `{wanted}`", f"{near}expected {kind.expected()}"
        )
        return False

    def _possible(
        self, path: Text, came: LazyAnswer | Unsaid, wanted: list[Any], place: Place
    ) -> None:
        if not wanted or not all(isinstance(each, Text) for each in wanted):
            self.findings.problems.add(
                "RW803",
                place,
                f"this is not a list of values of `{path}`",
                "write at least one value, each as one word",
            )
            return
        wrong = [
            each for each in wanted if not self._can_be(path, came, each, place_of(each, place))
        ]
        if wrong:
            return
        if sorted(map(key, came.possible)) != sorted(key(str(each)) for each in wanted):
            self.findings.differ(place, path, " or ".join(f"`{each}`" for each in wanted), came)

    def _described(self, path: Text, came: LazyAnswer | Unsaid, wanted: Map, place: Place) -> None:
        words: dict[
            str, tuple[type | None, Callable[[Text, LazyAnswer | Unsaid, Any, Place], None]]
        ] = {
            "one of": (list, self._possible),
            "value": (Text, self._one),
            "undetermined": (Text, self._undetermined),
            "missing": (list, self._missing),
            "because": (None, self._because),
            "and not": (None, self._not_because),
            "conflict": (None, self._in_conflict),
            "earlier": (Text, self._earlier),
            "published": (Text, self._published),
        }
        for word, value in wanted.items():
            shape, hold = words.get(word, (None, None))
            if hold is None:
                self.findings.problems.add(
                    "RW803",
                    place_of(word, place),
                    f"`{word}` is not an expectation",
                    nearest(word, words),
                )
            elif not value and word != "missing":
                self.findings.problems.add(
                    "RW803",
                    place_of(value, place_of(word, place)),
                    f"`{word}` of `{path}` is left empty",
                    "write what is expected, or leave it out",
                )
            elif shape is not None and not isinstance(value, shape):
                write = "a list" if shape is list else "one word"
                self.findings.problems.add(
                    "RW803",
                    place_of(value, place_of(word, place)),
                    f"`{word}` of `{path}` is not {write}",
                    f"write {write}",
                )
            else:
                hold(path, came, value, place_of(value, place))

    def _undetermined(
        self, path: Text, came: LazyAnswer | Unsaid, value: Text, place: Place
    ) -> None:
        self.findings.yes_or_no("undetermined", value)
        if (came.status == "undetermined") != (value == "yes"):
            self.findings.differ(
                place, path, "undetermined" if value == "yes" else "a determined value", came
            )

    def _published(self, path: Text, came: LazyAnswer | Unsaid, value: Text, place: Place) -> None:
        """Whether readers are shown it."""
        self.findings.yes_or_no("published", value)
        if came.published != (value == "yes"):
            yes, no = "to be published", "not to be published"
            self.findings.found.append(
                UnmetExpectation(
                    place,
                    str(path),
                    yes if value == "yes" else no,
                    "that it is published" if came.published else "that it is not published",
                )
            )

    def _missing(
        self, path: Text, came: LazyAnswer | Unsaid, value: list[Any], place: Place
    ) -> None:
        """That exactly these facts are missing and matter."""
        root = f"{self.findings.asked.case.root.path} > "
        got = sorted(key(each.removeprefix(root)) for each in came.missing)
        if got != sorted(key(str(each).removeprefix(root)) for each in value):
            self.findings.found.append(
                UnmetExpectation(
                    place,
                    str(path),
                    f"missing: {', '.join(map(str, value)) or 'nothing'}",
                    f"missing: {', '.join(came.missing) or 'nothing'}",
                )
            )

    def _because(self, path: Text, came: LazyAnswer | Unsaid, value: Any, place: Place) -> None:
        for rule in value if isinstance(value, list) else [value]:
            if self.findings.known(rule) and str(rule) not in came.decided_by:
                self.findings.differ(place_of(rule, place), path, f"to be decided by {rule}", came)

    def _not_because(self, path: Text, came: LazyAnswer | Unsaid, value: Any, place: Place) -> None:
        for rule in value if isinstance(value, list) else [value]:
            if self.findings.known(rule, also_gone=True) and str(rule) in came.decided_by:
                self.findings.differ(
                    place_of(rule, place), path, f"not to be decided by {rule}", came
                )

    def _in_conflict(self, path: Text, came: LazyAnswer | Unsaid, value: Any, place: Place) -> None:
        """That exactly these rules contradict each other."""
        rules = value if isinstance(value, list) else [value]
        known = [each for each in rules if self.findings.known(each)]
        if known == rules and tuple(sorted(map(str, rules))) != came.in_conflict:
            got = f"`{came.shown}`" + (
                f" between {', '.join(came.in_conflict)}" if came.in_conflict else ""
            )
            self.findings.found.append(
                UnmetExpectation(
                    place_of(value, place),
                    str(path),
                    f"conflict between {', '.join(map(str, rules))}",
                    got,
                    self.findings.deciding(came.decided_by),
                    missing=came.missing,
                )
            )

    def _earlier(self, path: Text, came: LazyAnswer | Unsaid, wanted: Text, place: Place) -> None:
        """What is shown in place of an attribute whose withdrawal waits: the value given
        earlier.
        """
        shown = came.hidden.given_earlier if came.hidden is not None else ""
        if key(shown) != key(wanted):
            self.findings.found.append(
                UnmetExpectation(
                    place,
                    str(path),
                    f"`{wanted}`, given earlier, to be shown",
                    f"`{shown}`, given earlier" if shown else f"`{came.shown}`",
                )
            )
