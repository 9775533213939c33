"""`run --all` explains a value by every rule about it that fired; and where `otherwise` gives a
value, no other rule fired.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from rulewright.explain.record import Explained
from rulewright.explain.recorder import ExplanationRecorder
from rulewright.workbench import Rules, cases

RULES = Rules()
FILES = [
    "scenarios/examples/example-trust.yaml",
    "scenarios/real/2021/RA9.yaml",
    "scenarios/real/2024-25/REM.yaml",
    "scenarios/legacy/judgements.yaml",
    "tests/cli/judged.yaml",
]


def explained(record: Any) -> Iterator[Explained]:
    """Every value that is explained somewhere in a record."""
    if isinstance(record, Explained):
        yield record
    if is_dataclass(record):
        for each in fields(record):
            yield from explained(getattr(record, each.name))
    elif isinstance(record, list):
        for item in record:
            yield from explained(item)


@pytest.mark.parametrize("file", FILES)
def test_a_value_is_explained_by_every_rule_about_it_that_fired(file: str) -> None:
    for case in cases(file):
        decision = RULES.run(case, engine="reference").decision
        recorder = ExplanationRecorder(decision, everything=True)
        found = [
            each
            for answer in decision.answers
            if answer.published
            for each in explained(recorder.why(answer))
        ]
        for each in found:
            if each.kind == "derived" and not each.seen:
                fired = {
                    firing.rule
                    for firing in decision.firings
                    if (firing.entity, firing.attribute) == (each.entity, each.attribute)
                }
                assert {part.rule for part in each.parts} >= fired
                if [part.effect for part in each.parts if part.role == "decided"] == [
                    "otherwise"
                ] and each.status == "determined":
                    assert [
                        part.rule
                        for part in each.parts
                        if part.effect == "value" and part.status == "fired"
                    ] == []


PART = """
- {rule: silent, of: trust, when: the beds is at least 100, then: the stage has no value}
- {rule: copied, of: trust, when: the beds is at least 100, then: the overall rating is the earlier rating}
- {rule: stage.else, of: trust, otherwise: the stage is ready}
- {rule: rating.else, of: trust, otherwise: the overall rating is good}
"""


@pytest.mark.parametrize(
    ("beds", "values"), [(120, ["no value", "no value"]), (90, ["good", "ready"])]
)
def test_a_rule_that_fires_and_gives_no_value_keeps_otherwise_from_its_own(
    beds: int, values: list[str], tmp_path: Path
) -> None:
    shutil.copytree("tests/errors/common/rules", tmp_path / "rules")
    (tmp_path / "rules" / "part.yaml").write_text(PART, "utf-8")
    content = {"case": "x", "as at": "2024-03-01", "trust": {"beds": beds}}
    answers = Rules(tmp_path / "rules").run(content).decision.answers
    found = {each.attribute: each.value for each in answers if each.entity == "trust"}
    assert [found["overall rating"], found["stage"]] == values
