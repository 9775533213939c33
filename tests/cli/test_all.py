"""`run --all` explains a value by every rule about it that fired; and where `otherwise` gives a value, no other rule fired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from rulewright.explain.record import Explained
from rulewright.explain.recording import Recorder
from rulewright.workbench import Rules, cases

RULES = Rules()
FILES = ["scenarios/examples/example-trust.yaml", "scenarios/real/2021/RA9.yaml", "scenarios/real/2024-25/REM.yaml",
         "scenarios/legacy/judgements.yaml", "tests/cli/judged.yaml"]  # fmt: skip


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
        recorder = Recorder(decision, everything=True)
        found = [each for answer in decision.answers if answer.published for each in explained(recorder.why(answer))]
        for each in found:
            if each.kind == "derived" and not each.seen:
                fired = {firing.rule for firing in decision.firings if (firing.entity, firing.attribute) == (each.entity, each.attribute)}
                assert {part.rule for part in each.parts} >= fired
                if [part.effect for part in each.parts if part.role == "decided"] == ["otherwise"] and each.status == "determined":
                    assert [part.rule for part in each.parts if part.effect == "value" and part.status == "fired"] == []


def test_a_rule_that_gives_no_value_keeps_otherwise_from_its_own() -> None:
    content = {"case": "x", "as at": "2024-03-01", "trust": {"first trust-level assessment": "yes"}}
    decision = RULES.run(content, policy="guidance-2024-03", engine="reference").decision
    silent = {(each.entity, each.attribute) for each in decision.firings if each.effect == "value" and each.gives == ["no value"]
              and each.status == "fired"}  # fmt: skip
    assert all(each.origin != "otherwise" for each in decision.answers if (each.entity, each.attribute) in silent)
