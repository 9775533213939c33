"""Facts that nothing reads, on generated rulebooks and cases: they change nothing, and all others
are named by some rule.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, event, given, reject, settings

from rulewright.syntax.errors import InputError

from .books import Book
from .cases import bound, written
from .properties import AS_AT_DAY, agree, answer, compiled, parameters_of
from .shrinking import must
from .test_properties import Pair, pairs
from .unread import changed, check_listed, decided, said_besides
from .words import Tree

pytestmark = pytest.mark.untraced  # other tests reach the lines

EXAMPLES = 60 * int(os.environ.get("RULEWRIGHT_EXAMPLES", "1"))


def what_nothing_reads_changes_nothing(rulebook: Book, tree: Tree) -> int:
    """What is listed is what no rule names; whatever else it says, values, notes and warnings stay.

    How many facts are listed.
    """
    program = compiled(rulebook.texts())
    parameters = parameters_of(program)
    case = bound(written(tree), program.vocabulary)
    result = agree(program, case)
    decision = decided(program, case, AS_AT_DAY, parameters, result)
    unread = check_listed(program, case, decision)
    others = list(changed(program, case, unread)) if unread else []
    for number, other in enumerate(others):
        # all of them at once: by both engines
        again = agree(program, other) if number >= len(others) - 4 else answer(program, other)
        assert again == result, "results"
        same = decided(program, other, AS_AT_DAY, parameters, again)
        assert said_besides(same) == said_besides(decision), "what is said of them"
    return len(unread)


@given(pairs())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_what_nothing_reads_changes_nothing(pair: Pair) -> None:
    rulebook, tree = pair.rulebook, pair.trees[0]
    try:
        count = what_nothing_reads_changes_nothing(rulebook, tree)
    except InputError as error:
        event("refused", error.problems[0].code)
        reject()
    except Exception:
        must(what_nothing_reads_changes_nothing, rulebook, tree)
        raise
    event("facts that nothing reads", "none" if not count else "1..3" if count <= 3 else "more")
