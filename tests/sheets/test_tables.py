"""Decision tables out of a rulebook and back.

Each folder of `imports/` holds what is given (`given.csv`, `given.xlsx.txt`, see
`tests.workbooks`), perhaps files that are laid over `common/`, a `command`, and in `expected.txt`
what is printed and every line that changed in the rulebook. `RULEWRIGHT_REWRITE=1` rewrites the
expected files.
"""

from __future__ import annotations

import csv
import difflib
import io
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright import Rules
from rulewright.spreadsheets.workbooks import Workbook
from rulewright.syntax.errors import InputError
from rulewright.syntax.text import Text
from rulewright.tables.export import csv_of, export_table, without_guard
from rulewright.tables.grid import Grid
from rulewright.tables.import_table import import_table
from tests.conftest import no_file_longer_than
from tests.errors.test_errors import answer
from tests.pages.live import FORMULA
from tests.workbooks import build

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("imports/*/command"))
TABLES = ["bands", "sizes", "stages", "fees", "visits", "levels"]
REWRITE = os.environ.get("RULEWRIGHT_REWRITE") == "1"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the common rulebook, as the working folder."""
    shutil.copytree(HERE / "common", tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    build(tmp_path / "work")
    return tmp_path / "work"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def as_lines(name: str, data: bytes) -> list[str]:
    """A file as lines; of a workbook the cells of its sheets.

    An end of line other than `\\n` is shown.
    """
    if not name.endswith(".xlsx"):
        return data.decode().replace("\r", "\\r").splitlines()
    book = Workbook(data, name)
    found = []
    for sheet in book.names:
        found += [
            f"= {sheet}",
            *(
                f"{number}: {' | '.join(cells.values())}"
                for number, cells in book.sheet(sheet).rows()
            ),
        ]
    return found


def changes(before: dict[str, bytes], after: dict[str, bytes]) -> str:
    found: list[str] = []
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            lines = difflib.unified_diff(
                as_lines(name, before.get(name, b"")),
                as_lines(name, after.get(name, b"")),
                name,
                name,
                "",
                "",
                0,
                "",
            )
            found += [line for line in lines if not line.startswith("+++")]
    return "\n".join(found) + "\n" if found else "no file changed\n"


@pytest.mark.each_case_traced
@pytest.mark.parametrize("case", CASES)
def test_import(case: str, work: Path) -> None:
    shutil.copytree(
        HERE / "imports" / case,
        work,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("command", "expected.txt"),
    )
    build(work)
    before = contents(work)
    command = (HERE / "imports" / case / "command").read_text("utf-8").strip()
    output, code = answer(command)
    got = f"$ {command}\n{output}exit code {code}\n\n{changes(before, contents(work))}"
    expected = HERE / "imports" / case / "expected.txt"
    if REWRITE:
        expected.write_text(got, "utf-8")
    assert got == expected.read_text("utf-8")
    if code == 0:
        again, _ = answer(command)
        assert "nothing to change" in again


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("policy", [None, "plain", "draft"])
def test_what_goes_out_and_comes_back_changes_nothing(
    table: str, kind: str, policy: str | None, work: Path
) -> None:
    before = contents(work)
    rules = Rules("rules")
    data = export_table(rules, table, f"out{kind}", policy)
    assert export_table(Rules("rules"), table, f"out{kind}", policy) == data
    Path(f"out{kind}").write_bytes(data)
    into = "rules/draft.yaml" if policy == "draft" else None
    assert import_table(rules, f"out{kind}", table, into).rows == ()
    Path(f"out{kind}").unlink()
    assert contents(work) == before


def test_a_table_under_a_policy_goes_out_with_its_amendments(work: Path) -> None:
    assert b"70..84,good" in export_table(Rules("rules"), "bands", "out.csv", "draft")
    assert b"70..89,good" in export_table(Rules("rules"), "bands", "out.csv", "plain")


def test_a_workbook_has_drop_downs_a_frozen_heading_and_says_what_it_is(work: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(export_table(Rules("rules"), "stages", "out.xlsx", "plain")))
    sheet, about = book["stages"], book["read me"]
    lists = {
        str(each.sqref).partition(":")[0]: each.formula1
        for each in sheet.data_validations.dataValidation
    }
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}
    assert [
        cell.value for row in about[lists["B2"].partition("!")[2].replace("$", "")] for cell in row
    ] == ["primary", "secondary", "-"]
    assert [
        cell.value for row in about[lists["D2"].partition("!")[2].replace("$", "")] for cell in row
    ] == ["early", "late"]
    assert about["B2"].value == "rules/part.yaml, line 17"


def test_a_cell_that_looks_like_a_formula_goes_out_as_text(work: Path) -> None:
    part = Path("rules/part.yaml")
    part.write_text(part.read_text("utf-8").replace("note: all others", 'note: "=1+1"'), "utf-8")
    rules = Rules("rules")
    assert b",'=1+1\n" in export_table(rules, "stages", "out.csv")
    for kind in (".csv", ".xlsx"):
        Path(f"out{kind}").write_bytes(export_table(rules, "stages", f"out{kind}"))
        assert import_table(rules, f"out{kind}", "stages").rows == ()


def test_rules_in_a_workbook_are_cited_by_their_cells(work: Path) -> None:
    output, code = answer("rulewright run case.yaml --rules rules --json")
    assert code == 0
    assert '"visits[old]":"rules/tables/visits.xlsx!Visits!A2"' in output.replace(": ", ":")


def test_a_file_that_a_spreadsheet_program_has_open_leaves_no_trace(work: Path) -> None:
    Path("rules/tables/~$visits.xlsx").write_bytes(b"who has it open")
    assert import_table(Rules("rules"), "rules/tables/fees.csv", "fees").rows == ()


def test_a_table_of_the_shipped_rulebook_goes_out_and_comes_back(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    shutil.copytree("rules/cqc", root)
    before = contents(root)
    rules = Rules(root)
    for kind in (".csv", ".xlsx"):
        given = tmp_path / f"out{kind}"
        given.write_bytes(export_table(rules, "trust-bands", str(given), "guidance-2024-03"))
        assert import_table(rules, str(given), "trust-bands").rows == ()
    assert contents(root) == before


def test_a_failed_import_writes_nothing(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("given.csv").write_text(
        "input,then\nup to 4,small\n5..9,middle\n10 or more,large\n", "utf-8"
    )
    before = contents(work)

    def full(_old: str, _new: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(InputError, match=r"RW438 .* cannot be written: no space left on device"):
        import_table(Rules("rules"), "given.csv", "sizes")
    assert contents(work) == before


def test_remarks_at_the_cells_of_a_workbook_stay_with_their_rows(work: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment

    path = "rules/tables/visits.xlsx"
    book = load_workbook(path)
    ids = [cell.value for cell in book["Visits"]["A"] if cell.value][1:]
    book["Visits"]["C2"].comment = Comment("as agreed", "somebody")
    book.save(path)
    _, *rows = export_table(Rules("rules"), "visits", "out.csv").decode().splitlines()
    Path("out.csv").write_text(
        "\n".join(["id,opened,boarding,then", *reversed(rows)]) + "\n", "utf-8"
    )
    assert import_table(Rules("rules"), "out.csv", "visits").rows == ("the order of the rows",)
    sheet = load_workbook(path)["Visits"]
    remarks = {
        row[0].value: cell.comment.text
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None
    }
    assert remarks == {ids[0]: "as agreed"}
    assert [cell.value for cell in sheet["A"] if cell.value][1:] == ids[::-1]


def test_workbooks_need_no_temporary_files(work: Path) -> None:
    with no_file_longer_than(1024):
        assert export_table(Rules("rules"), "stages", "out.xlsx").startswith(b"PK")
        output, code = answer("rulewright table export stages -o out.xlsx --rules rules")
    assert output.startswith("out.xlsx: RW438 `out.xlsx` cannot be written: file too large")
    assert code == 2
    assert not Path("out.xlsx").exists()


def test_an_edit_beside_a_workbook_leaves_its_tables_readable(work: Path) -> None:
    assert answer("rulewright set 'title=The draft' --policy draft --rules rules")[1] == 0
    assert answer("rulewright new policy later --amends plain --rules rules")[1] == 0
    assert answer(
        "rulewright table import rules/tables/visits.xlsx#Visits visits --rules rules"
    ) == (
        "nothing to change: rules/tables/visits.xlsx#Visits holds the rows of visits as they are\n",
        0,
    )


def exported(cell: str) -> str:
    """A cell as a reader of CSV files gets it."""
    [_, [shown, _]] = csv.reader(
        io.StringIO(
            csv_of(Grid(("note", "then"), ({"note": Text(cell), "then": Text("x")},), ())).decode()
        )
    )
    return shown


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("-5 or more", "'-5 or more"),
        ("\uff1d1", "'\uff1d1"),
        ("'=1", "''=1"),
        ("-", "-"),
        ("-5", "-5"),
        ("-0.5", "-0.5"),
        ("-5..-3", "-5..-3"),
        ("-5 .. 3", "-5 .. 3"),
        ("good", "good"),
        ("'tis", "'tis"),
        ("a=b", "a=b"),
    ],
)
def test_a_cell_that_a_spreadsheet_program_would_calculate_is_guarded(
    cell: str, written: str
) -> None:
    assert exported(cell) == written
    assert without_guard(Text(written)) == cell


@settings(derandomize=True, deadline=None)
@given(st.text("=+-@'\uff1d 0159.a|", max_size=8))
def test_every_cell_comes_back_from_csv_as_it_was(cell: str) -> None:
    shown = exported(cell)
    assert not FORMULA.match(shown)
    assert without_guard(Text(shown)) == " ".join(cell.split())
