"""RW719: an interpretation without another reading that does not say why none is thinkable, or that
says so beside readings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rulewright.amendments.interpretations import interpretations_of
from rulewright.syntax.errors import Place, Problem
from rulewright.syntax.text import place_of

from .amendment_lines import line_of
from .compiled import Compiled

CODE = "RW719"
_NEITHER, _BOTH = "neither", "both"


class _Found(NamedTuple):
    """An interpretation of a policy: where it stands, in which entry, and what is wrong with it."""

    place: Place
    entry: str
    wrong: str


def interpretations_read_one_way(policy: Compiled) -> Iterator[Problem]:
    """Each interpretation has other readings, or says why none is thinkable; not both.

    What an amendment makes wrong of an interpretation that it amends is told at the amendment.
    """
    before = _interpretations(policy.amended) if policy.amended is not None else {}
    for name, found in _interpretations(policy).items():
        old = before.get(name)
        as_it_stood = old is not None and old.place == found.place
        if not found.wrong or (old is not None and as_it_stood and old.wrong == found.wrong):
            continue
        under = f"under `{policy.name}` " if as_it_stood else ""
        place = found.place
        if as_it_stood:
            place = line_of(policy, [name, found.entry], "replaces") or place_of(
                policy.assembly.policy.policy
            )
        yield _problem(place, f"{under}the interpretation `{name}`", found.wrong)


def _problem(place: Place, subject: str, wrong: str) -> Problem:
    if wrong == _NEITHER:
        return Problem(
            place,
            CODE,
            f"{subject} has no other reading",
            "write how else the text could be read under `other readings`, or why it cannot under "
            "`no other reading because`",
            "warning",
        )
    return Problem(
        place,
        CODE,
        f"{subject} has other readings, and says why there is none",
        "take one of the two out",
        "warning",
    )


def _interpretations(policy: Compiled) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for each in interpretations_of(policy.assembly):
        has = any(
            content is not None for content in (each.tree.get("other readings") or {}).values()
        )
        says = each.tree.get("no other reading because") is not None
        found.setdefault(
            each.id,
            _Found(
                place_of(each.id),
                each.entry,
                _BOTH if has and says else "" if has or says else _NEITHER,
            ),
        )
    return found
