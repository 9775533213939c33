"""What must hold of the solver's answers about one generated rulebook and case."""

from __future__ import annotations

from itertools import islice, product

from rulewright.engines.result import Interval, Possible
from rulewright.facts.cases import Case, Entity
from rulewright.ir.entities import with_facts
from rulewright.ir.program import Program
from rulewright.ir.types import Value
from rulewright.solver.circuit import Lit
from rulewright.solver.formula import Asking, Formula
from rulewright.solver.numbers import HIGHEST, LOWEST, NotExpressible, Num
from rulewright.solver.open_facts import OpenFact, Option, Reading
from rulewright.solver.smallest_sets import SmallestSearch
from rulewright.solver.values import Choices, Open

from .books import Book
from .cases import bound, written
from .dice import Dice, seeded
from .oracle import Frozen
from .properties import AS_AT_DAY, answer, compiled, parameters_of
from .words import Tree

Place = tuple[int, str]
Set = frozenset[tuple[Place, Value]]
MOST_RUNS = 300  # of one exhaustive search


def formula_of(
    program: Program,
    case: Case,
    place: Place,
    may_change: frozenset[Place] | None = None,
    reading: Reading = "possible",
) -> Formula | None:
    """The formula of an attribute; `None` where there is none of sensible size."""

    def may(entity: Entity, name: str) -> bool:
        return may_change is None or (entity.index, name) in may_change

    try:
        return Formula(
            program,
            case,
            AS_AT_DAY,
            parameters_of(program),
            case.entities[place[0]],
            place[1],
            may,
            reading,
        )
    except NotExpressible:
        return None


def derived(program: Program, case: Case) -> list[Place]:
    """The derived attributes of a case."""
    return list(answer(program, case).settled)


# -- for every choice the formula gives what the engine gives


def says_what_the_engine_says(program: Program, case: Case, dice: Dice, choices: int = 4) -> int:
    """Under random choices of the open facts. Gives how many were compared."""
    compared = 0
    for place in dice.shuffled(derived(program, case))[:3]:
        formula = formula_of(program, case, place)
        if formula is None:
            continue
        with Asking(formula.circuit) as asking:
            for _ in range(choices):
                picked = picks(formula.facts, dice)
                lits = [option.lit if option else -fact.changed for fact, option in picked]
                if not asking.holds(lits):
                    raise AssertionError("a choice contradicts itself")
                changed = with_facts(
                    case, {(f.entity.index, f.key): o.value for f, o in picked if o}
                )
                wanted = answer(program, changed).settled[place].possible
                got = read(formula.value, asking)
                assert got == wanted, (
                    f"{case.entities[place[0]].path} > {place[1]}: {got} | {wanted}"
                )
                compared += 1
    return compared


def picks(facts: list[OpenFact], dice: Dice) -> list[tuple[OpenFact, Option | None]]:
    return [
        (
            fact,
            fact.options[dice.below(len(fact.options))]
            if fact.options and dice.chance(50)
            else None,
        )
        for fact in facts
    ]


def read(value: Open, asking: Asking) -> Possible:
    """The possible values under the choice found last."""

    def holds(lit: Lit) -> bool:
        return asking.chosen(lit)

    none, conflict = holds(value.no_value), holds(value.conflict)
    if isinstance(value, Choices):
        return Possible(
            tuple(each for each, bit in value.bits.items() if holds(bit)), none, conflict
        )
    if not holds(value.there):
        return Possible((), none, conflict)
    low, high = (end(each, asking) for each in (value.low, value.high))
    return Possible(
        Interval(None if low == LOWEST else low, None if high == HIGHEST else high), none, conflict
    )  # type: ignore[arg-type]


def end(num: Num, asking: Asking) -> object:
    return [
        value for value, lit in zip(num.values, num.reached, strict=True) if asking.chosen(lit)
    ][-1]


# -- the smallest sets are those of exhaustive search


def finds_the_smallest_sets(
    program: Program, case: Case, dice: Dice, most_runs: int = MOST_RUNS
) -> int:
    """For one attribute and every value that it may take by changing a few facts.

    Gives how many values were sought.
    """
    formulas = (
        (place, formula_of(program, case, place)) for place in dice.shuffled(derived(program, case))
    )
    places = list(
        islice(
            (
                (place, formula)
                for place, formula in formulas
                if formula is not None and formula.facts
            ),
            3,
        )
    )
    if not places:
        return 0
    place, formula = max(places, key=lambda each: len(each[1].facts))
    few: list[OpenFact] = []
    runs = 1
    for fact in sorted(
        dice.shuffled(formula.facts), key=lambda each: len(each.options) if dice.chance(50) else 0
    ):
        if runs * (len(fact.options) + 1) <= most_runs:
            few.append(fact)
            runs *= len(fact.options) + 1
    return compare_with_exhaustive_search(program, case, place, few)


