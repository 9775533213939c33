"""The rule network: durable_rules joins the condition facts of one rule and one entity, and the
rule fires.

What is known of durable_rules 2.0.28 shapes this module. Rules test constants and join by equality
only. Facts are asserted one at a time, each with a short id of its own (ids and numbers below
700,000 have distinct hashes). State is deleted after every session, also after an error. And there
is one small ruleset for all programs, which knows rules only by the number of their conditions:
each condition fact names the rule at hand (one rule, one entity) by a number. A ruleset for each
program would cost memory that grows steeply with the number of rules, and a fact that meets many
rules could overflow fixed tables inside the library; here a fact meets exactly one pattern.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from threading import Lock
from typing import Any

from durable.engine import Ruleset
from durable.engine import durable_rules_engine as rete

from rulewright.engines.result import Status
from rulewright.syntax.errors import EngineError

MOST_JOINED = 5  # a rule with more conditions gets the rest folded into one fact
MOST_FACTS = 2000  # in one session: more would make the library's own look-ups slow
MOST_MATCHES = 4000  # handed over at once
SESSION = "c"

ConditionFact = tuple[
    int, int, Status
]  # the rule at hand, the place of the condition among the rule's, its status
Match = tuple[int, Status]  # a rule that fires (`MET`) or may fire (`UNDECIDED`)


def slot(number: int, place: int) -> int:
    """The pattern for condition `place` (from 1) of a rule of `number` conditions."""
    return number * 10 + place


def _ruleset() -> dict[str, Any]:
    """One rule for each number of conditions: their facts name the same rule at hand.

    In a fact `r` is the rule at hand, `p` the pattern that it fits, `s` the status of the
    condition.
    """
    rules: dict[str, Any] = {}
    for number in range(1, MOST_JOINED + 1):
        patterns: list[dict[str, Any]] = [{"f1": {"p": slot(number, 1)}}]
        for place in range(2, number + 1):
            patterns.append(
                {f"f{place}": {"$and": [{"p": slot(number, place)}, {"r": {"f1": "r"}}]}}
            )
        rules[f"of{number}"] = {"all": patterns, "run": _nothing, "cap": MOST_MATCHES}
    return rules


def _nothing(_: object) -> None:
    """Firings are taken straight from the network (`Network._fired`); no action runs."""


class Network:
    """The ruleset of this process. Only one session is open at a time."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.rules: Ruleset | None = None
        self.sessions = 0  # opened so far
        self.open = 0  # open now

    def fire(self, facts: Iterable[ConditionFact]) -> list[Match]:
        """The rules whose conditions are all among the facts.

        Raises `EngineError` when durable_rules fails.
        """
        found: list[Match] = []
        with self.lock:
            for session in _sessions(_complete(facts)):
                found += self._session(session)
        return found

    def _session(self, facts: list[ConditionFact]) -> list[Match]:
        """Assert the facts, let the rules fire, forget everything."""
        self.sessions += 1
        self.open += 1
        try:
            if self.rules is None:
                self.rules = Ruleset("rulewright", None, _ruleset())
            handle = self.rules._handle
            found = self._fired(handle, _asserted(handle, facts))
            rete.delete_state(handle, SESSION)
        except EngineError:
            self._discard()
            raise
        except Exception as error:
            self._discard()
            raise EngineError(
                f"the rule network failed: {str(error) or type(error).__name__}"
            ) from error
        except (
            BaseException
        ):  # interrupted: the facts of a session left open would be found by the next
            self._discard()
            raise
        self.open -= 1
        return found

    def _fired(self, handle: int, state: int) -> list[Match]:
        """Every match. This is the library's own loop, without its clock and its swallowing of what
        an action raises.
        """
        found: list[Match] = []
        started = rete.start_action_for_state(handle, state)
        message = started[1] if started else None
        while message:
            for matches in json.loads(message).values():
                for facts in matches if isinstance(matches, list) else [matches]:
                    found.append((facts["f1"]["r"], min([fact["s"] for fact in facts.values()])))
            message = rete.complete_and_start_action(handle, state)
        return found

    def _discard(self) -> None:
        """After a failure forget the session, and begin again with a new ruleset."""
        rules, self.rules = self.rules, None
        self.open -= 1
        if rules is not None:
            with suppress(Exception):  # there may be no state yet
                rete.delete_state(rules._handle, SESSION)
            with suppress(Exception):
                rete.delete_ruleset(rules._handle)


def _asserted(handle: int, facts: list[ConditionFact]) -> int:
    """Assert facts one at a time; the handle of the session's state."""
    state = 0
    for number, (rule, place, status) in enumerate(facts):
        text = f'{{"id":{number},"sid":"{SESSION}","r":{rule},"p":{place},"s":{status}}}'
        outcome, state = rete.assert_fact(handle, text)
        # not handled, seen before or put off: none of them may happen to a fact with an id and a
        # slot
        if outcome:
            raise EngineError(f"the rule network refused a condition fact (outcome {outcome})")
    return state


def _complete(facts: Iterable[ConditionFact]) -> list[ConditionFact]:
    """The facts, in order, of rules that have one for each condition. The others could not fire.

    They are not only idle: a first session in which nothing matches makes the library free memory
    that it does not hold.
    """
    found: list[ConditionFact] = []
    for _, group in groupby(sorted(facts), key=lambda fact: fact[0]):
        own = list(group)
        if len(own) == own[0][1] // 10:
            found += own
    return found


def _sessions(facts: list[ConditionFact]) -> Iterable[list[ConditionFact]]:
    """Facts in portions; those of one rule at hand stay together."""
    portion: list[ConditionFact] = []
    for fact in facts:
        if len(portion) >= MOST_FACTS and fact[0] != portion[-1][0]:
            yield portion
            portion = []
        portion.append(fact)
    if portion:
        yield portion


NETWORK = Network()
