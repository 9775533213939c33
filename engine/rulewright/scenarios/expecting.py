"""What a scenario expects, held against an outcome: each difference with its place, what was expected and what came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rulewright.engines.answering import Answered
from rulewright.engines.asking import Asked, Came, Unsaid
from rulewright.language.cases import CaseText
from rulewright.language.errors import Place, Problems, nearest
from rulewright.language.text import Map, Text, key, place_of

RESERVED = ("because", "and not", "notes", "warnings", "not a rating")
MOST_MISSING = 5  # the facts that are named where a value hangs on many
STATES = ("undetermined", "conflict", "not published")


@dataclass(frozen=True, order=True)
class Deciding:
    """A rule that decided what came instead, and where it stands."""

    rule: str
    place: Place


@dataclass(frozen=True, order=True)
class Difference:
    """An expectation that was not met."""

    place: Place
    about: str
    expected: str
    got: str
    because: tuple[Deciding, ...] = ()
    reading: str = ""  # another reading of the policy, under which it was expected
    missing: tuple[str, ...] = ()  # the facts that an undetermined value hangs on
    policy: str = ""  # another policy, under which it was expected

    def __str__(self) -> str:
        why = f" (decided by {', '.join(each.rule for each in self.because)})" if self.because else ""
        under = f" under the policy `{self.policy}`" if self.policy else ""
        under += f" under the reading `{self.reading}`" if self.reading else ""
        more = f" and {len(self.missing) - MOST_MISSING} more" if len(self.missing) > MOST_MISSING else ""
        hangs = f"; not stated: {', '.join(self.missing[:MOST_MISSING])}{more}" if self.missing else ""
        return f"{self.place}: `{self.about}`{under}: expected {self.expected}, got {self.got}{why}{hangs}"


def differences(text: CaseText, answered: Answered, expect: Map) -> list[Difference]:
    """Every difference between a block of expectations of a scenario and what came of it.

    Raises `InputError` (RW802 to RW804) when the expectations themselves are wrong.
    """
    return _Expectations(text, Asked(answered)).differences(expect)


class _Expectations:
    def __init__(self, text: CaseText, asked: Asked) -> None:
        self.text, self.asked = text, asked
        self.problems = Problems()
        self.found: list[Difference] = []

    def differences(self, expect: Map) -> list[Difference]:
        for word, wanted in expect.items():
            if word in RESERVED:
                self._reserved(word, wanted)
            else:
                self._value(word, wanted)
        self.problems.stop_if_any()
        return sorted(self.found)

    def _came(self, path: Text) -> Came | Unsaid | None:
        """What a path means: an attribute; of an entity its main result, or its one published attribute."""
        steps = [each.strip() for each in path.split(">")]
        root = self.asked.case.root
        ways = [steps, [root.path, *steps]]
        if len(steps) > 1 and key(steps[0]) in (key(root.path), key(root.name)):
            ways += [steps[1:], [root.path, *steps[1:]]]
        for way in ways:
            holder = self.asked.entity(" > ".join(way[:-1]))
            named = self.asked.named(holder, way[-1]) if holder is not None else None
            if named is not None:
                return named
        for way in ways:
            entity = self.asked.entity(" > ".join(way))
            found = self.asked.of(entity) if entity is not None else []
            for meant in ([a for a in found if a.main], [a for a in found if a.published], found):
                if len(meant) == 1:
                    return meant[0]
        names = [each.removeprefix(f"{root.path} > ") for each in self.asked.names]
        self.problems.add("RW802", place_of(path, self.text.place), f"`{path}` is not a derived attribute of this case",
                          nearest(path, names))  # fmt: skip
        return None

    def _value(self, path: Text, wanted: Any) -> None:
        came = self._came(path)
        if came is None:
            return
        place = place_of(wanted, place_of(path, self.text.place))
        if isinstance(wanted, Text):
            self._one(path, came, wanted, place)
        elif isinstance(wanted, list):
            self._possible(path, came, wanted, place)
        elif isinstance(wanted, Map):
            self._described(path, came, wanted, place)
        else:
            self.problems.add("RW803", place, f"nothing is expected of `{path}`", "write a value")

    def _one(self, path: Text, came: Came | Unsaid, wanted: Text, place: Place) -> None:
        good = key(came.shown) == key(wanted) or (wanted == "undetermined" and came.status == "undetermined")
        if not good:
            self._differ(place, path, f"`{wanted}`", came)

    def _possible(self, path: Text, came: Came | Unsaid, wanted: list[Any], place: Place) -> None:
        if not wanted or not all(isinstance(each, Text) for each in wanted):
            self.problems.add("RW803", place, f"this is not a list of values of `{path}`",
                              "write at least one value, each as one word")  # fmt: skip
            return
        if sorted(map(key, came.possible)) != sorted(key(str(each)) for each in wanted):
            self._differ(place, path, " or ".join(f"`{each}`" for each in wanted), came)

    def _described(self, path: Text, came: Came | Unsaid, wanted: Map, place: Place) -> None:
        shapes = {"one of": list, "missing": list, "value": Text, "undetermined": Text, "earlier": Text}
        for word, value in wanted.items():
            if word in shapes and not isinstance(value, shapes[word]):
                shape = "a list" if shapes[word] is list else "one word"
                self.problems.add("RW803", place_of(value, place_of(word, place)), f"`{word}` of `{path}` is not {shape}",
                                  f"write {shape}")  # fmt: skip
            elif word == "one of":
                self._possible(path, came, value, place_of(value, place))
            elif word == "value":
                self._one(path, came, value, value.place)
            elif word == "undetermined":
                self._yes_or_no(word, value)
                if (came.status == "undetermined") != (value == "yes"):
                    self._differ(value.place, path, "undetermined" if value == "yes" else "a determined value", came)
            elif word == "missing":
                root = f"{self.asked.case.root.path} > "
                got = sorted(key(each.removeprefix(root)) for each in came.missing)
                if got != sorted(key(str(each).removeprefix(root)) for each in value):
                    self.found.append(Difference(place_of(value, place), str(path), f"missing: {', '.join(map(str, value))}",
                                                 f"missing: {', '.join(came.missing) or 'nothing'}"))  # fmt: skip
            elif word == "because":
                self._because(path, came, value, place)
            elif word == "earlier":
                self._earlier(path, came, value)
            else:
                known = ["one of", "value", "undetermined", "missing", "because", "earlier"]
                self.problems.add("RW803", place_of(word, place), f"`{word}` is not an expectation", nearest(word, known))

    def _because(self, path: Text, came: Came | Unsaid, value: Any, place: Place) -> None:
        for rule in value if isinstance(value, list) else [value]:
            if self._known(rule) and str(rule) not in came.decided_by:
                self._differ(place_of(rule, place), path, f"to be decided by {rule}", came)

    def _earlier(self, path: Text, came: Came | Unsaid, wanted: Text) -> None:
        """What is shown in place of an attribute whose withdrawal waits: the value given earlier."""
        shown = came.hidden.given_earlier if came.hidden is not None else ""
        if key(shown) != key(wanted):
            self.found.append(Difference(wanted.place, str(path), f"`{wanted}`, given earlier, to be shown",
                                         f"`{shown}`, given earlier" if shown else f"`{came.shown}`"))  # fmt: skip

    def _yes_or_no(self, word: str, value: Any) -> None:
        if value not in ("yes", "no"):
            self.problems.add("RW803", place_of(value, self.text.place), f"`{word}` is neither `yes` nor `no`",
                              "write `yes` or `no`")  # fmt: skip

    def _known(self, rule: Any) -> bool:
        if not isinstance(rule, Text):
            self.problems.add("RW803", place_of(rule, self.text.place), "this is not the id of a rule",
                              "write one id, or a list of ids")  # fmt: skip
            return False
        if str(rule) in self.asked.program.rules_by_id:
            return True
        self.problems.add("RW804", place_of(rule, self.text.place),
                          f"`{rule}` is not a rule of this policy", nearest(str(rule), self.asked.program.rules_by_id))  # fmt: skip
        return False

    def _reserved(self, word: Text, wanted: Any) -> None:
        listed = wanted if isinstance(wanted, list) else [wanted]
        place = place_of(wanted, place_of(word))
        if word == "not a rating":
            self._yes_or_no(word, wanted)
            if bool(reasons := self.asked.not_a_rating) != (wanted == "yes"):
                self.found.append(Difference(place, "not a rating", str(wanted), "; ".join(reasons) or "a rating"))
            return
        for rule in listed:
            if not isinstance(rule, Text):
                self.problems.add("RW803", place_of(rule, place), f"`{word}` lists ids of rules", "write one id, or a list of ids")
            elif self._known(rule) and not self._holds(word, str(rule)):
                expected = "not to fire" if word == "and not" else "to fire"
                self.found.append(Difference(place_of(rule, place), str(word), f"{rule} {expected}", self._what_became_of(str(rule))))

    def _what_became_of(self, rule: str) -> str:
        """Whether a rule fired, in words. Of one that may fire the outcome holds what is undecided."""
        standing = [firing for _, firing in self.asked.firings.get(rule, ()) if not firing.defeated]
        if not standing:
            above = self.asked.defeating(rule)
            return f"that it fired and was defeated by {', '.join(above)}" if above else "that the rule did not fire on anything"
        if self.asked.fired(rule):
            return "that it fired"
        texts = [f"`{each}`" for each in self.asked.undecided(rule)]
        return f"that it may fire: undecided is {', '.join(texts)}" if texts else "that it may fire"

    def _holds(self, word: str, rule: str) -> bool:
        """Whether a rule did what the word before it says."""
        if word == "and not":
            return not (self.asked.fired(rule) or self.asked.may_fire(rule))
        if word == "because":
            return self.asked.fired(rule)
        return self.asked.program.rules_by_id[rule].effect == word.removesuffix("s") and self.asked.fired(rule)

    def _differ(self, place: Place, path: Text, expected: str, came: Came | Unsaid) -> None:
        self.found.append(Difference(place, str(path), expected, f"`{came.shown}`",
                                     self._deciding(came.decided_by), missing=came.missing))  # fmt: skip

    def _deciding(self, rules: Iterable[str]) -> tuple[Deciding, ...]:
        known = self.asked.program.rules_by_id
        return tuple(Deciding(each, known[each].place) for each in rules)
