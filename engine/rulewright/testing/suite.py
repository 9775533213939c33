"""A suite of checks: what scenarios expect, one block of expectations at a time, and how one is run
and held.

>>> from rulewright import Rules, cases
>>> from rulewright.testing.suite import ask, checks_of, held
>>> rules = Rules()
>>> [check] = checks_of(cases("scenarios/legacy/aggregation-of-five.yaml")[0])
>>> held(check, ask(rules, check))
[]
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rulewright.decision.answered import Answered
from rulewright.engines.registry import BOTH
from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.text import Map, Text, place_of
from rulewright.workbench import Rules

from .difference import UnmetExpectation
from .expectations import differences


@dataclass(frozen=True)
class Check:
    """One scenario under one policy and perhaps another reading: run once, and held against one
    block of expectations.

    policy: the one asked for; `None`: the scenario's own, or the one in force on its date. under:
    whether the scenario itself names the policy for this block.
    """

    text: CaseText
    policy: str | None
    reading: Text | None
    expect: Map
    under: bool = False

    @property
    def place(self) -> Place:
        """Where the block stands."""
        return place_of(self.expect, self.text.place)


def checks_of(text: CaseText, policy: str | None = None) -> list[Check]:
    """The checks of a scenario: of its own policy, then under other readings, then under other
    policies.

    policy: instead of its own. What a scenario expects `under` that policy then counts in place of
    its `expect`, and what it expects under others is left out; nothing is left of one that speaks
    of others only. Raises `InputError` (RW801, RW803) where nothing is expected.
    """
    under = _blocks(text, "under")
    readings = _blocks(text, "under reading")
    named = {str(each): each for each in under}
    found = []
    if policy is not None and policy in named:
        found.append(
            _check(text, named[policy], None, under[named[policy]], named[policy], under=True)
        )
    elif "expect" in text.tree or not (under or readings):
        found.append(_check(text, policy, None, text.tree.get("expect"), None))
    found += [
        _check(text, policy, reading, expect, reading) for reading, expect in readings.items()
    ]
    if policy is None:
        found += [
            _check(text, name, None, expect, name, under=True) for name, expect in under.items()
        ]
    return found


def is_written_for(rules: Rules, text: CaseText, policy: str) -> bool:
    """Whether a scenario speaks of a policy: it expects something `under` it, or names it, or its
    date leads to it.

    One whose date leads to no policy speaks of whichever is asked for.
    """
    if policy in {str(each) for each in _blocks(text, "under")}:
        return True
    if "expect" not in text.tree and not _blocks(text, "under reading"):
        return False
    try:
        return rules.decide_policy(text)[0].policy == policy
    except InputError:
        return True


def ask(rules: Rules, check: Check, engine: str = BOTH) -> Answered:
    """What a check is held against. Raises `InputError`, `EngineError`."""
    return rules.answer(check.text, policy=check.policy, reading=check.reading, engine=engine)


def held(check: Check, answered: Answered) -> list[UnmetExpectation]:
    """Every difference between what a check expects and what came.

    Raises `InputError` (RW80x, RW81x) where it expects what cannot be.
    """
    found = differences(check.text, answered, check.expect)
    policy = check.policy if check.under else None
    if check.reading is None and policy is None:
        return found
    return [
        replace(each, reading=str(check.reading or ""), policy=str(policy or "")) for each in found
    ]


def _blocks(text: CaseText, word: str) -> Map:
    blocks = text.tree.get(word)
    return (
        blocks if isinstance(blocks, Map) else Map()
    )  # what else it may be is told when the case is read


def _check(
    text: CaseText,
    policy: str | None,
    reading: Text | None,
    expect: object,
    name: Text | None,
    *,
    under: bool = False,
) -> Check:
    if not isinstance(expect, Map) or not expect:
        kind = "policy" if under else "reading"
        where, help = (
            (f" under the {kind} `{name}`", "below it")
            if name is not None
            else ("", "`expect:` with")
        )
        raise InputError(
            Problem(
                place_of(name, text.place),
                "RW801",
                f"the scenario `{text.name}` expects nothing{where}",
                f"add {help} at least one value or rule",
            )
        )
    return Check(text, policy, reading, expect, under)
