"""What `compare` prints for each folder of edits: `edits.yaml` beside `expected.txt`.

`RULEWRIGHT_REWRITE=1` rewrites the expected files.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.test_commands import invoke

from .editing import FOLDERS, HERE, Edit, edited, edits_of

REWRITE = os.environ.get("RULEWRIGHT_REWRITE") == "1"
CASES = "tests/compare/cases.yaml"


@pytest.mark.each_case_traced
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_comparison_tells_what_was_edited_and_what_that_does(
    folder: Path, tmp_path: Path
) -> None:
    new = edited(tmp_path / "new", edits_of(folder))
    result = invoke(f"compare tests/compare/rules {new} --cases {CASES} --all")
    got = f"{result.stdout}{result.stderr}exit code {result.exit_code}\n".replace(str(new), "NEW")
    if REWRITE:
        (folder / "expected.txt").write_text(got, "utf-8")
    assert got == (folder / "expected.txt").read_text("utf-8")


def test_two_policies_of_one_rulebook_are_compared() -> None:
    result = invoke(f"compare first second --rules tests/compare/rules --cases {CASES}")
    path = HERE / "two-policies.txt"
    if REWRITE:
        path.write_text(result.stdout, "utf-8")
    assert (result.stdout, result.exit_code) == (path.read_text("utf-8"), 1)


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    runs = []
    for name in ("one.html", "other.html"):
        result = invoke(
            f"compare first second --rules tests/compare/rules --cases {CASES} --json --html {tmp_path / name}"
        )
        runs.append((result.stdout, (tmp_path / name).read_bytes()))
    assert runs[0] == runs[1]
    assert json.loads(runs[0][0])["schema"] == "rulewright/comparison/1"


def test_both_engines_can_be_asked() -> None:
    command = f"compare first second --rules tests/compare/rules --cases {CASES}"
    assert invoke(f"{command} --engine both").stdout == invoke(command).stdout


def test_nothing_differs_from_itself() -> None:
    result = invoke(f"compare first first --rules tests/compare/rules --cases {CASES}")
    assert (result.exit_code, result.stdout.splitlines()[3]) == (0, "0 changes to the policy")


def test_a_row_that_an_amendment_moves_is_shown_with_its_new_source(tmp_path: Path) -> None:
    rules = edited(
        tmp_path / "rules",
        [
            Edit(
                "parts/rating.yaml",
                "    outstanding: 88 or more\n",
                "    outstanding: 88 or more\n"
                "  source: {document: guidance, section: Bands, mark: published}\n",
                (),
            )
        ],
    )
    (rules / "policies" / "third.yaml").write_text(
        """policy: third
status: proposed
amends: first
replaces:
  bands[requires improvement]: 39..64
  bands[good]: {input: 65..87, source: {document: guidance, section: Good, mark: assumed}}
""",
        "utf-8",
    )
    shown = invoke(f"compare first third --rules {rules} --cases {CASES}").stdout
    assert shown.splitlines()[3] == "2 changes to the policy"
    assert (
        """  ~ row bands[good]
      row: 63..87 -> 65..87
      source: guidance, section Bands (published) -> guidance, section Good (assumed)
  ~ row bands[requires improvement]
      row: 39..62 -> 39..64
      source: guidance, section Bands (published) -> changed by third, no source given
"""
        in shown
    )


def test_how_many_processes_run_cases_has_no_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    from rulewright.compare import compare, parallel, sides
    from rulewright.workbench import cases

    monkeypatch.setattr(parallel, "PART", 2)
    texts = cases("scenarios/legacy/mergers.yaml")[:6]
    with sides("legacy", "better-regulation-2026") as (old, new):
        found = [compare(old, new, texts, workers=number).to_json() for number in (1, 2)]
    assert found[0] == found[1]
    assert found[0]["counts"]["cases"] == 6


def test_the_page_is_sound_and_carries_the_record(tmp_path: Path) -> None:
    from tests.pages.parsing import sound

    path = tmp_path / "board.html"
    record = invoke(
        f"compare first second --rules tests/compare/rules --cases {CASES} --json --html {path}"
    ).stdout
    page = sound(path.read_text("utf-8"))
    assert json.loads(page.data) == json.loads(record)
    assert ["good", "requires improvement", "1", "down"] in page.cells
    told = [f"{each['entity']} > {each['attribute']}" for each in json.loads(record)["differences"]]
    assert {row[0] for row in page.cells if len(row) == 5} >= set(told)


def test_a_page_needs_the_name_of_a_page(tmp_path: Path) -> None:
    result = invoke(
        f"compare first second --rules tests/compare/rules --cases {CASES} --html {tmp_path / 'board.pdf'}"
    )
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert "RW641" in result.stderr
