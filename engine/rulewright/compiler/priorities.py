"""Which rule goes before which: what `overrides` names, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from rulewright.amendments.chain import Assembly
from rulewright.amendments.rules_of_principles import RuleOfUse
from rulewright.ir.entities import ANY_JUDGEMENT, is_any_judgement
from rulewright.ir.nodes import NodeKey, Rule
from rulewright.ir.pairs import numbers
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.text import Text, place_of

from .expander import DraftRule


def check_targets(
    drafts: list[DraftRule], assembly: Assembly, problems: Problems
) -> tuple[str, ...]:
    """Every override names a rule about the same attribute; one that names a repealed rule
    lapses.
    """
    aliases: dict[NodeKey, set[str]] = {}
    everywhere: set[str] = set()
    for draft in drafts:
        aliases.setdefault(draft.node, set()).update(draft.aliases)
        everywhere |= draft.aliases
    reached: dict[tuple[str, str], tuple[Text, bool]] = {}
    limits = {draft.rule.written for draft in drafts if draft.rule.effect == "limit"}
    limits -= {draft.rule.written for draft in drafts if draft.rule.effect != "limit"}
    for draft in drafts:
        for target in draft.targets:
            if is_any_judgement(target):
                continue
            if draft.rule.effect == "value" and str(target) in (draft.rule.id, draft.rule.written):
                problems.add(
                    "RW329",
                    place_of(target),
                    f"`{target}` overrides itself",
                    "name the rule that it goes before",
                )
            if str(target) in limits:
                problems.add(
                    "RW331",
                    place_of(target),
                    f"`{target}` is a limit, and limits are not overridden",
                    "give the limit a condition, such as `unless:`",
                )
            same = str(target) in aliases[draft.node]
            before = reached.get((draft.rule.written, str(target)), (target, False))
            reached[(draft.rule.written, str(target))] = (target, before[1] or same)
    gone = {
        name
        for change in assembly.changes
        if change.action == "repeals"
        for name in (*change.expanded, change.target)
    }
    gone |= {RuleOfUse(*where).name for where, own in assembly.local.items() if own is None}
    lapsed = set()
    for (rule, name), (target, same) in reached.items():
        if same:
            continue
        if name in everywhere:  # what is repealed may go on for a while
            problems.add(
                "RW331",
                place_of(target),
                f"`{rule}` overrides `{name}`, which gives another attribute",
                "only rules about the same attribute override one another",
            )
        elif name in gone or name.partition("@")[0] in gone:
            lapsed.add(f"{rule} no longer overrides {name}")
        else:
            problems.add(
                "RW330",
                place_of(target),
                f"there is no rule `{name}` to override",
                nearest(name, everywhere | {ANY_JUDGEMENT}),
            )
    return tuple(sorted(lapsed))


def check_judgements(
    drafts: Iterable[DraftRule], vocabulary: Vocabulary, problems: Problems
) -> None:
    """Only of attributes that may be judged can a rule override judgements."""
    unjudged: dict[Place, tuple[str, str]] = {}
    for draft in drafts:
        attribute = vocabulary.entities[draft.node.entity].attributes[draft.node.attribute]
        if not attribute.may_be_judged:
            for target in filter(is_any_judgement, draft.targets):
                unjudged.setdefault(
                    place_of(target), (draft.rule.written.partition("[")[0], attribute.name)
                )
    for place, (rule, name) in unjudged.items():
        problems.add(
            "RW331",
            place,
            f"`{rule}` overrides any judgement, and `{name}` may not be judged",
            "take it out of `overrides`, or declare `may be judged: yes`",
        )


def overridden(
    rules: Sequence[Rule], higher: tuple[frozenset[int], ...], judgements: Iterable[bool]
) -> tuple[Rule, ...]:
    """Each rule with all that it goes before: rules by their ids, also through others; `judgements`
    only where it says so itself.
    """
    below: list[set[str]] = [set() for _ in rules]
    for rule, above in zip(rules, higher, strict=True):
        for each in above:
            below[each].add(rule.id)
    return tuple(
        replace(rule, overrides=frozenset(names | {ANY_JUDGEMENT} if any_judgement else names))
        for rule, names, any_judgement in zip(rules, below, judgements, strict=True)
    )


def above(drafts: list[DraftRule], name: str) -> tuple[frozenset[int], ...]:
    """For each rule those that defeat it.

    Raises `InputError` (RW329) when rules defeat one another in a circle.
    """
    below = _below(drafts)
    found = defeating(below)
    if found is None:
        raise _circle(drafts, [set(numbers(each)) for each in below], name)
    return found


def _below(drafts: list[DraftRule]) -> list[int]:
    """For each rule those that it overrides by name, or as a row above them, as a bit mask."""
    named: dict[str, int] = {}
    later: dict[str, int] = {}  # of each table the rows that come later
    found = [0] * len(drafts)
    for number in sorted(range(len(drafts)), key=lambda each: drafts[each].turn, reverse=True):
        draft = drafts[number]
        for alias in draft.aliases:
            named[alias] = named.get(alias, 0) | 1 << number
        table, turn = draft.turn
        if turn:
            found[number] = later.get(table, 0)
            later[table] = found[number] | 1 << number
    for number, draft in enumerate(drafts):
        for target in draft.targets:
            found[number] |= named.get(str(target), 0) & ~(1 << number)
    return found


def defeating(below: Sequence[int]) -> tuple[frozenset[int], ...] | None:
    """For each rule those that defeat it, also through others. `below`: for each those that it
    names, as a bit mask.

    `None` where rules defeat one another in a circle.
    """
    reached: list[int | None] = [None] * len(below)
    begun: set[int] = set()
    for start in range(len(below)):
        path = [start]
        while path:
            each = path[-1]
            first = each not in begun
            begun.add(each)
            waiting = (
                [other for other in numbers(below[each]) if reached[other] is None]
                if reached[each] is None
                else []
            )
            if waiting and (not first or not begun.isdisjoint(waiting)):
                return None
            path += waiting
            if not waiting:
                path.pop()
                reached[each] = _with_all(below[each], reached)
    found: list[list[int]] = [[] for _ in below]
    for number, bits in enumerate(reached):
        for other in numbers(bits or 0):
            found[other].append(number)
    return tuple(map(frozenset, found))


def _with_all(named: int, reached: Sequence[int | None]) -> int:
    """Some rules and all that they reach, which is known."""
    left = found = named
    while left:
        other = (left & -left).bit_length() - 1
        more = reached[other] or 0
        found |= more
        left &= ~(more | 1 << other)  # what is reached through another needs no look of its own
    return found


def _circle(drafts: list[DraftRule], below: list[set[int]], name: str) -> InputError:
    """The error for rules that defeat one another."""
    for start, draft in enumerate(drafts):
        waiting, seen = list(below[start]), set[int]()
        while waiting:
            each = waiting.pop()
            if each == start:
                circle = [
                    drafts[i].rule.id for i in sorted(seen | {start}) if start in reach(below, i)
                ]
                return InputError(
                    Problem(
                        draft.rule.place,
                        "RW329",
                        f"rules about `{name}` override one another in a "
                        f"circle: {' -> '.join([*circle, circle[0]])}",
                        "take one of these `overrides` away",
                    )
                )
            if each not in seen:
                seen.add(each)
                waiting += below[each]
    raise AssertionError("no rule defeats itself")


def reach(below: Sequence[Collection[int]], start: int) -> set[int]:
    """The rules that one defeats, also through others."""
    seen: set[int] = set()
    waiting = list(below[start])
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += below[each]
    return seen
