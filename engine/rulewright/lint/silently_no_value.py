"""RW713: a published attribute that may silently have no value."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.compiler.dependencies import reads
from rulewright.ir.nodes import NodeKey, Rule
from rulewright.ir.program import Node
from rulewright.syntax.errors import Place, Problem
from rulewright.syntax.text import place_of

from .compiled import Compiled
from .producers import Giving, copied, taken_away
from .wording import whose

CODE = "RW713"
_HELP = "write `otherwise`, if only to say that it `has no value`"


def silently_no_value(policy: Compiled) -> Iterator[Problem]:
    """Published attributes whose rules leave cases open and that say nothing of what holds
    otherwise.

    `otherwise: … has no value` shows that it is meant. Gaps of a table that alone gives an
    attribute are RW701. What the policy withdraws is not looked at. So it is with published
    attributes that copy one that no rule gives, or whose rules leave cases open: an amendment that
    takes these rules away is told so.
    """
    found: dict[tuple[Place, str], list[NodeKey]] = {}
    for node in _published(policy):
        if _leaves_open(policy, node):
            first = min(node.rules, key=lambda rule: rule.place)
            found.setdefault((first.place, "its rules leave cases open"), []).append(node.key)
        elif not node.rules and node.otherwise is None and _named(policy):
            place = node.limits[0].place if node.limits else node.attribute.place
            found.setdefault((place, "no rule gives it there"), []).append(node.key)
    for (place, reason), nodes in found.items():
        made = (
            taken_away(policy, nodes)
            if not any(_open_before(policy, each) for each in nodes)
            else None
        )
        under = f"under `{policy.name}` " if made else ""
        yield Problem(
            made or place, CODE, f"{under}{_silent(policy, nodes)}: {reason}", _HELP, "warning"
        )
    yield from _by_copies(policy)


def _open_before(policy: Compiled, key: NodeKey) -> bool:
    """Whether the policy that this one amends left the same cases open; if it amends none, they are
    its own.
    """
    before = policy.amended.nodes.get(key) if policy.amended is not None else None
    return policy.amended is None or (before is not None and _leaves_open(policy.amended, before))


def _published(policy: Compiled) -> list[Node]:
    shown = policy.program.published - policy.withdrawn
    return [
        node for node in policy.program.nodes if node.key in shown and not node.attribute.hidden
    ]


def _leaves_open(policy: Compiled, node: Node) -> bool:
    if (
        not node.rules
        or node.otherwise is not None
        or node.exhaustive
        or any(not rule.conditions for rule in node.rules)
    ):
        return False
    tables = {rule.written.partition("[")[0] for rule in node.rules if "[" in rule.written}
    alone = len(tables) == 1 and all("[" in rule.written for rule in node.rules)
    return not (alone and not _conditional(policy, next(iter(tables))))


def _conditional(policy: Compiled, table: str) -> bool:
    """Whether a table holds under conditions only, so that more than the gaps between its rows is
    left open.
    """
    tree = policy.assembly.items[table].tree
    return bool(tree.get("when") or tree.get("unless"))


def _named(policy: Compiled) -> bool:
    """Whether the policy names what it publishes, so that nothing is published by default."""
    return bool(policy.assembly.publish)


def _silent(policy: Compiled, nodes: list[NodeKey]) -> str:
    are = "is" if len({(node.entity, node.attribute) for node in nodes}) == 1 else "are"
    return f"{whose(policy.program.vocabulary, nodes)}{_which(policy, nodes)} {are} published and may silently have no value"


def _which(policy: Compiled, nodes: list[NodeKey]) -> str:
    """The fixed members meant, where not all are."""
    members = dict.fromkeys(node.member for node in nodes if node.member)
    parents = dict.fromkeys(
        policy.program.vocabulary.entities[node.parent].name for node in nodes if node.parent
    )
    all_ = {node.member for node in policy.nodes if node.entity == nodes[0].entity}
    shown = f" ({', '.join(members)})" if members and set(members) != all_ else ""
    return shown + (f" of a {' or a '.join(parents)}" if parents else "")


# -- what it copies

Copy = tuple[str, str, str]  # the rule, the attribute that it copies, and what is wrong with that


def _by_copies(policy: Compiled) -> Iterator[Problem]:
    """Told where it was made: at the amendment that took away or narrowed what gave the attribute
    that is copied.
    """
    own, old = _copies(policy), policy.amended
    before = _copies(old) if own and old is not None else {}
    for copy, (rule, nodes, sources) in own.items():
        nodes = [each for each in nodes if each not in before.get(copy, (rule, [], []))[1]]
        if not nodes:
            continue  # told of the policy that this one amends
        name, attribute, wrong = copy
        where = place_of(policy.assembly.policy.policy) if old is not None else rule.place
        place = taken_away(policy, sources) or where
        yield Problem(
            place,
            CODE,
            f"under `{policy.name}` {_silent(policy, nodes)}: `{name}` copies the {attribute}, {wrong}",
            f"add a rule that gives the {attribute}, or replace `{name}` too",
            "warning",
        )


def _copies(policy: Compiled) -> dict[Copy, tuple[Rule, list[NodeKey], list[NodeKey]]]:
    """The rules that copy what may have no value unawares; the published attributes that this
    reaches, and what is copied.
    """
    giving = Giving(policy)
    found: dict[Copy, tuple[Rule, list[NodeKey], list[NodeKey]]] = {}
    for published in _published(policy):
        for node in _copied_into(policy, published):
            for copy, rule, sources in _silent_copies(policy, node, giving):
                _, nodes, all_sources = found.setdefault(copy, (rule, [], []))
                nodes.append(published.key)
                all_sources += sources
    return found


def _copied_into(policy: Compiled, published: Node) -> list[Node]:
    """A published attribute, and those whose values it is copied from."""
    found = {published.key: published}
    waiting = [published]
    while waiting:
        node = waiting.pop()
        for source in (
            each for rule in node.rules for each in copied(rule, policy.scope((node.key.kind,)))
        ):
            if source not in found:
                found[source] = policy.nodes[source]
                waiting.append(policy.nodes[source])
    return list(found.values())


def _silent_copies(
    policy: Compiled, node: Node, giving: Giving
) -> Iterator[tuple[Copy, Rule, list[NodeKey]]]:
    scope = policy.scope((node.key.kind,))
    for number, rule in enumerate(node.rules):
        sources = copied(rule, scope)
        if not sources or any(not node.rules[above].conditions for above in node.above[number]):
            continue
        if any(giving.unmet(each, scope) for each in rule.conditions):
            continue  # it never fires here
        never = all(map(giving.never, sources))
        if never or any(_narrowed(policy, rule, node, each) for each in sources):
            wrong = "which no rule gives" if never else "whose rules leave cases open"
            yield (rule.written, policy.attribute(sources[0]).name, wrong), rule, sources


def _narrowed(policy: Compiled, rule: Rule, node: Node, source: NodeKey) -> bool:
    """Whether the rules of what is copied leave cases open, and the copying rule asks for nothing
    that they ask for.
    """
    copied_ = policy.nodes[source]
    if source in policy.program.published or not _leaves_open(policy, copied_):
        return False
    asked = {
        each
        for own in copied_.rules
        for condition in own.conditions
        for each in reads(condition, policy.scope((source.kind,)))
    }
    own = {
        each
        for condition in rule.conditions
        for each in reads(condition, policy.scope((node.key.kind,)))
    }
    return not own & (asked | {source})
