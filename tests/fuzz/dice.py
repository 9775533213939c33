"""Where the choices of a generator come from."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Dice:
    """A source of choices.

    `below(n)` is a whole number from 0 to n - 1; small numbers are the simple choices.
    """

    def __init__(self, below: Callable[[int], int]) -> None:
        self.below = below

    def chance(self, percent: int) -> bool:
        """True about that often; false is the simple answer."""
        return self.below(100) >= 100 - percent

    def number(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[tuple[int, T]]) -> T:
        """One of (weight, option)."""
        at = self.below(sum(weight for weight, _ in options))
        for weight, option in options:
            if at < weight:
                return option
            at -= weight
        raise AssertionError

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        """Between `low` and `high` of the options, in their order."""
        wanted = min(self.number(low, max(low, high)), len(options))
        left = list(range(len(options)))
        chosen = sorted(left.pop(self.below(len(left))) for _ in range(wanted))
        return [options[each] for each in chosen]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]


def seeded(seed: int | str) -> Dice:
    """Dice that fall the same way for the same seed."""
    generator = random.Random(seed)
    return Dice(lambda n: int(generator.random() * n))


def dice() -> st.SearchStrategy[Dice]:
    """Dice as a Hypothesis strategy.

    Only their seed is drawn: a draw for each choice takes a hundred times as long, and what
    Hypothesis makes of a long tape of choices is mostly small rulebooks. Failures are made small by
    `shrinking.smallest`, which knows what a rulebook is.
    """
    return st.integers(0, 2**64 - 1).map(seeded)
