"""Repeals: what an amendment takes away, remembered so that a later one can restore it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rulewright.language.errors import Problems
from rulewright.language.rulebook import Item, as_seq
from rulewright.language.text import Map, Text, key, place_of

from .assembly import ROW, Assembly, Change, Gone, Kept, copied, matches, near_target, noted
from .rows import put_rows, rows_of
from .targets import targets


def repeal(
    found: Assembly, target: Text, policy: str, problems: Problems, kept: frozenset[Kept]
) -> None:
    """Take away what `target` names. What is in `kept` goes on, as transitional rules."""
    names: list[str] = []
    before = dict(found.repealed)
    for item in [
        i for i in found.items.values() if matches(i.id, target) or matches(i.part, target)
    ]:
        names += _repeal_entry(found, item, kept)
    row = ROW.match(target)
    if row and not names:
        noted(problems, lambda: names.extend(_repeal_rows(found, row["table"], row["row"])))
    if not names or "*" in target:
        names += _repeal_inner(found, target, kept)
    if not names and " > " in target:
        names = _repeal_word(found, target)
    if not names:
        names = _repeal_entity(found, target)
    if not names and str(target) in found.documents:
        found.gone[str(target)] = Gone(
            str(target), "document", "", found.documents.pop(str(target))
        )
        found.repealed[str(target)] = "document"
        names = [str(target)]
    if not names:
        problems.add(
            "RW408",
            place_of(target),
            f"there is nothing called `{target}` to repeal",
            _nearest(found, target),
        )
    for name in found.repealed.keys() - before.keys():
        found.repealed_at[name] = place_of(target)
    found.changes.append(Change(policy, "repeals", str(target), tuple(names)))


def _repeal_entry(found: Assembly, item: Item, kept: frozenset[Kept]) -> list[str]:
    name = str(item.id)
    own_rules = {rule: own for (use, rule), own in found.local.items() if use == name}
    own_value = found.parameters.get(key(name)) if item.kind == "parameter" else None
    found.gone[name] = Gone(name, "entry", name, item, own_rules, own_value)
    stays = {rule for entry, rule in kept if entry == name}
    if "" in stays:
        return [name]
    if stays and item.kind == "use":  # only some of its rules go on
        others = [rule for rule in _rules_of(found, item) if rule not in stays]
        found.local |= {(name, rule): None for rule in others}
        return [name, *(name.replace("@", f".{rule}@", 1) for rule in others)]
    del found.items[name]
    found.repealed[name] = item.kind
    _goes_for_good(found, lambda each: each[0] == name)
    found.local = {place: own for place, own in found.local.items() if place[0] != name}
    if own_value is not None:
        del found.parameters[key(name)]
    return [name]


def repeal_again(found: Assembly, gone: Gone, kept: frozenset[Kept]) -> None:
    """Take away once more what has come back for what goes on of it, which is in `kept`."""
    item = found.items[gone.owner]  # it has just been put back
    match gone.kind:
        case "entry":
            _repeal_entry(found, item, kept)
        case "rule of a principle":
            _repeal_rule(found, item, gone.content, kept)
        case _:
            found.gone[gone.name] = gone


def _rules_of(found: Assembly, use: Item) -> list[str]:
    principle = found.items.get(use.id.partition("@")[0])
    return (
        [str(each["rule"]) for each in principle.tree["rules"]]
        if principle and principle.kind == "principle"
        else []
    )


def _goes_for_good(found: Assembly, gone: Callable[[Kept], bool]) -> None:
    """What went on for a while, and is repealed once more, ends."""
    found.going_on = {
        each: conditions for each, conditions in found.going_on.items() if not gone(each)
    }


def _repeal_rows(found: Assembly, table: str, row: str) -> list[str]:
    rows = rows_of(found, table)
    gone = rows.named(row) if rows is not None else []
    if rows is None or not gone:
        return []
    remember_order(found, f"{table}[]", rows.names)
    for name in gone:
        content = next(each for each in _pairs(rows.written) if each[0] == name)[1]
        found.gone[f"{table}[{name}]"] = Gone(f"{table}[{name}]", "row", str(rows.item.id), content)
    if isinstance(rows.written, dict):
        put_rows(
            found,
            rows,
            {name: cell for name, cell in rows.written.items() if str(name) not in gone},
        )
    else:
        put_rows(found, rows, [each for each in rows.written if str(each["id"]) not in gone])
    return [f"{table}[{each}]" for each in gone]


def _pairs(rows: Any) -> list[tuple[str, Any]]:
    """Each row by its name; a short one with its name as written."""
    if isinstance(rows, dict):
        return [(str(name), (name, cell)) for name, cell in rows.items()]
    return [(str(each["id"]), each) for each in rows]


def _repeal_inner(found: Assembly, target: Text, kept: frozenset[Kept]) -> list[str]:
    """A rule of a principle (`aggregation.inadequate`), in all uses or in one
    (`…@location.key-question`).
    """
    names: list[str] = []
    for item in list(found.items.values()):
        if item.kind == "principle":
            for r in [
                each for each in item.tree["rules"] if matches(f"{item.id}.{each['rule']}", target)
            ]:
                _repeal_rule(found, item, r, kept)
                names.append(f"{item.id}.{r['rule']}")
        elif item.kind == "use" and "@" in target:
            principle, _, suffix = item.id.partition("@")
            owner = found.items.get(principle)
            for r in owner.tree["rules"] if owner and owner.kind == "principle" else []:
                name, place = f"{principle}.{r['rule']}@{suffix}", (str(item.id), str(r["rule"]))
                if matches(name, target):
                    if found.local.get(place, r) is not None:
                        found.gone[name] = Gone(
                            name,
                            "rule of one use",
                            str(item.id),
                            r,
                            {str(r["rule"]): found.local.get(place, Map())},
                        )
                    if place not in kept:
                        found.local[place] = None
                        _goes_for_good(found, place.__eq__)
                    names.append(name)
    return names


def _repeal_rule(found: Assembly, item: Item, rule: Map, kept: frozenset[Kept]) -> None:
    """One rule of a principle. Where it goes on in some uses only, it is taken from the others."""
    principle, short = str(item.id), str(rule["rule"])
    name = f"{principle}.{short}"
    uses = [
        str(each.id)
        for each in found.items.values()
        if each.kind == "use" and each.id.startswith(f"{principle}@")
    ]
    goes_on_in = [each for each in uses if (each, short) in kept]
    others = [each for each in uses if goes_on_in and each not in goes_on_in]
    own = {each: found.local.get((each, short), Map()) for each in others}
    found.gone[name] = Gone(name, "rule of a principle", principle, rule, own)
    whole = found.items[principle].tree
    remember_order(found, principle, [str(each["rule"]) for each in whole["rules"]])
    if (principle, short) in kept:
        return
    found.local |= {(each, short): None for each in others}
    if not goes_on_in:
        tree = copied(whole)
        tree[Text("rules")] = [each for each in tree["rules"] if each["rule"] != short]
        found.items[principle] = replace(item, tree=tree)
    _goes_for_good(
        found,
        lambda each: each[1] == short and (each not in kept) and each[0] in (principle, *uses),
    )


def _repeal_word(found: Assembly, target: Text) -> list[str]:
    """A vocabulary member or attribute: `key question > caring`."""
    owner, _, word = target.partition(" > ")
    entity = found.own_entity(owner)
    if entity is None:
        return []
    members = entity.get("members") or []
    for index, each in enumerate(members):
        if key(each) == key(word):
            remember_order(found, f"{key(owner)} > members", list(map(str, members)))
            del members[index]
            return _gone_word(found, target, "member", owner, each)
    for section in ("given", "derived"):
        for each in list(entity.get(section) or {}):
            if key(each) == key(word):
                remember_order(found, f"{key(owner)} > {section}", list(map(str, entity[section])))
                return _gone_word(
                    found, target, "attribute", owner, (section, each, entity[section].pop(each))
                )
    return []


def _repeal_entity(found: Assembly, target: Text) -> list[str]:
    """An entity type, in its singular or plural. Those that have it below them lose it."""
    entities = found.vocabulary.get("entities") or {}
    name = next(
        (
            each
            for each, tree in entities.items()
            if key(target) in (key(each), key(tree.get("plural") or ""))
        ),
        None,
    )
    if name is None:
        return []
    entities, above = found.own_vocabulary()["entities"], []
    for owner, tree in entities.items():
        for section in ("has many", "has"):
            listed = as_seq(tree.get(section))
            for each in [
                each
                for each in listed
                if key(each) in (key(name), key(entities[name].get("plural") or ""))
            ]:
                where = f"{key(owner)} > {section}"
                remember_order(found, where, list(map(str, listed)))
                above.append((str(owner), section, each))
                listed.remove(each)
                tree[section] = listed
    remember_order(found, "entities", list(map(str, entities)))
    found.repealed[key(name)] = "entity"
    found.gone[str(name)] = Gone(str(name), "entity", "", (name, entities.pop(name), above))
    return [str(name)]


def _nearest(found: Assembly, target: Text) -> str:
    """The words of that name, with the entity type that they are of; else what has a name like
    that.
    """
    words = [
        each
        for each in targets(found)
        if " > " in each and key(each.partition(" > ")[2]) == key(target)
    ]
    if words:
        return f"did you mean {' or '.join(f'`{each}`' for each in words[:3])}?"
    return near_target(target, targets(found)) or near_target(
        target, list(map(str, found.vocabulary.get("entities") or ()))
    )


def repealed_by(found: Assembly, word: str, owner: str = "") -> str | None:
    """The policy that repealed a word of an entity type `owner`, or the entity type `word`
    itself.
    """
    for gone in found.gone.values():
        if gone.kind == "entity":
            called = key(word) in (key(gone.name), key(gone.content[1].get("plural") or ""))
        else:
            called = gone.kind in ("member", "attribute") and key(gone.name) == key(
                f"{owner} > {word}"
            )
        if called:
            return next(
                (
                    each.policy
                    for each in reversed(found.changes)
                    if each.action == "repeals" and gone.name in each.expanded
                ),
                None,
            )
    return None


def _gone_word(found: Assembly, target: Text, kind: str, owner: str, content: Any) -> list[str]:
    found.repealed[key(target.partition(" > ")[2])] = kind
    found.gone[str(target)] = Gone(str(target), kind, owner, content)
    return [str(target)]


# -- the order of lists that lose something
# ---------------------------------------------------------------------------


def remember_order(found: Assembly, where: str, names: list[str]) -> None:
    """Keep the order of a list that is about to lose something; what it lost before keeps its place
    in it.
    """
    known = found.order.get(where, [])
    whole = list(names)
    for name in known:
        if name not in whole:
            whole.insert(place_in(whole, name, known), name)
    found.order[where] = whole


def place_in(names: list[str], name: str, order: list[str]) -> int:
    """Where `name` goes: behind the nearest of those that stood before it and are there."""
    before = order[: order.index(name)] if name in order else []
    return next((names.index(each) + 1 for each in reversed(before) if each in names), 0)
