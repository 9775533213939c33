"""Lists and `verify` read the usual documents in a shorter way: it gives what the whole reading
gives, or leaves them to it.
"""

from __future__ import annotations

import json
import lzma
import random
import sqlite3
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.decision import record
from rulewright.ledger import envelope
from rulewright.ledger.clock import written
from rulewright.ledger.envelope import KINDS, Envelope, MadeWith
from rulewright.syntax.canonical import canonical_quickly
from rulewright.workbench import Rules, cases
from tests import records
from tests.fuzz.forging import _bytes, forged

FIXTURES = Path(__file__).parent / "fixtures"

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MADE_WITH = st.builds(MadeWith, st.lists(TEXT, max_size=3), TEXT, TEXT, TEXT, TEXT)
NUMBER = st.integers(1, 10**15 - 1)
TIMES = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)).map(written)
ENVELOPES = st.builds(
    Envelope,
    NUMBER,
    st.none() | TEXT,
    st.sampled_from(KINDS),
    st.none() | NUMBER,
    TEXT,
    TIMES,
    *[TEXT] * 6,
    MADE_WITH,
)
ODD = st.binary(max_size=3) | st.sampled_from([b'"', b"\\", b"\xed\xa0\x80", b"0"])
USUAL = Envelope(
    2,
    "sha256:0",
    "correction",
    1,
    "",
    "2024-03-01T09:30:00.000000Z",
    "A. Clerk",
    "",
    "d",
    "c",
    "t",
    "p",
    MadeWith(["reference"], "", "0.1.0", "3.11", "Linux"),
)


# -- envelopes


@given(ENVELOPES)
@example(USUAL)
@example(replace(USUAL, made_by=replace(USUAL.made_by, note="{}")))
def test_every_envelope_that_is_written_is_read(said: Envelope) -> None:
    content = said.bytes()
    assert envelope.envelope_from(content) == envelope._any_envelope(content) == said
    assert envelope._usual_envelope(content) in (said, None)


def test_the_usual_one_is_read_quickly() -> None:
    assert envelope._usual_envelope(USUAL.bytes()) == USUAL


@given(st.data())
def test_a_changed_envelope_is_read_quickly_only_where_it_is_one(data: st.DataObject) -> None:
    """Any byte of it replaced, and some inserted."""
    content = data.draw(ENVELOPES).bytes()
    at, more = data.draw(st.integers(0, len(content) - 1)), data.draw(ODD)
    changed = content[:at] + more + content[at + data.draw(st.integers(0, 2)) :]
    quickly = envelope._usual_envelope(changed)
    if quickly is not None:
        assert quickly == envelope._any_envelope(changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"recorded at": "2024-13-01T09:30:00.000000Z"},
        {"number": 0},
        {"number": -1},
        {"supersedes": True},
        {"kind": "other"},
        {"schema": "rulewright/entry/2"},
        {"made by": {}},
        {"made by": {"engines": []}},
    ],
)
def test_what_is_not_usual_is_left_to_the_whole_reading(changed: dict[str, Any]) -> None:
    assert envelope._usual_envelope(canonical_quickly(json.loads(USUAL.bytes()) | changed)) is None


# -- decisions


def decisions() -> list[bytes]:
    """Of older ledgers, of shipped cases, and one whose texts look like parts of the document."""
    found: list[bytes] = []
    for path in FIXTURES.glob("*.ledger.xz"):
        connection = sqlite3.connect(":memory:")
        connection.deserialize(
            lzma.decompress(path.read_bytes()).replace(b"\x02\x02", b"\x01\x01", 1)
        )  # not write-ahead: there is no log
        found += [content for (content,) in connection.execute("SELECT decision FROM entries")]
        connection.close()
    rules = Rules()
    for name in (
        "examples/example-trust.yaml",
        "real/2021/RA9.yaml",
        "consultation-2021/locations.yaml",
    ):
        found += [
            record.decision_bytes(rules.answer(each).decision)
            for each in cases(Path("scenarios") / name)
        ]
    hostile = 'a"],"as at":"2021-01-01","firings":[],"policy":{"id":"x"},"root":"thing" \\ {"attribute":"result"'
    return [*found, record.decision_bytes(records.answered("unknown", note=hostile).decision)]


DECISIONS = decisions()


def outline_of_all(content: bytes) -> record.Outline:
    decision = record.decision_from(content)
    ratings = tuple(
        (each.label, each.value)
        for each in decision.answers
        if each.published and each.entity == decision.root
    )
    return record.Outline(
        decision.case,
        decision.entity,
        decision.as_at,
        decision.policy.id,
        decision.policy.title,
        ratings,
    )


def test_the_outline_of_a_decision_is_read_quickly() -> None:
    for content in DECISIONS:
        assert (
            record._quickly(content.decode())
            == record.outline_of(content)
            == outline_of_all(content)
        )
    assert any(outline_of_all(content).ratings for content in DECISIONS)


@pytest.mark.parametrize("seed", range(20))
def test_the_outline_of_a_forged_decision_is_that_of_the_whole_or_there_is_none(seed: int) -> None:
    dice = random.Random(seed)
    small = [content for content in DECISIONS if len(content) < 10_000]
    for _ in range(50):
        content = _bytes(forged(json.loads(dice.choice(small)), dice))
        try:
            whole = outline_of_all(content)
        except (ValueError, RecursionError):
            try:
                found = record.outline_of(content)
            except (ValueError, RecursionError):
                continue
            assert all(type(getattr(found, each.name)) in (str, tuple) for each in fields(found))
        else:
            assert record.outline_of(content) == whole
