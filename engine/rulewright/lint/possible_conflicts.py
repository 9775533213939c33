"""RW714: two rules that may hold together and give one attribute different values, neither above
the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.compiler.disjointness import compare_texts, never_disagreeing
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import Compare, Condition, Joined, Kind, Literal, Noun, Rule
from rulewright.ir.program import Node
from rulewright.ir.types import Scale
from rulewright.ir.value_sets import example
from rulewright.syntax.errors import Place, Problem

from .amendment_lines import line_of
from .compiled import Compiled
from .nullability import Rooms
from .provenance import with_origins
from .satisfiability import Consequences, models

CODE = "RW714"
Pair = tuple[Rule, Rule, tuple[Rule, ...]]  # two rules, and those that defeat either


def possible_conflicts(policy: Compiled) -> Iterator[Problem]:
    """Pairs of rules, with a case in which both hold where one can be shown.

    Rules whose conditions exclude one another are passed over, also when they do so only through
    what must have been so for a derived attribute to have its value, and when a third rule that
    defeats one of them holds whenever both do.
    """
    rooms = Rooms(policy)
    pairs: dict[tuple[str, str], tuple[Pair, Node, list[Kind]]] = {}
    for node in policy.program.nodes:
        apart = (
            never_disagreeing(node.rules, texts=True) if compare_texts(node.rules) else node.apart
        )
        for i, j in apart.without(len(node.rules)):
            if i in node.above[j] or j in node.above[i]:
                continue
            above = tuple(node.rules[k] for k in sorted(node.above[i] | node.above[j]))
            written = (node.rules[i].written, node.rules[j].written)
            pairs.setdefault(written, ((node.rules[i], node.rules[j], above), node, []))[2].append(
                node.key.kind
            )
    reported: set[tuple[str, str]] = set()
    added = {each.target for each in policy.assembly.changes if each.action == "adds"}
    for pair, node, kinds in pairs.values():
        shown = _hold_together(pair, policy, rooms, policy.scope(tuple(kinds)))
        if shown is None:
            continue
        (first, place), (second, later) = sorted(
            (_named(policy, rule) for rule in pair[:2]), key=lambda each: each[1]
        )
        if (first, second) not in reported:
            reported.add((first, second))
            witness = f", for instance where {shown}" if shown else ""
            changed = line_of(policy, [each.written for each in pair[:2]], "replaces")
            new = next((rule.place for rule in pair[:2] if rule.written in added), None)
            yield Problem(
                changed or new or max(place, later),
                CODE,
                f"{first} and {second} may both hold and give `{node.attribute.name}` "
                f"different values{witness}",
                f"let one override the other, or set their conditions apart{_or_a_limit(pair, added)}",
                "warning",
            )


def _or_a_limit(pair: Pair, added: set[str]) -> str:
    """A rule added to others, which gives one value of an order, may have been meant as the most
    that there may be.
    """
    for rule in pair[:2]:
        value = rule.value
        if (
            rule.written in added
            and isinstance(value, Literal)
            and isinstance(value.type, Scale)
            and value.value in value.type.order
        ):
            return f"; if `{rule.written}` is to set the most that there may be, write `limit` for its `then`"
    return ""


def _named(policy: Compiled, rule: Rule) -> tuple[str, Place]:
    """A rule in messages: its id without the use of a principle, of a row its table."""
    table, row, _ = rule.written.partition("[")
    if row and table in policy.assembly.items:
        return f"the table `{table}`", policy.assembly.items[table].place
    return f"`{rule.written.partition('@')[0]}`", rule.place


def _hold_together(pair: Pair, policy: Compiled, rooms: Rooms, scope: Scope) -> str | None:
    """`None`: they cannot; else an example, empty where none can be told."""
    one, other, above = pair
    plain = [*one.conditions, *other.conditions]
    grown = [with_origins(each, policy, scope) for each in plain]
    differ = [
        (each, False)
        for each in (_same_value(one, other), _same_value(other, one))
        if each is not None
    ]
    undefeated = [
        (Condition(Joined("all of", each.conditions), each.id), False)
        for each in above
        if each.conditions
    ]
    if any(not each.conditions for each in above):
        return None
    shown = ""
    for conditions in (grown, plain):
        for defeats in (undefeated, []):
            found = models(
                [*((each, True) for each in conditions), *differ, *defeats], rooms, scope
            )
            if found is None:
                continue
            first = next(found, None)
            if first is None:
                return None
            shown = shown or _witness(first, policy, scope)
    return shown


def _same_value(one: Rule, other: Rule) -> Condition | None:
    """Where one rule copies what the other gives outright: that the copied attribute has that very
    value.
    """
    if (
        isinstance(one.value, Noun)
        and isinstance(other.value, Literal)
        and other.value.value is not None
    ):
        return Condition(Compare(one.value, "is", (other.value,)), "")
    return None


def _witness(facts: Consequences, policy: Compiled, scope: Scope) -> str:
    """The facts of a case in which both hold, when they are all there is to it."""
    words = []
    for subject, room in facts.left.items():
        if not isinstance(subject, Noun) or not subject.given or subject.type is None:
            if (
                isinstance(subject, Noun)
                and not subject.given
                and subject.reach.up == ""
                and facts.grasped
            ):
                continue
            return ""
        value = subject.type.show(example(room.values, subject.type)) if room.values else "none"
        words.append(f"{_name(subject, policy, scope)} is {value}")
    return " and ".join(words) if facts.grasped else ""


def _name(noun: Noun, policy: Compiled, scope: Scope) -> str:
    entities = policy.program.vocabulary.entities
    kind = scope.reached(noun.reach)[0]
    name = entities[kind.entity].attributes[noun.attribute].name
    if noun.reach.down:
        return f"the {name} of {noun.reach.down[-1][1]}"
    return f"the {entities[kind.entity].name}'s {name}" if noun.reach.up else f"the {name}"
