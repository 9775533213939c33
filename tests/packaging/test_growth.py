"""How `make bench-growth` measures: the exponent that it fits, and the inputs that it makes. (What
it measures is no test.)
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from math import log
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import growth
from rulewright.cli import group

SIZES = (30, 100, 300)
SLOW = ("report", "what-if")  # they read the case that `run` reads


@pytest.mark.parametrize("power", [0.5, 1, 1.5, 2, 3])
def test_the_exponent_is_that_of_the_power(power: float) -> None:
    seconds = [0.7 + (size / 10) ** power for size in SIZES]
    assert growth.exponent(SIZES, seconds, 0.7) == pytest.approx(power)


@pytest.mark.parametrize("seconds", [(0.7, 0.7, 0.7), (0.5, 1.2, 0.9), (0.75, 0.8, 0.83)])
def test_what_takes_no_more_than_the_start_has_no_exponent(seconds: Sequence[float]) -> None:
    assert growth.exponent(SIZES, seconds, 0.7) is None


def test_what_is_too_little_to_tell_has_no_effect() -> None:
    for seconds in (0.7, 1.0, 1.4):
        assert growth.exponent(SIZES, (seconds, 2.0, 10.0), 1.0) == pytest.approx(log(9) / log(3))
        assert growth.exponent(SIZES, (seconds, 1.4, 5.5), 1.0) == pytest.approx(
            log(9) / log(3)
        )  # no less than that


@pytest.mark.parametrize("kind", growth.KINDS, ids=lambda kind: kind.commands[0].name)
def test_each_command_takes_what_is_made_for_it(
    kind: growth.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind.make(tmp_path, 4)
    monkeypatch.chdir(tmp_path)
    for command in (each for each in kind.commands if not each.name.startswith(SLOW)):
        if command.words[0] == "-m":
            assert CliRunner().invoke(group, command.words[2:]).exit_code == command.exit_code
        else:
            assert (
                growth.once(command.start, command.exit_code, tmp_path, dict(os.environ)).seconds
                > 0
            )


def test_a_command_that_ends_otherwise_is_told(tmp_path: Path) -> None:
    with pytest.raises(growth.Failed, match="exit code 3: no more"):
        growth.once(
            ("-c", "import sys; print('no more', file=sys.stderr); sys.exit(3)"), 0, tmp_path, {}
        )


def test_a_reason_is_that_of_a_command_that_is_measured() -> None:
    assert set(growth.REASONS) <= {
        command.name for kind in growth.KINDS for command in kind.commands
    }
