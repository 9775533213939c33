"""Every test runs without the user's own cache of programs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
os.environ["RULEWRIGHT_CACHE"] = "off"
os.environ.pop("RULEWRIGHT_RULES", None)


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in outputs are those that somebody sees who works in the project's folder."""
    monkeypatch.chdir(ROOT)
