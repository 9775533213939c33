"""The solver's answers about generated rulebooks and cases, against the engine: each choice, each
smallest set, each possible value.
"""

from __future__ import annotations

import pytest
from hypothesis import event, given

from .cases import bound, written
from .dice import seeded
from .shrinking import must
from .solving import (
    finds_the_smallest_sets,
    finds_what_is_really_possible,
    possible_values_equal_all_completions,
    says_what_the_engine_says,
    smallest_sets_equal_exhaustive_search,
    the_formula_equals_the_engine,
)
from .test_properties import Pair, examples, pairs, readable

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced

RUNS = 40  # of one exhaustive search: `python -m tests.fuzz` takes more


@given(pairs(2))
@examples(20)
def test_for_every_choice_of_facts_the_formula_gives_what_the_engine_gives(pair: Pair) -> None:
    program = readable(pair.rulebook)
    for tree in pair.trees:
        try:
            compared = says_what_the_engine_says(
                program, bound(written(tree), program.vocabulary), seeded(pair.seed), choices=2
            )
        except Exception:
            must(the_formula_equals_the_engine, pair.rulebook, tree)
            raise
        event("compared", str(min(compared, 1)))


@given(pairs(4))
@examples(20)
def test_the_smallest_sets_of_changes_are_those_of_exhaustive_search(pair: Pair) -> None:
    program = readable(pair.rulebook)
    for tree in pair.trees:
        try:
            sought = finds_the_smallest_sets(
                program, bound(written(tree), program.vocabulary), seeded(pair.seed), RUNS
            )
        except Exception:
            must(smallest_sets_equal_exhaustive_search, pair.rulebook, tree)
            raise
        event("values sought", "none" if not sought else "one" if sought == 1 else "several")


@given(pairs(2))
@examples(20)
def test_what_may_really_be_is_what_some_completion_gives(pair: Pair) -> None:
    program = readable(pair.rulebook)
    for tree in pair.trees:
        try:
            compared = finds_what_is_really_possible(
                program, bound(written(tree), program.vocabulary), seeded(pair.seed)
            )
        except Exception:
            must(possible_values_equal_all_completions, pair.rulebook, tree)
            raise
        event("undetermined", "yes" if compared else "no")
