"""Every code has a page and a case in the gallery; every page has a code; every message keeps the
house style.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGES = ROOT / "docs" / "codes"
CODE = re.compile(r"RW[1-9]\d\d")
ELSEWHERE = {"7": "the checks have a gallery of their own in tests/checks"}
MESSAGE = re.compile(r"^ *((?P<place>\S.*?): )?(?P<code>RW\d{3}) (?P<text>.+)$")
PLACE = re.compile(r"[^:]+(:[1-9]\d*:[1-9]\d*)?$")


def codes_in_source() -> set[str]:
    """Every code that the package can answer with; what only comments and docstrings mention does
    not count.
    """
    found: set[str] = set()
    for path in (ROOT / "engine" / "rulewright").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        prose = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in prose
            ):
                found.update(CODE.findall(node.value))
    return found


def index_codes() -> ModuleType:
    """`tools/index_codes.py`, which is no package."""
    found = importlib.util.spec_from_file_location("index_codes", ROOT / "tools" / "index_codes.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


CODES = sorted(codes_in_source())
EXPECTED = sorted(HERE.glob("RW*/*/expected.txt"))


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(code: str) -> None:
    assert (PAGES / f"{code}.md").read_text("utf-8").startswith(f"# {code}: ")


@pytest.mark.parametrize("code", [each for each in CODES if each[2] not in ELSEWHERE])
def test_every_code_has_a_case_in_the_gallery(code: str) -> None:
    assert list(HERE.glob(f"{code}/*/expected.txt"))


def test_no_page_and_no_folder_is_of_a_code_that_is_not_there() -> None:
    assert {path.stem for path in PAGES.glob("RW*.md")} <= set(CODES)
    assert {path.name for path in HERE.glob("RW*")} <= set(CODES)


def test_pages_and_index_are_up_to_date() -> None:
    assert not index_codes().changes(), "run `python tools/index_codes.py`"


def test_the_gallery_is_large() -> None:
    assert len(EXPECTED) >= 100


@pytest.mark.parametrize(
    "path", EXPECTED, ids=lambda path: path.parent.relative_to(HERE).as_posix()
)
def test_messages_keep_the_house_style(path: Path) -> None:
    """Lower case, no full stop, the person's own words in backticks, a place that counts from 1, in
    order of position.
    """
    places = []
    for line in path.read_text("utf-8").splitlines():
        found = MESSAGE.match(line)
        if found is None or line.startswith("$"):
            continue
        text, place = found["text"], found["place"] or ""
        assert text[0].islower() or text[0] in "`0123456789", text
        assert not text.endswith("."), text
        assert text.count("`") % 2 == 0 or r"\`" in text, text
        assert not re.search(r"Traceback|<class|object at 0x|\{'|\['|None\b|\w+Error\b", text), text
        assert PLACE.match(place) or not place, place
        places.append((place.split(":")[0], *map(int, place.split(":")[1:])))
    assert places, "no message"
    of_one_file = [each[1:] for each in places if each[0] == places[0][0]]
    assert of_one_file == sorted(of_one_file)
