"""The branches of the oracle, each of which generated cases have to reach."""

from __future__ import annotations

from .words import QUESTIONS, RATINGS

BOTH = frozenset(
    {
        *(f"aggregation: {each} needed" for each in (1, 2, 3)),
        "aggregation: nothing rated",
        "aggregation: one rating alone",
        "aggregation: inadequate",
        "aggregation: requires improvement",
        "aggregation: one inadequate of up to eight",
        "aggregation: outstanding",
        "aggregation: outstanding beside a tolerated rating",
        "aggregation: one inadequate of nine tolerated",
        "aggregation: good",
        "judged",
        *(
            f"enforcement: {each}"
            for each in ("requirement notice", "warning notice", "condition of registration")
        ),
        *(
            f"service left out: {each}"
            for each in ("significantly small", "ratings suspended", "outside the aggregation")
        ),
        "location: rated by its own statement",
        "location: unrated by its own statement",
        "location: the trust decides",
        "location: unrated",
        "location: unrated, and judged without effect",
        "single location: well-led is the trust's",
        "period: its last day",
        "period: the day after",
    }
)
OF_LEGACY = BOTH | {
    "acquired: lately",
    "acquired: not yet",
    "location left out: suspended",
    "location left out: acquired lately",
    "service below an unrated location counts by itself",
    "single location: overall is the trust's",
    "no site visit: the earlier rating stands",
    "trust: the earlier well-led stands",
    "trust: the earlier overall stands",
    "combined: before use of resources was assessed",
    "combined: judged to apply",
    "combined: judged not to apply",
    "combined: the earlier one stands",
    "combined: not all six on the scale",
    "combined: inadequate",
    "combined: one inadequate",
    "combined: requires improvement",
    "combined: outstanding",
    "combined: good",
    "special measures",
}
OF_GUIDANCE = BOTH - {"aggregation: one inadequate of nine tolerated"} | {
    *(f"percentage: {each} of a service" for each in QUESTIONS),
    "percentage: supplied for a service",
    "percentage: supplied for the trust",
    "percentage: a half rounded up",
    "score: not assessed",
    "score: carried over",
    *(f"score: {each} set from the previous rating" for each in (1, 2, 3, 4)),
    *(f"band: {each}" for each in RATINGS),
    "limiter: a score of 1 in the good band",
    "limiter: a score of 1 or 2 in the outstanding band",
    "limiter: a score of 1 in the outstanding band",
    "merged: a judgement says which rating stands",
    "merged: several rated trusts",
    "up to date: new framework",
    "up to date: within the period",
    "up to date: one key question assessed again",
    "up to date: never assessed",
    "up to date: no",
    "service not provided",
    "due: yes",
    "due: another of its kind is up to date",
    "stage: rated",
    "stage: ready",
    "stage: ready early because of risk",
    "stage: ready, as services first is advice",
    "stage: service assessments first",
    "first assessment",
    "first assessment: a statement was not assessed",
    "first assessment: scores from before",
    "later assessment",
    "later assessment: not all eight anew",
    "later assessment: nothing assessed again",
    *(f"trust rating: {each}" for each in RATINGS),
    "until the first rating: the earlier well-led stands",
    "withdrawn",
    "not yet withdrawn",
}
KNOWN = OF_LEGACY | OF_GUIDANCE | {"acquired: lately", "acquired: not yet"}
