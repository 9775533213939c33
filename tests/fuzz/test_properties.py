"""What must hold of every rulebook and case, on generated ones.

`make test` runs a small, repeatable share. `RULEWRIGHT_FUZZ=20000 pytest tests/fuzz` runs that many pairs more through both
engines, from a new seed that it prints.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from rulewright.language.errors import InputError

from .campaign import CASES_A_PROGRAM, agree, answer, bound, complete, compiled, differences, forward, written
from .cases import tell
from .changes import damaged, raised, reordered, reordered_case, restyled, spelt, thresholds
from .dice import drawn
from .programs import Book, book

PAIRS = 300
steady = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
REGRESSIONS = sorted(Path(__file__).with_name("regressions").glob("*.yaml"))


def examples(count: int) -> settings:
    return settings(steady, max_examples=count)


@given(st.data())
@examples(PAIRS // CASES_A_PROGRAM + 2)
def test_the_engines_agree(data: st.DataObject) -> None:
    """Both engines give equal results (where the forward engine can be loaded; else the reference answers without an error)."""
    dice = drawn(data.draw)
    rulebook, words = book(dice)
    try:
        program = compiled(rulebook.texts())
    except InputError:
        event("refused")
        assume(False)
    for _ in range(CASES_A_PROGRAM):
        case = bound(written(tell(dice, words)), program.vocabulary)
        result = agree(program, case)
        event("a rule fires", str(any(f.status == 2 for s in result.settled.values() for f in s.firings)))
        event("something is undetermined", str(any(len(s.possible.values) > 1 for s in result.settled.values())))


@given(st.data())
@examples(40)
def test_the_order_of_files_facts_and_children_has_no_effect(data: st.DataObject) -> None:
    dice = drawn(data.draw)
    rulebook, words = book(dice)
    tree = tell(dice, words)
    other_book, other_tree = reordered(rulebook, dice), reordered_case(tree, dice)
    try:
        program = compiled(rulebook.texts())
    except InputError:
        with pytest.raises(InputError):
            compiled(other_book.texts())
        return
    other = compiled(other_book.texts())
    assert other.digest == program.digest
    case, same = bound(written(tree), program.vocabulary), bound(written(other_tree), other.vocabulary)
    assert same.digest == case.digest
    assert [each.path for each in same.entities] == [each.path for each in case.entities]
    for engine in [answer] if forward is None else [answer, lambda p, c: answer(p, c, forward)]:
        one, two = engine(program, case), engine(other, same)
        assert not differences(one, two, case)
        assert (list(one.settled), list(one.notices)) == (list(two.settled), list(two.notices)), "the order of the record"


@given(st.data())
@examples(30)
def test_what_completions_answer_was_possible(data: st.DataObject) -> None:
    dice = drawn(data.draw)
    rulebook, words = book(dice)
    tree = tell(dice, words)
    try:
        program = compiled(rulebook.texts())
    except InputError:
        assume(False)
    count = complete(program, bound(written(tree), program.vocabulary), dice)
    event("completions", "1" if count == 1 else "2..64" if count <= 64 else "more")


@given(st.data())
@examples(60)
def test_damaged_texts_are_refused_or_read(data: st.DataObject) -> None:
    """Nothing but `InputError` comes of a damaged rulebook or case; what can still be read runs."""
    dice = drawn(data.draw)
    rulebook, words = book(dice)
    texts, case_text = rulebook.texts(), written(tell(dice, words))
    if dice.chance(70):
        name = dice.pick(sorted(texts))
        texts[name] = damaged(texts[name], dice)
    else:
        case_text = damaged(case_text, dice)
    try:
        program = compiled(texts)
        case = bound(case_text, program.vocabulary)
    except InputError as error:
        event("refused", error.problems[0].code)
        assert all(each.code and each.message for each in error.problems)
        return
    event("still read")
    agree(program, case)


@given(st.data())
@examples(20)
def test_the_digest_is_of_the_meaning(data: st.DataObject) -> None:
    """Comments, quotes, indents, line breaks, capitals and dashes do not change the digest; a threshold does."""
    dice = drawn(data.draw)
    rulebook, _ = book(dice)
    try:
        program = compiled(rulebook.texts())
    except InputError:
        assume(False)
    assert compiled(restyled(rulebook, dice)).digest == program.digest
    respelt = rulebook.copy()
    respelt.parts = {name: [spelt(item, dice) for item in items] for name, items in respelt.parts.items()}
    assert compiled(respelt.texts()).digest == program.digest
    changed = rulebook.copy()
    found = thresholds(changed)
    if found:
        rule, when, index = dice.pick(found)
        rule[when][index] = raised(rule[when][index])
        assert compiled(changed.texts()).digest != program.digest
        event("a threshold changed")


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_what_was_found_once_stays_right(path: Path, request: pytest.FixtureRequest) -> None:
    """Each file of `regressions/`: a rulebook, perhaps a case, and what must come of them.

    `expect`: possible values by path, in words; without it the pair need only compile, run, and hold its completions.
    """
    found = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    if "still fails" in found:
        request.applymarker(pytest.mark.xfail(strict=True, reason=found["still fails"]))
    texts = {name: text if isinstance(text, str) else written(text) for name, text in found["files"].items()}
    program = compiled(texts)
    if "case" not in found:
        return
    case = bound(found["case"] if isinstance(found["case"], str) else written(found["case"]), program.vocabulary)
    result = agree(program, case)
    for where, expected in found.get("expect", {}).items():
        entity, _, name = where.rpartition(" > ")
        index = next(each.index for each in case.entities if each.path == entity)
        kind = program.vocabulary.entities[case.entities[index].type].attributes[name].type
        assert ", ".join(result.settled[index, name].possible.show(kind)) == expected, where
    for _ in range(3):
        complete(program, case, drawn(lambda strategy: 0))


@pytest.mark.skipif(not os.environ.get("RULEWRIGHT_FUZZ"), reason="RULEWRIGHT_FUZZ=N runs N pairs")
def test_many_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    from .__main__ import main

    with capsys.disabled():
        assert main([os.environ["RULEWRIGHT_FUZZ"], os.environ.get("RULEWRIGHT_FUZZ_SEED", str(random.SystemRandom().randrange(10**9)))]) == 0


__all__ = ["Book"]
