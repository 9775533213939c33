"""Every file that a command writes is in the form that its name says, and is reported; under any
other name nothing is written.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.cli import COMMANDS, group
from rulewright.cli.outputs import form_of
from rulewright.syntax.errors import InputError

ROOT = Path(__file__).parents[2]
COMMON = ROOT / "tests" / "errors" / "common"
BEGINS = {".md": "# ", ".html": "<!doctype html>", ".xml": "<?xml", ".jsonl": '{"', ".json": '{"', ".txt": "", ".log": "",
          ".csv": "input,", ".xlsx": "PK",
          ".yaml": "", ".yml": "", ".prov": "{", ".jsonld": "{"}  # fmt: skip
STRICTER = 'policy: stricter\nstatus: proposed\namends: example\nreplaces: {"stages[ready]": 150 or more, "stages[not ready]": up to 149}\n'

WRITERS = {
    "read --rules rules -o": (".md", ".html"),
    "report case.yaml --rules rules -o": (".html",),
    "report d.ledger --entry 1 -o": (".html",),
    "coverage scenarios.yaml --rules rules --html": (".html",),
    "coverage scenarios.yaml --rules rules --json --html": (".html",),
    "compare example stricter --cases case.yaml --rules rules --html": (".html",),
    "compare example stricter --cases case.yaml --rules rules --json --html": (".html",),
    "compare example stricter --cases case.yaml --rules rules --write-intended": (".yaml", ".yml"),
    "test scenarios.yaml --rules rules -o": (".txt", ".log", ".xml", ".json", ".jsonl"),
    "suggest scenarios.yaml --rules rules --policy example --uncovered -o": (".yaml", ".yml"),
    "table export stages --rules rules -o": (".csv", ".xlsx"),
    "table template --rules rules -o": (".xlsx",),
    "new case any --rules rules -o": (".yaml", ".yml"),
    "new scenario any --rules rules -o": (".yaml", ".yml"),
    "ledger export d.ledger -o": (".jsonl", ".prov", ".jsonld"),
}
FREE = {"ledger sign": "a signed head has no ending of its own"}
FOREIGN = (".docx", ".pdf", ".htm", ".markdown", ".ods", ".png", ".toml")
EVERY = sorted({*BEGINS, *FOREIGN})


def invoke(command: str) -> Result:
    return CliRunner().invoke(group, shlex.split(command))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    shutil.copytree(COMMON, work)
    (work / "rules" / "stricter.yaml").write_text(STRICTER, "utf-8")
    monkeypatch.chdir(work)
    assert (
        invoke("run case.yaml --rules rules --record d.ledger --recorded-by clerk").exit_code == 0
    )
    return work


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.each_case_traced
@pytest.mark.parametrize("ending", EVERY)
@pytest.mark.parametrize("command", WRITERS)
def test_a_file_is_what_its_name_says_or_is_not_written(
    command: str, ending: str, folder: Path
) -> None:
    before = contents(folder)
    result = invoke(f"{command} out{ending}")
    if ending not in WRITERS[command]:
        assert result.exit_code == 2, result.output
        assert f"`out{ending}`" in result.stderr
        assert contents(folder) == before
        return
    assert result.exit_code in (0, 1), result.output
    assert {*contents(folder)} - {*before} == {f"out{ending}"}
    assert (folder / f"out{ending}").read_bytes().startswith(BEGINS[ending].encode())
    shown = result.stderr if "--json" in command else result.stdout
    assert f"wrote out{ending}" in shown or f"written to out{ending}" in shown


def writing_options(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """The options that name a file to be written."""
    if isinstance(command, click.Group):
        for inner in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), inner)
            assert found is not None
            yield from writing_options(found, f"{name} {inner}")
    for each in command.params:
        if isinstance(each, click.Option) and {
            "-o",
            "--output",
            "--html",
            "--write-intended",
        }.intersection(each.opts):
            yield name, each.opts[0]


def test_every_option_that_names_a_file_to_write_is_tried() -> None:
    declared = {
        pair
        for name in COMMANDS
        for pair in writing_options(group.get_command(click.Context(group), name) or group, name)
    }
    tried = {
        (name, option)
        for name, option in declared
        for each in WRITERS
        if each.startswith(f"{name} ") and each.endswith(option)
    }
    assert {name for name, _ in declared - tried} == {*FREE}


@pytest.mark.parametrize(
    ("command", "asked", "wrong"),
    [
        ("read --rules rules", "--as html", "out.md"),
        ("read --rules rules", "--as markdown", "out.html"),
        ("test scenarios.yaml --rules rules", "--format junit", "out.txt"),
        ("test scenarios.yaml --rules rules", "--json", "out.xml"),
        ("test scenarios.yaml --rules rules", "--format github", "out.json"),
        ("ledger export d.ledger", "--as prov", "out.jsonl"),
        ("ledger export d.ledger", "--as jsonl", "out.prov"),
    ],
)
def test_a_form_that_the_name_contradicts_is_refused(
    command: str, asked: str, wrong: str, folder: Path
) -> None:
    before = contents(folder)
    result = invoke(f"{command} {asked} -o {wrong}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"RW641 `{wrong}` is not the name of a")
    assert contents(folder) == before
    assert invoke(f"{command} {asked} -o no-ending").exit_code in (0, 1)
    assert invoke(f"{command} {asked}").stdout == (folder / "no-ending").read_text("utf-8")


_endings = st.text("abcdefghijklmnopqrstuvwxyzHTMLJSON", min_size=1, max_size=5).map(
    lambda each: f".{each}"
)
_forms = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    st.lists(_endings.map(str.lower), min_size=1, max_size=3),
    min_size=1,
)


@settings(derandomize=True, deadline=None)
@given(_forms, st.one_of(st.just(""), _endings), st.data())
def test_a_form_is_never_one_that_the_ending_is_not_of(
    forms: dict[str, list[str]], ending: str, data: st.DataObject
) -> None:
    asked = data.draw(st.one_of(st.none(), st.sampled_from(sorted(forms))))
    try:
        found = form_of(Path(f"no-such-file{ending}"), "file", forms, asked)
    except InputError as error:
        assert {each.code for each in error.problems} == {"RW641"}
        assert ending
        assert not any(
            ending.lower() in known for form, known in forms.items() if asked in (None, form)
        )
        return
    assert found == (asked or found)
    assert not ending or ending.lower() in forms[found]
