"""Cases in workbooks: each folder of `cases/` holds a workbook as text beside the YAML file that
says the same.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest

from rulewright import Rules
from rulewright.facts.cases import bind_case
from rulewright.tables.case_template import template
from rulewright.workbench import cases
from tests.errors.test_errors import answer
from tests.workbooks import build, workbook

HERE = Path(__file__).parent
CASES = sorted(path.name for path in HERE.glob("cases/*"))


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(HERE / "common", tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    build(tmp_path / "work")
    return tmp_path / "work"


def plain(value: Any) -> Any:
    """A tree without its places."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else str(value)


@pytest.mark.each_case_traced
@pytest.mark.parametrize("case", CASES)
def test_a_workbook_is_the_case_that_the_yaml_file_is(case: str, work: Path) -> None:
    Path("case.xlsx").write_bytes(
        workbook((HERE / "cases" / case / "case.xlsx.txt").read_text("utf-8"))
    )
    (sheets,) = cases("case.xlsx")
    (written,) = cases(HERE / "cases" / case / "case.yaml")
    vocabulary = Rules("rules").program("plain").vocabulary
    one, other = bind_case(sheets, vocabulary), bind_case(written, vocabulary)
    assert one.digest == other.digest
    for each in ("name", "as_at", "about", "published", "published_on"):
        assert getattr(one, each) == getattr(other, each)
    assert plain(one.expect) == plain(other.expect)
    assert all(
        ".xlsx!" in str(fact.place) for entity in one.entities for fact in entity.facts.values()
    )


def test_a_scenario_in_a_workbook_is_tested(work: Path) -> None:
    folder = Path("scenarios")
    folder.mkdir()
    text = (HERE / "cases/what-is-supplied-published-and-expected/case.xlsx.txt").read_text("utf-8")
    (folder / "one.xlsx").write_bytes(workbook(text))
    assert answer("rulewright test scenarios --rules rules") == ("1 passed, 0 failed\n", 0)
    (folder / "one.xlsx").write_bytes(workbook(text.replace("stage | early", "stage | late")))
    output, code = answer("rulewright test scenarios --rules rules")
    assert code == 1
    assert "scenarios/one.xlsx!expect!B2: `stage`: expected `late`, got `early`" in output


def test_an_empty_workbook_filled_in_is_a_case(work: Path) -> None:
    from openpyxl import load_workbook

    data = template(Rules("rules"))
    assert data == template(Rules("rules"))
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == [
        "case",
        "schools",
        "houses",
        "observations",
        "classes",
        "subjects",
        "supplied",
        "judgements",
        "published",
        "expect",
        "read me",
    ]
    assert [cell.value for cell in book["classes"][1]] == [
        "house",
        "name",
        "pupils",
        "reading",
        "writing",
    ]
    assert [cell.value for cell in book["subjects"][1]] == ["house", "class", "subject", "resit"]
    book["case"]["B2"], book["case"]["B3"] = "a school", "2024-03-01"
    book["schools"]["C2"] = 72
    book["classes"]["B2"] = "1a"
    book.save("case.xlsx")
    output, code = answer("rulewright run case.xlsx --rules rules --only band")
    assert code == 0
    assert output.startswith("school > band: good\n")


def test_the_empty_workbook_of_the_shipped_rulebook_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(template(Rules())))
    book["case"]["B2"], book["case"]["B3"] = "a trust", "2023-06-01"
    monkeypatch.chdir(tmp_path)
    book.save("case.xlsx")
    output, code = answer("rulewright run case.xlsx")
    assert code == 0, output


def test_a_run_without_workbooks_imports_nothing_for_them() -> None:
    import subprocess
    import sys

    script = (
        "import sys; from rulewright.workbench import Rules, cases; Rules().run(cases('scenarios/real/2021/RA9.yaml')[0]); "
        "print([each for each in ('openpyxl', 'rulewright.spreadsheets.workbooks', 'zipfile') if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "openpyxl" not in done.stdout
    assert "rulewright.spreadsheets.workbooks" not in done.stdout
