"""Workbooks: what a number is shown as, how little of a file is believed, and that no file ends in
a traceback.
"""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rulewright import Rules
from rulewright.facts import sheets
from rulewright.facts.workbooks import case_of_workbook
from rulewright.spreadsheets.number_formats import (
    NotShownSo,
    _sections,
    format_code,
    refuse_another_text,
    written,
    written_day,
)
from rulewright.spreadsheets.workbooks import MAX_TEXT, Workbook
from rulewright.syntax.errors import InputError, Problems
from tests.bombs import BOMBS
from tests.workbooks import workbook

ROOT = Path(__file__).parents[2]

SHOWN = [
    ("3", "General", "3"), ("0.1", "General", "0.1"), ("0.10000000000000001", "General", "0.1"), ("3.3000000000000003", "General", "3.3"),
    ("62.5", "0.0", "62.5"), ("62.5", "0.00", "62.5"), ("1234567", "#,##0", "1234567"), ("1E-3", "General", "0.001"),
    ("12345678901", "General", "12345678901"), ("12345678901234", "0", "12345678901234"), ("-0", "General", "0"), ("-5", "0", "-5"),
    ("100", "@", "100"), ("45352", "yyyy-mm-dd", "2024-03-01"), ("45352", "YYYY\\-MM\\-DD", "2024-03-01"),
    ("45352", "dd/mm/yyyy", "2024-03-01"), ("45352", "[$-809]d mmmm yyyy;@", "2024-03-01"), ("45352", "d/m/yy h:mm", "2024-03-01"),
    ("45352", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2024-03-01"), ("45352", "yyyymmdd", "2024-03-01"),
    ("61", "yyyy-mm-dd", "1900-03-01"), ("45352", "yyyy-mm-dd h:mm:ss", "2024-03-01"), ("5", "#,##0.00", "5"),
]  # fmt: skip
NOT_SHOWN = [
    ("0.38", "0%"), ("0.385", "0.0%"), ("3.14", "0"), ("3.14", "0.0"), ("5", '"£"0'), ("5", "[$€-407]0"), ("5", "0.0E+0"),
    ("0.5", "# ?/?"), ("45352.5", "yyyy-mm-dd"), ("60", "yyyy-mm-dd"), ("0.5", "h:mm"), ("-1", "yyyy-mm-dd"), ("1e9", "yyyy-mm-dd"),
    ("1500", '0,"k"'), ("5", '0" beds"'), ("0", '0;-0;"-"'), ("5", ";;;"), ("5", "\\-0"), ("150", '[<100]0;"many"'), ("5", 'General"%"'),
    ("62", "[h]:mm"), ("62", "[h]:mm:ss"), ("62", "number 41"), ("62", "h:mm"), ("5", "000"), ("0", "#"), ("5", "0_)"), ("5", "0;[Red]-0"),
    ("45352", "mmm-yy"), ("45352", "d-mmm"), ("45352", "dddd mmmm yyyy"), ("45352", "mmmmm d yyyy"), ("45352", '"not "yyyy-mm-dd'),
    ("45352", "[$-107041E]d mmmm yyyy"), ("45352", "b yyyy-mm-dd"), ("3000", "dd/mm/yy"), ("59", "yyyy-mm-dd"), ("62", '"y-m-d"'),
    ("62.4999999999", "General"), ("12345678901234567", "General"), ("45352", "yyyy-mm-dd;;"), ("45352", "yyyy mm mm dd"),
]  # fmt: skip
TEXT_SHOWN = [
    "General",
    "@",
    "0",
    "yyyy-mm-dd;@",
    '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    '0;0;"a;b"',
    "[Red]@",
]
TEXT_NOT_SHOWN = [";;;", '"not "@', "0;0;0;", '0;0;0;"hidden"', "*x@", '0;@" beds"']


@pytest.mark.each_case_traced
@pytest.mark.parametrize(("number", "code", "text"), SHOWN)
def test_a_number_is_read_as_it_is_shown(number: str, code: str, text: str) -> None:
    assert written(number, code, False) == text


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    assert written("43890", "yyyy-mm-dd", True) == "2024-03-01"


@pytest.mark.each_case_traced
@pytest.mark.parametrize(("number", "code"), NOT_SHOWN)
def test_a_number_that_is_shown_otherwise_is_refused(number: str, code: str) -> None:
    with pytest.raises(NotShownSo):
        written(number, code, False)


def test_a_rounded_number_is_told_as_spreadsheets_round() -> None:
    with pytest.raises(NotShownSo, match=r"the cell shows `3` and holds `2\.5`"):
        written("2.5", "0", False)
    with pytest.raises(
        NotShownSo, match=r"the cell shows the percentage `38\.5%` and holds `0\.385`"
    ):
        written("0.385", "0.0%", False)


@pytest.mark.parametrize(
    "identity", [*range(5, 9), *range(9, 14), *range(16, 22), *range(23, 49), *range(50, 164), 200]
)
def test_of_the_formats_without_a_code_only_numbers_and_whole_days_are_read(identity: int) -> None:
    with pytest.raises(NotShownSo):
        written("62", format_code(identity, {}), False)


@pytest.mark.parametrize("code", TEXT_SHOWN)
def test_a_text_is_read_where_it_is_shown_alone(code: str) -> None:
    refuse_another_text("good", code)


@pytest.mark.each_case_traced
@pytest.mark.parametrize("code", TEXT_NOT_SHOWN)
def test_a_text_that_is_hidden_or_shown_with_more_is_refused(code: str) -> None:
    with pytest.raises(NotShownSo):
        refuse_another_text("good", code)


@pytest.mark.parametrize(
    ("value", "word"), [("1", "TRUE"), ("true", "TRUE"), ("0", "FALSE"), ("false", "FALSE")]
)
def test_both_spellings_of_a_boolean_are_read(value: str, word: str) -> None:
    text = f"= s\nboolean TRUE\n! xml <v>1</v> => <v>{value}</v>\n"
    assert list(Workbook(workbook(text), "s.xlsx").only_sheet().cells.values()) == [word]


def test_a_boolean_of_another_spelling_or_in_another_format_is_refused() -> None:
    with pytest.raises(InputError, match="RW114"):
        Workbook(
            workbook("= s\nboolean TRUE\n! xml <v>1</v> => <v>yes</v>\n"), "s.xlsx"
        ).only_sheet()
    with pytest.raises(
        InputError,
        match=r"s.xlsx!s!A1: RW115 the cell holds `TRUE` and shows it in the format `;;;`",
    ):
        Workbook(workbook("= s\nboolean TRUE\n! format A1 ;;;\n"), "s.xlsx").only_sheet()


def test_a_day_that_the_file_holds_as_such_is_read_in_the_format_of_a_day() -> None:
    assert written_day("2024-03-01T00:00:00", "yyyy-mm-dd") == "2024-03-01"
    for day, code in [
        ("2024-03-01", "General"),
        ("2024-03-01", "mmm-yy"),
        ("2024-03-01T09:30:00", "yyyy-mm-dd"),
    ]:
        with pytest.raises(NotShownSo):
            written_day(day, code)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" '),
        ('<row r="1"', '<row ht="0.0" r="1"'),
        ("<sheetFormatPr ", '<sheetFormatPr defaultColWidth="0" '),
        ("<sheetData>", '<cols><col min="1" max="3" width="0.1"/></cols><sheetData>'),
    ],
)
def test_what_is_hidden_by_its_size_or_by_default_is_refused(old: str, new: str) -> None:
    with pytest.raises(InputError, match="RW116"):
        Workbook(workbook(f"= s\na\n! xml {old} => {new}\n"), "s.xlsx").only_sheet()


