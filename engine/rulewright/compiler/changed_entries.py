"""The entries that an amendment changes, unrolled beside those of the policy that stay as they
are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rulewright.amendments.chain import Assembly
from rulewright.amendments.interpretations import interpretations_written_in
from rulewright.ir.nodes import NodeKey
from rulewright.ir.program import Node
from rulewright.syntax.errors import Problems
from rulewright.syntax.text import place_of

from .changed_policy import (
    Base,
    ChangedEntries,
    OnlyTheWholeTells,
    comes_from,
    interpretations_named_in,
    trees_of,
    what_changed,
)
from .citations import check_citations
from .derived_attributes import nodes_of
from .expander import DraftRule, Unroller


@dataclass(frozen=True)
class Beside:
    """What was unrolled of the changed entries.

    assembly: all entries, under the amendment. drafts: of the attributes that changed entries give
    a rule, before or after, all that there is after.
    """

    assembly: Assembly
    changed: ChangedEntries
    unroller: Unroller
    drafts: dict[NodeKey, list[DraftRule]]


def unroll_beside(base: Base, assembly: Assembly) -> Beside:
    """The changed entries of `assembly`, what stays taken from `base`.

    Raises `OnlyTheWholeTells` where that cannot be done, or where something is wrong: the whole
    says it more precisely.
    """
    changed = what_changed(base, assembly)
    unroller = _unrolled(base, assembly, changed)
    check_citations(unroller.assembly, unroller.problems)
    if unroller.problems.found:
        raise OnlyTheWholeTells
    stay = {use.replace("@", f".{rule}@", 1) for use, rule in changed.same_rules}
    dropped = {
        id(each)
        for each in base.unroller.drafts
        if each.rule.written not in stay and comes_from(each, changed.entries)
    }
    touched = {each.node: None for each in base.unroller.drafts if id(each) in dropped}
    touched |= {each.node: None for each in unroller.drafts}
    drafts = {
        node: [each for each in base.drafts.get(node, ()) if id(each) not in dropped]
        for node in touched
    }
    for each in unroller.drafts:
        drafts[each.node].append(each)
    return Beside(assembly, changed, unroller, drafts)


def settled_beside(
    base: Base, beside: Beside, drafts: dict[NodeKey, list[DraftRule]]
) -> tuple[list[Node], tuple[str, ...]]:
    """The attributes of these drafts, not yet in layers, and the overrides in them that lapsed.

    Raises `OnlyTheWholeTells` when something is wrong, or names a rule that only the others know.
    """
    problems = Problems()
    nodes, lapsed = nodes_of(drafts, beside.unroller, beside.assembly, problems)
    if problems.found:
        raise OnlyTheWholeTells
    if lapsed:
        others = (
            each
            for node, found in base.drafts.items()
            if node not in beside.drafts
            for each in found
        )
        names = frozenset[str]().union(*(each.aliases for each in others))
        if any(each.partition(" no longer overrides ")[2] in names for each in lapsed):
            raise OnlyTheWholeTells
    return nodes, lapsed


def _unrolled(base: Base, assembly: Assembly, changed: ChangedEntries) -> Unroller:
    before = base.unroller
    local = {
        **assembly.local,
        **dict.fromkeys(changed.same_rules),
    }  # as if repealed: their drafts are kept
    items = {
        name: item
        for name, item in assembly.items.items()
        if name in changed.entries or item.kind in ("principle", "interpretation")
    }
    own = replace(assembly, items=items, local=local)
    unroller = Unroller(
        base.book, own, before.vocabulary, before.lexicon, before.parameters, Problems()
    )
    old = trees_of(base.assembly, changed.entries)
    gone = set[str]().union(*map(interpretations_written_in, old))
    again = gone & set[str]().union(
        *map(interpretations_written_in, trees_of(assembly, changed.entries))
    )
    unroller.interpretations.update(
        {name: each for name, each in before.interpretations.items() if name not in gone}
    )
    named = {place_of(each) for tree in old for each in interpretations_named_in(tree)}
    unroller.rested_on += [
        each for each in before.rested_on if each in gone and place_of(each) not in named
    ]  # by rules that stay
    unroller.unroll()
    for name in (
        again & before.interpretations.keys()
    ):  # written in rules of a principle that are as they were
        unroller.interpretations.setdefault(name, before.interpretations[name])
    return unroller
