"""An expectation that was not met, as a difference: what was expected, what came, what decided it,
and where both stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rulewright.syntax.errors import Place

EXPECTATION, CASE = (
    "what is expected",
    "the case",
)  # what a difference is about where that means nothing under a policy
CAN_BE = {EXPECTATION: "can be expected", CASE: "can be run"}
MOST_MISSING = 5  # the facts that are named where a value hangs on many


@dataclass(frozen=True, order=True)
class Deciding:
    """A rule that decided what came instead, and where it stands; or one that would have given what
    was expected.

    counts: what its conditions counted; of one that did not fire, those that are not met. amended:
    the line of an amendment that changes it.
    """

    rule: str
    place: Place
    counts: tuple[str, ...] = ()
    amended: str = ""


@dataclass(frozen=True, order=True)
class UnmetExpectation:
    """An expectation that was not met."""

    place: Place
    about: str
    expected: str
    got: str
    because: tuple[Deciding, ...] = ()
    reading: str = ""  # another reading of the policy, under which it was expected
    missing: tuple[str, ...] = ()  # the facts that an undetermined value hangs on
    policy: str = ""  # another policy, under which it was expected
    against: str = ""  # the policy that the one asked for amends, where what it changes is told
    before: str = ""  # what comes under that one; as expected, where it is `expected`
    short: tuple[
        Deciding, ...
    ] = ()  # the rules that would have given what was expected, if they had counted more or fewer
    depends_on: tuple[str, ...] = ()  # lines of the policy's own amendment that decided what came
    # the attribute: its entity's index, and its key
    of: tuple[int, str] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        why = (
            f" (decided by {', '.join(each.rule for each in self.because)})" if self.because else ""
        )
        under = f" under the policy `{self.policy}`" if self.policy else ""
        under += f" under the reading `{self.reading}`" if self.reading else ""
        more = (
            f" and {len(self.missing) - MOST_MISSING} more"
            if len(self.missing) > MOST_MISSING
            else ""
        )
        hangs = (
            f"; not stated: {', '.join(self.missing[:MOST_MISSING])}{more}" if self.missing else ""
        )
        if self.about in CAN_BE:
            return f"{self.place}: {self._possible(under)}"
        return f"{self.place}: `{self.about}`{under}: {self._compared()}{why}{hangs}"

    def _possible(self, under: str) -> str:
        """That something makes sense under one of two policies alone."""
        can_be = CAN_BE[self.about]
        told = (
            f"it {can_be} under `{self.against}`"
            if self.before == self.expected
            else f"under `{self.against}` {self.before}"
        )
        return f"{self.got}{under}; {told}"

    def _compared(self) -> str:
        """What was expected, and what came; of a change also what came before it."""
        if not self.against:
            return f"expected {self.expected}, got {self.got}"
        if self.before == self.expected:
            return f"expected {self.expected}, as under `{self.against}`, got {self.got}"
        return f"expected {self.expected}, got {self.got}; under `{self.against}` {self.before}"
