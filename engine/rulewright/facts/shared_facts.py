"""Facts that several cases share: `given:` names files of facts, which are laid under what a case
states itself.

A file of facts begins with `facts: NAME` and else holds what a case may hold, without expectations.
Its `given` may name further files. What a case states itself stands above; of several files a later
one stands above an earlier one. Mappings are laid over each other word by word, lists of named
things thing by thing (of judgements by their attribute); any other list takes the place of the one
below it.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.files import MAX_BYTES, Folders, lies_in, read_bytes
from rulewright.syntax.text import Map, Seq, Text, key, place_of
from rulewright.syntax.yaml_loader import decoded, load_yaml

T = TypeVar("T")
MAX_GIVEN = 1_000  # files of facts for one case
MAX_LAID = 2_000_000  # words and things that are laid over others for one case
_EACH_TIME = 10  # so much is counted for laying nothing over nothing
FACTS = "facts"  # with this word a file of facts begins
_NOT_SHARED = ("case", "scenarios", "rows", "columns", "expect", "under", "under reading")
_FOR_READERS = (FACTS, "about", "given")


@dataclass(frozen=True)
class _Whole:
    """A file of facts with all that it is given itself. files: it and those."""

    facts: Map
    files: frozenset[str]


@dataclass
class _Open:
    """A case or file of facts whose `given` is being laid under it."""

    file: str  # its real name; nothing for a case
    tree: Map
    folder: Path
    shown: str
    names: list[Text]
    laid: int = 0  # how many of them are in `base`
    base: Map = field(default_factory=Map)
    files: set[str] = field(default_factory=set)


class SharedFacts:
    """The files of facts that the cases of one file name. Each is read once, and laid over what it
    is given itself once.

    folder: where the file of cases lies; shown: the name of that folder in messages; within: the
    folders below which the files have to lie.
    """

    def __init__(self, folder: Path, shown: str, within: Folders) -> None:
        self.folder, self.shown, self.within = folder, shown, within
        self._real: dict[tuple[Path, str], str] = {}
        self._read: dict[str, Any] = {}  # what stands in the files, or what is wrong with them
        self._wholes: dict[str, _Whole] = {}
        self._bytes = 0

    def under(self, tree: Map) -> Map:
        """A case with the facts that it is given.

        Raises `InputError` (RW102, RW124, RW813, RW814, what is wrong with a file).
        """
        if "given" not in tree:
            return tree
        laying = _Laying(place_of(tree["given"], place_of(tree)))
        opened = [_Open("", tree, self.folder, self.shown, _names(tree))]
        while True:
            here = opened[-1]
            if here.laid < len(here.names):
                name = here.names[here.laid]
                whole = self._wholes.get(self._real.get((here.folder, name), ""))
                if whole is None:
                    self._open(name, here, opened)
                else:
                    here.files |= whole.files
                    _refuse_many(len(here.files), name)
                    here.base = laying.over(whole.facts, here.base)
                    here.laid += 1
                continue
            found = laying.over(
                Map({word: value for word, value in here.tree.items() if word != "given"}),
                here.base,
            )
            found.place = here.tree.place
            opened.pop()
            if not opened:
                return found
            shared = Map({word: value for word, value in found.items() if word not in _FOR_READERS})
            self._wholes[here.file] = _Whole(shared, frozenset({here.file, *here.files}))

    def _open(self, name: Text, above: _Open, opened: list[_Open]) -> None:
        """Begin with a file that is given and was not read yet. Raises `InputError`."""
        path, file = (
            self.path(above.folder, name),
            posixpath.normpath(posixpath.join(above.shown, name)),
        )
        real = self._real[above.folder, name] = posixpath.abspath(path.as_posix())
        if real in self._wholes:  # by another name
            return
        if any(each.file == real for each in opened):
            raise InputError(
                Problem(
                    name.place,
                    "RW813",
                    f"the facts of `{name}` are given themselves: the files name each other "
                    "in a circle",
                    "take out one `given`",
                )
            )
        _refuse_many(len(opened), name)
        tree = self._facts(path, file, name, real)
        opened.append(
            _Open(
                real,
                tree,
                path.parent,
                posixpath.dirname(file),
                _names(tree) if "given" in tree else [],
            )
        )

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What stands in a file, which is read when it is first named.

        Raises what `read` raises, each time the same.
        """
        if name not in self._read:
            try:
                self._read[name] = read()
            except InputError as error:
                self._read[name] = error
        found = self._read[name]
        if isinstance(found, InputError):
            raise found
        return cast("T", found)

    def path(self, folder: Path, name: Text) -> Path:
        """The file that is named in a file of that folder. Raises `InputError` (RW124)."""
        path = folder / name
        refuse_outside(path, name, self.within)
        return path

    def _facts(self, path: Path, file: str, name: Text, real: str) -> Map:
        if not os.path.exists(path):
            raise InputError(
                Problem(
                    name.place,
                    "RW813",
                    f"there is no file `{file}`",
                    nearest(name, _beside(path, name)),
                )
            )
        tree: Any = self.once(real, partial(self._tree, path, file, name))
        if not is_facts(tree):
            raise InputError(
                Problem(
                    name.place,
                    "RW813",
                    f"`{file}` is not a file of facts",
                    "such a file begins with `facts: NAME`",
                )
            )
        problems = Problems()
        for word in tree:
            if word in _NOT_SHARED:
                problems.add(
                    "RW814",
                    place_of(word),
                    f"`{word}` does not belong into a file of facts",
                    "write it into the scenarios that are given these facts",
                )
        problems.stop_if_any()
        return cast("Map", tree)

    def _tree(self, path: Path, file: str, name: Text) -> Any:
        data = read_bytes(path, file, self.within)
        self._bytes += len(data)
        if self._bytes > MAX_BYTES:
            raise InputError(
                Problem(
                    name.place,
                    "RW102",
                    f"the facts that are given have more than {MAX_BYTES:,} bytes together",
                    "split the cases into several files",
                )
            )
        return load_yaml(decoded(data, file), file)


