"""Rows of a table as an amendment: `replaces` for those that changed, `repeals` for those that are gone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from rulewright.language.errors import InputError, Place, Problem
from rulewright.language.rulebook import Rulebook
from rulewright.language.text import Map, Seq, Text

from .pairing import Pairs, changed_cells
from .splicing import Entry, Splice, entry, flow, other_node, scalar
from .tables import Grid, Row, named, shown

_ROW = re.compile(r"\w[\w .@-]*\[[\w .-]+\]")


@dataclass
class Amendment:
    """What a policy replaces and repeals from now on; `changed` and `gone` are the entries of `replaces` that differ."""

    replaces: dict[Text, Any]
    repeals: list[Text]
    changed: dict[str, Any] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    repealed: list[str] = field(default_factory=list)


def amendment(book: Rulebook, policy: str, table: str, old: Grid, rows: list[Row], places: list[Place],
              pairs: Pairs, short: bool) -> Amendment:  # fmt: skip
    """The amendment of `policy` that makes these rows of the old ones.

    Raises `InputError` (RW607) for what the language of amendments has no words for: a new row without an id, unless the rows
    are short (`good: 63..87`).
    """
    model = book.policies[policy]
    found = Amendment(dict(model.replaces), list(model.repeals))
    problems: list[Problem] = []
    for before, after in pairs:
        if before is not None and after is not None:
            cells = changed_cells(old.rows[before], rows[after])
            if cells:
                _change(found, f"{table}[{old.identity(before)}]", cells, places[after], old.short and short)
        elif after is not None and not short and not rows[after].get("id"):
            problems.append(Problem(places[after], "RW607", f"an amendment adds a row to `{table}` by its id, and this row has none",
                                    "give the row an id, in a column `id`"))  # fmt: skip
        elif after is not None:
            _add(found, table, rows[after], places[after], short, problems)
        elif before is not None:
            _repeal(found, f"{table}[{old.identity(before)}]")
    if problems:
        raise InputError(problems)
    return found


def _known(found: Amendment, target: str) -> Text | None:
    return next((each for each in found.replaces if named(each) == named(target)), None)


def _change(found: Amendment, target: str, cells: Row, place: Place, short: bool) -> None:
    known = _known(found, target)
    if short:
        content: Any = cells["input"]
    else:
        before = found.replaces.get(known) if known is not None else None
        content = Map({**(before if isinstance(before, dict) else {}), **cells})
        content.place = place
    found.replaces[known if known is not None else Text.at(target, place)] = content
    found.changed[str(known or target)] = content


def _add(found: Amendment, table: str, row: Row, place: Place, short: bool, problems: list[Problem]) -> None:
    """`TABLE: {rows: {NEW: …}}`, or a list of rows with ids: the rows that are not named stay."""
    known = _known(found, table)
    content: Any = found.replaces.get(known) if known is not None else Map()
    before: Any = content.get("rows", Map() if short else Seq()) if isinstance(content, dict) else None
    if not isinstance(before, dict if short else list):
        problems.append(Problem(place, "RW607", f"the policy replaces the rows of `{table}` in another form", "add the row there by hand"))
        return
    cells = Map(row)
    cells.place = place
    rows: Any = Map({**before, row["then"]: row["input"]}) if isinstance(before, dict) else Seq([*before, cells])
    rows.place = place
    whole = Map({**content, Text.at("rows", place): rows})
    whole.place = place
    found.replaces[known if known is not None else Text.at(table, place)] = whole
    found.changed[str(known or table)] = whole


def _repeal(found: Amendment, target: str) -> None:
    known = _known(found, target)
    if known is not None:
        del found.replaces[known]
        found.gone.append(str(known))
        found.changed.pop(str(known), None)
    found.repeals.append(Text(target))
    found.repealed.append(target)


# -- written into the policy's file -----------------------------------------------------------------------------------


def in_a_policy(text: str, change: Amendment, place: Place) -> str:
    """The text of a policy's file with the amendment in it. Raises `InputError` (RW607) when a comment would be lost."""
    splice = Splice(text)
    root = splice.root()
    added = ""
    replaces = entry(root, "replaces")
    if replaces is not None and isinstance(replaces[1], yaml.MappingNode) and replaces[1].value:
        _entries(splice, replaces, change)
    elif change.changed:
        added += "replaces:\n" + "".join(f"  {_entry(name, content)}\n" for name, content in change.changed.items())
    repeals = entry(root, "repeals")
    if change.repealed and repeals is not None and isinstance(repeals[1], yaml.SequenceNode) and repeals[1].value:
        splice.rebuild(repeals[1], [*range(len(repeals[1].value)), *map(scalar, change.repealed)])
    elif change.repealed:
        added += f"repeals: {flow(change.repealed)}\n"
    if added:
        splice.append(added)
    return splice.done_with_comments(place)


def _entries(splice: Splice, replaces: tuple[yaml.Node, yaml.Node], change: Amendment) -> None:
    node = replaces[1]
    assert isinstance(node, yaml.MappingNode)
    names = [str(k.value) for k, _ in node.value]
    new = [name for name in change.changed if name not in names]
    if not new and not change.gone:
        for k, v in node.value:
            if k.value in change.changed:
                splice.replace_node(v, _content(change.changed[k.value]))
        return
    plain = not node.flow_style
    entries: list[Entry] = [
        index if name not in change.changed else (index, [other_node(node.value[index][1], _content(change.changed[name]))])
        for index, name in enumerate(names) if name not in change.gone
    ] + [_entry(name, change.changed[name], plain) for name in new]  # fmt: skip
    if entries:
        splice.rebuild(node, entries)
    else:
        splice.drop(replaces)


def _entry(name: str, content: Any, plain: bool = True) -> str:
    """An entry of `replaces`; outside brackets the name of a row needs no quotes."""
    return f"{name if plain and _ROW.fullmatch(name) else scalar(name)}: {_content(content)}"


def _content(content: Any) -> str:
    return flow(content) if isinstance(content, dict) else scalar(shown(content))
