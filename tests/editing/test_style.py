"""Whatever a file looks like, formatting changes nothing that it says, keeps its comments, and is
done after one time.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.compiler.compiler import compile_policy
from rulewright.editing import style
from rulewright.editing.style import styled
from rulewright.editing.yaml_nodes import said
from rulewright.facts.cases import CaseText
from rulewright.ledger.stored_cases import case_bytes
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import NOWHERE, InputError
from rulewright.syntax.text import Text
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.workbench import Rules
from tests.mess import Mess, comments, read, same, some_tree
from tests.small import OLD, PART, VOCABULARY


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_what_is_said_stays_and_once_is_enough(random: Random) -> None:
    text = Mess(random).file(some_tree(random)).removeprefix("\ufeff")
    try:
        tree = read(text)
    except InputError:
        return  # not every mess can be read; those are left alone
    after = styled(text, "mess.yaml")
    assert same(read(after), tree)
    assert list(map(str, (each for _, each in said(after)))) == list(
        map(str, (each for _, each in said(text)))
    )
    assert comments(after) == comments(text)
    assert styled(after, "mess.yaml") == after
    assert "\r" not in after
    assert after.endswith("\n")


# -- cases and rulebooks

BOOK = {
    "vocabulary.yaml": VOCABULARY.replace(
        "      kind: {one",
        "      motto: text\n      house: {text, unless stated: none}\n      kind: {one",
    ),
    "part.yaml": PART
    + '- {rule: motto, of: school, when: the motto is known, note: "motto {the motto}"}\n',
    "old.yaml": OLD,
}
QUOTED = [
    Text.at(each, NOWHERE, quoted=True) for each in ("unknown", "Unknown", "UNKNOWN", "-unknown")
]
TEXTS = st.sampled_from(
    [*QUOTED, Text("unknown"), Text("UNKNOWN"), "none", "null", "~", "by work", "no: never", "# 1"]
)
SUBJECTS = st.dictionaries(
    st.sampled_from(["reading", "writing", "sums"]),
    st.sampled_from(["good", "poor", "fair", Text("unknown")]),
)
CASES = st.fixed_dictionaries(
    {
        "case": st.sampled_from(["a school", "unknown", "x: y"]),
        "as at": st.just("2023-06-01"),
        "school": st.fixed_dictionaries(
            {"name": st.sampled_from(["S", "it's", "unknown"])},
            optional={
                "motto": TEXTS,
                "house": TEXTS,
                "kind": st.sampled_from(["primary", "Secondary"]),
                "points": st.sampled_from(["62", "0", Text("unknown")]),
                "classes": st.lists(st.sampled_from(["1a", "1 b", "2: c"]), unique=True).flatmap(
                    lambda names: st.tuples(
                        *(
                            st.fixed_dictionaries(
                                {"name": st.just(each)},
                                optional={
                                    "subjects": SUBJECTS,
                                    "small": st.sampled_from(["yes", "no"]),
                                },
                            )
                            for each in names
                        )
                    ).map(list)
                ),
            },
        ),
    }
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    folder = tmp_path_factory.mktemp("style")
    for name, text in BOOK.items():
        (folder / name).write_text(text, "utf-8")
    return Rules(folder)


def outcome(rules: Rules, text: str) -> tuple[Any, ...]:
    """All that a case comes to: what a ledger keeps of it, its digest, and the decision."""
    case = CaseText(load_yaml(text, "case.yaml"), "case.yaml")
    decision = rules.run(case).decision
    return case_bytes(case, rules.program("old")), decision.case_digest, decision


@settings(max_examples=150)
@given(CASES, st.randoms(use_true_random=False))
def test_a_case_stays_the_case_that_it_was(
    rules: Rules, case: dict[str, Any], random: Random
) -> None:
    text = Mess(random).file(case).removeprefix("\ufeff")
    try:
        before = outcome(rules, text)
    except InputError:
        return
    assert outcome(rules, styled(text, "case.yaml")) == before


def bare(tree: Any) -> Any:
    """A tree of texts of which nobody asks whether they are quoted."""
    if isinstance(tree, dict):
        return {str(name): bare(value) for name, value in tree.items()}
    return list(map(bare, tree)) if isinstance(tree, list) else str(tree)


@settings(max_examples=50)
@given(st.integers(0, 1_000_000))
def test_a_rulebook_stays_what_it_was(seed: int) -> None:
    random = Random(seed)
    messy = {
        name: Mess(random).file(bare(load_yaml(text, name))).removeprefix("\ufeff")
        for name, text in BOOK.items()
    }
    try:
        before = compile_policy(rulebook_from_texts(messy), "old")
    except InputError:
        return
    after = {name: styled(text, name) for name, text in messy.items()}
    assert compile_policy(rulebook_from_texts(after), "old").digest == before.digest
    assert {name: comments(text) for name, text in after.items()} == {
        name: comments(text) for name, text in messy.items()
    }


@pytest.mark.parametrize(
    "written", ['"unknown"', "'unknown'", '"Unknown"', "'UNKNOWN'", '"null"', "'~'", '""']
)
def test_quotation_marks_that_say_something_stay(written: str) -> None:
    assert styled(f"motto: {written}\n", "case.yaml") == f"motto: {written}\n".replace("'", '"')


def test_what_was_quoted_is_compared_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(style, "requoted", lambda _written, value, _style, in_flow: value)
    with pytest.raises(InputError, match="RW437"):
        styled('motto: "unknown"\n', "case.yaml")


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(),
    reason="the memory of one process cannot be measured here",
)
def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "names.yaml"
    file.write_text(
        "".join(f"n{each}: x\n" for each in range(50_000)).replace("n7:", "n7:  "), "utf-8"
    )
    script = (
        "import sys, pathlib; from rulewright.editing.formatter import formatted; formatted(pathlib.Path(sys.argv[1])).write(); "
        "print(next(each.split()[1] for each in open('/proc/self/status') if each.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
    )
    assert "n7: x\n" in file.read_text("utf-8")
    assert int(done.stdout) < 100_000  # KB; the tree and all tokens at once would take 240,000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n- b\n- c:\n  - d\n", "a:\n  - b\n  - c:\n      - d\n"),
        ("-   a: b\n    c:   d\n", "- a: b\n  c: d\n"),
        ("- - a\n  -   b\n", "- - a\n  - b\n"),
        ("a:\n      b\n      c\n", "a:\n  b\n  c\n"),
        ("a: [b,\n    c]   # d\n", "a: [b,\n    c]   # d\n"),
        ("a:    b # c\nd: e   # f\n", "a: b # c\nd: e   # f\n"),
        ("a: 'b'\nc: 'no'\nd: '1'\ne: 'f: g'\n", 'a: b\nc: "no"\nd: "1"\ne: "f: g"\n'),
        ("a: |+\n  b\n\n\nc: d\n", "a: |+\n  b\n\n\nc: d\n"),
        ("a: >-\n  b\n\n\n\nc: d", "a: >-\n  b\n\nc: d\n"),
    ],
)
def test_style(text: str, expected: str) -> None:
    assert styled(text, "file.yaml") == expected
