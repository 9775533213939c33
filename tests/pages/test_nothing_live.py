"""Nothing that somebody else wrote acts in what we write: every word of a rulebook, a case and a
ledger goes through every page.

The files that commands write are those of `tests/cli/test_outputs.py`, which holds every option
that writes one, in every form: a new page joins by its line there. What is printed in such a form
is in `PRINTED`, and who makes a document in `MAKERS`.
"""

from __future__ import annotations

import ast
import io
import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook
from pydantic import BaseModel

from rulewright.cli import group
from rulewright.compare.comparison import compare
from rulewright.compare.page import compose as compose_comparison
from rulewright.compare.sides import sides
from rulewright.coverage import coverage
from rulewright.coverage.page import page as coverage_page
from rulewright.documents.document import Block, Page, Paragraph, Piece, Section, TermList
from rulewright.documents.html import html
from rulewright.documents.markdown import markdown
from rulewright.documents.markup import Html
from rulewright.handbook.cache import handbook
from rulewright.handbook.document import compose as compose_handbook
from rulewright.report import compose as compose_report
from rulewright.report import gather
from rulewright.syntax import models
from rulewright.syntax.errors import InputError
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.testing.runner import load_scenarios
from rulewright.workbench import Rules, cases
from tests.cli.test_outputs import WRITERS

