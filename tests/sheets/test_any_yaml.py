"""`table import` into files written in any of the ways that YAML allows: the rows are there, and no
comment is gone but with its row.
"""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from rulewright import Rules
from rulewright.syntax.errors import InputError
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.tables.export import export_table
from rulewright.tables.import_table import import_table
from tests.mess import Mess, comments
from tests.workbooks import build

COMMON = Path(__file__).parent / "common" / "rules"
TABLES = ["bands", "sizes", "stages", "fees", "levels"]
CELLS = ["up to 3", "-", "good", "Good", "50..60", "a: b", "note #1", "x"]
MOVED = {"good": "70..84", "excellent": "85 or more"}
BY_ROW = {f"bands[{row}]": cell for row, cell in MOVED.items()}
REPLACES = [
    {},
    BY_ROW,
    {"bands": {"rows": MOVED}},
    {"sizes[small]": "up to 3", "sizes[middle]": "4..20"},
]


def bare(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(name): bare(value) for name, value in tree.items()}
    return list(map(bare, tree)) if isinstance(tree, list) else str(tree)


def pick(random: Random, listed: list[Any]) -> Any:
    return listed[random.randrange(len(listed))]


def changed(random: Random, rows: list[list[str]]) -> list[list[str]]:
    """The rows of a table as somebody gives them back."""
    head, *body = [list(each) for each in rows]
    for _ in range(random.randint(0, 3)):
        kind = random.randrange(8)
        row = pick(random, body) if body else None
        if row is not None and kind < 3:
            cell = random.randrange(len(row))
            row[cell] = pick(
                random, [row[cell].capitalize(), row[cell].upper(), f" {row[cell]} ", *CELLS]
            )
        elif row is not None and kind == 3:
            body.remove(row)
        elif row is not None and kind == 4:
            body.append([*row[:-1], pick(random, CELLS)])
        elif kind == 5:
            random.shuffle(body)
        elif kind == 6 and "note" not in head:
            head.append("note")
            body = [[*each, pick(random, ["", "x", "a: b #c"])] for each in body]
    limit = head.index("input") if "input" in head else -1
    if (
        limit >= 0
        and [each[limit] for each in body[:2]] == ["up to 49", "50..69"]
        and random.randrange(2)
    ):
        body[0][limit], body[1][limit] = "up to 44", "45..69"
    return [head, *body]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@settings(max_examples=80)
@given(st.integers(0, 10**9))
def test_the_rows_are_there_and_every_comment(work: Path, seed: int) -> None:
    random = Random(seed)
    root, given_back = work / "rules", work / "given.csv"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(COMMON, root)
    build(root)
    part = bare(load_yaml((COMMON / "part.yaml").read_text("utf-8"), "part.yaml"))
    (root / "part.yaml").write_bytes(Mess(random, odd=random.randrange(3) == 0).file(part).encode())
    amending = {
        "policy": "mine",
        "status": "proposed",
        "amends": "plain",
        "replaces": pick(random, REPLACES),
    }
    (root / "mine.yaml").write_bytes(
        Mess(random, odd=random.randrange(3) == 0).file(amending).encode()
    )
    into = str(root / "mine.yaml") if random.randrange(2) else None
    table = pick(random, TABLES)
    try:
        data = export_table(Rules(root), table, "out.csv", "mine" if into else None)
    except InputError:
        return  # not every mess is a rulebook
    rows = changed(random, list(csv.reader(io.StringIO(data.decode("utf-8-sig")))))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    given_back.write_text(text.getvalue(), "utf-8")
    before = contents(root)
    try:
        found = import_table(Rules(root), str(given_back), table, into)
    except InputError as error:
        event(f"refused: {error.problems[0].code}")
        assert contents(root) == before
        return
    event("changed" if found.rows else "nothing to change")
    files = [name for name, content in contents(root).items() if content != before[name]]
    assert len(files) == bool(found.rows)
    if (
        files
        and files[0].endswith(".yaml")
        and not any(each.startswith("removed") for each in found.rows)
    ):
        assert sorted(comments(contents(root)[files[0]].decode())) == sorted(
            comments(before[files[0]].decode())
        )
    assert import_table(Rules(root, to_mend=True), str(given_back), table, into).rows == ()
