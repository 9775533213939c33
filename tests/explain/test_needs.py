"""What is needed is needed, and enough where that is said: over shipped scenarios and generated cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import event, given

from rulewright.workbench import Rules, cases
from tests.fuzz.test_properties import Pair, examples, pairs, readable

from .needs_hold import every_need_holds
from .test_holds import ROOT, SHIPPED, answered

pytestmark = pytest.mark.untraced

ASKED = 25  # values of one case


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(ROOT / "rules" / "cqc")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_shipped_cases_need(path: Path, rules: Rules) -> None:
    for case in cases(path)[:4]:
        assert every_need_holds(rules.answer(case, engine="reference"), ASKED)["ways"]


@given(pairs(2))
@examples(30)
def test_what_generated_cases_need(pair: Pair) -> None:
    program = readable(pair.rulebook)
    for tree in pair.trees:
        found = every_need_holds(answered(program, tree), ASKED)
        event(f"needed: {min(found['needed'], 3)}")
        event(f"enough: {min(found['enough'], 3)}")
