"""Amendments of generated rulebooks: each equals a policy written so in the first place, and only what changes need be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from rulewright.engines.again import evaluate_again
from rulewright.language.errors import InputError
from rulewright.language.models import ReadingModel
from rulewright.language.reading import read_as
from rulewright.language.rulebook import rulebook_from_texts
from rulewright.program.compiling import compile_policy
from rulewright.program.model import Program
from rulewright.program.readings import readings_of
from rulewright.program.varying import Variants, base_of

from .amendments import Amender, with_readings
from .books import Book, written
from .campaign import AS_AT_DAY, agree, answer, must, parameters_of
from .cases import bound, cases
from .cases import written as as_text
from .dice import seeded
from .programs import books
from .rewriting import name_of, rewritten, without
from .test_properties import Pair, examples, pairs, readable
from .words import Tree


@st.composite
def amended(draw: st.DrawFn, readings: int = 0) -> Pair:
    """A rulebook, and a case beside an amendment, or beside several other readings that the rulebook has."""
    rulebook, words = draw(books())
    dice = seeded(draw(st.integers(0, 2**30)))
    case = draw(cases(words))
    if readings:
        rulebook = with_readings(rulebook, [Amender(dice, words, rulebook).amendment() for _ in range(readings)])
        return Pair(rulebook, [case], 0)
    amender = Amender(dice, words, rulebook)
    tree = amender.of_a_policy() if dice.chance(30) else {}
    return Pair(rulebook, [{"case": case, "amendment": tree | amender.amendment()}], 0)


def program_of(texts: dict[str, str], policy: str) -> Program | None:
    try:
        return compile_policy(rulebook_from_texts(texts), policy)
    except InputError:
        return None


def meaning(program: Program) -> dict[str, Any]:
    """All that decides, and nothing of names, places and chains."""
    same = ("vocabulary", "parameters", "nodes", "notices", "scope", "published", "withdrawals", "idle", "asks")
    return {name: getattr(program, name) for name in same}


def equal(one: Program, other: Program, how: str) -> None:
    left, right = meaning(one), meaning(other)
    assert left == right, f"{how}: {[name for name in left if left[name] != right[name]]}"


# -- amending ---------------------------------------------------------------------------------------------------------


@given(pairs())
@examples(25)
def test_a_repeal_equals_a_policy_written_without_and_restoring_undoes_it(pair: Pair) -> None:
    rulebook, dice = pair.rulebook, seeded(pair.seed)
    program = readable(rulebook)
    names = [name for items in rulebook.parts.values() for item in items if (name := name_of(item))]
    gone = dice.shuffled(names)[: 1 + dice.below(3)]
    texts = chain(rulebook, {"repeals": gone})
    texts["back.yaml"] = written({"policy": "back", "status": "proposed", "amends": "amended", "restores": gone[::-1]})
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


def chain(rulebook: Book, amendment: Tree) -> dict[str, str]:
    """The files of a rulebook with a policy `amended`."""
    return {**rulebook.texts(), "amended.yaml": written({"policy": "amended", "status": "proposed", "amends": "p", **amendment})}


@given(amended())
@examples(40)
def test_an_amended_policy_equals_one_written_so_in_the_first_place(pair: Pair) -> None:
    readable(pair.rulebook)
    must(amending_equals_writing, pair.rulebook, pair.trees[0])


def amending_equals_writing(rulebook: Book, tree: Tree) -> None:
    """Whatever an amendment replaces, adds, repeals or keeps for a while; and the engines agree on it."""
    so = rewritten(rulebook, tree["amendment"])
    program = program_of(chain(rulebook, tree["amendment"]), "amended")
    plain = program_of(so.texts(), "p") if so is not None else None
    event("amendment", "refused" if program is None else "read")
    assert so is None or (program is None) == (plain is None), f"read: {program is not None} amended, {plain is not None} written so"
    if program is None:
        return
    if plain is not None:
        equal(program, plain, "written so")
    agree(program, bound(as_text(tree["case"]), program.vocabulary))


# -- other readings ---------------------------------------------------------------------------------------------------


@given(amended(readings=4))
@examples(25)
def test_a_variant_equals_the_whole_policy_compiled_and_a_case_answered_again(pair: Pair) -> None:
    readable(pair.rulebook)
    must(reading_what_changes_is_enough, pair.rulebook, pair.trees[0])


def reading_what_changes_is_enough(rulebook: Book, tree: Tree) -> None:
    """Each other reading of the rulebook, from what it changes alone and from the whole."""
    book = rulebook_from_texts(rulebook.texts())
    base = base_of(book, "p")
    variants = Variants(base)
    case = bound(as_text(tree), base.program.vocabulary)
    before = answer(base.program, case)
    for _, name, content in readings_of(base.assembly):
        reading = read_as(ReadingModel, content, name.place.file)
        try:
            whole = compile_policy(book, "p", reading)
        except InputError:
            event("reading", "refused")
            for attempt in (variants.under, variants.footprint):
                assert refuses(attempt, reading), f"{attempt.__name__} finds nothing wrong with what does not compile"
            continue
        event("reading", "read")
        variant = variants.under(reading)
        variants.footprint(reading)
        assert variant.program.idle <= whole.idle  # what stays may have lost its use
        equal(replace(variant.program, idle=whole.idle), whole, "a variant")
        assert variant.program.lapsed == whole.lapsed
        assert variant.program.interpretations == whole.interpretations
        values = parameters_of(whole)
        again, result = evaluate_again(variant, case, AS_AT_DAY, values, before), answer(whole, case)
        assert again.settled == result.settled, "answered again"
        assert again.withdrawn == result.withdrawn, "answered again"
        agree(variant.program, case)


def refuses(attempt: Any, reading: ReadingModel) -> bool:
    try:
        attempt(reading)
    except InputError:
        return True
    return False
