"""Amendments of generated rulebooks: a repeal equals a policy written without, restoring undoes it, and the engines agree."""

from __future__ import annotations

from hypothesis import event, given

from rulewright.language.errors import InputError
from rulewright.language.rulebook import rulebook_from_texts
from rulewright.program.compiling import compile_policy
from rulewright.program.model import Program

from .books import Book, written
from .campaign import agree
from .cases import bound
from .cases import written as as_text
from .dice import seeded
from .test_properties import Pair, examples, pairs, readable


def chain(rulebook: Book, gone: list[str]) -> tuple[dict[str, str], str]:
    """The files with an amendment that repeals some entries and one that restores them; the name of the policy."""
    name = str(rulebook.policy["policy"])
    cut = {"policy": "cut", "status": "proposed", "amends": name, "repeals": gone}
    back = {"policy": "back", "status": "proposed", "amends": "cut", "restores": gone[::-1]}
    return {**rulebook.texts(), "cut.yaml": written(cut), "back.yaml": written(back)}, name


def without(rulebook: Book, gone: list[str]) -> Book:
    """The rulebook written without some entries; overrides of them left out."""
    copy = rulebook.copy()
    for part, items in copy.parts.items():
        copy.parts[part] = [item for item in items if name_of(item) not in gone]
        for item in copy.parts[part]:
            for tree in (item, *(item.get("rules") or [])):
                if "overrides" in tree:
                    tree["overrides"] = [each for each in tree["overrides"] if str(each) not in gone]
    copy.parts = {part: items for part, items in copy.parts.items() if items}
    return copy


def name_of(item: dict[str, object]) -> str:
    return str(next((item[kind] for kind in ("rule", "table", "use") if kind in item), ""))


def program_of(texts: dict[str, str], policy: str) -> Program | None:
    try:
        return compile_policy(rulebook_from_texts(texts), policy)
    except InputError:
        return None


@given(pairs())
@examples(40)
def test_a_repeal_equals_a_policy_written_without_and_restoring_undoes_it(pair: Pair) -> None:
    rulebook, dice = pair.rulebook, seeded(pair.seed)
    program = readable(rulebook)
    names = [name for items in rulebook.parts.values() for item in items if (name := name_of(item))]
    gone = dice.shuffled(names)[: 1 + dice.below(3)]
    texts, _ = chain(rulebook, gone)
    cut, back = program_of(texts, "cut"), program_of(texts, "back")
    if cut is None:
        event("repeal", "refused")
        return
    event("repeal", "read")
    assert back is not None, "what was repealed cannot be restored"
    assert (back.nodes, back.notices, back.parameters) == (program.nodes, program.notices, program.parameters), "restored"
    bare = program_of(without(rulebook, gone).texts(), str(rulebook.policy["policy"]))
    if bare is not None:
        assert (cut.nodes, cut.notices, cut.parameters) == (bare.nodes, bare.notices, bare.parameters), "written without"
    agree(cut, bound(as_text(pair.trees[0]), cut.vocabulary))
