"""Calls of the Python interface with values that are hardly what is expected: nothing but
`InputError` and `EngineError` may be raised.

Every public method of `Rules` is called: a new one joins by itself, and a parameter that has no
name in `PLAUSIBLE` fails a test.
"""

from __future__ import annotations

import datetime
import inspect
import json
import traceback
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from rulewright import EngineError, InputError, Rules, cases
from rulewright.decision.answered import Answered
from rulewright.lint import check
from tests.fuzz.dice import Dice, seeded

from .galleries import TESTS
from .texts import CHARACTERS, SCALARS
from .trees import odd_value, spoil

CASE = {
    "case": "an example", "as at": "2024-03-01", "about": "an example", "supplied": {"trust > stage": "ready"}, "judgements": [],
    "trust": {"name": "Example Trust", "beds": 120, "services": [{"name": "Surgery", "key questions": {"safe": "good"}}, {"name": "Nursing"}]},
    "published": {"trust > overall rating": "good", "on": "2024-03-02"},
}  # fmt: skip
RULES = TESTS / "errors/common/rules"
TOGETHER = 20  # calls in one process
INTERNAL = {
    "self",
    "shown",
    "to_mend",
    "place",
    "day_from",
    "options",
}  # no text or value of a person


class Thing:
    """Something of the caller's own, that holds nothing but itself."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        raise TypeError("unhashable")


@cache
def rules() -> Rules:
    """The rulebook that is asked."""
    return Rules(RULES)


@cache
def answers() -> tuple[Answered, ...]:
    """Cases that were answered."""
    return tuple(
        rules().answer(each, engine="reference")
        for each in (CASE, {**CASE, "trust": {"beds": "unknown"}})
    )


def _case(dice: Dice) -> Any:
    tree: Any = CASE
    for _ in range(dice.pick((0, 1, 1, 2, 5))):
        tree = spoil(tree, dice)
    return tree


def _attribute(dice: Dice) -> str:
    return dice.pick(
        (
            "overall rating",
            "stage",
            "trust > stage",
            "beds",
            "Surgery > safe",
            "Surgery > safe > rating",
            "safe",
            "trust",
            "*",
            "score",
        )
    )


def _of(*options: Any) -> Callable[[Dice], Any]:
    return lambda dice: dice.pick(options)


PLAUSIBLE: dict[str, Callable[[Dice], Any]] = {
    "folder": _of(RULES, str(RULES), TESTS, None), "within": _of(None, TESTS, str(TESTS)),
    "path": _of(RULES.parent / "case.yaml", str(RULES.parent / "scenarios.yaml"), "x"),
    "case": lambda dice: dice.pick(answers()) if dice.chance(20) else _case(dice), "policy": _of("example", None, "x"),
    "as_at": _of("2024-03-01", datetime.date(2024, 3, 1), None, 738_946), "set": _of({}, None, {"pass mark": "5"}, {"view period": 3}),
    "reading": _of(None, "x"), "name": _of("x", "a > b"), "engine": _of("both", "reference", "forward"), "readings": _of(True, False),
    "everything": _of(True, False), "any_fact": _of(True, False), "attribute": _attribute, "only": _attribute,
    "value": _of("good", "ready", 5, "yes"), "to": _of(None, "good", "outstanding", "ready"), "most": _of(1, 20),
    "keep": _of((), ["beds"], "beds"), "change": _of((), ["beds"], "Surgery"),
    "facts": lambda dice: {_attribute(dice): dice.pick(("good", 5, "none", "unknown"))},
    "answered": lambda dice: dice.pick(answers()), "one": lambda dice: dice.pick(answers()), "other": lambda dice: dice.pick(answers()),
}  # fmt: skip


def odd(dice: Dice) -> Any:
    """A value that nobody would give on purpose."""
    match dice.below(9):
        case 0:
            return dice.pick(
                (
                    Thing(),
                    Thing,
                    object(),
                    range(3),
                    iter([1]),
                    lambda: 1,
                    b"x",
                    bytearray(b"\xff"),
                    {1, 2},
                    memoryview(b"x"),
                )
            )
        case 1:
            return dice.pick(
                (
                    Decimal("NaN"),
                    Decimal("1e999"),
                    Fraction(1, 3),
                    10**5_000,
                    complex(1, 2),
                    float("nan"),
                    -0.0,
                    True,
                    None,
                    Ellipsis,
                )
            )
        case 2:
            return dice.pick(
                (
                    datetime.time(3),
                    datetime.datetime(2024, 3, 1),
                    datetime.date.max,
                    datetime.timedelta(3),
                    Path("x\0"),
                    Path("\udcff"),
                )
            )
        case 3:
            return "x" + dice.pick((*CHARACTERS, "\ud800", "\0"))
        case 4:
            return [odd(dice) for _ in range(dice.below(3))]
        case 5:
            return {
                dice.pick(("beds", "trust > stage", 5, None, (1, 2), "\ud800")): odd(dice)
                for _ in range(dice.below(3))
            }
        case 6:
            return dice.pick(answers())
        case 7:
            return dice.pick(SCALARS)
        case _:
            return odd_value(dice)


def targets() -> dict[str, Callable[..., Any]]:
    """What is called, by its name."""
    methods = {
        name: method
        for name, method in inspect.getmembers(Rules, inspect.isfunction)
        if not name.startswith("_")
    }
    return {**methods, "Rules": Rules, "cases": cases}


def parameters(target: Callable[..., Any]) -> list[inspect.Parameter]:
    """What is filled; the options of `answer` where it takes them."""
    own = inspect.signature(target).parameters
    found = [each for name, each in own.items() if name not in INTERNAL]
    if "options" in own:
        found += [
            each
            for name, each in inspect.signature(Rules.answer).parameters.items()
            if name not in (INTERNAL | {"case"})
        ]
    return found


def _call(number: str) -> tuple[str, dict[str, Any], Callable[..., Any]]:
    """The call of that number."""
    dice = seeded(number)
    name = dice.pick(sorted(targets()))
    target = targets()[name]
    given: dict[str, Any] = {}
    for each in parameters(target):
        if each.default is inspect.Parameter.empty or dice.chance(40):
            given[each.name] = odd(dice) if dice.chance(25) else PLAUSIBLE[each.name](dice)
    return name, given, target


def _made(number: str) -> None:
    """Make a call, and look at all that it gives.

    Whatever but an `InputError` or `EngineError` comes out is a finding.
    """
    name, given, target = _call(number)
    try:
        found = target(rules(), **given) if hasattr(Rules, name) else target(**given)
        if isinstance(found, Answered):
            found = found.outcome
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, Rules):
                check(each.book)
            elif hasattr(each, "to_json"):
                json.dumps(each.to_json(), allow_nan=False)
    except (InputError, EngineError) as error:
        assert str(error)


def findings(seed: str, numbers: range) -> Iterator[str]:
    """Make calls; a line of JSON for each that ends otherwise: number, name, what was given and
    what came out.
    """
    for number in numbers:
        try:
            _made(f"{seed}/{number}")
        except Exception as error:
            name, given, _ = _call(f"{seed}/{number}")
            frames = [
                frame
                for frame in traceback.extract_tb(error.__traceback__)
                if "engine/rulewright" in frame.filename
            ]
            place = (
                f"{frames[-1].filename.partition('/rulewright/')[2]} {frames[-1].name}"
                if frames
                else "?"
            )
            yield json.dumps(
                {
                    "number": f"{seed}/{number}",
                    "cause": f"{type(error).__name__} in {place}",
                    "call": name,
                    "given": _shown(given),
                    "error": ascii(str(error))[:300],
                }
            )


def _shown(given: dict[str, Any]) -> str:
    try:
        return ascii(given)[:600]
    except (ValueError, RecursionError):
        return f"{', '.join(given)}, of which one cannot be written"
