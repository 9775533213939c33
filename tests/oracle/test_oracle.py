"""The library against the oracle, over generated cases.

`RULEWRIGHT_EXAMPLES=10` takes ten times as many; `python -m tests.oracle 20000` runs many from a
new seed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pytest

from rulewright import InputError
from tests.fuzz.dice import seeded

from . import aggregation, guidance, legacy, scores
from .branches import OF_GUIDANCE, OF_LEGACY
from .campaign import library, pair, run, show
from .cases import GUIDANCE, LEGACY, Asked
from .comparing import Figures, differences, oracle_of
from .facts import Missing, Told, possibilities
from .guidance import Guidance
from .legacy import Legacy
from .library import Said

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced

PAIRS = 150  # for each policy: a complete case, and the same with facts taken away
SHARES = 4
SEED = "0"


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("policy", [LEGACY, GUIDANCE])
def test_the_library_and_the_oracle_agree(policy: str, share: int) -> None:
    """On complete cases they give the same; on others the library rules out nothing that a
    completion gives.
    """
    pairs = PAIRS * int(os.environ.get("RULEWRIGHT_EXAMPLES", "1"))
    figures = Figures()
    found = run(policy, SEED, range(share, pairs, SHARES), figures)
    assert not found, show(*found[0])
    assert figures.counts["attributes"] > 20 * pairs // SHARES  # most of a case is compared
    assert (
        figures.counts["completions differ, possible values exact"]
        > figures.counts["completions differ"] // 2
    )


@pytest.mark.parametrize(("policy", "branches"), [(LEGACY, OF_LEGACY), (GUIDANCE, OF_GUIDANCE)])
def test_the_cases_compared_reach_every_branch(policy: str, branches: frozenset[str]) -> None:
    reached: Counter[str] = Counter()
    for number in range(PAIRS):
        oracle = oracle_of(pair(seeded(f"{policy}/{SEED}/{number}"), policy)[0])
        for ask in oracle.answers().values():
            possibilities(oracle.told, ask, 1, seeded(0))
        reached.update(oracle.told.reached.keys())
    assert not branches - reached.keys()


# -- a comparison that could not fail would be worth nothing: each of these mistakes in the oracle
# is noticed ---------------------


def _half_even(counted: list[int], _told: Told) -> int | None:
    return round(100 * sum(counted) / (4 * len(counted))) if counted else None


def _bands(*edges: int) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(
        scores, "BANDS", tuple(zip((*edges, 100), (each for _, each in scores.BANDS), strict=True))
    )


def _chained(rating: str, statements: list[Any], question: Any) -> str:
    found = scores.limited(rating, statements, question)
    low = (
        found == "good"
        and rating == "outstanding"
        and any(scores.score(each, question) == 1 for each in statements)
    )
    return "requires improvement" if low else found


def _needed(change: dict[int, int]) -> Callable[[pytest.MonkeyPatch], None]:
    """Another number needed of so many ratings."""
    right = aggregation.needed
    return _put(aggregation, "needed", lambda number: change.get(number, right(number)))


def _put(where: Any, name: str, what: Any) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(where, name, what)


def _earlier_by(step: int) -> Callable[[pytest.MonkeyPatch], None]:
    return _put(
        scores,
        "EARLIER",
        {rating: min(4, number + step) for rating, number in scores.EARLIER.items()},
    )


def _all_of_the_location(self: Legacy, location: Any, name: str) -> Any:
    yield from ()


def _period(late: int) -> Callable[[pytest.MonkeyPatch], None]:
    """A period whose last day is another."""
    right = Told.lies_within

    def lies_within(self: Told, day: date, months: int) -> bool:
        return (
            right(self, day, months)
            if day > self.as_at
            else right(self, date.fromordinal(day.toordinal() + late), months)
        )

    return _put(Told, "lies_within", lies_within)


REASONS = ("significantly small", "ratings suspended", "outside the aggregation")


def _without(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A reason to leave a service out that is overlooked."""
    return _put(
        Legacy,
        "counts",
        lambda self, service: not any(service.says(each) for each in REASONS if each != name),
    )


