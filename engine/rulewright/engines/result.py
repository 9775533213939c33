"""What an engine answers: for each attribute of each entity its possible values, and the rules behind them.

Engines share only these shapes. Two engines agree when their `Result`s are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from rulewright.language.types import Type, Value

# Whether a condition holds: for every possible value, for none, or for some.
NOT_MET, UNDECIDED, MET = 0, 1, 2
Status = int
STATUS_WORDS = ("not met", "undecided", "met")

# What may become of one item of a quantity, as a set of bits: passed over, counted, not counted.
OUT, YES, NO = 1, 2, 4
Outcomes = int
Tally = tuple[Outcomes, ...]  # one for each item of a collection, in the order of the case


class Interval(NamedTuple):
    """All numbers (or days) from `low` to `high`, both included; `None`: no end."""

    low: int | Fraction | None
    high: int | Fraction | None


class Anything(NamedTuple):
    """Any text."""

    text: bool = True


Values = tuple[Value, ...] | Interval | Anything


class Possible(NamedTuple):
    """The possible values of an attribute: values (in the order of their type), perhaps *no value*, perhaps a conflict."""

    values: Values
    no_value: bool = False
    conflict: bool = False

    @property
    def determined(self) -> bool:
        """Whether exactly one is left (a conflict determines nothing)."""
        if self.conflict:
            return False
        return self.no_value if self.values == () else not self.no_value and self.single

    @property
    def single(self) -> bool:
        """Whether exactly one value that is a value is left."""
        if isinstance(self.values, Interval):
            return self.values.low is not None and self.values.low == self.values.high
        return not isinstance(self.values, Anything) and len(self.values) == 1

    @property
    def value(self) -> Value:
        """The one value left (`None`: no value)."""
        if isinstance(self.values, Interval):
            return self.values.low
        return self.values[0] if self.values and not isinstance(self.values, Anything) else None

    def show(self, kind: Type) -> list[str]:
        """The possible values in words."""
        shown: list[str] = []
        if isinstance(self.values, Anything):
            shown.append("any text")
        elif isinstance(self.values, Interval):
            low, high = self.values
            if low is not None and low == high:
                shown.append(kind.show(low))
            elif low is None and high is None:
                shown.append(f"any {kind.describe()}")
            elif high is None:
                shown.append(f"{kind.show(low)} or more")
            elif low is None:
                shown.append(f"up to {kind.show(high)}")
            else:
                shown.append(f"{kind.show(low)}..{kind.show(high)}")
        else:
            shown += [kind.show(each) for each in self.values]
        return shown + ["no value"] * self.no_value + ["conflict"] * self.conflict


class Finding(NamedTuple):
    """What became of one condition: its status; a tally for each collection in it, from left to right; its parts."""

    status: Status
    tallies: tuple[Tally, ...] = ()
    parts: tuple[Finding, ...] = ()


class Firing(NamedTuple):
    """A rule that fires (`MET`) or may fire (`UNDECIDED`) on an entity, and the values it gives (limits: none)."""

    rule: str
    status: Status
    findings: tuple[Finding, ...]
    gives: Possible | None = None
    defeated: bool = False  # a rule above it certainly fires
    lowers: bool = False  # a limit that lowers a value that was still possible


class Settled(NamedTuple):
    """One attribute of one entity. `ruled`: what the rules gave, where a judgement replaced it.

    origin: `rules`, `otherwise` (no other rule certainly fires and it is still possible), `supplied` or `judged`.
    """

    possible: Possible
    origin: str
    firings: tuple[Firing, ...] = ()
    limits: tuple[Firing, ...] = ()
    ruled: Possible | None = None


Key = tuple[int, str]  # the index of an entity in its case, the key of an attribute


@dataclass
class Result:
    """An engine's whole answer. `notices`: notes and warnings that fire or may fire, by index of the entity."""

    settled: dict[Key, Settled] = field(default_factory=dict)
    notices: dict[int, tuple[Firing, ...]] = field(default_factory=dict)
    scope: tuple[Finding, ...] = ()
    withdrawn: tuple[Finding, ...] = ()  # one for each withdrawal that waits for a condition
