"""Coverage on generated rulebooks: what is told to matter does, shortcuts lose nothing, and what is proved is never contradicted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import event, given

from rulewright.engines.result import Status
from rulewright.language.rulebook import rulebook_from_texts
from rulewright.scenarios.coverage.cannot_be import Proofs
from rulewright.scenarios.coverage.observing import Observer, Seen
from rulewright.scenarios.coverage.written import ConditionKey
from rulewright.scenarios.coverage.written import written as as_written

from .books import Book
from .cases import bound, written
from .properties import compiled
from .shrinking import must
from .test_properties import Pair, examples, pairs, readable
from .weighed import mattered, weighed
from .words import Tree

pytestmark = pytest.mark.untraced


@given(pairs())
@examples(30)
def test_a_condition_matters_just_where_another_program_gives_another_outcome(pair: Pair) -> None:
    readable(pair.rulebook)

    def matters(rulebook: Book, tree: Tree) -> None:
        policy = as_written(compiled(rulebook.texts()))
        case = bound(written(tree), policy.program.vocabulary)
        observer = Observer(policy)
        observer.observe(weighed(policy.program, case), 0)
        of_the_policy = {leaf.key for leaves in (*policy.scope, *policy.withdrawals) for leaf in leaves} - policy.holders.keys()
        told = {(key, status) for key, known in observer.seen.conditions.items() if key not in of_the_policy for status in known}
        found = {(each.leaf.key, each.status) for each in mattered(policy, case)}
        event("conditions that mattered", str(min(len(found), 5)))
        assert told == found

    must(matters, pair.rulebook, pair.trees[0])


@given(pairs(4))
@examples(25)
def test_what_one_case_has_shown_is_not_lost_by_another(pair: Pair) -> None:
    policy = as_written(readable(pair.rulebook))
    cases = [bound(written(tree), policy.program.vocabulary) for tree in pair.trees]
    together, apart = Observer(policy), Seen()
    for number, case in enumerate(cases):
        together.observe(weighed(policy.program, case), number)
        alone = Observer(policy)
        alone.observe(weighed(policy.program, case), number)
        take(apart, alone.seen)
    assert together.seen == apart


def take(seen: Seen, more: Seen) -> None:
    """What another case has shown, too; cases come in order, so what is known stays."""
    kept: list[tuple[dict[Any, dict[Any, int]], dict[Any, dict[Any, int]]]] = [
        (seen.conditions, more.conditions), (seen.rules, more.rules), (seen.withdrawals, more.withdrawals)]  # fmt: skip
    for known, new in kept:
        for key, shown in new.items():
            for word, number in shown.items():
                known.setdefault(key, {}).setdefault(word, number)
    for override, number in more.overrides.items():
        seen.overrides.setdefault(override, number)
    seen.days |= more.days


@given(pairs())
@examples(40)
def test_what_is_proved_never_to_matter_never_does(pair: Pair) -> None:
    readable(pair.rulebook)

    def holds(rulebook: Book, tree: Tree) -> None:
        policy = as_written(compiled(rulebook.texts()))
        case = bound(written(tree), policy.program.vocabulary)
        rules: Any = SimpleNamespace(book=rulebook_from_texts(rulebook.texts()))
        proofs = Proofs(rules)
        proved: dict[tuple[ConditionKey, Status], str] = {}
        for each in mattered(policy, case):
            if each.decided and not case.supplied:
                proved[each.leaf.key, each.status] = proofs.never_matters("p", each.each, each.leaf, each.status)
        event("proofs held against a case", str(min(len(proved), 5)))
        assert not [each for each in proved.items() if each[1]]

    must(holds, pair.rulebook, pair.trees[0])
