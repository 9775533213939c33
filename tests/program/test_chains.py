"""Long chains of amendments: each policy is assembled and compiled once, from the one that it
amends, and only what it changes is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rulewright.amendments import chain as assembling
from rulewright.compiler import memory as remembering
from rulewright.compiler.compiler import compile_policy
from rulewright.compiler.expander import Unroller
from rulewright.compiler.memory import remembered_base, remembered_program
from rulewright.handbook import changes
from rulewright.handbook.builder import build
from rulewright.handbook.counts import _rules
from rulewright.lint import check
from rulewright.rulebook.rulebook import Rulebook, rulebook_from_texts
from rulewright.syntax import cache, files
from rulewright.workbench import Rules
from tests.fuzz.chains import told
from tests.small import OLD, PART, VOCABULARY

LENGTHS = (10, 40)
ENTRIES = 9  # of the part


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")
    remembering.forget()
    yield
    remembering.forget()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a policy is assembled, an entry read, two policies compared; before all, how often
    a rulebook is looked through.
    """
    counted: Counter[str] = Counter()

    def counting(of: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(of, name)

        def instead(*given: Any, **named: Any) -> Any:
            counted[name] += 1
            return real(*given, **named)

        monkeypatch.setattr(of, name, instead)

    counting(assembling, "_amended")
    counting(Unroller, "_read")
    counting(changes, "_amendment")
    return counted


def chain(length: int) -> Rulebook:
    """A policy, and amendments each of the one before."""
    texts = {"v.yaml": VOCABULARY, "part.yaml": PART, "old.yaml": OLD}
    for number in range(length):
        amended = f"a{number - 1}" if number else "old"
        change = f"replaces: {{pass: {{when: the points is at least {number % 90}}}}}"
        texts[f"a{number}.yaml"] = (
            f"policy: a{number}\nstatus: proposed\namends: {amended}\n{change}\n"
        )
    return rulebook_from_texts(texts)


@pytest.mark.parametrize("length", LENGTHS)
def test_all_policies_are_assembled_and_read_once(length: int, calls: Counter[str]) -> None:
    book = chain(length)
    assert sum(_rules(remembered_base(book, name)) for name in book.policies) == 11 * (length + 1)
    assert calls == {"_amended": length + 1, "_read": ENTRIES + length}


@pytest.mark.parametrize("length", LENGTHS)
def test_a_check_tries_each_replacement_once_and_reads_no_entry_again(
    length: int, calls: Counter[str]
) -> None:
    check(chain(length))
    assert calls == {
        "_amended": length + 1 + length,
        "_read": ENTRIES + length,
    }  # and each amendment without its one replacement


@pytest.mark.parametrize("length", LENGTHS)
def test_what_amendments_change_is_compared_once_for_all_handbooks(
    length: int, calls: Counter[str]
) -> None:
    book = chain(length)
    told = [build(book, remembered_program(book, name)).amendments for name in book.policies]
    assert max(map(len, told)) == length
    assert calls == {"_amended": length + 1, "_read": ENTRIES + length, "_amendment": length}


@pytest.mark.parametrize("length", LENGTHS)
def test_one_policy_reads_no_entry_of_the_others(length: int, calls: Counter[str]) -> None:
    compile_policy(chain(length), f"a{length - 1}")
    assert calls == {"_amended": length + 1, "_read": ENTRIES}


@pytest.mark.parametrize("length", LENGTHS)
def test_files_are_read_and_told_apart_once_for_all_policies(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many policies are compiled: the bytes behind the key, the texts, and whether both are
    the same.
    """
    for name, text in chain(length).texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    read: Counter[str] = Counter()
    real, key_of = files.content, cache.key_of

    def reading(path: Path, *limits: Any) -> bytes:
        read[path.name] += 1
        return real(path, *limits)

    def told_apart(several: list[tuple[str, bytes]], shown: str) -> str:
        read["told apart"] += len(several)
        return key_of(several, shown)

    monkeypatch.setattr(files, "content", reading)
    monkeypatch.setattr(cache, "key_of", told_apart)
    rules = Rules(tmp_path)
    assert {rules.program(each.id).policy for each in rules.policies} == {
        "old",
        *(f"a{number}" for number in range(length)),
    }
    every = length + 3
    assert (
        read.pop("told apart") <= 2 * every + 3 * every
    )  # whole twice; and each policy's own, its parts and what is behind the amended
    assert max(read.values()) <= 3


def test_a_chain_may_be_longer_than_the_stack_is_deep() -> None:
    book = chain(1_100)
    assert compile_policy(book, "a1099").chain[:2] == ("a1099", "a1098")
    assert len(remembered_base(book, "a1099").assembly.chain) == 1_101


AMENDMENTS = (
    "replaces: {summary.poor@class: {when: at least 1 of the grades are poor}}",
    "repeals: [summary.poor@school]",
    "repeals: [summary.good]",  # which `poor` overrides
    "replaces: {summary.fair: {otherwise: good}}",
    "source: {document: letter}\nreplaces: {'summary.needed[1]': up to 3, 'summary.needed[2]': 4 or more}",
    "source: {document: letter}\nreplaces: {'bands[fair]': 50..60, 'bands[good]': 61..89}",
    "replaces: {'bands[fair]': {input: 50..60, source: {document: letter}}, 'bands[good]': {input: 61..89, source: {document: letter}}}",
    "source: {document: letter}\nreplaces: {summary@class: {grades: the grade of the subjects where mark is poor or better}}",
    "replaces: {pass mark: 40}",
    "parameters: {pass mark: 45}",
    "adds:\n- {member: music, of: subject}",
    "replaces: {class > small: {unless stated: yes}}",
    "repeals: [subject.resit]\ntransitional: [{rules: [subject.resit], while: the resit is good}]",
)
SOURCES = (
    "documents:\n  letter: {title: a letter, publisher: us, date: 2024-01-01, seen: in whole}\n"
)


def amended(change: str, name: str, amends: str) -> str:
    return f"policy: {name}\nstatus: proposed\namends: {amends}\n{change}\n"


@pytest.mark.parametrize("change", AMENDMENTS)
@pytest.mark.parametrize("first", ["old", "new", "newer"])
def test_what_an_amendment_changes_is_read_for_it_and_for_no_other(change: str, first: str) -> None:
    """The policy that is amended, the amendment, and one further down, in each order."""
    part = PART.replace(
        "- use: summary@class", "- use: summary@class\n  source: {document: letter}"
    )
    texts = {
        "v.yaml": VOCABULARY,
        "part.yaml": part,
        "old.yaml": OLD,
        "sources.yaml": SOURCES,
        "new.yaml": amended(change, "new", "old"),
        "newer.yaml": amended("replaces: {pass: {about: again}}", "newer", "new"),
    }
    together = rulebook_from_texts(texts)
    names = sorted(together.policies, key=lambda name: name != first)
    read = {name: remembered_program(together, name) for name in names}
    for name, program in read.items():
        assert told(program) == told(compile_policy(rulebook_from_texts(texts), name)), name
    assert told(read["new"]) != told(read["old"])
