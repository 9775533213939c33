"""Results, kept by the very objects that they were made of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Results by the objects, and perhaps a name, that they were made of: for what never changes
    once it is made.

    An object that equals another is not that object, so nothing need be compared. The objects are
    held as long as the result is, so that no later object is taken for one of them. `most`: how
    many results are kept, those last asked for.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[tuple[Hashable, ...], tuple[T, tuple[object, ...]]] = OrderedDict()

    def found(self, of: tuple[object, ...], name: Hashable = None) -> T | None:
        """The result that is kept for these objects, if any."""
        which = (name, *map(id, of))
        found = self._found.get(which)
        if found is None:
            return None
        self._found.move_to_end(which)
        return found[0]

    def keep(self, of: tuple[object, ...], result: T, name: Hashable = None) -> T:
        """Keep a result."""
        self._found[name, *map(id, of)] = result, of
        if len(self._found) > self._most:
            self._found.popitem(last=False)
        return result

    def made(self, of: tuple[object, ...], make: Callable[[], T], name: Hashable = None) -> T:
        """The result that is kept for these objects, else what `make` gives."""
        found = self.found(of, name)
        return self.keep(of, make(), name) if found is None else found
