"""The lines of amendments that a value depends on: of the rules that decided it, and of those
behind these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from rulewright.compiler.memory import remembered_base
from rulewright.decision.answered import Answered
from rulewright.decision.lazy_answers import LazyAnswers
from rulewright.decision.tracer import Trail
from rulewright.engines.result import NOT_MET
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Kind, Rule
from rulewright.ir.traversal import parameters_in
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import Place
from rulewright.syntax.text import Text, key, place_of

from .difference import EXPECTATION, Deciding, UnmetExpectation
from .expected_rules import REASONS

Where = tuple[int, str]  # an entity's index and an attribute's key


@dataclass(frozen=True)
class AmendmentLine:
    """A line of an amendment that changes a rule, or sets a parameter. verb: `replaced`,
    `repealed`, `restored` or `set`.
    """

    rule: str
    verb: str
    policy: str
    place: Place

    def __str__(self) -> str:
        return f"{self.verb} by `{self.policy}` in {self.place.file}:{self.place.line}"


_RULE_EXPECTED = re.compile(r"^(.+?) (?:not to fire|to fire|to write a \w+)$")
_VERBS = {"replaces": "replaced", "repeals": "repealed", "restores": "restored"}


def told(
    book: Rulebook, answered: Answered, differences: Iterable[UnmetExpectation], own: bool
) -> list[UnmetExpectation]:
    """Differences with the lines of amendments that they depend on.

    own: only the lines of the policy itself, which is tried; also those behind the rules that
    decided, and of rules that were to fire.
    """
    found: list[UnmetExpectation] = []
    amended: Amended | None = None
    for each in differences:
        amended = amended or Amended(book, answered.program.policy)
        because, short = (
            tuple(replace(one, amended=amended.beside(one, own=own)) for one in some)
            for some in (each.because, each.short)
        )
        behind = amended.behind(answered, each.of) if own and each.of is not None else []
        named = {one.rule for one in each.because}
        if own and each.about in REASONS:
            behind = [
                (name, line)
                for name in _RULE_EXPECTED.findall(each.expected)
                if (line := amended.line(name, own=True)) is not None
            ]
        elif each.about == EXPECTATION:
            behind = [
                (name, line)
                for name in re.findall(r"`([^`]*)`", each.got)[:1]
                if (line := amended.line(name)) is not None
            ]
        lines_behind = tuple(f"{name}, {line}" for name, line in behind if name not in named)
        found.append(replace(each, because=because, short=short, depends_on=lines_behind))
    return found


class Amended:
    """Answers about one policy and its amendments."""

    def __init__(self, book: Rulebook, policy: str) -> None:
        self.book, self.policy = book, policy
        self._lines: dict[str, AmendmentLine] = {}
        for change in remembered_base(book, policy).assembly.changes:
            model = book.policies.get(change.policy)
            written = getattr(model, change.action, ()) if change.action in _VERBS else ()
            target = next((each for each in written if str(each) == change.target), None)
            for name in (*change.expanded, change.target) if target is not None else ():
                self._lines[name] = AmendmentLine(
                    name, _VERBS[change.action], change.policy, place_of(target)
                )

    def line(self, rule: str, *, own: bool = False) -> AmendmentLine | None:
        """The last line that changes a rule, or the table or principle that it is of; own: a line
        of the policy itself.
        """
        base, use = rule.partition("@")[0], rule.partition("@")[2]
        names = [
            rule,
            base,
            base.partition("[")[0],
            f"{base.partition('.')[0]}@{use}" if use else "",
        ]
        found = (self._lines[each] for each in names if each in self._lines)
        return next((each for each in found if not own or each.policy == self.policy), None)

    def changes(self, name: str) -> bool:
        """Whether the policy itself changes or adds a rule, another row of its table, a parameter
        or a part of its frame.

        Its own name is that of what is left out of it.
        """
        model, table = self.book.policies[self.policy], name.partition("[")[0]
        rows = (line for row, line in self._lines.items() if row.startswith(f"{table}["))
        if self.line(name, own=True) is not None or any(
            each.policy == self.policy for each in rows
        ):
            return True
        own = {
            self.policy,
            *map(str, model.parameters),
            *map(str, model.withdraw),
            *(["scope"] if model.scope is not None else []),
        }
        return name in own or bool(
            {name, name.partition("@")[0], table, name.partition(".")[0]} & self._added
        )

    @cached_property
    def _added(self) -> set[str]:
        """The entries that the policy adds to the one that it amends."""
        amends = self.book.policies[self.policy].amends
        before = remembered_base(self.book, amends).assembly.items if amends is not None else {}
        return {
            str(each)
            for each in remembered_base(self.book, self.policy).assembly.items
            if each not in before
        }

    def beside(self, rule: Deciding, *, own: bool = False) -> str:
        """The last line that changes a rule, in words; only by which policy, where the rule stands
        in that line. own: as for `line`.
        """
        line = self.line(rule.rule, own=own)
        if line is None:
            return ""
        same = (line.place.file, line.place.line) == (rule.place.file, rule.place.line)
        return f"{line.verb} by `{line.policy}`" if same else str(line)

    def behind(
        self, answered: Answered, where: Where, verbs: tuple[str, ...] = ("replaced", "restored")
    ) -> list[tuple[str, AmendmentLine]]:
        """The policy's own lines that change rules on which a value depends, the nearest first,
        each with its rule.
        """
        trail = LazyAnswers(answered).decider.trail
        found: dict[str, AmendmentLine] = {}
        seen, waiting = {where}, [where]
        while waiting:
            at = waiting.pop(0)
            settled, entity = answered.result.settled[at], answered.case.entities[at[0]]
            node = next(
                each
                for each in answered.program.by_kind[Kind.of(entity)]
                if each.key.attribute == at[1]
            )
            rules = {rule.id: rule for rule in node.every_rule}
            fired = [
                rules[each.rule]
                for each in (*settled.firings, *settled.limits)
                if each.status != NOT_MET and not each.defeated and each.rule in rules
            ]
            if (
                settled.origin == "otherwise" or not fired
            ):  # then it depends on those that did not fire
                fired = list(node.every_rule)
            for rule in fired:
                line = self.line(rule.id, own=True)
                if line is not None and line.verb in verbs:
                    found.setdefault(rule.id, line)
                for name in self._set(rule):
                    found.setdefault(
                        f"`{name}`", AmendmentLine(name, "set", self.policy, place_of(name))
                    )
                for source in _read(trail, rule, entity):
                    if source in answered.result.settled and source not in seen:
                        seen.add(source)
                        waiting.append(source)
        return list(found.items())

    def _set(self, rule: Rule) -> list[Text]:
        """The parameters of a rule that the policy itself sets."""
        read = parameters_in(rule.conditions, rule.value)
        return [each for each in self.book.policies[self.policy].parameters if key(each) in read]


def _read(trail: Trail, rule: Rule, entity: Entity) -> list[Where]:
    found = [each for condition in rule.conditions for each in trail.all_sources(condition, entity)]
    found += trail.looked_at((rule.value,), entity) if rule.value is not None else []
    return [(each.index, name) for each, name in found]
