"""A declared property, read against its policy: what is asked, of which cases.

Every mistake in it is told here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rulewright.compiler.conclusions import read_header
from rulewright.compiler.conditions import read_conditions
from rulewright.compiler.dependencies import reads
from rulewright.compiler.separate_conditions import scope_of, with_questions
from rulewright.decision.answered import Answered
from rulewright.engines.result import Trace
from rulewright.facts.cases import Case, Entity, bind_case, find
from rulewright.ir.nodes import Condition, Kind
from rulewright.ir.program import Program
from rulewright.ir.types import FINITE, Number, Scale, Type, Value
from rulewright.ir.vocabulary import Attribute
from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.text import Text, key, place_of
from rulewright.workbench import Rules, parameters_at

from .files import Declared
from .spaces import At, Space, named_facts, space_of, text_of_space, value_of

QUESTION, LIMITS = "the property", "the space"  # the ids under which conditions are asked
NO_VALUE, CONFLICT, UNDETERMINED = "no value", "conflict", "undetermined"
SPECIAL = (NO_VALUE, CONFLICT, UNDETERMINED)


@dataclass(frozen=True)
class WantedValue:
    """A value that is to be reached: `special` names what is no value."""

    word: str
    value: Value = None
    special: str = ""


@dataclass(frozen=True)
class Posed:
    """What is asked.

    answered: the case without its open facts, under the policy; its result is left out. asking: the
    policy, which also answers the property's conditions and those of its space. at, attribute: the
    derived attribute that it is about. order: its values, worst first (none: numbers, as they are;
    `lower`: less is better). orders: of each fact that may be better, its values, worst first.
    things: where the conditions are asked.
    """

    declared: Declared
    answered: Answered
    asking: Program
    space: Space
    limits: tuple[Condition, ...]
    at: At | None = None
    attribute: Attribute | None = None
    order: tuple[Value, ...] = ()
    lower: bool = False
    orders: dict[At, tuple[Value, ...]] = field(default_factory=dict)
    wanted: tuple[WantedValue, ...] = ()
    conditions: tuple[Condition, ...] = ()
    things: tuple[Entity, ...] = ()

    @property
    def case(self) -> Case:
        return self.space.case


def pose(rules: Rules, declared: Declared) -> Posed:
    """Read a property. Raises `InputError` with what is wrong in it, its case, its space or its
    policy.
    """
    model = declared.model
    text = text_of_space(declared)
    if text.day() is None:
        raise InputError(
            Problem(
                declared.place,
                "RW414",
                f"the property `{declared.name}` has no date",
                "add `as at: DATE` to it, or at the top of the file",
            )
        )
    choice, day = rules.decide_policy(text)
    program = rules.program(choice.policy)
    if model.reading is not None:
        program = rules.under_reading(choice.policy, model.reading)
    parameters, changed = parameters_at(program, day, {})
    root = scope_of(program)
    limits = read_conditions(declared.space.where, root, declared.space.place_)
    kinds = (
        root.kinds
        if model.of is None
        else read_header(
            model.of, program.vocabulary, root.lexicon, place_of(model.of, declared.place)
        )
    )
    written = model.always if model.always is not None else model.never
    conditions = read_conditions(written, replace(root, kinds=kinds), declared.place)
    questions: dict[str, tuple[Sequence[Kind], tuple[Condition, ...]]] = {}
    if limits:
        questions[LIMITS] = (root.kinds, limits)
    if conditions:
        questions[QUESTION] = (kinds, conditions)
    asking = with_questions(program, questions) if questions else program
    case = bind_case(text, program.vocabulary, asking.idle, program.judged_as_one)
    scopes = [(limits, root), (conditions, replace(root, kinds=kinds))]
    read = {
        each for given, scope in scopes for condition in given for each in reads(condition, scope)
    }
    facts = frozenset(
        (each.entity, each.parent, each.member, each.attribute) for each in {*program.asks, *read}
    )
    space = space_of(declared, case, program.vocabulary, facts)
    answered = Answered(
        text, program, space.case, day, parameters, changed, choice, Trace(), [], ""
    )
    posed = Posed(declared, answered, asking, space, limits, conditions=conditions)
    if declared.kind == "monotone":
        return _monotone(posed)
    if declared.kind == "reachable":
        return _reachable(posed)
    things = tuple(each for each in space.case.entities if Kind.of(each) in kinds)
    if not things:
        raise InputError(
            Problem(
                place_of(model.of, declared.place),
                "RW858",
                f"no case of this space has a {model.of}",
                "state one in the case, or ask at something else",
            )
        )
    return replace(posed, things=things)


def _derived(posed: Posed, path: Text) -> tuple[At, Attribute]:
    """The attribute that a property is about: one that some rule concludes.

    Raises `InputError` (RW507, RW858).
    """
    program, case = posed.answered.program, posed.case
    entity, attribute = find(case, path, program.vocabulary)
    at = (entity.index, key(attribute.name))
    place = place_of(path, posed.declared.place)
    nodes = program.nodes_of(Kind.of(entity))
    known = {node.key.attribute for node in nodes if node.rules or node.otherwise}
    if attribute.given:
        raise InputError(
            Problem(
                place,
                "RW858",
                f"`{path}` is a fact, which nothing concludes",
                "name a derived attribute",
            )
        )
    always_judged = at in case.judged and not any(
        node.key.attribute == at[1] and node.over_judgements for node in nodes
    )
    if at in case.supplied or always_judged:
        what = "supplied" if at in case.supplied else "judged"
        raise InputError(
            Problem(
                place,
                "RW858",
                f"`{path}` is {what} in this space: no fact changes it",
                f"take out what is {what}",
            )
        )
    if at[1] not in known:
        names = [
            a.name
            for name, a in program.vocabulary.entities[entity.type].attributes.items()
            if name in known and not a.hidden
        ]
        raise InputError(
            Problem(
                place,
                "RW858",
                f"`{program.policy}` has no rule that concludes `{path}`",
                nearest(attribute.name, names),
            )
        )
    return at, attribute


# -- monotone


def _monotone(posed: Posed) -> Posed:
    model, problems = posed.declared.model, Problems()
    assert model.monotone is not None
    at, attribute = _derived(posed, model.monotone)
    place = place_of(model.monotone, posed.declared.place)
    order: tuple[Value, ...] | None = (
        attribute.type.order if isinstance(attribute.type, Scale) else None
    )
    orders: dict[At, tuple[Value, ...]] = {}
    for fact, values in posed.space.values.items():
        kind = posed.space.attribute(fact).type
        orders[fact] = (
            tuple(each for each in kind.order if each in values) if isinstance(kind, Scale) else ()
        )
    own = False
    lower = False
    for word, how in model.better.items():
        where = place_of(word, place)
        if key(word) in (key(attribute.name), key(model.monotone)):
            own = True
            lower = isinstance(how, Text) and key(how) == "lower"
            found = _better(attribute, _all_values(attribute.type), how, where, problems)
            order = () if isinstance(attribute.type, Number) else found
            continue
        try:
            named = [
                each
                for each in named_facts(posed.case, posed.space.vocabulary, word, "RW852", where)
                if each in orders
            ]
        except InputError as error:
            problems.take(error)
            continue
        if not named:
            problems.add(
                "RW852",
                where,
                f"`{word}` names no open fact of this space",
                nearest(word, dict.fromkeys(posed.space.attribute(each).name for each in orders)),
            )
        for each in named:
            orders[each] = _better(
                posed.space.attribute(each), posed.space.values[each], how, where, problems
            )
    if order is None or (isinstance(attribute.type, Number) and not own):
        example = "higher" if isinstance(attribute.type, Number) else "[WORST, …, BEST]"
        problems.add(
            "RW856",
            place,
            f"`{attribute.name}` has no order: no value of it is worse than another",
            f"say which is better: `better: {{{attribute.name}: {example}}}`",
        )
    orders = {fact: values for fact, values in orders.items() if len(values) > 1}
    if not orders and not problems.found:
        problems.add(
            "RW856",
            place,
            "no open fact of this space has an order: none can be better",
            "say under `better` which values are better, or open facts on a scale",
        )
    problems.stop_if_any()
    return replace(posed, at=at, attribute=attribute, order=order or (), lower=lower, orders=orders)


def _all_values(kind: Type) -> tuple[Value, ...]:
    return kind.values if isinstance(kind, FINITE) else ()


def _better(
    attribute: Attribute, values: Sequence[Value], how: object, place: Place, problems: Problems
) -> tuple[Value, ...]:
    """The values of a fact, worst first."""
    place = place_of(how, place)
    kind = attribute.type
    if isinstance(how, list):
        listed = [value for each in how for value in value_of(each, attribute, place, problems)]
        return tuple(each for each in dict.fromkeys(listed) if each in values)
    word = key(str(how))
    if word == "same":
        return ()
    if word in ("higher", "lower"):
        ranked: tuple[Value, ...]
        if isinstance(kind, Scale):
            ranked = tuple(each for each in kind.order if each in values)
        elif isinstance(kind, FINITE):
            problems.add(
                "RW856",
                place,
                f"`{attribute.name}` has no order: none of its values is {word}",
                "list them, worst first",
            )
            return ()
        else:
            ranked = tuple(
                sorted(each for each in values if each is not None and not isinstance(each, str))
            )
        return ranked if word == "higher" else ranked[::-1]
    best = value_of(how, attribute, place, problems)
    others = [each for each in values if each is not None and each not in best]
    if best and len(others) > 1:
        problems.add(
            "RW856",
            place,
            f"`{attribute.name}` has more than two values: it is not said which of the others is better",
            "list them, worst first",
        )
    return (*others, *(each for each in best if each in values))


# -- reachable


def _reachable(posed: Posed) -> Posed:
    model, problems = posed.declared.model, Problems()
    assert model.reachable is not None
    at, attribute = _derived(posed, model.reachable)
    kind = attribute.type
    wanted: list[WantedValue] = []
    for written in model.values:
        if key(written) in SPECIAL and kind.parse(written) is None:
            wanted.append(WantedValue(key(written), special=key(written)))
        else:
            wanted += [
                WantedValue(kind.show(each), each)
                for each in value_of(written, attribute, posed.declared.place, problems)
            ]
    if not model.values and not isinstance(kind, FINITE):
        problems.add(
            "RW857",
            place_of(model.reachable, posed.declared.place),
            f"the values of `{attribute.name}` cannot be listed",
            "say which are to be reached: `values: [A, B]`",
        )
    if not model.values:
        listed = kind.order if isinstance(kind, Scale) else _all_values(kind)
        wanted = [WantedValue(kind.show(each), each) for each in listed]
    problems.stop_if_any()
    return replace(posed, at=at, attribute=attribute, wanted=tuple(dict.fromkeys(wanted)))
