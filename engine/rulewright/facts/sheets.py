"""The facts of a case from the sheets of a workbook: things as rows, each put below what its
columns name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

from rulewright.ir.entities import MAX_THINGS, refuse_things
from rulewright.ir.types import as_asked
from rulewright.ir.vocabulary import EntityType, Vocabulary
from rulewright.spreadsheets.workbooks import Sheet, Workbook
from rulewright.syntax.errors import InputError, Place, Problems, nearest
from rulewright.syntax.text import Map, Seq, Text, key, place_of

PAIRS = ("supplied", "published", "expect")  # sheets with two columns, a path and a value
SHEETS = ("case", "judgements", *PAIRS)  # all others are named after entity types
LONGEST_NAME = 31  # of a sheet: spreadsheet programs cut or refuse more


def sheet_name(declared: EntityType) -> str:
    """The name of the sheet of an entity type, as short as a sheet's name must be."""
    return declared.plural[:LONGEST_NAME].strip()


@dataclass
class _Thing:
    """One thing of the case: what is stated of it, and what it lies below."""

    type: str
    name: str
    tree: Map
    above: _Thing | None = None

    def chain(self) -> Iterator[_Thing]:
        """This thing and those above it."""
        here: _Thing | None = self
        while here is not None:
            yield here
            here = here.above

    @cached_property
    def path(self) -> dict[str, str]:
        """By type the names of this thing and of those above it."""
        return {each.type: key(each.name) for each in self.chain()}


@dataclass
class _Columns:
    """What the columns of an entity's sheet stand for, by their number."""

    name: int | None = None
    above: dict[int, str] = field(default_factory=dict)  # entity types, lowest last
    members: dict[int, tuple[EntityType, Text]] = field(default_factory=dict)
    stated: dict[int, Text] = field(default_factory=dict)


