"""Folders to be spoiled that are made when they are wanted: by the program itself, by git, and by
the generator of rulebooks.
"""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from rulewright.ledger import Ledger
from rulewright.tables.case_template import template
from rulewright.tables.export import export_table
from rulewright.workbench import Rules
from tests import records
from tests.fuzz.cases import tell, written
from tests.fuzz.dice import Dice, seeded
from tests.fuzz.programs import book
from tests.ledger.fixtures.make import school

from .galleries import TESTS, Seed, edited, laid
from .workspace import Files, lay

KEY = bytes(range(32))  # of a private key that everybody may know


# -- ledgers


@cache
def _recorded() -> Files:
    """A ledger with every kind of entry as this version writes it, its heads, the keys, and ledgers
    of earlier versions.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    from rulewright.ledger.signatures import sign

    private = Ed25519PrivateKey.from_private_bytes(KEY)
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    found: Files = {"office.key": secret, "office.pub": public}
    with tempfile.TemporaryDirectory() as made:
        path, key = Path(made) / "school.ledger", Path(made) / "office.key"
        key.write_bytes(secret)
        with Ledger.open(path, clock=records.ticking()) as ledger:
            school(ledger)
            head = ledger.verify()
        signed = json.dumps(sign(head, key)).encode()
        found |= {
            "school.ledger": path.read_bytes(),
            "school.head": head.bytes(),
            "school.signed": signed,
        }
    for name in ("school", "trusts"):
        fixtures = TESTS / "ledger/fixtures"
        found[f"old-{name}.ledger"] = lzma.decompress((fixtures / f"{name}.ledger.xz").read_bytes())
        found[f"old-{name}.head"] = (fixtures / f"{name}.ledger.head").read_bytes()
    rulebook = {
        "rules/v.yaml": records.VOCABULARY,
        "rules/part.yaml": records.PART,
        "rules/p.yaml": records.POLICY.format("in force"),
        "case.yaml": "case: a thing\nas at: 2024-04-01\nthing: {score: 7, mark: good}\n",
    }
    return found | {name: text.encode() for name, text in rulebook.items()}


def _of_ledger(name: str) -> Files:
    files = _recorded()
    others = tuple(
        each
        for each in files
        if each.endswith((".ledger", ".head", ".signed")) and not each.startswith(f"{name}.")
    )
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


def ledgers() -> Iterator[Seed]:
    """Ledgers with a rulebook and a case."""
    for name in ("school", "old-school", "old-trusts"):
        lines = tuple(
            each.replace("LEDGER", "NAME.ledger").replace("NAME", name) for each in OF_A_LEDGER
        )
        yield Seed(f"ledger {name}", partial(_of_ledger, name), lines)


# -- tables


TABLES = ("bands", "sizes", "stages", "fees", "visits", "levels")


@cache
def _sheets() -> Files:
    """A rulebook with a workbook and a CSV file of each table, and an empty workbook for cases, as
    this version writes them.
    """
    found = laid(("", TESTS / "sheets/common"))
    with tempfile.TemporaryDirectory() as made:
        lay(found, Path(made))
        rules = Rules(Path(made) / "rules", "rules")
        for name in TABLES:
            found |= {
                f"{name}.{form}": export_table(rules, name, f"{name}.{form}")
                for form in ("xlsx", "csv")
            }
        return found | {"case.xlsx": template(rules)}


def _with_sheet(sheet: str) -> Files:
    return {
        name: content
        for name, content in _sheets().items()
        if name.startswith("rules/") or name in (sheet, "case.xlsx")
    }


def imported() -> Iterator[Seed]:
    """Tables as they were exported, to be imported again."""
    for table in TABLES:
        for sheet in (f"{table}.xlsx", f"{table}.csv"):
            lines = (
                f"table import {sheet} {table} --rules rules",
                f"table import {sheet} {table} --in draft.yaml --rules rules",
            )
            yield Seed(f"table {sheet}", partial(_with_sheet, sheet), lines)


# -- a repository


OF_A_REPOSITORY = (
    "compare HEAD ./rules --rules rules --cases cases.yaml", "compare HEAD~1 HEAD --rules rules --cases cases.yaml",
    "compare HEAD~1:rules HEAD:rules --rules rules --cases cases.yaml --json", "compare main HEAD~1 --rules rules --cases cases.yaml",
)  # fmt: skip
PERSON = {"NAME": "A. Person", "EMAIL": "person@example.org", "DATE": "2024-03-01T09:30:00Z"}


@cache
def _in_a_repository() -> Files:
    """A rulebook of which git holds two revisions, with cases."""
    files = edited(TESTS / "compare/a-collection")
    named = {
        f"GIT_{who}_{what}": text
        for who in ("AUTHOR", "COMMITTER")
        for what, text in PERSON.items()
    }
    with tempfile.TemporaryDirectory() as made:

        def git(*arguments: str) -> None:
            command = ["git", "-C", made, "-c", "init.defaultBranch=main", *arguments]
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                env={**os.environ, **named, "GIT_CONFIG_GLOBAL": os.devnull},
            )
            assert done.returncode == 0, done.stderr

        git("init", "--quiet", "--template=")
        for version in ("rules", "new"):
            lay(
                {
                    f"rules/{name.partition('/')[2]}": each
                    for name, each in files.items()
                    if name.startswith(f"{version}/")
                },
                Path(made),
            )
            git("add", ".")
            git("commit", "--quiet", "--message", version)
        store = laid((".git/", Path(made) / ".git"))
    kept = (
        ".git/HEAD",
        ".git/config",
        ".git/objects/",
        ".git/refs/",
    )  # what else there is says when it was made
    found = {name: content for name, content in files.items() if not name.startswith("new/")}
    return found | {name: content for name, content in store.items() if name.startswith(kept)}


def in_a_repository() -> Iterator[Seed]:
    """Revisions to be compared."""
    yield Seed("a repository", _in_a_repository, OF_A_REPOSITORY)


# -- generated rulebooks


OF_A_GENERATED_CASE = (
    "run case.yaml --rules rules", "run case.yaml --rules rules --all", "check rules", "read --rules rules", "fmt rules case.yaml",
    "test case.yaml --rules rules --workers 1", "report case.yaml -o out.html --rules rules", "policies --rules rules", "words --rules rules",
)  # fmt: skip


def generated(dice: Dice) -> Seed:
    """A rulebook and a case of the generator that compares the engines."""
    return Seed("generated", partial(_generated, dice.below(2**31)), OF_A_GENERATED_CASE)


def _generated(number: int) -> Files:
    dice = seeded(number)
    rulebook, words = book(dice)
    texts = {f"rules/{name}": text for name, text in rulebook.texts().items()} | {
        "case.yaml": written(tell(dice, words))
    }
    return {name: text.encode() for name, text in texts.items()}
