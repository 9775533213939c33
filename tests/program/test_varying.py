"""A policy under another reading, read from what changes alone, is what compiling the whole of it
would give.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from rulewright.amendments.chain import assemble_more
from rulewright.amendments.interpretations import readings_of
from rulewright.compiler.compiler import compile_policy
from rulewright.compiler.variants import Variants, base_of
from rulewright.engines.changed_program import evaluate_again
from rulewright.engines.evaluator import evaluate
from rulewright.facts.cases import bind_case
from rulewright.ir.program import Program
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import ReadingModel
from rulewright.syntax.shipped import data_folder
from rulewright.workbench import Rules, cases, parameters_at

POLICY = "guidance-2024-03"
RULES = Rules(data_folder() / "rules" / "cqc")
BASE = base_of(RULES.book, POLICY)
VARIANTS = Variants(BASE)
READINGS = {
    str(name): read_as(ReadingModel, tree, "reading")
    for _, name, tree in readings_of(BASE.assembly)
}


def meaning(program: Program) -> Program:
    """What must be equal: the digest of a variant is not worked out, and the order in which words
    were met is free.
    """
    return replace(program, digest="", asks=frozenset(), lapsed=tuple(sorted(program.lapsed)))


@pytest.mark.parametrize("name", READINGS)
def test_a_variant_is_the_program_that_the_whole_policy_compiles_to(name: str) -> None:
    reading = READINGS[name]
    assert meaning(VARIANTS.under(reading).program) == meaning(
        compile_policy(RULES.book, POLICY, reading)
    )


def test_hardly_any_reading_needs_the_whole_policy_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = []
    monkeypatch.setattr(VARIANTS, "_whole", whole.append)
    for reading in READINGS.values():
        VARIANTS.under(reading)
    assert len(whole) <= len(READINGS) // 10


def test_what_a_reading_leaves_alone_is_told_from_what_it_changes() -> None:
    variant = VARIANTS.under(READINGS["service-view-lasts-12-months"])
    assert {node.attribute for node in variant.changed} == {"up to date"}
    assert (
        assemble_more(BASE.chain, READINGS["service-view-lasts-12-months"], "test").items
        != BASE.assembly.items
    )


@pytest.mark.parametrize("name", READINGS)
def test_a_case_answered_again_is_answered_as_from_the_beginning(name: str) -> None:
    variant = VARIANTS.under(READINGS[name])
    text = cases(data_folder() / "scenarios" / "examples" / "example-trust.yaml")[0]
    case = bind_case(
        text,
        BASE.program.vocabulary,
        BASE.program.idle & variant.program.idle,
        BASE.program.judged_as_one,
    )
    day = text.day()
    assert day is not None
    before = evaluate(BASE.program, case, day, parameters_at(BASE.program, day, {})[0])
    values = parameters_at(variant.program, day, {})[0]
    again, whole = (
        evaluate_again(variant, case, day, values, before),
        evaluate(variant.program, case, day, values),
    )
    assert again.settled == whole.settled
    assert again.withdrawn == whole.withdrawn