from . import records
from .hostile import (
    ID,
    LINES,
    NAME,
    TEXT,
    THING,
    case,
    exceptions,
    named,
    rulebook,
    schools,
    written,
)
from .live import (
    CHECKS,
    PAGE,
    check_annotations,
    check_html,
    check_json,
    check_junit,
    check_markdown,
    check_text,
)

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "engine" / "rulewright"
FILE = '"><img src=x onerror=alert(1)>'  # in the name of a file, which cannot hold a slash
NAMES = {
    "example": named("second"), "stricter": named("third"), "stages": named("sizes"), "rules": f"rules{FILE}",
    "case.yaml": f"case{FILE}.yaml", "scenarios.yaml": f"scenarios{FILE}.yaml", "d.ledger": f"d{FILE}.ledger",
}  # fmt: skip
SAME = (".yml", ".log", ".jsonld")  # other endings of forms that are tried already
FORMS = [
    (command, ending)
    for command, endings in WRITERS.items()
    for ending in endings
    if ending not in SAME
]
PRINTED = {
    "read example --rules rules": check_markdown, "read stricter --rules rules": check_markdown,
    "read example --rules rules --as html": check_html,
    f"rule {shlex.quote(named('visits.due'))} --rules rules --policy example": check_markdown,
    f"rule {shlex.quote(named('worst-of'))} --rules rules --policy example": check_markdown,
    "interpretations --rules rules --policy example": check_markdown,
    "test scenarios.yaml --rules rules": check_text, "test scenarios.yaml --rules rules --format junit": check_junit,
    "test scenarios.yaml --rules rules --format github": check_annotations, "test scenarios.yaml --rules rules --json": check_json,
    "run case.yaml --rules rules --json": check_json, "ledger export d.ledger": check_json,
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a rulebook, a case, scenarios and a ledger."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, text in rulebook().items():
        path = folder / NAMES["rules"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / NAMES["case.yaml"]).write_text(written(case()), "utf-8")
    (folder / NAMES["scenarios.yaml"]).write_text(written(schools()), "utf-8")
    (folder / "coverage-exceptions.yaml").write_text(written(exceptions()), "utf-8")
    return folder


@pytest.fixture
def hostile(world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, as the present one."""
    monkeypatch.chdir(world)
    if not Path(NAMES["d.ledger"]).exists():
        said = " ".join(
            f"{option} {shlex.quote(TEXT)}"
            for option in ("--recorded-by", "--approved-by", "--reason")
        )
        result = invoke(f"run case.yaml --rules rules --record d.ledger {said}")
        assert result.exit_code == 0, result.output
    return world


def invoke(command: str, *more: str) -> Result:
    result = CliRunner().invoke(
        group, [*(NAMES.get(each, each) for each in shlex.split(command)), *more]
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.each_case_traced
@pytest.mark.parametrize(("command", "ending"), FORMS)
def test_nothing_acts_in_a_file_that_a_command_writes(
    command: str, ending: str, hostile: Path
) -> None:
    path = Path(f"out {re.sub(r'[^a-z]', '', command)}{FILE}{ending}")
    result = invoke(command, str(path))
    assert result.exit_code in (0, 1), result.output
    said = CHECKS[ending](path.read_bytes())
    assert NAME in said or ID in said, "no word of the rulebook is in it"


@pytest.mark.each_case_traced
@pytest.mark.parametrize("command", PRINTED)
def test_nothing_acts_in_a_form_that_is_printed(command: str, hostile: Path) -> None:
    result = invoke(command)
    assert result.exit_code in (0, 1), result.output
    said = PRINTED[command](result.stdout_bytes)
    assert NAME in said or ID in said


# -- who makes pages

MAKERS = {  # each function that makes a document or markup, and a command whose pages it makes
    "report/document.py:compose": "report case.yaml --rules rules -o",
    "workbench.py:report": "report case.yaml --rules rules -o",
    "cli/report.py:_of_a_case": "report case.yaml --rules rules -o",
    "cli/report.py:_of_an_entry": "report d.ledger --entry 1 -o",
    "ledger/entry_report.py:report_on": "report d.ledger --entry 1 -o",
    "handbook/document.py:compose": "read --rules rules -o",
    "handbook/document.py:document": "read --rules rules -o",
    "coverage/page.py:page": "coverage scenarios.yaml --rules rules --html",
    "compare/page.py:compose": "compare example stricter --cases case.yaml --rules rules --html",
}
USERS = {
    "cli/report.py",
    "cli/read.py",
    "cli/coverage.py",
    "cli/compare.py",
    "cli/rule.py",
    "cli/interpretations.py",
}
OTHERS = (
    "base",
    "br",
    "button",
    "form",
    "hr",
    "iframe",
    "img",
    "input",
    "link",
    "object",
    "span",
    "svg",
    "template",
    "textarea",
)
_MARKUP = re.compile(rf"(?<!\?P)</?({'|'.join((*PAGE, *OTHERS))})(\s|/?>|\{{)")


def modules(holding: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules that hold a word and are not of `documents`, where markup is written."""
    for path in sorted(ENGINE.rglob("*.py")):
        if path.parent != ENGINE / "documents" and holding in (text := path.read_text("utf-8")):
            yield path.relative_to(ENGINE).as_posix(), ast.parse(text)


def imported(tree: ast.Module, module: str) -> set[str]:
    """The names that a module takes from one of ours, called by the end of its name."""
    return {
        each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and f".{node.module or ''}".endswith(f".{module}")
        for each in node.names
    }


def test_who_makes_a_document_is_known_and_their_commands_are_tried() -> None:
    found = set()
    for name, tree in modules("documents"):
        types = imported(tree, "documents.document") & {"Page"} | imported(
            tree, "documents.markup"
        ) & {"Html"}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.FunctionDef)
                and node.returns is not None
                and types & {*re.findall(r"\w+", ast.unparse(node.returns))}
            ):
                found.add(f"{name}:{node.name}")
    assert found == {*MAKERS}
    assert {*MAKERS.values()} <= {*WRITERS}


def test_who_has_pages_written_is_known() -> None:
    forms = ("documents.html", "documents.markdown", "documents.markup")
    assert {
        name for name, tree in modules("documents") if any(imported(tree, each) for each in forms)
    } == USERS


@pytest.mark.parametrize("command", dict.fromkeys(MAKERS.values()))
def test_who_makes_a_document_is_reached_by_its_command(command: str, hostile: Path) -> None:
    reached = set()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(ENGINE)):
            reached.add(
                f"{Path(frame.f_code.co_filename).relative_to(ENGINE).as_posix()}:{frame.f_code.co_name}"
            )

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        result = invoke(command, f"reached-{re.sub(r'[^a-z]', '', command)}.html")
    finally:
        sys.setprofile(before)
    assert result.exit_code in (0, 1), result.output
    assert {maker for maker, made in MAKERS.items() if made == command} <= reached


