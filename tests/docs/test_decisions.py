"""The pages on decisions name modules and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "decisions").glob("*.md"))
FILES = {
    path.relative_to(ROOT).as_posix()
    for folder in ("engine", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".lark")
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_modules_that_a_page_names_are_there(page: Path) -> None:
    named = re.findall(r"`([\w./-]+\.(?:py|lark))`", page.read_text("utf-8"))
    gone = [each for each in named if not any(f"/{file}".endswith(f"/{each}") for file in FILES)]
    assert not gone
