"""What must hold of declared properties of one generated rulebook and case: verdicts and cases are
those of exhaustive search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from pathlib import Path

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.compiler.conditions import read_condition
from rulewright.compiler.separate_conditions import scope_of, with_questions
from rulewright.decision.answered import Answered
from rulewright.engines.evaluator import evaluate
from rulewright.engines.result import MET, NOT_MET, Possible, Trace
from rulewright.facts.case_texts import CaseText
from rulewright.facts.cases import Case
from rulewright.ir.entities import with_facts
from rulewright.ir.nodes import Condition
from rulewright.ir.program import Program
from rulewright.ir.types import FINITE, Number, Scale, Value
from rulewright.properties.case_writer import FoundCase
from rulewright.properties.checker import PropertyFinding, check_posed
from rulewright.properties.files import Declared
from rulewright.properties.monotone import is_worse
from rulewright.properties.reachable import is_it
from rulewright.properties.reader import LIMITS, QUESTION, Posed, WantedValue
from rulewright.properties.spaces import At, Space
from rulewright.solver.open_facts import options_of
from rulewright.syntax.errors import InputError
from rulewright.syntax.property_models import PropertyModel, SpaceModel
from rulewright.syntax.text import Text
from rulewright.syntax.yaml_loader import load_yaml

from .books import written
from .cases import bound
from .dice import Dice
from .properties import AS_AT_DAY, parameters_of
from .sentences import Speaker
from .words import Tree, Words

MOST_CASES = 36
Facts = dict[At, Value]


def compare_with_exhaustive_search(
    program: Program, words: Words, tree: Tree, dice: Dice
) -> list[str]:
    """Ask some properties of each kind. Gives the verdicts."""
    KNOWN.clear()
    say = Speaker(dice, words, words.root.name)
    limits = _condition(program, say) if dice.chance(40) else None
    asked = _condition(program, say)
    questions = {
        name: (scope_of(program).kinds, (each,))
        for name, each in ((LIMITS, limits), (QUESTION, asked))
        if each is not None
    }
    asking = with_questions(program, questions)
    space = _space(program, bound(written(tree), program.vocabulary), dice)
    if not space.values:
        return []
    posed = _posed(program, asking, space, tree, (limits,) if limits is not None else ())
    verdicts = []
    for at in _attributes(posed, dice)[:3]:
        about = replace(posed, at=at, attribute=space.attribute(at), orders=_orders(space, dice))
        for kind in ("monotone", "reachable"):
            verdicts.append(_checked(replace(about, declared=_declared(kind)), dice))
    if asked is not None:
        question = replace(posed, conditions=(asked,), things=(space.case.root,))
        verdicts += [
            _checked(replace(question, declared=_declared(kind)), dice)
            for kind in ("always", "never")
        ]
    return [each for each in verdicts if each]


def _attributes(posed: Posed, dice: Dice) -> list[At]:
    """Derived attributes of the case; first those that take most values in it."""
    space = posed.space
    results = [_result(posed, each) for each in _all_cases(posed)]
    outside = {*space.case.supplied, *space.case.judged}
    free = [
        at
        for at in dice.shuffled(list(results[0].settled))
        if at not in outside and not space.attribute(at).hidden
    ]

    def settled(at: At) -> int:
        return len(
            {each.settled[at].possible for each in results if each.settled[at].possible.determined}
        )

    return sorted(
        free,
        key=lambda at: (not isinstance(space.attribute(at).type, Scale | Number), -settled(at)),
    )


def _all_cases(posed: Posed) -> list[Facts]:
    return [
        dict(zip(posed.space.values, values, strict=True))
        for values in product(*posed.space.values.values())
    ]


def _condition(program: Program, say: Speaker) -> Condition | None:
    try:
        return read_condition(Text(say.comparison()), scope_of(program))
    except InputError:
        return None


def _space(program: Program, case: Case, dice: Dice) -> Space:
    """A few facts of the case, open."""
    values: dict[At, tuple[Value, ...]] = {}
    size = 1
    places = [
        (entity.index, name)
        for entity in case.entities
        for name in program.vocabulary.entities[entity.type].attributes
    ]
    read = {(each.entity, each.parent, each.member, each.attribute) for each in program.asks}

    def unread(at: At) -> bool:
        entity = case.entities[at[0]]
        return (entity.type, entity.parent_type, entity.member, at[1]) not in read

    for at in sorted(dice.shuffled(places), key=unread):
        attribute = program.vocabulary.entities[case.entities[at[0]].type].attributes[at[1]]
        if not attribute.given:
            continue
        options = options_of(attribute.type, attribute.may_have_no_value)
        if options is None or len(options) > 8:
            options = (
                [3, 7]
                if isinstance(attribute.type, Number)
                and attribute.type.parse("3") == 3
                and attribute.type.parse("7") == 7
                else []
            )
        elif len(options) > 3 and dice.chance(50):
            options = [
                options[index] for index in sorted({dice.below(len(options)) for _ in range(3)})
            ]
        if options and size * len(options) <= MOST_CASES:
            size *= len(options)
            values[at] = tuple(options)
    filled: Facts = {}
    for at in places if dice.chance(70) else []:  # else few of the results are settled
        attribute = program.vocabulary.entities[case.entities[at[0]].type].attributes[at[1]]
        options = options_of(attribute.type, False) if attribute.given else None
        if options and at not in values and at[1] not in case.entities[at[0]].facts:
            filled[at] = dice.pick(options)
    free = with_facts(case, filled)
    for index, name in values:
        free.entities[index].facts.pop(name, None)
        free.entities[index].unknown.discard(name)
    return Space(free, program.vocabulary, dict(sorted(values.items())))


def _orders(space: Space, dice: Dice) -> dict[At, tuple[Value, ...]]:
    orders: dict[At, tuple[Value, ...]] = {}
    for at, values in space.values.items():
        kind = space.attribute(at).type
        if isinstance(kind, Scale):
            order: tuple[Value, ...] = tuple(each for each in kind.order if each in values)
        else:
            order = tuple(each for each in values if each is not None) if dice.chance(60) else ()
        order = order[::-1] if dice.chance(50) else order
        if len(order) > 1:
            orders[at] = order
    return orders


def _posed(
    program: Program, asking: Program, space: Space, tree: Tree, limits: tuple[Condition, ...]
) -> Posed:
    text = CaseText(load_yaml(written(tree), "case.yaml"), "case.yaml")
    base = Answered(
        text,
        program,
        space.case,
        AS_AT_DAY,
        parameters_of(program),
        frozenset(),
        PolicyChoice("p", "name", ()),
        Trace(),
        [],
        "",
    )
    return Posed(_declared("monotone"), base, asking, space, limits)


def _declared(kind: str) -> Declared:
    model = PropertyModel.model_construct(
        property=Text("generated"),
        because=None,
        reading=None,
        of=None,
        monotone=Text("it"),
        reachable=Text("it"),
        expected="yes",
        space=Text("it"),
    )
    space = SpaceModel.model_construct(open=[], where=None)
    return Declared(model, space, Path("generated.yaml"), "generated.yaml", Text("p"), None, kind)


def _checked(posed: Posed, dice: Dice) -> str:
    """Check one property, and hold it against all cases of its space.

    Gives the verdict; nothing where there is none.
    """
    assert posed.attribute is None or posed.at is not None
    kind = posed.declared.kind
    if posed.attribute is not None:
        scale = posed.attribute.type
        posed = replace(
            posed,
            order=scale.order
            if isinstance(scale, Scale)
            else tuple(scale.values)
            if isinstance(scale, FINITE)
            else (),
            lower=isinstance(scale, Number) and dice.chance(30),
            wanted=_wanted(posed),
        )
        if kind == "monotone" and not (posed.orders and (posed.order or isinstance(scale, Number))):
            return ""
    inside = [
        each
        for each in _all_cases(posed)
        if not posed.limits or _status(posed, each, LIMITS) == MET
    ]
    try:
        finding = check_posed(posed)
    except InputError as error:
        assert [each.code for each in error.problems] == ["RW855"]
        assert not inside, "a case of the space was overlooked"
        return "no case"
    assert inside, "there is no case of the space"
    if finding.record.undecided == "what it hangs on has no formula of sensible size":
        return "no formula"
    {"monotone": _monotone, "reachable": _reachable, "always": _asked, "never": _asked}[kind](
        posed, finding, inside
    )
    return f"{kind}: {finding.record.verdict}"


def _wanted(posed: Posed) -> tuple[WantedValue, ...]:
    special = [WantedValue(word, special=word) for word in ("no value", "conflict", "undetermined")]
    assert posed.attribute is not None
    kind = posed.attribute.type
    values: Iterable[Value] = (
        kind.values if isinstance(kind, FINITE) else (1, 2) if isinstance(kind, Number) else ()
    )
    return (*(WantedValue(str(each), each) for each in values), *special)


KNOWN: dict[tuple[int, tuple[Value, ...]], Trace] = {}  # of the space at hand


def _result(posed: Posed, facts: Facts) -> Trace:
    at = (id(posed.space), tuple(facts[each] for each in posed.space.values))
    if at not in KNOWN:
        KNOWN[at] = evaluate(
            posed.asking,
            with_facts(posed.case, facts),
            posed.answered.as_at,
            posed.answered.parameters,
        )
    return KNOWN[at]


def _possible(posed: Posed, facts: Facts) -> Possible:
    assert posed.at is not None
    return _result(posed, facts).settled[posed.at].possible


def _status(posed: Posed, facts: Facts, question: str) -> int:
    fired = [
        each
        for each in _result(posed, facts).notices.get(posed.case.root.index, ())
        if each.rule == question
    ]
    return fired[0].status if fired else NOT_MET


def _monotone(posed: Posed, finding: PropertyFinding, inside: list[Facts]) -> None:
    possible = [_possible(posed, each) for each in inside]
    compared = [
        each
        for each in possible
        if each.determined
        and (each.value in posed.order if posed.order else each.value is not None)
    ]
    if not compared:
        assert finding.record.verdict == "undecided"
        return
    broken = any(
        _better(posed, one, other) and is_worse(posed, possible[i], possible[j])
        for i, one in enumerate(inside)
        for j, other in enumerate(inside)
    )
    assert finding.record.verdict == ("does not hold" if broken else "holds")
    if not broken:
        return
    first, second = (each.facts for each in finding.found)
    raised = [at for at in first if first[at] != second[at]]
    fewest = min(
        sum(one[at] != other[at] for at in one)
        for i, one in enumerate(inside)
        for j, other in enumerate(inside)
        if _better(posed, one, other) and is_worse(posed, possible[i], possible[j])
    )
    assert len(raised) == fewest == len(finding.record.counterexamples[0].raised), (
        "not as few better facts as can be"
    )
    for one in _completions(posed, finding.found[0]):
        other = {**one, **{at: second[at] for at in raised}}
        if one in inside and other in inside:
            assert is_worse(posed, _possible(posed, one), _possible(posed, other)), "others matter"


def _better(posed: Posed, one: Facts, other: Facts) -> bool:
    for at in one:
        order = posed.orders.get(at, ())
        ranked = one[at] in order and other[at] in order
        if not (ranked and order.index(one[at]) <= order.index(other[at])) and _differ(
            one[at], other[at]
        ):
            return False
    return True


def _differ(one: Value, other: Value) -> bool:
    return one != other


def _completions(posed: Posed, found: FoundCase) -> Iterable[Facts]:
    """A case that was found, with every choice of the facts that are said not to matter."""
    free = {at: values for at, values in posed.space.values.items() if at not in found.matter}
    for values in product(*free.values()):
        chosen = {**found.facts, **dict(zip(free, values, strict=True))}
        yield {at: chosen[at] for at in posed.space.values}


def _reachable(posed: Posed, finding: PropertyFinding, inside: list[Facts]) -> None:
    possible = [_possible(posed, each) for each in inside]
    for wanted, reached in zip(posed.wanted, finding.record.reached, strict=True):
        assert reached.reached == any(is_it(each, wanted) for each in possible), wanted.word
    for found in finding.found:
        wanted = next(each for each in posed.wanted if each.word == found.shows)
        for each in (each for each in _completions(posed, found) if each in inside):
            assert is_it(_possible(posed, each), wanted), "others matter"


def _asked(posed: Posed, finding: PropertyFinding, inside: list[Facts]) -> None:
    statuses = [_status(posed, each, QUESTION) for each in inside]
    good, bad = (MET, NOT_MET) if posed.declared.kind == "always" else (NOT_MET, MET)
    expected = (
        "does not hold"
        if bad in statuses
        else "holds"
        if all(each == good for each in statuses)
        else "undecided"
    )
    assert finding.record.verdict == expected
    for found in finding.found if expected == "does not hold" else []:
        for each in (each for each in _completions(posed, found) if each in inside):
            assert _status(posed, each, QUESTION) == bad, "others matter"
