"""What an amendment touches in a policy: enough to know where else it need not be tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rulewright.amendments.interpretations import interpretations_written_in
from rulewright.ir.nodes import NodeKey
from rulewright.syntax.text import key

from .changed_entries import Beside, settled_beside
from .changed_policy import Base, interpretations_named_in, trees_of
from .dependencies import layers, reads
from .expander import DraftRule


@dataclass(frozen=True)
class Footprint:
    """What an amendment that compiles touches.

    entries: their ids. nodes: the attributes that their rules give, before and after. reads_more:
    whether some attribute reads what it did not read before. words: all that the entries say after
    it. rests_on: the interpretations that they name; defines, drops: those that are written out in
    them after it, and only before.
    """

    entries: frozenset[str]
    nodes: frozenset[NodeKey]
    reads_more: bool
    words: str
    rests_on: frozenset[str]
    defines: frozenset[str]
    drops: frozenset[str]


def footprint_of(base: Base, beside: Beside) -> Footprint:
    """Raises `OnlyTheWholeTells` when the policy does not compile under the amendment, `InputError`
    when it reads in a circle.
    """
    settled_beside(base, beside, _one_of_each(beside.drafts))
    entries = beside.changed.entries
    before, after = trees_of(base.assembly, entries), trees_of(beside.assembly, entries)
    defined = frozenset[str]().union(*map(interpretations_written_in, after))
    return Footprint(
        entries,
        frozenset(beside.drafts),
        _reads_more(base, beside),
        key(" ".join(_words_in(after))),
        frozenset(str(each) for tree in after for each in interpretations_named_in(tree)),
        defined,
        frozenset[str]().union(*map(interpretations_written_in, before)) - defined,
    )


def _one_of_each(drafts: dict[NodeKey, list[DraftRule]]) -> dict[NodeKey, list[DraftRule]]:
    """Of attributes with the same rules (of members of one fixed set) only one: what is wrong with
    one is wrong with all.
    """
    alike: dict[object, NodeKey] = {}
    for node, found in drafts.items():
        alike.setdefault(
            (node.entity, node.attribute, frozenset(draft.rule.written for draft in found)), node
        )
    return {node: drafts[node] for node in alike.values()}


def _reads_more(base: Base, beside: Beside) -> bool:
    """Whether an attribute reads what it did not read before.

    Raises `InputError` when one comes to depend on itself.
    """
    unroller = beside.unroller
    needs = dict(base.needs)
    more = False
    for draft in unroller.drafts:
        read = reads(draft.rule, unroller.scope((draft.node.kind,)))
        before = needs.get(draft.node, set())
        if not read <= before:
            needs[draft.node] = before | read
            more = True
    if more:
        layers(needs, unroller.vocabulary, lambda _circle: base.assembly.policy.policy.place)
    return more


def _words_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _words_in([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for each in value:
            yield from _words_in(each)
