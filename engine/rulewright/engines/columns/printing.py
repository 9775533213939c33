"""The printer for plain Python: the rules of a node, or of notices, as a function over columns.

A function goes through the entities of one kind. Conditions become look-ups in tables; a condition
over a collection that a single rule asks is worked out only where the rule's other conditions leave
it to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, NamedTuple, assert_never

from rulewright.engines.calculus import aggregate, arithmetic, rounded
from rulewright.engines.result import MET, UNDECIDED, Possible
from rulewright.ir.nodes import (
    Aggregate,
    Arithmetic,
    AsAtDate,
    Below,
    Collection,
    Compare,
    Condition,
    Count,
    Each,
    Except,
    Expression,
    Joined,
    Known,
    Literal,
    Noun,
    Parameter,
    Quantified,
    Reach,
    Round,
    Same,
    Test,
    Union,
    Where,
)
from rulewright.ir.program import Node
from rulewright.ir.shapes import OWN, Shape, numbered, own_down
from rulewright.ir.types import FINITE, Number

from . import lowering
from .codes import Code, CodeTable, decode, encode, encode_value

Function = Callable[..., None]


class Printed(NamedTuple):
    """A printed function. given: the given attributes that it reads."""

    run: Function
    given: frozenset[str]
    source: str


@lru_cache(maxsize=4_096)
def printed_shape(shape: Shape, mixed: frozenset[str]) -> Printed:
    """The function that decides the nodes of a shape: `run(columns, rows, own, name, column, table,
    given, decided)`.

    rows: the entities. own: the member. name: of the attribute. table: the decisions of the node.
    given: by entity, what was supplied or judged. It fills the column and `decided`.
    """
    return Printer(mixed, (shape.node.key.entity, shape.node.key.member)).node(shape.node)


def printed_rules(rules: Sequence[Sequence[Condition]], mixed: frozenset[str]) -> Printed:
    """The function that says which rules fire or may fire: `run(columns, rows, own, fired)`. It
    fills `fired` with two sets of bits for each entity.
    """
    return Printer(mixed, ("", "")).statuses(rules)


@dataclass
class Printer:
    """Prints one function. mixed: the attributes whose columns hold `Possible`. own: the member.

    constants: what the function names beside columns. kept: names of what is worked out already.
    """

    mixed: frozenset[str]
    own: tuple[str, str]
    constants: dict[str, Any] = field(default_factory=dict)
    head: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    depth: int = 2
    columns: dict[Hashable, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    kept: list[dict[Hashable, str]] = field(default_factory=lambda: [{}])

    # -- functions

    def node(self, node: Node) -> Printed:
        rules, values = numbered(node), lowering.reckoned(node)
        self._fire([each.conditions for each in rules if each.effect != "otherwise"])
        number_of_rules, names = len(node.rules), []
        only_rules = (1 << number_of_rules) - 1
        valued = [self._valued(group, only_rules) for group in node.exhaustive]
        for number, expression in values:
            name = self.name("g")
            rest = rules[number].effect == "otherwise"
            needed = f"not fires & {only_rules}" if rest else f"(fires | may) >> {number} & 1"
            self.line(f"{name} = None")
            with self.inside(f"if {needed}:"):
                self.line(f"{name} = {self.value(expression)}")
            names.append(name)
        self.line(f"key = (fires, may, {_tuple(valued)}, {_tuple(names)})")
        look_up = "given[i](key) if given and i in given else table[key]"
        self.line(f"column[i], decided[i, name] = {look_up}")
        return self._compiled("columns, rows, own, name, column, table, given, decided")

    def statuses(self, rules: Sequence[Sequence[Condition]]) -> Printed:
        self._fire(rules)
        self.line("if fires or may: fired[i] = fires, may")
        return self._compiled("columns, rows, own, fired")

    def _compiled(self, arguments: str) -> Printed:
        lines = [f"def run({arguments}):", *(f"    {each}" for each in self.head)]
        source = "\n".join([*lines, "    for i in rows:", *self.body, ""])
        found: dict[str, Any] = dict(self.constants)
        exec(compile(source, "(a node in plain Python)", "exec"), found)
        return Printed(found["run"], frozenset(self.given), source)

    def _fire(self, rules: Sequence[Sequence[Condition]]) -> None:
        """The rules that fire and those that may, as bits."""
        asked = Counter(condition.body for conditions in rules for condition in set(conditions))
        always = sum(1 << number for number, conditions in enumerate(rules) if not conditions)
        self.line(f"fires, may = {always}, 0")
        for number, conditions in enumerate(rules):
            if conditions:
                bodies = list(dict.fromkeys(each.body for each in conditions))
                alone = [each for each in bodies if asked[each] == 1 and _gathers(each)]
                first = [each for each in bodies if each not in alone]
                self._rule(1 << number, first, alone)

    def _rule(self, bit: int, first: Sequence[Any], then: Sequence[Any]) -> None:
        names = [self.condition(each) for each in first]
        with self.inside(f"if {' and '.join(names) or 'True'}:"):
            if not then:
                self.line(f"if {' + '.join(names)} == {MET * len(names)}: fires |= {bit}")
                self.line(f"else: may |= {bit}")
                return
            for count, body in enumerate(then):
                names.append(self.condition(body))
                if count + 1 < len(then):
                    self.line(f"if {names[-1]}:")
                    self.depth += 1
            sure = f"{' + '.join(names)} == {MET * len(names)}"
            self.line(f"if {names[-1]}:")
            self.line(f"    if {sure}: fires |= {bit}")
            self.line(f"    else: may |= {bit}")
            self.depth -= len(then) - 1

    def _valued(self, group: Any, only_rules: int) -> str:
        name, rules = self.name("q"), sum(1 << number for number in group.rules)
        self.line(f"{name} = False")
        with self.inside(f"if may & {rules} and not fires & {only_rules}:"):
            tables = [
                f"{self.constant('V', lowering.valued_table(each.type))}[{self.value(each)}]"
                for each in group.inputs
            ]
            self.line(f"{name} = {' and '.join(tables) or 'True'}")
        return name

    # -- lines and names

    def line(self, text: str) -> None:
        self.body.append("    " * self.depth + text)

    @contextmanager
    def inside(self, opening: str) -> Iterator[None]:
        """Lines below an opening; what is worked out there is not known outside."""
        self.line(opening)
        self.depth += 1
        self.kept.append({})
        yield
        self.kept.pop()
        self.depth -= 1

    def name(self, letter: str) -> str:
        return f"{letter}{len(self.body)}_{len(self.constants)}_{len(self.columns)}"

    def constant(self, letter: str, value: Any) -> str:
        name = f"{letter}{len(self.constants)}"
        self.constants[name] = value
        return name

    def keep(self, key: Hashable, letter: str, text: str) -> str:
        """A name for what is worked out once for an entity."""
        name = self.name(letter)
        self.line(f"{name} = {text}")
        self.kept[-1][key] = name
        return name

    def known(self, key: Hashable) -> str | None:
        return next((names[key] for names in reversed(self.kept) if key in names), None)

    def column(self, *key: Any) -> str:
        """A column of the case: `values` of an attribute, `up` to a type, `down` to a member,
        `below` of a type, or a `parameter`.
        """
        if key not in self.columns:
            self.columns[key] = name = f"c{len(self.columns)}"
            arguments = ", ".join(self._argument(each) for each in key[1:])
            self.head.append(f"{name} = columns.{key[0]}({arguments})")
        return self.columns[key]

    def _argument(self, value: Any) -> str:
        if isinstance(value, str):
            return "own" if value == OWN else repr(value)
        return self.constant("K", value)

    # -- conditions

    def condition(self, body: Any) -> str:
        known = self.known(body)
        return known if known is not None else self.keep(body, "s", self._status(body))

    def _status(self, body: Any) -> str:
        match body:
            case Compare() | Known():
                return self.asked(body, lowering.status_table(body), None)
            case Joined(kind, parts):
                statuses = ", ".join(self.condition(each.body) for each in parts)
                if kind == "all of":
                    return f"min(({statuses},))"
                return f"max(({statuses},))" if kind == "any of" else f"2 - max(({statuses},))"
            case Quantified(_, collection, test, amount):
                table = CodeTable(lowering.quantified_status(body))
                count = self.count(collection, test)
                if amount is not None and not isinstance(amount, Literal):
                    count = f"{count}, {self.value(amount)}"
                return f"{self.constant('Q', table)}[{count}]"
        raise AssertionError(body)

    def asked(self, test: Test, table: CodeTable, item: str | None) -> str:
        """A look-up of what becomes of a test."""
        return f"{self.constant('T', table)}[{self._key(test, item)}]"

    def _key(self, test: Test, item: str | None) -> str:
        if isinstance(test, Known) and test.noun.given:
            if test.noun.attribute == "name":
                return "True"
            at = self.reach(test.noun.reach, item)
            return f"{test.noun.attribute!r} in {self.column('facts')}[{at}]"
        return ", ".join(self.value(each, item) for each in lowering.dynamic(test)) or "()"

    # -- collections

    def count(self, collection: Collection, test: Test | None) -> str:
        """The count of the items that pass a test."""
        key = ("count", collection, test)
        known = self.known(key)
        if known is not None:
            return known
        sure, perhaps = self.collection(collection)
        one, maybe = lowering.MAY_PASS + lowering.PASS, lowering.MAY_PASS
        if test is None:
            text = f"len({sure}) * {one}" + (f" + len({perhaps}) * {maybe}" if perhaps else "")
        else:
            text = self._summed(test, sure, lowering.packed_table(test, False))
            if perhaps:
                text += " + " + self._summed(test, perhaps, lowering.packed_table(test, True))
        return self.keep(key, "n", text)

    def _summed(self, test: Test, items: str, table: CodeTable) -> str:
        return f"sum([{self.asked(test, table, 'j')} for j in {items}])"

    def collection(self, collection: Collection) -> tuple[str, str]:
        """The lists of the items that are surely in, and of those that may be (`""`: there are
        none).
        """
        sure, perhaps = self.known(("sure", collection)), self.known(("perhaps", collection))
        if sure is None:
            sure, perhaps = self._items(collection)
            self.kept[-1]["sure", collection] = sure
            self.kept[-1]["perhaps", collection] = perhaps
        assert perhaps is not None
        return sure, perhaps

    def _items(self, collection: Collection) -> tuple[str, str]:
        match collection:
            case Below(start, wanted, deep):
                at = self.reach(start, None)
                if not deep:
                    return self._list(f"{self.column('below', wanted)}[{at}]"), ""
                return self._list(f"{self.column('deep', wanted)}[{at}]"), ""
            case Each(of, wanted):
                below = self.column("below", wanted)
                return self._each(of, f"[k for j in {{}} for k in {below}[j]]")
            case Same(of, wanted):
                return self._each(of, f"[{self.column('down', wanted, OWN)}[j] for j in {{}}]")
            case Except(of, members):
                names = self.constant("M", frozenset(members))
                member = self.column("members")
                return self._each(of, f"[j for j in {{}} if {member}[j] not in {names}]")
            case Where(of, tests):
                return self._where(of, tests)
            case Union(parts):
                return self._union(parts)
            case _:
                assert_never(collection)

    def _list(self, text: str) -> str:
        name = self.name("l")
        self.line(f"{name} = {text}")
        return name

    def _each(self, of: Collection, text: str) -> tuple[str, str]:
        sure, perhaps = self.collection(of)
        name = self._list(text.format(sure))
        return name, self._list(text.format(perhaps)) if perhaps else ""

    def _where(self, of: Collection, tests: tuple[Test, ...]) -> tuple[str, str]:
        items, maybe = self.collection(of)
        asked = [self.asked(each, lowering.status_table(each), "j") for each in tests]
        status = asked[0] if len(asked) == 1 else f"min({', '.join(asked)})"
        sure = self._list("[]")
        perhaps = self._list("[]")
        self.line(f"for j in {items}:")
        self.line(f"    s = {status}")
        self.line(f"    if s: ({sure} if s == {MET} else {perhaps}).append(j)")
        if maybe:
            self.line(f"{perhaps} += [j for j in {maybe} if {status}]")
        return sure, perhaps

    def _union(self, parts: tuple[Collection, ...]) -> tuple[str, str]:
        lists = [self.collection(each) for each in parts]
        sure = self._list(f"list(dict.fromkeys([{', '.join(f'*{each}' for each, _ in lists)}]))")
        maybe = [f"*{each}" for _, each in lists if each]
        if not maybe:
            return sure, ""
        inside = self._list(f"set({sure})")
        text = f"[j for j in dict.fromkeys([{', '.join(maybe)}]) if j not in {inside}]"
        return sure, self._list(text)

    # -- expressions

    def reach(self, reach: Reach, item: str | None) -> str:
        """The index of the entity that a reach leads to."""
        reach = own_down(reach, self.own)
        here = item if reach.item and item is not None else "i"
        if reach.up:
            here = f"{self.column('up', reach.up)}[{here}]"
        for wanted, member in reach.down:
            here = f"{self.column('down', wanted, member)}[{here}]"
        return here

    def value(self, expression: Expression, item: str | None = None) -> str:
        """The code of an expression."""
        match expression:
            case Noun(reach, attribute, kind, given):
                if given:
                    self.given.add(attribute)
                found = f"{self.column('values', attribute)}[{self.reach(reach, item)}]"
                if attribute in self.mixed and isinstance(kind, FINITE):
                    return f"{self.constant('C', CodeTable(partial(encode, kind=kind)))}[{found}]"
                return found
            case Literal(value, kind):
                return self.constant("L", encode_value(value, kind))
            case Parameter(name, kind):
                return self.column("parameter", name, kind)
            case AsAtDate():
                return self.column("as_at")
            case Arithmetic(op, left, right):
                whole = isinstance(right.type, Number) and right.type.whole
                function = self.constant("F", partial(_reckon, op, whole))
                return f"{function}({self.value(left, item)}, {self.value(right, item)})"
            case Round(rule, of):
                return f"{self.constant('F', partial(rounded, rule))}({self.value(of, item)})"
            case Count(collection, test):
                table = self.constant("N", CodeTable(lowering.number_counted))
                return f"{table}[{self.count(collection, test)}]"
            case Aggregate():
                return self._aggregate(expression)
            case _:
                assert_never(expression)

    def _aggregate(self, expression: Aggregate) -> str:
        known = self.known(expression)
        if known is not None:
            return known
        sure, perhaps = self.collection(expression.collection)
        code = self.value(expression.noun, "j")
        lists = [f"[{code} for j in {each}]" if each else "()" for each in (sure, perhaps)]
        made = partial(_aggregated, expression)
        if isinstance(expression.noun.type, FINITE):
            table = self.constant("A", CodeTable(made))
            key = ", ".join(f"tuple(sorted({each}))" for each in lists)
            return self.keep(expression, "a", f"{table}[{key}]")
        return self.keep(expression, "a", f"{self.constant('A', made)}(({', '.join(lists)}))")


def _reckon(op: str, whole: bool, left: Possible, right: Possible) -> Possible:
    return arithmetic(op, left, right, whole)


def _aggregated(expression: Aggregate, codes: tuple[Sequence[Code], Sequence[Code]]) -> Code:
    kind = expression.noun.type
    items = [
        (decode(code, kind), status)
        for found, status in zip(codes, (MET, UNDECIDED), strict=True)
        for code in found
    ]
    return encode(aggregate(expression.kind, items, kind), expression.type)


def _gathers(body: Any) -> bool:
    """Whether a condition goes through a collection."""
    return isinstance(body, Quantified | Joined) or (
        isinstance(body, Compare)
        and any(not isinstance(each, Noun | Literal) for each in (body.left, *body.right))
    )


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(names)},)" if names else "()"
