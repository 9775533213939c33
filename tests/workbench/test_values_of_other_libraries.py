"""Values as NumPy and pandas have them, imitated: those of a clear meaning are taken, all others
are told with where they stand.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from rulewright import InputError, Rules

RULES = Rules(Path(__file__).parents[1] / "errors" / "common" / "rules")


class Scalar:
    """As those of NumPy are: no number of Python, but gives one."""

    shape = ()

    def __init__(self, value: Any) -> None:
        self.value = value

    def item(self) -> Any:
        return self.value

    def __repr__(self) -> str:
        return f"np.int64({self.value})"


class datetime64(Scalar):  # noqa: N801
    """NumPy's; a fine one gives its count of nanoseconds where it is not asked for less."""

    def item(self) -> Any:
        return 1_706_745_600_000_000_000 if isinstance(self.value, datetime) else self.value

    def astype(self, unit: str) -> Scalar:
        assert unit == "datetime64[us]"
        return Scalar(self.value) if self.value is not None else datetime64(None)

    def __str__(self) -> str:
        return "NaT"


class timedelta64(Scalar):  # noqa: N801
    pass


class NAType:
    """The missing value of pandas, which cannot be asked whether it equals anything."""

    def __eq__(self, _other: object) -> Any:
        return self

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    def __repr__(self) -> str:
        return "<NA>"


class NaTType(datetime):
    """The missing date of pandas, which is a date of Python too."""

    def __str__(self) -> str:
        return "NaT"


class Timestamp(datetime):
    pass


class ndarray:  # noqa: N801
    shape = (1,)


NA, NAT = NAType(), NaTType(1970, 1, 1)


def case(**facts: Any) -> dict[str, Any]:
    return {
        "case": "an example",
        "as at": "2024-03-01",
        "trust": {"name": "Example Trust", "beds": 120, **facts},
    }


def decided(it: dict[str, Any], **options: Any) -> Any:
    return RULES.run(it, **options).decision


@pytest.mark.parametrize(
    "beds",
    [
        120,
        120.0,
        Scalar(120),
        Scalar(120.0),
        Decimal("120"),
        Decimal("1.2E+2"),
        Fraction(120),
        "120",
    ],
    ids=repr,
)
def test_a_number_is_a_number(beds: Any) -> None:
    assert decided(case(beds=beds)).answers == decided(case()).answers
    answered = RULES.answer(case(beds=90))
    assert (
        RULES.changed(answered, {"trust > beds": beds}).decision.answers
        == RULES.changed(answered, {"trust > beds": "120"}).decision.answers
    )


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 2, 1),
        datetime(2024, 2, 1),
        Timestamp(2024, 2, 1),
        datetime64(datetime(2024, 2, 1)),
        Scalar(date(2024, 2, 1)),
        "2024-02-01",
    ],
    ids=repr,
)
def test_a_day_is_a_day(day: Any) -> None:
    expected = decided(case(**{"inspected on": "2024-02-01"}))
    assert decided(case(**{"inspected on": day})).answers == expected.answers
    assert decided({**case(), "as at": day}).as_at == "2024-02-01"
    assert decided(case(), as_at=day).as_at == "2024-02-01"
    assert RULES.choose(as_at=day).policy == "example"


@pytest.mark.parametrize("count", [Scalar(738_917), 738_917])
def test_a_count_of_days_is_one(count: Any) -> None:
    assert decided(case(), as_at=count).as_at == "2024-02-01"


MISSING = {
    "nan": float("nan"),
    "NaN": Decimal("NaN"),
    "sNaN": Decimal("sNaN"),
    "<NA>": NA,
    "NaT": NAT,
    "NaT of NumPy": datetime64(None),
    "nan of NumPy": Scalar(float("nan")),
}


@pytest.mark.parametrize("name", MISSING)
def test_what_stands_for_no_value_is_no_fact(name: str) -> None:
    value, shown = MISSING[name], name.partition(" ")[0]
    said = f"`{shown}`, which stands for no value; leave it out"
    services = [{"name": "Surgery"}, {"name": value}]
    for it, where in (
        (case(beds=value), "trust > beds"),
        (case(services=services), "trust > services > 2 > name"),
        ({**case(), "as at": value}, "as at"),
    ):
        assert (
            mistake(lambda it=it: RULES.run(it))
            == f"case: RW500 the case cannot be written: `{where}` is {said}"
        )
    assert mistake(lambda: RULES.run(case(), as_at=value)) == f"RW510 the date is {said}"
    assert mistake(lambda: RULES.run(case(), engine=value)) == f"RW604 the engine is {said}"
    assert (
        mistake(lambda: RULES.run(case(), set={"beds": value}))
        == f"RW602 a value in `set` is {said}"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("inf"), "`inf`, which is not a number; write a number"),
        (
            datetime(2024, 2, 1, 10),
            "`2024-02-01 10:00:00`, a time of a day; give the date alone, as `.date()` does",
        ),
        (
            Timestamp(2024, 2, 1, tzinfo=UTC),
            "`2024-02-01 00:00:00+00:00`, a time of a day; give the date alone, as `.date()` does",
        ),
        *(
            (
                each,
                f"of the type `{type(each).__name__}`, not text; write text, a number, a date, yes or no, a list or a mapping",
            )
            for each in (timedelta64(5), ndarray(), object(), {1, 2}, b"120", range(3), 1j)
        ),
    ],
    ids=lambda each: str(each)[:20],
)
def test_what_no_case_file_could_hold_is_told_with_its_place(value: Any, said: str) -> None:
    for fact in ("beds", "name"):  # free text takes nothing by accident
        told = mistake(lambda fact=fact: RULES.run(case(**{fact: value})))
        assert told == f"case: RW500 the case cannot be written: `trust > {fact}` is {said}"


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        (
            {None: 1},
            "`trust` is a mapping with a name that is nothing, not text; write text, a number, a date, yes or no, a list or a mapping",
        ),
        (
            {NA: 1},
            "`trust` is a mapping with a name that is `<NA>`, which stands for no value; leave it out",
        ),
        (
            {"services": [{1: "a", "1": "b"}]},
            "`trust > services > 1` is a mapping with two names `1`; keep one of them",
        ),
    ],
)
def test_names_are_text(trust: Any, said: str) -> None:
    assert (
        mistake(lambda: RULES.run({**case(), "trust": trust}))
        == f"case: RW500 the case cannot be written: {said}"
    )


@pytest.mark.parametrize(
    "it",
    [[], "x", None, Path("case.yaml"), ndarray(), iter(())],
    ids=lambda each: type(each).__name__,
)
def test_what_is_no_case_is_refused(it: Any) -> None:
    assert mistake(lambda: RULES.run(it)).endswith(
        "not a case; a case is a mapping with `case` and the facts"
    )


def mistake(call: Any) -> str:
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)
