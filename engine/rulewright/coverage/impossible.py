"""What no case can show: ways for a condition to come out in which it never matters, by the rules'
own words.

`lint.satisfiability` proves what this module reports. The reverse does not hold: what no case can
show may pass as possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from rulewright.compiler.scope import Scope
from rulewright.engines.calculus import certain, compare, status_of
from rulewright.engines.result import MET, NOT_MET, UNDECIDED, Possible, Status
from rulewright.ir.nodes import (
    Compare,
    Condition,
    Count,
    Joined,
    Kind,
    Known,
    Literal,
    Noun,
    Parameter,
    Quantified,
    Rule,
)
from rulewright.ir.program import ParameterValues
from rulewright.ir.traversal import leaves, sides
from rulewright.ir.types import Scale
from rulewright.lint.checks import compile_all
from rulewright.lint.compiled import Compiled
from rulewright.lint.nullability import Rooms
from rulewright.lint.satisfiability import Consequences, impossible, models
from rulewright.workbench import Rules

from .written_rules import Path, PlainCondition, UnrolledRule

Said = tuple[Condition, bool]

BY_PARAMETERS = "the parameters of the policy never make it so"
NEVER_OPEN = "no missing fact leaves it undecided"
NEVER_ITSELF = "it never comes out so"
NEVER_WITH_THE_OTHERS = "it never comes out so when the other conditions leave it to matter"
ALWAYS_DEFEATED = "another rule always goes before it then"
NEVER_LOWERS = "the limit has nothing to lower then"
NEVER_TOGETHER = "the two rules never fire together"
NEVER_FIRES = "its conditions never hold together"


class Proofs:
    """Proofs about the policies of one rulebook; it is compiled once more when the first is asked
    for.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._rooms: dict[str, Rooms] = {}
        self._subjects: dict[int, tuple[Rule, frozenset[object]]] = {}
        self._alone: dict[tuple[int, Kind, bool], tuple[Rule, bool]] = {}

    @cached_property
    def compiled(self) -> dict[str, Compiled]:
        """The policies by name."""
        return {each.name: each for each in compile_all(self.rules.book)[0]}

    def never_matters(
        self, policy: str, each: UnrolledRule, leaf: PlainCondition, status: Status
    ) -> str:
        """Why a condition of a rule, come out so, never matters in any case; nothing where that is
        not proved.
        """
        rooms, scope = self._about(policy, each)
        if status == UNDECIDED:
            return _never_undecided(leaf)
        said = (leaf.condition, status == MET)
        if status not in _by_parameters(leaf, rooms.policy.program.parameters):
            return BY_PARAMETERS
        if self._impossible([said], rooms, scope):
            return NEVER_ITSELF
        needed = [*_needed(each.rule.conditions, leaf.path), said]
        if self._impossible(needed, rooms, scope):
            return NEVER_WITH_THE_OTHERS
        return self._without_effect(each, needed, rooms, scope)

    def never_acts(self, policy: str, each: UnrolledRule) -> str:
        """Why a rule never takes effect in any case; nothing where that is not proved."""
        rooms, scope = self._about(policy, each)
        if impossible(each.rule.conditions, rooms, scope):
            return NEVER_FIRES
        return self._without_effect(
            each, [(condition, True) for condition in each.rule.conditions], rooms, scope
        )

    def never_both(self, policy: str, above: UnrolledRule, below: UnrolledRule) -> str:
        """Why it never matters that one rule goes before another: they never fire together.

        Nothing where that is not proved.
        """
        rooms, scope = self._about(policy, above)
        if not self._of(above.rule) & self._of(below.rule) and not any(
            self._impossible_alone(each.rule, True, above.kind, rooms, scope)
            for each in (above, below)
        ):
            return ""
        return (
            NEVER_TOGETHER
            if impossible((*above.rule.conditions, *below.rule.conditions), rooms, scope)
            else ""
        )

    def _about(self, policy: str, each: UnrolledRule) -> tuple[Rooms, Scope]:
        compiled = self.compiled[policy]
        return self._rooms.setdefault(policy, Rooms(compiled, strict=True)), compiled.scope(
            (each.kind,)
        )

    def _impossible(self, said: Sequence[Said], rooms: Rooms, scope: Scope) -> bool:
        found = models(said, rooms, scope)
        return found is not None and next(found, None) is None

    def _without_effect(
        self, each: UnrolledRule, said: list[Said], rooms: Rooms, scope: Scope
    ) -> str:
        if each.node is None:
            return ""
        if each.rule.effect == "limit":
            return NEVER_LOWERS if self._never_lowers(each, said, rooms, scope) else ""
        if (
            each.position in each.node.over_judgements
        ):  # defeated too, it leaves judgements without effect
            return ""
        above = (
            [each.node.rules[number] for number in sorted(each.node.above[each.position])]
            if each.position >= 0
            else []
        )
        about = frozenset[object]().union(*(subjects(condition) for condition, _ in said))
        for group, touches in _connected([(rule, self._of(rule)) for rule in above], about):
            if len(group) == 1 and not touches:
                never = self._impossible_alone(group[0], False, each.kind, rooms, scope)
            else:
                never = self._some_holds(group, said if touches else [], rooms, scope)
            if never:
                return ALWAYS_DEFEATED
        return ""

    def _some_holds(self, rules: list[Rule], said: list[Said], rooms: Rooms, scope: Scope) -> bool:
        """Whether one of the rules, or one or another of them, is met wherever `said` is so."""
        found = models([*said, *map(_not_met, rules)], rooms, scope)
        if found is None:
            return any(self._impossible([*said, _not_met(rule)], rooms, scope) for rule in rules)
        return next(found, None) is None

    def _of(self, rule: Rule) -> frozenset[object]:
        """What the conditions of a rule are about."""
        if id(rule) not in self._subjects:
            self._subjects[id(rule)] = (
                rule,
                frozenset[object]().union(*map(subjects, rule.conditions)),
            )
        return self._subjects[id(rule)][1]

    def _impossible_alone(
        self, rule: Rule, met: bool, kind: Kind, rooms: Rooms, scope: Scope
    ) -> bool:
        """Whether no case meets the conditions of a rule (`met`), or every case does."""
        at = id(rule), kind, met
        if at not in self._alone:
            said = [(condition, True) for condition in rule.conditions] if met else [_not_met(rule)]
            self._alone[at] = rule, self._impossible(said, rooms, scope)
        return self._alone[at][1]

    def _never_lowers(
        self, each: UnrolledRule, said: list[Said], rooms: Rooms, scope: Scope
    ) -> bool:
        """Whether every rule that may give the value then gives one that is not above the limit."""
        assert each.node is not None
        kind, limit = each.node.attribute.type, each.rule.value
        if not isinstance(kind, Scale) or not isinstance(limit, Literal) or limit.value is None:
            return False
        above = set(kind.order[kind.order.index(str(limit.value)) + 1 :])
        gives = each.node.giving
        return all(self._stays_below(rule, said, above, rooms, scope) for rule in gives)

    def _stays_below(
        self, rule: Rule, said: list[Said], above: set[str], rooms: Rooms, scope: Scope
    ) -> bool:
        conditions = rule.conditions if rule.effect != "otherwise" else ()
        if isinstance(rule.value, Literal):
            if rule.value.value not in above:
                return True
            return self._impossible(
                [*said, *((condition, True) for condition in conditions)], rooms, scope
            )
        found = models([*said, *((condition, True) for condition in conditions)], rooms, scope)
        return found is not None and all(
            isinstance(rule.value, Noun) and _below(rule.value, facts, above) for facts in found
        )