def test_markup_is_in_the_source_of_pages_alone() -> None:
    """A page that is put together elsewhere, past `documents`, would be of no function above."""
    found = {}
    for name, tree in modules("<"):
        alone = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
        }  # docstrings
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in alone
        ]
        found[name] = [each for each in texts if isinstance(each, str) and _MARKUP.search(each)]
    assert {name: texts for name, texts in found.items() if texts} == {}


# -- records, whatever they hold

HANDBOOK = ROOT / "tests" / "handbook"
OWN = {
    "Clause.kind": "any of",
    "Report.canonical": json.dumps(LINES),
    "Paragraph.tone": "remark",
    "Page.data": json.dumps(LINES),
}
# Words of ours, by which what is shown is told apart: they are in no file that somebody writes.


@cache
def handbook_rules() -> Rules:
    return Rules(HANDBOOK / "rulebook")


def a_handbook() -> Page:
    return compose_handbook(records.hostile(handbook(handbook_rules(), "third"), LINES, OWN))


def a_report() -> Page:
    case, *_ = cases(HANDBOOK / "scenarios" / "schools.yaml")
    answered = handbook_rules().answer(case)
    readings = handbook_rules().run(answered.text, readings=True).readings
    return compose_report(records.hostile(gather(answered, "{}", readings), LINES, OWN))


def a_comparison() -> Page:
    with sides("first", "second", HANDBOOK / "rulebook", None) as (one, other):
        found = compare(one, other, load_scenarios([HANDBOOK / "scenarios"]), "both")
    return compose_comparison(records.hostile(found, LINES, OWN))


def a_coverage() -> Page:
    found = coverage(handbook_rules(), load_scenarios([HANDBOOK / "scenarios"]), None, [], True)
    return coverage_page(records.hostile(found, LINES, OWN))


def every_form() -> Page:
    """A document with each kind of block and of piece, and no text in it that is empty."""
    found: Page = records.filled(Page, LINES, OWN)
    return found


DOCUMENTS = [a_handbook, a_report, a_comparison, a_coverage, every_form]


@pytest.mark.parametrize("make", DOCUMENTS)
def test_nothing_acts_in_a_document_whatever_its_record_holds(make: Callable[[], Page]) -> None:
    document = make()
    for said in (check_html(html(document).encode()), check_markdown(markdown(document).encode())):
        assert "<svg/onload=alert(1)>" in said


def test_every_form_of_a_document_is_among_them() -> None:
    shown = repr(every_form())
    assert not [
        each.__name__
        for each in (*get_args(Block), *get_args(Piece))
        if each is not str and f"{each.__name__}(" not in shown
    ]
    makers = {each.partition(":")[0] for each in MAKERS if each.endswith((":compose", ":page"))}
    assert len(makers) == len(DOCUMENTS) - 1, "a maker of documents has no record here"


# -- that the strings are there, and that the checks find what acts

KEPT = {
    "AttributeModel.number": "a range", "AttributeModel.whole_number": "a range", "CaseModel.as_at": "a date", "InForceModel.from_": "a date",
    "InForceModel.until": "a date", "JudgementModel.on": "a date", "ParameterModel.values": "dates and values",
    "LetTableModel.rows": "numbers and ranges", "CaseModel.given": "names of files, which messages alone show",
    "PolicyModel.judged_as_one": "names of attributes", "ReadingModel.adds": "as of a policy", "ReadingModel.in_force": "as of a policy",
    "ReadingModel.restores": "as of a policy", "InterpretationModel.other_readings": "as of an interpretation of its own",
    "InterpretationItem.no_other_reading_because": "as of an interpretation written out",
}  # fmt: skip
BESIDE = (
    "SealsModel",
    "SealModel",
    "EarlierSealModel",
)  # no page shows the reason of a seal; messages do


def declared() -> set[str]:
    """The fields of the language that hold words of somebody's choice, each by the class that
    declares it.
    """
    found = set()
    for name, model in vars(models).items():
        if isinstance(model, type) and issubclass(model, BaseModel) and name not in BESIDE:
            for each, field in model.model_fields.items():
                if re.search(r"\b(Text|Scalar|Any)\b", str(field.annotation)):
                    found.add(f"{owner(model, each)}.{each}")
    return found


def owner(model: type[BaseModel], field: str) -> str:
    """The class that declares a field: what a rule and a table have of one class is said once."""
    return [
        each.__name__ for each in model.__mro__ if field in vars(each).get("__annotations__", {})
    ][-1]


