"""What is expected of rules, wherever in the case: that they fired, or not; what notes and warnings
they wrote.
"""

from __future__ import annotations

from typing import Any

from rulewright.syntax.errors import Place
from rulewright.syntax.text import Map, Text, place_of, text_of

from .difference import UnmetExpectation
from .findings import Findings

REASONS = ("because", "and not", "notes", "warnings", "not a rating")


class Reasons:
    """Holds expectations of rules."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def hold(self, word: Text, wanted: Any) -> None:
        """Hold a word such as `because` and the rules below it."""
        listed = wanted if isinstance(wanted, list) else [wanted]
        place = place_of(wanted, place_of(word))
        if not wanted:
            self.findings.problems.add(
                "RW803", place, f"`{word}` is left empty", "name at least one rule, or leave it out"
            )
            return
        if word == "not a rating":
            self._stamp(word, wanted, place)
            return
        if isinstance(wanted, Map) and word in ("notes", "warnings"):
            self._texts(word, wanted)
            return
        for rule in listed:
            if not isinstance(rule, Text):
                self.findings.problems.add(
                    "RW803",
                    place_of(rule, place),
                    f"`{word}` lists ids of rules",
                    "write one id, or a list of ids",
                )
            elif self.findings.known(rule, also_gone=word == "and not") and not self._holds(
                word, str(rule)
            ):
                expected = self._expected(word, str(rule))
                self.findings.found.append(
                    UnmetExpectation(
                        place_of(rule, place),
                        str(word),
                        f"{rule} {expected}",
                        self._what_became_of(str(rule)),
                    )
                )

    def _stamp(self, word: Text, wanted: Any, place: Place) -> None:
        """Hold the stamp *not a rating*: `yes`, `no`, or the list of all reasons that the outcome
        gives for it.
        """
        reasons = self.findings.asked.not_a_rating
        if isinstance(wanted, list) and all(isinstance(each, Text) for each in wanted):
            expected, holds = (
                "; ".join(map(text_of, wanted)),
                sorted(map(text_of, wanted)) == sorted(reasons),
            )
        else:
            self.findings.yes_or_no(word, wanted)
            expected, holds = str(wanted), bool(reasons) == (wanted == "yes")
        if not holds:
            self.findings.found.append(
                UnmetExpectation(place, "not a rating", expected, "; ".join(reasons) or "a rating")
            )

    def _expected(self, word: str, rule: str) -> str:
        """What the word before a rule asks of it."""
        kind = word.removesuffix("s")
        if word in ("notes", "warnings") and self.findings.asked.fired(rule):
            return f"to write a {kind}"
        return "not to fire" if word == "and not" else "to fire"

    def _texts(self, word: Text, wanted: Map) -> None:
        """What notes and warnings say, their lists filled in: `RULE: text`."""
        for rule, text in wanted.items():
            if not isinstance(text, Text):
                self.findings.problems.add(
                    "RW803",
                    place_of(text, place_of(rule)),
                    f"the text of `{rule}` is missing",
                    "write what it says",
                )
            elif self.findings.known(rule):
                said = (
                    self.findings.asked.notices(str(rule)) if self._holds(word, str(rule)) else []
                )
                if text_of(text) not in said:
                    got = " and ".join(f"`{each}`" for each in said) or self._what_became_of(
                        str(rule)
                    )
                    self.findings.found.append(
                        UnmetExpectation(text.place, f"{word} > {rule}", f"`{text_of(text)}`", got)
                    )

    def _what_became_of(self, rule: str) -> str:
        """Whether a rule fired, in words.

        Of one that may fire the outcome holds what is undecided.
        """
        standing = [
            firing for _, firing in self.findings.asked.firings.get(rule, ()) if not firing.defeated
        ]
        if not standing:
            above = self.findings.asked.defeating(rule)
            return (
                f"that it fired and was defeated by {', '.join(above)}"
                if above
                else "that the rule did not fire on anything"
            )
        if self.findings.asked.fired(rule):
            return "that it fired"
        texts = [f"`{each}`" for each in self.findings.asked.undecided(rule)]
        return f"that it may fire: undecided is {', '.join(texts)}" if texts else "that it may fire"

    def _holds(self, word: str, rule: str) -> bool:
        """Whether a rule did what the word before it says."""
        if word == "and not":
            return not (self.findings.asked.fired(rule) or self.findings.asked.may_fire(rule))
        if word == "because":
            return self.findings.asked.fired(rule)
        if word == "warnings" and rule in self.findings.asked.overruling:
            return True
        return self.findings.asked.program.rules_by_id[rule].effect == word.removesuffix(
            "s"
        ) and self.findings.asked.fired(rule)
