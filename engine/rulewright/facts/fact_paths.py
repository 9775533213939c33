"""Facts that are stated by their paths, put into the tree of a case: `North Hospital > Maternity >
safe` and a value.

The things themselves stand in the tree already; fixed members need not. A path may name the lists
on its way (`trust > locations > North Hospital`) or leave them out; one that ends at a thing means
what a single value there stands for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rulewright.ir.types import as_asked
from rulewright.ir.vocabulary import EntityType, Vocabulary
from rulewright.syntax.errors import Problems, nearest
from rulewright.syntax.text import Map, Seq, Text, key, place_of


def stated(
    tree: Map, facts: Iterable[tuple[Text, Any]], vocabulary: Vocabulary, problems: Problems
) -> Map:
    """The tree of a case with these facts in it; the tree given stays as it is.

    Notes RW815 for a path that is no fact, or that names the same one as another.
    """
    root = vocabulary.root
    word = next((each for each in tree if key(each) == key(root.name)), Text(root.name))
    here = tree.get(word)
    taken: dict[str, Text] = {}  # where facts were put, by the columns that say so
    for path, value in facts:
        steps = [" ".join(each.split()) for each in path.split(">")]
        own = here.get("name") if isinstance(here, Map) else None
        if len(steps) > 1 and key(steps[0]) in (key(root.name), key(own or root.name)):
            steps = steps[1:]
        putting = _Putting(path, value, vocabulary, problems)
        here = putting.into(here, root, steps)
        first = taken.setdefault(putting.at, path) if putting.at else path
        if first is not path:
            problems.add(
                "RW815",
                path.place,
                f"the columns `{first}` and `{path}` name one fact",
                "keep one of them",
            )
    found = Map(tree)
    found.place = tree.place
    if here is not None:
        found[word] = here
    return found


class _Putting:
    """One fact on its way to its place. Every mapping and list on the way is copied."""

    def __init__(self, path: Text, value: Any, vocabulary: Vocabulary, problems: Problems) -> None:
        self.path, self.value, self.vocabulary, self.problems = path, value, vocabulary, problems
        # where it was put: the things on the way and the attribute; empty where it leads to no fact
        self.at = ""

    def into(self, here: Any, declared: EntityType, steps: list[str], only: str = "") -> Any:
        """`here`, what is stated of a thing of that type, with the fact at the end of the steps.

        `only`: the kind below that was named.
        """
        if here is not None and not isinstance(here, Map | Text):
            self.at = ""
            return here  # told when the case is read
        tree = self._as_mapping(here, declared)
        below = self._below(tree, declared, steps, only)
        if below is not None:
            return below
        attribute = declared.attribute(steps[0]) if len(steps) == 1 and not only else None
        if not steps and declared.main_attribute:
            attribute = declared.attribute(declared.main_attribute)
        if attribute is not None and not attribute.hidden:
            if not attribute.given:
                self._wrong(
                    f"`{self.path}` is derived: the rules conclude it",
                    f"name the column `supplied > {self.path}`",
                )
                return here
            word = next(
                (each for each in tree if key(each) == key(attribute.name)),
                Text.at(attribute.name, self.path.place),
            )
            tree[word] = (
                as_asked(self.value, attribute.type) if isinstance(self.value, Text) else self.value
            )
            self.at += f" > {key(attribute.name)}"
            return tree
        names = [
            *self._things(tree, declared),
            *(each.name for each in declared.attributes.values() if each.given and not each.hidden),
        ]
        missing = steps[0] if steps else ""
        what = (
            f"`{missing}` is no fact of a {declared.name} and no thing below it"
            if missing
            else f"it names a {declared.name}, not a fact"
        )
        self._wrong(f"the column `{self.path}` leads nowhere: {what}", nearest(missing, names))
        return here

    def _as_mapping(self, here: Any, declared: EntityType) -> Map:
        if isinstance(here, Text):
            tree = Map({Text.at(declared.main_attribute, here.place): here})
        else:
            tree = Map(here or {})
        tree.place = place_of(here, place_of(self.value, self.path.place))
        return tree

    def _below(self, tree: Map, declared: EntityType, steps: list[str], only: str) -> Map | None:
        """The tree with the fact in a thing below it, where the first step names one, or the list
        that holds it.
        """
        for name in (*declared.fixed_below, *declared.listed_below) if steps else ():
            if only and name != only:
                continue
            child = self.vocabulary.entities[name]
            word = next(
                (each for each in tree if key(each) in (key(child.plural), key(child.name))),
                Text.at(child.plural, self.path.place),
            )
            written = tree.get(word)
            if (
                child.members
                and key(steps[0]) in map(key, child.members)
                and (written is None or isinstance(written, Map))
            ):
                tree[word] = self._in_member(written, child, steps)
                return tree
            position = self._position(written, steps[0]) if not child.members else None
            if isinstance(written, list) and position is not None:
                things = Seq(written)
                things.place = place_of(written)
                self.at += f" > {name} {position}"
                things[position] = self.into(written[position], child, steps[1:])
                tree[word] = things
                return tree
            if (
                not only
                and len(steps) > 1
                and key(steps[0]) in (key(child.plural), key(child.name))
            ):
                return self.into(tree, declared, steps[1:], name)  # type: ignore[no-any-return]
        return None

    def _in_member(self, written: Map | None, child: EntityType, steps: list[str]) -> Map:
        members = Map(written or {})
        members.place = place_of(written, self.path.place)
        member = next(
            (each for each in members if key(each) == key(steps[0])),
            Text.at(steps[0], self.path.place),
        )
        self.at += f" > {key(member)}"
        members[member] = self.into(members.get(member), child, steps[1:])
        return members

    @staticmethod
    def _position(written: Any, name: str) -> int | None:
        if not isinstance(written, list):
            return None
        return next(
            (
                number
                for number, each in enumerate(written)
                if isinstance(each, Map)
                and isinstance(each.get("name"), Text)
                and key(each["name"]) == key(name)
            ),
            None,
        )

    def _things(self, tree: Map, declared: EntityType) -> list[str]:
        """The names of what stands below a thing."""
        found: list[str] = []
        for name in (*declared.fixed_below, *declared.listed_below):
            child = self.vocabulary.entities[name]
            found += child.members
            written = next(
                (
                    value
                    for word, value in tree.items()
                    if key(word) in (key(child.plural), key(child.name))
                ),
                None,
            )
            found += (
                [str(each["name"]) for each in written if isinstance(each, Map) and "name" in each]
                if isinstance(written, list)
                else []
            )
        return found

    def _wrong(self, message: str, help: str) -> None:
        self.at = ""
        self.problems.add("RW815", self.path.place, message, help)
