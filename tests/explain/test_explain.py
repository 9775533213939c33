"""What `why`, `why-not` and `difference` print, byte for byte: `command` beside `expected.txt`.

`RULEWRIGHT_REWRITE=1` rewrites them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_commands import invoke

HERE = Path(__file__).parent
SLOW = (
    "what-if-too-wide-for-a-formula",
    "what-if-fragile",
    "what-if-fragile-with-values-left-out",
)  # others reach the same lines
CASES = [
    pytest.param(path.parent, marks=[pytest.mark.untraced] * (path.parent.name in SLOW))
    for path in sorted(HERE.glob("*/command"))
]


@pytest.mark.each_case_traced
@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_command_prints_what_it_should(folder: Path) -> None:
    result = invoke((folder / "command").read_text("utf-8"))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    got = f"{result.stdout}{result.stderr}exit code {result.exit_code}\n"
    if os.environ.get("RULEWRIGHT_REWRITE"):
        (folder / "expected.txt").write_text(got, "utf-8")
    assert got == (folder / "expected.txt").read_text("utf-8")


def test_a_line_of_a_difference_fits_a_hundred_characters() -> None:
    for command in (
        "difference scenarios/real/2021/RA9.yaml --against-policy guidance-2024-03 --all",
        "difference tests/explain/origins.yaml tests/explain/single.yaml --all",
    ):
        assert all(len(line) <= 100 for line in invoke(command).stdout.splitlines())


def test_a_terminal_gets_a_tree_with_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from rulewright.cli import outcomes

    monkeypatch.setattr(outcomes, "on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    shown = invoke("why tests/cli/judged.yaml 'Nursing > safe'").stdout
    assert "by the lead inspector on 2021-03-30" in shown
    assert "\u2514" in shown


def test_the_decision_alone_gives_the_same_tree_as_far_as_it_goes() -> None:
    """`run` explains from the outcome alone, `why` from the case as it was answered: what the first
    says the second says too.
    """
    brief = invoke("run tests/cli/judged.yaml --only 'Nursing > safe'").stdout.splitlines()
    full = invoke("why tests/cli/judged.yaml 'Nursing > safe' --as tree").stdout.splitlines()
    assert full[: len(brief)] == brief
    assert any("did not fire" in line for line in full[len(brief) :])
