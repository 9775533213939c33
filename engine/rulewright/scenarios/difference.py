"""An expectation that was not met, as a difference: what was expected, what came, what decided it, and where both stand."""

from __future__ import annotations

from dataclasses import dataclass

from rulewright.language.errors import Place

MOST_MISSING = 5  # the facts that are named where a value hangs on many


@dataclass(frozen=True, order=True)
class Deciding:
    """A rule that decided what came instead, and where it stands."""

    rule: str
    place: Place


@dataclass(frozen=True, order=True)
class Difference:
    """An expectation that was not met."""

    place: Place
    about: str
    expected: str
    got: str
    because: tuple[Deciding, ...] = ()
    reading: str = ""  # another reading of the policy, under which it was expected
    missing: tuple[str, ...] = ()  # the facts that an undetermined value hangs on
    policy: str = ""  # another policy, under which it was expected

    def __str__(self) -> str:
        why = f" (decided by {', '.join(each.rule for each in self.because)})" if self.because else ""
        under = f" under the policy `{self.policy}`" if self.policy else ""
        under += f" under the reading `{self.reading}`" if self.reading else ""
        more = f" and {len(self.missing) - MOST_MISSING} more" if len(self.missing) > MOST_MISSING else ""
        hangs = f"; not stated: {', '.join(self.missing[:MOST_MISSING])}{more}" if self.missing else ""
        return f"{self.place}: `{self.about}`{under}: expected {self.expected}, got {self.got}{why}{hangs}"
