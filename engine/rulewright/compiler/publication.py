"""What a policy publishes and withdraws: of each attribute of each kind of entity the last
statement of the chain holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from rulewright.amendments.assembly import Assembly, Showing
from rulewright.ir.kept import Kept
from rulewright.ir.nodes import Kind, NodeKey
from rulewright.ir.program import Node, Withdrawal
from rulewright.syntax.errors import InputError, Problem, Problems
from rulewright.syntax.models import WithdrawModel
from rulewright.syntax.text import Text, key, place_of, text_of

from .citations import citations
from .conclusions import read_attribute_header
from .conditions import read_condition
from .scope import Scope


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """The attributes that a line names, each of one kind of entity, how they are withdrawn, and why
    they cannot be published.
    """

    named: frozenset[NodeKey]
    withdrawal: Withdrawal | None = None
    problem: Problem | None = None


def read_showings(
    assembly: Assembly,
    scope: Scope,
    nodes: tuple[Node, ...],
    problems: Problems,
    known: Kept[PublicationLine],
) -> tuple[frozenset[NodeKey], tuple[Withdrawal, ...]]:
    """The attributes that are published, and the withdrawals that hold.

    Where the first policy of the chain does not say what it publishes, everything that rules
    conclude is. `publish` lifts the withdrawal of what it names; `withdraw` goes before an earlier
    withdrawal of the same, and takes a part out of what the same policy publishes. `known`: what
    lines name that other policies with these words have too.
    """
    selected = any(
        each.withdrawn is None for each in assembly.shown if each.policy == assembly.chain[-1]
    )
    published = set() if selected else {node.key for node in nodes if not node.attribute.hidden}
    withdrawn: dict[NodeKey, int] = {}
    withdrawals: list[Withdrawal] = []
    said: dict[tuple[str, frozenset[NodeKey]], Showing] = {}
    for each in assembly.shown:
        try:
            shown = known.made((each,), partial(_shown, each, scope))
        except InputError as error:
            problems.take(error)
            continue
        problems.found += [] if shown.problem is None else [shown.problem]
        withdrawals += [] if shown.withdrawal is None else [shown.withdrawal]
        before = said.setdefault((each.policy, shown.named), each)
        if (before.withdrawn is None) != (each.withdrawn is None):
            problems.add(
                "RW418",
                place_of(each.header),
                f"`{each.header}` is both published and withdrawn by `{each.policy}`",
                f"keep one of the two; `{before.header}` is in {place_of(before.header)}",
            )
        for node in shown.named:
            if each.withdrawn is None:
                published.add(node)
                withdrawn.pop(node, None)
            else:
                withdrawn[node] = len(withdrawals) - 1
    held = [
        replace(
            each,
            kinds=tuple(kind for kind in each.kinds if withdrawn.get(_node(kind, each)) == number),
        )
        for number, each in enumerate(withdrawals)
    ]
    return frozenset(published), tuple(each for each in held if each.kinds)


def _node(kind: Kind, withdrawal: Withdrawal) -> NodeKey:
    return NodeKey(kind.entity, kind.parent, kind.member, withdrawal.attribute)


def _shown(showing: Showing, scope: Scope) -> PublicationLine:
    """One line, by itself."""
    attribute, kinds = read_attribute_header(showing.header, scope.vocabulary, scope.lexicon)
    named = frozenset(
        NodeKey(kind.entity, kind.parent, kind.member, key(attribute.name)) for kind in kinds
    )
    if showing.withdrawn is not None:
        return PublicationLine(
            named, _withdrawal(showing.header, showing.policy, showing.withdrawn, scope)
        )
    given = Problem(
        place_of(showing.header),
        "RW316",
        f"`{attribute.name}` is given: people enter it, no policy publishes it",
        "take the line away",
    )
    return PublicationLine(named, problem=given if attribute.given else None)


def _withdrawal(header: Text, policy: str, how: WithdrawModel, scope: Scope) -> Withdrawal:
    attribute, kinds = read_attribute_header(header, scope.vocabulary, scope.lexicon)
    once = read_condition(how.once, scope) if how.once is not None else None
    shown = ""
    if how.until_then is not None:
        place, wanted = place_of(how.until_then), key(how.until_then)
        words = wanted.removeprefix("show ").removesuffix(" as given earlier").removeprefix("the ")
        if not wanted.startswith("show ") or not wanted.endswith(" as given earlier"):
            raise InputError(
                Problem(
                    place,
                    "RW302",
                    f"`{how.until_then}` does not say what is shown until then",
                    "write `show ATTRIBUTE as given earlier`",
                )
            )
        earlier = scope.attribute(kinds, words)
        if earlier is None:
            raise scope.unknown_attribute(words, kinds, place)
        if not earlier.given:
            raise InputError(
                Problem(
                    place,
                    "RW316",
                    f"`{earlier.name}` is derived, and cannot be given earlier",
                    "name a given attribute",
                )
            )
        shown = key(earlier.name)
    source = (
        how.source
        if isinstance(how.source, list)
        else [how.source]
        if how.source is not None
        else []
    )
    cited = citations(
        [
            {k.replace("_", " "): v for k, v in each.model_dump(exclude_none=True).items()}
            for each in source
        ]
    )
    return Withdrawal(
        key(attribute.name), kinds, policy, text_of(header), once, shown, cited, place_of(header)
    )
