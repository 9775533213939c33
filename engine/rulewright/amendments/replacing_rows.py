"""Replacements of rows, by themselves (`sizes[small]`) or with their table, and the fields that
they set.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from pydantic import BaseModel, ConfigDict

from rulewright.language.errors import InputError, Place, Problems
from rulewright.language.models import Source
from rulewright.language.reading import read_as
from rulewright.language.rulebook import Item, as_seq
from rulewright.language.text import Map, Text, key, place_of

from .assembly import Assembly, merged, noted, validate
from .fields import Field, Replaced, fields_set
from .rows import Rows, put_rows, rows_of


def replace_row(
    found: Assembly, target: Text, table: str, row: str, content: Any, problems: Problems
) -> Replaced:
    """One row of a table or of a principle's own word, or those of a pattern; empty when there is
    none.
    """
    rows: Rows | None = None
    try:
        rows = rows_of(found, table)
    except InputError as error:
        problems.take(error)
    named = rows.named(row) if rows is not None else []
    short = rows is not None and isinstance(rows.written, dict)
    content, source = _apart(content, rows) if rows is not None else (content, None)
    if rows is None or not named or not isinstance(content, Text if short else dict):
        return {}
    if source is not None:
        noted(
            problems,
            lambda: read_as(SourceOfARow, Map({Text("source"): source}), place_of(target).file),
        )
        found.sources_of_changes |= {f"{table}[{each}]": source for each in named}
    fields = {
        each: Field(
            (str(rows.item.id), *map(key, (*rows.path, each))),
            f"{table}[{each}]",
            (),
            place_of(target),
        )
        for each in named
    }
    if isinstance(content, Text):
        put_rows(
            found,
            rows,
            {name: content if str(name) in named else cell for name, cell in rows.written.items()},
        )
        names = {each.thing: [each] for each in fields.values()}
    else:
        old = {str(each["id"]): each for each in rows.written}
        put_rows(
            found,
            rows,
            [merged(each, content) if str(each["id"]) in named else each for each in rows.written],
        )
        names = {
            each.thing: list(fields_set(each, old[name], content)) for name, each in fields.items()
        }
    validate(found.items[str(rows.item.id)], problems)
    return names


class SourceOfARow(BaseModel):
    """The source that an amendment gives a row that it changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: Source


def _apart(content: Any, rows: Rows) -> tuple[Any, Any]:
    """What replaces a row, and the source of the change; of a short row the cell stands under
    `input` then.
    """
    if (
        not isinstance(content, dict)
        or content.get("source") is None
        or "source" in (rows.item.tree.get("inputs") or {})
    ):
        return content, None
    rest = Map({name: each for name, each in content.items() if name != "source"})
    rest.place = place_of(content)
    return (
        rest["input"] if isinstance(rows.written, dict) and set(rest) == {"input"} else rest
    ), content["source"]


def fields_of_entry(found: Assembly, item: Item, new: dict[Any, Any], place: Place) -> list[Field]:
    """The fields of an entry that `new` sets.

    Rows of a long table that are named by their ids are fields of the table.
    """
    old: Any = item.tree
    if (
        item.kind == "table"
        and isinstance(new.get("rows"), list)
        and not isinstance(old["rows"], dict)
        and "inputs" not in new
    ):
        before: Rows | None = None
        with suppress(InputError):  # told where the rows are merged
            before = rows_of(found, str(item.id))
        if before is not None and all(
            isinstance(each, dict) and "id" in each for each in new["rows"]
        ):
            name = next(each for each in new if each == "rows")
            old, new = {**old, "rows": _by_id(before.written)}, {**new, name: _by_id(new["rows"])}
    return list(fields_set(Field((str(item.id),), str(item.id), (), place), old, new))


def _by_id(rows: list[Any]) -> Map:
    return Map(
        {
            Text.at(str(each["id"]), place_of(each)): Map(
                {k: v for k, v in each.items() if k != "id"}
            )
            for each in rows
        }
    )


def with_rows(
    found: Assembly, item: Item, new: dict[Any, Any], problems: Problems
) -> dict[Any, Any] | None:
    """What replaces a table: rows with ids change those of the same id, and are added where there
    is none.

    Rows without ids, and those of a table that gets another form, replace all rows. `None`: a
    mistake, noted.
    """
    rows, short = new.get("rows"), isinstance(item.tree["rows"], dict)
    if not isinstance(rows, dict | list) or short or "input" in new or "inputs" in new:
        return new
    if isinstance(rows, dict):
        problems.add(
            "RW409",
            place_of(rows),
            f"the rows of `{item.id}` are long, these are short",
            "write a list of rows, each with its `id` and the cells that change",
        )
        return None
    with_id = [each for each in rows if isinstance(each, dict) and "id" in each]
    if not with_id:
        return new
    if len(with_id) < len(rows):
        bare = next(each for each in rows if each not in with_id)
        problems.add(
            "RW409",
            place_of(bare),
            f"a row of `{item.id}` has no `id`, and others have one",
            "give each an `id`, to change or add rows, or none, to replace all rows",
        )
        return None
    before: Rows | None = None
    try:
        before = rows_of(found, str(item.id))
    except InputError as error:
        problems.take(error)
    if before is None:
        return None
    changed = {str(each["id"]): each for each in rows}
    kept = [merged(each, changed.pop(str(each["id"]), Map())) for each in before.written]
    return Map(
        {**new, next(each for each in new if each == "rows"): as_seq([*kept, *changed.values()])}
    )
