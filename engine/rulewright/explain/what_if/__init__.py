"""What would change a value: the smallest changes that give another one or lose this one, and what would settle an open one."""

from __future__ import annotations

from collections.abc import Sequence

from rulewright.engines.answering import Answered
from rulewright.explain.naming import answers_named
from rulewright.language.cases import Entity
from rulewright.language.errors import InputError, Place, Problem, nearest
from rulewright.language.text import key
from rulewright.language.types import FINITE, Value, show_date

from .changing import MOST_SHOWN, goal_to, goal_to_lose, smallest
from .fixing import Fixing
from .record import WhatIf
from .settling import settle

__all__ = ["MOST_SHOWN", "WhatIf", "what_if"]

NO_VALUE = "no value"


def what_if(answered: Answered, attribute: str, *, to: str | None = None, keep: Sequence[str] = (), change: Sequence[str] = (),
            most: int = MOST_SHOWN) -> list[WhatIf]:  # fmt: skip
    """What would change each attribute that a name or path may mean.

    to: the value wanted; without it the smallest changes that lose the present value, or, where it is undetermined, what it may
    really be and which missing facts settle it. keep, change: words for facts (see `Fixing`). most: so many sets are shown.
    Raises `InputError` (RW601; RW631 for a value that the attribute cannot have; RW632), `EngineError`.
    """
    entities = {each.path: each for each in answered.case.entities}
    fixing = Fixing(answered.case, answered.program.vocabulary, keep, change)
    return [_of(answered, entities[each.entity], key(each.attribute), to, fixing, list(keep), most)
            for each in answers_named(answered.decision, attribute)]  # fmt: skip


def _of(answered: Answered, entity: Entity, attribute: str, to: str | None, fixing: Fixing, keep: list[str], most: int) -> WhatIf:
    program = answered.program
    declared = program.vocabulary.entities[entity.type].attributes[attribute]
    possible = answered.result.settled[entity.index, attribute].possible
    record = WhatIf(answered.case.name, entity.path, declared.name, declared.label or declared.name, program.policy,
                    show_date(answered.as_at), possible.show(declared.type), kept=keep)  # fmt: skip
    if to is not None:
        wanted = _value(answered, entity, attribute, to)
        goal = goal_to(wanted, NO_VALUE if wanted is None else declared.type.show(wanted))
    elif possible.determined:
        goal = goal_to_lose(possible.value, possible.show(declared.type)[0])
    else:
        record.settling = settle(answered, entity, attribute)
        return record
    record.smallest, record.not_tried = smallest(answered, entity, attribute, goal, fixing, most)
    return record


def _value(answered: Answered, entity: Entity, attribute: str, text: str) -> Value:
    """The value that somebody wrote. Raises `InputError` (RW631)."""
    declared = answered.program.vocabulary.entities[entity.type].attributes[attribute]
    if key(text) == NO_VALUE:
        return None
    value = declared.type.parse(text)
    if value is None:
        known = [declared.type.show(each) for each in declared.type.values] if isinstance(declared.type, FINITE) else []
        help = nearest(text, [*known, NO_VALUE]) if known else f"expected {declared.type.expected()}"
        raise InputError(Problem(Place(""), "RW631", f"`{declared.name}` of a {entity.type} cannot be `{text}`", help))
    return value
