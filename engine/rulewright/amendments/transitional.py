"""Transitional rules: what an amendment repeals, and what goes on while conditions on the case
hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from rulewright.language.errors import Place, Problems
from rulewright.language.models import AllOf, AnyOf, NoneOf, PolicyModel, Reasoned
from rulewright.language.rulebook import as_seq
from rulewright.language.text import Map, Text, place_of, text_of

from .assembly import ROW, Assembly, Change, Kept, copied, matches, near_target
from .repeals import repeal
from .resumption import LASTING, GoesOn, Lasting, Said, repealed_before
from .targets import targets


def keep(found: Assembly, model: PolicyModel, problems: Problems) -> Lasting:
    """What goes on while conditions hold: the repeals pass over it.

    The conditions are kept apart from its text.
    """
    lasting = Lasting()
    for each in model.transitional:
        conditions = as_written(each.while_)
        for target in each.rules:
            there = dict(_named(found, target))
            before = {
                name: one
                for name, one in repealed_before(found, target).items()
                if name not in there or _lasts(found, one)
            }
            if there and before and _repeals_one_of(found, model, there):
                before = {}  # the line stands for what this policy repeals
            if not there and not before:
                problems.add(
                    "RW407",
                    place_of(target),
                    f"there is no rule `{target}` to keep",
                    _help(found, target),
                )
            own = {name: one for name, one in there.items() if name not in before}
            for name, one in own.items():
                lasting.repealed_here.setdefault(one, GoesOn(name, target, conditions))
                found.going_on[one] = [*found.going_on.get(one, ()), *conditions]
            for name, one in before.items():
                earlier = lasting.resumed.get(one, GoesOn(name, target, []))
                lasting.resumed[one] = replace(
                    earlier, conditions=[*earlier.conditions, *conditions]
                )
            if own or not before:
                found.changes.append(Change(str(model.policy), "keeps", str(target), tuple(own)))
            if before:
                found.changes.append(
                    Change(str(model.policy), "resumes", str(target), tuple(before))
                )
    return lasting


def _lasts(found: Assembly, one: Kept) -> bool:
    """Whether it goes on already, under conditions of a policy of the chain: by itself, with its
    entry, or in some uses.
    """
    entry, rule = one
    principle, at, _ = entry.partition("@")
    uses = {
        each
        for each in found.going_on
        if rule and not at and each[1] == rule and each[0].partition("@")[0] == principle
    }
    return bool(uses) or not found.going_on.keys().isdisjoint({one, (entry, ""), (principle, rule)})


def _repeals_one_of(found: Assembly, model: PolicyModel, names: Iterable[str]) -> bool:
    """Whether a policy repeals one of these itself."""
    trial = found.copy()
    for target in model.repeals:
        repeal(trial, target, str(model.policy), Problems(), frozenset())
    return any(
        not set(names).isdisjoint(each.expanded) for each in trial.changes[len(found.changes) :]
    )


def only_repealed_goes_on(
    found: Assembly, kept: dict[Kept, GoesOn], policy: str, problems: Problems
) -> None:
    """What was not repealed has nothing to go on after: its condition would only narrow it."""
    own = [each for each in found.changes if each.policy == policy and each.action == "repeals"]
    if not all(each.expanded for each in own):
        return  # the repeal is told to be wrong
    repealed = {name for each in own for name in each.expanded}
    told = set[Text]()
    for (entry, rule), each in kept.items():
        principle = entry.partition("@")[0]
        if rule and principle in repealed:
            problems.add(
                "RW407",
                place_of(each.target),
                f"`{each.name}` cannot go on without `{principle}`, which is repealed",
                "repeal its other rules, or its uses, one by one",
            )
        elif (
            not repealed & {each.name, entry, f"{principle}.{rule}" if rule else entry}
            and each.target not in told
        ):
            problems.add(
                "RW407",
                place_of(each.target),
                f"`{each.name}` is not repealed, so there is nothing to go on",
                f"repeal it and add its successor, with `unless: {as_one(each.conditions)}`",
            )
            told.add(each.target)


def go_on(found: Assembly) -> None:
    """What goes on gets its conditions, whatever the amendments did to its text."""
    for (entry, rule), conditions in sorted(
        found.going_on.items(), key=lambda each: "@" in each[0][0]
    ):
        item = found.items.get(entry)
        if item is None:
            continue
        if not rule:
            found.items[entry] = replace(item, tree=_conditional(item.tree, conditions))
        elif item.kind == "principle":
            tree = copied(item.tree)
            tree[Text("rules")] = [
                _conditional(each, conditions) if each["rule"] == rule else each
                for each in tree["rules"]
            ]
            found.items[entry] = replace(item, tree=tree)
            for (use, of), own in list(found.local.items()):
                if of == rule and own is not None and use.startswith(f"{entry}@"):
                    found.local[use, of] = _conditional(own, conditions)
        else:
            principle = found.items.get(entry.partition("@")[0])
            rules = (
                principle.tree["rules"]
                if principle is not None and principle.kind == "principle"
                else []
            )
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
        return _placed(
            {"condition": condition.condition, "because": condition.because}, condition.place_
        )
    assert isinstance(condition, AnyOf | NoneOf | AllOf)
    kind = (
        "any of"
        if isinstance(condition, AnyOf)
        else "none of"
        if isinstance(condition, NoneOf)
        else "all of"
    )
    return _placed(
        {kind: as_seq([_as_written(each) for each in getattr(condition, kind.replace(" ", "_"))])},
        condition.place_,
    )


def _placed(fields: dict[str, Any], place: Place) -> Map:
    tree = Map({Text(name): content for name, content in fields.items()})
    tree.place = place
    return tree


def as_one(conditions: list[Said]) -> str:
    """Several conditions as one, as YAML on one line, without their reasons: what does not hold
    under it goes for all of them.
    """
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
    lasting = [item for item in found.items.values() if item.kind in LASTING]
    entries = [
        str(item.id) for item in lasting if matches(item.id, target) or matches(item.part, target)
    ]
    yield from ((each, (each, "")) for each in entries)
    if entries and "*" not in target:
        return
    for item in found.items.values():
        principle, _, use = item.id.partition("@")
        owner = found.items.get(principle)
        if item.kind == "principle" or (
            item.kind == "use" and "@" in target and owner is not None and owner.kind == "principle"
        ):
            for each in (owner or item).tree["rules"]:
                name, one = (
                    f"{principle}.{each['rule']}" + (f"@{use}" if use else ""),
                    (str(item.id), str(each["rule"])),
                )
                if matches(name, target) and found.local.get(one, each) is not None:
                    yield name, one


def _help(found: Assembly, target: Text) -> str:
    row = ROW.match(target)
    if row and row["table"] in found.items:
        return (
            f"a row goes on with its table: repeal `{row['table']}`, keep it, and add its successor"
        )
    return (
        near_target(target, [*targets(found), *found.gone])
        or "name a rule, table or use of the amended policy"
    )