class SheetReader:
    """The sheets of a workbook that are named after entity types, read against a vocabulary."""

    def __init__(self, book: Workbook, vocabulary: Vocabulary, problems: Problems) -> None:
        self.vocabulary = vocabulary
        self.problems = problems
        self.root = _Thing(key(vocabulary.root.name), vocabulary.root.name, Map())
        self.root.tree.place = Place(book.file)
        self.things: dict[str, list[_Thing]] = {self.root.type: [self.root]}
        self.called: dict[tuple[str, str], list[_Thing]] = {}  # the same by their type and name
        self.members: dict[
            tuple[int, str, str], _Thing
        ] = {}  # the fixed ones, by what they lie below, their type and name
        self.listed = 0
        self.sheets = self._sheets(book)

    def _sheets(self, book: Workbook) -> dict[str, Sheet]:
        found: dict[str, Sheet] = {}
        entities = self.vocabulary.entities
        for name in book.names:
            if key(name) in map(key, SHEETS):
                continue
            sheet = book.sheet(name)
            cut = [each for each in entities.values() if key(sheet_name(each)) == key(name)]
            entity = self.vocabulary.entity(name) or next(iter(cut), None)
            if entity is None:
                words = [
                    *SHEETS,
                    *(word for each in entities.values() for word in (each.name, each.plural)),
                ]
                self.problems.add(
                    "RW512",
                    Place(sheet.file),
                    f"`{name}` is not a sheet of a case",
                    nearest(name, words),
                )
            elif key(entity.name) in found:
                self.problems.add(
                    "RW512",
                    Place(sheet.file),
                    f"`{name}` is the second sheet for each `{entity.name}`",
                    f"the first is `{found[key(entity.name)].name}`",
                )
            else:
                found[key(entity.name)] = sheet
        return found

    def read(self) -> Map:
        """The facts of the outermost entity, with all below."""
        for name in self._top_down():
            if name in self.sheets:
                self._entity(self.vocabulary.entities[name], self.sheets[name])
            if name != self.root.type and self.vocabulary.entities[name].members:
                self._all_members(self.vocabulary.entities[name])
        _without_empty(self.root.tree)
        return self.root.tree

    def _top_down(self) -> list[str]:
        """The entity types, each after all those above it."""
        found: list[str] = []
        while len(found) < len(self.vocabulary.entities):
            found += [
                name
                for name in self.vocabulary.entities
                if name not in found
                and all(each in found for each in self.vocabulary.parents(name))
            ]
        return found

    # -- columns

    def _columns(self, declared: EntityType, header: list[Text]) -> _Columns:
        found = _Columns()
        above = self.vocabulary.ancestors(key(declared.name))
        seen: dict[str, Text] = {}
        for number, word in enumerate(header):
            first = seen.setdefault(key(word), word)
            entity = self.vocabulary.entity(word)
            if first is not word:
                self.problems.add(
                    "RW106",
                    word.place,
                    f"the column `{word}` stands twice",
                    f"the first is in {first.place}",
                )
            elif key(word) == "name" or (declared.members and entity is declared):
                if found.name is not None:
                    self.problems.add(
                        "RW106",
                        word.place,
                        f"the column `{word}` is the second that names each `{declared.name}`",
                        "keep one of them",
                    )
                found.name = number
            elif (
                declared.attribute(word) is None
                and entity is not None
                and key(entity.name) in above
            ):
                found.above[number] = key(entity.name)
            elif declared.attribute(word) is None and (sets := self._member_sets(declared, word)):
                found.members[number] = (sets[0], word)
                if len(sets) > 1:
                    listed = " and ".join(f"`{each.name}`" for each in sets)
                    self.problems.add(
                        "RW512",
                        word.place,
                        f"`{word}` is a member of {listed}",
                        "give these a sheet of their own",
                    )
            elif declared.attribute(word) is None and key(word) != "from":
                self.problems.add(
                    "RW501",
                    word.place,
                    f"`{word}` is not an attribute of `{declared.name}`",
                    partial(nearest, word, self._headings(declared)),
                )
            else:
                found.stated[number] = word
        return found

    def _headings(self, declared: EntityType) -> list[str]:
        """What may stand in the header of an entity's sheet."""
        above = self.vocabulary.ancestors(key(declared.name))
        below = [self.vocabulary.entities[each] for each in declared.fixed_below]
        return [
            declared.name if declared.members else "name",
            *(each.name for each in declared.attributes.values() if each.given and not each.hidden),
            *(each.name for name, each in self.vocabulary.entities.items() if name in above),
            *(member for each in below if each.main_attribute for member in each.members),
        ]

    def _member_sets(self, declared: EntityType, word: Text) -> list[EntityType]:
        """The fixed sets below an entity type that have a member of that name, and a main attribute
        for its column.
        """
        below = [self.vocabulary.entities[each] for each in declared.fixed_below]
        return [
            each for each in below if each.main_attribute and key(word) in map(key, each.members)
        ]

    # -- rows

    def _entity(self, declared: EntityType, sheet: Sheet) -> None:
        try:
            (_, header), *rows = sheet.table()
        except InputError as error:
            self.problems.take(error)
            return
        columns = self._columns(declared, header)
        is_root = key(declared.name) == self.root.type
        if is_root and len(rows) > 1:
            self.problems.add(
                "RW512",
                rows[1][0],
                f"a case has one `{declared.name}`, and this is a second",
                "write a workbook for each case",
            )
            return
        if declared.members and columns.name is None and rows:
            self.problems.add(
                "RW513",
                Place(sheet.file),
                f"no column says which `{declared.name}` a row is of",
                f"add a column `{declared.name}`",
            )
            return
        for place, cells in rows:
            thing = self.root if is_root else self._place_in_tree(declared, columns, place, cells)
            if thing is None:
                continue
            if is_root:
                thing.tree.place = place
            self._state(declared, columns, cells, thing)

    def _place_in_tree(
        self, declared: EntityType, columns: _Columns, place: Place, cells: list[Text]
    ) -> _Thing | None:
        """The thing that the facts of a row are about: a new one, or a fixed member.

        Raises `InputError` (RW102).
        """
        name = cells[columns.name] if columns.name is not None else Text("")
        parent = self._parent(
            declared,
            {type: cells[number] for number, type in columns.above.items() if cells[number]},
            place,
        )
        if parent is None:
            return None
        if declared.members:
            if not name:
                self.problems.add(
                    "RW513",
                    place_of(name, place),
                    f"the row does not say which `{declared.name}` it is of",
                    nearest("", declared.members),
                )
                return None
            return self._member(parent, declared, name, place)
        self.listed += 1
        refuse_things(self.listed, MAX_THINGS, place)
        tree = Map({Text.at("name", name.place): name} if name else {})
        tree.place = place
        plural = Text.at(declared.plural, Place(place.file))
        listed: Seq = parent.tree.setdefault(plural, Seq())
        listed.append(tree)
        return self._known(_Thing(key(declared.name), " ".join(name.split()), tree, parent))

    def _known(self, thing: _Thing) -> _Thing:
        self.things.setdefault(thing.type, []).append(thing)
        self.called.setdefault((thing.type, key(thing.name)), []).append(thing)
        return thing

    def _parent(self, declared: EntityType, given: dict[str, Text], place: Place) -> _Thing | None:
        """The thing that a row lies below: the lowest of those that its columns name; the outermost
        when they name none.
        """
        for type, name in given.items():
            root = str(self.root.tree.get("name") or self.root.name)
            if (
                key(name) != key(root)
                if type == self.root.type
                else (type, key(name)) not in self.called
            ):
                known = (
                    [root]
                    if type == self.root.type
                    else [each.name for each in self.things.get(type, [])]
                )
                of = self.vocabulary.entities[type]
                self.problems.add(
                    "RW513",
                    name.place,
                    f"there is no `{of.name}` called `{name}`",
                    partial(_meant, name, known, of),
                )
                return None
        wanted = {type: key(name) for type, name in given.items() if type != self.root.type}
        parents = self.vocabulary.parents(key(declared.name))
        found = [self.root] if not wanted and self.root.type in parents else []
        for type in (each for each in parents if each in wanted):
            found += [
                each
                for each in self.called.get((type, wanted[type]), [])
                if wanted.items() <= each.path.items()
            ]
        found = list({tuple(each.path.items()): each for each in reversed(found)}.values())
        if len(found) > 1:
            found = [each for each in found if len(each.path) == len(wanted) + 1] or found
        if len(found) == 1:
            return found[0]
        if not found:
            names = " or ".join(f"`{self.vocabulary.entities[each].name}`" for each in parents)
            shown = " and ".join(f"`{name}`" for name in given.values())
            self.problems.add(
                "RW513",
                next(iter(given.values())).place if given else place,
                f"nothing that a `{declared.name}` can lie below is called {shown}"
                if given
                else f"the row does not say below what the `{declared.name}` lies",
                f"fill the column {names}",
            )
            return None
        name = next(reversed(given.values()))
        above = {each.above.type for each in found if each.above is not None} - {self.root.type}
        fill = " or ".join(f"`{self.vocabulary.entities[each].name}`" for each in sorted(above))
        self.problems.add(
            "RW513",
            name.place,
            f"{len(found)} things are called `{name}`",
            f"fill the column {fill} too",
        )
        return None

    def _all_members(self, declared: EntityType) -> None:
        """Fixed members are always there: other things may lie below them, whether or not a sheet
        says anything of them.
        """
        if not (declared.fixed_below or declared.listed_below):
            return
        for parent in [
            each
            for type in self.vocabulary.parents(key(declared.name))
            for each in self.things.get(type, [])
        ]:
            for member in declared.members:
                self._member(parent, declared, Text(member), parent.tree.place)

    def _member(self, parent: _Thing, declared: EntityType, name: Text, place: Place) -> _Thing:
        """One fixed member, about which something is perhaps stated already."""
        members = parent.tree.setdefault(Text.at(declared.plural, place), Map())
        known = self.members.get((id(parent), key(declared.name), key(name)))
        if known is None:
            members[name] = tree = Map()
            tree.place = place
            known = self.members[id(parent), key(declared.name), key(name)] = self._known(
                _Thing(key(declared.name), str(name), tree, parent)
            )
        return known

    def _state(
        self, declared: EntityType, columns: _Columns, cells: list[Text], thing: _Thing
    ) -> None:
        tree = thing.tree
        if (
            key(declared.name) == self.root.type
            and columns.name is not None
            and cells[columns.name]
        ):
            tree[Text.at("name", cells[columns.name].place)] = cells[columns.name]
        for number, word in columns.stated.items():
            if cells[number]:
                self._one(declared, tree, word, cells[number])
        if columns.members:
            for number, (entity, word) in columns.members.items():
                if cells[number]:
                    at = Text.at(word, cells[number].place)
                    self._one(
                        entity,
                        self._member(thing, entity, at, at.place).tree,
                        Text.at(entity.main_attribute, word.place),
                        cells[number],
                    )

    def _one(self, declared: EntityType, tree: Map, word: Text, value: Text) -> None:
        attribute = declared.attribute(word)
        name = Text.at(attribute.name, word.place) if attribute is not None else word
        if name in tree:
            self.problems.add(
                "RW106",
                value.place,
                f"`{name}` is stated twice",
                f"the first is in {place_of(tree[name])}",
            )
            return
        tree[name] = as_asked(value, attribute.type if attribute is not None else None)


def _meant(name: Text, known: list[str], of: EntityType) -> str:
    return nearest(name, known) or f"write it into the sheet `{sheet_name(of)}`"


def _without_empty(tree: Map) -> None:
    """Takes away the members of which nothing is stated."""
    for word in list(tree):
        below = tree[word]
        if isinstance(below, Seq):
            for each in below:
                _without_empty(each)
        elif isinstance(below, Map):
            _without_empty(below)
            if not below:
                del tree[word]