def acting(value: Any, inside: tuple[str, ...] = ()) -> Iterator[str]:
    """The fields in which, or below which, a text tries to act."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from acting(getattr(value, name), (*inside, f"{owner(type(value), name)}.{name}"))
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from acting(name, inside)
            yield from acting(each, inside)
    elif isinstance(value, list):
        for each in value:
            yield from acting(each, inside)
    elif isinstance(value, str) and any(each in value for each in (NAME, ID, TEXT, THING)):
        yield from inside


def test_every_field_of_the_language_has_a_text_that_tries_to_act() -> None:
    files = [
        *(text for name, text in rulebook().items() if not name.endswith(".csv")),
        written(exceptions()),
        written(schools()),
    ]
    found: set[str] = set()
    for tree in (load_yaml(text, "hostile") for text in files):
        found.update(
            *(
                acting(read_as(model_of(each), each, "hostile"))
                for each in (tree if isinstance(tree, list) else [tree])
            )
        )
    assert declared() - found == {*KEPT}


def model_of(tree: Any) -> type[BaseModel]:
    kinds = {
        "case": models.CaseModel,
        "policy": models.PolicyModel,
        "documents": models.SourcesModel,
        "exceptions": models.ExceptionsModel,
        **models.ITEMS,
    }
    return next((model for word, model in kinds.items() if word in tree), models.VocabularyModel)


@pytest.mark.parametrize(
    "markup",
    [
        "<img src=x onerror=alert(1)>",
        "<p onclick=alert(1)>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='https://evil.example'>x</a>",
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        "<!-- x -->",
        "<svg/onload=alert(1)>",
        "<p class=other>x</p>",
        "</main></body>",
        "\x1b[31m",
        "\u202e",
        "&nosuch;",
        "<div>",
        "<base href=//evil.example>",
        "<iframe></iframe>",
        "<p style='color: red'>x</p>",
    ],
)
def test_the_check_finds_what_acts_in_a_page(markup: str) -> None:
    page = html(
        Page("a", "b", TermList((("c", ("d",)),)), (Section("e", "f", (Paragraph(("HERE",)),)),))
    )
    check_html(page.encode())
    with pytest.raises((AssertionError, ValueError)):
        check_html(page.replace("HERE", markup).encode())


@pytest.mark.parametrize("make", [a_report, every_form])
def test_the_check_finds_what_is_not_escaped(
    make: Callable[[], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make()
    monkeypatch.setattr(Html, "escape", classmethod(lambda cls, text: cls(text)))
    with pytest.raises(AssertionError):
        check_html(html(document).encode())


@pytest.mark.parametrize(
    "markup",
    [
        "<b>x</b>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        "<https://evil.example>",
        "> x",
        "***",
        "```\nx\n```",
        "<!-- x -->",
        "\x9b31m",
    ],
)
def test_the_check_finds_what_acts_in_markdown(markup: str) -> None:
    check_markdown(b"# a\n\nb\n")
    with pytest.raises(AssertionError):
        check_markdown(f"# a\n\n{markup}\n".encode())


def test_the_checks_find_what_acts_in_other_forms() -> None:
    book = Workbook()
    book.active["A1"] = "=1+1"
    data = io.BytesIO()
    book.save(data)
    for check, content in (
        (check_junit, b"<testsuites><script/></testsuites>"),
        (check_junit, b"<testsuites onload='x'/>"),
        (check_junit, b"<!DOCTYPE testsuites><testsuites/>"),
        (check_junit, b"<testsuites><!-- x --></testsuites>"),
        (CHECKS[".csv"], b"a\n=1+1\n"),
        (CHECKS[".csv"], b"a\n-1+1\n"),
        (CHECKS[".xlsx"], data.getvalue()),
        (check_text, b"a\x1b[31m"),
        (check_annotations, b"::stop-commands::x\n1 passed\n"),
    ):
        with pytest.raises(AssertionError):
            check(content)
    for check, content in (
        (check_json, b"{"),
        (CHECKS[".prov"], b"{}{}"),
        (CHECKS[".yaml"], b"a: !!x y\n"),
    ):
        with pytest.raises((ValueError, InputError)):
            check(content)
