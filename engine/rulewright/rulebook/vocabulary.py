"""From declarations as written to a vocabulary, every mistake noted (RW2xx)."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.ir.types import Choice, Date, Number, Scale, Type, Value, Words, YesNo, parse_number
from rulewright.ir.vocabulary import Attribute, EntityType, Vocabulary
from rulewright.syntax.errors import NOWHERE, Place, Problems, nearest
from rulewright.syntax.lexer import is_one_name
from rulewright.syntax.models import AttributeModel, EntityModel, VocabularyModel
from rulewright.syntax.text import Text, key, place_of


def build_vocabulary(
    models: Iterable[VocabularyModel], problems: Problems, place: Place = NOWHERE
) -> Vocabulary:
    """One vocabulary from all vocabulary files, every mistake noted (RW2xx)."""
    files = list(models)
    scales: dict[str, Scale] = {}
    for model in files:
        for name, scale in model.scales.items():
            if key(name) in scales:
                problems.add("RW201", place_of(name), f"the scale `{name}` is declared twice")
            _no_word_twice(
                [*scale.order, *scale.outside_the_order], f"the scale `{name}`", problems
            )
            _usable([*scale.order, *scale.outside_the_order], problems)
            scales[key(name)] = Scale(
                str(name), tuple(map(str, scale.order)), tuple(map(str, scale.outside_the_order))
            )
    scales = dict(sorted(scales.items()))
    merged: dict[str, tuple[Text, EntityModel]] = {}
    for model in files:
        for name, entity in model.entities.items():
            if key(name) in merged:
                problems.add("RW201", place_of(name), f"the entity `{name}` is declared twice")
            merged[key(name)] = (name, entity)
    # sorted, so that the order of files makes no difference anywhere
    entities = {
        k: _entity(name, model, scales, set(merged), problems)
        for k, (name, model) in sorted(merged.items())
    }
    collections: dict[str, tuple[Text, Text]] = {}
    for model in files:
        for name, text in model.collections.items():
            if " of " not in name:
                problems.add(
                    "RW209",
                    place_of(name),
                    f"`{name}` does not say of what",
                    "write for instance `services of the trust`",
                )
            collections[key(name)] = (name, text)
    plurals = {key(entity.plural): name for name, entity in entities.items()}
    found = Vocabulary(scales, entities, dict(collections.values()), plurals)
    _one_owner_each(merged, problems)
    if not any(each.code == "RW202" for each in problems.found):
        _check_tree(found, problems, place)
    return found


def _usable(words: Iterable[Text], problems: Problems) -> None:
    """A name is read as one word of the rule language, or nobody could write it in a rule."""
    for word in words:
        if not (key(word) and is_one_name(str(word))):
            what = (
                "is empty"
                if not word.strip()
                else "cannot be a name or a value: the rule language reads it as something else"
            )
            problems.add("RW208", place_of(word), f"`{word}` {what}", "choose another name")


def _one_owner_each(entities: dict[str, tuple[Text, EntityModel]], problems: Problems) -> None:
    """A word names one entity: its own name or its plural."""
    owners: dict[str, Text] = {}
    for name, model in entities.values():
        for word in (name, model.plural):
            other = owners.setdefault(key(word), name)
            if other is not name:
                problems.add(
                    "RW201",
                    place_of(word),
                    f"`{word}` names two entities, `{other}` and `{name}`",
                    "choose another word",
                )


def _no_word_twice(words: list[Text], of: str, problems: Problems) -> None:
    seen: set[str] = set()
    for word in words:
        if key(word) in seen:
            problems.add(
                "RW201", place_of(word), f"`{word}` stands twice in {of}", "keep one of them"
            )
        seen.add(key(word))


def _entity(
    name: Text, model: EntityModel, scales: dict[str, Scale], known: set[str], problems: Problems
) -> EntityType:
    attributes: dict[str, Attribute] = {}
    for given, declared in ((True, model.given), (False, model.derived)):
        for word, attribute in declared.items():
            if key(word) in attributes:
                problems.add(
                    "RW201",
                    place_of(word),
                    f"`{word}` is declared twice for `{name}`",
                    "keep one of them, or give them two names",
                )
            built = _attribute(word, attribute, given, scales, problems)
            if built:
                attributes[key(word)] = built
    for word in [*model.has_many, *model.has]:
        if key(word) not in known:
            problems.add(
                "RW202",
                place_of(word),
                f"`{word}` is not an entity of this rulebook",
                nearest(word, known),
            )
    members = model.members or []
    _usable([name, model.plural, *members, *model.given, *model.derived], problems)
    _no_word_twice(list(members), f"the members of `{name}`", problems)
    named = (("main attribute", model.main_attribute), ("main result", model.main_result))
    for what, main_word in named:
        if main_word and key(main_word) not in attributes:
            problems.add(
                "RW204",
                place_of(main_word),
                f"the {what} `{main_word}` is not an attribute of `{name}`",
                nearest(main_word, [a.name for a in attributes.values()]),
            )
    main = key(model.main_attribute) if model.main_attribute else ""
    result = key(model.main_result) if model.main_result else main
    return EntityType(
        str(name),
        str(model.plural),
        tuple(key(e) for e in model.has_many if key(e) in known),
        tuple(key(e) for e in model.has if key(e) in known),
        main,
        result,
        tuple(map(str, members)),
        attributes,
        str(model.meaning or ""),
        place_of(name),
    )


def _attribute(
    name: Text, model: AttributeModel, given: bool, scales: dict[str, Scale], problems: Problems
) -> Attribute | None:
    declared = _type(name, model, scales, problems)
    if declared is None:
        return None
    if key(name) == "name":
        problems.add(
            "RW201",
            place_of(name),
            "`name` is always there and is not declared",
            "leave the line out",
        )
    default: Value = None
    if model.unless_stated is not None:
        if not given:
            problems.add(
                "RW205",
                place_of(model.unless_stated),
                f"`{name}` is derived and has no `unless stated`",
                "write a rule with `otherwise`",
            )
        elif key(model.unless_stated) not in ("none", key(model.none_is or "none")):
            default = declared.parse(model.unless_stated)
            if default is None:
                problems.add(
                    "RW205",
                    place_of(model.unless_stated),
                    f"`{model.unless_stated}` is not a value of `{name}`",
                    f"expected {declared.expected()}",
                )
    if model.none_is is not None:
        _check_none(name, model.none_is, declared, given, problems)
    if given and model.may_be_judged == "yes":
        problems.add(
            "RW205",
            place_of(name),
            f"`{name}` is given, and only a derived value may be judged",
            "leave out `may be judged`",
        )
    if not given and model.expected_to_count == "yes":
        problems.add(
            "RW205",
            place_of(name),
            f"`{name}` is derived, and only a fact that people enter is expected to count",
            "leave out `expected to count`",
        )
    if not given and model.changes_by is not None:
        problems.add(
            "RW205",
            place_of(model.changes_by, place_of(name)),
            f"`{name}` is derived, and changes only by the facts that it follows from",
            "leave out `changes by`",
        )
    return Attribute(
        str(name),
        declared,
        given,
        model.unless_stated is not None,
        default,
        model.may_be_judged == "yes",
        str(model.label or ""),
        str(model.meaning or ""),
        expected_to_count=model.expected_to_count == "yes",
        place=place_of(name),
        none_is=" ".join((model.none_is or "").split()),
        changes_by=str(model.changes_by or ""),
    )


def _check_none(name: Text, word: Text, declared: Type, given: bool, problems: Problems) -> None:
    """The word for *no value* says nothing else in a case."""
    if not given:
        problems.add(
            "RW210",
            place_of(word),
            f"`{name}` is derived: no case says that it is `{word}`",
            "leave out `none is`",
        )
    elif isinstance(declared, Words):
        problems.add(
            "RW210",
            place_of(word),
            f"`{name}` is text, of which any word is a value",
            "leave out `none is`",
        )
    elif key(word) in _OF_EVERY_FACT:
        problems.add(
            "RW210",
            place_of(word),
            f"`{word}` says something of every fact",
            "choose another word, or leave out `none is`",
        )
    elif declared.parse(word) is not None:
        problems.add(
            "RW210", place_of(word), f"`{word}` is a value of `{name}`", "choose another word"
        )


_OF_EVERY_FACT = ("none", "unknown", "missing", "no value")


def _type(
    name: Text, model: AttributeModel, scales: dict[str, Scale], problems: Problems
) -> Type | None:
    stated = [
        each
        for each in (model.type, model.one_of, model.whole_number, model.number)
        if each is not None
    ]
    if len(stated) != 1:
        problems.add(
            "RW206",
            place_of(name),
            f"`{name}` has {'no type' if not stated else 'several types'}",
            "expected a scale, `yes/no`, `date`, `text`, `one of`, `whole number` or `number`",
        )
        return None
    if model.one_of is not None:
        _no_word_twice(model.one_of, f"the values of `{name}`", problems)
        _usable(model.one_of, problems)
        if not model.one_of:
            problems.add(
                "RW206",
                place_of(name),
                f"the list of values of `{name}` is empty",
                "name at least one value",
            )
        return Choice(tuple(map(str, model.one_of)))
    if model.whole_number is not None:
        return _number(model.whole_number, True, problems)
    if model.number is not None:
        return _number(model.number, False, problems)
    assert model.type is not None
    word = key(model.type)
    simple: dict[str, Type] = {
        key("yes/no"): YesNo(),
        "date": Date(),
        "text": Words(),
        "whole number": Number(True),
        "number": Number(False),
    }
    found = scales.get(word) or simple.get(word)
    if found is None:
        problems.add(
            "RW206",
            place_of(model.type),
            f"`{model.type}` is not a type",
            nearest(
                model.type,
                [
                    *(s.name for s in scales.values()),
                    "yes/no",
                    "date",
                    "text",
                    "whole number",
                    "number",
                ],
            ),
        )
    return found


def _number(text: Text, whole: bool, problems: Problems) -> Number:
    kind = "whole number" if whole else "number"
    words = key(text)
    low = high = None
    good = words == "any"
    if ".." in text:
        left, _, right = text.partition("..")
        low, high = parse_number(left), parse_number(right)
        good = low is not None and high is not None and low <= high
    elif words.endswith(" or more"):
        low = parse_number(text[: -len(" or more")])
        good = low is not None
    elif words.startswith("up to "):
        high = parse_number(text[len("up to ") :])
        good = high is not None
    if good and whole:
        good = all(end is None or isinstance(end, int) for end in (low, high))
    if not good:
        problems.add(
            "RW206",
            place_of(text),
            f"`{text}` is not a range of a {kind}",
            "expected for instance `0..100` or `0 or more`",
        )
    return Number(whole, low, high)


def _check_tree(vocabulary: Vocabulary, problems: Problems, place: Place) -> None:
    if not vocabulary.entities:
        problems.add(
            "RW207",
            place,
            "the rulebook declares no entities",
            "add a file that begins with `entities:`",
        )
        return
    below = {
        each
        for entity in vocabulary.entities.values()
        for each in entity.listed_below + entity.fixed_below
    }
    roots = [entity for name, entity in vocabulary.entities.items() if name not in below]
    if len(roots) != 1:
        first = next(iter(vocabulary.entities.values()))
        named = ", ".join(f"`{each.name}`" for each in roots) or "none"
        problems.add(
            "RW207",
            first.place,
            f"exactly one entity lies below no other, here: {named}",
            "name the others under `has many` or `has` of the entity that they lie below",
        )
    for name, entity in vocabulary.entities.items():
        if name in vocabulary.ancestors(name):
            problems.add(
                "RW207",
                entity.place,
                f"`{entity.name}` lies below itself",
                "change `has many` or `has`",
            )
        for child in entity.fixed_below:
            if not vocabulary.entities[child].members:
                problems.add(
                    "RW207",
                    entity.place,
                    f"`{entity.name}` has the fixed set `{child}`, which has no members",
                    "declare `members`, or use `has many`",
                )
        for child in entity.listed_below:
            if vocabulary.entities[child].members:
                problems.add(
                    "RW207",
                    entity.place,
                    f"`{entity.name}` has many `{child}`, which is a fixed set",
                    "use `has`",
                )
