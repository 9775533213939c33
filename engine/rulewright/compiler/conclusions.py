"""What a rule is of, and what it concludes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lark import Token

from rulewright.ir.nodes import Collection, Expression, Kind, Literal, Parameter
from rulewright.ir.types import Number, Scale, Type
from rulewright.ir.vocabulary import Attribute, Vocabulary
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem, nearest
from rulewright.syntax.lexer import Lexicon
from rulewright.syntax.parser import Parsed, UnknownWordError, at, children, parse
from rulewright.syntax.text import key, place_of, text_of

from .conditions import check_conclusion
from .expressions import Reader
from .scope import Scope, kinds_of


def read_header(
    text: str, vocabulary: Vocabulary, lexicon: Lexicon, place: Place = NOWHERE
) -> tuple[Kind, ...]:
    """`key question of a location, except well-led`: the kinds of entity that a rule is of."""
    return _header(parse(text, "header", lexicon, place), text, vocabulary, place)


def read_attribute_header(
    text: str, vocabulary: Vocabulary, lexicon: Lexicon, place: Place = NOWHERE
) -> tuple[Attribute, tuple[Kind, ...]]:
    """`the rating of a key question of a trust`: an attribute, and the kinds of entity that it is
    of.
    """
    try:
        tree = parse(text, "attribute_header", lexicon, place)
    except InputError as error:
        whose = _whose(text, vocabulary)
        raise InputError(
            replace(error.problems[0], help=whose) if whose else error.problems
        ) from None
    kinds = _header(children(tree, "header")[0], text, vocabulary, place)
    token = children(tree, "NAME")[0]
    attribute = vocabulary.entities[kinds[0].entity].attribute(token)
    if attribute is None:
        raise Scope(vocabulary, lexicon, {}, kinds).unknown_attribute(
            str(token), kinds, at(text, token.start_pos, place)
        )
    return attribute, kinds


def _whose(text: str, vocabulary: Vocabulary) -> str:
    """What to write for an attribute that does not say of what it is."""
    word = key(text).removeprefix("the ")
    owners = [
        each
        for each in vocabulary.entities.values()
        if word in each.attributes and not each.attributes[word].given
    ]
    words = [f"`the {each.attributes[word].name} of a {each.name}`" for each in owners[:3]]
    return f"write {' or '.join(words)}" if words else ""


def _header(tree: Parsed, text: str, vocabulary: Vocabulary, place: Place) -> tuple[Kind, ...]:
    before: list[Token] = []
    after: list[Token] = []
    only = ""
    for child in tree.children:
        if isinstance(child, Token) and child.type in ("EXCEPT", "ONLY"):
            only = child.type
        elif isinstance(child, Token) and child.type == "NAME":
            (after if only else before).append(child)
    names = [e.name for e in vocabulary.entities.values()]
    found = []
    for token in before:
        entity = vocabulary.entity(token)
        if entity is None:
            sets = [
                each.name
                for each in vocabulary.entities.values()
                if key(token) in map(key, each.members)
            ]
            member = f"it is a fixed member: write `{sets[0]}, only {token}`" if sets else ""
            raise InputError(
                Problem(
                    at(text, token.start_pos, place),
                    "RW308",
                    f"`{token}` is not an entity",
                    member or nearest(str(token), names),
                )
            )
        found.append(entity)
    entity = found[0]
    parent = key(found[1].name) if len(found) > 1 else ""
    if parent and parent not in vocabulary.parents(key(entity.name)):
        above = [vocabulary.entities[each].name for each in vocabulary.parents(key(entity.name))]
        raise InputError(
            Problem(
                at(text, before[1].start_pos, place),
                "RW308",
                f"no `{entity.name}` lies directly below a `{found[1].name}`",
                nearest("", above),
            )
        )
    chosen = set()
    for token in after:
        if key(token) not in {key(each) for each in entity.members}:
            raise InputError(
                Problem(
                    at(text, token.start_pos, place),
                    "RW309",
                    f"`{token}` is not a fixed member of `{entity.name}`",
                    nearest(str(token), entity.members),
                )
            )
        chosen.add(key(token))
    kinds = kinds_of(vocabulary, key(entity.name), parent)
    if only:
        kinds = tuple(each for each in kinds if (key(each.member) in chosen) == (only == "ONLY"))
    if not kinds:
        raise InputError(
            Problem(place_of(text, place), "RW309", f"`{text}` leaves nothing that the rule is of")
        )
    return kinds


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Which attribute a rule gives a value, and which."""

    attribute: str
    value: Expression
    text: str


def read_conclusion(
    text: str, scope: Scope, result: tuple[str, Attribute] | None = None, place: Place = NOWHERE
) -> Conclusion:
    """`the trust rating is good`, `… is the banded rating`, `… has no value`.

    Inside a principle `result` is the attribute of the use (its key and declaration), and the text
    a bare value.
    """
    reader = Reader(scope, text, place)
    try:
        tree = parse(text, "conclusion", scope.lexicon, place)
    except UnknownWordError as unknown:
        if unknown.tree is not None:
            _conclusion(
                unknown.tree, text, reader, result, place
            )  # what the word cannot be there: that says more
        raise
    return _conclusion(tree, text, reader, result, place)


