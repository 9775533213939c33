"""The scenarios made from published ratings are what their script makes of the files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REAL = ROOT / "scenarios" / "real"


def test_nothing_in_the_real_scenarios_was_edited_by_hand(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "tools" / "make_real_scenarios.py", "--out", tmp_path],
        check=True,
        capture_output=True,
    )
    made = {
        path.relative_to(tmp_path): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    kept = {
        path.relative_to(REAL): path.read_bytes()
        for path in REAL.rglob("*")
        if path.is_file() and path.parent.name != "data"
    }
    assert made == kept
