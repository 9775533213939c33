"""Cases: the facts of one decision, as a tree of entities, read against a vocabulary.

A case file holds one case, or a list of cases; a JSON-lines file holds one case a line. Facts that nobody saw are left
out and are *missing*; `unknown` says so even where the vocabulary has a default; `none` says that there is none.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .errors import InputError, Place, Problems, nearest
from .loading import load_json_line, load_yaml, read_text
from .text import Map, Text, key, place_of
from .types import Date, Type, Value, Words, YesNo, parse_date, show_date
from .vocabulary import Attribute, EntityType, Vocabulary

WORDS = ("case", "as at", "policy", "about", "source", "tags", "supplied", "judgements", "published", "expect", "under reading")
_LIKE_A_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}$")


@dataclass(frozen=True, slots=True)
class Fact:
    """A stated fact: its value, where it stands, and where it was taken from (shown, without effect)."""

    value: Value
    place: Place
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A professional judgement on a derived attribute."""

    value: Value
    by: str
    on: str
    reason: str
    place: Place


@dataclass(slots=True)
class Entity:
    """One entity of a case. `facts` are those stated; an attribute that is stated as `unknown` is in `unknown`."""

    type: str
    parent_type: str
    member: str
    name: str
    path: str
    parent: Entity | None
    index: int = 0
    facts: dict[str, Fact] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    children: dict[str, list[Entity]] = field(default_factory=dict)
    place: Place = Place("")

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def climb(self, entity_type: str) -> Entity:
        """The nearest entity of that type: this one or one above it."""
        here: Entity | None = self
        while here is not None and here.type != entity_type:
            here = here.parent
        assert here is not None
        return here

    def child(self, entity_type: str, member: str) -> Entity:
        """A fixed member below this entity."""
        return next(each for each in self.children[entity_type] if each.member == member)

    def below(self, entity_type: str) -> Iterator[Entity]:
        """All entities of that type below this one, at any depth, in order."""
        for children in self.children.values():
            for child in children:
                if child.type == entity_type:
                    yield child
                yield from child.below(entity_type)


Target = tuple[Entity, str]  # an entity and the key of one of its attributes


@dataclass
class Case:
    """A case bound to a vocabulary: entities in canonical order, whatever the order in the file."""

    name: str
    file: str
    place: Place
    as_at: int | None
    policy: Text | None
    root: Entity
    entities: list[Entity]
    supplied: dict[tuple[int, str], Fact]
    judged: dict[tuple[int, str], Judgement]
    published: list[tuple[int, str, Value]]
    published_on: str
    expect: Map | None
    tags: tuple[str, ...]
    digest: str
    about: str = ""


@dataclass(frozen=True)
class CaseText:
    """A case as loaded, before it is read against a vocabulary."""

    tree: Map
    file: str

    @property
    def name(self) -> str:
        return " ".join(str(self.tree.get("case") or "").split())

    @property
    def place(self) -> Place:
        return place_of(self.tree.get("case"), place_of(self.tree, Place(self.file)))

    def day(self) -> int | None:
        """The `as at` date. Raises `InputError` (RW510)."""
        written = self.tree.get("as at")
        if written is None:
            if "as at" in self.tree:
                problems = Problems()
                word = next(each for each in self.tree if each == "as at")
                problems.add("RW503", place_of(word, self.place), "`as at` is left empty",
                             "leave the line out, or write a date such as `2024-03-01`")  # fmt: skip
                problems.stop_if_any()
            return None
        day = parse_date(written) if isinstance(written, Text) else None
        if day is None:
            problems = Problems()
            shown = f"`{written}`" if isinstance(written, Text) else "a list or mapping"
            problems.add("RW510", place_of(written, self.place), f"{shown} is not a date", "write for instance `2024-03-01`")
            problems.stop_if_any()
        return day


