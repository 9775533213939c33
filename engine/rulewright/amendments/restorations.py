"""Restoring: an amendment brings back what a policy that it amends has repealed, as it was when it
was repealed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rulewright.language.errors import Problem, Problems
from rulewright.language.rulebook import as_seq
from rulewright.language.text import Map, Text, key, place_of

from .assembly import ROW, Assembly, Change, Gone, Kept, copied, matches, near_target
from .repeals import place_in
from .rows import Rows, put_rows, rows_of
from .targets import targets


def restore(
    found: Assembly, wanted: list[Text], gone: dict[str, Gone], policy: str, problems: Problems
) -> None:
    """Bring back what `wanted` names, out of what was `gone` before this amendment.

    Entries come before what lies in them.
    """
    chosen: list[tuple[Text, Gone]] = []
    for target in wanted:
        names = [each for each in gone.values() if is_named(each, target)]
        if not names:
            problems.found.append(_nothing(found, target, gone))
        here = next(
            (
                each
                for each in names
                if each.name in found.gone and found.gone[each.name] is not each
            ),
            None,
        )
        if here is not None:
            problems.add(
                "RW417",
                place_of(target),
                f"`{here.name}` is both repealed and restored",
                "name it in one of the two",
            )
            continue
        chosen += [(target, each) for each in names if each not in [other for _, other in chosen]]
        found.changes.append(
            Change(policy, "restores", str(target), tuple(each.name for each in names))
        )
    for target, each in sorted(chosen, key=lambda pair: pair[1].kind not in ("entry", "entity")):
        put_back(found, each, target, problems)


def is_named(gone: Gone, target: Text) -> bool:
    if gone.kind == "entry":
        return matches(gone.name, target) or matches(gone.content.part, target)
    if gone.kind == "row":
        one, other = ROW.match(gone.name), ROW.match(target)
        return bool(
            one
            and other
            and one["table"] == other["table"]
            and (key(one["row"]) == key(other["row"]) or matches(one["row"], other["row"]))
        )
    return matches(gone.name, target) or (
        gone.kind in ("entity", "member", "attribute") and key(gone.name) == key(target)
    )


def _nothing(found: Assembly, target: Text, gone: dict[str, Gone]) -> Problem:
    if str(target) in targets(found):
        return Problem(
            place_of(target),
            "RW417",
            f"`{target}` is there, and was not repealed",
            "take the line out",
        )
    return Problem(
        place_of(target),
        "RW417",
        f"`{target}` was not repealed by a policy that this one amends",
        near_target(target, list(gone)) or "name what was repealed as the repeal named it",
    )


def put_back(found: Assembly, gone: Gone, target: Text, problems: Problems) -> None:
    entry = found.items.get(gone.owner)
    match gone.kind:
        case "entry":
            found.items[gone.name] = gone.content
            _goes_on_whole(found, gone)
            found.local = {
                place: own for place, own in found.local.items() if place[0] != gone.name
            }
            found.local.update({(gone.name, rule): own for rule, own in gone.own_rules.items()})
            if gone.own_value is not None:
                found.parameters[key(gone.name)] = gone.own_value
            found.repealed.pop(gone.name, None)
        case "document":
            found.documents[gone.name] = gone.content
            found.repealed.pop(gone.name, None)
        case "row" if (
            entry is not None and (rows := rows_of(found, gone.name.rpartition("[")[0])) is not None
        ):
            _put_row(found, gone, rows)
        case "rule of a principle" if entry is not None:
            tree = copied(entry.tree)
            short = str(gone.content["rule"])
            rules = [
                each for each in tree["rules"] if each["rule"] != short
            ]  # it is there where it goes on
            rules.insert(
                place_in([str(each["rule"]) for each in rules], short, found.order[gone.owner]),
                gone.content,
            )
            tree[Text("rules")] = rules
            found.items[gone.owner] = replace(entry, tree=tree)
            for use, own in gone.own_rules.items():
                _put_own(found, use, short, own)
            _goes_on_whole(found, gone)
        case "rule of one use" if entry is not None:
            [(rule, own)] = gone.own_rules.items()
            _put_own(found, gone.owner, rule, own)
            _goes_on_whole(found, gone)
        case "entity":
            _put_entity(found, gone)
        case "member" | "attribute" if (entity := found.own_entity(gone.owner)) is not None:
            _put_word(found, entity, gone)
        case _:
            problems.add(
                "RW417",
                place_of(target),
                f"`{gone.name}` has no place: `{gone.owner}` is repealed too",
                f"restore `{gone.owner}` with it",
            )
            return
    found.gone.pop(gone.name, None)


def _put_own(found: Assembly, use: str, rule: str, own: Map | None) -> None:
    """What a use had of its own in place of a rule of its principle: nothing, a version of it, or
    that it was repealed there.
    """
    found.local.pop((use, rule), None)
    if own is None or own:
        found.local[use, rule] = own


def _goes_on_whole(found: Assembly, gone: Gone) -> None:
    found.going_on = {
        each: conditions
        for each, conditions in found.going_on.items()
        if not goes_on_in(gone, each)
    }


def goes_on_in(gone: Gone, one: Kept) -> bool:
    """Whether what goes on is a part, or all, of what was repealed."""
    entry, rule = one
    if gone.kind == "rule of a principle":
        return rule == gone.content["rule"] and entry.partition("@")[0] == gone.owner
    if gone.kind == "rule of one use":
        return entry == gone.owner and rule in gone.own_rules
    return entry == gone.name


def _put_row(found: Assembly, gone: Gone, rows: Rows) -> None:
    table, _, name = gone.name.removesuffix("]").rpartition("[")
    written: list[Any] = list(
        rows.written.items() if isinstance(rows.written, dict) else rows.written
    )
    written.insert(place_in(rows.names, name, found.order[f"{table}[]"]), gone.content)
    put_rows(found, rows, Map(written) if isinstance(rows.written, dict) else written)


def _put_entity(found: Assembly, gone: Gone) -> None:
    name, tree, above = gone.content
    declared = found.own_vocabulary()["entities"]
    entities = list(declared.items())
    entities.insert(
        place_in([str(each) for each, _ in entities], str(name), found.order["entities"]),
        (name, copied(tree)),
    )
    declared.clear()
    declared.update(entities)
    for owner, section, each in above:
        entity = found.entity(owner)
        if entity is not None:
            listed = as_seq(entity.get(section))
            listed.insert(
                place_in(
                    list(map(str, listed)), str(each), found.order[f"{key(owner)} > {section}"]
                ),
                each,
            )
            entity[section] = listed
    found.repealed.pop(key(name), None)


def _put_word(found: Assembly, entity: Map, gone: Gone) -> None:
    if gone.kind == "member":
        word, members = gone.content, entity["members"]
        members.insert(
            place_in(
                list(map(str, members)), str(word), found.order[f"{key(gone.owner)} > members"]
            ),
            word,
        )
    else:
        section, word, declared = gone.content
        words = list(entity.setdefault(Text(section), Map()).items())
        order = found.order[f"{key(gone.owner)} > {section}"]
        words.insert(
            place_in([str(each) for each, _ in words], str(word), order), (word, copied(declared))
        )
        entity[section].clear()
        entity[section].update(words)
    found.repealed.pop(key(word), None)
