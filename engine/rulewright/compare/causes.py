"""Which changes a difference comes from: the smallest set of which undoing all undoes it, and
undoing fewer does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rulewright.ir.nodes import NodeKey

from .partial_revert import Undoing, Undone
from .runner import DifferingAttribute, Ran, different
from .view import InACircle, Said

# of a set of so many changes every subset is tried; of a larger one each that lacks a single change
MOST_TRIED = 8


class Causes:
    """Finds the causes of differences; what was found for one is tried first for the next."""

    def __init__(self, undoing: Undoing) -> None:
        self.undoing = undoing
        self._known: dict[
            object, list[Undone]
        ] = {}  # of differences alike, and of those of one attribute
        self._all: list[Undone] = []
        self._on_path: dict[NodeKey, tuple[int, ...]] = {}

    def copy(self) -> Causes:
        """One that knows the same, and whose further findings are its own."""
        found = Causes(self.undoing)
        found._known = {alike: list(known) for alike, known in self._known.items()}
        found._all, found._on_path = list(self._all), self._on_path
        return found

    def cause(self, ran: Ran, found: DifferingAttribute) -> Undone:
        """The numbers of the units that cause a difference."""
        path = frozenset(self.on_path(found.where))
        known = self._known.setdefault(found.alike, [])
        near = self._known.setdefault(
            (found.where.entity, found.where.parent, found.where.attribute), []
        )
        for each in dict.fromkeys((*known, *near, *self._all)):
            if each <= path and is_cause(ran, found, each):
                return self._learnt(each, known, near)
        return self._learnt(self._searched(ran, found, path), known, near)

    def _learnt(self, cause: Undone, *lists: list[Undone]) -> Undone:
        """What is tried first for the next difference of the kind: smaller sets before larger
        ones.
        """
        for each in (*lists, self._all):
            if cause not in each:
                each.append(cause)
                each.sort(key=lambda one: (len(one), sorted(one)))
        return cause

    def on_path(self, where: NodeKey) -> tuple[int, ...]:
        """The units that an attribute hangs on: it reads what they change, or what reads it."""
        if where not in self._on_path:
            undoing = self.undoing
            lines = {
                each.text
                for program in (undoing.old, undoing.new)
                for each in program.withdrawals
                if each.attribute == where.attribute and where.kind in each.kinds
            }
            starts = {where} | _read_by_withdrawals(undoing, where)
            below = undoing.below(starts)
            self._on_path[where] = tuple(
                unit.number
                for unit in undoing.units
                if undoing.touches(unit) & below or unit.shown & starts or unit.withdrawn & lines
            )
        return self._on_path[where]

    def _searched(self, ran: Ran, found: DifferingAttribute, path: Undone) -> Undone:
        # undoing all is the old policy
        start = path if undoes(ran, found, path) else self.undoing.all
        for each in sorted(start):
            if undoes(ran, found, frozenset({each})):
                return frozenset({each})
        cause = frozenset(_smallest(ran, found, frozenset(), frozenset(), tuple(sorted(start))))
        return next((each for each in _subsets(cause) if undoes(ran, found, each)), cause)


def undoes(ran: Ran, found: DifferingAttribute, undone: Undone) -> bool:
    """Whether undoing these units undoes a difference: the case then says what it said under the
    old policy.
    """
    if not undone:
        return False
    try:
        view = ran.view(undone)
        return view is not None and not _differs(view.said(found.spot), found)
    except InACircle:
        return False


def _differs(said: Said, found: DifferingAttribute) -> bool:
    """Whether what is said still differs from before, in that in which it did."""
    about = different(found.before, said)
    if found.about == "value":
        return about == "value"
    return (
        about is not None if found.about == "deciding rule" else about in ("value", "publication")
    )


def is_cause(ran: Ran, found: DifferingAttribute, undone: Undone) -> bool:
    """Whether undoing these units undoes a difference and undoing fewer of them does not."""
    return undoes(ran, found, undone) and not any(
        undoes(ran, found, each) for each in _subsets(undone)
    )


def _subsets(undone: Undone) -> Iterator[Undone]:
    """The proper subsets, smallest first; of a large set those that lack one."""
    sizes = range(1, len(undone)) if len(undone) <= MOST_TRIED else (len(undone) - 1,)
    for size in sizes:
        yield from map(frozenset, combinations(sorted(undone), size))


def _smallest(
    ran: Ran, found: DifferingAttribute, kept: Undone, added: Undone, rest: tuple[int, ...]
) -> Iterator[int]:
    """QuickXplain: of `rest` what is needed beside `kept`. `added`: what `kept` got last."""
    if added and undoes(ran, found, kept):
        return
    if len(rest) == 1:
        yield from rest
        return
    first, second = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    needed = tuple(_smallest(ran, found, kept | set(first), frozenset(first), second))
    yield from needed
    yield from _smallest(ran, found, kept | set(needed), frozenset(needed), first)


def _read_by_withdrawals(undoing: Undoing, where: NodeKey) -> set[NodeKey]:
    """What the conditions of withdrawals look at, and the value that is shown until they hold."""
    from rulewright.compiler.dependencies import reads
    from rulewright.compiler.scope import kinds_of, scope_of_read
    from rulewright.syntax.text import key

    found = set()
    for program in (undoing.old, undoing.new):
        scope = scope_of_read(
            undoing.vocabulary, *kinds_of(undoing.vocabulary, key(undoing.vocabulary.root.name))
        )
        for each in program.withdrawals:
            if each.attribute == where.attribute and where.kind in each.kinds:
                found |= reads(each.once, scope) if each.once is not None else set()
                if each.until_then:
                    found.add(NodeKey(where.entity, where.parent, where.member, each.until_then))
    return found