def load_cases(path: Path, shown: str | None = None) -> list[CaseText]:
    """The cases of one file (`.yaml`, `.json`, `.jsonl`). Raises `InputError` with every mistake in its outer shape."""
    name = shown or str(path)
    text = read_text(path, name)
    problems = Problems()
    found: list[CaseText] = []
    if path.suffix == ".jsonl":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    found += _cases(load_json_line(line, Place(name, number, 1)), name, problems)
                except InputError as error:
                    problems.take(error)
    else:
        found = _cases(load_yaml(text, name), name, problems)
    problems.stop_if_any()
    return found


def _cases(tree: Any, file: str, problems: Problems) -> list[CaseText]:
    found = []
    for each in tree if isinstance(tree, list) else [tree]:
        if not isinstance(each, Map):
            problems.add("RW500", place_of(each, Place(file)), "this is not a case",
                         "a case is a mapping with `case` and the facts")  # fmt: skip
        elif not isinstance(each.get("case"), Text) or not key(each["case"]):
            problems.add("RW500", place_of(each, Place(file)), "the case has no name", "begin it with `case: NAME`")
        else:
            found.append(CaseText(each, file))
    return found


def bind_case(text: CaseText, vocabulary: Vocabulary, idle: frozenset[tuple[str, str]] = frozenset()) -> Case:
    """A case read against a vocabulary. Raises `InputError` (RW5xx) with every mistake, in order of position.

    `idle`: fixed sets that a program has no use for, each an entity type and the type of its parent (`Program.idle`). The
    case holds such a set only where it says something of it: its facts are read and checked as any.
    """
    return _Binder(text, vocabulary, idle).bind()


