"""The cases of a property: one case that states what is the same in all of them, and the values of
the facts that are open.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from rulewright.explain.what_if.fixed_facts import Fixing
from rulewright.facts.cases import Case, CaseText, Entity, load_cases
from rulewright.facts.shared_facts import refuse_outside
from rulewright.ir.entities import with_facts
from rulewright.ir.types import FINITE, Value
from rulewright.ir.vocabulary import Attribute, Vocabulary
from rulewright.solver.open_facts import options_of
from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.text import Map, Text, key, place_of
from rulewright.workbench import shown_path

from .files import Declared, shown

At = tuple[int, str]  # an entity's index and an attribute's key


@dataclass(frozen=True)
class Space:
    """A case without its open facts, and the values that each of these may have, in the order of
    its declaration.
    """

    case: Case
    vocabulary: Vocabulary
    values: dict[At, tuple[Value, ...]]

    @property
    def size(self) -> int:
        """How many ways there are to state the open facts."""
        return prod(len(each) for each in self.values.values())

    def attribute(self, at: At) -> Attribute:
        return self.vocabulary.entities[self.case.entities[at[0]].type].attributes[at[1]]

    def told(self, at: At, value: Value) -> str:
        """A value of a fact in words."""
        return self.attribute(at).show(value)

    def stated(self, facts: Mapping[At, Value], missing: Iterable[At] = ()) -> Case:
        """The case with these facts.

        `missing`: facts that are missing even where the vocabulary has a default.
        """
        found = with_facts(self.case, dict(facts))
        for index, name in missing:
            found.entities[index].unknown.add(name)
        return found

    def whole(self, facts: Mapping[At, Value]) -> Case:
        """A case of the space: with these facts, and any values of the open facts that nothing
        hangs on.
        """
        return with_facts(
            self.case, {**{at: values[0] for at, values in self.values.items()}, **facts}
        )


def text_of_space(declared: Declared) -> CaseText:
    """The case of a space as written, under the name and the date of its property.

    Raises `InputError` (RW851, RW101).
    """
    space, tree, file = declared.space, Map(), declared.file
    facts = space.model_extra or {}
    if space.from_ is not None:
        written = _case_named(declared, space.from_)
        file = written.file
        tree.update(
            (word, value)
            for word, value in written.tree.items()
            if word in ("as at", "supplied", "judgements") or _is_facts(word)
        )
        if facts:
            word = next(iter(facts))
            raise InputError(
                Problem(
                    place_of(word, space.place_),
                    "RW851",
                    f"`{word}` stands beside `from`, which names a whole case",
                    "take one of them out",
                )
            )
    elif not facts:
        raise InputError(
            Problem(
                space.place_, "RW851", "this space has no case", "write its facts, or `from: FILE`"
            )
        )
    tree.update({Text.at("case", declared.place): declared.model.property, **facts})
    tree["policy"] = declared.policy
    if declared.as_at is not None:
        tree["as at"] = declared.as_at
    if space.supplied:
        tree["supplied"] = _mapping(space.supplied, space.place_)
    if space.judgements:
        tree["judgements"] = list(space.judgements)
    tree.place = space.place_
    return CaseText(tree, file)


def _is_facts(word: str) -> bool:
    return word not in (
        "case",
        "policy",
        "about",
        "source",
        "tags",
        "published",
        "expect",
        "under reading",
    )


def _mapping(content: Mapping[Text, object], place: Place) -> Map:
    found = Map(content)
    found.place = place
    return found


def _case_named(declared: Declared, file: Text) -> CaseText:
    path = declared.path.parent / file
    refuse_outside(path, file, declared.within)
    if not os.path.exists(path):
        raise InputError(Problem(place_of(file), "RW101", f"`{shown(path)}` does not exist"))
    found = load_cases(path, shown_path(path), declared.within, found_in=declared.within)
    wanted = declared.space.case
    if wanted is None and len(found) == 1:
        return found[0]
    named = [each for each in found if wanted is not None and key(each.name) == key(wanted)]
    if len(named) == 1:
        return named[0]
    names = [each.name for each in found]
    if wanted is None:
        raise InputError(
            Problem(
                place_of(file),
                "RW851",
                f"`{file}` holds {len(found)} cases",
                "say which: `case: NAME`",
            )
        )
    raise InputError(
        Problem(
            place_of(wanted),
            "RW851",
            f"`{wanted}` is not a case of `{file}`",
            nearest(wanted, names),
        )
    )


def space_of(
    declared: Declared,
    case: Case,
    vocabulary: Vocabulary,
    read: frozenset[tuple[str, str, str, str]],
) -> Space:
    """The space around a case. `read`: the facts that something reads, each by entity type,
    parent's type, member and attribute.

    Raises `InputError` (RW852 to RW854, RW857).
    """
    written = declared.space.open
    words: dict[Text, object] = (
        dict(written) if isinstance(written, dict) else dict.fromkeys(written)
    )
    problems = Problems()
    opened: dict[At, tuple[Text, object]] = {}
    for word, values in words.items():
        place = place_of(word, declared.space.place_)
        try:
            named = list(named_facts(case, vocabulary, word, "RW852", place))
        except InputError as error:
            problems.take(error)
            continue
        free = [
            at
            for at in named
            if declared.space.from_ is not None or at[1] not in case.entities[at[0]].facts
        ]
        if not free:
            first = case.entities[named[0][0]].facts[named[0][1]]
            problems.add(
                "RW853",
                place,
                f"`{word}` is to be open, and the case states it",
                f"take it out there ({first.place}), or here",
            )
        opened.update(dict.fromkeys(free, (word, values)))
    if not words:
        problems.add(
            "RW854",
            declared.space.place_,
            "no fact of this space is open",
            "name under `open` the facts that may vary",
        )
    problems.stop_if_any()
    space = Space(_without(case, opened), vocabulary, {})
    for at in sorted(opened):
        word, written_values = opened[at]
        entity = case.entities[at[0]]
        found = _values(
            space,
            at,
            word,
            written_values,
            (entity.type, entity.parent_type, entity.member, at[1]) in read,
            problems,
        )
        if found:
            space.values[at] = found
    problems.stop_if_any()
    return space


def named_facts(
    case: Case, vocabulary: Vocabulary, word: Text, code: str, place: Place
) -> Iterable[At]:
    """The facts that a word names, as `what-if --change` reads it."""
    try:
        fixing = Fixing(case, vocabulary, change=[word])
    except InputError as error:
        raise InputError(
            Problem(place, code, each.message, each.help) for each in error.problems
        ) from None
    return [
        (entity.index, name)
        for entity in case.entities
        for name, attribute in _facts(vocabulary, entity)
        if attribute.given and fixing.may_change(entity, name)
    ]


def _facts(vocabulary: Vocabulary, entity: Entity) -> list[tuple[str, Attribute]]:
    return list(vocabulary.entities[entity.type].attributes.items())


def _without(case: Case, places: Iterable[At]) -> Case:
    """The case in which these facts are not stated."""
    found = with_facts(case, {})
    for index, name in places:
        found.entities[index].facts.pop(name, None)
        found.entities[index].unknown.discard(name)
    return found


def _values(
    space: Space, at: At, word: Text, written: object, read: bool, problems: Problems
) -> tuple[Value, ...]:
    attribute = space.attribute(at)
    if written is None or (isinstance(written, Text) and key(written) == "any"):
        found = options_of(attribute.type, attribute.may_have_no_value)
        if found is None and read:
            path = f"{space.case.entities[at[0]].path} > {attribute.name}"
            problems.add(
                "RW857",
                place_of(word),
                f"`{path}` is open, and its values cannot be listed ({attribute.type.describe()})",
                f"list those that it may have: `{attribute.name}: [A, B]`",
            )
        return tuple(found or ())
    several = written if isinstance(written, list) else [written]
    return tuple(
        dict.fromkeys(
            value
            for each in several
            for value in value_of(each, attribute, place_of(word), problems)
        )
    )


def value_of(
    written: object, attribute: Attribute, place: Place, problems: Problems
) -> tuple[Value, ...]:
    """A value of a fact; nothing where it is none, which is noted (RW857)."""
    place = place_of(written, place)
    if attribute.means_none(str(written)):
        return (None,)
    value = attribute.type.parse(str(written))
    if value is None:
        problems.add(
            "RW857",
            place,
            f"`{attribute.name}` cannot be `{written}`",
            _expected(str(written), attribute),
        )
        return ()
    return (value,)


def _expected(written: str, attribute: Attribute) -> str:
    kind = attribute.type
    close = (
        nearest(written, [kind.show(each) for each in kind.values])
        if isinstance(kind, FINITE)
        else ""
    )
    return close if close.startswith("did you mean") else f"expected {attribute.expected()}"


__all__ = ["At", "Space", "named_facts", "space_of", "text_of_space", "value_of"]
