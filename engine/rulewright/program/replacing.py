"""Replacements: an amendment names the fields that change; what it does not name stays."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from rulewright.language.errors import InputError, Problems
from rulewright.language.models import DocumentModel, PrincipleRuleModel
from rulewright.language.reading import read_as
from rulewright.language.rulebook import Item, as_seq
from rulewright.language.text import Map, Text, key, place_of

from .assembly import ROW, Assembly, Change, copied, matches, merged, near_target, noted, validate
from .rows import Rows, put_rows, rows_of
from .targets import targets


def replace_in(found: Assembly, target: Text, content: Any, policy: str, problems: Problems) -> None:
    if content is None:
        problems.add("RW409", place_of(target), f"`{target}` is replaced by nothing", "to take it away name it under `repeals`")
        return
    names = _replaced(found, target, content, problems)
    if not names and any(each.place == place_of(content, place_of(target)) for each in problems.found):
        pass  # the replacement itself was wrong
    elif not names and target in targets(found):
        shape = "a list" if isinstance(content, list) else "a mapping" if isinstance(content, dict) else f"`{content}`"
        problems.add("RW409", place_of(content, place_of(target)), f"`{target}` cannot be replaced by {shape}",
                     "a row or a member is replaced by text, a rule by a mapping of the fields that change")  # fmt: skip
    elif not names:
        problems.add("RW408", place_of(target), f"there is nothing called `{target}` to replace", near_target(target, targets(found)))
    found.changes.append(Change(policy, "replaces", str(target), tuple(names)))


def _replaced(found: Assembly, target: Text, content: Any, problems: Problems) -> list[str]:
    row = ROW.match(target)
    if row:
        return _replace_row(found, row["table"], row["row"], content, problems)
    matched = [i for i in found.items.values() if matches(i.id, target)]
    for item in matched:
        new = content
        if item.kind == "parameter" and isinstance(content, Text):
            new = Map({Text("value"): content})
        if not isinstance(new, dict):
            problems.add("RW409", place_of(content, place_of(target)), f"`{target}` is a {item.kind}: name the fields that change",
                         "write them as a mapping")  # fmt: skip
            continue
        if item.kind in new and new[item.kind] != item.id:
            problems.add("RW409", place_of(new[item.kind], place_of(target)), f"`{target}` would get another name",
                         "repeal it, and add it under the other name")  # fmt: skip
            continue
        if item.kind == "parameter":
            found.parameters.pop(key(item.id), None)
        if item.kind == "parameter" and ("value" in new) != ("values" in new):
            item = replace(item, tree=Map({k: v for k, v in item.tree.items() if k not in ("value", "values")}))
        if item.kind == "table":
            whole = _with_rows(found, item, new, problems)
            if whole is None:
                continue
            new = whole
        found.items[str(item.id)] = replace(item, tree=merged(item.tree, new))
        validate(found.items[str(item.id)], problems)
    names = [str(i.id) for i in matched]
    if not names or "*" in target:
        names += _replace_inner(found, target, content, problems)
    return names or _replace_other(found, target, content, problems)


def _replace_row(found: Assembly, table: str, row: str, content: Any, problems: Problems) -> list[str]:
    rows: Rows | None = None
    try:
        rows = rows_of(found, table)
    except InputError as error:
        problems.take(error)
    named = rows.named(row) if rows is not None else []
    short = rows is not None and isinstance(rows.written, dict)
    if rows is None or not named or not isinstance(content, Text if short else dict):
        return []
    if isinstance(content, Text):
        put_rows(found, rows, {name: content if str(name) in named else cell for name, cell in rows.written.items()})
    else:
        put_rows(found, rows, [merged(each, content) if str(each["id"]) in named else each for each in rows.written])
    validate(found.items[str(rows.item.id)], problems)
    return [f"{table}[{each}]" for each in named]


def _with_rows(found: Assembly, item: Item, new: dict[Any, Any], problems: Problems) -> dict[Any, Any] | None:
    """What replaces a table: rows with ids change those of the same id, and are added where there is none.

    Rows without ids, and those of a table that gets another form, replace all rows. `None`: a mistake, noted.
    """
    rows, short = new.get("rows"), isinstance(item.tree["rows"], dict)
    if not isinstance(rows, dict | list) or short or "input" in new or "inputs" in new:
        return new
    if isinstance(rows, dict):
        problems.add("RW409", place_of(rows), f"the rows of `{item.id}` are long, these are short",
                     "write a list of rows, each with its `id` and the cells that change")  # fmt: skip
        return None
    with_id = [each for each in rows if isinstance(each, dict) and "id" in each]
    if not with_id:
        return new
    if len(with_id) < len(rows):
        bare = next(each for each in rows if each not in with_id)
        problems.add("RW409", place_of(bare), f"a row of `{item.id}` has no `id`, and others have one",
                     "give each an `id`, to change or add rows, or none, to replace all rows")  # fmt: skip
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
    return Map({**new, next(each for each in new if each == "rows"): as_seq([*kept, *changed.values()])})


def _replace_inner(found: Assembly, target: Text, content: Any, problems: Problems) -> list[str]:
    names: list[str] = []
    for item in list(found.items.values()):
        if item.kind == "principle":
            tree = copied(item.tree)
            for index, r in enumerate(tree["rules"]):
                if matches(f"{item.id}.{r['rule']}", target) and isinstance(content, dict):
                    tree["rules"][index] = merged(r, content)
                    names.append(f"{item.id}.{r['rule']}")
            if names:
                found.items[str(item.id)] = replace(item, tree=tree)
                validate(found.items[str(item.id)], problems)
        elif item.kind == "use" and "@" in target:
            principle, _, suffix = item.id.partition("@")
            owner = found.items.get(principle)
            for r in owner.tree["rules"] if owner and owner.kind == "principle" else []:
                if matches(f"{principle}.{r['rule']}@{suffix}", target) and isinstance(content, dict):
                    own = merged(found.local.get((str(item.id), str(r["rule"]))) or r, content)
                    found.local[(str(item.id), str(r["rule"]))] = own
                    noted(problems, partial(read_as, PrincipleRuleModel, own, item.place.file))
                    names.append(f"{principle}.{r['rule']}@{suffix}")
    return names


def _replace_other(found: Assembly, target: Text, content: Any, problems: Problems) -> list[str]:
    """A vocabulary word, a source, an interpretation written inside a rule."""
    owner, _, word = target.partition(" > ")
    entity = found.entity(owner) if word else None
    if entity is not None:
        for index, each in enumerate(entity.get("members") or []):
            if key(each) == key(word) and isinstance(content, Text):
                entity["members"][index] = content
                found.repealed[key(word)] = "member"
                return [str(target)]
        for section in ("given", "derived"):
            for each in entity.get(section) or {}:
                if key(each) == key(word):
                    declared = entity[section][each]
                    entity[section][each] = merged(declared, content) if isinstance(declared, dict) and isinstance(content, dict) else content
                    return [str(target)]
    if str(target) in found.documents and isinstance(content, dict):
        old = found.documents[str(target)]
        kept = {k: v for k, v in old.model_dump(by_alias=True, exclude_none=True).items() if k not in content}
        whole = Map({**{Text(k): v for k, v in kept.items()}, **content})
        whole.place = place_of(content)
        noted(problems, lambda: found.documents.update({str(target): read_as(DocumentModel, whole, place_of(target).file)}))
        return [str(target)]
    for item in list(found.items.values()):
        inner = item.tree.get("interpretation")
        if isinstance(inner, dict) and inner.get("id") == target and isinstance(content, dict):
            tree = copied(item.tree)
            tree[Text("interpretation")] = merged(inner, content)
            found.items[str(item.id)] = replace(item, tree=tree)
            validate(found.items[str(item.id)], problems)
            return [str(target)]
    return []