def compare_with_exhaustive_search(
    program: Program, case: Case, place: Place, few: list[OpenFact]
) -> int:
    by_values: dict[Value, list[Set]] = {}
    now = answer(program, case).settled[place].possible
    lost: list[Set] = []
    for options in product(*([None, *fact.options] for fact in few)):
        changes = {(f.entity.index, f.key): o.value for f, o in zip(few, options, strict=True) if o}
        found = answer(program, with_facts(case, changes)).settled[place].possible
        if found.determined:
            by_values.setdefault(found.value, []).append(frozenset(changes.items()))
        if now.determined and found != now:
            lost.append(frozenset(changes.items()))
    open_ = frozenset((fact.entity.index, fact.key) for fact in few)
    sought = [(str(value), value, sets) for value, sets in by_values.items()]
    if now.determined:
        sought.append(("to lose it", now.value, lost))
    for what, value, sets in sought:
        formula = formula_of(program, case, place, open_)
        assert formula is not None
        search = SmallestSearch(
            formula, -formula.is_just(value) if sets is lost else formula.is_just(value)
        )
        if not sets:
            assert search.size is None, f"{what}: {search.size}, and no changes do it"
            search.close()
            continue
        least = min(map(len, sets))
        assert search.size == least, f"{what}: {search.size} | {least}"
        if least:
            compare_sets(search, {each for each in sets if len(each) == least}, what)
        search.close()
    return len(sought)


def compare_sets(search: SmallestSearch, wanted: set[Set], what: str) -> None:
    """All at once, and one by one in order, the same sets in the same order; and what could stand
    in for what.
    """
    ranked = search.ranked(10_000, 10_000)
    got = [as_set(each) for each in ranked.sets]
    assert len(got) == len(set(got)) == ranked.how_many, f"{what}: a set twice"
    assert set(got) == wanted, f"{what}: {got} | {wanted}"
    assert ranked.facts == len({at for each in wanted for at, _ in each}), (
        f"{what}: so many facts in all"
    )
    distances = [sum(o.distance for _, o in each) for each in ranked.sets]
    assert distances == sorted(distances), f"{what}: not in order"
    assert search.ranked(10_000, 0).sets == ranked.sets, f"{what}: two orders"
    first = got[0]
    for instead in search.instead(ranked.sets[0]):
        at = (instead.change[0].entity.index, instead.change[0].key)
        rest = frozenset(each for each in first if each[0] != at)
        others = {place for each in wanted if rest < each for place, _ in each - rest} - {at}
        found = {(fact.entity.index, fact.key) for fact in instead.others}
        assert found == others if instead.all else found < others, (
            f"{what}: {found} | {others} instead of {at}"
        )


def as_set(changes: list[tuple[OpenFact, Option]]) -> Set:
    return frozenset(((fact.entity.index, fact.key), option.value) for fact, option in changes)


# -- exact possible values are those of all completions


def finds_what_is_really_possible(program: Program, case: Case, dice: Dice) -> int:
    """For some undetermined attributes whose missing facts are few.

    Gives how many were compared.
    """
    result = answer(program, case)
    compared = 0
    stated = frozenset((entity.index, name) for entity in case.entities for name in entity.facts)
    for place in dice.shuffled(
        [at for at, settled in result.settled.items() if not settled.possible.determined]
    )[:4]:
        formula = formula_of(program, case, place, reading="completed")
        if formula is None or formula.fixed or not isinstance(formula.value, Choices):
            continue
        runs = 1
        for fact in formula.facts:
            runs *= len(fact.options)
        if runs > MOST_RUNS:
            continue
        with Asking(formula.circuit) as asking:
            got = {value for value in formula.value.bits if asking.holds([formula.may_be(value)])}
            got |= {None} if asking.holds([formula.may_be(None)]) else set()
            conflict = asking.holds([formula.value.conflict])
        wanted: set[Value] = set()
        conflicts = False
        for options in product(*(fact.options for fact in formula.facts)):
            filled = with_facts(
                case,
                {
                    (f.entity.index, f.key): o.value
                    for f, o in zip(formula.facts, options, strict=True)
                },
            )
            evaluation = Frozen(program, filled, AS_AT_DAY, parameters_of(program))
            evaluation.stated = stated
            found = evaluation.run().settled[place].possible
            conflicts |= found.conflict
            wanted |= {*found.values, *([None] if found.no_value else [])}  # type: ignore[misc]
        assert (got, conflict) == (wanted, conflicts), (
            f"{case.entities[place[0]].path} > {place[1]}: {got} | {wanted}"
        )
        compared += 1
    return compared


# -- as checks of a rulebook and a case, which can be made small


def the_formula_equals_the_engine(rulebook: Book, tree: Tree) -> int:
    """`says_what_the_engine_says`."""
    program = compiled(rulebook.texts())
    return says_what_the_engine_says(program, bound(written(tree), program.vocabulary), seeded(0))


def smallest_sets_equal_exhaustive_search(rulebook: Book, tree: Tree) -> int:
    """`finds_the_smallest_sets`."""
    program = compiled(rulebook.texts())
    return finds_the_smallest_sets(program, bound(written(tree), program.vocabulary), seeded(0))


def possible_values_equal_all_completions(rulebook: Book, tree: Tree) -> int:
    """`finds_what_is_really_possible`."""
    program = compiled(rulebook.texts())
    return finds_what_is_really_possible(
        program, bound(written(tree), program.vocabulary), seeded(0)
    )


CHECKS = {
    "choices of facts": the_formula_equals_the_engine,
    "values sought exhaustively": smallest_sets_equal_exhaustive_search,
    "attributes completed": possible_values_equal_all_completions,
}
