"""What is gathered while expectations are held against what came: differences, and mistakes in the
expectations themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rulewright.decision.lazy_answers import LazyAnswer, LazyAnswers, Unsaid
from rulewright.facts.cases import CaseText
from rulewright.ir.nodes import Literal
from rulewright.syntax.errors import Place, Problems, nearest
from rulewright.syntax.text import Text, key, place_of

from .counts import counts_of
from .difference import Deciding, UnmetExpectation


class NotSure(Exception):
    """What an expectation means cannot be told from a part of the policy."""


class Findings:
    """Differences and mistakes.

    `asked`: what came of the case; `whole`: under the whole policy, or a part of it.
    """

    def __init__(self, text: CaseText, asked: LazyAnswers, whole: bool = True) -> None:
        self.text, self.asked, self.whole = text, asked, whole
        self.problems = Problems()
        self.found: list[UnmetExpectation] = []

    def known(self, rule: Any, *, also_gone: bool = False) -> bool:
        """Whether this is the id of a rule of the policy; `also_gone`: or one of those that it
        amends, which it no longer has.
        """
        if not isinstance(rule, Text):
            self.problems.add(
                "RW803",
                place_of(rule, self.text.place),
                "this is not the id of a rule",
                "write one id, or a list of ids",
            )
            return False
        if str(rule) in self.asked.program.rules_by_id or (
            also_gone and self.asked.answered.gone(str(rule))
        ):
            return True
        if self.asked.answered.gone(str(rule)):
            self.problems.add(
                "RW804",
                place_of(rule, self.text.place),
                f"`{rule}` is no longer a rule of this policy, which amends one that has it",
                "only `and not` may name it",
            )
        else:
            self.problems.add(
                "RW804",
                place_of(rule, self.text.place),
                f"`{rule}` is not a rule of this policy",
                nearest(str(rule), self.asked.program.rules_by_id),
            )
        return False

    def yes_or_no(self, word: str, value: Any) -> None:
        """Notes what is neither `yes` nor `no`."""
        if value not in ("yes", "no"):
            self.problems.add(
                "RW803",
                place_of(value, self.text.place),
                f"`{word}` is neither `yes` nor `no`",
                "write `yes` or `no`",
            )

    def differ(self, place: Place, path: Text, expected: str, came: LazyAnswer | Unsaid) -> None:
        """Note that something else came of an attribute."""
        difference = UnmetExpectation(
            place, str(path), expected, f"`{came.shown}`", missing=came.missing
        )
        if isinstance(came, LazyAnswer):
            difference = replace(
                difference,
                because=self._deciding(came),
                short=self._short(came, expected),
                of=(came.entity.index, came.node.key.attribute),
            )
        self.found.append(difference)

    def deciding(self, rules: Iterable[str]) -> tuple[Deciding, ...]:
        """Rules with their places."""
        known = self.asked.program.rules_by_id
        return tuple(Deciding(each, known[each].place) for each in rules)

    def _deciding(self, came: LazyAnswer) -> tuple[Deciding, ...]:
        """The rules that decided what came, with what they counted."""
        rules = {rule.id: rule for rule in came.node.every_rule}
        evaluation = self.asked.decider.evaluation
        return tuple(
            replace(each, counts=tuple(counts_of(rules[each.rule], came.entity, evaluation)))
            if each.rule in rules
            else each
            for each in self.deciding(came.decided_by)
        )

    def _short(self, came: LazyAnswer, expected: str) -> tuple[Deciding, ...]:
        """The rules that give what was expected, and did not fire for what they counted."""
        wanted = {key(each) for each in re.findall(r"`([^`]*)`", expected)}
        evaluation, found = self.asked.decider.evaluation, []
        for rule in came.node.rules:
            gives = (
                isinstance(rule.value, Literal) and key(came.type.show(rule.value.value)) in wanted
            )
            if (
                gives
                and rule.id not in came.decided_by
                and evaluation.fire(rule, came.entity) is None
            ):
                counts = tuple(counts_of(rule, came.entity, evaluation, lacking=True))
                found += [Deciding(rule.id, rule.place, counts)] if counts else []
        return tuple(found)
