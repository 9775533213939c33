"""The smallest case that tells a changed policy from the policy as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rulewright.compiler.rebuilding import needed_by
from rulewright.engines.evaluator import evaluate
from rulewright.engines.result import Trace
from rulewright.facts.cases import Case, Entity
from rulewright.ir.entities import with_facts
from rulewright.ir.nodes import Kind, NodeKey, Rule
from rulewright.ir.program import Node, Program
from rulewright.ir.types import Value
from rulewright.solver.circuit import FALSE, Lit
from rulewright.solver.formula import Asking, asked_whether_known
from rulewright.solver.numbers import NotExpressible
from rulewright.solver.smallest_sets import SmallestSearch

from .distinguishing_case import Apart, Under, numbers_of
from .skeletons import skeletons

MOST_SKELETONS = 3
MOST_TARGETS = 2
Facts = dict[tuple[int, str], Value]


@dataclass(frozen=True)
class Telling:
    """A case with few facts under which two programs part.

    entity, attribute: where they do; attribute is empty where a note or warning is given by one
    alone. rule: where the values are the same, the rule that fires under one alone.
    """

    case: Case
    facts: Facts
    entity: int
    attribute: str
    rule: str = ""


@dataclass(frozen=True)
class DivergenceQuestion:
    """What is asked of a policy and a changed one: where they may part. nodes: attributes; rules: a
    kind's rules, old and new.
    """

    as_at: int
    one: Under
    other: Under
    nodes: tuple[Node, ...]
    rules: tuple[tuple[Kind, str, Rule, Rule | None], ...]

    @cached_property
    def asked(self) -> frozenset[str]:
        """The attributes of which some rule asks whether they are known."""
        return asked_whether_known(self.one[0]) | asked_whether_known(self.other[0])

    @cached_property
    def turning(self) -> dict[str, tuple[int, ...]]:
        """The numbers at which comparisons turn."""
        return numbers_of(self.one[0], self.other[0])


def find(question: DivergenceQuestion) -> Telling | None:
    """The smallest telling case found, one with values that surely differ before one whose possible
    values do.
    """
    program = question.one[0]
    targets = question.nodes[:MOST_TARGETS]
    types = _types(program, targets, question.rules)
    kinds = {node.key.kind for node in targets} | {kind for kind, _, _, _ in question.rules}
    cases = [
        case
        for _, case in zip(
            range(MOST_SKELETONS), skeletons(program, question.as_at, types, kinds), strict=False
        )
    ]
    for stated, days in (
        (False, True),
        (False, False),
        (True, False),
    ):  # not all has a formula of sensible size: then less is open
        for ask in (_surely, _perhaps, _firing):
            for case in cases[:2] if stated else cases:
                found = _in_case(question, case, targets, ask, stated, days)
                if found is not None:
                    return found
    return None


Goal = tuple[
    Lit, int, str, str
]  # the literal, and where the programs part: entity, attribute, rule
Goals = Callable[[Apart, DivergenceQuestion, Case, Iterable[Node]], Iterator[Goal]]


def _surely(
    apart: Apart, question: DivergenceQuestion, case: Case, targets: Iterable[Node]
) -> Iterator[Goal]:
    for node in targets:
        entity = _first(case, node.key.kind)
        if entity is not None:
            yield apart.surely_differ(entity, node), entity.index, node.key.attribute, ""


def _perhaps(
    apart: Apart, question: DivergenceQuestion, case: Case, targets: Iterable[Node]
) -> Iterator[Goal]:
    for node in targets:
        entity = _first(case, node.key.kind)
        if entity is not None:
            yield apart.differ(entity, node), entity.index, node.key.attribute, ""


def _firing(
    apart: Apart, question: DivergenceQuestion, case: Case, targets: Iterable[Node]
) -> Iterator[Goal]:
    for kind, attribute, old, new in question.rules:
        entity = _first(case, kind)
        if entity is not None:
            yield apart.fires_otherwise(entity, old, new), entity.index, attribute, old.id


def _first(case: Case, kind: Kind) -> Entity | None:
    return next((each for each in case.entities if Kind.of(each) == kind), None)


def _in_case(
    question: DivergenceQuestion,
    case: Case,
    targets: Iterable[Node],
    ask: Goals,
    stated: bool,
    days: bool,
) -> Telling | None:
    apart = Apart(
        case,
        question.as_at,
        question.one,
        question.other,
        question.asked,
        question.turning,
        stated=stated,
        days=days,
    )
    try:
        for goal, entity, attribute, rule in ask(apart, question, case, targets):
            facts = _facts(apart, goal, stated) if goal != FALSE else None
            if facts is not None:
                found = _confirmed(question, Telling(case, facts, entity, attribute, rule))
                if found is not None:
                    return found
    except NotExpressible:
        return None
    return None


def _facts(apart: Apart, goal: Lit, stated: bool) -> Facts | None:
    """The fewest facts that bring a goal about; where all are stated, any."""
    if stated:
        with Asking(apart.circuit) as asking:
            if not asking.holds([goal]):
                return None
            return {
                (fact.entity.index, fact.key): option.value
                for fact in apart.facts
                for option in fact.options
                if asking.chosen(option.lit)
            }
    search = SmallestSearch(apart, goal)  # type: ignore[arg-type]
    try:
        if search.size is None:
            return None
        sets = search.ranked(1, 30).sets if search.size else []
        return (
            {(fact.entity.index, fact.key): option.value for fact, option in sets[0]}
            if sets
            else {}
        )
    finally:
        search.close()


# -- confirmed by the engine, and made smaller


def _confirmed(question: DivergenceQuestion, found: Telling) -> Telling | None:
    """The case, if the engine agrees; without the facts that it tells the same without."""
    if not differs(question, found):
        return None
    for place in sorted(found.facts, reverse=True):
        fewer = Telling(
            found.case,
            {at: value for at, value in found.facts.items() if at != place},
            found.entity,
            found.attribute,
            found.rule,
        )
        if _as_sure(question, found, fewer):
            found = fewer
    return found


def results(question: DivergenceQuestion, found: Telling) -> tuple[Trace, Trace]:
    """What both programs give."""
    case = with_facts(found.case, found.facts)
    one, other = question.one, question.other
    return evaluate(one[0], case, question.as_at, one[1]), evaluate(
        other[0], case, question.as_at, other[1]
    )


def differs(question: DivergenceQuestion, found: Telling) -> bool:
    """Whether the programs part there."""
    one, other = results(question, found)
    if found.rule:
        return _fired(one, found) != _fired(other, found)
    return (
        one.settled[found.entity, found.attribute].possible
        != other.settled[found.entity, found.attribute].possible
    )


def _as_sure(question: DivergenceQuestion, before: Telling, fewer: Telling) -> bool:
    if not differs(question, fewer):
        return False
    if before.rule:
        return True
    sure = [
        all(
            each.settled[found.entity, found.attribute].possible.determined
            for each in results(question, found)
        )
        for found in (before, fewer)
    ]
    return sure[1] or not sure[0]


def _fired(result: Trace, found: Telling) -> bool:
    """Whether the rule fires and nothing defeats it."""
    if not found.attribute:
        return any(
            each.rule == found.rule and each.status == 2
            for each in result.notices.get(found.entity, ())
        )
    settled = result.settled[found.entity, found.attribute]
    return any(
        each.rule == found.rule and each.status == 2 and not each.defeated
        for each in (*settled.firings, *settled.limits)
    )


# -- where to look


def visible(program: Program, keys: Iterable[NodeKey]) -> tuple[Node, ...]:
    """The attributes that people see, among these and what reads them; one fixed member of each
    set.
    """
    nodes = {node.key: node for node in program.nodes}
    readers: dict[NodeKey, list[NodeKey]] = {}
    for node in program.nodes:
        for each in needed_by(node, program.vocabulary):
            readers.setdefault(each, []).append(node.key)
    found: dict[tuple[str, str, str], Node] = {}
    waiting, seen = sorted(keys), set(keys)
    while waiting:
        key = waiting.pop(0)
        at = nodes.get(key)
        if at is None:
            continue
        if not at.attribute.hidden:
            found.setdefault((key.entity, key.parent, key.attribute), at)
            continue
        for reader in sorted(readers.get(key, [])):
            if reader not in seen:
                seen.add(reader)
                waiting.append(reader)
    return tuple(found.values())


def _types(
    program: Program, targets: Iterable[Node], rules: Iterable[tuple[Kind, str, Rule, Rule | None]]
) -> set[str]:
    """The entity types that something behind the targets is read from."""
    nodes = {node.key: node for node in program.nodes}
    found: set[str] = set()
    waiting = [node.key for node in targets]
    waiting += [key for kind, _, _, _ in rules for key in nodes if key.kind == kind]
    seen = set(waiting)
    while waiting:
        key = waiting.pop()
        found |= {key.entity, key.parent}
        behind = nodes.get(key)
        for each in needed_by(behind, program.vocabulary) if behind is not None else ():
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return found
