"""What is spoiled: the files of the galleries, with their command lines; shipped files; and what the program itself writes."""

from __future__ import annotations

import json
import lzma
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rulewright.ledger import Ledger
from rulewright.ledger.heads import Head
from rulewright.sheets.exporting import export_table
from rulewright.sheets.template import template
from rulewright.workbench import Rules
from tests import records
from tests.fuzz.cases import tell, written
from tests.fuzz.dice import Dice, seeded
from tests.fuzz.programs import book
from tests.ledger.fixtures.make import school
from tests.workbooks import SUFFIX, workbook

from .archives import timeless
from .workspace import Files, lay

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "tests"
OWN = ("command", "expected.txt")
LARGEST = 400_000  # bytes of a folder that a command line names
COMMAND = "rulewright run case.yaml --rules rules"


@dataclass(frozen=True)
class Seed:
    """A folder, and command lines that fit it. `bare`: the arguments of each begin without `rulewright`."""

    name: str
    files: Callable[[], Files]
    commands: tuple[str, ...] = ()

    def lines(self) -> list[list[str]]:
        """The arguments of each command line."""
        return [words[1:] if words[0] == "rulewright" else words for words in map(shlex.split, self.commands) if words]


def files_of(*layers: Path, under: str = "") -> Files:
    """The files of folders laid over one another; a workbook for each text that describes one."""
    found: Files = {}
    for layer in layers:
        for path in sorted(
            each for each in layer.rglob("*") if each.is_file() and each.name not in OWN and each.suffix not in (".py", ".pyc")
        ):
            name = under + path.relative_to(layer).as_posix()
            if name.endswith(SUFFIX):
                found[name.removesuffix(".txt")] = timeless(workbook(path.read_text("utf-8")))
            else:
                found[name] = path.read_bytes()
    return found


def _lines(path: Path, otherwise: str = COMMAND) -> tuple[str, ...]:
    return tuple(path.read_text("utf-8").strip().splitlines()) if path.exists() else (otherwise,)


# -- galleries ---------------------------------------------------------------------------------------------------------


def _laid_over(pattern: str, below: str, part: str = "") -> Iterator[Seed]:
    """A gallery whose cases are laid over a folder that they share."""
    for path in sorted(TESTS.glob(pattern)):
        folder = path.parent
        layers = [TESTS / below, folder / part if part else folder]
        yield Seed(folder.relative_to(TESTS).as_posix(), lambda layers=layers: files_of(*layers), _lines(folder / "command"))  # type: ignore[misc]


def _suites() -> Iterator[Seed]:
    for path in sorted(TESTS.glob("scenarios/suites/*/command")):
        yield Seed(f"suites/{path.parent.name}", lambda folder=path.parent: {  # type: ignore[misc]
            **files_of(TESTS / "errors/common/rules", under="rules/"), **files_of(folder)}, _lines(path))  # fmt: skip


def _named_by_commands(pattern: str, base: Path) -> Iterator[Seed]:
    """A gallery of command lines that name files from a folder on."""
    for path in sorted(TESTS.glob(pattern)):
        lines = _lines(path)
        yield Seed(path.parent.relative_to(TESTS).as_posix(), lambda lines=lines: _named(lines, base), lines)  # type: ignore[misc]


def _named(lines: tuple[str, ...], base: Path) -> Files:
    found: Files = {}
    for word in sorted({word for line in lines for word in shlex.split(line)}):
        path = base / word
        if path.is_file():
            found |= _with_what_it_names(path, base)
        elif word and path.is_dir():
            below = files_of(path, under=f"{Path(word).as_posix()}/")
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


def _checked() -> Iterator[Seed]:
    shared = {name: TESTS / "checks" / name for name in ("vocabulary.yaml", "policy.yaml")}
    for path in sorted(TESTS.glob("checks/*/*/rules.yaml")):
        yield Seed(path.parent.relative_to(TESTS).as_posix(), lambda folder=path.parent: {  # type: ignore[misc]
            **{f"rules/{name}": each.read_bytes() for name, each in shared.items()}, **files_of(folder, under="rules/")},
            ("check rules", "check --rules rules --json"))  # fmt: skip


