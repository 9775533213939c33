"""Sets of changes one by one, in the order of the case, whatever order the solver finds them in."""

from __future__ import annotations

from collections.abc import Iterator

from .circuit import Circuit, Lit
from .formula import Asking
from .open_facts import OpenFact, Option

Change = tuple[OpenFact, Option]


class InOrder:
    """All sets of `size` changes under which all of `given` holds: none smaller does.

    facts: those that some set changes, each with the options that some set takes; always: those
    that every set changes. Knowing these beforehand spares most questions.
    """

    def __init__(
        self, asking: Asking, circuit: Circuit, facts: list[OpenFact], size: int, given: list[Lit]
    ) -> None:
        self._asking, self._circuit, self._size = asking, circuit, size
        self._changed: list[
            int
        ] = []  # the facts changed in the choice found last, by their position in `facts`
        options = {each.lit: fact for fact in facts for each in fact.options}
        never, always = set(options), set(map(id, facts))
        while never and asking.holds([*given, circuit.wanted(never)]):
            never = {each for each in never if not asking.chosen(each)}
            always = {
                id(each) for each in facts if id(each) in always and asking.chosen(each.changed)
            }
        self.facts = [
            (fact, left)
            for fact in facts
            if (left := [each for each in fact.options if each.lit not in never])
        ]
        for fact, _ in self.facts:
            if id(fact) in always and asking.holds([*given, -fact.changed]):
                always = {
                    id(each) for each in facts if id(each) in always and asking.chosen(each.changed)
                }
        self.always = always
        self._here = circuit.new()  # what is known of these sets is said under this
        for lit in never:
            circuit.require(-self._here, -lit)
        for fact, _ in self.facts:
            if id(fact) in always:
                circuit.require(-self._here, fact.changed)
        self._given = [*given, self._here]

    def sets(self) -> Iterator[list[Change]]:
        """Every set: those first that change what stands first."""
        if self._holds(self._given):
            yield from self._after(self._given, [], 0)

    def _after(self, given: list[Lit], before: list[Change], start: int) -> Iterator[list[Change]]:
        """Every set that begins with `before`. The choice found last is one of them."""
        if len(before) == self._size:
            yield before
            return
        while True:
            index = self._next(given, start)
            fact, options = self.facts[index]
            unchanged = [-each.changed for each, _ in self.facts[start:index]]
            given = [*given, *unchanged]
            for option in options:
                chosen = [*given, option.lit]
                if len(options) == 1 or self._holds(chosen):
                    yield from self._after(chosen, [*before, (fact, option)], index + 1)
            start, given = index + 1, [*given, -fact.changed]
            enough_left = len(self.facts) - start >= self._size - len(before)
            if id(fact) in self.always or not enough_left or not self._holds(given):
                return

    def _next(self, given: list[Lit], start: int) -> int:
        """The first fact from `start` on that a set changes before all others from there on; there
        is a set.
        """
        while True:
            found = next(each for each in self._changed if each >= start)
            between = [each.changed for each, _ in self.facts[start:found]]
            if not between or not self._holds([*given, self._circuit.wanted(between)]):
                return found

    def _holds(self, given: list[Lit]) -> bool:
        if not self._asking.holds(given):
            return False
        self._changed = [
            index for index, (fact, _) in enumerate(self.facts) if self._asking.chosen(fact.changed)
        ]
        return True