class _Binder:
    def __init__(self, text: CaseText, vocabulary: Vocabulary, idle: frozenset[tuple[str, str]]) -> None:
        self.text = text
        self.tree = text.tree
        self.vocabulary = vocabulary
        self.idle = {each for each in idle if not self._named_in_a_path(vocabulary.entities[each[0]])}
        self.problems = Problems()

    def bind(self) -> Case:
        root_type = self.vocabulary.root
        self._check_words(root_type)
        try:
            day = self.text.day()
        except InputError as error:
            self.problems.take(error)
            day = None
        root = Entity(key(root_type.name), "", "", root_type.name, root_type.name, None, place=self.text.place)
        facts = next((v for k, v in self.tree.items() if key(k) == key(root_type.name)), None)
        if facts is None:
            self.problems.add("RW511", self.text.place, f"the case does not state its `{root_type.name}`",
                              f"write `{root_type.name}:` and below it the facts")  # fmt: skip
        else:
            self._fill(root, root_type, facts)
        self.problems.stop_if_any()
        entities = self._in_order(root)
        case = Case(
            self.text.name, self.text.file, self.text.place, day, self.tree.get("policy"), root, entities, {}, {}, [], "",
            self.tree.get("expect"), self._tags(), "", " ".join(str(self.tree.get("about") or "").split()),
        )  # fmt: skip
        self._supplied(case)
        self._judgements(case)
        self._published(case)
        self.problems.stop_if_any()
        case.digest = digest_of(case)
        return case

    def _check_words(self, root: EntityType) -> None:
        known = [*WORDS, root.name]
        for word, value in self.tree.items():
            if key(word) not in {key(each) for each in known}:
                self.problems.add("RW501", place_of(word), f"`{word}` is not known in a case", nearest(word, known))
            elif value is None:
                if word != "as at":  # told where the date is read
                    self.problems.add("RW503", place_of(word), f"`{word}` is left empty", "leave the line out, or write a value")
            elif word in ("policy", "about") and not isinstance(value, Text):
                self.problems.add("RW511", place_of(value, place_of(word)), f"`{word}` is not one text",
                                  "write text, in quotes if it holds `: `")  # fmt: skip
            elif word == "tags":
                for tag in value if isinstance(value, list) else [value]:
                    if not isinstance(tag, Text):
                        self.problems.add("RW511", place_of(tag, place_of(word)), "a tag is text", "write a list of words")
            elif word in ("expect", "under reading") and not isinstance(value, Map):
                line = "path: value" if word == "expect" else "READING: {path: value}"
                self.problems.add("RW511", place_of(value, place_of(word)), f"`{word}` is not a mapping",
                                  f"write `{line}` lines")  # fmt: skip

    def _named_in_a_path(self, declared: EntityType) -> bool:
        """Whether what is supplied, judged, published or expected may be about a member of a fixed set."""
        names = {key(each) for each in (declared.name, *declared.members)}
        return not names.isdisjoint(self._steps)

    @cached_property
    def _steps(self) -> set[str]:
        paths = [path for word in ("supplied", "published", "expect") for path in self.tree.get(word) or ()]
        under = self.tree.get("under reading")
        paths += [path for expected in under.values() for path in expected or ()] if isinstance(under, dict) else []
        judged = self.tree.get("judgements")
        paths += [each.get("attribute") for each in judged or () if isinstance(each, Map)] if isinstance(judged, list) else []
        return {key(step) for path in paths if isinstance(path, str) for step in path.split(">")}

    def _tags(self) -> tuple[str, ...]:
        tags = self.tree.get("tags") or []
        return tuple(map(str, tags)) if isinstance(tags, list) else (str(tags),)

    # -- facts --------------------------------------------------------------------------------------------------------

    def _fill(self, entity: Entity, declared: EntityType, facts: Any) -> None:
        entity.place = place_of(facts, entity.place)
        if isinstance(facts, Text) and declared.main_attribute:
            attribute = declared.attributes[declared.main_attribute]
            self._fact(entity, declared, Text.at(attribute.name, facts.place), facts, "")
            facts = Map()
        elif not isinstance(facts, Map):
            self.problems.add("RW511", place_of(facts, entity.place), f"the facts of `{entity.path}` are not a mapping",
                              "write one fact a line: `attribute: value`")  # fmt: skip
            facts = Map()
        below = {key(word): each for each in (*declared.listed_below, *declared.fixed_below)
                 for word in (self.vocabulary.entities[each].plural, each)}  # fmt: skip
        origin = _origin(facts.get("from"))
        self._no_word_twice([word for word in facts if key(word) in below], below)
        for word, value in facts.items():
            if word in ("name", "from"):
                if word == "name" and not isinstance(value, Text) and entity.parent is None:
                    self.problems.add("RW505", place_of(value, place_of(word)), "a name is text", "write it, or leave the line out")
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
                self.problems.add("RW106", place_of(word),
                                  f"`{word}` stands twice, as `{first}` does in line {place_of(first).line}",
                                  "write one list")  # fmt: skip

    def _stated(self, entity: Entity, declared: EntityType, word: Text, value: Any, origin: str, below: list[str]) -> None:
        attribute = declared.attribute(word)
        if attribute is None or attribute.hidden:
            names = [a.name for a in declared.attributes.values() if a.given] + ["name", *below]
            self.problems.add("RW501", place_of(word), f"`{word}` is not an attribute of `{declared.name}`", nearest(word, names))
        elif not attribute.given:
            self.problems.add("RW506", place_of(word), f"`{word}` is derived: the rules conclude it",
                              "state it under `supplied`, or under `judgements` with who judged and why")  # fmt: skip
        elif isinstance(value, Map) and "value" in value:
            self._fact(entity, declared, word, value["value"], _origin(value.get("from")) or origin)
        else:
            self._fact(entity, declared, word, value, origin)

    def _fact(self, entity: Entity, declared: EntityType, word: Text, value: Any, origin: str) -> None:
        attribute = declared.attribute(word)
        assert attribute is not None
        if not attribute.given:
            self.problems.add("RW506", place_of(word), f"`{attribute.name}` is derived: the rules conclude it",
                              "state it under `supplied`, or under `judgements` with who judged and why")  # fmt: skip
            return
        if value is None:
            self.problems.add("RW503", place_of(word), f"`{word}` is left empty",
                              "leave the line out, or write `unknown` or a value")  # fmt: skip
        elif not isinstance(value, Text):
            self.problems.add("RW502", place_of(value, place_of(word)), f"`{word}` is one value, not a list or mapping",
                              f"expected {attribute.type.expected()}")  # fmt: skip
        elif key(value) == "unknown" and not (value.quoted and isinstance(attribute.type, Words)):
            entity.unknown.add(key(word))
        elif key(value) == "none" and attribute.may_have_no_value:
            entity.facts[key(word)] = Fact(None, value.place, origin)
        else:
            read = self._value(value, attribute.type, f"`{word}`", "RW502")
            if read is not None:
                entity.facts[key(word)] = Fact(read, value.place, origin)

    def _value(self, value: Text, kind: Type, what: str, code: str) -> Value:
        read = kind.parse(value)
        if read is None:
            help = f"expected {kind.expected()}"
            if hasattr(kind, "values") and isinstance(kind.values[0], str):
                close = nearest(value, map(str, kind.values))
                help = close if close.startswith("did you mean") else help
            elif isinstance(kind, Date) and _LIKE_A_DATE.match(value):
                help = "there is no such day"
            elif isinstance(kind, YesNo) and key(value) in ("true", "false", "y", "n"):
                help = f"write `{'yes' if key(value) in ('true', 'y') else 'no'}`"
            self.problems.add(code, place_of(value), f"`{value}` is not a value of {what}", help)
        return read

    # -- the tree -----------------------------------------------------------------------------------------------------

    def _children(self, parent: Entity, declared: EntityType, word: Text, value: Any) -> None:
        if value is None:
            self.problems.add("RW503", place_of(word), f"`{word}` is left empty", "leave the line out, or write what there is")
            return
        if declared.members:
            if not isinstance(value, Map):
                self.problems.add("RW511", place_of(value, place_of(word)), f"`{word}` is not a mapping of the fixed members",
                                  f"write one a line: `{declared.members[0]}: …`")  # fmt: skip
            return  # filled by _members
        if not isinstance(value, list):
            self.problems.add("RW511", place_of(value, place_of(word)), f"`{word}` is not a list",
                              "write each after a dash, with its `name`")  # fmt: skip
            return
        found = parent.children.setdefault(key(declared.name), [])
        for each in value:
            name = each.get("name") if isinstance(each, Map) else None
            if not isinstance(name, Text) or not key(name):
                self.problems.add("RW505", place_of(each, place_of(word)), f"a `{declared.name}` has no name",
                                  "give each a `name`: paths use it")  # fmt: skip
                continue
            if ">" in name:
                self.problems.add("RW505", place_of(name), f"the name `{name}` holds `>`, which separates the steps of a path",
                                  "write it without")  # fmt: skip
            shown = " ".join(name.split())
            path = shown if parent.parent is None else f"{parent.path} > {shown}"
            child = Entity(key(declared.name), parent.type, "", shown, path, parent)
            self._fill(child, declared, each)
            found.append(child)

    def _members(self, parent: Entity, declared: EntityType, facts: Map) -> None:
        word = next((k for k in facts if key(k) in (key(declared.plural), key(declared.name))), None)
        if word is None and (key(declared.name), parent.type) in self.idle:
            return
        written = facts[word] if word is not None else None
        stated: dict[str, tuple[Text, Any]] = {}
        if isinstance(written, Map):
            for word, value in written.items():
                if key(word) not in {key(each) for each in declared.members}:
                    self.problems.add("RW501", place_of(word),
                                      f"`{word}` is not a `{declared.name}`", nearest(word, declared.members))  # fmt: skip
                stated[key(word)] = (word, value)
        found = parent.children.setdefault(key(declared.name), [])
        for member in declared.members:
            path = f"{parent.path} > {member}"
            child = Entity(key(declared.name), parent.type, member, member, path, parent, place=parent.place)
            word, value = stated.get(key(member), (Text(member), Map()))
            if value is None:
                self.problems.add("RW503", place_of(word), f"`{word}` is left empty",
                                  "leave the line out, or write `unknown` or a value")  # fmt: skip
                value = Map()
            self._fill(child, declared, value)
            found.append(child)

    def _no_name_twice(self, parent: Entity) -> None:
        seen: dict[str, Entity] = {}
        for children in parent.children.values():
            for child in children:
                other = seen.get(key(child.name))
                if other is not None:
                    self.problems.add("RW504", child.place, f"`{child.name}` is the name of two entities below `{parent.path}`",
                                      f"the first is in line {other.place.line}; give each a name of its own")  # fmt: skip
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

    # -- values from outside ------------------------------------------------------------------------------------------

    def _supplied(self, case: Case) -> None:
        for path, value in self._mapping("supplied").items():
            target = self._derived(case, path)
            if target is None:
                continue
            entity, attribute = target
            where = (entity.index, key(attribute.name))
            if not isinstance(value, Text):
                fault = "left empty" if value is None else "a list or mapping"
                self.problems.add("RW503", place_of(value, place_of(path)), f"`{path}` is {fault}",
                                  f"expected {attribute.type.expected()}")  # fmt: skip
                continue
            read = None if key(value) == "none" else self._value(value, attribute.type, f"`{attribute.name}`", "RW502")
            if where in case.supplied:
                self.problems.add("RW509", place_of(path), f"`{path}` is supplied twice", "keep one of them")
            if read is not None or key(value) == "none":
                case.supplied[where] = Fact(read, value.place)

    def _mapping(self, word: str) -> Map:
        value = self.tree.get(word)
        if value is None:
            return Map()
        if not isinstance(value, Map):
            self.problems.add("RW511", place_of(value, self.text.place), f"`{word}` is not a mapping", "write `path: value` lines")
            return Map()
        return value

    def _judgements(self, case: Case) -> None:
        written = self.tree.get("judgements") or []
        if not isinstance(written, list):
            self.problems.add("RW511", place_of(written, self.text.place), "`judgements` is not a list", "write each after a dash")
            return
        for each in written:
            if not isinstance(each, Map):
                self.problems.add("RW507", place_of(each, place_of(written, self.text.place)), "a judgement is a mapping",
                                  "write `attribute`, `value`, `by`, `on` and `reason`")  # fmt: skip
                continue
            needed = ("attribute", "value", "by", "on", "reason")
            for word in each:
                if word not in needed:
                    self.problems.add("RW507", place_of(word), f"`{word}` is not known in a judgement", nearest(word, needed))
            absent = [word for word in needed if not isinstance(each.get(word), Text) or not each[word].strip()]
            if absent:
                self.problems.add("RW507", place_of(each), f"the judgement lacks {', '.join(f'`{w}`' for w in absent)}",
                                  "say what was judged, by whom, when and why")  # fmt: skip
                continue
            self._judgement(case, each)

    def _judgement(self, case: Case, each: Map) -> None:
        target = self._derived(case, each["attribute"])
        if parse_date(each["on"]) is None:
            self.problems.add("RW502", place_of(each["on"]), f"`{each['on']}` is not a value of `on`",
                              "expected a date such as `2024-03-01`")  # fmt: skip
        if target is None:
            return
        entity, attribute = target
        where = (entity.index, key(attribute.name))
        if not attribute.may_be_judged:
            self.problems.add("RW508", place_of(each["attribute"]), f"`{attribute.name}` of a `{entity.type}` may not be judged",
                              "only attributes with `may be judged: yes` may")  # fmt: skip
        if where in case.supplied:
            self.problems.add("RW509", place_of(each["attribute"]), f"`{each['attribute']}` is both supplied and judged",
                              "keep one of them")  # fmt: skip
        if where in case.judged:
            self.problems.add("RW509", place_of(each["attribute"]), f"`{each['attribute']}` is judged twice", "keep one of them")
        read = self._value(each["value"], attribute.type, f"`{attribute.name}`", "RW502")
        case.judged[where] = Judgement(
            read, " ".join(each["by"].split()), str(each["on"]), " ".join(each["reason"].split()), place_of(each["value"])
        )

    def _published(self, case: Case) -> None:
        for path, value in self._mapping("published").items():
            if path == "on":
                if not isinstance(value, Text) or parse_date(value) is None:
                    shown = f"`{value}`" if isinstance(value, Text) else "this"
                    self.problems.add("RW502", place_of(value, place_of(path)), f"{shown} is not a value of `on`",
                                      "expected a date such as `2024-03-01`")  # fmt: skip
                case.published_on = str(value)
                continue
            target = self._derived(case, path)
            if target is not None and not isinstance(value, Text):
                fault = "left empty" if value is None else "a list or mapping"
                self.problems.add("RW503", place_of(value, place_of(path)), f"`{path}` is {fault}",
                                  f"expected {target[1].type.expected()}")  # fmt: skip
            elif target is not None:
                if any(each[:2] == (target[0].index, key(target[1].name)) for each in case.published):
                    self.problems.add("RW509", place_of(path), f"`{path}` is published twice", "keep one of them")
                read = self._value(value, target[1].type, f"`{target[1].name}`", "RW502")
                case.published.append((target[0].index, key(target[1].name), read))
        case.published.sort(key=lambda each: each[:2])

    def _derived(self, case: Case, path: Text) -> tuple[Entity, Attribute] | None:
        try:
            entity, attribute = find(case, path, self.vocabulary)
        except InputError as error:
            self.problems.take(error)
            return None
        if attribute.given:
            self.problems.add("RW507", place_of(path), f"`{attribute.name}` is given, not derived",
                              f"state it among the facts of `{entity.path}`")  # fmt: skip
            return None
        return entity, attribute