def _compared() -> Iterator[Seed]:
    for path in sorted(TESTS.glob("compare/*/edits.yaml")):

        def files(edits: Path = path) -> Files:
            from tests.compare.editing import edits_of

            old = files_of(TESTS / "compare/rules", under="rules/")
            new = {f"new/{name.removeprefix('rules/')}": content for name, content in old.items()}
            for edit in edits_of(edits.parent):
                before = new[f"new/{edit.file}"]
                assert isinstance(before, bytes)
                new[f"new/{edit.file}"] = before.replace(edit.old.encode(), edit.new.encode())
            return {**old, **new, "cases.yaml": (TESTS / "compare/cases.yaml").read_bytes()}

        yield Seed(path.parent.relative_to(TESTS).as_posix(), files, (
            "compare ./rules ./new --cases cases.yaml --all", "compare first second --rules rules --cases cases.yaml --html out.html",
            "compare ./rules ./new --cases cases.yaml --json --write-intended intended.yaml"))  # fmt: skip


@cache
def _in_a_repository() -> Files:
    """A rulebook of which git holds two revisions, with its cases."""
    from tests.compare.editing import FOLDERS

    edits = FOLDERS[0]
    seed = next(each for each in _compared() if each.name.endswith(edits.name))
    found = seed.files()
    person = {"NAME": "A. Person", "EMAIL": "person@example.org", "DATE": "2024-03-01T09:30:00Z"}
    named = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in person.items()} | {"GIT_CONFIG_GLOBAL": os.devnull}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)

        def git(*arguments: str) -> None:
            subprocess.run(["git", "-C", made, *arguments], check=True, capture_output=True, env={**os.environ, **named})

        git("-c", "init.defaultBranch=main", "init", "--quiet", "--template=")
        for version in ("rules", "new"):
            lay({f"rules/{name.partition('/')[2]}": content for name, content in found.items() if name.startswith(f"{version}/")}, folder)
            git("add", ".")
            git("commit", "--quiet", "--message", version)
        store = files_of(folder / ".git", under=".git/")
    kept = (".git/HEAD", ".git/config", ".git/objects/", ".git/refs/")  # what else there is says when it was made
    store = {name: content for name, content in store.items() if name.startswith(kept)}
    return {**{name: content for name, content in found.items() if not name.startswith("new/")}, **store}


OF_A_REPOSITORY = (
    "compare HEAD ./rules --rules rules --cases cases.yaml", "compare HEAD~1 HEAD --rules rules --cases cases.yaml",
    "compare HEAD~1:rules HEAD:rules --rules rules --cases cases.yaml --json", "compare main HEAD~1 --rules rules --cases cases.yaml",
)  # fmt: skip


def _schools() -> Iterator[Seed]:
    """Whole rulebooks of the tests, with cases."""
    of_sheets = ("table export bands -o out.xlsx --rules rules", "table export stages -o out.csv --rules rules",
                 "table template -o out.xlsx --rules rules", "run case.xlsx --rules rules", "run case.yaml --rules rules")  # fmt: skip
    for path in sorted(TESTS.glob("sheets/cases/*/case.yaml")):
        yield Seed(
            path.parent.relative_to(TESTS).as_posix(),
            lambda folder=path.parent: files_of(TESTS / "sheets/common", folder),
            of_sheets,
        )  # type: ignore[misc]
    covered = ("coverage scenarios --rules rules", "coverage scenarios --rules rules --undecided --html out.html",
               "mutate scenarios --rules rules --sample 4 --workers 1", "suggest scenarios --rules rules --workers 1 --most 2",
               "suggest scenarios --rules rules --uncovered --workers 1 -o out.yaml", "test scenarios --rules rules")  # fmt: skip
    for name in ("scenarios/coverage", "handbook"):
        yield Seed(name, lambda name=name: _rulebook_of(TESTS / name), covered)  # type: ignore[misc]
    yield Seed("a repository", _in_a_repository, OF_A_REPOSITORY)
    yield Seed("properties", lambda: {**files_of(TESTS / "errors/common", under="errors/common/"),
                                      "cli/properties.yaml": (TESTS / "cli/properties.yaml").read_bytes()}, (
        "properties cli/properties.yaml --rules errors/common/rules", "check errors/common/rules --properties cli/properties.yaml",
        "properties cli/properties.yaml --rules errors/common/rules --write out --json"))  # fmt: skip


def _rulebook_of(folder: Path) -> Files:
    rules = folder / "rules" if (folder / "rules").exists() else folder / "rulebook"
    return {**files_of(rules, under="rules/"), **files_of(folder / "scenarios", under="scenarios/")}


