"""RW728: an amendment changes a value, and an interpretation behind it still says the old one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rulewright.amendments.target import matches
from rulewright.ir.nodes import Literal, Rule
from rulewright.ir.program import Interpretation, Program
from rulewright.ir.traversal import find, parameters_in
from rulewright.ir.types import Months, Number, Scale, Type, Value
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import Text, key, place_of

from .compiled import Compiled
from .wording import listed

CODE = "RW728"
_NUMBERS = (
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


@dataclass(frozen=True)
class ValuePair:
    """A value that was and one that is. thing: whose it is, in messages; names: as amendments call
    it; rests_on: its interpretations.
    """

    thing: str
    names: tuple[str, ...]
    old: frozenset[str]
    new: frozenset[str]
    rests_on: tuple[str, ...]


def contradicted_interpretations(policy: Compiled) -> Iterator[Problem]:
    """Each interpretation whose own words name the old value and not the new one."""
    amended = policy.amended
    if amended is None:
        return
    told: set[tuple[str, str]] = set()
    for changed in (
        *_parameters(amended.program, policy.program),
        *_rules(amended.program, policy.program),
    ):
        for name in changed.rests_on:
            found = policy.program.interpretations.get(name)
            gone, new = changed.old - changed.new, changed.new - changed.old
            said = sorted(gone, key=lambda each: (-len(each), each))
            word = next(
                (each for each in said if found is not None and _contradicts(found, each, new)),
                None,
            )
            if word is not None and (name, changed.thing) not in told:
                told.add((name, changed.thing))
                yield Problem(
                    place_of(_line(policy, changed.names)),
                    CODE,
                    f"the interpretation `{name}` still says `{word}`, but {changed.thing} "
                    + (f"is now {listed(sorted(new))}" if new else f"no longer has `{word}`"),
                    "replace what is `assumed` too, or name another interpretation",
                    "warning",
                )


def _contradicts(found: Interpretation, old: str, new: frozenset[str]) -> bool:
    """Whether it names the old value, in its id or in what is assumed, and assumes none of the new
    ones.
    """
    return (_speaks(found.assumed, old) or _speaks(found.id, old)) and not any(
        _speaks(found.assumed, each) for each in new
    )


def _speaks(text: str, value: str) -> bool:
    words = f" {key(text)} "
    return any(f" {each} " in words for each in _spellings(key(value)))


def _spellings(value: str) -> Iterator[str]:
    """`24 months`, also as `2 years` and `two years`."""
    number, _, unit = value.partition(" ")
    numbers = [(number, unit)]
    if number.isdigit() and unit in ("month", "months") and int(number) % 12 == 0:
        years = int(number) // 12
        numbers.append((str(years), "year" if years == 1 else "years"))
    for each, of in numbers:
        yield f"{each} {of}".strip()
        if each.isdigit() and int(each) < len(_NUMBERS) and of:
            yield f"{_NUMBERS[int(each)]} {of}"


def _parameters(before: Program, after: Program) -> Iterator[ValuePair]:
    """The parameters, with what rests on them: their own interpretation, and those of the rules
    that read them.
    """
    for name, now in after.parameters.items():
        was = before.parameters.get(name)
        if was is None or was.values == now.values:
            continue
        reading = (
            rule for rule in after.rules if name in parameters_in(rule.conditions, rule.value)
        )
        rests_on = dict.fromkeys([now.interpretation] if now.interpretation else [])
        rests_on |= dict.fromkeys(each for rule in reading for each in rule.interpretations)
        rests_on |= dict.fromkeys(
            each.id for each in after.interpretations.values() if name in each.bears_on
        )
        yield ValuePair(
            f"the parameter `{now.name}`",
            (now.name,),
            _shown(was.type, (value for _, value in was.values)),
            _shown(now.type, (value for _, value in now.values)),
            tuple(rests_on),
        )


def _rules(before: Program, after: Program) -> Iterator[ValuePair]:
    """The rules and rows whose fixed values are others than they were."""
    known = {rule.id: rule for rule in before.rules}
    for rule in sorted(after.rules, key=lambda each: each.id):
        was = known.get(rule.id)
        if was is None or was is rule or not rule.interpretations:
            continue
        old, new = _values(was), _values(rule)
        if old != new:
            name = rule.written.partition("@")[0]
            names = (
                rule.written,
                name,
                name.partition("[")[0],
                rule.id.partition("@")[0].rpartition(".")[0],
            )
            yield ValuePair(f"`{name}`", names, old, new, rule.interpretations)


def _values(rule: Rule) -> frozenset[str]:
    """The numbers of a rule, and the value on the scale that it gives or that its limit is."""
    literals = [
        each
        for each in find(Literal, rule.conditions, rule.value)
        if isinstance(each.type, Number | Months)
    ]
    if isinstance(rule.value, Literal) and isinstance(rule.value.type, Scale):
        literals.append(rule.value)
    return frozenset(
        each for one in literals if one.type is not None for each in _shown(one.type, [one.value])
    )


def _shown(kind: Type, values: Iterable[Value]) -> frozenset[str]:
    return frozenset(kind.show(each) for each in values if each is not None)


def _line(policy: Compiled, names: tuple[str, ...]) -> Text:
    """The line of the amendment that changes one of these; without any its first."""
    model = policy.assembly.policy
    lines = [*model.replaces, *model.parameters]
    found = (
        each
        for name in names
        for each in lines
        if key(each) == key(name) or matches(name, each) or each.partition("@")[0] == name
    )
    return next(found, model.policy)
