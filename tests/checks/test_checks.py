"""Each check on small rulebooks: tests/checks/<check>/<case>/, with the findings expected of it in
expected.txt.

A case is a folder with rules.yaml; vocabulary.yaml and policy.yaml stand beside this file for those
that bring none. `RULEWRIGHT_REWRITE=1` writes the expected files anew.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from rulewright.lint import CHECKS, Check, check
from rulewright.lint.checks import compile_all
from rulewright.lint.nullability import Rooms
from rulewright.lint.satisfiability import certain, impossible
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import Problem

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
SHARED = {name: (HERE / name).read_text("utf-8") for name in ("vocabulary.yaml", "policy.yaml")}
BY_NAME = {each.__name__: each for each in CHECKS}
CASES = sorted(path.parent for path in HERE.glob("*/*/rules.yaml"))


def code(each: Check) -> str:
    return str(sys.modules[each.__module__].CODE)


def findings(folder: Path) -> list[Problem]:
    own = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".yaml", ".csv")
    }
    return check(rulebook_from_texts({**SHARED, **own}, folder.name))


@pytest.mark.each_case_traced
@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_findings_are_as_expected(folder: Path) -> None:
    wanted = code(BY_NAME[folder.parent.name])
    found = "".join(
        f"{each}\n"
        for each in findings(folder)
        if each.code == wanted or not each.code.startswith("RW7")
    )
    path = folder / "expected.txt"
    if os.environ.get("RULEWRIGHT_REWRITE") == "1":
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")


@pytest.mark.parametrize("name", BY_NAME)
def test_each_check_has_cases_and_a_page(name: str) -> None:
    folders = [path for path in CASES if path.parent.name == name]
    expected = [(path / "expected.txt").read_text("utf-8") for path in folders]
    assert any(expected), f"no case of {name} has a finding"
    assert "" in expected, f"no case of {name} is without finding"
    page = (DOCS / "codes" / f"{code(BY_NAME[name])}.md").read_text("utf-8")
    assert page.startswith(f"# {code(BY_NAME[name])}: ")
    assert f"`{name}`" in page


def test_modules_functions_and_codes_agree() -> None:
    assert [each.__module__.rpartition(".")[2] for each in CHECKS] == list(BY_NAME)
    codes = [code(each) for each in CHECKS]
    assert codes == sorted(set(codes))
    folders = {
        path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("_")
    }
    assert folders == set(BY_NAME)


def test_messages_keep_the_style() -> None:
    for folder in CASES:
        for each in findings(folder):
            assert each.place.file, each
            assert each.help, each
            assert not each.message.endswith("."), each
            assert each.message[0] == "`" or each.message[0].islower(), each


def test_findings_do_not_depend_on_the_order_of_policies() -> None:
    folder = HERE / "names_never_used" / "used-in-another-policy"
    texts = {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")}
    book = rulebook_from_texts({**SHARED, **texts}, folder.name)
    once = check(book)
    book.policies = dict(reversed(book.policies.items()))
    assert check(book) == once


def test_what_keeps_a_policy_from_compiling_is_reported_and_the_others_are_checked() -> None:
    other = "policy: other\nstatus: proposed\nparts: [wrong.yaml]\n"
    wrong = "- {rule: w, of: trust, when: the sage is ready, then: the trust rating is good}\n"
    rules = "- {rule: r, of: trust, when: at least 6 of the key questions are good, then: the trust rating is good}\n"
    found = check(
        rulebook_from_texts(
            {**SHARED, "rules.yaml": rules, "wrong.yaml": wrong, "other.yaml": other}, "book"
        )
    )
    assert [(each.code, each.place.file) for each in found if each.severity == "error"] == [
        ("RW703", "book/rules.yaml"),
        ("RW301", "book/wrong.yaml"),
    ]
    assert "RW705" not in {each.code for each in found}


def test_a_use_that_a_policy_writes_out_gives_no_warning_of_python() -> None:
    principle = "- {principle: copy, takes: {one: a rating}, gives: rating, rules: [{rule: it, then: the one}]}"
    use = "{use: copy@trust, of: trust, one: the judged rating, then: the trust rating}"
    texts = {
        "vocabulary.yaml": SHARED["vocabulary.yaml"],
        "rules.yaml": principle,
        "policy.yaml": "policy: trial\nstatus: proposed\nparts: [rules.yaml]\n",
        "other.yaml": f"policy: other\nstatus: proposed\namends: trial\nadds: [{use}]\n",
    }
    assert [each for each in check(rulebook_from_texts(texts)) if each.severity == "error"] == []


def test_a_rulebook_without_a_policy_is_an_error() -> None:
    (found,) = check(rulebook_from_texts({"vocabulary.yaml": SHARED["vocabulary.yaml"]}, "book"))
    assert (
        str(found)
        == "book: RW402 the rulebook has no policy, so no case can be run; write a file that begins with `policy:`"
    )


# -- what is called impossible or certain, against the rows of docs/semantics.md

PAGE = (DOCS / "semantics.md").read_text("utf-8")
WORDS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
ROWS = re.findall(
    r"^\| (?!condition)([a-z][^|]*?) \| ([^|]*?) ?\| (met|not met|undecided) \|$",
    PAGE,
    re.MULTILINE,
)


@pytest.mark.parametrize(
    ("condition", "facts", "answer"), ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS]
)
def test_no_row_of_the_page_speaks_against_the_reasoning(
    condition: str, facts: str, answer: str
) -> None:
    texts = {
        "v.yaml": WORDS,
        "policy.yaml": SHARED["policy.yaml"],
        "rules.yaml": f"- {{rule: r, of: unit, when: ['{condition}'], then: the answer is met}}",
    }
    policies, problems = compile_all(rulebook_from_texts(texts))
    assert not problems
    (rule,) = policies[0].program.rules
    scope = policies[0].scope(
        tuple(node.key.kind for node in policies[0].program.nodes if node.rules)
    )
    if answer != "not met":
        assert not impossible(rule.conditions, Rooms(policies[0]), scope), facts
    if answer != "met":
        assert not certain(rule.conditions[0], Rooms(policies[0]), scope), facts


def test_the_page_has_rows() -> None:
    assert len(ROWS) > 60
