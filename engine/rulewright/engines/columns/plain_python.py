"""The columns engine in plain Python: one case at a time, answers without a trail.

Exact: what the printed functions cannot work out goes to the evaluator.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from rulewright.engines import evaluator
from rulewright.engines.result import (
    MET,
    NOT_MET,
    UNDECIDED,
    Answers,
    DecidedValue,
    Interval,
    Possible,
    Status,
)
from rulewright.facts.cases import Case
from rulewright.ir.nodes import Kind, NodeKey
from rulewright.ir.program import Node, Program
from rulewright.ir.shapes import shape_of
from rulewright.ir.types import Type, Value
from rulewright.syntax.errors import InputError

from . import lowering
from .codes import Code, encode_value
from .printing import Printed, printed_rules, printed_shape


def evaluate(program: Program, case: Case, as_at: int, parameters: dict[str, Value]) -> Answers:
    """The answers to `case` under `program`. `parameters` are their values at the as-at date."""
    plan = plan_for(program)
    if plan is not None:
        try:
            return plan.answers(case, as_at, parameters)
        except InputError:  # a number too long, perhaps in a rule that does not fire
            pass
    return evaluator.evaluate(program, case, as_at, parameters).answers


def plan_for(program: Program) -> PrintedPlan | None:
    """The plan of a program, made once; `None` where the evaluator has to answer."""
    found = program.__dict__.get("_plain_python", False)
    if found is False:
        try:
            lowering.check_supported(program.nodes)
            found = PrintedPlan(program)
        except lowering.UnsupportedError:
            found = None
        object.__setattr__(program, "_plain_python", found)
    made: PrintedPlan | None = found
    return made


class PrintedPlan:
    """A program made ready: its printed functions, and the columns that they read."""

    def __init__(self, program: Program) -> None:
        mixed = lowering.mixed(program.vocabulary)
        self.nodes = [_node_plan(node, mixed) for node in program.nodes]
        self.notices = [
            (_key(kind), rules, printed_rules([each.conditions for each in rules], mixed))
            for kind, rules in program.notices.items()
        ]
        waits = [each.once for each in program.withdrawals if each.once is not None]
        conditions = [*program.scope, *waits]
        self.places = range(len(program.scope)), range(len(program.scope), len(conditions))
        self.of_root = printed_rules([(each,) for each in conditions], mixed)
        printed = [each.printed for each in self.nodes] + [each for _, _, each in self.notices]
        read = self.of_root.given.union(*(each.given for each in printed))
        self.given = lowering.given_columns(program.vocabulary, read, mixed)

    def answers(self, case: Case, as_at: int, parameters: dict[str, Value]) -> Answers:
        """The answers to one case."""
        columns, found = Columns(case, as_at, parameters, self.given), Answers()
        outside = bool(case.supplied or case.judged)
        for node, _, kind, printed, decisions in self.nodes:
            rows = columns.rows.get(kind)
            if rows:
                name, member, table = node.key.attribute, kind[2], decisions.table
                column = columns.values(name)
                given = _from_outside(case, name, decisions) if outside else None
                printed.run(columns, rows, member, name, column, table, given, found.decided)
        self._notify(columns, found)
        fired: Fired = {}
        self.of_root.run(columns, (case.root.index,), "", fired)
        statuses = fired.get(case.root.index, (0, 0))
        found.scope, found.withdrawn = (
            tuple(_status(statuses, place) for place in places) for places in self.places
        )
        return found

    def _notify(self, columns: Columns, found: Answers) -> None:
        for kind, rules, printed in self.notices:
            fired: Fired = {}
            if kind in columns.rows:
                printed.run(columns, columns.rows[kind], kind[2], fired)
            for index, statuses in fired.items():
                found.notices[index] = tuple(
                    (rule.id, status)
                    for place, rule in enumerate(rules)
                    if (status := _status(statuses, place)) != NOT_MET
                )


KindKey = tuple[str, str, str]  # a `Kind`, quicker to look up
Fired = dict[int, tuple[int, int]]  # by entity: the rules that fire, and those that may, as bits


def _key(kind: Kind | NodeKey) -> KindKey:
    return (kind.entity, kind.parent, kind.member)


def _status(fired: tuple[int, int], place: int) -> Status:
    return MET if fired[0] >> place & 1 else UNDECIDED if fired[1] >> place & 1 else NOT_MET


class PrintedNode(NamedTuple):
    """A node made ready."""

    node: Node
    mixed: frozenset[str]
    kind: KindKey
    printed: Printed
    decisions: lowering.Decisions


_NODES: dict[int, PrintedNode] = {}
MOST_NODES = 5_000


def _node_plan(node: Node, mixed: frozenset[str]) -> PrintedNode:
    """A node made ready, kept for the programs that share it: the variants of a policy."""
    kept = _NODES.get(id(node))
    if kept is None or kept.node is not node or kept.mixed != mixed:
        if len(_NODES) >= MOST_NODES:
            _NODES.clear()
        held = None if node.key.attribute in mixed else node.attribute.type
        printed = printed_shape(shape_of(node), mixed)
        kept = PrintedNode(node, mixed, _key(node.key), printed, lowering.Decisions(node, held))
        _NODES[id(node)] = kept
    return kept


def _from_outside(
    case: Case, name: str, decisions: lowering.Decisions
) -> dict[int, Callable[[tuple[Any, ...]], tuple[Code, DecidedValue]]]:
    """By entity: what a supplied value or a judgement makes of the decision of the rules."""
    found: dict[int, Callable[[tuple[Any, ...]], tuple[Code, DecidedValue]]] = {}
    for (index, attribute), judgement in case.judged.items():
        if attribute == name:
            found[index] = partial(decisions.judged, judgement.value)
    for (index, attribute), fact in case.supplied.items():
        if attribute == name:
            found[index] = partial(decisions.supplied, fact.value)
    return found


class Columns:
    """One case as columns: lists by the index of an entity. rows: the entities of each kind."""

    def __init__(
        self,
        case: Case,
        as_at: int,
        parameters: dict[str, Value],
        given: dict[str, dict[str, lowering.GivenColumn]],
    ) -> None:
        self.entities, self.parameters = case.entities, parameters
        self.day, self.size = Possible(Interval(as_at, as_at)), len(case.entities)
        self.lists: dict[tuple[str, ...], list[Any]] = {}
        self.rows: dict[KindKey, list[int]] = {}
        for entity in case.entities:
            kind = (entity.type, entity.parent_type, entity.member)
            rows = self.rows.get(kind)
            if rows is None:
                rows = self.rows[kind] = []
            rows.append(entity.index)
        for (type_name, _, _), rows in self.rows.items():
            self._fill(given[type_name], rows)

    def _fill(self, columns: dict[str, lowering.GivenColumn], rows: list[int]) -> None:
        for name, column in columns.items():
            values = self.lists.get((name,))
            if values is None:
                self.lists[(name,)] = [column.unstated] * self.size
            elif values[rows[0]] != column.unstated:
                for index in rows:
                    values[index] = column.unstated
        for index in rows:
            entity = self.entities[index]
            for name in entity.unknown & columns.keys():
                self.lists[(name,)][index] = columns[name].unknown
            for name, fact in entity.facts.items():
                known = columns.get(name)
                if known is not None:
                    self.lists[(name,)][index] = known.stated[fact.value]

    def values(self, name: str) -> list[Any]:
        """The codes of an attribute."""
        found = self.lists.get((name,))
        if found is None:
            found = self.lists[(name,)] = (
                [Possible((each.name,)) for each in self.entities]
                if name == "name"
                else [None] * self.size
            )
        return found

    def facts(self) -> list[Any]:
        """What is stated of each entity."""
        return self._kept(("facts",), lambda: [each.facts for each in self.entities])

    def members(self) -> list[Any]:
        """Which member each entity is."""
        return self._kept(("members",), lambda: [each.member for each in self.entities])

    def up(self, wanted: str) -> list[Any]:
        """The nearest entity of a type, at or above each."""
        return self._kept(("up", wanted), lambda: self._up(wanted))

    def _up(self, wanted: str) -> list[Any]:
        found: list[Any] = [None] * self.size
        for each in self.entities:  # a parent comes before what lies below it
            if each.type == wanted:
                found[each.index] = each.index
            elif each.parent is not None:
                found[each.index] = found[each.parent.index]
        return found

    def down(self, wanted: str, member: str) -> list[Any]:
        """The fixed member directly below each."""
        return self._kept(("down", wanted, member), lambda: self._down(wanted, member))

    def _down(self, wanted: str, member: str) -> list[Any]:
        found: list[Any] = [None] * self.size
        for each in self.entities:
            if each.type == wanted and each.member == member and each.parent is not None:
                found[each.parent.index] = each.index
        return found

    def below(self, wanted: str) -> list[Any]:
        """The entities of a type directly below each."""
        return self._kept(("below", wanted), lambda: self._below(wanted))

    def _below(self, wanted: str) -> list[Any]:
        found: list[Any] = [()] * self.size
        for index, entity in enumerate(self.entities):
            children = entity.children.get(wanted)
            if children:
                found[index] = [each.index for each in children]
        return found

    def deep(self, wanted: str) -> list[Any]:
        """The entities of a type at any depth below each."""
        return self._kept(("deep", wanted), lambda: self._deep(wanted))

    def _deep(self, wanted: str) -> list[Any]:
        found: list[list[int]] = [[] for _ in range(self.size)]
        for each in self.entities:
            here = each.parent if each.type == wanted else None
            while here is not None:
                found[here.index].append(each.index)
                here = here.parent
        return found

    def parameter(self, name: str, kind: Type) -> Code:
        """The code of a parameter."""
        return encode_value(self.parameters[name], kind)

    def as_at(self) -> Possible:
        """The date of the decision."""
        return self.day

    def _kept(self, key: tuple[str, ...], make: Callable[[], list[Any]]) -> list[Any]:
        found = self.lists.get(key)
        if found is None:
            found = self.lists[key] = make()
        return found
