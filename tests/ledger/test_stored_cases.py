"""A case as a ledger keeps it says the same as the file did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from rulewright.facts.cases import bind_case
from rulewright.ledger.stored_cases import case_bytes, case_from_bytes
from rulewright.syntax.canonical import canonical, canonical_quickly
from rulewright.syntax.text import Boolean
from rulewright.workbench import Rules, cases
from tests import records
from tests.workbooks import workbook


def stored(path: Path) -> dict[str, Any]:
    content = case_bytes(cases(path)[0], records.program())
    assert case_bytes(case_from_bytes(content, "entry 1"), records.program()) == content
    document: dict[str, Any] = json.loads(content)
    return document


def test_what_was_written_is_what_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        'case: x\nas at: 2021-04-01\nthing:\n  score: 007\n  mark: ~\n  note: "unknown"\n  \U0001f600: 1\n  \uffee: 2\n',
        "utf-8",
    )
    assert stored(path) == {
        "schema": "rulewright/stored-case/1",
        "case": {
            "case": "x",
            "as at": "2021-04-01",
            "thing": {
                "score": "007",
                "mark": None,
                "note": "unknown",
                "\U0001f600": "1",
                "\uffee": "2",
            },
        },
        "quoted": ["/thing/note"],
    }


@pytest.mark.parametrize(("note", "facts"), [('"unknown"', {"note": "unknown"}), ("unknown", {})])
def test_unknown_in_quotes_stays_a_text(note: str, facts: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(f"case: x\nas at: 2021-04-01\nthing: {{note: {note}}}\n", "utf-8")
    text = case_from_bytes(case_bytes(cases(path)[0], records.program()), "entry 1")
    root = bind_case(text, records.program().vocabulary).root
    assert {name: fact.value for name, fact in root.facts.items()} == facts
    assert root.unknown == ({"note"} if not facts else set())


def test_a_workbook_is_stored_with_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    path.write_bytes(
        workbook("= case\ncase | x\nas at | 2021-04-01\n= thing\nname | score\nT | 3\n")
    )
    assert stored(path)["case"]["thing"] == {"name": "T", "score": "3"}


def test_true_of_a_spreadsheet_stays_neither_yes_nor_a_word() -> None:
    text = case_from_bytes(
        b'{"case":{"case":"x","thing":{"note":true}},"quoted":[],"schema":"rulewright/stored-case/1"}',
        "e",
    )
    note = text.tree["thing"]["note"]
    assert isinstance(note, Boolean)
    assert note == "TRUE"
    assert b'"note":true' in case_bytes(text, records.program())


NONE = [
    b"[]", b'{"schema":"rulewright/stored-case/2"}', b'{"case":[],"quoted":[],"schema":"rulewright/stored-case/1"}',
    b'{"case":{"a":1.5},"quoted":[],"schema":"rulewright/stored-case/1"}',
]  # fmt: skip


@pytest.mark.each_case_traced
@pytest.mark.parametrize("content", NONE)
def test_what_is_no_case_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="case"):
        case_from_bytes(content, "entry 1")


def test_the_order_in_a_file_changes_nothing_that_is_stored(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text("case: x\nas at: 2021-04-01\nthing: {score: 3, mark: good}\n", "utf-8")
    other.write_text(
        "thing:\n  mark: good  # good\n  score: 3\nas at: 2021-04-01\ncase: x\n", "utf-8"
    )
    assert stored(one) == stored(other)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner)
    ),
)


@given(JSON)
def test_the_quick_form_is_the_canonical_one_where_names_are_ascii(value: Any) -> None:
    assert canonical_quickly(value) == canonical(value) == rfc8785.dumps(value)


def test_the_facts_of_a_shipped_workbook_case_are_the_same_again() -> None:
    rules = Rules()
    text = cases(Path("scenarios/examples/example-trust.yaml"))[0]
    program = rules.program("guidance-2024-03")
    again = case_from_bytes(case_bytes(text, program), "entry 1")
    assert bind_case(again, program.vocabulary).digest == bind_case(text, program.vocabulary).digest
