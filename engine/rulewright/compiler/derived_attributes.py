"""The derived attributes of a policy, in layers, each with its rules, limits and overrides
settled.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

from rulewright.amendments.chain import Assembly
from rulewright.ir.entities import is_any_judgement
from rulewright.ir.nodes import NodeKey
from rulewright.ir.pairs import Pairs
from rulewright.ir.program import Exhaustive, Node
from rulewright.ir.vocabulary import Attribute
from rulewright.syntax.errors import InputError, Place, Problem, Problems
from rulewright.syntax.text import place_of

from .citations import check_citations
from .context import Strata
from .dependencies import kinds_in, layers, reads
from .disjointness import exhaustive, never_disagreeing
from .expander import DraftRule, Unroller
from .priorities import above, check_judgements, check_targets, overridden

_MOST_STRATA = 7  # kept beside the last: an amendment seldom changes what depends on what


def settle(
    unroller: Unroller, assembly: Assembly, problems: Problems
) -> tuple[tuple[Node, ...], frozenset[NodeKey], tuple[str, ...]]:
    """The nodes of what was unrolled, in layers, overrides settled.

    Raises `InputError` with every mistake found so far.
    """
    check_citations(assembly, problems)
    problems.stop_if_any()
    found = _nodes(unroller, assembly, problems)
    problems.stop_if_any()
    return found


def _nodes(
    unroller: Unroller, assembly: Assembly, problems: Problems
) -> tuple[tuple[Node, ...], frozenset[NodeKey], tuple[str, ...]]:
    """The derived attributes in layers, the given ones that rules ask for, and the overrides that
    lapsed.
    """
    vocabulary = unroller.vocabulary
    drafts: dict[NodeKey, list[DraftRule]] = {}
    for kind in kinds_in(vocabulary):
        for name, attribute in vocabulary.entities[kind.entity].attributes.items():
            if not attribute.given and not attribute.hidden:
                drafts[NodeKey(kind.entity, kind.parent, kind.member, name)] = []
    for draft in unroller.drafts:
        drafts.setdefault(draft.node, []).append(draft)
    built, lapsed = nodes_of(drafts, unroller, assembly, problems)
    try:
        strata = _strata(drafts, unroller, assembly)
    except InputError as error:
        problems.take(error)
        return (), frozenset(), ()
    nodes = {node.key: node for node in built}
    return (
        tuple(
            _in_layer(nodes[each], layer, unroller)
            for each, layer in strata.layers.items()
            if each in nodes
        ),
        strata.asks,
        lapsed,
    )


def _strata(
    drafts: dict[NodeKey, list[DraftRule]], unroller: Unroller, assembly: Assembly
) -> Strata:
    """What follows from what each attribute reads. Raises `InputError` (RW320)."""
    read = {
        node: unroller.read_by(node.kind, tuple(draft.rule for draft in found))
        for node, found in drafts.items()
    }
    known = unroller.known.strata
    found = next((each for each in known if each.read == read), None)
    if found is None:
        needs = {
            node: {each for each in several if each in drafts} for node, several in read.items()
        }
        layer = layers(
            needs, unroller.vocabulary, lambda circle: _closes(circle, drafts, unroller, assembly)
        )
        asks = frozenset(
            each for several in read.values() for each in several if each not in drafts
        )
        found = Strata(read, dict(sorted(layer.items(), key=lambda each: (each[1], each[0]))), asks)
        known[:] = [found, *known[:_MOST_STRATA]]
    return found


def _in_layer(node: Node, layer: int, unroller: Unroller) -> Node:
    return unroller.known.nodes.made((node,), lambda: replace(node, layer=layer), layer)


def _closes(
    circle: list[NodeKey],
    drafts: dict[NodeKey, list[DraftRule]],
    unroller: Unroller,
    assembly: Assembly,
) -> Place:
    """Where a circle is closed: at the newest condition or rule in it, which an amendment brought;
    else at a rule of its start.
    """
    found: list[tuple[int, Place]] = []
    for node, following in pairwise(circle):
        scope = unroller.scope((node.kind,))
        for draft in drafts[node]:
            if following in reads(draft.rule, scope):
                asking = [
                    each.place for each in draft.rule.conditions if following in reads(each, scope)
                ]
                found += [(_age(place, assembly), place) for place in asking or [draft.rule.place]]
    age, place = min(found)
    return place if age < len(assembly.chain) else drafts[circle[0]][0].rule.place


def _age(place: Place, assembly: Assembly) -> int:
    """How many amendments ago something was written: 0 in the last one.

    What the first policy has is as old as the chain.
    """
    for age, name in enumerate(assembly.chain[:-1]):
        own = [
            each.target
            for each in assembly.changes
            if each.policy == name and each.action == "adds"
        ]
        files = {assembly.items[each].place.file for each in own if each in assembly.items}
        if place.file in files | {place_of(assembly.book.policies[name].policy).file}:
            return age
    return len(assembly.chain)


def nodes_of(
    drafts: dict[NodeKey, list[DraftRule]],
    unroller: Unroller,
    assembly: Assembly,
    problems: Problems,
) -> tuple[list[Node], tuple[str, ...]]:
    """The derived attributes that rules were unrolled for, not yet in layers, and the overrides
    that lapsed.
    """
    every = [draft for found in drafts.values() for draft in found]
    lapsed = check_targets(every, assembly, problems)
    check_judgements(every, unroller.vocabulary, problems)
    built = []
    known: dict[object, Shown] = {}
    for node, found in drafts.items():
        attribute = unroller.vocabulary.entities[node.entity].attributes[node.attribute]
        try:
            built.append(
                unroller.known.nodes.made(
                    (attribute, *found), partial(_node, node, attribute, found, known), node
                )
            )
        except InputError as error:
            problems.take(error)
    return built, lapsed


Shown = tuple[Pairs, tuple[Exhaustive, ...]]
"""What the rules of an attribute show by their own words: the pairs that never disagree, and those
that cover every value."""


def _node(
    node: NodeKey, attribute: Attribute, drafts: list[DraftRule], known: dict[object, Shown]
) -> Node:
    """One attribute. `known`: what was found of attributes with the same rules, such as those of
    the members of a fixed set.
    """
    values = sorted((d for d in drafts if d.rule.effect == "value"), key=lambda d: d.rule.id)
    others = [d.rule for d in drafts if d.rule.effect == "otherwise"]
    if len(others) > 1:
        raise InputError(
            Problem(
                others[1].place,
                "RW334",
                f"`{others[0].id}` and `{others[1].id}` both say `otherwise` about "
                f"`{attribute.name}`",
                f"keep one; the first is in {others[0].place}",
            )
        )
    higher = above(values, attribute.name)
    rules = overridden(
        [d.rule for d in values], higher, [any(map(is_any_judgement, d.targets)) for d in values]
    )
    words = tuple((id(d.rule.conditions), id(d.rule.value), id(d.table)) for d in values)
    shown = known.get(words)
    if shown is None:
        shown = known[words] = (
            never_disagreeing(rules),
            exhaustive(rules, [d.table for d in values]),
        )
    return Node(
        node,
        attribute,
        0,
        rules,
        higher,
        *shown,
        others[0] if others else None,
        tuple(sorted((d.rule for d in drafts if d.rule.effect == "limit"), key=lambda r: r.id)),
    )
