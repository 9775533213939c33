"""From the scores of quality statements to a percentage, its band, and what low scores limit it
to.
"""

from __future__ import annotations

from collections.abc import Iterable

from .facts import Silent, Thing, Told
from .words import RATINGS

EARLIER = {
    rating: number for number, rating in enumerate(RATINGS, 1)
}  # inadequate 1 ... outstanding 4
BANDS = ((38, "inadequate"), (62, "requires improvement"), (87, "good"), (100, "outstanding"))


def scores(statements: Iterable[Thing], question: Thing) -> list[int]:
    """The scores that count; `question`: the key question whose earlier rating stands for a score
    never given.
    """
    counted = (score(each, question) for each in statements)
    return [each for each in counted if each is not None]


def score(statement: Thing, question: Thing) -> int | None:
    """The score of a statement; none where it was not assessed."""
    told, basis = statement.told, statement["basis"]
    if basis == "not assessed":
        return told.reach("score: not assessed", None)
    if basis == "set from the previous rating":
        if statement.stated("score"):
            raise Silent(
                "which score counts where a statement is set from the previous rating and a score is entered too"
            )
        earlier = question["earlier rating"]
        if earlier not in EARLIER:
            raise Silent("which score is set from a previous rating outside the scale")
        return told.reach(
            f"score: {EARLIER[earlier]} set from the previous rating", EARLIER[earlier]
        )
    if basis == "carried over":
        told.reach("score: carried over")
    return int(statement["score"])


def percentage(counted: list[int], told: Told) -> int | None:
    """The share of the points that could be scored, to a whole per cent, half up; none where
    nothing was scored.
    """
    points = 4 * len(counted)
    if not points:
        return None
    whole, rest = divmod(100 * sum(counted), points)
    if 2 * rest == points:
        told.reach("percentage: a half rounded up")
    return whole + (2 * rest >= points)


def banded(percent: int, told: Told) -> str:
    """The rating of the band in which a percentage lies."""
    rating = next(rating for most, rating in BANDS if percent <= most)
    return told.reach(f"band: {rating}", rating)


def limited(rating: str, statements: Iterable[Thing], question: Thing) -> str:
    """A banded rating, limited by low scores in its own band; the limits do not chain."""
    told = question.told
    if rating == "good" and any(score(each, question) == 1 for each in statements):
        return told.reach("limiter: a score of 1 in the good band", "requires improvement")
    if rating == "outstanding":
        low = [found for each in statements if (found := score(each, question)) in (1, 2)]
        if 1 in low:
            told.reach("limiter: a score of 1 in the outstanding band")
        if low:
            return told.reach("limiter: a score of 1 or 2 in the outstanding band", "good")
    return rating
