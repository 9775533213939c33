"""An empty workbook for a case: the sheets and columns of a policy's vocabulary, with the values to
choose from.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.facts.sheets import sheet_name
from rulewright.facts.workbooks import JUDGEMENT
from rulewright.ir.types import Choice, Scale, Type, YesNo
from rulewright.ir.vocabulary import Attribute, EntityType, Vocabulary
from rulewright.syntax.text import key
from rulewright.workbench import Rules

from .workbook_writer import Writer

_MOST_MEMBERS = 5  # larger sets have a sheet of their own, not a column for each member


def template(rules: Rules, policy: str | None = None) -> bytes:
    """The bytes of an empty workbook for cases under a policy (without one: the last that the
    rulebook has in force, or has).
    """
    chosen = policy or _latest(rules)
    rules.choose(chosen)
    vocabulary = rules.program(chosen).vocabulary
    writer = Writer()
    policies = [each.id for each in rules.policies]
    fields = [("case", ""), ("as at", ""), ("policy", policy or ""), ("about", "")]
    writer.sheet("case", ("field", "value"), fields)
    writer.about("sheet", "column", "what stands in it", "what it means", "when the cell is blank")
    writer.about(
        "case",
        "value",
        "case: its name; as at: the date of the decision; policy: "
        + " or ".join(policies)
        + "; about: a remark",
    )
    for entity in _top_down(vocabulary):
        _sheet(writer, entity, vocabulary)
    writer.sheet("supplied", ("path", "value"))
    writer.about(
        "supplied",
        "path, value",
        f"values taken from outside instead of from the rules: {example_path(vocabulary)}",
    )
    writer.sheet("judgements", JUDGEMENT)
    writer.about(
        "judgements",
        ", ".join(JUDGEMENT),
        "professional judgements: what, of which value, by whom, on which day, why",
    )
    writer.sheet("published", ("path", "value"))
    writer.about(
        "published", "path, value", "ratings that were published, to compare with; on: the day"
    )
    writer.sheet("expect", ("path", "value"))
    writer.about(
        "expect",
        "path, value",
        "what must come out, for `rulewright test`; because: a rule that must have decided",
    )
    writer.about("")
    writer.about(
        "A row is one thing. Fill the columns of what it lies below; leave them blank for what lies directly under the "
        f"{vocabulary.root.name}."
    )
    writer.about(
        "A blank cell is a fact that nobody saw. `unknown` makes it missing although there is a default; `none` says "
        "that there is none, where that is allowed."
    )
    writer.about(
        "Write values, no formulas; do not merge cells or hide rows or columns. This sheet is not read."
    )
    return writer.data()


def example_path(vocabulary: Vocabulary) -> str:
    """The path of something that the rules of this vocabulary conclude: of a listed thing, or else
    of the outermost.
    """
    listed = [each for each in _top_down(vocabulary) if not each.members]
    for entity in (*listed[1:], *listed[:1]):
        concluded = [
            each.name for each in entity.attributes.values() if not each.given and not each.hidden
        ]
        if concluded:
            main = entity.main_result if entity.main_result in concluded else concluded[0]
            return (
                f"{entity.name if entity is vocabulary.root else f'Example {entity.name}'} > {main}"
            )
    return "PATH"


def _latest(rules: Rules) -> str:
    in_force = [each.id for each in rules.policies if each.status == "in force"]
    return (
        in_force
        or [each.id for each in rules.policies if each.status != "proposed"]
        or [each.id for each in rules.policies]
    )[-1]


def _top_down(vocabulary: Vocabulary) -> Iterator[EntityType]:
    """The entity types, each below those that it lies below."""
    done: list[str] = []
    while len(done) < len(vocabulary.entities):
        for name, entity in vocabulary.entities.items():
            if name not in done and all(each in done for each in vocabulary.parents(name)):
                done.append(name)
                yield entity


def _sheet(writer: Writer, entity: EntityType, vocabulary: Vocabulary) -> None:
    """The sheet of one entity type, and what its columns mean."""
    root = key(vocabulary.root.name)
    above = vocabulary.ancestors(key(entity.name))
    names = [
        each.name
        for each in _top_down(vocabulary)
        if key(each.name) in above and key(each.name) != root
    ]
    named = entity.name if entity.members else "name"
    attributes = [each for each in entity.attributes.values() if each.given and not each.hidden]
    if entity.members and all(
        _has_columns(entity, parent, vocabulary) for parent in vocabulary.parents(key(entity.name))
    ):
        attributes = [
            each for each in attributes if each.name != entity.main_attribute
        ]  # it has columns in the sheets above
        if not attributes:
            return
    below = [vocabulary.entities[each] for each in entity.fixed_below]
    members = [
        (each, member)
        for each in below
        if _has_columns(each, key(entity.name), vocabulary)
        for member in each.members
    ]
    lists = {each.name: _values(each.type, each) for each in attributes}
    lists |= {
        member: _values(each.attributes[key(each.main_attribute)].type) for each, member in members
    }
    lists |= {named: entity.members} if entity.members else {}
    title = sheet_name(entity)
    of_the_root = bool(entity.members) and vocabulary.parents(key(entity.name)) == [root]
    rows = [[*([""] * len(names)), member] for member in entity.members] if of_the_root else []
    writer.sheet(
        title,
        [*names, named, *(each.name for each in attributes), *(member for _, member in members)],
        rows,
        lists,
    )
    writer.about(title, named, f"the name of the {entity.name}", entity.meaning)
    for name in names:
        writer.about(
            title, name, f"the {name} that it lies below", "", "directly below what is above"
        )
    for attribute in attributes:
        writer.about(
            title, attribute.name, attribute.expected(), attribute.meaning, _default(attribute)
        )
    for of, member in members:
        main = of.attributes[key(of.main_attribute)]
        writer.about(
            title,
            member,
            f"the {main.name} of the {of.name}: {main.expected()}",
            main.meaning,
            _default(main),
        )


def _has_columns(entity: EntityType, parent: str, vocabulary: Vocabulary) -> bool:
    """Whether the members of a fixed set have columns in the sheet above: they are few, and no
    other set has such names.
    """
    if not entity.members or not entity.main_attribute or len(entity.members) > _MOST_MEMBERS:
        return False
    above = vocabulary.entities[parent]
    others = {
        key(name)
        for each in above.fixed_below
        if each != key(entity.name)
        for name in vocabulary.entities[each].members
    }
    words = {*others, *above.attributes, *map(key, vocabulary.entities)}
    return not words & {key(each) for each in entity.members}


def _values(kind: Type, attribute: Attribute | None = None) -> tuple[str, ...]:
    """The values to choose from; none for numbers, dates and text."""
    more = (
        *((attribute.show(None),) if attribute is not None and attribute.may_have_no_value else ()),
        "unknown",
    )
    if isinstance(kind, Scale | Choice):
        return (*kind.values, *more)
    return ("yes", "no", *more) if isinstance(kind, YesNo) else ()


def _default(attribute: Attribute) -> str:
    if not attribute.has_default:
        return "missing"
    return attribute.show(attribute.default)