def _conclusion(
    tree: Parsed, text: str, reader: Reader, result: tuple[str, Attribute] | None, place: Place
) -> Conclusion:
    named = tree.data in ("gives", "gives_nothing")
    if result is None and not named:
        raise InputError(
            Problem(
                place_of(text, place),
                "RW315",
                f"`{text}` does not say which attribute it gives",
                "write `the … is …`",
            )
        )
    if named and result is not None:
        raise InputError(
            Problem(
                place_of(text, place),
                "RW315",
                "a rule of a principle gives only a value",
                "leave out the attribute: the use names it",
            )
        )
    name, attribute = result or _concluded(children(tree, "NAME")[0], reader)
    if tree.data in ("gives_nothing", "nothing"):
        return Conclusion(name, Literal(None, attribute.type), text_of(text))
    value = reader.expression(tree.children[-1], attribute.type)
    check_conclusion(value, attribute.type, attribute.name, reader, tree.children[-1])
    shown = text_of(text) if named else f"the {attribute.name} is {text_of(text)}"
    return Conclusion(name, value, shown)


def read_limit(
    text: str, scope: Scope, result: tuple[str, Attribute] | None = None, place: Place = NOWHERE
) -> Conclusion:
    """`the trust rating is at most requires improvement`; in a principle `at most requires
    improvement`.
    """
    reader = Reader(scope, text, place)
    try:
        tree = parse(text, "limit", scope.lexicon, place)
    except UnknownWordError as unknown:
        if unknown.tree is not None:
            _limit(
                unknown.tree, text, reader, result, place
            )  # what the word cannot be there: that says more
        raise
    return _limit(tree, text, reader, result, place)


def _limit(
    tree: Parsed, text: str, reader: Reader, result: tuple[str, Attribute] | None, place: Place
) -> Conclusion:
    if (tree.data == "limits") == (result is not None):
        raise InputError(
            Problem(
                place_of(text, place),
                "RW315",
                f"`{text}` is not a limit here",
                "write `the … is at most …`, in a principle `at most …`",
            )
        )
    name, attribute = result or _concluded(children(tree, "NAME")[0], reader)
    if not isinstance(attribute.type, (Scale, Number)):
        raise InputError(
            Problem(
                place_of(text, place),
                "RW315",
                f"`{attribute.name}` has no order, so no limit",
                "only ratings and numbers are limited; write `then`",
            )
        )
    value = reader.expression(tree.children[-1], attribute.type)
    check_conclusion(value, attribute.type, attribute.name, reader, tree.children[-1])
    constant = isinstance(value, Parameter) or (
        isinstance(value, Literal) and value.value is not None
    )
    if not constant or (
        isinstance(attribute.type, Scale)
        and isinstance(value, Literal)
        and value.value not in attribute.type.order
    ):
        raise reader.fail(
            tree.children[-1],
            "RW315",
            f"`{reader.words(tree.children[-1])}` is not a fixed value within the order",
            "a limit is a value or a parameter",
        )
    shown = text_of(text) if tree.data == "limits" else f"the {attribute.name} is {text_of(text)}"
    return Conclusion(name, value, shown)


def _concluded(token: Token, reader: Reader) -> tuple[str, Attribute]:
    scope = reader.scope
    attribute = scope.attribute(scope.kinds, token)
    if attribute is None:
        raise scope.unknown_attribute(
            str(token), scope.kinds, at(reader.text, token.start_pos, reader.place)
        )
    if attribute.given:
        raise reader.fail(
            token,
            "RW316",
            f"`{attribute.name}` is given: people enter it, no rule concludes it",
            "conclude a derived attribute",
        )
    return key(attribute.name), attribute


_BRACES = re.compile(r"\{([^{}]*)\}")


def read_template(
    text: str, scope: Scope, place: Place = NOWHERE
) -> tuple[str | Expression | Collection, ...]:
    """The text of a note or warning: plain pieces, and what stands in `{…}`: a value or a list of
    things.
    """
    found: list[str | Expression | Collection] = []
    end = 0
    if not text.strip():
        raise InputError(
            Problem(
                place_of(text, place),
                "RW302",
                "there is nothing to read here",
                "write the text of the note",
            )
        )
    for match in _BRACES.finditer(text):
        found.append(text[end : match.start()])
        end = match.end()
        inner = match[1]
        here = at(text, match.start(1), place)
        try:
            tree = parse(inner, "collection", scope.lexicon, here)
            found.append(Reader(scope, inner, here).collection(tree)[0])
        except InputError as not_several:
            try:
                found.append(
                    Reader(scope, inner, here).expression(
                        parse(inner, "expression", scope.lexicon, here)
                    )
                )
            except InputError as not_one:
                is_list = "RW306" in str(not_one) or (
                    "RW302" in str(not_one) and "RW302" not in str(not_several)
                )
                raise (not_several if is_list else not_one) from None
    found.append(text[end:])
    rest = _BRACES.sub(lambda each: "x" * len(each[0]), text)
    lonely = next((i for i, each in enumerate(rest) if each in "{}"), None)
    if lonely is not None:
        raise InputError(
            Problem(
                at(text, lonely, place),
                "RW302",
                f"`{text[lonely]}` stands alone",
                "write what is listed between `{` and `}`",
            )
        )
    return tuple(each for each in found if each != "")


def type_named(text: str, vocabulary: Vocabulary, place: Place = NOWHERE) -> Type:
    """`rating`, `yes/no`, `whole number`, `number`, `date`, `text`: the type that a principle gives
    or takes.
    """
    from rulewright.ir.types import Date, Words, YesNo

    simple: dict[str, Type] = {
        key("yes/no"): YesNo(),
        "date": Date(),
        "text": Words(),
        "whole number": Number(True),
        "number": Number(False),
    }
    found = vocabulary.scales.get(key(text)) or simple.get(key(text))
    if found is None:
        known = [
            *(s.name for s in vocabulary.scales.values()),
            "yes/no",
            "date",
            "text",
            "whole number",
            "number",
        ]
        raise InputError(
            Problem(place_of(text, place), "RW206", f"`{text}` is not a type", nearest(text, known))
        )
    return found
