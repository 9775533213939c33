"""Where the check finds that a value depends on whether a fact was stated (RW717), and where it
finds nothing.
"""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from rulewright.ir.nodes import Known
from rulewright.ir.traversal import find
from rulewright.lint.checks import compile_all
from rulewright.lint.compiled import Compiled
from rulewright.lint.presence_tests import PresenceTest, asked_by, asked_in
from rulewright.rulebook.rulebook import rulebook_from_texts

from .books import Book
from .cases import bound, written
from .changes import reasoned
from .dice import seeded
from .properties import complete
from .shrinking import must
from .test_properties import Pair, examples, pairs, readable
from .words import Tree

pytestmark = pytest.mark.untraced


def policy_of(rulebook: Book) -> Compiled:
    policies, problems = compile_all(rulebook_from_texts(rulebook.texts()))
    assert not problems
    return next(each for each in policies if each.name == "p")


def asked(policy: Compiled) -> list[PresenceTest]:
    """What decides and asks whether a fact was stated."""
    return [
        each
        for each in (*asked_in(policy.unroller), *asked_by(policy.program))
        if each.facts and each.decides
    ]


def asks(policy: Compiled) -> bool:
    """The same, of the compiled program: whether anything in it but notes and warnings asks
    that.
    """
    program = policy.program
    rules = [rule for node in program.nodes for rule in node.every_rule]
    inputs = [each.inputs for node in program.nodes for each in node.exhaustive]
    withdrawals = [each.once for each in program.withdrawals]
    return any(
        each.noun.given and each.noun.attribute != "name"
        for each in find(Known, rules, inputs, program.scope, withdrawals)
    )


@given(pairs())
@examples(60)
def test_it_is_found_where_the_program_asks(pair: Pair) -> None:
    rulebook, seed = pair.rulebook, pair.seed
    readable(rulebook)

    def is_found(rulebook: Book, _: object) -> None:
        policy = policy_of(rulebook)
        found = asked(policy)
        assert bool(found) == asks(policy)
        assert all(each.place.file for each in found)
        assert len({each.place for each in found}) == len(found)
        with_reasons = asked(policy_of(reasoned(rulebook, seeded(seed))))
        assert len(with_reasons) == len(found), "reasons change what is asked"
        event("asked", str(min(len(found), 3)))
        event("given a reason", str(any(each.because for each in with_reasons)))

    must(is_found, rulebook, None)


@given(pairs(), st.booleans())
@examples(40)
def test_where_nothing_is_found_no_unseen_fact_gives_another_value(pair: Pair, less: bool) -> None:
    """Not even one that is known then: `is known` answers for each completion by itself."""
    rulebook, tree, seed = pair.rulebook, pair.trees[0], pair.seed
    program = readable(rulebook)
    if asked(policy_of(rulebook)):
        event("completions", "asks")
        return

    def holds(rulebook: Book, tree: Tree) -> None:
        complete(
            program,
            bound(written(tree), program.vocabulary),
            seeded(seed),
            16 if less else 48,
            frozen=False,
        )

    event("completions", "held")
    must(holds, rulebook, tree)
