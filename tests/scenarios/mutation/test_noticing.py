"""What is worked out again only where it may differ is what working out everything again gives."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from rulewright.decision.answered import Answered
from rulewright.engines.evaluator import evaluate
from rulewright.mutation.baseline import BaselineCheck, trials_of
from rulewright.mutation.detection import Noticing, under
from rulewright.mutation.mutants import Making
from rulewright.mutation.written_entries import WrittenEntries
from rulewright.syntax.errors import InputError
from rulewright.testing.runner import load_scenarios
from rulewright.testing.suite import held
from rulewright.workbench import Rules

PARTS = ["legacy/small-and-suspended.yaml", "guidance-2024-03/limiters.yaml"]


def notices(trial: BaselineCheck, answered: Answered) -> bool:
    """Whether a check does not hold, or names a rule that a mutant deleted."""
    try:
        return bool(held(trial.check, answered))
    except InputError:
        return True


@pytest.mark.untraced
def test_a_mutant_gives_the_result_that_its_whole_program_gives() -> None:
    rules = Rules()
    trials, broken = trials_of(rules, load_scenarios([Path("scenarios") / each for each in PARTS]))
    assert not broken
    making = Making(WrittenEntries(rules.book))
    programs = [rules.program(each) for each in ("legacy", "guidance-2024-03")]
    for program in programs:
        making.add(program)
    noticing, chance, other = Noticing(trials, programs), random.Random(5), 0
    for mutant in chance.sample(making.mutants(), 60):
        for trial in chance.sample(trials, 5):
            effect = mutant.effects.get(trial.policy)
            changed = under(noticing.policies[trial.policy], effect) if effect is not None else None
            if changed is None:
                continue
            answered = trial.answered
            parameters = {
                name: each.at(answered.as_at) for name, each in changed.program.parameters.items()
            }
            whole = evaluate(changed.program, answered.case, answered.as_at, parameters)
            partial = noticing.result(trial, changed)
            assert notices(
                trial, replace(answered, program=changed.program, result=partial or trial.result)
            ) == notices(
                trial,
                replace(answered, program=changed.program, parameters=parameters, result=whole),
            ), mutant.what
            if partial is not None:
                other += 1
                assert {at: each.possible for at, each in partial.settled.items()} == {
                    at: each.possible for at, each in whole.settled.items()
                }
                assert partial.notices == whole.notices
    assert other > 20