def refuse_outside(path: Path, name: Text, within: Folders) -> None:
    """Whatever the name leads to, it is not even looked for.

    Raises `InputError` (RW124) where a file lies elsewhere, of that `name`.
    """
    if not lies_in(path, within):
        raise InputError(
            Problem(
                name.place,
                "RW124",
                f"`{name}` leads out of the folder that was named",
                "put the file below it, or name in `RULEWRIGHT_WITHIN` the folder that holds both",
            )
        )


def _refuse_many(number: int, name: Text) -> None:
    if number > MAX_GIVEN:
        raise InputError(
            Problem(
                name.place,
                "RW102",
                f"the case is given more than {MAX_GIVEN:,} files of facts",
                "put the facts into fewer files",
            )
        )


def is_facts(tree: Any) -> bool:
    """Whether a file holds facts that are shared, not a case."""
    return (
        isinstance(tree, Map) and FACTS in tree and "case" not in tree and "scenarios" not in tree
    )


def laid_over(own: Map, below: Map) -> Map:
    """A mapping over another.

    Raises `InputError` (RW102, RW814 where the two have different shapes).
    """
    return _Laying(place_of(own)).over(own, below)


class _Laying:
    """Lays mappings over each other, and gives up where that never ends. place: of what is laid."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.left = MAX_LAID

    def _touch(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise InputError(
                Problem(
                    self.place,
                    "RW102",
                    f"more than {MAX_LAID:,} facts are laid over each other",
                    "name fewer files under `given`",
                )
            )

    def over(self, own: Map, below: Map) -> Map:
        """A mapping over another. Raises `InputError` (RW102, RW814)."""
        self._touch(len(own) + len(below) + _EACH_TIME)
        words = {key(word): word for word in own}
        found = Map({word: value for word, value in below.items() if key(word) not in words})
        under = {key(word): value for word, value in below.items()}
        for word, value in own.items():
            found[word] = self._one(word, value, under[key(word)]) if key(word) in under else value
        found.place = own.place
        return found

    def _one(self, word: Text, own: Any, below: Any) -> Any:
        if own is None or below is None or (_is_value(own) and _is_value(below)):
            return own
        if isinstance(own, Map) and isinstance(below, Map):
            return self.over(own, below)
        if isinstance(own, list) and isinstance(below, list):
            return self._things(own, below)
        raise InputError(
            Problem(
                place_of(own, place_of(word)),
                "RW814",
                f"`{word}` is {_shape(own)} here and {_shape(below)} in {place_of(below, Place('the facts given'))}",
                "write both in one shape",
            )
        )

    def _things(self, own: list[Any], below: list[Any]) -> Seq:
        """A list of named things over another: things of one name are laid over each other, the
        others stand side by side.
        """
        self._touch(len(own) + len(below))
        found = Seq(below)
        found.place = place_of(own)
        if not all(map(_identity, (*own, *below))):
            found[:] = own
            return found
        known = {_identity(each): number for number, each in enumerate(below)}
        for each in own:
            number = known.get(_identity(each))
            if number is None:
                found.append(each)
            else:
                found[number] = self.over(each, below[number])
        return found


def _identity(thing: Any) -> str:
    named = (thing.get("name") or thing.get("attribute")) if isinstance(thing, Map) else None
    return key(named) if isinstance(named, Text) else ""


def _is_value(value: Any) -> bool:
    """Whether this states one value, perhaps with where it was taken from."""
    return isinstance(value, Text) or (isinstance(value, Map) and "value" in value)


def _shape(value: Any) -> str:
    return (
        "a mapping"
        if isinstance(value, Map)
        else "a list"
        if isinstance(value, list)
        else "one value"
    )


def _names(tree: Map) -> list[Text]:
    given = tree["given"]
    names = given if isinstance(given, list) else [given]
    if not names or not all(isinstance(each, Text) and each.strip() for each in names):
        word = next(each for each in tree if each == "given")
        raise InputError(
            Problem(
                place_of(given, place_of(word)),
                "RW813",
                "`given` names no file of facts",
                "write the name of a file, or a list of names",
            )
        )
    return names


def _beside(path: Path, name: Text) -> list[str]:
    """The files that might be meant, as one would write them."""
    folder = posixpath.dirname(name)
    try:
        return [
            posixpath.join(folder, each.name)
            for each in sorted(path.parent.iterdir())
            if each.suffix in (".yaml", ".yml")
        ]
    except OSError:
        return []