def test_a_row_that_says_that_it_is_shown_is_read() -> None:
    text = '= s\na\n! xml <sheetFormatPr  => <sheetFormatPr zeroHeight="1" \n! xml <row r="1" => <row hidden="0" r="1"\n'
    assert list(Workbook(workbook(text), "s.xlsx").only_sheet().cells.values()) == ["a"]


def test_of_thousands_of_formulas_the_first_hundred_are_told_and_the_others_counted() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><f t="array" ref="A1:Z5000">1</f></c><c r="B{n}"><v>1</v></c></row>'
        for n in range(1, 5_001)
    )
    with pytest.raises(
        InputError, match=r"s.xlsx!s!A1: RW115 the cell holds a formula that fills A1:Z5000"
    ) as error:
        Workbook(
            workbook(f"= s\n! xml <sheetData></sheetData> => <sheetData>{rows}</sheetData>\n"),
            "s.xlsx",
        ).only_sheet()
    assert len(error.value.problems) == 100
    assert str(error.value).splitlines()[-1] == "s.xlsx!s!A100: RW115 and 4,900 more like these"


def test_as_many_ranges_of_columns_as_there_are_columns_are_read() -> None:
    columns = '<col min="1" max="16384" width="9"/>' * 16_384
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * MAX_TEXT}</t></is></c></row>'
    text = f"= s\n! xml <sheetData></sheetData> => <cols>{columns}</cols><sheetData>{cell}</sheetData>\n"
    assert Workbook(workbook(text), "s.xlsx").only_sheet().cells == {(1, 1): "a" * MAX_TEXT}


