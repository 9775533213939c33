"""Coverage on generated rulebooks: what is told to matter does, shortcuts lose nothing, and what is
proved is never contradicted.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from rulewright.coverage.impossible import Proofs
from rulewright.coverage.observer import CoverageSeen, Observer
from rulewright.coverage.written_rules import written as as_written
from rulewright.rulebook.rulebook import rulebook_from_texts

from .books import Book
from .cases import Teller, bound, written
from .dice import dice
from .programs import books
from .properties import compiled
from .shrinking import must
from .test_properties import Pair, examples, pairs, readable
from .weighed import mattered, weighed
from .words import Tree

pytestmark = pytest.mark.untraced


@given(pairs())
@examples(8)
def test_a_condition_matters_just_where_another_program_gives_another_outcome(pair: Pair) -> None:
    readable(pair.rulebook)

    def matters(rulebook: Book, tree: Tree) -> None:
        policy = as_written(compiled(rulebook.texts()))
        case = bound(written(tree), policy.program.vocabulary)
        observer = Observer(policy)
        observer.observe(weighed(policy.program, case), 0)
        of_the_policy = {key for key, held in policy.holders.items() if not held[0][0].rule.effect}
        told = {
            (key, status)
            for key, known in observer.seen.conditions.items()
            if key not in of_the_policy
            for status in known
        }
        found = set(mattered(policy, case))
        event("conditions that mattered", str(min(len(found), 5)))
        assert told == found

    must(matters, pair.rulebook, pair.trees[0])


@given(pairs(4))
@examples(12)
def test_what_one_case_has_shown_is_not_lost_by_another(pair: Pair) -> None:
    policy = as_written(readable(pair.rulebook))
    cases = [bound(written(tree), policy.program.vocabulary) for tree in pair.trees]
    together, apart = Observer(policy), CoverageSeen()
    for number, case in enumerate(cases):
        together.observe(weighed(policy.program, case), number)
        alone = Observer(policy)
        alone.observe(weighed(policy.program, case), number)
        take(apart, alone.seen)
    assert together.seen == apart


def take(seen: CoverageSeen, more: CoverageSeen) -> None:
    """What another case has shown, too; cases come in order, so what is known stays."""
    kept: list[tuple[dict[Any, dict[Any, int]], dict[Any, dict[Any, int]]]] = [
        (seen.conditions, more.conditions),
        (seen.rules, more.rules),
        (seen.withdrawals, more.withdrawals),
    ]
    for known, new in kept:
        for key, shown in new.items():
            for word, number in shown.items():
                known.setdefault(key, {}).setdefault(word, number)
    for override, number in more.overrides.items():
        seen.overrides.setdefault(override, number)
    seen.days |= more.days


@st.composite
def complete(draw: st.DrawFn) -> Pair:
    """A rulebook, and cases that state every fact and bring nothing from outside."""
    rulebook, words = draw(books())
    trees = [draw(dice().map(lambda each: Teller(each, words, 0).case())) for _ in range(8)]
    return Pair(
        rulebook,
        [{name: content for name, content in tree.items() if name != "supplied"} for tree in trees],
        0,
    )


@given(complete())
@examples(20)
def test_what_is_proved_never_to_matter_never_does(pair: Pair) -> None:
    policy = as_written(readable(pair.rulebook))
    observer = Observer(policy)
    for tree in pair.trees:
        run = weighed(policy.program, bound(written(tree), policy.program.vocabulary))
        if all(each.possible.determined for each in run.result.settled.values()):
            observer.observe(run, 0)
    rules: Any = SimpleNamespace(book=rulebook_from_texts(pair.rulebook.texts()))
    proofs = Proofs(rules)
    shown = [
        (key, status)
        for key, known in observer.seen.conditions.items()
        if key in policy.holders
        for status in known
    ]
    event("conditions that mattered", str(min(len(shown), 20)))
    for key, status in shown:
        assert not all(proofs.never_matters("p", *held, status) for held in policy.holders[key]), (
            key,
            status,
            pair.rulebook.texts(),
        )
