"""The words that a policy uses: what people enter, and what rules conclude."""

from __future__ import annotations

from rulewright.ir.program import Program
from rulewright.ir.types import Choice, Date, Number, Scale, Type, Words, YesNo, show_number
from rulewright.ir.vocabulary import Attribute
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.text import text_of

from .connections import words_used
from .record import ScaleCard, Thing, Word


def glossary(program: Program) -> tuple[Word, ...]:
    """The words in the order of the vocabulary, those that people enter first."""
    given, derived = words_used(program)
    found = []
    for kind, used in (("given", given), ("derived", derived)):
        for entity, declared in program.vocabulary.entities.items():
            for name, attribute in declared.attributes.items():
                if (entity, name) in used and attribute.given == (kind == "given"):
                    found.append(
                        Word(
                            attribute.name,
                            declared.name,
                            kind,
                            values_of(attribute),
                            default(attribute),
                            text_of(attribute.meaning),
                            text_of(attribute.label),
                            attribute.may_be_judged,
                        )
                    )
    return tuple(found)


def things(program: Program) -> tuple[Thing, ...]:
    """The kinds of things that cases consist of, in the order of the vocabulary."""
    entities = program.vocabulary.entities
    found = []
    for each in entities.values():
        result = each.attributes.get(each.main_result)
        below = tuple(entities[name].plural for name in (*each.listed_below, *each.fixed_below))
        found.append(
            Thing(
                each.name,
                text_of(each.meaning),
                result.name if result is not None else "",
                below,
                each.members,
            )
        )
    return tuple(found)


def scales(book: Rulebook, program: Program) -> tuple[ScaleCard, ...]:
    """The scales of those words."""
    used = {
        attribute.type
        for entity in program.vocabulary.entities.values()
        for attribute in entity.attributes.values()
    }
    meanings = {
        str(name): text_of(each.meaning or "")
        for tree in book.vocabularies
        for name, each in tree.scales.items()
    }
    return tuple(
        ScaleCard(each.name, each.order, each.outside, meanings.get(each.name, ""))
        for each in program.vocabulary.scales.values()
        if each in used
    )


def default(attribute: Attribute) -> str:
    if not attribute.has_default:
        return ""
    return attribute.show(attribute.default)


def values_of(attribute: Attribute) -> str:
    """What a fact or a conclusion may be."""
    return values(attribute.type) + (f", or {attribute.none_is}" if attribute.none_is else "")


def values(kind: Type) -> str:
    """A type in words: its values, or its range."""
    if isinstance(kind, Scale):
        return f"{'an' if kind.name[0] in 'aeiou' else 'a'} {kind.name}"
    if isinstance(kind, Choice):
        return "one of " + ", ".join(kind.values)
    if isinstance(kind, YesNo):
        return "yes or no"
    if isinstance(kind, Number):
        return _range(kind)
    return (
        "a date"
        if isinstance(kind, Date)
        else "free text"
        if isinstance(kind, Words)
        else "a length of time"
    )


def _range(kind: Number) -> str:
    what = "a whole number" if kind.whole else "a number"
    low, high = (None if end is None else show_number(end) for end in (kind.low, kind.high))
    if low is not None and high is not None:
        return f"{what} from {low} to {high}"
    return (
        what
        if low is None and high is None
        else f"{what} of {low} or more"
        if high is None
        else f"{what} up to {high}"
    )
