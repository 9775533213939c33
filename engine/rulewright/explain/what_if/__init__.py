"""What would change a value: the smallest changes that give another one or lose this one, and what
would settle an open one.
"""

from __future__ import annotations

from collections.abc import Sequence

from rulewright.amendments.policy_selection import in_force_on
from rulewright.decision.answered import Answered
from rulewright.engines.result import CONFLICT, Possible
from rulewright.explain.naming import answers_named
from rulewright.ir.program import KnownReading
from rulewright.ir.types import FINITE, Value, show_date
from rulewright.ir.vocabulary import Attribute
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.text import key

from .assumptions import add_assumptions, add_assumptions_of_settling
from .dependencies import always_judged
from .fixed_facts import Fixing
from .goals import Goal, goal_to_end_the_conflict, goal_to_have, goal_to_lose
from .missing_facts import add_settling
from .record import WhatIf
from .search import MOST_SHOWN, add_smallest

__all__ = ["MOST_SHOWN", "WhatIf", "what_if"]

NO_VALUE = "no value"


def what_if(
    answered: Answered,
    attribute: str,
    *,
    to: str | None = None,
    keep: Sequence[str] = (),
    change: Sequence[str] = (),
    most: int = MOST_SHOWN,
    any_fact: bool = False,
    readings: Sequence[KnownReading] = (),
) -> list[WhatIf]:
    """What would change each attribute that a name or path may mean.

    to: the value wanted. Without it: the smallest changes that lose the present value; of one in
    conflict, those that end the conflict; of an undetermined one, what it may really be and which
    missing facts settle it. keep, change: words for facts (see `Fixing`); any_fact: facts of every
    kind at once, else improvements first. most: that many sets are listed. readings: the other
    readings of the policy, tried on what is listed. Raises `InputError` (RW601; RW631 for a value
    that the attribute cannot have; RW632), `EngineError`.
    """
    entities = {each.path: each for each in answered.case.entities}
    fixing = Fixing(answered.case, answered.program.vocabulary, keep, change, any_fact)
    found = []
    for each in answers_named(answered.decision, attribute):
        place = (entities[each.entity].index, key(each.attribute))
        found.append(
            _of(
                answered,
                place,
                to,
                fixing,
                WhatIf(
                    answered.case.name,
                    each.entity,
                    each.attribute,
                    each.label,
                    answered.program.policy,
                    show_date(answered.as_at),
                    list(each.possible),
                    kept=list(keep),
                    only=list(change),
                    about=answered.decision.about,
                    standing_of_policy=_policy(answered),
                ),
                most,
                readings,
            )
        )
    return found


def _of(
    answered: Answered,
    place: tuple[int, str],
    to: str | None,
    fixing: Fixing,
    record: WhatIf,
    most: int,
    readings: Sequence[KnownReading],
) -> WhatIf:
    entity = answered.case.entities[place[0]]
    declared = answered.program.vocabulary.entities[entity.type].attributes[place[1]]
    possible = answered.result.settled[place].possible
    goal = _goal(declared, entity.type, possible, to)
    withdrawn = next(
        (
            each
            for each in answered.decision.not_published
            if (each.entity, each.attribute) == (record.entity, record.attribute)
            and (each.status == "withdrawn" or each.given_earlier)
        ),
        None,
    )
    if withdrawn is not None:
        record.stands = "withdrawn" if withdrawn.status == "withdrawn" else "given earlier"
        record.withdrawn_by, record.now = (
            withdrawn.withdrawn_by,
            [withdrawn.given_earlier or "not published"],
        )
    elif place in answered.case.supplied:
        record.stands = "supplied"
    elif always_judged(answered, place):
        record.stands = "judged"
    elif goal is None:
        add_settling(record, answered, place, fixing)
        add_assumptions_of_settling(record, answered, place, readings)
    else:
        changed = add_smallest(record, answered, place, goal, fixing, most)
        add_assumptions(record, answered, place, changed, readings)
    return record


def _policy(answered: Answered) -> str:
    """How a policy stands that is not simply in force."""
    program = answered.program
    then = (
        "in force" if in_force_on(program.since, program.until, answered.as_at) else "not in force"
    )
    if program.status == "proposed":
        return "proposed"
    return (
        f"{program.status}, {then} on that date"
        if (program.status, then) != ("in force", "in force")
        else ""
    )


def _goal(declared: Attribute, type: str, possible: Possible, to: str | None) -> Goal | None:
    """What is aimed at; `None`: to settle it."""
    if to is not None:
        wanted = _value(declared, type, to)
        return goal_to_have(wanted, NO_VALUE if wanted is None else declared.type.show(wanted))
    if possible.determined:
        return goal_to_lose(possible.value, possible.show(declared.type)[0])
    return goal_to_end_the_conflict() if possible == CONFLICT else None


def _value(declared: Attribute, type: str, text: str) -> Value:
    """The value that somebody wrote. Raises `InputError` (RW631)."""
    if key(text) == NO_VALUE:
        return None
    value = declared.type.parse(text)
    if value is None:
        known = (
            [declared.type.show(each) for each in declared.type.values]
            if isinstance(declared.type, FINITE)
            else []
        )
        help = (
            nearest(text, [*known, NO_VALUE]) if known else f"expected {declared.type.expected()}"
        )
        raise InputError(
            Problem(Place(""), "RW631", f"`{declared.name}` of a {type} cannot be `{text}`", help)
        )
    return value
