"""The decision as a public document: canonical JSON (RFC 8785), the same bytes for the same run.

What it was made by (version, platform, where things stand in files) is no part of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rulewright.syntax.canonical import canonical_quickly
from rulewright.syntax.declared_types import checker, shortened

from .documents import document_as
from .outcome import Decision, plain

SCHEMA = "rulewright/decision/2"
DEEPEST = 100  # levels of conditions; a rulebook cannot have as many


def decision_bytes(decision: Decision) -> bytes:
    """The document of a decision (`schemas/decision.json`)."""
    return canonical_quickly({"schema": SCHEMA, **plain(decision)})


def decision_from(content: bytes) -> Decision:
    """The decision of a document. Raises `ValueError` when it is none, or one of another form."""
    found = document_as(Decision, content, SCHEMA, "decision")
    _refuse_what_no_engine_says(found)
    return found


def _refuse_what_no_engine_says(decision: Decision) -> None:
    """What the shape of a decision allows and everything that shows one takes for granted.

    Raises `ValueError`.
    """
    for answer in decision.answers:
        if answer.status == "determined" and len(answer.possible) != 1:
            raise ValueError(
                f"{shortened(answer.attribute)} is determined, and has {len(answer.possible)} values"
            )
    for firing in decision.firings:
        parts = [
            *firing.conditions,
            *(condition for rule in firing.none_of_these for condition in rule.conditions),
        ]
        for _ in range(DEEPEST):
            parts = [part for condition in parts for part in condition.parts]
        if parts:
            raise ValueError(
                f"conditions of the rule {shortened(firing.rule)} are nested deeper than {DEEPEST} levels"
            )


# -- what lists show


@dataclass(frozen=True, slots=True)
class Outline:
    """What a list says of a decision. ratings: the published answers of the outermost thing, each
    its label and value.
    """

    case: str
    entity: str
    as_at: str
    policy: str
    title: str
    ratings: tuple[tuple[str, str], ...]


def outline_of(content: bytes) -> Outline:
    """The outline of a decision, most of whose document is its trail. Raises `ValueError` as
    `decision_from`.

    In canonical JSON names stand in order, and what looks like one stands in no text: only the
    answers of the outermost thing and what stands between the lists are read. Where that is not all
    there, the decision is read whole, and refused if it is none.
    """
    try:
        return _quickly(content.decode())
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        decision = decision_from(content)
        ratings = tuple(
            (each.label, each.value)
            for each in decision.answers
            if each.published and each.entity == decision.root
        )
        return Outline(
            decision.case,
            decision.entity,
            decision.as_at,
            decision.policy.id,
            decision.policy.title,
            ratings,
        )


_object = json.JSONDecoder().raw_decode


def _quickly(text: str) -> Outline:
    """Raises one of several errors where what is looked for is not there."""
    answers, answers_end, trail = (
        text.index('"answers":['),
        text.index('],"as at":"'),
        text.index(',"firings":['),
    )
    said = json.loads("{" + text[answers_end + 2 : trail] + "}")
    rest = json.loads("{" + text[text.rindex(',"policy":{') + 1 :])
    if rest["schema"] != SCHEMA:
        raise ValueError("another form")
    ratings = []
    here = f',"entity":{canonical_quickly(rest["root"]).decode()},'
    at = text.find(here, answers, answers_end)
    while at >= 0:
        start = text.rindex('"attribute":', answers, at) - 1
        answer, end = _object(
            text, start if text[start] == "{" else text.rindex('{"anything":', answers, start)
        )
        if answer["published"] is True and answer["entity"] == rest["root"]:
            ratings.append((answer["label"], _value(answer)))
        at = text.find(here, max(at + 1, end), answers_end)
    policy = rest["policy"]
    found = Outline(
        said["case"], said["entity"], said["as at"], policy["id"], policy["title"], tuple(ratings)
    )
    checker(Outline)(found)
    return found


def _value(answer: dict[str, Any]) -> Any:
    """As `Answer.value`."""
    possible = answer["possible"]
    if answer["status"] == "determined":
        return possible[0]
    return answer.get("anything") or " or ".join(possible)
