"""Rules that a policy of the chain has repealed, and that go on under a later one while conditions
on the case hold.

They return as `restores` brings them back, and are repealed once more, but for what goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from rulewright.language.errors import Problems
from rulewright.language.rulebook import Item, as_seq
from rulewright.language.text import Map, Text, place_of

from .assembly import Assembly, Gone, Kept, matches
from .interpretations import interpretations_written_in
from .remaining_uses import used_by
from .repeals import repeal_again
from .restorations import goes_on_in, put_back

Said = Text | Map
"""A condition as it is written in a rule: a sentence, one with its reason, or `any of`, `none of`,
`all of`."""
LASTING = ("rule", "table", "use")
"""The kinds of entry that can go on."""


@dataclass(frozen=True)
class GoesOn:
    """One line of `transitional`: what it names, as written, and the conditions."""

    name: str
    target: Text
    conditions: list[Said]


@dataclass
class Lasting:
    """What goes on while conditions hold: what a policy repeals itself, and what one that it amends
    has repealed.
    """

    repealed_here: dict[Kept, GoesOn] = field(default_factory=dict)
    resumed: dict[Kept, GoesOn] = field(default_factory=dict)


def repealed_before(found: Assembly, target: Text) -> dict[str, Kept]:
    """What a line of `transitional` names of all that a policy of the chain has repealed."""
    gone = [
        each
        for each in found.gone.values()
        if each.kind == "entry" and each.content.kind in LASTING
    ]
    entries = {
        each.name: (each.name, "")
        for each in gone
        if matches(each.name, target) or matches(each.content.part, target)
    }
    if entries and "*" not in target:
        return entries
    rules = {
        each.name: (each.owner, str(each.content["rule"]))
        for each in found.gone.values()
        if each.kind == "rule of a principle" and matches(each.name, target)
    }
    of_uses = _rules_of_uses(found) if "@" in target else ()
    return {**entries, **rules, **{name: one for name, one in of_uses if matches(name, target)}}


def _rules_of_uses(found: Assembly) -> Iterator[tuple[str, Kept]]:
    """The rules of uses that were repealed: there, in all uses, or with the use."""
    for use in [name for name, _ in _entries(found, "use")]:
        principle, _, suffix = use.partition("@")
        for rule in _rules(found, principle):
            if any(_gone_with(found, (use, rule))):
                yield f"{principle}.{rule}@{suffix}", (use, rule)


def _entries(found: Assembly, kind: str) -> Iterator[tuple[str, Item]]:
    """Entries of a kind, those that were repealed too."""
    gone = {name: each.content for name, each in found.gone.items() if each.kind == "entry"}
    yield from ((name, item) for name, item in {**gone, **found.items}.items() if item.kind == kind)


def _rules(found: Assembly, principle: str) -> list[str]:
    """The rules of a principle, those that were repealed too."""
    there = [
        str(each["rule"])
        for name, item in _entries(found, "principle")
        if name == principle
        for each in item.tree["rules"]
    ]
    gone = [
        str(each.content["rule"])
        for each in found.gone.values()
        if each.kind == "rule of a principle" and each.owner == principle
    ]
    return list(dict.fromkeys([*there, *gone]))


def _gone_with(found: Assembly, one: Kept) -> Iterator[Gone]:
    """What was repealed and has to return so that this goes on.

    Entries come before what lies in them.
    """
    entry, rule = one
    principle, _, suffix = entry.partition("@")
    names = [entry, *([f"{principle}.{rule}", f"{principle}.{rule}@{suffix}"] if rule else [])]
    for each in (found.gone[name] for name in names if name in found.gone):
        if each.kind in ("rule of a principle", "rule of one use") or (
            each.kind == "entry" and each.content.kind in LASTING
        ):
            yield each


def resume(found: Assembly, lasting: Lasting, problems: Problems) -> None:
    """Bring back what goes on though it was repealed before, each while its conditions hold; what
    is there goes on as it is.
    """
    wanted: dict[Kept, list[Said]] = {}
    back: dict[str, Gone] = {}
    for one, line in lasting.resumed.items():
        principle = one[0].partition("@")[0]
        gone = list(_gone_with(found, one))
        if not gone:
            problems.add(
                "RW407",
                place_of(line.target),
                f"`{line.name}` is restored, so there is nothing to go on",
                "name it in one of the two",
            )
        elif found.repealed.get(principle) == "principle":
            cannot_go_on_without(found, line, principle, problems)
        else:
            wanted[one] = line.conditions
            back |= {each.name: each for each in gone}
    order = sorted(back.values(), key=lambda each: each.kind != "entry")
    before = {
        one: conditions
        for one, conditions in found.going_on.items()
        if any(goes_on_in(each, one) for each in order)
    }
    for each in order:
        put_back(found, _as_it_goes_on(found, each, before), Text(each.name), problems)
    still = {
        one: conditions
        for one, conditions in before.items()
        if wanted.keys().isdisjoint(_wider(one))
    }
    found.going_on |= {**still, **wanted}
    for each in order:
        repeal_again(found, each, frozenset({**still, **wanted}))


def _wider(one: Kept) -> tuple[Kept, ...]:
    """What it is a part of: the use, and the rule in all uses."""
    entry, rule = one
    return (entry, ""), (entry.partition("@")[0], rule)


def _as_it_goes_on(found: Assembly, gone: Gone, before: Collection[Kept]) -> Gone:
    """What was repealed, with what a later policy has changed in it where it goes on."""
    match gone.kind:
        case "entry":
            whole = (gone.name, "") in before
            now = {
                rule: own
                for (use, rule), own in found.local.items()
                if use == gone.name and (whole or (use, rule) in before)
            }
            return replace(
                gone,
                content=found.items.get(gone.name, gone.content),
                own_rules=now if whole else {**gone.own_rules, **now},
            )
        case "rule of a principle":
            there: list[Map] = found.items[gone.owner].tree["rules"]
            return replace(
                gone,
                content=next(
                    (each for each in there if each["rule"] == gone.content["rule"]), gone.content
                ),
            )
        case _:
            now = {
                rule: found.local.get((gone.owner, rule), Map())
                for rule in gone.own_rules
                if (gone.owner, rule) in before
            }
            return replace(gone, own_rules={**gone.own_rules, **now})


def nothing_missing(found: Assembly, lasting: Lasting, problems: Problems) -> None:
    """What goes on though it was repealed before may need what was repealed with it (RW407)."""
    for (entry, rule), line in lasting.resumed.items():
        item = found.items.get(entry)
        if item is not None:
            alone = _alone(found, item, rule)
            for each in used_by(found, alone):
                cannot_go_on_without(found, line, each, problems)
            for interpretation, other in _written_out_elsewhere(found, alone):
                problems.add(
                    "RW407",
                    place_of(line.target),
                    f"`{line.name}` cannot go on without the interpretation `{interpretation}`, "
                    f"which is written out in `{other}`, and that is repealed",
                    f"restore `{other}`, or add the interpretation",
                )


def _written_out_elsewhere(found: Assembly, item: Item) -> Iterator[tuple[str, str]]:
    """The interpretations that an entry names, each with the entry that holds it, where that was
    repealed.
    """
    there = {str(each.id) for each in found.items.values() if each.kind == "interpretation"}
    there = there.union(*(interpretations_written_in(each.tree) for each in found.items.values()))
    for name in as_seq(item.tree.get("interpretation")):
        if isinstance(name, str) and str(name) not in there:
            repealed = (each for each in found.gone.values() if each.kind == "entry")
            yield from (
                (str(name), each.name)
                for each in repealed
                if name in interpretations_written_in(each.content.tree)
            )


def _alone(found: Assembly, item: Item, rule: str) -> Item:
    """The one rule of a principle, or of a use, that goes on; an entry as it is."""
    if not rule:
        return item
    principle = found.items[item.id.partition("@")[0]]
    written = next((each for each in principle.tree["rules"] if each["rule"] == rule), Map())
    return replace(item, kind="rule", tree=found.local.get((str(item.id), rule)) or written)


def cannot_go_on_without(found: Assembly, line: GoesOn, name: str, problems: Problems) -> None:
    """Note what is missing (RW407): something that was repealed."""
    by = next(
        (
            each.policy
            for each in reversed(found.changes)
            if each.action == "repeals" and name in each.expanded
        ),
        found.policy.policy,
    )
    problems.add(
        "RW407",
        place_of(line.target),
        f"`{line.name}` cannot go on without `{name}`, which `{by}` has repealed",
        f"restore it: `restores: [{name}]`",
    )
