"""Whether a scenario holds, worked out from no more of its policy than it asks about.

Most scenarios expect little and hold. Of an attribute that is asked about only what its rules read
can matter, and what the rules behind that read: about a quarter of a policy. A scenario that does
not hold this way, or of which this cannot say for sure what it means, is run under the whole
policy: every difference and every mistake is told from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rulewright.compiler.dependencies import reads
from rulewright.compiler.rebuilding import needed_by
from rulewright.compiler.scope import scope_of_read
from rulewright.decision.answered import answer
from rulewright.facts.cases import CaseText, bind_case
from rulewright.ir.nodes import Kind, NodeKey, Rule
from rulewright.ir.program import Program
from rulewright.syntax.errors import EngineError, InputError
from rulewright.syntax.text import Map, key
from rulewright.workbench import Rules, parameters_at

from .citations import check_cited
from .expectations import differences
from .expected_rules import REASONS
from .findings import NotSure
from .suite import Check, checks_of


class Narrowing:
    """Runs scenarios as far as they ask, under the policies of a rulebook."""

    def __init__(self, rules: Rules, policy: str | None, engine: str) -> None:
        self.rules, self.policy, self.engine = rules, policy, engine
        self.programs: dict[tuple[str, str], Narrow] = {}

    def holds(self, scenario: CaseText) -> bool:
        """Whether a scenario certainly holds. `False`: the whole policy has to be asked."""
        try:
            check_cited(self.rules, scenario)
            checks = checks_of(scenario, self.policy)
            return bool(checks) and all(self._holds(check) for check in checks)
        except (InputError, EngineError, NotSure, LookupError):
            return False

    def _holds(self, check: Check) -> bool:
        choice, day = self.rules.decide_policy(check.text, check.policy)
        at = (choice.policy, str(check.reading or ""))
        narrow = self.programs.get(at)
        if narrow is None:
            read = (
                self.rules.under_reading(choice.policy, check.reading)
                if check.reading
                else self.rules.program(choice.policy)
            )
            narrow = self.programs[at] = Narrow(read)
        program = narrow.asked_by(check.expect)
        case = bind_case(check.text, program.vocabulary, program.idle, program.judged_as_one)
        parameters, changed = parameters_at(program, day, {})
        answered = answer(check.text, program, case, day, parameters, changed, choice, self.engine)
        return not differences(check.text, answered, check.expect, whole=False)


class Narrow:
    """One policy, as far as somebody asks."""

    def __init__(self, program: Program) -> None:
        self.program, self.vocabulary = program, program.vocabulary
        self.nodes = {node.key: node for node in program.nodes}
        self.needs: dict[NodeKey, set[NodeKey]] = {}
        self.of_rule: dict[str, set[NodeKey]] = {}
        for at, node in self.nodes.items():
            for rule in node.every_rule:
                self.of_rule.setdefault(rule.id, set()).add(at)
        self.always = self._always()
        self.made: dict[tuple[frozenset[NodeKey], frozenset[str]], Program] = {}

    def asked_by(self, expect: Map) -> Program:
        """The policy with nothing but what a block of expectations asks about, and what that hangs
        on.
        """
        rules = frozenset(map(str, _rules_named(expect)))
        starts = {each for rule in rules for each in self.of_rule.get(rule, ())}
        for word in expect:
            if word not in REASONS:
                starts |= self._meant(key(word.split(">")[-1]))
        at = (frozenset(starts), rules)
        if at not in self.made:
            self.made[at] = self._only(starts | self.always, rules)
        return self.made[at]

    def _meant(self, name: str) -> set[NodeKey]:
        """What a path that ends so may mean: attributes of that name, or the main results of things
        of that name.
        """
        named = {each for each in self.nodes if each.attribute == name}
        if named:
            return named
        entities = self.vocabulary.entities
        return {
            each
            for each in self.nodes
            if each.attribute == key(entities[each.entity].main_result)
            and (key(each.member) == name if each.member else not entities[each.entity].members)
        }

    def _only(self, starts: set[NodeKey], rules: frozenset[str]) -> Program:
        notices: dict[Kind, tuple[Rule, ...]] = {}
        for kind, written in self.program.notices.items():
            named = tuple(each for each in written if each.id in rules)
            if named:
                notices[kind] = named
                starts = starts | {
                    each
                    for rule in named
                    for each in reads(rule, scope_of_read(self.vocabulary, kind))
                }
        found: set[NodeKey] = set()
        waiting = [each for each in starts if each in self.nodes]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting += self._needs(each)
        return self.program.part(
            tuple(each for each in self.program.nodes if each.key in found), notices
        )

    def _needs(self, at: NodeKey) -> set[NodeKey]:
        if at not in self.needs:
            self.needs[at] = needed_by(self.nodes[at], self.vocabulary) & self.nodes.keys()
        return self.needs[at]

    def _always(self) -> set[NodeKey]:
        """What the policy's scope and withdrawals read, whatever is asked."""
        root = scope_of_read(self.vocabulary, Kind(key(self.vocabulary.root.name)))
        conditions = [
            *self.program.scope,
            *(each.once for each in self.program.withdrawals if each.once is not None),
        ]
        found = {each for condition in conditions for each in reads(condition, root)}
        for each in self.program.withdrawals:
            found |= {
                NodeKey(kind.entity, kind.parent, kind.member, each.until_then)
                for kind in each.kinds
                if each.until_then
            }
        return found


def _rules_named(expect: Map) -> Iterator[Any]:
    """The rules that a block of expectations names."""
    for word, wanted in expect.items():
        if word in REASONS:
            yield from _each(wanted)
        elif isinstance(wanted, Map):
            for inner in ("because", "and not", "conflict"):
                yield from _each(wanted.get(inner, ()))


def _each(wanted: Any) -> Iterable[Any]:
    return wanted if isinstance(wanted, list | dict | tuple) else (wanted,)