def _origin(written: Any) -> str:
    if isinstance(written, Map):
        return ", ".join(f"{k} {v}" if k not in ("document",) else f"{v}" for k, v in written.items())
    return str(written) if isinstance(written, Text) else ""


def find(case: Case, path: str, vocabulary: Vocabulary) -> tuple[Entity, Attribute]:
    """The entity and attribute of a path such as `North Hospital > Maternity > safe > rating`.

    The outermost entity may be named first, by its type or its name, or left out. Raises `InputError` (RW507).
    """
    entity, rest = _walk(case.root, [each.strip() for each in path.split(">")])
    declared = vocabulary.entities[entity.type]
    problems = Problems()
    place = place_of(path, case.place)
    if len(rest) > 1:
        names = [child.name for children in entity.children.values() for child in children]
        problems.add("RW507", place, f"there is no `{rest[0]}` below `{entity.path}`", nearest(rest[0], names))
    elif not rest:
        main = declared.attributes.get(declared.main_result)
        if main is not None:
            return entity, main
        problems.add("RW507", place, f"`{path}` names an entity, not one of its attributes",
                     nearest("", [a.name for a in declared.attributes.values() if not a.hidden]))  # fmt: skip
    else:
        attribute = declared.attribute(rest[0])
        if attribute is not None and not attribute.hidden:
            return entity, attribute
        names = [a.name for a in declared.attributes.values() if not a.hidden]
        names += [child.name for children in entity.children.values() for child in children]
        problems.add("RW507", place,
                     f"`{rest[0]}` is neither an attribute of `{entity.path}` nor below it", nearest(rest[0], names))  # fmt: skip
    problems.stop_if_any()
    raise AssertionError