MISTAKES: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "two of three needed": (LEGACY, _needed({3: 2})),
    "one of four is enough": (LEGACY, _needed({4: 1})),
    "three of eight needed": (LEGACY, _needed({8: 3})),
    "two of nine are enough": (LEGACY, _needed({9: 2, 10: 2, 11: 2})),
    "one inadequate of three is enough": (LEGACY, _put(aggregation, "ENOUGH_INADEQUATE", 1)),
    "small services count": (LEGACY, _without("significantly small")),
    "suspended services count": (LEGACY, _without("ratings suspended")),
    "practices of general practitioners count": (LEGACY, _without("outside the aggregation")),
    "what was acquired lately counts": (LEGACY, _put(Legacy, "lately", lambda self, thing: False)),
    "what will be acquired is acquired": (LEGACY, _put(Legacy, "lately", lambda self, thing: thing["acquired on"] is not None)),
    "the period of an acquisition is a day shorter": (LEGACY, _period(-1)),
    "the period of an acquisition is a day longer": (LEGACY, _period(1)),
    "services below unrated locations do not count": (LEGACY, _put(Legacy, "each_by_itself", _all_of_the_location)),
    "every location is rated": (LEGACY, _put(Legacy, "location_rated", lambda self, location: True)),
    "no trust has a single location": (LEGACY, _put(Legacy, "alone", lambda self: False)),
    "the overall rating is always made anew": (LEGACY, _put(Legacy, "updated", lambda self: True)),
    "use of resources was always assessed": (LEGACY, _put(legacy, "USE_OF_RESOURCES_SINCE", date(2010, 1, 1))),
    "no enforcement": (LEGACY, _put(Legacy, "enforced", lambda self, question, rating: rating())),
    "special measures from one inadequate": (
        LEGACY, _put(Legacy, "special_measures", lambda self: "yes" if self.trust_rating("well-led") == "inadequate" else "no")),
    "a half rounded to even": (GUIDANCE, lambda patch: (patch.setattr(guidance, "percentage", _half_even))),
    "38 is not inadequate": (GUIDANCE, _bands(37, 62, 87)),
    "39 is inadequate": (GUIDANCE, _bands(39, 62, 87)),
    "63 requires improvement": (GUIDANCE, _bands(38, 63, 87)),
    "62 is good": (GUIDANCE, _bands(38, 61, 87)),
    "88 is good": (GUIDANCE, _bands(38, 62, 88)),
    "limiters chain": (GUIDANCE, _put(guidance, "limited", _chained)),
    "no limiters": (GUIDANCE, _put(guidance, "limited", lambda rating, statements, question: rating)),
    "scores set one too high": (GUIDANCE, _earlier_by(1)),
    "services are scored on eight": (GUIDANCE, _put(guidance, "OF_SERVICES", guidance.STATEMENTS)),
    "the service view is a day shorter": (GUIDANCE, _period(-1)),
    "the service view is a day longer": (GUIDANCE, _period(1)),
    "services never come first": (GUIDANCE, _put(Guidance, "due", lambda self, service: False)),
    "every core service on its own": (
        GUIDANCE, _put(Guidance, "due", lambda self, each: each.says("core service") and not self.up_to_date(each))),
    "what is not provided counts": (GUIDANCE, _put(Guidance, "provided", lambda self, service: True)),
    "trusts are assessed on seven statements": (
        GUIDANCE, _put(Guidance, "statements", lambda self: list(self.trust.statements["well-led"].values())[:7])),
    "no trust has a single rating yet": (GUIDANCE, _put(Guidance, "standing", lambda self: None)),
    "nothing is withdrawn": (GUIDANCE, _put(Guidance, "single_rating_given", lambda self: False)),
    "withdrawn for every trust": (GUIDANCE, _put(Guidance, "single_rating_given", lambda self: True)),
    "well-led has no rating before the first": (GUIDANCE, _put(Guidance, "trust_rating", lambda self, name: self.single_rating())),
    "a single location has the overall of its trust's five": (GUIDANCE, _put(Guidance, "alone", lambda self: False)),
}  # fmt: skip


@cache
def complete_cases(policy: str) -> list[tuple[Asked, dict[tuple[str, str], Said]]]:
    """Complete cases with the library's answers."""
    cases = [pair(seeded(f"{policy}/{SEED}/{number}"), policy)[0] for number in range(PAIRS)]
    return [
        (each, library().answers(each, displayed=number % 3 == 0))
        for number, each in enumerate(cases)
    ]


@pytest.mark.parametrize("policy", [LEGACY, GUIDANCE])
def test_a_mistake_in_either_is_noticed(policy: str) -> None:
    noticed = {
        name: _noticed(policy, mistake) for name, (of, mistake) in MISTAKES.items() if of == policy
    }
    assert not [name for name, found in noticed.items() if not found]


def _noticed(policy: str, mistake: Callable[[pytest.MonkeyPatch], None]) -> bool:
    """Whether the comparison finds a difference when the oracle makes this mistake."""
    with pytest.MonkeyPatch.context() as patch:
        mistake(patch)
        return any(differences(asked, said, Figures(), 1) for asked, said in complete_cases(policy))


# -- what is not a value


def test_two_judgements_on_the_one_rating_of_a_trust_are_refused() -> None:
    said = [
        {
            "attribute": each,
            "value": "good",
            "by": "the panel",
            "on": "2025-05-30",
            "reason": "as recorded",
        }
        for each in ("trust > trust rating", "trust > well-led > rating")
    ]
    tree = {
        "case": "judged twice",
        "as at": "2025-05-30",
        "trust": {"name": "Example Trust"},
        "judgements": said,
    }
    with pytest.raises(InputError):
        library().answers(Asked(tree, GUIDANCE))
    for each in said:
        answers = library().answers(Asked({**tree, "judgements": [each]}, GUIDANCE))
        assert (
            answers["trust", "trust rating"]
            == answers["trust > well-led", "rating"]
            == Said(frozenset({"good"}))
        )


def test_the_oracle_needs_a_fact_that_nobody_stated() -> None:
    trust = {
        "name": "Example Trust",
        "services": [{"name": "Service", "key questions": {"safe": "good"}}],
    }
    told = Told({"case": "short", "as at": "2019-06-01", "trust": trust}, {})
    assert Legacy(told).service_rating(told.services[0], "safe") == "good"
    with pytest.raises(Missing, match="Service > caring > judged rating"):
        Legacy(told).service_rating(told.services[0], "caring")
