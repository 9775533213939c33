"""Where rows of tables hold, against a plain algorithm that looks at every row in every piece."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.compiler.disjointness import covers, exhaustive, never_disagreeing
from rulewright.compiler.tables import Row, Table, example_of, is_complete, overlaps
from rulewright.ir.nodes import HERE, Compare, Condition, Joined, Literal, Noun, Rule
from rulewright.ir.types import Choice, Date, Number, Scale, Type, Value, YesNo
from rulewright.ir.value_sets import Exact, Region, Span, meet, region, tidy, whole
from rulewright.lint.gaps_in_tables import Piece, joined, where_none_holds
from rulewright.lint.nullability import beside, within
from rulewright.syntax.text import Text

# -- the plain algorithm: every piece is held against every row


def plain_pieces(regions: list[Region], kind: Type) -> list[tuple[Region, frozenset[int]]]:
    domain = whole(kind)
    assert domain is not None
    if isinstance(domain, frozenset):
        assert isinstance(kind, Scale | Choice | YesNo)
        groups: dict[frozenset[int], list[Value]] = {}
        for value in kind.values:
            groups.setdefault(
                frozenset(i for i, each in enumerate(regions) if value in each), []
            ).append(value)
        return [(frozenset(values), inside) for inside, values in groups.items()]
    spans = [span for each in (domain, *regions) for span in each if isinstance(span, Span)]
    pieces: list[Span] = []
    before: Exact | None = None
    for end in sorted({end for span in spans for end in (span.low, span.high) if end is not None}):
        pieces += [Span(before, end, True, True), Span(end, end)]
        before = end
    pieces.append(Span(before, None, True, True))
    found: list[tuple[Region, frozenset[int]]] = []
    for piece in pieces:
        if inside := meet(tidy((piece,), kind), domain):
            found.append(
                (inside, frozenset(i for i, each in enumerate(regions) if meet(inside, each)))
            )
    return found


def plain_cover(table: Table) -> list[tuple[tuple[Region, ...], frozenset[int]]]:
    assert table.regions is not None
    kinds = [expression.type for _, expression in table.inputs]
    columns = [
        plain_pieces([row[at] for row in table.regions], kind)
        for at, kind in enumerate(kinds)
        if kind
    ]
    every = frozenset(range(len(table.rows)))
    return [
        (tuple(piece for piece, _ in pieces), every.intersection(*(inside for _, inside in pieces)))
        for pieces in product(*columns)
    ]


def plain_overlaps(table: Table) -> list[tuple[Row, Row, str]]:
    found: dict[tuple[int, int], str] = {}
    for where, inside in plain_cover(table):
        if len(inside) > 1:
            first, second, *_ = sorted(inside)
            found.setdefault((first, second), example_of(table, where))
    return [(table.rows[i], table.rows[j], shown) for (i, j), shown in sorted(found.items())]


def plain_gaps(table: Table, given: list[Region | None]) -> list[Piece]:
    left = []
    for where, inside in plain_cover(table):
        piece = tuple(
            values if some is None else meet(values, some)
            for values, some in zip(where, given, strict=True)
        )
        left += [piece] if not inside and all(piece) else []
    for axis in reversed(range(len(table.inputs))):
        kind = table.inputs[axis][1].type
        assert kind is not None
        left = joined(left, axis, kind)
    return left


def plain_masked(table: Table) -> dict[int, set[int]]:
    wins: set[int] = set()
    masked: dict[int, set[int]] = {}
    for _, inside in plain_cover(table):
        if inside:
            wins.add(min(inside))
            for each in inside - {min(inside)}:
                masked.setdefault(each, set()).add(min(inside))
    return {row: by for row, by in sorted(masked.items()) if row not in wins}


def plain_never_disagree(one: Rule, other: Rule) -> bool:
    return one.value == other.value or any(
        _exclude(a, b) or _negates(a, b) or _negates(b, a)
        for a in one.conditions
        for b in other.conditions
    )


def _exclude(a: Condition, b: Condition) -> bool:
    if not (
        isinstance(a.body, Compare) and isinstance(b.body, Compare) and a.body.left == b.body.left
    ):
        return False
    one, other = region(a.body), region(b.body)
    return one is not None and other is not None and not meet(one, other)


def _negates(a: Condition, b: Condition) -> bool:
    return (
        isinstance(b.body, Joined)
        and b.body.kind == "none of"
        and any(part.body == a.body for part in b.body.parts)
    )


# -- made-up tables and rules

GRADE = Scale("grade", ("poor", "fair", "good", "excellent"), ("not graded",))
WORD = Choice(("red", "green", "blue"))
ORDERED = ("at least", "at most", "more than", "less than", "between")
KINDS: dict[str, tuple[Type, st.SearchStrategy[Any]]] = {
    "count": (Number(True, 0, 12), st.integers(-2, 14)),
    "any count": (Number(True), st.integers(-2, 14)),
    "share": (Number(False, 0, 3), st.fractions(-1, 4, max_denominator=2)),
    "part": (Number(False, None, 2), st.fractions(-1, 3, max_denominator=3)),
    "day": (Date(), st.integers(1000, 1012)),
    "grade": (GRADE, st.sampled_from(GRADE.values)),
    "word": (WORD, st.sampled_from(WORD.values)),
    "done": (YesNo(), st.booleans()),
}


def noun(name: str) -> Noun:
    return Noun(HERE, name, KINDS[name][0], True)


@st.composite
def comparisons(draw: Callable[..., Any], name: str) -> Compare:
    kind, values = KINDS[name]
    names = ("is", "is not", "one of", *(() if isinstance(kind, Choice | YesNo) else ORDERED))
    op = draw(st.sampled_from(names))
    count = {"one of": draw(st.integers(1, 3)), "between": 2}.get(op, 1)
    found = [draw(values) for _ in range(count)]
    return Compare(noun(name), op, tuple(Literal(each, kind) for each in found))


@st.composite
def tables(draw: Callable[..., Any]) -> Table:
    names = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=3, unique=True))
    rows = []
    for number in range(draw(st.integers(0, 7))):
        cells = [
            draw(st.none() | comparisons(name).map(lambda test: Condition(test, "")))
            for name in names
        ]
        rows.append(
            Row(
                str(number), tuple(cells), Text(draw(st.sampled_from(GRADE.order))), Text("x").place
            )
        )
    return Table(tuple((name, noun(name)) for name in names), tuple(rows))


@st.composite
def parted(draw: Callable[..., Any]) -> Table:
    """A table whose rows part the space, but for what is taken out of it or put in twice."""
    ends = {
        name: sorted(draw(st.sets(st.integers(1, 12), max_size=3)))
        for name in ("count", "any count", "day")
    }
    names = draw(st.lists(st.sampled_from(list(ends)), min_size=1, max_size=3, unique=True))
    bands = []
    for name in names:
        lows = [None, *(each + (1000 if name == "day" else 0) for each in ends[name])]
        bands.append(list(zip(lows, [*lows[1:], None], strict=True)))
    boxes = list(product(*bands))
    boxes = draw(st.permutations(boxes))[draw(st.integers(0, 2)) :] + draw(
        st.lists(st.sampled_from(boxes), max_size=1)
    )
    rows = [
        Row(
            str(number),
            tuple(_band(name, *ends) for name, ends in zip(names, box, strict=True)),
            Text("good"),
            Text("x").place,
        )
        for number, box in enumerate(boxes)
    ]
    return Table(tuple((name, noun(name)) for name in names), tuple(rows))


def _band(name: str, low: int | None, high: int | None) -> Condition | None:
    left, kind = noun(name), KINDS[name][0]
    if low is None and high is None:
        return None
    if low is None or high is None:
        op, end = ("less than", high) if low is None else ("at least", low)
        return Condition(Compare(left, op, (Literal(end, kind),)), "")
    return Condition(Compare(left, "between", (Literal(low, kind), Literal(high - 1, kind))), "")


@st.composite
def rules(draw: Callable[..., Any]) -> tuple[Rule, ...]:
    found = []
    test = st.sampled_from(["count", "share", "grade", "done"]).flatmap(comparisons)
    few = st.lists(test, min_size=3, max_size=8)
    pool = draw(few)
    for number in range(draw(st.integers(0, 9))):
        parts = [Condition(each, "") for each in draw(st.lists(st.sampled_from(pool), max_size=3))]
        if draw(st.booleans()) and parts:
            parts = [*parts[1:], Condition(Joined("none of", (parts[0],)), "")]
        found.append(
            Rule(
                str(number),
                str(number),
                "value",
                tuple(parts),
                Literal(draw(st.sampled_from(GRADE.order)), GRADE),
            )
        )
    return tuple(found)


# -- the same

some = settings(deadline=None, max_examples=300)


@some
@given(tables() | parted(), st.data())
def test_overlaps_gaps_and_masked_rows_are_those_of_the_plain_algorithm(
    table: Table, data: st.DataObject
) -> None:
    assert table.cover is not None
    assert overlaps(table) == plain_overlaps(table)
    assert table.cover.masked() == plain_masked(table)
    known: list[Region | None] = []
    for _, expression in table.inputs:
        values = getattr(expression.type, "values", ())
        known.append(
            data.draw(st.none() | st.frozensets(st.sampled_from(values), min_size=1))
            if values
            else None
        )
    assert where_none_holds(table, known) == (plain_gaps(table, known), True)
    assert is_complete(table) == all(inside for _, inside in plain_cover(table))
    assert table.cover.size == len(plain_cover(table))


@some
@given(rules())
def test_the_rules_that_never_disagree_are_those_of_the_plain_algorithm(
    found: tuple[Rule, ...],
) -> None:
    apart = never_disagreeing(found)
    assert set(apart) == {
        (i, j)
        for i, j in combinations(range(len(found)), 2)
        if plain_never_disagree(found[i], found[j])
    }
    assert set(apart.without(len(found))) == set(combinations(range(len(found)), 2)) - set(apart)
    for each in exhaustive(found, [None] * len(found)):
        [left] = each.inputs
        bodies = [
            condition.body
            for number in sorted(each.rules)
            for condition in found[number].conditions
        ]
        regions = [
            values
            for body in bodies
            if isinstance(body, Compare)
            and body.left == left
            and (values := region(body)) is not None
        ]
        assert len(regions) == len(each.rules) and left.type is not None
        assert all(inside for _, inside in plain_pieces(regions, left.type))


@some
@given(
    st.sampled_from(sorted(KINDS)).flatmap(
        lambda name: st.lists(comparisons(name), min_size=1, max_size=4)
    )
)
def test_values_beside_and_within_others_are_those_of_the_plain_algorithm(
    found: list[Compare],
) -> None:
    kind = found[0].left.type
    regions = [values for each in found if (values := region(each)) is not None]
    assert kind is not None and len(regions) == len(found)
    assert covers(regions, kind) == all(inside for _, inside in plain_pieces(regions, kind))
    outside = [piece for piece, inside in plain_pieces(regions[:1], kind) if not inside]
    assert not meet(beside(regions[0], kind), regions[0])
    assert all(meet(beside(regions[0], kind), piece) == piece for piece in outside)
    assert within(regions[-1], regions[0], kind) == all(
        0 in inside or 1 not in inside
        for _, inside in plain_pieces([regions[0], regions[-1]], kind)
    )
