"""Which mutants of a small rulebook are proved equal, by going through all that the rules of an
attribute can see.
"""

from __future__ import annotations

import pytest

from rulewright.ir.program import Program
from rulewright.mutation.equivalence import proved_equal
from rulewright.mutation.exhaustive.equivalence import FIRES_ALIKE, NEVER_BOTH
from rulewright.mutation.mutants import Making
from rulewright.mutation.written_entries import WrittenEntries
from tests.small import book
from tests.small import program as compiled

RULES = """
- {parameter: strict, value: 3}
- rule: all-poor
  of: class
  when: [every subject has grade poor, at least 3 of the subjects are poor, the strict is 3]
  then: the result is poor
  overrides: [all-good]
- {rule: all-good, of: class, when: [every subject has grade good or better, at least 1 of the subjects is good], then: the result is good}
- {rule: subject.marked, of: subject of a class, then: the grade is the mark}
- {rule: subject.of-school, of: subject of a school, then: the grade is the mark}
"""


@pytest.fixture(scope="module")
def small() -> Program:
    return compiled(part_yaml=RULES)


def proof(small: Program, what: str) -> str:
    """Why a mutant is equal, or nothing."""
    making = Making(WrittenEntries(book(part_yaml=RULES)))
    making.add(small)
    [mutant] = [each for each in making.mutants() if each.what == what]
    return proved_equal(mutant, {"old": small})


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (
            "`the strict is 3` is dropped from `all-poor`",
            FIRES_ALIKE,
        ),  # the parameter is never anything else
        ("`all-good` overrides `all-poor` instead of being overridden by it", NEVER_BOTH),
        (
            "`every subject has grade poor` is dropped from `all-poor`",
            FIRES_ALIKE,
        ),  # there are three subjects
    ],
)
def test_it_is_equal(small: Program, what: str, reason: str) -> None:
    assert proof(small, what) == reason


@pytest.mark.parametrize(
    "what",
    [
        # where marks are missing either may fire: a conflict is possible then
        "`all-poor` no longer overrides `all-good`",
        "`at least 1 of the subjects is good` becomes `at least 2 of the subjects are good` in `all-good`",
        "`at least 1 of the subjects is good` is dropped from `all-good`",
        "`all-good` is deleted",
    ],
)
def test_it_is_not_called_equal(small: Program, what: str) -> None:
    assert proof(small, what) == ""
