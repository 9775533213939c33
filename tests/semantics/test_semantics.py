"""docs/semantics.md is normative: each row of its tables is run on each engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from rulewright.compiler.compiler import compile_policy
from rulewright.engines.registry import answering
from rulewright.engines.result import Answers
from rulewright.facts.cases import Case, CaseText, bind_case
from rulewright.ir.program import Program
from rulewright.ir.types import parse_date
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.yaml_loader import load_yaml

PAGE = Path(__file__).parents[2] / "docs" / "semantics.md"
TEXT = PAGE.read_text("utf-8")
VOCABULARY, RULES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
POLICY = "policy: p\nstatus: in force\nin force: {from: unknown}\nparts: [part.yaml]\n"
AS_AT = parse_date("2024-07-01")
assert AS_AT is not None
ENGINES = answering()

ATTRIBUTE = {"formula": "result", "whole formula": "whole result", "rating formula": "rated"}


def tables() -> Iterator[tuple[int, str, list[str]]]:
    """Each row as (line, heading of its first column, cells)."""
    heading = ""
    for number, line in enumerate(TEXT.splitlines(), 1):
        cells = (
            [each.strip() for each in line.strip("|").split("|")] if line.startswith("|") else []
        )
        if not cells:
            heading = ""
        elif not heading:
            heading = cells[0]
        elif not set(cells[0]) <= {"-", " "}:
            yield number, heading, cells


ROWS = list(tables())


def program_for(heading: str, first: str) -> Program:
    if heading == "condition":
        items = [{"rule": "r", "of": "unit", "when": [first], "then": "the answer is met"}]
    elif heading == "rules":
        items = yaml.safe_load(RULES)[first]
        items = yaml.load(RULES, Loader=yaml.BaseLoader)[first]
    else:
        items = [{"rule": "r", "of": "unit", "then": f"the {ATTRIBUTE[heading]} is {first}"}]
    part = yaml.safe_dump(items, allow_unicode=True, width=1000)
    return compile_policy(
        rulebook_from_texts({"v.yaml": VOCABULARY, "part.yaml": part, "p.yaml": POLICY}), "p"
    )


def case_for(facts: str, program: Program) -> Case:
    stated = dict(each.split(": ") for each in facts.split(", ")) if facts else {}
    judged = stated.pop("judged", None)
    lines = ["case: a row of the table"]
    if judged is not None:
        lines += [
            f"judgements: [{{attribute: banded rating, value: {judged}, by: a panel, on: 2024-06-01, reason: seen}}]"
        ]
    lines += ["unit:"]
    lines += [f"  {name}: {value}" for name, value in stated.items() if name not in "abc"]
    lines += ["  parts:"]
    for name in "abc":
        lines += [f"    - name: {name}"] + (
            [f"      mark: {stated[name]}"] if name in stated else []
        )
    tree = load_yaml("\n".join(lines), "row")
    return bind_case(CaseText(tree, "row"), program.vocabulary)


def answer(heading: str, result: Answers, program: Program) -> str:
    attribute = {"condition": "answer", "rules": "banded rating"}.get(heading) or ATTRIBUTE[heading]
    settled = result.decided[0, attribute]
    if heading == "condition" and not settled.deciding:
        return "not met"
    if heading == "condition":
        return "met" if settled.status == "determined" else "undecided"
    return ", ".join(settled.possible.show(program.vocabulary.root.attributes[attribute].type))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("line", "heading", "cells"), ROWS, ids=[f"line {line}: {cells[0]}" for line, _, cells in ROWS]
)
def test_every_row_of_the_page_holds(
    engine: str, line: int, heading: str, cells: list[str]
) -> None:
    program = program_for(heading, cells[0])
    result = ENGINES[engine](program, case_for(cells[1], program), AS_AT, {})
    assert answer(heading, result, program) == cells[2], f"docs/semantics.md:{line}"


def test_the_page_has_tables() -> None:
    assert len(ROWS) > 100
