"""Suggestions for what no scenario covers: a case in which a condition matters is one that tells
the rule without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rulewright.coverage.gaps import Hole, Use, holes
from rulewright.coverage.observer import DECIDED
from rulewright.coverage.record import TAKES_EFFECT
from rulewright.coverage.runner import gather
from rulewright.coverage.written_rules import Path
from rulewright.engines.result import STATUS_WORDS
from rulewright.facts.cases import CaseText
from rulewright.ir.nodes import Condition, Joined, Rule
from rulewright.ir.program import Program
from rulewright.mutation.mutant import Effect, Mutant
from rulewright.mutation.operators.rules import NEVER
from rulewright.mutation.runner import Progress, begin, worked_through
from rulewright.mutation.selection import is_named, none_is_named
from rulewright.mutation.verdict import Judging
from rulewright.workbench import Rules

from .runner import Suggested, confirmed, gathered
from .search import Searching
from .suggestion import Suggestion, read_again

ALWAYS = Condition(Joined("none of", (NEVER,)), "always")
TAKEN = {"met": "is taken never to be met", "not met": "is taken always to be met"}


def suggest_for_holes(
    rules: Rules,
    texts: Sequence[CaseText],
    *,
    policy: str | None = None,
    only: Sequence[str] = (),
    most: int | None = None,
    workers: int = 0,
    progress: Progress | None = None,
) -> Suggested:
    """A scenario for each condition and rule that the scenarios do not cover (`rulewright
    coverage`), in which it matters.

    Arguments as for `suggest`. Each suggestion was run: it covers what it is for. Raises
    `InputError` as `holes` and `suggest`.
    """
    judging = begin(rules, texts, policy)
    known = {
        name
        for at, program in judging.programs.items()
        for rule in program.rules_by_id
        for name in (at, rule, rule.partition("@")[0])
    }
    if not any(is_named(each, only) for each in known):
        raise none_is_named(only, known, rules.shown)
    wanted = [each for each in holes(rules, texts, policy) if is_named(each.rule, only)]
    held = [
        (hole, mutant)
        for hole in wanted
        if (mutant := _as_mutant(hole, judging.programs)) is not None
    ]
    judging.mutants = [mutant for _, mutant in held]
    waiting = list(range(len(held)))[:most]

    def one(at: Judging, index: int) -> Suggestion | None:
        return _suggest_one(at, *held[index])

    found: dict[int, Suggestion | None] = {}
    stopped = worked_through(judging, one, waiting, workers, found, progress)
    result = gathered(judging, found)
    result.stopped, result.looked, result.asked = stopped, len(found), len(waiting)
    return result


def _as_mutant(hole: Hole, programs: dict[str, Program]) -> Mutant | None:
    """The rule as it would be if what is to matter did not; `None` where that is no change of a
    rule (the scope, a withdrawal).
    """
    effects = {}
    for policy, uses in hole.uses:
        if policy in programs:
            edits = [
                (use.node or use.kind, old, _without(old, use.path, hole.wanted))
                for use in uses
                for old in _rules(programs[policy], use)
            ]
            if edits:
                effects[policy] = Effect(list(edits))
    if not effects or hole.wanted not in (*TAKEN, TAKES_EFFECT):
        return None
    what = (
        f"`{hole.rule}` is deleted"
        if not hole.condition
        else f"`{hole.condition}` {TAKEN[hole.wanted]} in `{hole.rule}`"
    )
    return Mutant(
        "not covered", hole.rule, hole.place, hole.wanted, what, hole.condition, "", effects
    )


def _rules(program: Program, use: Use) -> Iterator[Rule]:
    """The rule of a use, as it stands in the program."""
    if use.node is None:
        yield from (
            each
            for each in program.notices.get(use.kind, ())
            if each.id == use.rule and each.conditions == use.conditions
        )
        return
    node = next(each for each in program.nodes if each.key == use.node)
    yield from (
        each
        for each in (*node.rules, *node.limits)
        if each.id == use.rule and each.conditions == use.conditions
    )


def _without(rule: Rule, path: Path, wanted: str) -> Rule:
    """The rule with the condition at a path taken as settled the other way; without a path, the
    rule that never fires.
    """
    if not path:
        return replace(rule, conditions=(NEVER,))
    return replace(
        rule, conditions=_put(rule.conditions, path, NEVER if wanted == "met" else ALWAYS)
    )


def _put(conditions: tuple[Condition, ...], path: Path, new: Condition) -> tuple[Condition, ...]:
    at, *rest = path
    old = conditions[at]
    if rest:
        assert isinstance(old.body, Joined)
        new = replace(old, body=replace(old.body, parts=_put(old.body.parts, tuple(rest), new)))
    return (*conditions[:at], new, *conditions[at + 1 :])


def _suggest_one(judging: Judging, hole: Hole, mutant: Mutant) -> Suggestion | None:
    found = Searching(judging.rules, judging.noticing).search(mutant)
    suggestion = confirmed(judging, mutant, found) if found is not None else None
    return (
        suggestion if suggestion is not None and _covers(judging.rules, suggestion, hole) else None
    )


def _covers(rules: Rules, suggestion: Suggestion, hole: Hole) -> bool:
    """Whether the suggested scenario, run by itself, covers what it is for."""
    seen = gather(rules, [read_again(suggestion.scenario)]).seen(suggestion.policy)
    if hole.condition:
        return any(
            key.place == hole.place
            and key.text == hole.condition
            and hole.wanted in map(STATUS_WORDS.__getitem__, shown)
            for key, shown in seen.conditions.items()
        )
    return any(key.place == hole.place and DECIDED in shown for key, shown in seen.rules.items())
