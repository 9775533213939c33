"""Attributes that a policy has judged as one: a judgement on one of them is a judgement on each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rulewright.amendments.assembly import Assembly
from rulewright.ir.nodes import Kind, NodeKey, Noun
from rulewright.ir.program import Node
from rulewright.ir.vocabulary import JudgedAsOne
from rulewright.syntax.errors import NOWHERE, InputError, Problem, Problems
from rulewright.syntax.parser import parse
from rulewright.syntax.text import Text, key, place_of

from .conclusions import read_attribute_header
from .expressions import Reader
from .scope import Scope

CODE = "RW421"
_ARTICLE = re.compile(r"\bof an? ", re.IGNORECASE)


def read_judged_as_one(
    assembly: Assembly, scope: Scope, problems: Problems
) -> tuple[JudgedAsOne, ...]:
    """The groups of a policy and of those that it amends, the first policy's first.

    `scope`: that of the outermost entity.
    """
    found: list[JudgedAsOne] = []
    seen: dict[NodeKey, Text] = {}
    for policy, headers in assembly.judged_as_one:
        try:
            nodes = [node for header in headers for node in _named(header, scope)]
            _of_one_type(nodes, headers, scope)
            for node, header in zip(nodes, headers, strict=True):
                before = seen.setdefault(node, header)
                if before is not header:
                    raise _refused(
                        header,
                        f"`{header}` is judged as one twice",
                        f"name it once; the first is in {place_of(before)}",
                    )
        except InputError as error:
            problems.take(error)
            continue
        places = tuple(
            sorted(
                (node.entity if node.member else "", node.member, node.attribute) for node in nodes
            )
        )
        found.append(JudgedAsOne(places, policy, place_of(headers[0])))
    return tuple(found)


def refuse_overruled(
    groups: Iterable[JudgedAsOne], nodes: Iterable[Node], root: str, problems: Problems
) -> None:
    """A rule that overrides judgements on one attribute of a group would leave the judgement
    standing at the others (RW331).

    root: the type of the outermost entity, to whose attributes and members groups are limited.
    """
    grouped = {place for group in groups for place in group.attributes}
    for node in nodes:
        key = node.key
        if (
            node.over_judgements
            and key.parent in ("", root)
            and (key.entity if key.member else "", key.member, key.attribute) in grouped
        ):
            for rule in (node.rules[index] for index in sorted(node.over_judgements)):
                problems.add(
                    "RW331",
                    rule.place,
                    f"`{rule.id}` overrides any judgement on `{node.attribute.name}`, which is judged as one with others",
                    "take `any judgement` out of `overrides`: the judgement would still hold there",
                )


def _named(header: Text, scope: Scope) -> Iterator[NodeKey]:
    """The one attribute that a header names, of the outermost entity or of one of its fixed
    members.
    """
    attribute, kinds = _read(header, scope)
    root = scope.kinds[0].entity
    fitting = [
        kind for kind in kinds if kind == scope.kinds[0] or (kind.member and kind.parent == root)
    ]
    if len(kinds) != 1 or fitting != list(kinds):
        what = (
            f"`{header}` names {len(kinds)} attributes"
            if len(kinds) > 1
            else f"`{header}` lies further down"
        )
        name = scope.vocabulary.root.name
        raise _refused(
            header,
            what,
            f"name one attribute of the {name}, or of one of its fixed members: `… of MEMBER of a {name}`",
        )
    [kind] = kinds
    declared = scope.vocabulary.entities[kind.entity].attributes[attribute]
    if declared.given or not declared.may_be_judged:
        why = "is given: people enter it" if declared.given else "may not be judged"
        raise _refused(
            header, f"`{declared.name}` {why}", "name derived attributes with `may be judged: yes`"
        )
    yield NodeKey(kind.entity, kind.parent, kind.member, attribute)


def _read(header: Text, scope: Scope) -> tuple[str, tuple[Kind, ...]]:
    """`the rating of a key question of a trust, only well-led`, or shorter `the rating of well-led
    of a trust`.
    """
    try:
        attribute, kinds = read_attribute_header(header, scope.vocabulary, scope.lexicon)
        return key(attribute.name), kinds
    except InputError as error:
        try:
            text = _ARTICLE.sub("of the ", header)
            noun = Reader(scope, text, NOWHERE).expression(parse(text, "expression", scope.lexicon))
        except InputError:
            raise error from None
        if not isinstance(noun, Noun):
            raise
        return noun.attribute, scope.reached(noun.reach)


def _of_one_type(nodes: list[NodeKey], headers: list[Text], scope: Scope) -> None:
    kinds = [
        scope.vocabulary.entities[node.entity].attributes[node.attribute].type for node in nodes
    ]
    for kind, header in zip(kinds, headers, strict=True):
        if kind != kinds[0]:
            raise _refused(
                header,
                f"`{header}` is {kind.describe()}, and `{headers[0]}` is {kinds[0].describe()}",
                "name attributes of one type",
            )


def _refused(header: Text, message: str, help: str) -> InputError:
    return InputError(Problem(place_of(header), CODE, message, help))
