"""What each rule reads and gives, and which rules read what it gives: from the program, told by the
ids people wrote.
"""

from __future__ import annotations

from collections import defaultdict

from rulewright.compiler.dependencies import reads
from rulewright.compiler.scope import scope_of_read
from rulewright.ir.nodes import NodeKey
from rulewright.ir.program import Program
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.text import key

from .names import entry_of
from .record import Connection

Nodes = dict[str, set[NodeKey]]


def connections(program: Program) -> dict[str, Connection]:
    """For each rule as written (`bands[good]`, `aggregation.good@service`) its connections."""
    read, given = read_and_given(program)
    users: dict[NodeKey, set[str]] = defaultdict(set)
    for rule, nodes in read.items():
        for node in nodes:
            users[node].add(entry_of(rule))
    found = {}
    for rule in sorted(read.keys() | given.keys()):
        used_by = sorted({user for node in given[rule] for user in users[node]} - {entry_of(rule)})
        found[rule] = Connection(
            in_words(read[rule], program.vocabulary),
            in_words(given[rule], program.vocabulary),
            tuple(used_by),
        )
    return found


def read_and_given(program: Program) -> tuple[Nodes, Nodes]:
    """By rule as written.

    A principle's own word is passed through: who reads it reads what it is made of.
    """
    read: Nodes = defaultdict(set)
    given: Nodes = defaultdict(set)
    behind: dict[NodeKey, set[NodeKey]] = {}
    scopes = {
        node.key.kind: scope_of_read(program.vocabulary, node.key.kind) for node in program.nodes
    }
    for node in program.nodes:
        rules = node.every_rule
        found = [(rule, reads(rule, scopes[node.key.kind])) for rule in rules]
        if node.attribute.hidden:
            behind[node.key] = set().union(*(nodes for _, nodes in found))
            continue
        for rule, nodes in found:
            read[rule.written] |= nodes
            given[rule.written].add(node.key)
    for kind, notices in program.notices.items():
        for rule in notices:
            read[rule.written] |= reads(rule, scope_of_read(program.vocabulary, kind))
    for nodes in read.values():
        while hidden := nodes & behind.keys():
            nodes -= hidden
            nodes |= {each for node in hidden for each in behind[node]}
    return read, given


def in_words(nodes: set[NodeKey], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Attributes as one says them: `rating of a key question of a service, only well-led`, those of
    a set of members as one.
    """
    groups: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for node in nodes:
        groups[(node.entity, node.parent, node.attribute)].add(node.member)
    found = []
    for (entity, parent, attribute), members in sorted(groups.items()):
        declared = vocabulary.entities[entity]
        known = declared.attributes.get(attribute)
        words = f"{known.name if known else attribute} of a {declared.name}"
        words += f" of a {vocabulary.entities[parent].name}" if parent and declared.members else ""
        all_members = {key(each) for each in declared.members}
        if declared.members and {key(each) for each in members} != all_members:
            words += ", only " + ", ".join(
                each for each in declared.members if key(each) in {key(m) for m in members}
            )
        if words not in found:
            found.append(words)
    return tuple(found)


def words_used(program: Program) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The given attributes that rules read, and the derived ones that rules conclude, as (entity,
    attribute).
    """
    given = {(node.entity, node.attribute) for node in program.asks}
    derived = {
        (node.key.entity, node.key.attribute)
        for node in program.nodes
        if not node.attribute.hidden
        and (node.rules or node.otherwise or node.attribute.may_be_judged)
    }
    return given, derived
