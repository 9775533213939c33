"""Stated facts that nothing in a policy reads: whatever they said, every value, note and warning
would be the same.

What counts is what the policy says, not what came of a case: a fact of which some rule speaks is
read, although that rule did not fire. A fixed member counts by itself: what is read of one need not
be read of another.
"""

from __future__ import annotations

from rulewright.facts.cases import Case
from rulewright.ir.nodes import NodeKey
from rulewright.ir.program import Program
from rulewright.syntax.text import few

from .outcome import Stated, Unread
from .tracer import of_a_kind

MOST_NAMED = 3  # facts of one attribute in a warning


def unread_facts(program: Program, case: Case) -> list[Unread]:
    """The facts, those of one attribute together; with a warning where the vocabulary expects them
    to count.
    """
    found: dict[NodeKey, Unread] = {}
    expected: set[NodeKey] = set()
    for entity in case.entities:
        for name in sorted(entity.facts):
            node = NodeKey(entity.type, entity.parent_type, entity.member, name)
            if node in program.asks:
                continue
            attribute = program.vocabulary.entities[entity.type].attributes[name]
            together = _together(node, program)
            group = found.setdefault(together, Unread(of_a_kind(program.vocabulary, together), []))
            group.facts.append(
                Stated(entity.path, attribute.name, attribute.show(entity.facts[name].value))
            )
            if attribute.expected_to_count:
                expected.add(together)
    for node in expected:
        found[node].warning = _warning(found[node], program.policy)
    return [found[node] for node in sorted(found)]


def _together(node: NodeKey, program: Program) -> NodeKey:
    """What the fact is told as: the whole fixed set, where nothing reads the attribute of any of
    its members.
    """
    members = program.vocabulary.entities[node.entity].members
    alike = (NodeKey(node.entity, node.parent, member, node.attribute) for member in members)
    return (
        node
        if any(each in program.asks for each in alike)
        else NodeKey(node.entity, node.parent, "", node.attribute)
    )


def _warning(unread: Unread, policy: str) -> str:
    first = unread.facts[0]
    if len(unread.facts) == 1:
        said = f"{first.entity} > {first.attribute} is stated as {first.value}"
    else:
        said = f"{unread.attribute} is stated for {few([each.entity for each in unread.facts], MOST_NAMED)}"
    return f"{said}, but nothing in `{policy}` reads it"
