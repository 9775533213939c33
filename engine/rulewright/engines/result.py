"""What engines give. `Answers`: for each attribute of each entity its possible values and the rules
that decided. `Trace`: besides, what became of every condition.

Engines share only these shapes. Two engines agree when what they give is equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

from rulewright.ir.types import Type, Value
from rulewright.syntax.errors import InputError, Place, Problem

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


MOST_BITS = 3_300  # of a number, above and below its stroke: about a thousand digits


def refuse_long(*ends: object) -> None:
    """Numbers whose products grow without end. Raises `InputError` (RW102)."""
    for each in ends:
        if (
            isinstance(each, int | Fraction)
            and max(each.numerator.bit_length(), each.denominator.bit_length()) > MOST_BITS
        ):
            raise InputError(
                Problem(
                    Place(""),
                    "RW102",
                    "a formula gives a number of more than 1,000 digits",
                    "look for a product whose result is multiplied again",
                )
            )


Values = tuple[Value, ...] | Interval | Anything


class Possible(NamedTuple):
    """The possible values of an attribute: values (in the order of their type), perhaps *no value*,
    perhaps a conflict.
    """

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
    def status(self) -> Literal["determined", "undetermined", "conflict"]:
        """Whether one value is left, several may still come, or it can only be a conflict."""
        return (
            "determined" if self.determined else "conflict" if self == CONFLICT else "undetermined"
        )

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

    def show(self, kind: Type, none: str = "no value") -> list[str]:
        """The possible values in words; `none`: the word where there is no value."""
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
        return shown + [none] * self.no_value + ["conflict"] * self.conflict


CONFLICT = Possible((), conflict=True)


class Finding(NamedTuple):
    """What became of one condition: its status; a tally for each collection in it, from left to
    right; its parts.
    """

    status: Status
    tallies: tuple[Tally, ...] = ()
    parts: tuple[Finding, ...] = ()


class Firing(NamedTuple):
    """A rule that fires (`MET`) or may fire (`UNDECIDED`) on an entity, and the values it gives
    (limits: none).
    """

    rule: str
    status: Status
    findings: tuple[Finding, ...]
    gives: Possible | None = None
    defeated: bool = False  # a rule above it certainly fires
    lowers: bool = False  # a limit that lowers a value that was still possible


class Settled(NamedTuple):
    """One attribute of one entity. `ruled`: what the rules gave, where there is a judgement.

    origin: `rules`, `otherwise` (no other rule certainly fires and it is still possible),
    `supplied` or `judged`. overruled: whether a rule that overrides any judgement fires (`MET`), so
    that the judgement has no effect, or may fire (`UNDECIDED`).
    """

    possible: Possible
    origin: str
    firings: tuple[Firing, ...] = ()
    limits: tuple[Firing, ...] = ()
    ruled: Possible | None = None
    overruled: Status = NOT_MET

    @property
    def given(self) -> Possible:
        """What the rules gave, a judgement left aside."""
        return self.ruled if self.ruled is not None else self.possible

    @property
    def undefeated(self) -> list[Firing]:
        """The rules that fire or may fire, and that none above them defeats."""
        return [each for each in self.firings if not each.defeated]

    @property
    def deciding(self) -> list[str]:
        """The rules that gave the value: those that fire and are not defeated, else those that
        may.
        """
        sure = [each.rule for each in self.undefeated if each.status == MET]
        return sorted(
            sure if sure and self.possible.determined else [each.rule for each in self.undefeated]
        )

    @property
    def lowering(self) -> list[Firing]:
        """The limits that lowered it."""
        return [each for each in self.limits if each.lowers]

    @property
    def limiting(self) -> list[str]:
        """The limits that lowered it, by their ids."""
        return [each.rule for each in self.lowering]

    @property
    def contradicting(self) -> list[str]:
        """The rules that contradict each other; none where a conflict is only passed on."""
        parted = {each.rule for each in self.undefeated} if self.possible.conflict else set()
        return sorted(parted) if len(parted) > 1 else []

    @property
    def decided(self) -> DecidedValue:
        """The value, the rules that decided it and the limits that lowered it."""
        return DecidedValue(
            self.possible,
            self.origin,
            tuple(self.deciding),
            tuple(self.limiting),
            self.ruled,
            self.overruled,
        )


class DecidedValue(NamedTuple):
    """One attribute of one entity, without a trail.

    deciding: the rules that gave the value. limiting: the limits that lowered it. ruled: what the
    rules gave, where there is a judgement. origin, overruled: as in `Settled`.
    """

    possible: Possible
    origin: str
    deciding: tuple[str, ...] = ()
    limiting: tuple[str, ...] = ()
    ruled: Possible | None = None
    overruled: Status = NOT_MET

    @property
    def status(self) -> Literal["determined", "undetermined", "conflict"]:
        """Whether one value is left, several may still come, or it can only be a conflict."""
        return self.possible.status


Key = tuple[int, str]  # the index of an entity in its case, the key of an attribute


@dataclass
class Answers:
    """What a program answers to a case.

    notices: the ids of notes and warnings that fire or may fire, by index of the entity. withdrawn:
    one for each withdrawal that waits for a condition.
    """

    decided: dict[Key, DecidedValue] = field(default_factory=dict)
    notices: dict[int, tuple[tuple[str, Status], ...]] = field(default_factory=dict)
    scope: tuple[Status, ...] = ()
    withdrawn: tuple[Status, ...] = ()


@dataclass
class Trace:
    """Answers with their trail: every rule that fires or may fire, and its conditions.

    notices: notes and warnings that fire or may fire, by index of the entity. withdrawn: one for
    each withdrawal that waits for a condition.
    """

    settled: dict[Key, Settled] = field(default_factory=dict)
    notices: dict[int, tuple[Firing, ...]] = field(default_factory=dict)
    scope: tuple[Finding, ...] = ()
    withdrawn: tuple[Finding, ...] = ()

    @property
    def answers(self) -> Answers:
        """The answers alone."""
        return Answers(
            {key: each.decided for key, each in self.settled.items()},
            {
                index: tuple((each.rule, each.status) for each in fired)
                for index, fired in self.notices.items()
            },
            tuple(each.status for each in self.scope),
            tuple(each.status for each in self.withdrawn),
        )