def _walk(root: Entity, steps: list[str]) -> tuple[Entity, list[str]]:
    here, rest = root, steps
    if rest and key(rest[0]) in (root.type, key(root.name)) and (len(rest) > 1 or key(rest[0]) != root.type):
        rest = rest[1:]
    while rest:
        wanted = key(rest[0])
        found = [c for children in here.children.values() for c in children if key(c.name) == wanted]
        if len(found) != 1:
            break
        here, rest = found[0], rest[1:]
    return here, rest


def digest_of(case: Case) -> str:
    """A digest of what reaches a decision from the case: facts, supplied and judged values; not comments or order."""
    facts = [[e.path, e.type, sorted([k, _shown(f.value)] for k, f in e.facts.items()), sorted(e.unknown)] for e in case.entities]
    supplied = sorted([index, name, _shown(fact.value)] for (index, name), fact in case.supplied.items())
    judged = sorted([i, n, _shown(j.value), j.by, j.on, j.reason] for (i, n), j in case.judged.items())
    whole = [case.root.name, show_date(case.as_at) if case.as_at else None, facts, supplied, judged]
    text = json.dumps(whole, ensure_ascii=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _shown(value: Value) -> str | bool | int | None:
    return value if value is None or isinstance(value, str | bool | int) else f"{value.numerator}/{value.denominator}"
