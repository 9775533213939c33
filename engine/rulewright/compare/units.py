"""What can be undone by itself: the written changes, those that cannot be undone one without the
other taken together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rulewright.ir.entities import ANY_JUDGEMENT
from rulewright.ir.nodes import NodeKey, Rule
from rulewright.ir.program import Node, Program, Withdrawal
from rulewright.ir.vocabulary import Attribute
from rulewright.syntax.text import key

from .record import Change
from .written_changes import Explaining, Ids

Spot = tuple[NodeKey, str]  # an attribute of a kind of entity, and the id of one of its rules
Word = tuple[str, str]  # the key of an entity type, and of an attribute of it, or `> member`
AS_ONE: Word = (
    "",
    "judged as one",
)  # which attributes are judged as one: it is read with the case, as words are


@dataclass(frozen=True)
class Unit:
    """Changes that are undone together, by their ids, and all that undoing them puts back.

    rules: compiled rules. parameters: by key. facts: given attributes with another default. words:
    what a case is read against: attributes of another type, members, main attributes, `AS_ONE`.
    withdrawn: lines under `withdraw`. shown: what is published.
    """

    number: int
    changes: tuple[str, ...]
    rules: frozenset[Spot] = frozenset()
    parameters: frozenset[str] = frozenset()
    facts: frozenset[Word] = frozenset()
    words: frozenset[Word] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    shown: frozenset[NodeKey] = frozenset()


def units(
    old: Program, new: Program, changes: Iterable[Change], texts: Mapping[str, str]
) -> tuple[Unit, ...]:
    """The units of two policies, in order of what they change. Changes without an effect on any
    case are in none.

    texts: what the entries of both say, on one line each, by id.
    """
    explaining = Explaining(changes, old, new, texts)
    pieces = list(_pieces(old, new, explaining))
    together = _joined([ids for ids, _, _ in pieces])
    gathered: dict[tuple[str, ...], dict[str, set[object]]] = {}
    for ids, kind, what in pieces:
        group = together[min(ids)]
        gathered.setdefault(group, {}).setdefault(kind, set()).add(what)
    return tuple(
        Unit(number, group, **{kind: frozenset(found) for kind, found in gathered[group].items()})  # type: ignore[arg-type]
        for number, group in enumerate(sorted(gathered))
    )


def _joined(all_ids: list[Ids]) -> dict[str, tuple[str, ...]]:
    """For each id those with which it is undone: whatever stands behind one piece goes together."""
    groups: dict[str, set[str]] = {}
    for ids in all_ids:
        whole = set(ids).union(*(groups.get(each, set()) for each in ids))
        for each in whole:
            groups[each] = whole
    return {each: tuple(sorted(group)) for each, group in groups.items()}


def _pieces(
    old: Program, new: Program, explaining: Explaining
) -> Iterator[tuple[Ids, str, object]]:
    """Everything that can have an effect on a case and is not the same: by which changes, of which
    kind, and what.
    """
    before, after = ({node.key: node for node in each.nodes} for each in (old, new))
    for where in sorted(before.keys() | after.keys()):
        for rule in different_rules(before.get(where), after.get(where)):
            there = [rules_by_id(each.get(where)).get(rule) for each in (before, after)]
            yield explaining.rule(where, there[0], there[1]), "rules", (where, rule)
    for name in sorted(old.parameters.keys() & new.parameters.keys()):
        if old.parameters[name].values != new.parameters[name].values:
            yield (
                frozenset({explaining.keyed.get(("parameter", name), f"parameter {name}")}),
                "parameters",
                name,
            )
    yield from _words(old, new, explaining)
    if groups(old) != groups(new):
        yield explaining.judged_as_one(), "words", AS_ONE
    yield from _shown(old, new, explaining)


def groups(program: Program) -> set[tuple[tuple[str, str, str], ...]]:
    """The attributes that a policy has judged as one, whichever policy of its chain says so."""
    return {each.attributes for each in program.judged_as_one}


def _words(old: Program, new: Program, explaining: Explaining) -> Iterator[tuple[Ids, str, object]]:
    for name in sorted(old.vocabulary.entities.keys() & new.vocabulary.entities.keys()):
        before, after = old.vocabulary.entities[name], new.vocabulary.entities[name]
        thing = explaining.keyed.get(("kind of thing", name))
        for word in sorted(before.attributes.keys() & after.attributes.keys()):
            one, other = before.attributes[word], after.attributes[word]
            if one.type != other.type or one.given != other.given:
                found = frozenset(explaining.attribute(word, name)) or explaining.default(
                    name, word
                )
                yield found, "words", (name, word)
            if one.given and other.given and _default(one) != _default(other):
                yield explaining.default(name, word), "facts", (name, word)
        for member in sorted(
            {key(each) for each in before.members} ^ {key(each) for each in after.members}
        ):
            named = explaining.keyed.get(("member", key(f"{after.name} > {member}")))
            yield (
                frozenset({named or f"member {after.name} > {member}"}),
                "words",
                (name, f"> {member}"),
            )
        if before.main_attribute != after.main_attribute:
            yield (
                frozenset({thing or f"kind of thing {after.name}"}),
                "words",
                (name, "main attribute"),
            )


def _default(attribute: Attribute) -> tuple[bool, object, bool]:
    return attribute.has_default, attribute.default, attribute.may_have_no_value


def _shown(old: Program, new: Program, explaining: Explaining) -> Iterator[tuple[Ids, str, object]]:
    before, after = ({each.text: each for each in program.withdrawals} for program in (old, new))
    for text in sorted(before.keys() | after.keys()):
        if _acts(before.get(text)) != _acts(after.get(text)):
            yield (
                frozenset({explaining.keyed.get(("withdrawn", key(text)), f"withdrawn {text}")}),
                "withdrawn",
                text,
            )
    for where in sorted(old.published ^ new.published):
        yield explaining.shown(where), "shown", where


def _acts(withdrawal: Withdrawal | None) -> object:
    if withdrawal is None:
        return None
    return (
        withdrawal.attribute,
        withdrawal.kinds,
        withdrawal.once and withdrawal.once.body,
        withdrawal.until_then,
    )


# -- compiled rules


def rules_by_id(node: Node | None) -> dict[str, Rule]:
    """All that decides an attribute, by id."""
    if node is None:
        return {}
    return {each.id: each for each in node.every_rule}


def different_rules(old: Node | None, new: Node | None) -> list[str]:
    """The ids of the rules of an attribute that only one side has, or that mean something else."""
    before, after = rules_by_id(old), rules_by_id(new)
    both = before.keys() & after.keys()
    return sorted(
        (before.keys() ^ after.keys())
        | {each for each in both if _meaning(before[each], both) != _meaning(after[each], both)}
    )


def _meaning(rule: Rule, both: Iterable[str]) -> object:
    """What a rule does; of what it goes before judgements, and those rules that are on both
    sides.
    """
    return (
        rule.effect,
        frozenset(each.body for each in rule.conditions),
        rule.value,
        rule.overrides & {*both, ANY_JUDGEMENT},
        rule.table,
    )
