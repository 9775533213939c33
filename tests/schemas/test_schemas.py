"""`schemas/` is generated; every shipped file, every outcome and every explanation validates
against it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rulewright.schemas import as_text, schemas
from rulewright.syntax.yaml_loader import load_yaml_file
from rulewright.workbench import Rules, cases

ROOT = Path(__file__).parents[2]
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in schemas().items()}


def kind_of(tree: Any) -> str:
    if isinstance(tree, list):
        return "case" if "case" in tree[0] else "part"
    for word, kind in (
        ("policy", "policy"),
        ("documents", "sources"),
        ("seals", "seals"),
        ("case", "case"),
    ):
        if word in tree and not (word == "policy" and "case" in tree):
            return kind
    return "vocabulary"


@pytest.mark.parametrize("name", schemas())
def test_the_checked_in_schema_is_the_generated_one(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])
    assert (ROOT / "schemas" / f"{name}.json").read_text("utf-8") == as_text(schemas()[name])


FILES = sorted(
    [*(ROOT / "rules").rglob("*.yaml"), *(ROOT / "scenarios" / "legacy").rglob("*.yaml")]
)


@pytest.mark.parametrize("path", FILES, ids=[p.relative_to(ROOT).as_posix() for p in FILES])
def test_every_shipped_file_validates(path: Path) -> None:
    tree = load_yaml_file(path)
    errors = [
        f"{list(e.absolute_path)}: {e.message}" for e in VALIDATORS[kind_of(tree)].iter_errors(tree)
    ]
    assert errors == []


def test_a_misspelt_word_does_not_validate() -> None:
    assert not VALIDATORS["policy"].is_valid({"policy": "x", "status": "proposed", "titel": "y"})
    assert not VALIDATORS["part"].is_valid([{"rule": "x", "of": "y", "thn": "z"}])


@pytest.mark.untraced
def test_outcomes_validate() -> None:
    rules = Rules()
    found = 0
    for path in sorted((ROOT / "scenarios" / "legacy").glob("*.yaml")):
        for case in cases(path)[:4]:
            record = json.loads(json.dumps(rules.run(case, engine="reference").to_json()))
            errors = [
                f"{list(e.absolute_path)}: {e.message}"
                for e in VALIDATORS["outcome"].iter_errors(record)
            ]
            assert errors == [], case.name
            found += 1
    assert found > 20


def test_what_would_change_a_value_validates() -> None:
    rules = Rules()
    answered = [
        rules.answer(cases(ROOT / path)[0])
        for path in ("tests/cli/judged.yaml", "scenarios/real/2024-25/REM.yaml")
    ]
    found = [
        each
        for one in answered
        for attribute in ("trust rating", "overall rating", "stage", "rating")
        for to in (None, "no value")
        if any(answer.attribute == attribute for answer in one.decision.answers)
        for each in rules.what_if(one, attribute, to=to, most=2, keep=["trust type"])
    ]
    for each in found:
        record = json.loads(json.dumps(each.to_json()))
        assert [
            f"{list(e.absolute_path)}: {e.message}"
            for e in VALIDATORS["what-if"].iter_errors(record)
        ] == []
    assert {each.stands for each in found} == {"", "judged", "withdrawn"}
    assert (
        {each.settling is None for each in found}
        == {each.smallest is None for each in found}
        == {True, False}
    )


def test_explanations_and_differences_validate() -> None:
    rules = Rules()
    [one], [other] = (
        cases(ROOT / "scenarios/examples/example-trust.yaml"),
        cases(ROOT / "scenarios/real/2021/RA9.yaml"),
    )
    found = 0
    for case in (one, other):
        answered = rules.answer(case, engine="reference")
        records = [
            ("explanation", each)
            for answer in answered.decision.answers[:12]
            for each in rules.why(
                answered, f"{answer.entity} > {answer.attribute}", everything=found % 2 == 0
            )
        ]
        records += [
            ("why-not", each)
            for answer in answered.decision.answers[:12]
            for each in rules.why_not(answered, f"{answer.entity} > {answer.attribute}", "no value")
        ]
        records += [
            (
                "difference",
                rules.difference(answered, rules.answer(case, policy="better-regulation-2026")),
            )
        ]
        for name, each in records:
            record = json.loads(json.dumps(each.to_json()))
            assert [
                f"{list(e.absolute_path)}: {e.message}"
                for e in VALIDATORS[name].iter_errors(record)
            ] == []
            found += 1
    assert found > 40


def test_a_comparison_validates(tmp_path: Path) -> None:
    from rulewright.compare import compare, draft, held_against, load_intended, sides

    with sides("legacy", "better-regulation-2026") as (old, new):
        found = compare(old, new, cases(ROOT / "scenarios/legacy/mergers.yaml")[:3])
    path = tmp_path / "intended.yaml"
    path.write_text(
        draft(found)
        .replace("reason:\n", "reason: so\n")
        .replace("approved by:\n", "approved by: me\n"),
        "utf-8",
    )
    for each in (found, held_against(found, load_intended(path))[0]):
        record = json.loads(json.dumps(each.to_json()))
        assert [
            f"{list(e.absolute_path)}: {e.message}"
            for e in VALIDATORS["comparison"].iter_errors(record)
        ] == []
        assert record["differences"]


def test_records_validate(tmp_path: Path) -> None:
    """Everything that a ledger stores, and everything that is said of it in JSON."""
    from rulewright.ledger import Ledger
    from rulewright.ledger.export import json_lines
    from rulewright.ledger.listing import listing
    from rulewright.ledger.records import Verified, report, shown

    rules = Rules()
    with Ledger.open(tmp_path / "l.ledger") as ledger:
        for path in (
            "scenarios/examples/example-trust.yaml",
            "scenarios/real/2024-25/REM.yaml",
            "scenarios/legacy/judgements.yaml",
        ):
            ledger.append(
                rules.answer(cases(ROOT / path)[0], engine="reference"), recorded_by="A. Clerk"
            )
        ledger.append(
            rules.answer(
                cases(ROOT / path)[0],
                set={"service view period": "12 months"},
                policy="guidance-2024-03",
            ),
            recorded_by="A. Clerk",
            kind="what-if",
        )
        found: list[tuple[str, bytes | str]] = [("head", ledger.head().bytes())]
        head = ledger.head().to_json()
        verified = (
            Verified(True, head),
            Verified(True, head, compared_with=head, signed=True, newer=0),
            Verified(False, None, 3, "gone"),
        )
        found += [("verified", report(each)) for each in verified]
        found += [("listed-entry", report(each.to_json())) for each in listing(ledger)]
        found += [("ledger-line", each) for each in json_lines(ledger)]
        found += [("replayed", report(each)) for each in ledger.replay()]
        for each in ledger.entries():
            found += [
                ("entry", each.envelope_bytes),
                ("decision", each.decision_bytes),
                ("terms", each.terms_bytes),
            ]
            found += [
                ("stored-case", each.case_bytes),
                ("program", ledger.program(each.program_digest)),
            ]
            found += [("shown-entry", report(shown(each, 3)))]
    for name, content in found:
        record = json.loads(content)
        assert [
            f"{list(e.absolute_path)}: {e.message}" for e in VALIDATORS[name].iter_errors(record)
        ] == []
        assert not VALIDATORS[name].is_valid({**record, "colour": "red"})
        assert not VALIDATORS[name].is_valid({**record, "schema": f"rulewright/{name}/9"})
