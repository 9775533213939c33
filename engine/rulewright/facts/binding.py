"""The facts of a case, read into a tree of entities and checked against the vocabulary."""

from __future__ import annotations

import re
from functools import cached_property, partial
from typing import Any

from rulewright.ir.entities import MAX_ENTITIES, MAX_THINGS, Entity, Fact, refuse_things
from rulewright.ir.types import Date, Type, Value, Words, YesNo
from rulewright.ir.vocabulary import EntityType, Vocabulary
from rulewright.syntax.errors import Problems, nearest
from rulewright.syntax.text import Map, Text, is_unknown, key, place_of

from .case_texts import CaseText

_LIKE_A_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}$")


class FactReader:
    """Reads the facts of one case. `idle`: see `rulewright.facts.cases.bind_case`."""

    def __init__(
        self,
        text: CaseText,
        vocabulary: Vocabulary,
        idle: frozenset[tuple[str, str]],
        problems: Problems,
    ) -> None:
        self.text = text
        self.tree = text.tree
        self.vocabulary = vocabulary
        self.idle = {
            each for each in idle if not self._named_in_a_path(vocabulary.entities[each[0]])
        }
        self.problems = problems
        self.listed = self.all = 0

    def entities(self, root: Entity, facts: Any) -> list[Entity]:
        """All entities, in canonical order: `root` with all that its facts say and all that lies
        below.
        """
        self._fill(root, self.vocabulary.root, facts)
        self.problems.stop_if_any()
        return self._in_order(root)

    def _named_in_a_path(self, declared: EntityType) -> bool:
        """Whether what is supplied, judged, published or expected may be about a member of a fixed
        set.
        """
        names = {key(each) for each in (declared.name, *declared.members)}
        return not names.isdisjoint(self._steps)

    @cached_property
    def _steps(self) -> set[str]:
        paths = [
            path
            for word in ("supplied", "published", "expect")
            for path in self.tree.get(word) or ()
        ]
        under = self.tree.get("under reading")
        paths += (
            [path for expected in under.values() for path in expected or ()]
            if isinstance(under, dict)
            else []
        )
        judged = self.tree.get("judgements")
        paths += (
            [each.get("attribute") for each in judged or () if isinstance(each, Map)]
            if isinstance(judged, list)
            else []
        )
        return {key(step) for path in paths if isinstance(path, str) for step in path.split(">")}

    def _fill(self, entity: Entity, declared: EntityType, facts: Any) -> None:
        entity.place = place_of(facts, entity.place)
        self.all += 1
        refuse_things(self.all, MAX_ENTITIES, entity.place)
        if isinstance(facts, Text) and declared.main_attribute:
            attribute = declared.attributes[declared.main_attribute]
            self._fact(entity, declared, Text.at(attribute.name, facts.place), facts, "")
            facts = Map()
        elif not isinstance(facts, Map):
            self.problems.add(
                "RW511",
                place_of(facts, entity.place),
                f"the facts of `{entity.path}` are not a mapping",
                "write one fact a line: `attribute: value`",
            )
            facts = Map()
        below = {
            key(word): each
            for each in (*declared.listed_below, *declared.fixed_below)
            for word in (self.vocabulary.entities[each].plural, each)
        }
        origin = origin_of(facts.get("from"))
        self._no_word_twice([word for word in facts if key(word) in below], below)
        for word, value in facts.items():
            if word in ("name", "from"):
                if word == "name" and not isinstance(value, Text) and entity.parent is None:
                    self.problems.add(
                        "RW505",
                        place_of(value, place_of(word)),
                        "a name is text",
                        "write it, or leave the line out",
                    )
            elif key(word) in below:
                self._children(entity, self.vocabulary.entities[below[key(word)]], word, value)
            else:
                self._stated(entity, declared, word, value, origin, list(below))
        name = facts.get("name")
        if isinstance(name, Text) and not entity.member:
            entity.name = " ".join(name.split())
        for child in declared.fixed_below:
            self._members(entity, self.vocabulary.entities[child], facts)
        self._no_name_twice(entity)

    def _no_word_twice(self, words: list[Text], below: dict[str, str]) -> None:
        """The entities below stand once, whether named in the singular or the plural."""
        seen: dict[str, Text] = {}
        for word in words:
            first = seen.setdefault(below[key(word)], word)
            if first is not word:
                self.problems.add(
                    "RW106",
                    place_of(word),
                    f"`{word}` stands twice, as `{first}` does in line {place_of(first).line}",
                    "write one list",
                )

    def _stated(
        self,
        entity: Entity,
        declared: EntityType,
        word: Text,
        value: Any,
        origin: str,
        below: list[str],
    ) -> None:
        attribute = declared.attribute(word)
        if attribute is None or attribute.hidden:
            names = [a.name for a in declared.attributes.values() if a.given] + ["name", *below]
            self.problems.add(
                "RW501",
                place_of(word),
                f"`{word}` is not an attribute of `{declared.name}`",
                partial(nearest, word, names),
            )
        elif not attribute.given:
            self.problems.add(
                "RW506",
                place_of(word),
                f"`{word}` is derived: the rules conclude it",
                "state it under `supplied`, or under `judgements` with who judged and why",
            )
        elif isinstance(value, Map) and "value" in value:
            self._fact(
                entity, declared, word, value["value"], origin_of(value.get("from")) or origin
            )
        else:
            self._fact(entity, declared, word, value, origin)

    def _fact(
        self, entity: Entity, declared: EntityType, word: Text, value: Any, origin: str
    ) -> None:
        attribute = declared.attribute(word)
        assert attribute is not None
        if not attribute.given:
            self.problems.add(
                "RW506",
                place_of(word),
                f"`{attribute.name}` is derived: the rules conclude it",
                "state it under `supplied`, or under `judgements` with who judged and why",
            )
            return
        if value is None:
            self.problems.add(
                "RW503",
                place_of(word),
                f"`{word}` is left empty",
                "leave the line out, or write `unknown` or a value",
            )
        elif not isinstance(value, Text):
            self.problems.add(
                "RW502",
                place_of(value, place_of(word)),
                f"`{word}` is one value, not a list or mapping",
                f"expected {attribute.expected()}",
            )
        elif is_unknown(value) and not (value.quoted and isinstance(attribute.type, Words)):
            entity.unknown.add(key(word))
        elif attribute.means_none(value):
            entity.facts[key(word)] = Fact(None, value.place, origin)
        else:
            read = read_value(
                value, attribute.type, f"`{word}`", "RW502", self.problems, attribute.none_is
            )
            if read is not None:
                entity.facts[key(word)] = Fact(read, value.place, origin)

    def _children(self, parent: Entity, declared: EntityType, word: Text, value: Any) -> None:
        if value is None:
            self.problems.add(
                "RW503",
                place_of(word),
                f"`{word}` is left empty",
                "leave the line out, or write what there is",
            )
            return
        if declared.members:
            if not isinstance(value, Map):
                self.problems.add(
                    "RW511",
                    place_of(value, place_of(word)),
                    f"`{word}` is not a mapping of the fixed members",
                    f"write one a line: `{declared.members[0]}: …`",
                )
            return  # filled by _members
        if not isinstance(value, list):
            self.problems.add(
                "RW511",
                place_of(value, place_of(word)),
                f"`{word}` is not a list",
                "write each after a dash, with its `name`",
            )
            return
        found = parent.children.setdefault(key(declared.name), [])
        for each in value:
            self.listed += 1
            refuse_things(self.listed, MAX_THINGS, place_of(each, place_of(word)))
            name = each.get("name") if isinstance(each, Map) else None
            if not isinstance(name, Text) or not key(name):
                self.problems.add(
                    "RW505",
                    place_of(each, place_of(word)),
                    f"a `{declared.name}` has no name",
                    "give each a `name`: paths use it",
                )
                continue
            if ">" in name:
                self.problems.add(
                    "RW505",
                    place_of(name),
                    f"the name `{name}` holds `>`, which separates the steps of a path",
                    "write it without",
                )
            shown = " ".join(name.split())
            path = shown if parent.parent is None else f"{parent.path} > {shown}"
            child = Entity(key(declared.name), parent.type, "", shown, path, parent)
            self._fill(child, declared, each)
            found.append(child)

    def _members(self, parent: Entity, declared: EntityType, facts: Map) -> None:
        word = next(
            (k for k in facts if key(k) in (key(declared.plural), key(declared.name))), None
        )
        if word is None and (key(declared.name), parent.type) in self.idle:
            return
        written = facts[word] if word is not None else None
        stated: dict[str, tuple[Text, Any]] = {}
        if isinstance(written, Map):
            members = {key(each) for each in declared.members}
            for word, value in written.items():
                if key(word) not in members:
                    self.problems.add(
                        "RW501",
                        place_of(word),
                        f"`{word}` is not a `{declared.name}`",
                        partial(nearest, word, declared.members),
                    )
                stated[key(word)] = (word, value)
        found = parent.children.setdefault(key(declared.name), [])
        for member in declared.members:
            path = f"{parent.path} > {member}"
            child = Entity(
                key(declared.name), parent.type, member, member, path, parent, place=parent.place
            )
            word, value = stated.get(key(member), (Text(member), Map()))
            if value is None:
                self.problems.add(
                    "RW503",
                    place_of(word),
                    f"`{word}` is left empty",
                    "leave the line out, or write `unknown` or a value",
                )
                value = Map()
            self._fill(child, declared, value)
            found.append(child)

    def _no_name_twice(self, parent: Entity) -> None:
        seen: dict[str, Entity] = {}
        for children in parent.children.values():
            for child in children:
                other = seen.get(key(child.name))
                if other is not None:
                    self.problems.add(
                        "RW504",
                        child.place,
                        f"`{child.name}` is the name of two entities below `{parent.path}`",
                        f"the first is in line {other.place.line}; give each a name of its own",
                    )
                seen[key(child.name)] = child

    def _in_order(self, root: Entity) -> list[Entity]:
        found: list[Entity] = []

        def visit(entity: Entity) -> None:
            entity.index = len(found)
            found.append(entity)
            declared = self.vocabulary.entities[entity.type]
            ordered = {}
            for name in (*declared.fixed_below, *declared.listed_below):
                children = entity.children.get(name, [])
                if name in declared.listed_below:
                    children = sorted(children, key=lambda each: (key(each.name), each.name))
                ordered[name] = children
            entity.children = ordered
            for children in ordered.values():
                for child in children:
                    visit(child)

        visit(root)
        return found


