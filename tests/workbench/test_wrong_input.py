"""Wrong input raises `InputError`, whatever it is and wherever it is given: arguments, cases, files
of cases and of rulebooks.
"""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright import EngineError, InputError, Rules, cases
from rulewright.lint import check
from rulewright.syntax.errors import Problem

COMMON = Path(__file__).parents[1] / "errors" / "common"
RULES = Rules(COMMON / "rules")
EXAMPLES = 300 * int(os.environ.get("RULEWRIGHT_EXAMPLES", "1"))
settings.register_profile("wrong input", max_examples=EXAMPLES, deadline=None, derandomize=True)
WRONG = settings.get_profile("wrong input")


def case() -> dict[str, Any]:
    return {
        "case": "an example",
        "as at": "2024-03-01",
        "about": "an example",
        "supplied": {"trust > stage": "ready"},
        "judgements": [],
        "trust": {
            "name": "Example Trust",
            "beds": 120,
            "services": [{"name": "Surgery", "key questions": {"safe": "good"}}],
        },
        "published": {"trust > overall rating": "good", "on": "2024-03-02"},
    }


class Thing:
    pass


def in_a_circle() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["trust"] = found
    return found


def huge() -> int:
    return 10**5_000


def nested() -> Any:
    found: Any = "x"
    for _ in range(5_000):
        found = [found]
    return found


words = st.sampled_from(
    [
        "good",
        "ready",
        "Surgery > safe",
        "trust > stage",
        "overall rating",
        "example",
        "2024-02-30",
        "",
        " ",
        "-",
        "*",
        "&a",
        "!!x",
        "{",
        "- x",
        "x: y",
        "%",
        "'",
        "none",
        "unknown",
        "\x00",
        "\ud800",
        "a\tb",
        "a\nb",
        "9" * 5_000,
        "x" * 100_000,
    ]
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    words,
    st.text(st.characters(), max_size=8),
    st.binary(max_size=4),
    st.dates(),
    st.datetimes(),
    st.decimals(),
    st.builds(huge),
    st.sampled_from([Thing(), Decimal("1.5"), range(3), (1, 2), datetime.time(3)]),
    st.builds(in_a_circle),
    st.builds(nested),
    st.builds(set),
)
names = st.one_of(words, st.integers(), st.none(), st.tuples(st.integers()))
anything = st.recursive(
    plain,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)
PLACES: list[tuple[Any, ...]] = [
    (), ("case",), ("as at",), ("policy",), ("about",), ("supplied",), ("supplied", "trust > stage"), ("judgements",), ("trust",),
    ("trust", "name"), ("trust", "beds"), ("trust", "services"), ("trust", "services", 0), ("trust", "services", 0, "name"), ("published",),
    ("published", "on"),
    ("trust", "services", 0, "key questions"), ("trust", "services", 0, "key questions", "safe"), ("expect",), ("no such word",),
]  # fmt: skip


def with_it(place: tuple[Any, ...], value: Any) -> Any:
    """The case with another value at one place."""
    found = case()
    here: Any = found
    for step in place[:-1]:
        here = here[step]
    if not place:
        return value
    here[place[-1]] = value
    return found


@WRONG
@given(st.sampled_from(PLACES), anything)
def test_of_a_case(place: tuple[Any, ...], value: Any) -> None:
    with suppress(InputError, EngineError):
        RULES.run(with_it(place, value), engine="reference")


ANSWERED = RULES.answer(case())
hashable = st.one_of(
    names, st.dates(), st.booleans(), st.floats(), st.builds(Thing), st.builds(huge)
)
CALLS: dict[str, Callable[[Any], Any]] = {
    "policy": lambda it: RULES.run(case(), policy=it),
    "as_at": lambda it: RULES.run(case(), as_at=it),
    "set": lambda it: RULES.run(case(), set=it),
    "reading": lambda it: RULES.run(case(), reading=it),
    "engine": lambda it: RULES.run(case(), engine=it),
    "why": lambda it: RULES.why(ANSWERED, it),
    "why of a case": lambda it: RULES.why(it, "stage"),
    "why not": lambda it: RULES.why_not(ANSWERED, it, "good"),
    "why not a value": lambda it: RULES.why_not(ANSWERED, "overall rating", it),
    "what if": lambda it: RULES.what_if(ANSWERED, it),
    "what if to": lambda it: RULES.what_if(ANSWERED, "overall rating", to=it),
    "what if keep": lambda it: RULES.what_if(ANSWERED, "overall rating", keep=it),
    "what if change": lambda it: RULES.what_if(ANSWERED, "overall rating", change=it),
    "what if most": lambda it: RULES.what_if(ANSWERED, "overall rating", most=it),
    "changed": lambda it: RULES.changed(ANSWERED, it),
    "changed of a case": lambda it: RULES.changed(it, {}),
    "difference": lambda it: RULES.difference(ANSWERED, ANSWERED, it),
    "difference of a case": lambda it: RULES.difference(ANSWERED, it),
    "outcome": RULES.outcome,
    "report": RULES.report,
    "try readings": RULES.try_readings,
    "decide policy": RULES.decide_policy,
    "program": RULES.program,
    "choose": RULES.choose,
    "choose at": lambda it: RULES.choose(as_at=it),
    "readings": RULES.readings,
    "under a reading": lambda it: RULES.under_reading("example", it),
    "cases": cases,
    "rules": Rules,
}  # fmt: skip
OF_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "set": lambda name, value: RULES.run(case(), set={name: value}),
    "changed": lambda name, value: RULES.changed(ANSWERED, {name: value}),
}


