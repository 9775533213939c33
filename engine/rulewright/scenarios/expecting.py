"""What a scenario expects, held against an outcome: each difference with its place, what was expected and what came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rulewright.engines.outcome import Answer, Decision, Outcome
from rulewright.language.cases import CaseText
from rulewright.language.errors import InputError, Place, Problem, Problems, nearest
from rulewright.language.text import Map, Text, key, place_of
from rulewright.program.model import Program

RESERVED = ("because", "and not", "notes", "warnings", "not a rating")
MOST_MISSING = 5  # the facts that are named where a value hangs on many
STATES = ("undetermined", "conflict", "not published")


@dataclass(frozen=True, order=True)
class Difference:
    """An expectation that was not met."""

    place: Place
    about: str
    expected: str
    got: str
    because: str = ""
    reading: str = ""  # another reading of the policy, under which it was expected
    missing: tuple[str, ...] = ()  # the facts that an undetermined value hangs on

    def __str__(self) -> str:
        why = f" (decided by {self.because})" if self.because else ""
        under = f" under the reading `{self.reading}`" if self.reading else ""
        more = f" and {len(self.missing) - MOST_MISSING} more" if len(self.missing) > MOST_MISSING else ""
        hangs = f"; not stated: {', '.join(self.missing[:MOST_MISSING])}{more}" if self.missing else ""
        return f"{self.place}: `{self.about}`{under}: expected {self.expected}, got {self.got}{why}{hangs}"


def readings_of(text: CaseText) -> list[Text]:
    """The names of the other readings under which a scenario expects something."""
    under = text.tree.get("under reading")
    return list(under) if isinstance(under, Map) else []


def differences(text: CaseText, outcome: Outcome, program: Program, reading: Text | None = None) -> list[Difference]:
    """Every difference between what a scenario expects and its outcome, or its outcome under another reading.

    `program`: the policy, or the policy under that reading. Raises `InputError` (RW80x) when the expectations themselves are wrong.
    """
    expect = text.tree.get("expect") if reading is None else text.tree["under reading"][reading]
    if not isinstance(expect, Map) or not expect:
        where, help = (f" under the reading `{reading}`", "below it") if reading else ("", "`expect:` with")
        raise InputError(Problem(place_of(reading, text.place), "RW801", f"the scenario `{text.name}` expects nothing{where}",
                                 f"add {help} at least one value or rule"))  # fmt: skip
    found = _Expectations(text, outcome.decision, program).differences(expect)
    return [replace(each, reading=str(reading)) for each in found] if reading else found


class _Expectations:
    def __init__(self, text: CaseText, decision: Decision, program: Program) -> None:
        self.text, self.decision, self.program = text, decision, program
        self.answers = {key(f"{a.entity} > {a.attribute}"): a for a in decision.answers}
        self.withdrawn = {key(f"{a.entity} > {a.attribute}"): a for a in decision.not_published}
        self.fired = {each.rule for each in decision.firings if each.status == "fired" and not each.defeated_by}
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

    def _answer(self, path: Text) -> Answer | None:
        steps = [each.strip() for each in path.split(">")]
        root = self.decision.root
        ways = [steps, [root, *steps]]
        if len(steps) > 1 and key(steps[0]) in (key(root), key(self.decision.entity)):
            ways += [steps[1:], [root, *steps[1:]]]
        for way in ways:
            answer = self.answers.get(key(" > ".join(way)))
            if answer is not None:
                return answer
        for way in ways:  # a path to an entity means its main result, or its one published attribute
            found = [a for a in self.decision.answers if key(a.entity) == key(" > ".join(way))]
            for meant in ([a for a in found if a.main], [a for a in found if a.published], found):
                if len(meant) == 1:
                    return meant[0]
        for way in ways:  # a word of the vocabulary of which this policy says nothing
            entity = " > ".join(way[:-1])
            if self._has_word(key(entity), key(way[-1])):
                return Answer(entity, way[-1], way[-1], "determined", ["no value"], "rules", False)
        names = [f"{a.entity} > {a.attribute}".removeprefix(f"{root} > ") for a in self.decision.answers]
        self.problems.add("RW802", place_of(path, self.text.place), f"`{path}` is not a derived attribute of this case",
                          nearest(path, names))  # fmt: skip
        return None

    def _has_word(self, entity: str, word: str) -> bool:
        """Whether a thing of the case, known by what it is answered, could have this derived attribute."""
        answered = {key(each.attribute) for each in self.decision.answers if key(each.entity) == entity}
        kinds = ({name for name, each in kind.attributes.items() if not each.given} for kind in self.program.vocabulary.entities.values())
        return bool(answered) and any(answered | {word} <= derived for derived in kinds)

    @cached_property
    def rules(self) -> set[str]:
        """The ids of all rules of the policy."""
        return {rule.id for rule in self.program.rules}

    def _value(self, path: Text, wanted: Any) -> None:
        answer = self._answer(path)
        if answer is None:
            return
        place = place_of(wanted, place_of(path, self.text.place))
        if isinstance(wanted, Text):
            self._one(path, answer, wanted, place)
        elif isinstance(wanted, list):
            self._possible(path, answer, wanted, place)
        elif isinstance(wanted, Map):
            self._described(path, answer, wanted, place)
        else:
            self.problems.add("RW803", place, f"nothing is expected of `{path}`", "write a value")

    def _one(self, path: Text, answer: Answer, wanted: Text, place: Place) -> None:
        got = self._shown(answer)
        good = key(got) == key(wanted) or (wanted == "undetermined" and answer.status == "undetermined")
        if not good:
            self._differ(place, path, f"`{wanted}`", answer)

    def _shown(self, answer: Answer) -> str:
        withdrawn = self.withdrawn.get(key(f"{answer.entity} > {answer.attribute}"))
        if withdrawn is not None and withdrawn.status == "withdrawn":
            return "not published"
        if answer.status == "conflict":
            return "conflict"
        return answer.value if answer.status == "determined" else f"undetermined: {answer.value}"

    def _possible(self, path: Text, answer: Answer, wanted: list[Any], place: Place) -> None:
        if not wanted or not all(isinstance(each, Text) for each in wanted):
            self.problems.add("RW803", place, f"this is not a list of values of `{path}`",
                              "write at least one value, each as one word")  # fmt: skip
            return
        if sorted(map(key, answer.possible)) != sorted(key(str(each)) for each in wanted):
            self._differ(place, path, " or ".join(f"`{each}`" for each in wanted), answer)

    def _described(self, path: Text, answer: Answer, wanted: Map, place: Place) -> None:
        shapes = {"one of": list, "missing": list, "value": Text, "undetermined": Text, "earlier": Text}
        for word, value in wanted.items():
            if word in shapes and not isinstance(value, shapes[word]):
                shape = "a list" if shapes[word] is list else "one word"
                self.problems.add("RW803", place_of(value, place_of(word, place)), f"`{word}` of `{path}` is not {shape}",
                                  f"write {shape}")  # fmt: skip
            elif word == "one of":
                self._possible(path, answer, value, place_of(value, place))
            elif word == "value":
                self._one(path, answer, value, value.place)
            elif word == "undetermined":
                self._yes_or_no(word, value)
                if (answer.status == "undetermined") != (value == "yes"):
                    self._differ(value.place, path, "undetermined" if value == "yes" else "a determined value", answer)
            elif word == "missing":
                root = f"{self.decision.root} > "
                got = sorted(key(each.removeprefix(root)) for each in answer.missing)
                if got != sorted(key(str(each).removeprefix(root)) for each in value):
                    self.found.append(Difference(place_of(value, place), str(path), f"missing: {', '.join(map(str, value))}",
                                                 f"missing: {', '.join(answer.missing) or 'nothing'}"))  # fmt: skip
            elif word == "because":
                self._because(path, answer, value, place)
            elif word == "earlier":
                self._earlier(path, answer, value)
            else:
                known = ["one of", "value", "undetermined", "missing", "because", "earlier"]
                self.problems.add("RW803", place_of(word, place), f"`{word}` is not an expectation", nearest(word, known))

    def _because(self, path: Text, answer: Answer, value: Any, place: Place) -> None:
        for rule in value if isinstance(value, list) else [value]:
            if self._known(rule) and str(rule) not in (*answer.decided_by, *answer.limited_by):
                self._differ(place_of(rule, place), path, f"to be decided by {rule}", answer)

    def _earlier(self, path: Text, answer: Answer, wanted: Text) -> None:
        """What is shown in place of an attribute whose withdrawal waits: the value given earlier."""
        waiting = self.withdrawn.get(key(f"{answer.entity} > {answer.attribute}"))
        shown = waiting.given_earlier if waiting is not None else ""
        if key(shown) != key(wanted):
            self.found.append(Difference(wanted.place, str(path), f"`{wanted}`, given earlier, to be shown",
                                         f"`{shown}`, given earlier" if shown else f"`{self._shown(answer)}`"))  # fmt: skip

    def _yes_or_no(self, word: str, value: Any) -> None:
        if value not in ("yes", "no"):
            self.problems.add("RW803", place_of(value, self.text.place), f"`{word}` is neither `yes` nor `no`",
                              "write `yes` or `no`")  # fmt: skip

    def _known(self, rule: Any) -> bool:
        if not isinstance(rule, Text):
            self.problems.add("RW803", place_of(rule, self.text.place), "this is not the id of a rule",
                              "write one id, or a list of ids")  # fmt: skip
            return False
        if str(rule) in self.rules:
            return True
        self.problems.add("RW804", place_of(rule, self.text.place),
                          f"`{rule}` is not a rule of this policy", nearest(str(rule), self.rules))  # fmt: skip
        return False

    def _reserved(self, word: Text, wanted: Any) -> None:
        listed = wanted if isinstance(wanted, list) else [wanted]
        place = place_of(wanted, place_of(word))
        if word == "not a rating":
            self._yes_or_no(word, wanted)
            if bool(self.decision.not_a_rating) != (wanted == "yes"):
                self.found.append(Difference(place, "not a rating", str(wanted), "; ".join(self.decision.not_a_rating) or "a rating"))
            return
        for rule in listed:
            if not isinstance(rule, Text):
                self.problems.add("RW803", place_of(rule, place), f"`{word}` lists ids of rules", "write one id, or a list of ids")
            elif self._known(rule) and (str(rule) in self._set(word)) == (word == "and not"):
                expected = "not to fire" if word == "and not" else "to fire"
                self.found.append(Difference(place_of(rule, place), str(word), f"{rule} {expected}", self._what_became_of(str(rule))))

    def _what_became_of(self, rule: str) -> str:
        """Whether a rule fired, in words. Of one that may fire the outcome holds what is undecided."""
        firings = [each for each in self.decision.firings if each.rule == rule]
        if not firings:
            return "that the rule did not fire on anything"
        standing = [each for each in firings if not each.defeated_by]
        if not standing:
            above = sorted({name for each in firings for name in each.defeated_by})
            return f"that it fired and was defeated by {', '.join(above)}"
        if any(each.status == "fired" for each in standing):
            return "that it fired"
        texts = dict.fromkeys(f"`{part.text}`" for each in standing for part in each.conditions if part.status == "undecided")
        return f"that it may fire: undecided is {', '.join(texts)}" if texts else "that it may fire"

    def _set(self, word: str) -> set[str]:
        if word == "and not":
            return self.fired | {each.rule for each in self.decision.firings if each.status == "may fire"}
        if word == "because":
            return self.fired
        kind = word.removesuffix("s")
        return {each.rule for each in self.decision.notices if each.kind == kind and each.status == "fired"}

    def _differ(self, place: Place, path: Text, expected: str, answer: Answer) -> None:
        self.found.append(Difference(place, str(path), expected, f"`{self._shown(answer)}`",
                                     ", ".join([*answer.decided_by, *answer.limited_by]), missing=tuple(answer.missing)))  # fmt: skip