def read_value(
    value: Text, kind: Type, what: str, code: str, problems: Problems, none: str = ""
) -> Value:
    """A value as written, of a declared type; `what` and `code` are for the mistake that is told
    where it is none.

    none: the word that says that there is no value, where there is one.
    """
    read = kind.parse(value)
    if read is None:
        problems.add(
            code,
            place_of(value),
            f"`{value}` is not a value of {what}",
            partial(_help_for, value, kind, none),
        )
    return read


def _help_for(value: Text, kind: Type, none: str) -> str:
    """What to write in place of what is no value of a type."""
    words = [
        *(
            map(str, kind.values)
            if hasattr(kind, "values") and isinstance(kind.values[0], str)
            else ()
        ),
        *([none] if none else ()),
    ]
    if words and (close := nearest(value, words)).startswith("did you mean"):
        return close
    if isinstance(kind, Date) and _LIKE_A_DATE.match(value):
        return "there is no such day"
    if isinstance(kind, YesNo) and key(value) in ("true", "false", "y", "n"):
        return f"write `{'yes' if key(value) in ('true', 'y') else 'no'}`"
    return f"expected {kind.expected()}" + (f", or `{none}`" if none else "")


def origin_of(written: Any) -> str:
    """Where a value was taken from, in words: shown, without effect."""
    if isinstance(written, Map):
        return ", ".join(
            f"{k} {v}" if k not in ("document",) else f"{v}" for k, v in written.items()
        )
    return str(written) if isinstance(written, Text) else ""
