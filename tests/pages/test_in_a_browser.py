"""Pages in a browser: nothing that keeps people out, nothing fetched, no sideways scrolling.

Needs playwright, an installed Chromium, and axe-core, named by `RULEWRIGHT_AXE=…/axe.min.js`:
skipped without them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rulewright.documents.html import html
from rulewright.handbook.cache import handbook
from rulewright.handbook.document import compose
from rulewright.workbench import Rules, cases

ROOT = Path(__file__).parents[2]
AXE = os.environ.get("RULEWRIGHT_AXE", "")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed"),
    pytest.mark.skipif(not AXE, reason="RULEWRIGHT_AXE does not name axe-core"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


def of_a_policy() -> str:
    return html(compose(handbook(Rules(ROOT / "tests" / "handbook" / "rulebook"), "third")))


def of_a_decision(file: str) -> str:
    rules = Rules()
    (case,) = cases(ROOT / file)
    return html(rules.report(rules.answer(case)))


PAGES = {
    "a policy": of_a_policy,
    "a decision": lambda: of_a_decision("scenarios/examples/example-trust.yaml"),
    "an undetermined rating": lambda: of_a_decision("scenarios/real/2024-25/REM.yaml"),
    "a hospital": lambda: of_a_decision("scenarios/real/2021/RA9.yaml"),
}


@pytest.mark.parametrize("write", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_keeps_nobody_out(
    write: Callable[[], str], browser: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    path = tmp_path / "page.html"
    path.write_text(write(), "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(path.as_uri())
    assert fetched == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.add_script_tag(path=AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [
        (each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]
    ] == []
    assert len(found["passes"]) > 20
