"""Transitional rules: what an amendment repeals, and what goes on while conditions on the case hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rulewright.language.errors import Place, Problems
from rulewright.language.models import AllOf, AnyOf, NoneOf, PolicyModel, Reasoned
from rulewright.language.rulebook import as_seq
from rulewright.language.text import Map, Text, place_of, text_of

from .assembly import ROW, Assembly, Change, Kept, copied, matches, near_target
from .targets import targets

Said = Text | Map
"""A condition as it is written in a rule: a sentence, one with its reason, or `any of`, `none of`, `all of`."""


@dataclass(frozen=True)
class GoesOn:
    """One line of `transitional`: what it names, as written, and the conditions."""

    name: str
    target: Text
    conditions: list[Said]


def keep(found: Assembly, model: PolicyModel, problems: Problems) -> dict[Kept, GoesOn]:
    """What goes on while conditions hold: the repeals pass over it. The conditions are kept apart from its text."""
    kept: dict[Kept, GoesOn] = {}
    for each in model.transitional:
        conditions = as_written(each.while_)
        for target in each.rules:
            named = dict(_named(found, target))
            if not named:
                problems.add("RW407", place_of(target), f"there is no rule `{target}` to keep", _help(found, target))
            for name, one in named.items():
                kept.setdefault(one, GoesOn(name, target, conditions))
                found.going_on[one] = [*found.going_on.get(one, ()), *conditions]
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
                         f"repeal it and add its successor, with `unless: {as_one(each.conditions)}`")  # fmt: skip
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


def _conditional(tree: Map, conditions: list[Said]) -> Map:
    new: Map = copied(tree)
    new[Text("when")] = as_seq([*as_seq(tree.get("when")), *conditions])
    return new


def as_written(conditions: Any) -> list[Said]:
    """The conditions under `while`, as they would stand under `when` of a rule."""
    return [_as_written(each) for each in as_seq(conditions)]


def _as_written(condition: Any) -> Said:
    if isinstance(condition, Text):
        return condition
    if isinstance(condition, Reasoned):
        return _placed({"condition": condition.condition, "because": condition.because}, condition.place_)
    assert isinstance(condition, AnyOf | NoneOf | AllOf)
    kind = "any of" if isinstance(condition, AnyOf) else "none of" if isinstance(condition, NoneOf) else "all of"
    return _placed({kind: as_seq([_as_written(each) for each in getattr(condition, kind.replace(" ", "_"))])}, condition.place_)


def _placed(fields: dict[str, Any], place: Place) -> Map:
    tree = Map({Text(name): content for name, content in fields.items()})
    tree.place = place
    return tree


def as_one(conditions: list[Said]) -> str:
    """Several conditions as one, as YAML on one line, without their reasons: what does not hold under it goes for all of them."""
    if len(conditions) == 1:
        return _on_one_line(conditions[0])
    return f"{{all of: [{', '.join(map(_on_one_line, conditions))}]}}"


def _on_one_line(condition: Said) -> str:
    if isinstance(condition, Text):
        return text_of(condition)
    if "condition" in condition:
        return text_of(condition["condition"])
    ((kind, inner),) = condition.items()
    return f"{{{kind}: [{', '.join(map(_on_one_line, inner))}]}}"


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
