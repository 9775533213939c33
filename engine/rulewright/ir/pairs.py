"""Pairs of rules of one attribute, by their numbers: of many rules there are millions, so each rule
holds its partners as bits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from itertools import compress
from operator import itemgetter

_RUN = re.compile("1+")
_TRUTH = bytes.maketrans(b"01", b"\0\1")


class Pairs(Set[tuple[int, int]]):
    """A set of pairs (i, j), i < j < `size`.

    `partners`: for each i the numbers above it, as a bit mask that begins at i + 1.
    """

    __slots__ = PACKED = ("partners",)

    def __init__(self, partners: Iterable[int]) -> None:
        self.partners = tuple(partners)

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Pairs:
        """Some pairs."""
        partners: dict[int, int] = {}
        for i, j in pairs:
            partners[i] = partners.get(i, 0) | 1 << (j - i - 1)
        return cls(partners.get(i, 0) for i in range(max(partners, default=-1) + 1))

    @classmethod
    def of_runs(cls, runs: Iterable[Iterable[Iterable[int]]]) -> Pairs:
        """What `runs` gives. Raises `ValueError` when it is not that."""
        every = [[(first, last) for first, last in each] for each in runs]
        partners = [0] * len(every)
        for i, each in enumerate(every):
            after = i
            for first, last in each:
                if not after < first <= last < len(every):
                    raise ValueError(
                        f"{first} to {last} is not a run of rules after rule {after} of {len(every)}"
                    )
                partners[i] |= (1 << last - i) - (1 << first - i - 1)
                after = last
        return cls(partners)

    def runs(self) -> Iterator[list[tuple[int, int]]]:
        """For each number the runs of those that it makes a pair with, first and last."""
        for i, bits in enumerate(self.partners):
            text = f"0{bits:b}"[::-1]
            yield [(i + 1 + found.start(), i + found.end()) for found in _RUN.finditer(text)]

    def __contains__(self, pair: object) -> bool:
        if not isinstance(pair, tuple):
            return False
        i, j = pair
        return 0 <= i < len(self.partners) and i < j and bool(self.partners[i] >> (j - i - 1) & 1)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for i, bits in enumerate(self.partners):
            yield from ((i, i + 1 + at) for at in numbers(bits))

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self.partners)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pairs):
            return Set.__eq__(self, other) if isinstance(other, Set) else NotImplemented
        return self.partners == other.partners or len(self) == len(other) == sum(
            (one & two).bit_count() for one, two in zip(self.partners, other.partners, strict=False)
        )

    def __hash__(self) -> int:
        return self._hash()

    def __reduce__(self) -> tuple[type[Pairs], tuple[tuple[int, ...]]]:
        return Pairs, (self.partners,)

    def without(self, size: int) -> Iterator[tuple[int, int]]:
        """The pairs of the numbers below `size` that are not in it."""
        for i in range(size):
            bits = self.partners[i] if i < len(self.partners) else 0
            yield from ((i, i + 1 + at) for at in numbers(~bits & (1 << (size - i - 1)) - 1))

    def written(self) -> Iterator[str]:
        """The pairs as JSON, `[1, 2]`, in the order of these texts, in pieces: those of one number
        together, joined by `","`.
        """
        size = max((i + 1 + bits.bit_length() for i, bits in enumerate(self.partners)), default=0)
        names = sorted(map(str, range(size)), key=lambda name: f"{name},")
        seconds = sorted(map(str, range(size)), key=lambda name: f"{name}]")
        # at least two, where there is a pair
        in_order = itemgetter(*(size - 1 - int(each) for each in seconds)) if size else tuple
        ends = [f"{each}]" for each in seconds]
        for name in names:
            i = int(name)
            bits = self.partners[i] if i < len(self.partners) else 0
            if bits:
                holds = f"{bits << (i + 1):0{size}b}".encode().translate(
                    _TRUTH
                )  # for each number from the last to the first
                yield f"[{name}, " + f'","[{name}, '.join(compress(ends, in_order(holds)))


def numbers(bits: int) -> Iterator[int]:
    """The numbers that a bit mask holds, in order."""
    at = -1
    text = bin(bits)[:1:-1]
    while (at := text.find("1", at + 1)) >= 0:
        yield at
