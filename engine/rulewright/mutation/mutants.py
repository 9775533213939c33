"""Every mutant of some policies: what is written once is changed once, wherever it was unrolled
to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rulewright.compiler.rebuilding import rebuilt
from rulewright.ir.entities import ANY_JUDGEMENT
from rulewright.ir.nodes import NodeKey, Rule
from rulewright.ir.program import Node, Program
from rulewright.syntax.errors import InputError

from .mutant import Effect, Mutant, Where
from .operators.policy import surroundings
from .operators.rules import RuleChange, changes_of, name_of, table_of
from .operators.tables import (
    Pairs,
    boundaries_moved,
    input_changed,
    other_input,
    rows_swapped,
    tables_of,
)
from .written_entries import WrittenEntries, root_of

Edits = list[tuple[Where, Rule, Rule | None]]


class Making:
    """Gathers the mutants of several policies, each change of what is written once."""

    def __init__(self, written: WrittenEntries) -> None:
        self.written = written
        self.found: dict[object, Mutant] = {}
        self._changes: dict[int, tuple[Rule, list[RuleChange]]] = {}

    def add(self, program: Program) -> None:
        """The mutants of one more policy."""
        for node in program.nodes:
            for rule in (*node.rules, *node.limits):
                self._alone(program, node.key, rule)
            if node.otherwise is not None:
                self._otherwise(program, node)
            self._overrides(program.policy, node)
            self._tables(program, node)
        for kind, rules in program.notices.items():
            for rule in rules:
                self._alone(program, kind, rule)
        around = surroundings(program, self.written.renderer(program, root_of(program)))
        for mutant in (*around, *self.written.uses.mutants(program)):
            self._note(mutant, program.policy, mutant.effects[program.policy])

    def mutants(self) -> list[Mutant]:
        """All of them, in the order in which they are written."""
        return sorted(self.found.values(), key=lambda each: each.key)

    # -- rules

    def _alone(self, program: Program, where: Where, rule: Rule) -> None:
        for change in self._changes_of(program, where, rule):
            if table_of(rule) and other_input(rule, change.rule) is not None:
                continue  # the input is written once, for all rows
            name = self.written.name(change.place, rule)
            mutant = Mutant(
                change.operator,
                name,
                change.place,
                change.detail,
                change.what.format(name),
                change.before,
                change.after,
            )
            self._add(mutant, program.policy, [(where, rule, change.rule)])

    def _changes_of(self, program: Program, where: Where, rule: Rule) -> list[RuleChange]:
        known = self._changes.get(id(rule))
        if known is None:
            attribute = where.attribute if isinstance(where, NodeKey) else ""
            changes = changes_of(rule, self.written.renderer(program, where, rule), attribute)
            # the rule is kept, so that its id stays its own
            known = self._changes[id(rule)] = rule, changes
        return known[1]

    def _otherwise(self, program: Program, node: Node) -> None:
        rule = node.otherwise
        assert rule is not None
        for change in self._changes_of(program, node.key, rule):
            name, gone = name_of(rule), change.operator == "rule deleted"
            operator = "otherwise dropped" if gone else change.operator
            mutant = Mutant(
                operator,
                name,
                change.place,
                change.detail,
                change.what.format(name),
                change.before,
                change.after,
            )
            self._add(mutant, program.policy, [(node.key, rule, None if gone else change.rule)])

    def _overrides(self, policy: str, node: Node) -> None:
        """An override dropped, or reversed."""
        by_id = {rule.id: rule for rule in node.rules}
        for rule in node.rules:
            for target in sorted(rule.overrides & by_id.keys()):
                other = by_id[target]
                name, below = name_of(rule), name_of(other)
                freed = replace(rule, overrides=rule.overrides - {target})
                dropped: Edits = [(node.key, rule, freed)]
                turned: Edits = [
                    (node.key, rule, freed),
                    (node.key, other, replace(other, overrides=other.overrides | {rule.id})),
                ]
                if not table_of(rule):  # the rows of a table go before one another by their order
                    self._settled(
                        Mutant(
                            "override dropped",
                            name,
                            rule.place,
                            below,
                            f"`{name}` no longer overrides `{below}`",
                            below,
                            "",
                        ),
                        policy,
                        node,
                        dropped,
                    )
                    self._settled(
                        Mutant(
                            "override reversed",
                            name,
                            rule.place,
                            below,
                            f"`{below}` overrides `{name}` instead of being overridden by it",
                            name,
                            below,
                        ),
                        policy,
                        node,
                        turned,
                    )
            if ANY_JUDGEMENT in rule.overrides:
                freed = replace(rule, overrides=rule.overrides - {ANY_JUDGEMENT})
                self._settled(
                    Mutant(
                        "override dropped",
                        name_of(rule),
                        rule.place,
                        ANY_JUDGEMENT,
                        f"`{name_of(rule)}` no longer overrides any judgement",
                        ANY_JUDGEMENT,
                        "",
                    ),
                    policy,
                    node,
                    [(node.key, rule, freed)],
                )

    def _settled(self, mutant: Mutant, policy: str, node: Node, edits: Edits) -> None:
        """A change of what goes before what, where it is one: another way may lead from the one
        rule to the other.
        """
        try:
            new = changed_node(node, edits)
        except InputError:  # a circle: nobody can write that
            return
        if (new.above, new.over_judgements) != (node.above, node.over_judgements):
            self._add(mutant, policy, edits)

    def _tables(self, program: Program, node: Node) -> None:
        """Neighbouring rows and rules, and the input of a table."""
        for rows in tables_of(node.rules):
            renderer = self.written.renderer(program, node.key, rows[0])
            found = [*rows_swapped(rows), *boundaries_moved(rows, renderer)]
            changes = self._changes_of(program, node.key, rows[0])
            found += input_changed(rows, changes, self.written, renderer)
            self._paired(program.policy, node, found)
        others = [rule for rule in node.rules if not table_of(rule)]
        if others:
            renderer = self.written.renderer(program, node.key, others[0])
            self._paired(program.policy, node, boundaries_moved(others, renderer))

    def _paired(self, policy: str, node: Node, found: Iterable[tuple[Mutant, Pairs]]) -> None:
        for mutant, pairs in found:
            self._add(mutant, policy, [(node.key, old, new) for old, new in pairs])

    # -- gathering

    def _add(self, mutant: Mutant, policy: str, edits: Edits) -> None:
        self._note(mutant, policy, Effect(edits))

    def _note(self, mutant: Mutant, policy: str, effect: Effect) -> None:
        known = self.found.setdefault(mutant.key, mutant)
        mine = known.effects.get(policy)
        if mine is None or mine is effect:
            known.effects[policy] = effect
        else:
            mine.rules += effect.rules


def changed_node(node: Node, edits: Iterable[tuple[Where, Rule, Rule | None]]) -> Node:
    """A node with some of its rules changed.

    Raises `InputError` when rules would go before one another in a circle.
    """
    news: dict[int, Rule | None] = {}
    for _, old, new in edits:
        news[id(old)] = new

    def each(rules: Iterable[Rule]) -> Iterator[Rule]:
        for rule in rules:
            new = news.get(id(rule), rule)
            if new is not None:
                yield new

    otherwise = next(each([node.otherwise]), None) if node.otherwise is not None else None
    return rebuilt(node, each(node.rules), otherwise, each(node.limits))
