"""What must hold of every rulebook and case, on generated ones.

`make test` runs a small, repeatable share. `RULEWRIGHT_FUZZ=20000 pytest tests/fuzz` runs that many
pairs more through both engines, from a new seed that it prints.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, event, given, reject, settings
from hypothesis import strategies as st

from rulewright.engines.evaluator import evaluate as reference
from rulewright.engines.result import MET
from rulewright.ir.program import Program
from rulewright.syntax.errors import InputError

from .books import Book
from .campaign import CASES_A_PROGRAM
from .cases import bound, cases, written
from .changes import raised, reasoned, reordered, reordered_case, respelt, restyled, thresholds
from .dice import seeded
from .oracle import MOST
from .programs import books
from .properties import (
    agree,
    answer,
    compiled,
    complete,
    completions_hold,
    damage,
    differences,
    engines_agree,
    forward,
)
from .shrinking import must
from .words import Tree

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced

PAIRS = 300
REGRESSIONS = sorted(Path(__file__).with_name("regressions").glob("*.yaml"))


class Pair:
    """A rulebook, cases for it, and a seed for what else is left to chance.

    A failure is shown small, by `must`.
    """

    def __init__(self, rulebook: Book, trees: list[Tree], seed: int) -> None:
        self.rulebook, self.trees, self.seed = rulebook, trees, seed

    def __repr__(self) -> str:
        return "<a pair>"


@st.composite
def pairs(draw: st.DrawFn, cases_a_program: int = 1) -> Pair:
    rulebook, words = draw(books())
    return Pair(
        rulebook, [draw(cases(words)) for _ in range(cases_a_program)], draw(st.integers(0, 2**30))
    )


def examples(count: int) -> settings:
    """So many examples, the same each time; `RULEWRIGHT_EXAMPLES=10` takes ten times as many.

    `must` makes failures small.
    """
    most = count * int(os.environ.get("RULEWRIGHT_EXAMPLES", "1"))
    return settings(
        max_examples=most,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def readable(rulebook: Book) -> Program:
    """The program, if the generated rulebook compiles."""
    try:
        return compiled(rulebook.texts())
    except InputError as error:
        event("refused", error.problems[0].code)
        reject()


@given(pairs(CASES_A_PROGRAM))
@examples(-(-PAIRS // CASES_A_PROGRAM))
def test_the_engines_agree(pair: Pair) -> None:
    """Both engines give equal results (where the forward engine can be loaded; else the reference
    answers without an error).
    """
    rulebook, trees = pair.rulebook, pair.trees
    program = readable(rulebook)
    for tree in trees:
        try:
            result = agree(program, bound(written(tree), program.vocabulary))
        except Exception:
            must(engines_agree, rulebook, tree)
            raise
        event(
            "a rule fires",
            str(any(f.status == MET for s in result.settled.values() for f in s.firings)),
        )
        event(
            "something is undetermined",
            str(any(len(s.possible.values) > 1 for s in result.settled.values())),
        )


@given(pairs())
@examples(18)
def test_the_order_of_files_facts_and_children_has_no_effect(pair: Pair) -> None:
    rulebook, tree, seed = pair.rulebook, pair.trees[0], pair.seed
    readable(rulebook)

    def order_has_no_effect(rulebook: Book, tree: Tree) -> None:
        dice = seeded(seed)
        program, other = compiled(rulebook.texts()), compiled(reordered(rulebook, dice).texts())
        assert other.digest == program.digest, "the digest of the program"
        case, same = (
            bound(written(tree), program.vocabulary),
            bound(written(reordered_case(tree, dice)), other.vocabulary),
        )
        assert same.digest == case.digest, "the digest of the case"
        assert [each.path for each in same.entities] == [each.path for each in case.entities], (
            "entities"
        )
        for engine in [reference] if forward is None else [reference, forward]:
            one, two = answer(program, case, engine), answer(other, same, engine)
            assert not differences(one, two, case), "results"
            assert (list(one.settled), list(one.notices)) == (
                list(two.settled),
                list(two.notices),
            ), "the order of the record"

    must(order_has_no_effect, rulebook, tree)


@given(pairs())
@examples(24)
def test_what_completions_answer_was_possible(pair: Pair) -> None:
    rulebook, tree, seed = pair.rulebook, pair.trees[0], pair.seed
    program = readable(rulebook)
    try:
        count = complete(
            program,
            bound(written(tree), program.vocabulary),
            seeded(seed),
            MOST if seed % 3 == 0 else 48,
        )
    except AssertionError:
        must(completions_hold, rulebook, tree)
        raise
    event("completions", "1" if count == 1 else "2..64" if count <= 64 else "more")


@given(pairs())
@examples(60)
def test_damaged_texts_are_refused_or_read(pair: Pair) -> None:
    """Nothing but `InputError` comes of a damaged rulebook or case; what can still be read runs."""
    rulebook, tree, seed = pair.rulebook, pair.trees[0], pair.seed
    damage(rulebook, tree, seed)


@given(pairs())
@examples(12)
def test_the_digest_is_of_the_meaning(pair: Pair) -> None:
    """Comments, quotes, indents, line breaks, capitals, dashes and reasons do not change the
    digest; a threshold does.
    """
    rulebook, seed = pair.rulebook, pair.seed
    readable(rulebook)

    def digest_is_of_the_meaning(rulebook: Book, _: object) -> None:
        dice = seeded(seed)
        program = compiled(rulebook.texts())
        digest = program.digest
        assert compiled(reasoned(rulebook, dice).texts()) == program, "reasons"
        assert compiled(restyled(rulebook, dice)).digest == digest, "another style"
        assert compiled(respelt(rulebook, dice).texts()).digest == digest, "another spelling"
        changed = rulebook.copy()
        found = thresholds(changed)
        if found:
            rule, index = dice.pick(found)
            rule["when"][index] = raised(rule["when"][index])
            assert compiled(changed.texts()).digest != digest, "a threshold"

    must(digest_is_of_the_meaning, rulebook, None)


def _texts(files: dict[str, Any]) -> dict[str, str]:
    return {
        name: content if isinstance(content, str) else written(content)
        for name, content in files.items()
    }


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_what_was_found_once_stays_right(path: Path, request: pytest.FixtureRequest) -> None:
    """Each file of `regressions/`: a rulebook, perhaps a case, and what must come of them.

    `expect`: possible values by path, in words; without it the pair need only compile, run, and
    hold its completions. `same meaning`: another rulebook with the same digest. `still fails`: why
    this is not right yet.
    """
    found = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    if "still fails" in found:
        request.applymarker(pytest.mark.xfail(strict=True, reason=found["still fails"]))
    program = compiled(_texts(found["files"]))
    if "same meaning" in found:
        assert compiled(_texts(found["same meaning"])).digest == program.digest
    if "case" not in found:
        return
    case = bound(
        found["case"] if isinstance(found["case"], str) else written(found["case"]),
        program.vocabulary,
    )
    result = agree(program, case)
    for where, expected in found.get("expect", {}).items():
        entity, _, name = where.rpartition(" > ")
        index = next(each.index for each in case.entities if each.path == entity)
        kind = program.vocabulary.entities[case.entities[index].type].attributes[name].type
        assert ", ".join(result.settled[index, name].possible.show(kind)) == expected, where
    complete(program, case, seeded(0))


@pytest.mark.skipif(not os.environ.get("RULEWRIGHT_FUZZ"), reason="RULEWRIGHT_FUZZ=N runs N pairs")
def test_many_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    from .__main__ import main

    seed = os.environ.get("RULEWRIGHT_FUZZ_SEED", str(random.SystemRandom().randrange(10**9)))
    with capsys.disabled():
        assert main([os.environ["RULEWRIGHT_FUZZ"], seed]) == 0
