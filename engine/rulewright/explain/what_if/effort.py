"""How far a large case is followed, so that an answer comes within seconds whatever its size. What
is left out is told.

The measure is the number of derived attributes that one may hang on: about seven for each service
of a trust.
"""

from __future__ import annotations

from collections import Counter

from rulewright.decision.answered import Answered
from rulewright.ir.nodes import Kind

from .confirmation import Place
from .dependencies import hangs_on

MOST_FOLLOWED = 1_500  # more have no formula of sensible size
# worked out anew, by both engines, to confirm the sets of changes that are listed
MOST_CONFIRMED = 6_000
LEAST_LISTED = 3
MOST_UNDER_READINGS = 15_000  # for the policy and all of its other readings, as formulas


def size_of(answered: Answered, place: Place) -> int:
    """How many derived attributes one may hang on, itself among them."""
    there = Counter(Kind.of(each) for each in answered.case.entities)
    return sum(there[node.key.kind] for node in hangs_on(answered, place))


def is_large(size: int) -> bool:
    """Whether an attribute hangs on too much for a formula."""
    return size > MOST_FOLLOWED


def listed(most: int, size: int) -> int:
    """How many sets of changes are listed, of at most `most`."""
    return min(most, max(LEAST_LISTED, MOST_CONFIRMED // size))


def can_try(readings: int, size: int) -> bool:
    """Whether other readings are tried."""
    return readings * size <= MOST_UNDER_READINGS
