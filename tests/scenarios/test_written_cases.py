"""Cases that are written for people hold the facts that they were found with: a text `unknown` is
not a fact that nobody knows.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.compiler.compiler import compile_policy
from rulewright.facts.cases import bind_case
from rulewright.suggest.shrinker import copied, with_fact
from rulewright.syntax.text import Map, Text
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.syntax.yaml_text import yaml_lines
from rulewright.workbench import CaseText
from tests.small import OLD, PART, VOCABULARY, book

WITH_A_TEXT = VOCABULARY.replace(
    "      opened on: date", "      opened on: date\n      motto: text"
)
PROPERTY = """\
policy: old
as at: 2023-06-01
properties:
  - property: no motto is known
    space:
      school: {motto: "unknown", points: 40}
      open: [kind]
    never: the motto is known
"""


@pytest.mark.parametrize(
    ("fact", "verdict"), [('"unknown"', "does not hold"), ("unknown", "holds")]
)
def test_a_case_that_a_property_finds(
    fact: str, verdict: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    for name, text in {"vocabulary.yaml": WITH_A_TEXT, "part.yaml": PART, "old.yaml": OLD}.items():
        (Path("rules") / name).write_text(text, "utf-8")
    Path("mine.yaml").write_text(PROPERTY.replace('"unknown"', fact), "utf-8")
    result = CliRunner().invoke(
        group, ["properties", "mine.yaml", "--rules", "rules", "--write", "found"]
    )
    assert f"\n  {verdict}: " in result.output
    for found in Path("found").glob("*.yaml"):
        (case,) = load_yaml(found.read_text("utf-8"), "found")
        assert case["school"]["motto"].quoted
        assert case["school"]["motto"] == "unknown"
    assert len(list(Path("found").glob("*.yaml"))) == (verdict == "does not hold")


def test_a_case_that_a_suggestion_is_made_of() -> None:
    program = compile_policy(book(vocabulary_yaml=WITH_A_TEXT), "old")
    tree = load_yaml('case: x\nas at: 2023-06-01\nschool: {motto: "unknown"}\n', "case.yaml")
    made: Map = copied(tree)
    assert made["school"]["motto"].quoted
    case = bind_case(CaseText(made, "case.yaml"), program.vocabulary)
    assert case.root.facts["motto"].value == "unknown"
    made["school"]["motto"] = Text("by work")
    with_fact(made, case, case.root, "motto", "unknown", program.vocabulary)
    assert list(yaml_lines(made["school"])) == ['motto: "unknown"']
