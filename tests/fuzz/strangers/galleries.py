"""Folders to be spoiled: the galleries of the tests with their command lines, and shipped files."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.workbooks import SUFFIX, workbook

from .archives import timeless
from .workspace import Files

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "tests"
OWN = ("command", "expected.txt")
LARGEST = 400_000  # bytes of a folder that a command line names
# where the gallery of mistakes has no command of its own
OF_ERRORS = "rulewright run case.yaml --rules rules"
COMMON = TESTS / "errors/common"


@dataclass(frozen=True)
class Seed:
    """A folder, and command lines that fit it."""

    name: str
    files: Callable[[], Files]
    commands: tuple[str, ...] = ()

    def lines(self) -> list[list[str]]:
        """The arguments of each command line, which may begin with `rulewright`."""
        return [
            words[1:] if words[0] == "rulewright" else words
            for words in map(shlex.split, self.commands)
            if words
        ]


def laid(*layers: tuple[str, Path]) -> Files:
    """Files and folders laid over one another, each below a folder; a workbook for each text that
    describes one.
    """
    found: Files = {}
    for under, layer in layers:
        for path in [layer] if layer.is_file() else sorted(layer.rglob("*")):
            if path.is_file() and path.name not in OWN and path.suffix not in (".py", ".pyc"):
                name = under + (path.name if path == layer else path.relative_to(layer).as_posix())
                described = name.endswith(SUFFIX)
                content = (
                    timeless(workbook(path.read_text("utf-8"))) if described else path.read_bytes()
                )
                found[name.removesuffix(".txt") if described else name] = content
    return found


def _name(path: Path) -> str:
    return path.relative_to(TESTS).as_posix()


def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text("utf-8").strip().splitlines()) if path.exists() else (OF_ERRORS,)


# -- galleries


def laid_over(pattern: str, *below: tuple[str, Path], part: str = "") -> Iterator[Seed]:
    """A gallery whose cases are laid over what they share.

    `part`: the folder of a case that holds its files.
    """
    for path in sorted(TESTS.glob(pattern)):
        own = path.parent / part if part else path.parent
        yield Seed(
            _name(path.parent), partial(laid, *below, ("", own)), _lines(path.with_name("command"))
        )


def named_by_commands(pattern: str, base: Path) -> Iterator[Seed]:
    """A gallery of command lines that name files from a folder on."""
    for path in sorted(TESTS.glob(pattern)):
        lines = _lines(path)
        yield Seed(_name(path.parent), partial(_named, lines, base), lines)


def _named(lines: tuple[str, ...], base: Path) -> Files:
    found: Files = {}
    for word in sorted({word for line in lines for word in shlex.split(line) if word}):
        path = base / word
        if path.is_file():
            found |= _with_what_it_names(path, base)
        elif path.is_dir():
            below = laid((f"{Path(word).as_posix()}/", path))
            if sum(len(each) for each in below.values() if isinstance(each, bytes)) < LARGEST:
                found |= below
    return found


def _with_what_it_names(path: Path, base: Path) -> Files:
    """A file, and those beside it that it names."""
    content = path.read_bytes()
    found: Files = {path.relative_to(base).as_posix(): content}
    for other in re.findall(rb"(?:given|rows|case|cases): *\[?([^\n\[\],}#]+)", content):
        beside = path.parent / os.fsdecode(other.strip())
        if beside.is_file() and beside.resolve().is_relative_to(base):
            found[os.path.relpath(beside.resolve(), base)] = beside.read_bytes()
    return found


def checked() -> Iterator[Seed]:
    """The rulebooks on which checks are tried."""
    shared = [("rules/", TESTS / "checks" / name) for name in ("vocabulary.yaml", "policy.yaml")]
    for path in sorted(TESTS.glob("checks/*/*/rules.yaml")):
        files = partial(laid, *shared, ("rules/", path.parent))
        yield Seed(_name(path.parent), files, ("check rules", "check --rules rules --json"))


OF_A_COMPARISON = (
    "compare ./rules ./new --cases cases.yaml --all", "compare first second --rules rules --cases cases.yaml --html out.html",
    "compare ./rules ./new --cases cases.yaml --json --write-intended intended.yaml",
)  # fmt: skip


def compared() -> Iterator[Seed]:
    """A rulebook, and the same with edits."""
    for path in sorted(TESTS.glob("compare/*/edits.yaml")):
        yield Seed(_name(path.parent), partial(edited, path.parent), OF_A_COMPARISON)


def edited(edits: Path) -> Files:
    """The rulebook of comparisons in `rules`, and with the edits of a folder in `new`."""
    from tests.compare.editing import edits_of

    folder = TESTS / "compare"
    found = laid(
        ("rules/", folder / "rules"), ("new/", folder / "rules"), ("", folder / "cases.yaml")
    )
    for edit in edits_of(edits):
        before = found[f"new/{edit.file}"]
        assert isinstance(before, bytes)
        found[f"new/{edit.file}"] = before.replace(edit.old.encode(), edit.new.encode())
    return found


OF_SHEETS = (
    "table export bands -o out.xlsx --rules rules", "table export stages -o out.csv --rules rules", "table template -o out.xlsx --rules rules",
    "run case.xlsx --rules rules", "run case.yaml --rules rules",
)  # fmt: skip
OF_SCENARIOS = (
    "coverage scenarios --rules rules", "coverage scenarios --rules rules --undecided --html out.html", "test scenarios --rules rules",
    "mutate scenarios --rules rules --sample 4 --workers 1", "suggest scenarios --rules rules --workers 1 --most 2",
    "suggest scenarios --rules rules --uncovered --workers 1 -o out.yaml",
)  # fmt: skip
OF_PROPERTIES = (
    "properties properties.yaml --rules rules", "check rules --properties properties.yaml",
    "properties properties.yaml --rules rules --write out --json",
)  # fmt: skip


def rulebooks() -> Iterator[Seed]:
    """Whole rulebooks of the tests, with cases, scenarios or properties."""
    for path in sorted(TESTS.glob("sheets/cases/*/case.yaml")):
        yield Seed(
            _name(path.parent),
            partial(laid, ("", TESTS / "sheets/common"), ("", path.parent)),
            OF_SHEETS,
        )
    for name, rules in (("scenarios/coverage", "rules"), ("handbook", "rulebook")):
        folder = TESTS / name
        yield Seed(
            name,
            partial(laid, ("rules/", folder / rules), ("scenarios/", folder / "scenarios")),
            OF_SCENARIOS,
        )
    yield Seed("properties", _with_properties, OF_PROPERTIES)


def _with_properties() -> Files:
    found = laid(("", COMMON), ("", TESTS / "cli/properties.yaml"))
    properties = found["properties.yaml"]
    assert isinstance(properties, bytes)
    return {**found, "properties.yaml": properties.replace(b"../errors/common/", b"")}


# -- shipped files


OF_A_SHIPPED_FILE = (
    "test FILE --workers 1", "run FILE", "why FILE 'overall rating'", "why-not FILE 'overall rating' outstanding",
    "what-if FILE 'trust rating'", "difference FILE --against-policy legacy", "report FILE -o out.html",
)  # fmt: skip
OF_A_SHIPPED_POLICY = (
    "check rules",
    "run case.yaml --rules rules --policy POLICY",
    "read POLICY --rules rules",
    "fmt rules",
)


def shipped() -> Iterator[Seed]:
    """Each file of scenarios under the shipped rulebook; and that rulebook with few policies."""
    for path in sorted((ROOT / "scenarios").rglob("*")):
        if path.suffix in (".yaml", ".csv", ".jsonl") and path.stat().st_size < 60_000:
            name = path.relative_to(ROOT).as_posix()
            lines = tuple(each.replace("FILE", name) for each in OF_A_SHIPPED_FILE)
            yield Seed(name, partial(_with_what_it_names, path, ROOT), lines)
    for policies in (("legacy",), ("consultation-2021", "legacy")):
        lines = tuple(each.replace("POLICY", policies[0]) for each in OF_A_SHIPPED_POLICY)
        yield Seed(f"rules/cqc of {policies[0]}", partial(_cut_small, policies), lines)


def _cut_small(policies: tuple[str, ...]) -> Files:
    """The shipped rulebook without other policies and their parts, and the example."""
    folder = ROOT / "rules/cqc"
    kept = [folder / "policies" / f"{each}.yaml" for each in policies]
    text = "".join(each.read_text("utf-8") for each in kept)
    parts = [each for each in sorted((folder / "parts").iterdir()) if f"parts/{each.name}" in text]
    found = laid(
        *((f"rules/{each.parent.name}/", each) for each in [*kept, *parts]),
        *(("rules/", each) for each in folder.glob("*.yaml")),
    )
    return {**found, "case.yaml": (ROOT / "scenarios/examples/example-trust.yaml").read_bytes()}
