"""Propositional gates over numbered variables, as clauses for a SAT solver.

A literal is an integer: `n` a variable, `-n` its negation. The constants are the literals `TRUE`
and `FALSE`. Gates are folded where constants allow it, and equal gates are made once.
"""

from __future__ import annotations

from collections.abc import Iterable

Lit = int
TRUE: Lit = 1
FALSE: Lit = -1


class Circuit:
    """Gates and their clauses. `clauses` grows; a solver takes those it has not seen yet."""

    def __init__(self) -> None:
        self.clauses: list[list[Lit]] = [[TRUE]]
        self._last = TRUE
        self._gates: dict[tuple[Lit, ...], Lit] = {}

    def new(self) -> Lit:
        """A fresh variable."""
        self._last += 1
        return self._last

    def require(self, *literals: Lit) -> None:
        """At least one of these holds."""
        if TRUE not in literals:
            self.clauses.append([each for each in literals if each != FALSE])

    def wanted(self, literals: Iterable[Lit]) -> Lit:
        """A literal to assume where at least one of these shall hold; unlike `any` it says nothing
        where it does not hold.
        """
        asked = self.new()
        self.require(-asked, *literals)
        return asked

    def all(self, literals: Iterable[Lit]) -> Lit:
        """Whether all of these hold."""
        found = set(literals)
        found.discard(TRUE)
        if not found:
            return TRUE
        if FALSE in found:
            return FALSE
        if len(found) == 1:
            return found.pop()
        if any(-each in found for each in found):
            return FALSE
        at = tuple(sorted(found))
        gate = self._gates.get(at)
        if gate is None:
            self._last += 1
            gate = self._gates[at] = self._last
            add = self.clauses.append
            for each in at:
                add([-gate, each])
            add([gate, *(-each for each in at)])
        return gate

    def any(self, literals: Iterable[Lit]) -> Lit:
        """Whether at least one of these holds."""
        return -self.all([-each for each in literals])

    def both(self, one: Lit, other: Lit) -> Lit:
        """`all` of two, the commonest gate."""
        if one in (TRUE, other):
            return other
        if other == TRUE:
            return one
        if FALSE in (one, other) or one == -other:
            return FALSE
        at = (one, other) if one < other else (other, one)
        gate = self._gates.get(at)
        if gate is None:
            self._last += 1
            gate = self._gates[at] = self._last
            self.clauses += ([-gate, one], [-gate, other], [gate, -one, -other])
        return gate

    def either(self, one: Lit, other: Lit) -> Lit:
        """`any` of two."""
        return -self.both(-one, -other)

    def counted(self, literals: Iterable[Lit], most: int | None = None) -> list[Lit]:
        """How many of these hold, in unary: entry `k` says that at least `k + 1` do.

        Not counted beyond `most`.
        """
        sure = 0
        rows: list[list[Lit]] = []
        for each in literals:
            if each == TRUE:
                sure += 1
            elif each != FALSE:
                rows.append([each])
        while len(rows) > 1:  # a balanced tree of sums keeps the formula shallow
            paired = [
                self._added(one, other, most)
                for one, other in zip(rows[::2], rows[1::2], strict=False)
            ]
            rows = paired + ([rows[-1]] if len(rows) % 2 else [])
        found = [TRUE] * sure + (rows[0] if rows else [])
        return found if most is None else found[:most]

    def _added(self, one: list[Lit], other: list[Lit], most: int | None) -> list[Lit]:
        size = len(one) + len(other)
        if most is not None:
            size = min(size, most)
        sums: list[Lit] = []
        for total in range(1, size + 1):
            ways = []
            for i in range(max(0, total - len(other)), min(total, len(one)) + 1):
                left = one[i - 1] if i else TRUE
                right = other[total - i - 1] if total > i else TRUE
                ways.append(self.both(left, right))
            sums.append(self.any(ways))
        return sums
