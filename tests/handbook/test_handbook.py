"""A policy as a document and what one can look up in it: `rulebook/` holds three policies that show
every feature.

`expected/` holds the documents of the last one; `lookups/` holds a command line beside what it
prints, each a folder. `RULEWRIGHT_REWRITE=1` writes the expected files anew.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import COMMANDS, group
from rulewright.documents.document import Card, Id, Matrix, Paragraph
from rulewright.documents.html import html
from rulewright.documents.markdown import as_markdown, markdown
from rulewright.handbook.cache import handbook, handbooks
from rulewright.handbook.changes import amendments, remarks
from rulewright.handbook.document import compose
from rulewright.handbook.record import FieldChange, with_inner
from rulewright.handbook.search import find, names
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.workbench import Rules
from tests.pages.parsing import sound
from tests.small import book

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LOOKUPS = sorted(path.parent for path in HERE.glob("lookups/*/command"))
SHIPPED = Rules(ROOT / "rules" / "cqc")


def as_expected(got: str, path: Path) -> None:
    if os.environ.get("RULEWRIGHT_REWRITE") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(got, "utf-8")
    assert got == path.read_text("utf-8")


def invoke(command: str) -> Result:
    return CliRunner().invoke(group, shlex.split(command))


@pytest.mark.parametrize(("form", "ending"), [("markdown", "md"), ("html", "html")])
def test_the_document_is_as_expected(
    form: str, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    result = invoke(f"read third --rules rulebook --as {form}")
    assert result.exit_code == 0, result.output
    as_expected(result.stdout, HERE / "expected" / f"third.{ending}")


def test_what_an_amendment_says_without_changing_anything_is_told_as_unchanged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(HERE)
    text = invoke("read fourth --rules rulebook").stdout
    changed = text[text.index('<a id="changes-fourth"></a>') : text.index('<a id="words"></a>')]
    as_expected(changed, HERE / "expected" / "fourth-changed.md")


@pytest.mark.each_case_traced
@pytest.mark.parametrize("folder", LOOKUPS, ids=lambda folder: folder.name)
def test_a_look_up_prints_what_it_should(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    result = invoke((folder / "command").read_text("utf-8"))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    as_expected(
        f"{result.stdout}{result.stderr}exit code {result.exit_code}\n", folder / "expected.txt"
    )


def test_every_look_up_is_shown_as_text_and_as_json() -> None:
    commands = [(folder / "command").read_text("utf-8").split() for folder in LOOKUPS]
    for name in ("policies", "rules", "rule", "parameters", "interpretations", "sources", "words"):
        assert name in COMMANDS
        assert any(words[0] == name and "--json" in words for words in commands), name
        assert any(words[0] == name and "--json" not in words for words in commands), name


# -- files


def test_a_document_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "policy.md"
    target.write_text("before", "utf-8")
    refused = invoke(f"read no-such-policy -o {target}")
    assert refused.exit_code == 2
    assert target.read_text("utf-8") == "before"
    assert invoke(f"read legacy -o {target}").exit_code == 0
    assert target.read_text("utf-8").startswith("# Aggregated ratings of NHS trusts\n")
    assert [path.name for path in tmp_path.iterdir()] == ["policy.md"]


def test_what_does_not_compile_is_told_and_not_shown(tmp_path: Path) -> None:
    target = tmp_path / "policy.html"
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, text in (
        ("v", "entities: {trust: {plural: trusts, derived: {good: yes/no}}}\n"),
        ("p", "policy: p\nstatus: proposed\nparts: [r.yaml]\n"),
        ("r", "- {rule: r, of: trust, then: the god is yes}\n"),
    ):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    result = invoke(f"read p --rules {folder} --as html -o {target}")
    assert result.exit_code == 2
    assert "RW301" in result.stderr
    assert not target.exists()


def test_a_draft_that_does_not_compile_hides_no_other_policy(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(HERE / "rulebook", folder)
    (folder / "policies" / "draft.yaml").write_text(
        "policy: draft\nstatus: proposed\namends: third\nrepeals: [nothing]\n", "utf-8"
    )
    listed = invoke(f"policies --rules {folder}")
    assert listed.exit_code == 0
    assert re.search(r"^draft .*does not compile$", listed.stdout, re.MULTILINE)
    assert (
        invoke(
            f"rule sizes --policy first --rules {folder} --scenarios {HERE / 'scenarios'}"
        ).exit_code
        == 0
    )
    assert "RW408" in invoke(f"rule sizes --policy draft --rules {folder}").stderr


def test_what_markdown_would_read_as_signs_is_plain() -> None:
    table = Matrix(
        "t", ("a|b",), ((("*x* [y](z) <b> `n|m`",),), ((Id("n|m"), "1. &amp; a_b _c_"),))
    )
    shown = as_markdown(
        [table, Paragraph(("- no list",)), Paragraph(("1. no list",)), Card("", "a`b", "", ())]
    )
    assert shown.splitlines() == [
        r"| a\|b |",
        "| --- |",
        r"| \*x\* \[y\](z) \<b\> `n\|m` |",
        r"| `n\|m`1. \&amp; a_b \_c\_ |",
        "",
        r"\- no list",
        "",
        r"1\. no list",
        "",
        "## `` a`b ``",
    ]


def test_reading_a_kept_policy_needs_neither_parser_nor_models(tmp_path: Path) -> None:
    code = "import sys; from rulewright.cli import group; group(['read', 'legacy', '-o', sys.argv[1]], standalone_mode=False)"
    environment = {
        **os.environ,
        "RULEWRIGHT_CACHE": str(tmp_path / "kept"),
        "PYTHONPATH": str(ROOT / "engine"),
    }
    again = f"import sys, atexit; atexit.register(lambda: print(sorted({{'lark', 'pydantic', 'yaml'}} & set(sys.modules)))); {code}"
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", again, str(tmp_path / "a.md")],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    assert "pydantic" not in done.stdout
    assert "lark" not in done.stdout


# -- every policy of the shipped rulebook


@pytest.mark.parametrize("policy", [each.id for each in SHIPPED.policies])
def test_the_page_of_a_shipped_policy_is_sound(policy: str) -> None:
    book = handbook(SHIPPED, policy)
    text = html(compose(book))
    sound(text)
    assert "<script" not in text
    for entry in with_inner(book.entries):
        assert f"<code>{entry.id}</code>" in text


@pytest.mark.parametrize("policy", [each.id for each in SHIPPED.policies])
def test_the_markdown_of_a_shipped_policy_is_sound(policy: str) -> None:
    book = handbook(SHIPPED, policy)
    text = markdown(compose(book))
    places = re.findall(r'<a id="([^"]+)"></a>', text)
    assert len(places) == len(set(places))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(places)
    for entry in with_inner(book.entries):
        assert f" `{entry.id}`\n" in text
    for each in (*book.parameters, *book.interpretations):
        assert f"`{each.id}`" in text


@pytest.mark.untraced
@pytest.mark.parametrize("policy", [each.id for each in SHIPPED.policies])
def test_everything_in_a_shipped_policy_can_be_looked_up(policy: str) -> None:
    books = handbooks(SHIPPED)
    for name in (*names(books[policy]), *books[policy].spellings):
        found = find(books, policy, name)
        assert policy in [each.policy for each in found.standing if each.stands], name
    rules = set(books[policy].connections)
    assert rules == {rule.written for rule in SHIPPED.program(policy).rules} - {
        each.id for each in books[policy].entries if each.uses
    }


@pytest.mark.untraced
def test_scenarios_that_fire_a_shipped_rule_are_named() -> None:
    result = invoke(
        "rule enforcement.warning-notice --policy legacy --scenarios scenarios/legacy/enforcement.yaml --json"
    )
    fired = json.loads(result.stdout)["scenarios"]
    assert fired
    assert all(
        re.match(r"scenarios/legacy/enforcement.yaml:\d+:\d+: .+ \(legacy\)$", each)
        for each in fired
    )


def test_what_becomes_of_readings_and_members_is_told_by_what_they_mean() -> None:
    amendment = (ROOT / "docs" / "writing-policy.md").read_text("utf-8")
    named = {
        name: re.search(rf"(?s)```yaml\n(policy: {name}\n.*?)```", amendment)
        for name in ("another-reading", "a-ninth-statement")
    }
    texts = {f"policies/{name}.yaml": found[1] for name, found in named.items() if found}
    book = rulebook_from_texts({**SHIPPED.book.texts, **texts})
    told = {name: amendments(book, name)[-1].changes for name in named}
    assert [(each.action, each.name, each.fields) for each in told["another-reading"]] == [
        (
            "replaced",
            "limiters-do-not-chain",
            (
                FieldChange(
                    "reading a-score-of-1-limits-to-inadequate",
                    "",
                    "a score of 1 in the good band limits to inadequate",
                ),
            ),
        )
    ]
    added = told["a-ninth-statement"][-1]
    assert (added.action, added.name, added.about) == (
        "added",
        "use of data",
        "a well-led quality statement; cqc-how-we-rate (assumed)",
    )


def test_what_goes_on_although_it_was_repealed_before_is_told_by_the_policy_that_says_so() -> None:
    new = "policy: new\nstatus: proposed\namends: old\nrepeals: [bands]\n"
    newer = "policy: newer\nstatus: proposed\namends: new\ntransitional: [{rules: [bands], while: the kind is secondary}]\n"
    rulebook = book(new_yaml=new, newer_yaml=newer)
    told = amendments(rulebook, "newer")
    assert [(each.action, each.name, each.condition) for each in told[-1].changes] == [
        ("goes on transitionally", "bands", "the kind is secondary")
    ]
    assert [each.text for each in remarks(told)["bands"]] == ["goes on while the kind is secondary"]