# -- shipped files -----------------------------------------------------------------------------------------------------


def _shipped() -> Iterator[Seed]:
    """Each file of scenarios under the shipped rulebook; and that rulebook with one policy and its amendments."""
    for path in sorted((ROOT / "scenarios").rglob("*")):
        if path.suffix in (".yaml", ".csv", ".jsonl") and path.stat().st_size < 60_000:
            name = path.relative_to(ROOT).as_posix()
            yield Seed(name, lambda path=path: _with_what_it_names(path, ROOT), (  # type: ignore[misc]
                f"test {name} --workers 1", f"run {name}", f"why {name} 'overall rating'", f"why-not {name} 'overall rating' outstanding",
                f"what-if {name} 'trust rating'", f"difference {name} --against-policy legacy", f"report {name} -o out.html"))  # fmt: skip
    for policy in ("legacy", "consultation-2021"):
        yield Seed(f"rules/cqc of {policy}", lambda policy=policy: _cut_small(policy), (  # type: ignore[misc]
            "check rules", f"run case.yaml --rules rules --policy {policy}", f"read {policy} --rules rules", "fmt rules"))  # fmt: skip


def _cut_small(policy: str) -> Files:
    """The shipped rulebook without other policies and their parts."""
    whole = files_of(ROOT / "rules/cqc", under="rules/")
    text = (ROOT / f"rules/cqc/policies/{policy}.yaml").read_text("utf-8") + (ROOT / "rules/cqc/policies/legacy.yaml").read_text(
        "utf-8"
    )
    kept = {name: content for name, content in whole.items()
            if (name.split("/")[1] != "policies" or name.split("/")[-1] in (f"{policy}.yaml", "legacy.yaml"))
            and (name.split("/")[1] != "parts" or name.removeprefix("rules/") in text)}  # fmt: skip
    return {**kept, "case.yaml": (ROOT / "scenarios/examples/example-trust.yaml").read_bytes()}


# -- what the program writes ------------------------------------------------------------------------------------------


KEY = bytes(range(32))  # of a private key that everybody may know


