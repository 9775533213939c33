"""What rules show by their own words: that two never disagree, that some cover every value."""

from __future__ import annotations

from rulewright.language.types import FINITE, Type

from .model import Exhaustive
from .nodes import Compare, Condition, Expression, Joined, Rule
from .regions import Region, meet, region, whole
from .tables import Table, is_complete


def never_disagree(one: Rule, other: Rule) -> bool:
    """Whether two rules can never both hold and give different values, by their own words."""
    if one.value == other.value:
        return True
    for a in one.conditions:
        for b in other.conditions:
            if _exclude(a, b) or _negates(a, b) or _negates(b, a):
                return True
    return False


def _exclude(a: Condition, b: Condition) -> bool:
    """Two comparisons of one thing whose values do not meet."""
    if not (isinstance(a.body, Compare) and isinstance(b.body, Compare) and a.body.left == b.body.left):
        return False
    one, other = region(a.body), region(b.body)
    return one is not None and other is not None and not meet(one, other)


def _negates(a: Condition, b: Condition) -> bool:
    """`b` says that none of some conditions hold, and `a` is one of them."""
    return isinstance(b.body, Joined) and b.body.kind == "none of" and any(part.body == a.body for part in b.body.parts)


def exhaustive(rules: tuple[Rule, ...], tables: list[Table | None]) -> tuple[Exhaustive, ...]:
    found: list[Exhaustive] = []
    single: dict[int, tuple[Compare, list[tuple[int, Region]]]] = {}
    for index, rule in enumerate(rules):
        body = rule.conditions[0].body if len(rule.conditions) == 1 else None
        values = region(body) if isinstance(body, Compare) else None
        if isinstance(body, Compare) and values is not None:
            for known, group in single.values():
                if known.left == body.left:
                    group.append((index, values))
                    break
            else:
                single[index] = (body, [(index, values)])
    for body, group in single.values():
        assert body.left.type is not None
        if covers([values for _, values in group], body.left.type):
            found.append(Exhaustive(frozenset(i for i, _ in group), (body.left,)))
    for table in {id(t): t for t in tables if t is not None}.values():
        inputs = _compared(table)
        if len(inputs) > 1 and is_complete(table):
            found.append(Exhaustive(frozenset(i for i, t in enumerate(tables) if t is table), inputs))
    return tuple(found)


def _compared(table: Table) -> tuple[Expression, ...]:
    """The inputs that some row compares with a value: a column in which any value will do decides nothing."""
    return tuple(expression for column, (_, expression) in enumerate(table.inputs) if any(row.cells[column] is not None for row in table.rows))


def covers(regions: list[Region], kind: Type) -> bool:
    """Whether every value of a type lies in one of the regions."""
    domain = whole(kind)
    if domain is None:
        return False
    if isinstance(kind, FINITE):
        assert isinstance(domain, frozenset)
        return domain <= frozenset().union(*(r for r in regions if isinstance(r, frozenset)))
    from .regions import atoms

    return all(inside for _, inside in atoms(regions, kind))