MEASURED = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from rulewright.facts.workbooks import case_of_workbook
from rulewright.syntax.errors import InputError

def first(data):
    try:
        case_of_workbook(data, "b.xlsx")
    except InputError as error:
        return str(error.problems[0])

from tests.bombs import BOMBS, bomb
said = {name: first(bomb(name)) for name in BOMBS}
most = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))  # not that of whoever began this
print(json.dumps([said, most]))
"""


@pytest.mark.untraced
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(),
    reason="the memory of one process cannot be measured here",
)
def test_no_small_workbook_takes_long_or_much_memory() -> None:
    """Read without limits, some of them take minutes, and some a gigabyte.

    The limit on time is for all together.
    """
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    said, kilobytes = json.loads(done.stdout)
    assert {name: message[: len(BOMBS[name])] for name, message in said.items()} == BOMBS
    assert kilobytes < 200_000


@pytest.mark.parametrize("code", ["0;0", '"a;b";0', 'a;"b;c', '"a";"b;c', '"', '";', ";;;", ""])
def test_a_format_is_cut_at_semicolons_outside_quotation_marks(code: str) -> None:
    assert _sections(code) == re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*\Z)', code)


def test_a_text_that_cells_share_and_that_is_not_there_is_damage() -> None:
    with pytest.raises(InputError, match="RW114 the workbook is damaged"):
        Workbook(
            workbook('= s\na\n! xml t="inlineStr" => t="s"\n! xml <is><t>a</t></is> => <v>7</v>\n'),
            "s.xlsx",
        ).only_sheet()


def test_thousands_of_things_of_one_name_and_thousands_of_parents_are_found_at_once() -> None:
    """Each row is put below the one that it names without looking at all the others."""
    rows = "\n".join(f"North {number} | a" for number in range(3_000))
    text = "= case\ncase | c\nas at | 2024-03-01\n= locations\nname\n" + "\n".join(
        f"North {n}" for n in range(3_000)
    )
    book = Workbook(workbook(f"{text}\n= services\nlocation | name\n{rows}\n"), "s.xlsx")
    looked = 0

    class Counted(dict[str, str]):
        def items(self) -> Any:
            nonlocal looked
            looked += 1
            return super().items()

    problems = Problems()
    facts = sheets.SheetReader(book, Rules().program("guidance-2024-03").vocabulary, problems)
    known = facts._known
    facts._known = lambda thing: known(_with_path(thing, Counted))  # type: ignore[method-assign]
    tree = facts.read()
    assert not problems.found
    assert [each["services"][0]["name"] for each in tree["locations"]] == ["a"] * 3_000
    assert looked < 50_000


def _with_path(thing: Any, kind: type[dict[str, str]]) -> Any:
    thing.__dict__["path"] = kind(thing.path)
    return thing


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    text = '= s\na\n! xml ref="A1" => ref="A1:XFD1048576"\n! xml <sheetData> => <cols><col min="1" max="16384" width="9"/></cols><sheetData>\n'
    begun = time.process_time()
    assert Workbook(workbook(text), "s.xlsx").only_sheet().cells == {(1, 1): "a"}
    assert time.process_time() - begun < 2


def test_a_merged_range_as_large_as_a_sheet_is_an_error_at_once() -> None:
    text = '= s\na\n! xml </sheetData> => </sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>\n'
    with pytest.raises(InputError, match=r"s.xlsx!s!A1: RW115 the cells A1:XFD1048576 are merged"):
        Workbook(workbook(text), "s.xlsx").only_sheet()


def test_the_last_cell_of_a_sheet_costs_no_more_than_the_first() -> None:
    text = '= s\na\n! xml </sheetData> => <row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>b</t></is></c></row></sheetData>\n'
    assert list(Workbook(workbook(text), "s.xlsx").only_sheet().cells) == [
        (1, 1),
        (1_048_576, 16_384),
    ]


def test_more_cells_than_anybody_writes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright.spreadsheets.workbooks.MAX_CELLS", 2)
    with pytest.raises(InputError, match="RW102 the sheet has more than 2 filled cells"):
        Workbook(workbook("= s\na | b | c\n"), "s.xlsx").only_sheet()


def test_texts_are_trimmed_and_their_escapes_read() -> None:
    book = Workbook(workbook("= s\n\u00a0 good\u00a0 | a_x0041_b\n"), "s.xlsx")
    assert list(book.only_sheet().cells.values()) == ["good", "aAb"]


CASE = workbook("""= case
case | an example trust
as at | date 2024-03-01
= trust
name | beds
Example Trust | number 120
= services
name | core service
Maternity | boolean TRUE
! merge A5:B5
""")


def read_whole(data: bytes) -> None:
    """Reads all that a file holds; only an `InputError` may come of it."""
    try:
        case_of_workbook(data, "case.xlsx")
        book = Workbook(data, "case.xlsx")
        for name in book.names:
            book.sheet(name).table()
    except InputError as error:
        assert all(str(each).startswith("case.xlsx") for each in error.problems)


@pytest.mark.untraced
def test_no_bytes_end_in_a_traceback() -> None:
    dice = random.Random(1)
    for _ in range(100):
        read_whole(dice.randbytes(dice.randrange(400)))
        read_whole(b"PK\3\4" + dice.randbytes(dice.randrange(400)))
        changed = bytearray(CASE)
        for _ in range(dice.randrange(1, 20)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        read_whole(bytes(changed))
        read_whole(CASE[: dice.randrange(len(CASE))])


@pytest.mark.untraced
def test_no_damaged_part_ends_in_a_traceback() -> None:
    dice = random.Random(2)
    with zipfile.ZipFile(io.BytesIO(CASE)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    words = [
        b'"',
        b"<",
        b">",
        b"</c>",
        b"<f>1</f>",
        b"-1",
        b"99999999999999999999",
        b"nan",
        b"A0",
        b"&#0;",
        b't="s"',
        b'r="ZZZZ9"',
        b"\xff",
        b"",
    ]
    for _ in range(300):
        changed = dict(parts)
        name = dice.choice(sorted(changed))
        content = changed[name]
        start = dice.randrange(len(content))
        changed[name] = content[:start] + dice.choice(words) + content[start + dice.randrange(12) :]
        if dice.random() < 0.1:
            del changed[dice.choice(sorted(changed))]
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as new:
            for each, content in changed.items():
                new.writestr(each, content)
        read_whole(data.getvalue())
