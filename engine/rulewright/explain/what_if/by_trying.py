"""Changes tried one set after the other, where there is no formula of sensible size: exact as far as it looks, and it says how far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

from rulewright.engines.answering import Answered
from rulewright.engines.calculus import certain, domain
from rulewright.engines.reference import evaluate
from rulewright.engines.result import Possible
from rulewright.engines.running import run
from rulewright.engines.solver.facts import distance, options_of
from rulewright.engines.solver.formula import asked_whether_known
from rulewright.language.cases import Entity
from rulewright.language.entities import with_facts
from rulewright.language.errors import EngineError
from rulewright.language.types import Value
from rulewright.language.vocabulary import Attribute
from rulewright.program.nodes import NodeKey

from .fixing import Fixing
from .record import ChangedFact, Proposal, Smallest

MOST_TRIED = 3_000
Fact = tuple[Entity, str, Attribute, Possible, list[tuple[Value, int]]]


def by_trying(answered: Answered, entity: Entity, attribute: str, reached: Callable[[Possible], bool], words: str, fixing: Fixing,
              most: int) -> tuple[Smallest, list[str]]:  # fmt: skip
    """The smallest sets of changes, as `changing.smallest` gives them, looked for within a number of runs."""
    facts, not_tried = _facts(answered, fixing)
    left = MOST_TRIED
    at = (entity.index, attribute)
    for size in range(len(facts) + 1):
        found: list[tuple[int, dict[tuple[int, str], Value], list[ChangedFact]]] = []
        for changes in _sets(facts, size):
            if left == 0:
                bound = f"all sets of fewer than {size} changes were tried, and some of {size}"
                return _record(answered, at, words, reached, size, found, most, bound), not_tried
            left -= 1
            values = {(fact[0].index, fact[1]): value for fact, value, _ in changes}
            result = evaluate(answered.program, with_facts(answered.case, values), answered.as_at, answered.parameters)
            if reached(result.settled[at].possible):
                found.append((sum(far for _, _, far in changes), values, [_changed(fact, value) for fact, value, _ in changes]))
        if found:
            return _record(answered, at, words, reached, size, found, most, ""), not_tried
    return Smallest(words, None, proved=True), not_tried


def _facts(answered: Answered, fixing: Fixing) -> tuple[list[Fact], list[str]]:
    """The facts that may change, each with its other values; and those whose values cannot be listed."""
    program, asked = answered.program, asked_whether_known(answered.program)
    found: list[Fact] = []
    not_tried = []
    for entity in answered.case.entities:
        for name, attribute in program.vocabulary.entities[entity.type].attributes.items():
            read = NodeKey(entity.type, entity.parent_type, entity.member, name) in program.asks
            if not (attribute.given and read and fixing.may_change(entity, name)):
                continue
            values = options_of(attribute.type, attribute.may_have_no_value)
            if values is None:
                not_tried.append(f"{entity.path} > {attribute.name}")
                continue
            now = _now(entity, name, attribute)
            restate = name not in entity.facts and name in asked
            others = [(each, distance(attribute.type, now.value, each) or 1) if now.determined else (each, 1) for each in values
                      if not now.determined or each != now.value or restate]  # fmt: skip
            found.append((entity, name, attribute, now, others))
    return found, not_tried


def _now(entity: Entity, name: str, attribute: Attribute) -> Possible:
    stated = entity.facts.get(name)
    if stated is not None:
        return certain(stated.value, attribute.type)
    if attribute.has_default and name not in entity.unknown:
        return certain(attribute.default, attribute.type)
    return Possible(domain(attribute.type), no_value=attribute.may_have_no_value)


def _sets(facts: list[Fact], size: int) -> Iterator[list[tuple[Fact, Value, int]]]:
    for chosen in combinations(facts, size):
        for values in product(*(fact[4] for fact in chosen)):
            yield [(fact, value, far) for fact, (value, far) in zip(chosen, values, strict=True)]


def _changed(fact: Fact, value: Value) -> ChangedFact:
    from .changing import changed_fact

    entity, name, attribute, now, _ = fact
    return changed_fact(entity, attribute.name, attribute.type, now, name in entity.facts, value)


def _record(answered: Answered, at: tuple[int, str], words: str, reached: Callable[[Possible], bool], size: int,
            found: list[tuple[int, dict[tuple[int, str], Value], list[ChangedFact]]], most: int, bound: str) -> Smallest:  # fmt: skip
    record = Smallest(words, size if found else None, proved=not bound, bound=bound, how_many=len(found), more=bool(bound and found))
    kind = answered.program.vocabulary.entities[answered.case.entities[at[0]].type].attributes[at[1]].type
    for far, values, changes in sorted(found, key=lambda each: each[0])[:most]:
        result = run(answered.program, with_facts(answered.case, values), answered.as_at, answered.parameters)[0]
        if not reached(result.settled[at].possible):
            raise EngineError("the engines disagree about a change that was tried")
        record.proposals.append(Proposal(changes, far, result.settled[at].possible.show(kind)))
    return record