@cache
def _recorded() -> Files:
    """A ledger with every kind of entry as this version writes it, its heads, the keys, and ledgers of earlier versions."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    from rulewright.ledger.signing import sign

    private = Ed25519PrivateKey.from_private_bytes(KEY)
    found: Files = {"office.key": private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
                    "office.pub": private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)}  # fmt: skip
    with tempfile.TemporaryDirectory() as made:
        path, key = Path(made) / "school.ledger", Path(made) / "office.key"
        key.write_bytes(bytes(found["office.key"]))  # type: ignore[arg-type]
        with Ledger.open(path, clock=records.ticking()) as ledger:
            school(ledger)
            head: Head = ledger.verify()
        found |= {
            "school.ledger": path.read_bytes(),
            "school.head": head.bytes(),
            "school.signed": json.dumps(sign(head, key)).encode(),
        }
    for name in ("school", "trusts"):
        found[f"old-{name}.ledger"] = lzma.decompress((TESTS / f"ledger/fixtures/{name}.ledger.xz").read_bytes())
        found[f"old-{name}.head"] = (TESTS / f"ledger/fixtures/{name}.ledger.head").read_bytes()
    rulebook = {"rules/v.yaml": records.VOCABULARY, "rules/part.yaml": records.PART, "rules/p.yaml": records.POLICY.format("in force"),
                "case.yaml": "case: a thing\nas at: 2024-04-01\nthing: {score: 7, mark: good}\n"}  # fmt: skip
    return found | {name: text.encode() for name, text in rulebook.items()}


def _of_ledger(name: str) -> Files:
    files = _recorded()
    others = tuple(each for each in files if each.endswith((".ledger", ".head", ".signed")) and not each.startswith(f"{name}."))
    return {each: content for each, content in files.items() if each not in others}


OF_A_LEDGER = (
    "ledger list LEDGER", "ledger list LEDGER A. --json", "ledger show LEDGER 1", "ledger show LEDGER 2 --all", "ledger show LEDGER 1 --json",
    "ledger verify LEDGER --head NAME.head", "ledger verify LEDGER --head NAME.signed --key office.pub", "ledger export LEDGER",
    "ledger export LEDGER --as prov", "ledger export LEDGER -o out.jsonl", "ledger replay LEDGER", "ledger replay LEDGER --entry 1",
    "ledger recheck LEDGER --rules rules", "ledger recheck LEDGER --rules rules --json", "ledger head LEDGER --json",
    "ledger sign LEDGER --key office.key -o out.head", "report LEDGER --entry 1 -o out.html",
    "report LEDGER --entry 1 --rules rules -o out.html",
    "run case.yaml --rules rules --record LEDGER --recorded-by A",
    "run case.yaml --rules rules --record LEDGER --recorded-by A --kind correction --supersedes 1 --reason wrong",
)  # fmt: skip


def _ledgers() -> Iterator[Seed]:
    for name in ("school", "old-school", "old-trusts"):
        lines = tuple(each.replace("LEDGER", "NAME.ledger").replace("NAME", name) for each in OF_A_LEDGER)
        yield Seed(f"ledger {name}", lambda name=name: _of_ledger(name), lines)  # type: ignore[misc]


TABLES = ("bands", "sizes", "stages", "fees", "visits", "levels")


@cache
def _sheets() -> Files:
    """A rulebook with a workbook of each table, and an empty one for cases, as this version writes them."""
    found = files_of(TESTS / "sheets/common")
    with tempfile.TemporaryDirectory() as made:
        lay(found, Path(made))
        rules = Rules(Path(made) / "rules", "rules")
        for name in TABLES:
            found |= {f"{name}.{form}": export_table(rules, name, f"{name}.{form}") for form in ("xlsx", "csv")}
        return found | {"case.xlsx": template(rules)}


def _imported() -> Iterator[Seed]:
    for form in ("xlsx", "csv"):
        for table in TABLES:
            own = (f"{table}.{form}", "case.xlsx")
            lines = (f"table import {own[0]} {table} --rules rules", f"table import {own[0]} {table} --in draft.yaml --rules rules")
            yield Seed(f"table {own[0]}", lambda own=own: {  # type: ignore[misc]
                name: content for name, content in _sheets().items() if name.startswith("rules/") or name in own}, lines)  # fmt: skip


GENERATED = "generated"
OF_A_GENERATED_CASE = (
    "run case.yaml --rules rules", "run case.yaml --rules rules --all", "check rules", "read --rules rules", "fmt rules case.yaml",
    "test case.yaml --rules rules --workers 1", "report case.yaml -o out.html --rules rules", "policies --rules rules", "words --rules rules",
)  # fmt: skip


def generated(dice: Dice) -> Seed:
    """A rulebook and a case of the generator that compares the engines."""
    number = dice.below(2**31)

    def files() -> Files:
        inner = seeded(number)
        rulebook, words = book(inner)
        texts = {f"rules/{name}": text for name, text in rulebook.texts().items()}
        return {name: text.encode() for name, text in {**texts, "case.yaml": written(tell(inner, words))}.items()}

    return Seed(GENERATED, files, OF_A_GENERATED_CASE)


@cache
def seeds() -> dict[str, list[Seed]]:
    """All of them but those that are generated, by their kind, always in the same order."""
    return {
        "errors": list(_laid_over("errors/RW*/*/expected.txt", "errors/common")),
        "editing": list(_laid_over("editing/*/*/command", "editing/common", "before")),
        "imports": [*_laid_over("sheets/imports/*/command", "sheets/common"), *_imported()],
        "suites": list(_suites()),
        "commands": [seed for name in ("cli", "explain", "unread") for seed in _named_by_commands(f"{name}/*/command", ROOT)],
        "lookups": list(_named_by_commands("handbook/lookups/*/command", TESTS / "handbook")),
        "checks": list(_checked()),
        "compared": list(_compared()),
        "schools": list(_schools()),
        "shipped": list(_shipped()),
        "ledgers": list(_ledgers()),
    }


SHARES = (
    (11, "errors"), (12, "editing"), (12, "imports"), (8, "suites"), (14, "commands"), (7, "lookups"), (4, "checks"), (4, "compared"),
    (8, "schools"), (5, "shipped"), (15, "ledgers"), (12, GENERATED),
)  # fmt: skip


def seed_of(dice: Dice) -> Seed:
    """One of the seeds."""
    kind = dice.weighted(SHARES)
    return generated(dice) if kind == GENERATED else dice.pick(seeds()[kind])
