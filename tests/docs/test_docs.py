"""What the documentation says is so: its commands, files, examples and links are all tried.

See `pages` for the conventions.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import click
import pytest

from rulewright.cli import COMMANDS, group
from rulewright.ledger.envelope import MadeWith
from tests.records import ticking

from .pages import CUT, REWRITE, ROOT, SHORT, Page, blocks, edit, holds, recipe, recut

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced

DOCS = ROOT / "docs"
NORMATIVE = DOCS / "semantics.md"  # its tables have a test of their own
README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CHANGELOG.md",
    *sorted(DOCS.glob("*.md")),
    *sorted((DOCS / "decisions").glob("*.md")),
]
RUN = [
    each
    for each in PAGES
    if each != NORMATIVE
    and any(b.kind in ("console", "python", "yaml") for b in blocks(each.read_text("utf-8")))
]
MADE_WITH = MadeWith(["reference", "forward"], "", "0.1.0", "3.11.7", "Linux x86_64")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.slow
@pytest.mark.parametrize("path", RUN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_runs(
    path: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "rulewright"
    folder.mkdir()
    if path != README:  # which begins in an empty folder
        for each in ("rules", "schemas", "properties"):
            shutil.copytree(ROOT / each, folder / each)
        for each in ("legacy", "guidance-2024-03", "examples", "real/2021", "real/2024-25"):
            shutil.copytree(ROOT / "scenarios" / each, folder / "scenarios" / each)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(cache))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LOGNAME", "aclerk")
    monkeypatch.setattr(
        "rulewright.ledger.clock.now", ticking()
    )  # the times of records are told on the page,
    monkeypatch.setattr(
        "rulewright.ledger.drafts.made_with", lambda _: MADE_WITH
    )  # and their hashes
    page = Page(path)
    page.run(REWRITE)
    assert not page.differences, "\n\n".join(
        [*page.differences, "RULEWRIGHT_REWRITE=1 writes what came into the page"]
    )


# -- nothing is left undocumented


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    page = (DOCS / "commands.md").read_text("utf-8")
    section = page.partition(f"\n## rulewright {name}\n")[2].partition("\n## ")[0]
    assert section, f"docs/commands.md has no section `## rulewright {name}`"
    rows = re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)
    documented = {
        word for row in rows for word in re.findall(r"--[a-z-]+|(?<!-)-[a-z]\b|^[A-Z=]+", row)
    }
    inner = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    params = [param for each in inner for param in each.params]
    options = {opt for each in params if isinstance(each, click.Option) for opt in each.opts}
    arguments = {
        str(each.metavar or each.name).upper().strip("[.]")
        for each in params
        if isinstance(each, click.Argument)
    }
    assert documented == options | arguments | {"--help"}


def test_every_target_of_the_makefile_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    named = set(re.findall(r"`make ([a-z-]+)`", README.read_text("utf-8")))
    assert named == targets


def test_what_is_run_first_is_what_make_runs() -> None:
    assert f"$ {recipe('run')}\n" in README.read_text("utf-8")


def test_every_word_of_the_language_is_documented() -> None:
    """Each keyword of the lexer and each field of the models stands in the reference of the
    language.
    """
    from pydantic import BaseModel

    from rulewright.syntax import models
    from rulewright.syntax.lexer import KEYWORDS

    page = " ".join((DOCS / "language.md").read_text("utf-8").split())
    plain = page.replace("-", " ")
    missing = [
        word
        for word in KEYWORDS
        if not re.search(rf"\b{re.escape(word)}\b" if word.isalpha() else re.escape(word), plain)
    ]
    shapes = [
        each
        for each in vars(models).values()
        if isinstance(each, type) and issubclass(each, BaseModel)
    ]
    fields = {
        (field.alias or name).replace("_", " ").strip()
        for shape in shapes
        for name, field in shape.model_fields.items()
    }
    fields -= {"place"}
    missing += [
        name for name in sorted(fields) if f"`{name}`" not in page and f"{name}:" not in page
    ]
    assert not missing


def test_the_list_of_fields_is_what_its_script_writes() -> None:
    found = importlib.util.spec_from_file_location(
        "write_reference", ROOT / "tools" / "write_reference.py"
    )
    assert found is not None and found.loader is not None
    write_reference = importlib.util.module_from_spec(found)
    found.loader.exec_module(write_reference)
    page = write_reference.page()
    assert write_reference.PAGE.read_text("utf-8") == page, "run `python tools/write_reference.py`"
    undescribed = re.findall(r"^\| `([^`]+)` \| .* \|  \|$", page, re.MULTILINE)
    assert not undescribed


# -- links


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for link in LINK.findall(text):
        if link.startswith(("http://", "https://")):
            continue
        target, _, anchor = link.partition("#")
        there = (path.parent / target).resolve() if target else path
        assert there.exists(), f"{path.name}: {link}"
        assert not anchor or anchor in anchors(there), f"{path.name}: {link}"


def test_every_page_is_in_the_index() -> None:
    linked = {
        (DOCS / each.partition("#")[0]).resolve()
        for each in LINK.findall((DOCS / "README.md").read_text("utf-8"))
    }
    pages = {each for each in PAGES if DOCS in each.parents and each != DOCS / "README.md"}
    pages |= {DOCS / "codes" / "README.md"} & set(DOCS.glob("codes/*.md"))
    assert pages <= linked


# -- the conventions themselves


def test_cut_lines() -> None:
    got = ["head", "one", "two", "three", "foot"]
    assert holds(["head", CUT, "foot"], got)
    assert holds([CUT, "two", CUT], got)
    assert holds(["head", "one", "t" + SHORT, CUT], got)
    assert not holds(["head", "foot"], got)
    assert not holds(["head", CUT, "four", CUT], got)
    assert not holds(["entry 1, sha256:0a"], ["entry 1, sha256:0b"])
    assert recut(["head", CUT, "tow", CUT, "fut"], got) == ["head", CUT, "two", CUT, "foot"]
    assert recut(["old"], got) == got


def test_an_edit_changes_lines_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one\ntwo\nthree\n", "utf-8")
    edit(path, [" one", "-two", "+2", "+2.5"], "")
    assert path.read_text("utf-8") == "one\n2\n2.5\nthree\n"
    with pytest.raises(AssertionError, match="0 times"):
        edit(path, ["-two", "+2"], "")