def subjects(condition: Condition) -> frozenset[object]:
    """What a condition is about.

    What is said of some things tells nothing of others, numbers of items apart: these are one
    subject.
    """
    found: set[object] = set()
    for leaf in leaves(condition):
        body = leaf.body
        if isinstance(body, Quantified) or (
            isinstance(body, Compare) and isinstance(body.left, Count)
        ):
            found.add(Count)
        elif not isinstance(body, Joined):
            found.add(sides(body)[0])
    return frozenset(found)


def _connected(
    rules: Sequence[tuple[Rule, frozenset[object]]], said: frozenset[object]
) -> Iterator[tuple[list[Rule], bool]]:
    """Rules in groups that have no subject in common, each with whether it has one in common with
    what was said.
    """
    by_subject: dict[object, list[int]] = {}
    for number, (_, about) in enumerate(rules):
        for subject in about:
            by_subject.setdefault(subject, []).append(number)
    left = set(range(len(rules)))
    for start in (
        None,
        *range(len(rules)),
    ):  # what was said comes first: all that has to do with it is one group
        if start is not None and start not in left:
            continue
        group = set[int]() if start is None else {start}
        subjects_left = set(said if start is None else rules[start][1])
        while subjects_left:
            more = set(by_subject.pop(subjects_left.pop(), ())) - group
            group |= more
            subjects_left |= {
                each for number in more for each in rules[number][1] if each in by_subject
            }
        left -= group
        if group:
            yield [rules[number][0] for number in sorted(group)], start is None


def _below(noun: Noun, facts: Consequences, above: set[str]) -> bool:
    room = facts.left.get(noun) or facts.room(noun)
    return room is not None and isinstance(room.values, frozenset) and not above & room.values


def _never_undecided(leaf: PlainCondition) -> str:
    """A fact is stated or not, and parameters have their values: no missing fact leaves that
    open.
    """
    body = leaf.condition.body
    if isinstance(body, Known) and body.noun.given:
        return NEVER_OPEN
    return NEVER_OPEN if _of_parameters(body) else ""


def _of_parameters(body: object) -> bool:
    return isinstance(body, Compare) and all(
        isinstance(side, Parameter | Literal) for side in sides(body)
    )


def _by_parameters(leaf: PlainCondition, parameters: dict[str, ParameterValues]) -> set[Status]:
    """The ways in which a condition may come out as far as parameters alone decide it."""
    body = leaf.condition.body
    if not isinstance(body, Compare) or not _of_parameters(body):
        return {MET, NOT_MET}
    days = {since or 0 for each in parameters.values() for since, _ in each.values} | {0}
    return {status_of(compare(body, *_sides(body, parameters, day))) for day in days}


def _sides(
    body: Compare, parameters: dict[str, ParameterValues], day: int
) -> tuple[Possible, list[Possible]]:
    left, *right = (
        certain(
            parameters[side.name].at(day) if isinstance(side, Parameter) else side.value, side.type
        )
        for side in sides(body)
        if isinstance(side, Parameter | Literal)
    )
    return left, right


def _not_met(rule: Rule) -> Said:
    return Condition(Joined("all of", rule.conditions), ""), False


def _needed(conditions: tuple[Condition, ...], path: Path) -> list[Said]:
    """What must hold of the other conditions for the one at `path` to have an effect on all of
    them.
    """
    found = [(each, True) for number, each in enumerate(conditions) if number != path[0]]
    condition = conditions[path[0]]
    for number in path[1:]:
        body = condition.body
        assert isinstance(body, Joined)
        found += [
            (each, body.kind == "all of")
            for other, each in enumerate(body.parts)
            if other != number
        ]
        condition = body.parts[number]
    return found
