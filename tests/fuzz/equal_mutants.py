"""Mutants of a generated rulebook that are said to be equal, held against cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulewright.decision.tracer import Trail
from rulewright.engines.evaluator import Evaluation, evaluate
from rulewright.engines.result import UNDECIDED, Trace
from rulewright.facts.cases import Case
from rulewright.ir.nodes import Kind
from rulewright.ir.program import Program
from rulewright.mutation.detection import Policy, under
from rulewright.mutation.equivalence import proved_equal
from rulewright.mutation.mutant import Mutant
from rulewright.mutation.mutants import Making
from rulewright.mutation.written_entries import WrittenEntries
from rulewright.rulebook.rulebook import Rulebook

from .dice import Dice
from .properties import AS_AT_DAY, parameters_of


def some_equal(book: Rulebook, program: Program, dice: Dice, most: int) -> Iterator[Mutant]:
    """Mutants that are proved equal, among some of all."""
    making = Making(WrittenEntries(book))
    making.add(program)
    for mutant in dice.shuffled(making.mutants())[:most]:
        if proved_equal(mutant, {program.policy: program}):
            yield mutant


def told_apart(program: Program, mutant: Mutant, cases: Iterable[Case]) -> bool:
    """Whether an expectation could tell the mutant in one of the cases."""
    changed = under(Policy(program), mutant.effects[program.policy])
    assert changed is not None
    parameters = {name: each.at(AS_AT_DAY) for name, each in changed.program.parameters.items()}
    return any(
        _told(program, case, evaluate(program, case, AS_AT_DAY, parameters_of(program)))
        != _told(changed.program, case, evaluate(changed.program, case, AS_AT_DAY, parameters))
        for case in cases
    )


def _told(program: Program, case: Case, result: Trace) -> list[object]:
    """Values, what decides them, what may fire, what they hang on; notes."""
    evaluation = Evaluation(program, case, AS_AT_DAY, parameters_of(program))
    evaluation.result = result
    trail, nodes = (
        Trail(program, case, result, evaluation),
        {(node.key.kind, node.key.attribute): node for node in program.nodes},
    )
    found: list[object] = []
    for (index, name), settled in result.settled.items():
        entity = case.entities[index]
        node = nodes[Kind.of(entity), name]
        standing = sorted(
            (each.rule, each.status)
            for each in settled.firings
            if not each.defeated or each.status == UNDECIDED
        )
        rules = {rule.id: rule for rule in (*node.rules, *node.limits)}
        hanging = set()
        for firing in (*settled.firings, *(each for each in settled.limits if each.lowers)):
            rule = rules.get(firing.rule)
            if rule is not None and not firing.defeated and not settled.possible.determined:
                hanging |= {
                    (each.index, fact)
                    for condition, finding in zip(rule.conditions, firing.findings, strict=True)
                    if finding.status == UNDECIDED
                    for each, fact in trail.sources(condition, finding, entity)
                }
        found.append(
            (
                index,
                name,
                settled.possible,
                settled.origin,
                standing,
                [each[:2] + each[5:] for each in settled.limits],
                hanging,
            )
        )
    return [
        *found,
        [
            (at, [(each.rule, each.status) for each in firings])
            for at, firings in sorted(result.notices.items())
        ],
    ]


__all__ = ["some_equal", "told_apart"]
