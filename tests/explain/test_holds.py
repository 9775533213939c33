"""Every explanation of every shipped scenario, and of generated cases, agrees with what the engine
says when it is asked again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import event, given

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.decision.answered import Answered, answer
from rulewright.facts.case_texts import CaseText
from rulewright.facts.cases import bind_case
from rulewright.ir.program import Program
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.workbench import Rules, cases
from tests.fuzz.cases import written
from tests.fuzz.properties import AS_AT_DAY, parameters_of
from tests.fuzz.test_properties import Pair, examples, pairs, readable
from tests.fuzz.words import Tree

from .holds import difference_holds, every_explanation_holds, every_why_not_holds

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    [
        *ROOT.glob("scenarios/legacy/*.yaml"),
        *ROOT.glob("scenarios/guidance-2024-03/*.yaml"),
        *ROOT.glob("scenarios/examples/*.yaml"),
        *ROOT.glob("scenarios/consultation-2021/*.yaml"),
        *ROOT.glob("scenarios/better-regulation-2026/*.yaml"),
        *ROOT.glob("scenarios/real/2024-25/*.yaml"),
        *ROOT.glob("scenarios/real/2021/RA*.yaml"),
    ]
)
ASKED = 40  # values of one case


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(ROOT / "rules" / "cqc")


def answered(program: Program, tree: Tree) -> Answered:
    text = CaseText(load_yaml(written(tree), "case.yaml"), "case.yaml")
    case = bind_case(text, program.vocabulary)
    return answer(
        text,
        program,
        case,
        AS_AT_DAY,
        parameters_of(program),
        frozenset(),
        PolicyChoice("p", "by name", ()),
        "reference",
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_explanations_of_shipped_cases_hold(path: Path, rules: Rules) -> None:
    for number, case in enumerate(cases(path)):
        found = rules.answer(case, engine="reference")
        assert every_explanation_holds(found, everything=number % 5 == 0)
        assert every_why_not_holds(found, ASKED, everything=number % 5 == 0)


@given(pairs(3))
@examples(30)
def test_explanations_of_generated_cases_hold(pair: Pair) -> None:
    program = readable(pair.rulebook)
    outcomes = [answered(program, tree) for tree in pair.trees]
    for number, each in enumerate(outcomes):
        every_explanation_holds(each, everything=number == 0)
        every_why_not_holds(each, ASKED, everything=number == 0)
    differing = difference_holds(outcomes[0], outcomes[1])
    event("answers differ", str(min(differing, 3)))
    assert difference_holds(outcomes[2], outcomes[2]) == 0


@pytest.mark.parametrize(
    "other", ["consultation-2021", "guidance-2024-03", "better-regulation-2026"]
)
def test_differences_of_two_policies_hold(other: str, rules: Rules) -> None:
    for path in sorted(ROOT.glob("scenarios/real/2021/R*.yaml"))[:6]:
        [case] = cases(path)
        one, two = (
            rules.answer(case, engine="reference"),
            rules.answer(case, policy=other, engine="reference"),
        )
        assert difference_holds(one, two)
        assert difference_holds(two, one)