@pytest.mark.untraced
@WRONG
@given(st.sampled_from(sorted(CALLS)), anything)
def test_of_an_argument(call: str, value: Any) -> None:
    with suppress(InputError, EngineError):
        CALLS[call](value)


@pytest.mark.untraced
@WRONG
@given(st.sampled_from(sorted(OF_TWO)), st.one_of(st.just("beds"), hashable), anything)
def test_of_names_and_values(call: str, name: Any, value: Any) -> None:
    with suppress(InputError, EngineError):
        OF_TWO[call](name, value)


def garbled(text: str, data: st.DataObject) -> bytes:
    """A text with one line, word or byte in it that is something else."""
    how = data.draw(st.sampled_from(["word", "line", "byte", "cut"]))
    at = data.draw(st.integers(0, len(text) - 1))
    if how == "cut":
        return text[:at].encode()
    if how == "byte":
        return (
            text[:at].encode() + data.draw(st.binary(min_size=1, max_size=3)) + text[at:].encode()
        )
    parts = text.split(" ") if how == "word" else text.split("\n")
    new = data.draw(st.one_of(words, st.sampled_from(parts), st.text(max_size=8)))
    index = data.draw(st.integers(0, len(parts) - 1))
    return (
        (" " if how == "word" else "\n")
        .join([*parts[:index], new, *parts[index + 1 :]])
        .encode("utf-8", "surrogatepass")
    )


@pytest.mark.untraced
@WRONG
@given(
    st.sampled_from(
        [
            "rules/policy.yaml",
            "rules/part.yaml",
            "rules/vocabulary.yaml",
            "rules/sources.yaml",
            "case.yaml",
        ]
    ),
    st.data(),
)
def test_of_a_file(file: str, data: st.DataObject) -> None:
    with TemporaryDirectory() as made, suppress(InputError, EngineError):
        folder = Path(made)
        shutil.copytree(COMMON, folder, dirs_exist_ok=True)
        (folder / file).write_bytes(garbled((COMMON / file).read_text("utf-8"), data))
        rules = Rules(folder / "rules")
        found: list[Problem] = check(rules.book)
        assert all(each.code for each in found)
        for each in cases(folder / "case.yaml"):
            rules.run(each)


@pytest.mark.parametrize(
    ("call", "value", "code"),
    [
        ("policy", None, ""),
        ("policy", ["example"], "RW402"),
        ("program", "none", "RW402"),
        ("as_at", datetime.date(2024, 3, 1), ""),
        ("as_at", "tomorrow", "RW510"),
        ("choose at", "2024-03-01", ""),
        ("choose at", datetime.date(2024, 3, 1), ""),
        ("choose at", 10**9, "RW510"),
        ("set", [1], "RW602"),
        ("reading", 5, "RW807"),
        ("engine", "forwards", "RW604"),
        ("engine", None, "RW604"),
        ("why", None, "RW601"),
        ("why not a value", [], "RW621"),
        ("changed", "x", "RW633"),
        ("what if to", "good", ""),
        ("what if keep", "beds", ""),
        ("what if keep", 5, "RW632"),
        ("what if most", 0, "RW635"),
        ("cases", 5, "RW101"),
        ("rules", [], "RW101"),
        ("outcome", {}, "RW500"),
        ("report", None, "RW500"),
        ("try readings", 5, "RW500"),
        ("decide policy", [], "RW500"),
    ],
)
def test_what_is_said_of_it(call: str, value: Any, code: str) -> None:
    if not code:
        CALLS[call](value)
        return
    with pytest.raises(InputError) as caught:
        CALLS[call](value)
    assert {each.code for each in caught.value.problems} == {code}


def test_numbers_and_dates_may_be_given_as_such() -> None:
    facts = {"trust > beds": 90, "trust > inspected on": datetime.date(2024, 2, 1)}
    texts = {"trust > beds": "90", "trust > inspected on": "2024-02-01"}
    one, other = (RULES.changed(ANSWERED, each) for each in (facts, texts))  # type: ignore[arg-type]
    assert one.decision == other.decision
