"""Rows of a table as an amendment: `replaces` for those that changed, `repeals` for those that are
gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rulewright.editing.yaml_editor import RewrittenEntry, Splice
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.text import Map, Seq, Text
from rulewright.syntax.yaml_text import InBrackets

from .grid import Grid, Row, named, shown
from .rewriting import finished
from .row_matching import Pairs, changed_cells


@dataclass
class TableAmendment:
    """What a policy replaces and repeals from now on; `changed` and `gone` are the entries of
    `replaces` that differ.
    """

    replaces: dict[Text, Any]
    repeals: list[Text]
    changed: dict[str, Any] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    repealed: list[str] = field(default_factory=list)


def amendment(
    book: Rulebook,
    policy: str,
    table: str,
    old: Grid,
    rows: list[Row],
    places: list[Place],
    pairs: Pairs,
    short: bool,
) -> TableAmendment:
    """The amendment of `policy` that makes these rows of the old ones.

    Raises `InputError` (RW607) for what the language of amendments has no words for: a new row
    without an id, unless the rows are short (`good: 63..87`).
    """
    model = book.policies[policy]
    found = TableAmendment(dict(model.replaces), list(model.repeals))
    problems: list[Problem] = []
    for before, after in pairs:
        if before is not None and after is not None:
            cells = changed_cells(old.rows[before], rows[after])
            if cells:
                _change(
                    found,
                    f"{table}[{old.identity(before)}]",
                    cells,
                    places[after],
                    old.short and short,
                )
        elif after is not None and not short and not rows[after].get("id"):
            problems.append(
                Problem(
                    places[after],
                    "RW607",
                    f"an amendment adds a row to `{table}` by its id, and this row has none",
                    "give the row an id, in a column `id`",
                )
            )
        elif after is not None:
            _add(found, table, rows[after], places[after], short, problems)
        elif before is not None:
            _repeal(found, f"{table}[{old.identity(before)}]")
    if problems:
        raise InputError(problems)
    return found


def _known(found: TableAmendment, target: str) -> Text | None:
    return next((each for each in found.replaces if named(each) == named(target)), None)


def _change(found: TableAmendment, target: str, cells: Row, place: Place, short: bool) -> None:
    known = _known(found, target)
    if short:
        content: Any = cells["input"]
    else:
        before = found.replaces.get(known) if known is not None else None
        content = Map({**(before if isinstance(before, dict) else {}), **cells})
        content.place = place
    found.replaces[known if known is not None else Text.at(target, place)] = content
    found.changed[str(known or target)] = content


def _add(
    found: TableAmendment, table: str, row: Row, place: Place, short: bool, problems: list[Problem]
) -> None:
    """`TABLE: {rows: {NEW: …}}`, or a list of rows with ids: the rows that are not named stay."""
    known = _known(found, table)
    content: Any = found.replaces.get(known) if known is not None else Map()
    before: Any = (
        content.get("rows", Map() if short else Seq()) if isinstance(content, dict) else None
    )
    if not isinstance(before, dict if short else list):
        problems.append(
            Problem(
                place,
                "RW607",
                f"the policy replaces the rows of `{table}` in another form",
                "add the row there by hand",
            )
        )
        return
    cells = Map(row)
    cells.place = place
    rows: Any = (
        Map({**before, row["then"]: row["input"]})
        if isinstance(before, dict)
        else Seq([*before, cells])
    )
    rows.place = place
    whole = Map({**content, Text.at("rows", place): rows})
    whole.place = place
    found.replaces[known if known is not None else Text.at(table, place)] = whole
    found.changed[str(known or table)] = whole


def _repeal(found: TableAmendment, target: str) -> None:
    known = _known(found, target)
    if known is not None:
        del found.replaces[known]
        found.gone.append(str(known))
        found.changed.pop(str(known), None)
    found.repeals.append(Text(target))
    found.repealed.append(target)


# -- written into the policy's file


def in_a_policy(text: str, change: TableAmendment, place: Place) -> str:
    """The text of a policy's file with the amendment in it.

    Raises `InputError` (RW607) when a comment would be lost.
    """
    splice = Splice(text)
    repeals = splice.root.get("repeals")
    if (
        repeals is not None and repeals.entries and change.repealed
    ):  # before anything is put behind its last entry
        new = [RewrittenEntry(tree=each) for each in change.repealed]
        splice.rebuild(repeals, [*map(RewrittenEntry, range(len(repeals.entries))), *new], "list")
    _replace(splice, change)
    if change.repealed and (repeals is None or not repeals.entries):
        listed = Seq(change.repealed)
        listed.flow = True
        _fill(splice, "repeals", listed)
    return finished(splice, place)


def _replace(splice: Splice, change: TableAmendment) -> None:
    """What `replaces` holds from now on."""
    contents = {name: _content(content) for name, content in change.changed.items()}
    replaces = splice.root.get("replaces")
    if replaces is None or not replaces.entries:
        if contents:
            _fill(splice, "replaces", contents)
        return
    names = [name.value for name, _ in replaces.entries]
    for name, node in replaces.entries:
        if name.value in contents:
            splice.replace(node, contents[name.value])
    kept = [RewrittenEntry(number) for number, name in enumerate(names) if name not in change.gone]
    entries = [
        *kept,
        *(
            RewrittenEntry(None, name, content)
            for name, content in contents.items()
            if name not in names
        ),
    ]
    if not entries:
        splice.drop(splice.root, "replaces")
    elif entries != list(map(RewrittenEntry, range(len(names)))):
        splice.rebuild(replaces, entries, "map")


def _fill(splice: Splice, name: str, tree: Any) -> None:
    """A field of the policy that is not there yet, or that is empty."""
    there = splice.root.get(name)
    if there is None:
        splice.append(name, tree)
    else:
        splice.fill(there, tree)


def _content(content: Any) -> Any:
    """What is written for an entry of `replaces`: a cell on one line, or cells and rows in
    brackets.
    """
    if isinstance(content, dict):
        return InBrackets({str(name): _content(value) for name, value in content.items()})
    return [_content(each) for each in content] if isinstance(content, list) else shown(content)
