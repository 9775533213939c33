"""Facts that several cases share: `given:` names files of facts, which are laid under what a case states itself.

A file of facts begins with `facts: NAME` and else holds what a case may hold, without expectations. Its `given` may name
further files. What a case states itself stands above; of several files a later one stands above an earlier one. Mappings are
laid over each other word by word, lists of named things thing by thing (of judgements by their attribute); any other list
takes the place of the one below it.
"""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import Any

from .errors import InputError, Place, Problem, Problems, nearest
from .loading import load_yaml_file
from .text import Map, Seq, Text, key, place_of

FACTS = "facts"  # with this word a file of facts begins
_NOT_SHARED = ("case", "scenarios", "rows", "columns", "expect", "under", "under reading")
_FOR_READERS = (FACTS, "about", "given")


class Given:
    """The files of facts that the cases of one file name; each is read once.

    folder: where that file lies; shown: the name of that folder in messages.
    """

    def __init__(self, folder: Path, shown: str) -> None:
        self.folder, self.shown = folder, shown
        self._read: dict[Path, Map] = {}

    def under(self, tree: Map) -> Map:
        """A case with the facts that it is given. Raises `InputError` (RW813, RW814, what is wrong with a file)."""
        return self._under(tree, self.folder, self.shown, ())

    def _under(self, tree: Map, folder: Path, shown: str, above: tuple[Path, ...]) -> Map:
        if "given" not in tree:
            return tree
        base = Map()
        for name in _names(tree):
            path = folder / name
            file = posixpath.normpath(posixpath.join(shown, name))
            if _real(path) in above:
                raise InputError(Problem(name.place, "RW813", f"the facts of `{name}` are given themselves: the files name each other "
                                         "in a circle", "take out one `given`"))  # fmt: skip
            facts = self._facts(path, file, name)
            whole = self._under(facts, path.parent, posixpath.dirname(file), (*above, _real(path)))
            base = laid_over(Map({word: value for word, value in whole.items() if word not in _FOR_READERS}), base)
        found = laid_over(Map({word: value for word, value in tree.items() if word != "given"}), base)
        found.place = tree.place
        return found

    def _facts(self, path: Path, file: str, name: Text) -> Map:
        known = self._read.get(_real(path))
        if known is None:
            if not os.path.exists(path):
                raise InputError(Problem(name.place, "RW813", f"there is no file `{file}`", nearest(name, _beside(path, name))))
            tree = load_yaml_file(path, file)
            if not is_facts(tree):
                raise InputError(Problem(name.place, "RW813", f"`{file}` is not a file of facts", "such a file begins with `facts: NAME`"))
            problems = Problems()
            for word in tree:
                if word in _NOT_SHARED:
                    problems.add("RW814", place_of(word), f"`{word}` does not belong into a file of facts",
                                 "write it into the scenarios that are given these facts")  # fmt: skip
            problems.stop_if_any()
            known = self._read[_real(path)] = tree
        return known


def is_facts(tree: Any) -> bool:
    """Whether a file holds facts that are shared, not a case."""
    return isinstance(tree, Map) and FACTS in tree and "case" not in tree and "scenarios" not in tree


def laid_over(own: Map, below: Map) -> Map:
    """A mapping over another. Raises `InputError` (RW814) where the two have different shapes."""
    words = {key(word): word for word in own}
    found = Map({word: value for word, value in below.items() if key(word) not in words})
    under = {key(word): value for word, value in below.items()}
    for word, value in own.items():
        found[word] = _over(word, value, under[key(word)]) if key(word) in under else value
    found.place = own.place
    return found


def _over(word: Text, own: Any, below: Any) -> Any:
    if own is None or below is None or (_is_value(own) and _is_value(below)):
        return own
    if isinstance(own, Map) and isinstance(below, Map):
        return laid_over(own, below)
    if isinstance(own, list) and isinstance(below, list):
        return _things_over(own, below)
    raise InputError(Problem(place_of(own, place_of(word)), "RW814",
                             f"`{word}` is {_shape(own)} here and {_shape(below)} in {place_of(below, Place('the facts given'))}",
                             "write both in one shape"))  # fmt: skip


def _things_over(own: list[Any], below: list[Any]) -> Seq:
    """A list of named things over another: things of one name are laid over each other, the others stand side by side."""
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
            found[number] = laid_over(each, below[number])
    return found


def _identity(thing: Any) -> str:
    named = (thing.get("name") or thing.get("attribute")) if isinstance(thing, Map) else None
    return key(named) if isinstance(named, Text) else ""


def _is_value(value: Any) -> bool:
    """Whether this states one value, perhaps with where it was taken from."""
    return isinstance(value, Text) or (isinstance(value, Map) and "value" in value)


def _shape(value: Any) -> str:
    return "a mapping" if isinstance(value, Map) else "a list" if isinstance(value, list) else "one value"


def _names(tree: Map) -> list[Text]:
    given = tree["given"]
    names = given if isinstance(given, list) else [given]
    if not names or not all(isinstance(each, Text) and each.strip() for each in names):
        word = next(each for each in tree if each == "given")
        raise InputError(Problem(place_of(given, place_of(word)), "RW813", "`given` names no file of facts",
                                 "write the name of a file, or a list of names"))  # fmt: skip
    return names


def _beside(path: Path, name: Text) -> list[str]:
    """The files that might be meant, as one would write them."""
    folder = posixpath.dirname(name)
    try:
        return [posixpath.join(folder, each.name) for each in sorted(path.parent.iterdir()) if each.suffix in (".yaml", ".yml")]
    except OSError:
        return []


def _real(path: Path) -> Path:
    return Path(posixpath.abspath(path.as_posix()))
