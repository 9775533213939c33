"""Amendments of generated rulebooks: each equals a policy written so in the first place, and only
what changes need be read.
"""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from .amended import (
    amending_equals_writing,
    chain,
    equal,
    program_of,
    reading_what_changes_is_enough,
)
from .amendments import amendment_of, with_readings
from .books import written
from .cases import bound, cases
from .cases import written as as_text
from .dice import seeded
from .programs import books
from .properties import agree
from .rewriting import name_of, without
from .shrinking import must
from .test_properties import Pair, examples, pairs, readable

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced


@st.composite
def amended(draw: st.DrawFn, readings: int = 0) -> Pair:
    """A rulebook, and a case beside an amendment, or beside several other readings that the
    rulebook has.
    """
    rulebook, words = draw(books())
    dice = seeded(draw(st.integers(0, 2**30)))
    case = draw(cases(words))
    if readings:
        return Pair(with_readings(rulebook, words, dice, readings), [case], 0)
    return Pair(rulebook, [{"case": case, "amendment": amendment_of(rulebook, words, dice)}], 0)


# -- amending


@given(pairs())
@examples(15)
def test_a_repeal_equals_a_policy_written_without_and_restoring_undoes_it(pair: Pair) -> None:
    rulebook, dice = pair.rulebook, seeded(pair.seed)
    program = readable(rulebook)
    names = [name for items in rulebook.parts.values() for item in items if (name := name_of(item))]
    gone = dice.shuffled(names)[: 1 + dice.below(3)]
    texts = chain(rulebook, {"repeals": gone})
    texts["back.yaml"] = written(
        {"policy": "back", "status": "proposed", "amends": "amended", "restores": gone[::-1]}
    )
    cut, back = program_of(texts, "amended"), program_of(texts, "back")
    if cut is None:
        event("repeal", "refused")
        return
    event("repeal", "read")
    assert back is not None, "what was repealed cannot be restored"
    equal(back, program, "restored")
    bare = program_of(without(rulebook, gone).texts(), "p")
    if bare is not None:
        equal(cut, bare, "written without")
    agree(cut, bound(as_text(pair.trees[0]), cut.vocabulary))


@given(amended())
@examples(20)
def test_an_amended_policy_equals_one_written_so_in_the_first_place(pair: Pair) -> None:
    readable(pair.rulebook)
    must(amending_equals_writing, pair.rulebook, pair.trees[0])


# -- other readings


@given(amended(readings=4))
@examples(8)
def test_a_variant_equals_the_whole_policy_compiled_and_a_case_answered_again(pair: Pair) -> None:
    readable(pair.rulebook)
    must(reading_what_changes_is_enough, pair.rulebook, pair.trees[0])
