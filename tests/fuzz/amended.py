"""What must hold of generated amendments, of policies and as other readings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rulewright.amendments.interpretations import readings_of
from rulewright.compiler.compiler import compile_policy
from rulewright.compiler.variants import Variants, base_of
from rulewright.engines.changed_program import evaluate_again
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import InputError
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import ReadingModel

from .books import Book, written
from .cases import bound
from .cases import written as as_text
from .properties import AS_AT_DAY, agree, answer, parameters_of
from .rewriting import rewritten
from .words import Tree


def program_of(texts: dict[str, str], policy: str) -> Program | None:
    try:
        return compile_policy(rulebook_from_texts(texts), policy)
    except InputError:
        return None


def meaning(program: Program) -> dict[str, Any]:
    """All that decides, and nothing of names, places and chains."""
    same = (
        "vocabulary",
        "parameters",
        "nodes",
        "notices",
        "scope",
        "published",
        "withdrawals",
        "idle",
        "asks",
    )
    return {name: getattr(program, name) for name in same}


def equal(one: Program, other: Program, how: str) -> None:
    left, right = meaning(one), meaning(other)
    assert left == right, f"{how}: {[name for name in left if left[name] != right[name]]}"


def chain(rulebook: Book, amendment: Tree) -> dict[str, str]:
    """The files of a rulebook with a policy `amended`."""
    return {
        **rulebook.texts(),
        "amended.yaml": written(
            {"policy": "amended", "status": "proposed", "amends": "p", **amendment}
        ),
    }


def amending_equals_writing(rulebook: Book, tree: Tree) -> None:
    """Whatever an amendment replaces, adds, repeals or keeps for a while; and the engines agree on
    it.
    """
    so = rewritten(rulebook, tree["amendment"])
    program = program_of(chain(rulebook, tree["amendment"]), "amended")
    plain = program_of(so.texts(), "p") if so is not None else None
    assert so is None or (program is None) == (plain is None), (
        f"read: {program is not None} amended, {plain is not None} written so"
    )
    if program is None:
        return
    if plain is not None:
        equal(program, plain, "written so")
    agree(program, bound(as_text(tree["case"]), program.vocabulary))


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
            for attempt in (variants.under, variants.trial):
                assert refuses(attempt, reading), (
                    f"{attempt.__name__} finds nothing wrong with what does not compile"
                )
            continue
        variant = variants.under(reading)
        variants.trial(reading)
        assert variant.program.idle <= whole.idle  # what stays may have lost its use
        equal(replace(variant.program, idle=whole.idle), whole, "a variant")
        assert variant.program.lapsed == whole.lapsed
        assert variant.program.interpretations == whole.interpretations
        values = parameters_of(whole)
        again, result = (
            evaluate_again(variant, case, AS_AT_DAY, values, before),
            answer(whole, case),
        )
        assert again.settled == result.settled, "answered again"
        assert again.withdrawn == result.withdrawn, "answered again"
        agree(variant.program, case)


def refuses(attempt: Any, reading: ReadingModel) -> bool:
    try:
        attempt(reading)
    except InputError:
        return True
    return False
