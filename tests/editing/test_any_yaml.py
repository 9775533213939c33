"""`set` in files written in any of the ways that YAML allows: what is set is there, nothing else
has changed, no comment is gone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rulewright.editing import assignment
from rulewright.editing.verification import verify
from rulewright.rulebook.rulebook import Rulebook, read_rulebook
from rulewright.syntax.errors import InputError
from rulewright.syntax.yaml_loader import load_yaml
from tests.mess import Mess, comments, read, same

COMMON = Path(__file__).parent / "common" / "rules"
FILES = ["bands.yaml", "rules.yaml", "policies/mine.yaml"]
VALUES = [
    "good",
    "up to 3",
    "the beds is 5: x",
    "a, b",
    "[x, y]",
    "[]",
    "[{a: b}, c]",
    "#x",
    "it's",
    'say "so"',
    "null",
    "unknown",
    "- x",
]
FIELDS = [
    ".about",
    ".note",
    ".unless",
    ".when",
    ".source.document",
    "[good]",
    "[fair]",
    ".otherwise",
    ".when[1]",
    ".overrides",
]
OF_A_POLICY = [
    "title",
    "status",
    "in force.from",
    "in force.until",
    "bands[good]",
    "report[best].band",
    "view period",
    "school.recent.about",
    "school.recent.when[1]",
    "lowest.poor.unless",
    "class > small",
    "adds",
    "repeals",
    "source.document",
]


def bare(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(name): bare(value) for name, value in tree.items()}
    return list(map(bare, tree)) if isinstance(tree, list) else str(tree)


def steps(tree: Any) -> Iterator[tuple[Any, ...]]:
    for name, value in (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    ):
        yield (name,)
        yield from ((name, *below) for below in steps(value))


def target(random: Random, tree: Any) -> str:
    """What might be set in a file."""
    if isinstance(tree, dict):
        return OF_A_POLICY[random.randrange(len(OF_A_POLICY))]
    item = tree[random.randrange(len(tree))]
    name = next(
        item[each] for each in ("rule", "table", "principle", "use", "parameter") if each in item
    )
    if random.randrange(3) == 0:
        return f"{name}{FIELDS[random.randrange(len(FIELDS))]}"
    ways = list(steps(item))
    way = ways[random.randrange(len(ways))]
    return (
        f"{name}{''.join(f'[{each + 1}]' if isinstance(each, int) else f'.{each}' for each in way)}"
    )


def differences(one: Any, other: Any) -> int:
    """In how many places two trees differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return sum(
            differences(one[each], other[each]) if each in one and each in other else 1
            for each in {**one, **other}
        )
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return sum(map(differences, one, other))
    return int(not same(one, other))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any") / "rules"
    shutil.copytree(COMMON, folder)
    return folder


def messy(folder: Path, file: str, random: Random) -> Rulebook:
    """The rulebook with one of its files in another style."""
    tree = bare(load_yaml((COMMON / file).read_text("utf-8"), file))
    if file.startswith("policies") and random.randrange(2):
        tree["replaces"] = {"bands[good]": "66..87"}
    shutil.copytree(COMMON, folder, dirs_exist_ok=True)
    (folder / file).write_bytes(Mess(random, odd=bool(random.randrange(2))).file(tree).encode())
    return read_rulebook(folder, "rules")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_what_is_set_is_there_and_nothing_else_has_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = Random(seed)
    monkeypatch.setattr(
        assignment, "verify", verify if seed % 4 == 0 else lambda _book, _texts, _file: ()
    )  # compiling takes long
    file = FILES[random.randrange(len(FILES))]
    book = messy(folder, file, random)
    if file not in book.texts:
        return  # not every mess can be read
    try:
        before = read(book.texts[file])
        wanted = [
            f"{target(random, before)}={VALUES[random.randrange(len(VALUES))]}"
            for _ in range(random.randint(1, 3))
        ]
        edit = assignment.set_values(book, file, wanted)
    except InputError as error:
        event(f"refused: {error.problems[0].code}")
        assert not any("as the file is laid out" in each.message for each in error.problems)
        return
    event("set")
    after = read(edit.after)
    # a list of two may differ in both
    assert differences(before, after) <= sum(1 + each.endswith("]") for each in wanted)
    assert sorted(comments(edit.before)) == sorted(comments(edit.after))
    for change in edit.changes:
        assert edit.line(change)
    if edit.after != edit.before:
        mark = (folder / file).read_bytes().startswith(b"\xef\xbb\xbf")
        edit.write()
        written = (folder / file).read_bytes()
        assert written.decode("utf-8-sig") == edit.after
        assert written.startswith(b"\xef\xbb\xbf") == mark


LISTS = """\
- rule: a
  when:
  - the beds is 4
  - any of:
    - the beds is 5
    - the beds is 6
  overrides:
  - b
- table: t
  rows:
  - id: x
    then: y
  - id: z
    then: y
"""


@pytest.mark.parametrize(
    ("assignments", "lines"),
    [
        (["a.when=[x]"], {2: "  when: [x]", 3: None, 4: None, 5: None, 6: None}),
        (["a.when[1]=x"], {3: "  - x"}),
        (["a.when[2].any of=[x]"], {4: "  - any of: [x]", 5: None, 6: None}),
        (["a.when[2].any of[2]=x"], {6: "    - x"}),
        (
            ["a.when[1]=x", "a.overrides=[c, d]", "t[z].then=w", "a.note=n"],
            {3: "  - x", 7: "  overrides: [c, d]", 8: "  note: n", 14: "    then: w"},
        ),
        (
            ["t[x].note=n", "a.when=[x]"],
            {2: "  when: [x]", 3: None, 4: None, 5: None, 6: None, 12: "    then: y\n    note: n"},
        ),
    ],
)
def test_lists_whose_dashes_are_not_indented(
    assignments: list[str],
    lines: dict[int, str | None],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The commonest style of YAML, which programs write: no dash stands further in than the name of
    its list.
    """
    monkeypatch.setattr(assignment, "verify", lambda _book, _texts, _file: ())
    monkeypatch.setattr(assignment, "read_again", lambda _path, text, _shown: text.encode())
    book = Rulebook(folder, "rules", texts={"rules.yaml": LISTS})
    after = assignment.set_values(book, "rules.yaml", assignments).after
    expected = [lines.get(number, line) for number, line in enumerate(LISTS.splitlines(), 1)]
    assert after.splitlines() == [
        line for each in expected if each is not None for line in each.split("\n")
    ]
