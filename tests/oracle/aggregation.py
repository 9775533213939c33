"""Several ratings as one: the principles by which ratings are aggregated, and the combined rating
with use of resources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .facts import Told
from .words import RATINGS

ENOUGH_INADEQUATE = 2  # of fewer, one alone does not make the whole inadequate


def needed(number: int) -> int:
    """How many of so many ratings it takes to lower or to lift the whole."""
    return 1 if number <= 3 else 2 if number <= 8 else 3


def aggregated(ratings: Iterable[str | None], told: Told) -> str:
    """One rating of several, which all weigh the same. What is not on the scale does not count."""
    given = [each for each in ratings if each in RATINGS]
    if not given:
        return told.reach("aggregation: nothing rated", "not rated")
    if len(given) == 1:
        return told.reach("aggregation: one rating alone", given[0])
    number = len(given)
    enough = needed(number)
    told.reach(f"aggregation: {enough} needed")
    count = Counter(given)
    worst, poor = count["inadequate"], count["requires improvement"]
    if worst >= max(enough, ENOUGH_INADEQUATE):
        return told.reach("aggregation: inadequate", "inadequate")
    if worst + poor >= enough:
        return told.reach("aggregation: requires improvement", "requires improvement")
    if number <= 8 and worst:
        return told.reach("aggregation: one inadequate of up to eight", "requires improvement")
    if count["outstanding"] >= enough:
        if count["outstanding"] + count["good"] == number:
            return told.reach("aggregation: outstanding", "outstanding")
        return told.reach("aggregation: outstanding beside a tolerated rating", "good")
    if worst:
        return told.reach("aggregation: one inadequate of nine tolerated", "good")
    return told.reach("aggregation: good", "good")


def combined(ratings: list[str], told: Told) -> str:
    """The combined rating of five key questions and use of resources, all six on the scale."""
    count = Counter(ratings)
    if count["inadequate"] >= 2:
        return told.reach("combined: inadequate", "inadequate")
    if count["inadequate"]:
        return told.reach("combined: one inadequate", "requires improvement")
    if count["requires improvement"] >= 3:
        return told.reach("combined: requires improvement", "requires improvement")
    if count["outstanding"] >= 2 and count["outstanding"] + count["good"] == len(ratings):
        return told.reach("combined: outstanding", "outstanding")
    return told.reach("combined: good", "good")
