"""What rules show by their own words: that two never disagree, that some cover every value."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from rulewright.ir.nodes import Compare, Condition, Expression, Joined, Literal, Rule
from rulewright.ir.operators import OPERATORS
from rulewright.ir.pairs import Pairs, numbers
from rulewright.ir.partitions import cut, meeting
from rulewright.ir.program import Exhaustive
from rulewright.ir.types import FINITE, Type, Words
from rulewright.ir.value_sets import Region, region, whole

from .table_cover import Cover
from .tables import Table, is_complete

Key = TypeVar("Key", bound=Hashable)


def never_disagreeing(rules: Sequence[Rule], texts: bool = False) -> Pairs:
    """The pairs of rules that can never both hold and give different values, by their own words.

    texts: those too that ask for different free texts. The engines do not lean on these: no table
    of texts is known to have no overlaps.
    """
    apart = [0] * len(rules)
    for alike in _holders((rule.value, number) for number, rule in enumerate(rules)).values():
        for number in numbers(alike):
            apart[number] |= alike
    for one, other in (*_excluding(rules, texts), *_negating(rules)):
        apart[one] |= other
    return Pairs(others >> (number + 1) for number, others in enumerate(apart))


def _holders(each: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """For each thing the numbers that go with it, as a bit mask."""
    found: dict[Key, int] = {}
    for thing, number in each:
        found[thing] = found.get(thing, 0) | 1 << number
    return found


def _excluding(rules: Sequence[Rule], texts: bool) -> Iterator[tuple[int, int]]:
    """For each comparison of a rule with fixed values the rules that compare the same with other
    values only.
    """
    for left, comparisons in _comparisons((rule.conditions for rule in rules), texts).items():
        assert left.type is not None
        pieces = cut((values for _, values in comparisons), left.type)
        asked = [0] * len(rules)  # how often each rule compares it
        turns: list[
            list[tuple[Region, int]]
        ] = []  # a rule that does so twice holds two regions, each in a turn of its own
        for number, values in comparisons:
            turns += [[]] if asked[number] == len(turns) else []
            turns[asked[number]].append((values, number))
            asked[number] += 1
        for turn in turns:
            met = meeting(pieces, _holders(turn))
            every = _holders(("", number) for _, number in turn)[""]
            yield from ((number, every & ~met[values]) for number, values in comparisons)


def _comparisons(
    rules: Iterable[tuple[Condition, ...]], texts: bool = False
) -> dict[Expression, list[tuple[int, Region]]]:
    """What the conditions of rules compare with fixed values: the rules, each with the values that
    pass.
    """
    found: dict[Expression, list[tuple[int, Region]]] = {}
    for number, conditions in enumerate(rules):
        for condition in conditions:
            body = condition.body
            values = region(body) if isinstance(body, Compare) else None
            if values is None and texts and isinstance(body, Compare):
                values = _texts(body)
            if isinstance(body, Compare) and values is not None:
                found.setdefault(body.left, []).append((number, values))
    return found


def _texts(test: Compare) -> Region | None:
    """The free texts of which a comparison asks for one."""
    if not isinstance(test.left.type, Words) or not test.fixed or OPERATORS[test.op].denies:
        return None
    return frozenset(each.value for each in test.right if isinstance(each, Literal))


def compare_texts(rules: Iterable[Rule]) -> bool:
    """Whether some rule compares a free text."""
    bodies = (condition.body for rule in rules for condition in rule.conditions)
    return any(isinstance(each, Compare) and isinstance(each.left.type, Words) for each in bodies)


def _negating(rules: Sequence[Rule]) -> Iterator[tuple[int, int]]:
    """For each rule those that say that none of some conditions hold, of which it has one, and the
    other way about.
    """
    denied = _holders(
        (part.body, number)
        for number, rule in enumerate(rules)
        for each in rule.conditions
        if isinstance(each.body, Joined) and each.body.kind == "none of"
        for part in each.body.parts
    )
    if not denied:
        return
    for body, said in _holders(
        (each.body, number) for number, rule in enumerate(rules) for each in rule.conditions
    ).items():
        if body in denied:
            yield from ((number, denied[body]) for number in numbers(said))
            yield from ((number, said) for number in numbers(denied[body]))


def exhaustive(rules: tuple[Rule, ...], tables: list[Table | None]) -> tuple[Exhaustive, ...]:
    """The rules that cover every value of what they compare: those with one comparison, and the
    rows of tables of several inputs.
    """
    found: list[Exhaustive] = []
    for left, group in _comparisons(
        rule.conditions if len(rule.conditions) == 1 else () for rule in rules
    ).items():
        assert left.type is not None
        if covers([values for _, values in group], left.type):
            found.append(Exhaustive(frozenset(i for i, _ in group), (left,)))
    for table in {id(t): t for t in tables if t is not None}.values():
        inputs = _compared(table)
        if len(inputs) > 1 and is_complete(table):
            found.append(
                Exhaustive(frozenset(i for i, t in enumerate(tables) if t is table), inputs)
            )
    return tuple(found)


def _compared(table: Table) -> tuple[Expression, ...]:
    """The inputs that some row compares with a value: a column in which any value will do decides
    nothing.
    """
    return tuple(
        expression
        for column, (_, expression) in enumerate(table.inputs)
        if any(row.cells[column] is not None for row in table.rows)
    )


def covers(regions: list[Region], kind: Type) -> bool:
    """Whether every value of a type lies in one of the regions."""
    domain = whole(kind)
    if domain is None:
        return False
    if isinstance(kind, FINITE):
        assert isinstance(domain, frozenset)
        return domain <= frozenset().union(*(r for r in regions if isinstance(r, frozenset)))
    return Cover([(each,) for each in regions], [kind]).complete
