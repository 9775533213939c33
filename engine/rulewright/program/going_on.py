"""Transitional rules: what an amendment repeals, and what goes on while a condition on the case holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rulewright.language.errors import Problems
from rulewright.language.models import PolicyModel
from rulewright.language.rulebook import as_seq
from rulewright.language.text import Map, Text, place_of, text_of

from .assembly import ROW, Assembly, Change, Kept, copied, matches, near_target
from .targets import targets


@dataclass(frozen=True)
class GoesOn:
    """One line of `transitional`: what it names, as written, and the condition."""

    name: str
    target: Text
    condition: Text


def keep(found: Assembly, model: PolicyModel, problems: Problems) -> dict[Kept, GoesOn]:
    """What goes on while a condition holds: the repeals pass over it. The condition is kept apart from its text."""
    kept: dict[Kept, GoesOn] = {}
    for each in model.transitional:
        for target in each.rules:
            named = dict(_named(found, target))
            if not named:
                problems.add("RW407", place_of(target), f"there is no rule `{target}` to keep", _help(found, target))
            for name, one in named.items():
                kept.setdefault(one, GoesOn(name, target, each.while_))
                found.going_on[one] = [*found.going_on.get(one, ()), each.while_]
            found.changes.append(Change(str(model.policy), "keeps", str(target), tuple(named)))
    return kept


def only_repealed_goes_on(found: Assembly, kept: dict[Kept, GoesOn], policy: str, problems: Problems) -> None:
    """What was not repealed has nothing to go on after: its condition would only narrow it."""
    own = [each for each in found.changes if each.policy == policy and each.action == "repeals"]
    if not all(each.expanded for each in own):
        return  # the repeal is told to be wrong
    repealed = {name for each in own for name in each.expanded}
    told = set[Text]()
    for (entry, rule), each in kept.items():
        principle = entry.partition("@")[0]
        if rule and principle in repealed:
            problems.add("RW407", place_of(each.target), f"`{each.name}` cannot go on without `{principle}`, which is repealed",
                         "repeal its other rules, or its uses, one by one")  # fmt: skip
        elif not repealed & {each.name, entry, f"{principle}.{rule}" if rule else entry} and each.target not in told:
            problems.add("RW407", place_of(each.target), f"`{each.name}` is not repealed here, so there is nothing to go on",
                         f"repeal it and add its successor, with `unless: {text_of(each.condition)}`")  # fmt: skip
            told.add(each.target)


def go_on(found: Assembly) -> None:
    """What goes on gets its conditions, whatever the amendments did to its text."""
    for (entry, rule), conditions in sorted(found.going_on.items(), key=lambda each: "@" in each[0][0]):
        item = found.items.get(entry)
        if item is None:
            continue
        if not rule:
            found.items[entry] = replace(item, tree=_conditional(item.tree, conditions))
        elif item.kind == "principle":
            tree = copied(item.tree)
            tree[Text("rules")] = [_conditional(each, conditions) if each["rule"] == rule else each for each in tree["rules"]]
            found.items[entry] = replace(item, tree=tree)
            for (use, of), own in list(found.local.items()):
                if of == rule and own is not None and use.startswith(f"{entry}@"):
                    found.local[use, of] = _conditional(own, conditions)
        else:
            principle = found.items.get(entry.partition("@")[0])
            rules = principle.tree["rules"] if principle is not None and principle.kind == "principle" else []
            written = next((each for each in rules if each["rule"] == rule), None)
            own = found.local.get((entry, rule), written)
            if own is not None:
                found.local[entry, rule] = _conditional(own, conditions)


def _conditional(tree: Map, conditions: list[Text]) -> Map:
    new: Map = copied(tree)
    new[Text("when")] = as_seq([*as_seq(tree.get("when")), *conditions])
    return new


def _named(found: Assembly, target: Text) -> Iterator[tuple[str, Kept]]:
    """The rules, tables, uses, rules of principles and of their uses that a line names."""
    entries = [str(item.id) for item in found.items.values() if item.kind in ("rule", "table", "use") and matches(item.id, target)]
    yield from ((each, (each, "")) for each in entries)
    if entries and "*" not in target:
        return
    for item in found.items.values():
        principle, _, use = item.id.partition("@")
        owner = found.items.get(principle)
        if item.kind == "principle" or (item.kind == "use" and "@" in target and owner is not None and owner.kind == "principle"):
            for each in (owner or item).tree["rules"]:
                name = f"{principle}.{each['rule']}" + (f"@{use}" if use else "")
                if matches(name, target):
                    yield name, (str(item.id), str(each["rule"]))


def _help(found: Assembly, target: Text) -> str:
    row = ROW.match(target)
    if row and row["table"] in found.items:
        return f"a row goes on with its table: repeal `{row['table']}`, keep it, and add its successor"
    return near_target(target, targets(found)) or "name a rule, table or use of the amended policy"
