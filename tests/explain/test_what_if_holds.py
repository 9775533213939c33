"""Every answer of what-if, asked of the engines again: what is listed changes the answer, nothing
smaller does, and the assumptions named are those that matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import prod
from pathlib import Path

import pytest
from hypothesis import event, given

from rulewright.decision.answered import Answered
from rulewright.engines.evaluator import evaluate
from rulewright.explain.what_if import what_if
from rulewright.explain.what_if.possible_values import in_words, really_possible
from rulewright.explain.what_if.record import Proposal, WhatIf
from rulewright.explain.what_if.render import lines
from rulewright.facts.cases import Case
from rulewright.ir.entities import with_facts
from rulewright.ir.program import KnownReading, Program
from rulewright.ir.types import Type, Value
from rulewright.ir.vocabulary import IMPROVEMENT, REGULATOR
from rulewright.solver.formula import Formula
from rulewright.solver.numbers import NotExpressible
from rulewright.solver.open_facts import OpenFact, Place
from rulewright.syntax.text import key
from rulewright.workbench import Rules, cases
from tests.fuzz.dice import seeded
from tests.fuzz.oracle import Frozen
from tests.fuzz.test_properties import Pair, examples, pairs, readable

from .test_holds import SHIPPED
from .test_holds import answered as generated

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced

ROOT = Path(__file__).parents[2]
ASKED = [
    ("scenarios/real/2021/RA9.yaml", "trust > overall rating", None),
    ("scenarios/real/2021/RA9.yaml", "Torbay Hospital > overall rating", "good"),
    ("scenarios/examples/example-trust.yaml", "trust rating", None),
    ("scenarios/examples/example-trust.yaml", "trust rating", "outstanding"),
    ("scenarios/real/2024-25/REM.yaml", "trust rating", "good"),
    ("tests/explain/two-scores-missing.yaml", "trust rating", "good"),
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(ROOT / "rules" / "cqc")


def place_of(found: Answered, record: WhatIf) -> Place:
    return next(each.index for each in found.case.entities if each.path == record.entity), key(
        record.attribute
    )


def type_of(program: Program, case: Case, place: Place) -> Type:
    return program.vocabulary.entities[case.entities[place[0]].type].attributes[place[1]].type


def changed_case(found: Answered, way: Proposal) -> Case:
    """The case with the changes as they are written."""
    values: dict[Place, Value] = {}
    for each in way.changes:
        entity = next(one for one in found.case.entities if one.path == each.entity)
        attribute = found.program.vocabulary.entities[entity.type].attributes[key(each.attribute)]
        written = each.then.removesuffix(" (stated)")
        values[entity.index, key(each.attribute)] = (
            None if attribute.means_none(written) else attribute.type.parse(written)
        )
    return with_facts(found.case, values)


def really(
    program: Program, case: Case, as_at: int, parameters: dict[str, Value], place: Place
) -> set[str] | None:
    """What is really possible, by the formula of the changed case alone."""
    local = evaluate(program, case, as_at, parameters).settled[place].possible
    values = really_possible(program, case, as_at, parameters, place, local)
    return None if values is None else set(in_words(values, type_of(program, case, place)))


def each_way_holds(found: Answered, record: WhatIf) -> int:
    """Each listed set of changes gives what is said of it, and that is what was asked for."""
    place = place_of(found, record)
    assert record.smallest is not None
    for way in record.smallest.proposals:
        gives = really(
            found.program, changed_case(found, way), found.as_at, found.parameters, place
        )
        if way.perhaps or gives is None:
            event("cannot be told")
            continue
        assert gives == set(way.gives), (record.entity, record.attribute, way)
        if record.smallest.aim == "lose":
            assert gives != {record.smallest.wanted}, (record.entity, record.attribute, way)
        elif record.smallest.aim == "have":
            assert gives == {record.smallest.wanted}, (record.entity, record.attribute, way)
    return len(record.smallest.proposals)


# -- shipped cases


@pytest.mark.slow
@pytest.mark.parametrize(("path", "attribute", "to"), ASKED)
def test_what_is_listed_of_a_shipped_case_changes_the_answer_and_names_its_assumptions(
    path: str, attribute: str, to: str | None, rules: Rules
) -> None:
    found = rules.answer(cases(ROOT / path)[0], engine="reference")
    [record] = rules.what_if(found, attribute, to=to, most=4)
    assert record.smallest is not None
    assert each_way_holds(found, record)
    assert not any(way.perhaps for way in record.smallest.proposals)
    assert not record.smallest.bound and not record.smallest.unsettled
    place = place_of(found, record)
    named = {
        (each.interpretation, each.reading): dict(zip(each.proposals, each.gives, strict=True))
        for each in record.assumptions
    }
    for reading in rules.readings(found.choice.policy):
        assert named.get((reading.interpretation, reading.name), {}) == differing(
            found, record, place, reading
        ), reading.name


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED[::5], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_left_open_of_shipped_cases(path: Path, rules: Rules) -> None:
    """What is listed is exact: "perhaps" is never said, nothing is left untried, and what is listed
    changes the answer.
    """
    for case in cases(path)[:2]:
        found = rules.answer(case, engine="reference")
        answers = [
            each
            for each in found.decision.answers
            if each.published and each.entity == found.decision.root
        ]
        for answer in answers[:2]:
            [record] = what_if(found, f"{answer.entity} > {answer.attribute}", most=3)
            assert record.settling is None or record.settling.exact
            if record.smallest is not None and record.smallest.aim == "lose":
                assert (
                    not record.smallest.bound
                    and not record.smallest.unsettled
                    and record.smallest.proved
                )
                assert not any(way.perhaps for way in record.smallest.proposals)
                each_way_holds(found, record)


def differing(
    found: Answered, record: WhatIf, place: Place, reading: KnownReading
) -> dict[int, list[str]]:
    """What each listed set of changes gives under a reading, where that is something else: the
    whole case answered anew.
    """
    program = reading.variant.program
    parameters = {name: parameter.at(found.as_at) for name, parameter in program.parameters.items()}
    told: dict[int, list[str]] = {}
    for number, way in enumerate(record.smallest.proposals if record.smallest else [], 1):
        case = changed_case(found, way)
        local = evaluate(program, case, found.as_at, parameters).settled[place].possible
        values = really_possible(program, case, found.as_at, parameters, place, local)
        assert values is not None
        gives = in_words(values, type_of(found.program, case, place))
        if set(gives) != set(way.gives):
            told[number] = gives
    return told


@pytest.mark.parametrize("to", [None, "good", "inadequate"])
def test_improvements_are_proposed_first(to: str | None, rules: Rules) -> None:
    for path in ("scenarios/real/2021/RA9.yaml", "scenarios/examples/example-trust.yaml"):
        found = rules.answer(cases(ROOT / path)[0], engine="reference")
        attribute = "trust > overall rating" if "RA9" in path else "trust rating"
        [record] = rules.what_if(found, attribute, to=to, most=9)
        smallest = record.smallest
        assert smallest is not None
        kinds = {
            found.program.vocabulary.entities[
                next(e.type for e in found.case.entities if e.path == change.entity)
            ]
            .attributes[key(change.attribute)]
            .changes_by
            for way in smallest.proposals
            for change in way.changes
            if change.now != "missing"
        }
        assert not smallest.by or kinds <= set(smallest.by)
        if smallest.by == [IMPROVEMENT]:
            assert not smallest.failed
        for each in smallest.failed:
            assert each.by in ([IMPROVEMENT], [IMPROVEMENT, REGULATOR])
        [anything] = rules.what_if(found, attribute, to=to, most=1, any_fact=True)
        assert anything.smallest is not None
        assert not anything.smallest.by and not anything.smallest.failed
        assert (anything.smallest.changes or 0) <= (smallest.changes or 99)


def test_the_rounding_is_named_of_every_way_to_outstanding(rules: Rules) -> None:
    [case] = cases(ROOT / "scenarios/examples/example-trust.yaml")
    [record] = rules.what_if(case, "trust rating", to="outstanding")
    rounding = next(each for each in record.assumptions if each.reading == "percentage-is-cut-off")
    assert rounding.interpretation == "percentage-is-rounded-half-up"
    assert rounding.proposals == list(range(1, 16))
    assert set(map(tuple, rounding.gives)) == {("good",)}
    assert "    percentage-is-cut-off: all 15 sets of changes give good" in list(lines(record))


def test_a_date_changes_to_the_nearest_day_that_matters(rules: Rules) -> None:
    [case] = cases(ROOT / "scenarios/examples/example-trust.yaml")
    found = rules.answer(case, engine="reference")
    asked = "North Hospital > Surgery > up to date"
    [record] = rules.what_if(
        found, asked, to="no", change=["North Hospital > Surgery > last assessed on"]
    )
    assert record.smallest is not None
    [way, *_] = record.smallest.proposals
    assert [(each.now, each.then) for each in way.changes] == [("2023-09-14", "2023-05-29")]
    for day, wanted in (("2023-05-29", "no"), ("2023-05-30", "yes")):
        other = rules.changed(found, {"North Hospital > Surgery > last assessed on": day})
        assert (
            next(
                each.value
                for each in other.decision.answers
                if f"{each.entity} > {each.attribute}" == asked
            )
            == wanted
        )


def test_a_case_and_a_policy_say_what_they_are(rules: Rules) -> None:
    [case] = cases(ROOT / "scenarios/real/2021/RA9.yaml")
    [record] = rules.what_if(case, "trust > overall rating", most=1)
    told = list(lines(record))
    assert told[1].startswith("The file has the locations of one region")
    assert (
        told[2]
        == "policy legacy (superseded, in force on that date), as at 2021-04-30; hypothetical, not a rating"
    )


# -- generated cases, against brute force

MOST_RUNS = 400


@given(pairs())
@examples(25)
def test_the_smallest_sets_are_those_of_trying_all_completions_of_all_changes(pair: Pair) -> None:
    """Of some facts, missing ones among them, whose changes and completions are few."""
    found = generated(readable(pair.rulebook), pair.trees[0])
    dice = seeded(pair.seed)
    compared = 0
    for each in dice.shuffled(found.decision.answers)[:4]:
        path = f"{each.entity} > {each.attribute}"
        entity = next(one for one in found.case.entities if one.path == each.entity)
        place = entity.index, key(each.attribute)
        try:
            formula = Formula(
                found.program,
                found.case,
                found.as_at,
                found.parameters,
                entity,
                place[1],
                reading="filled",
            )
        except NotExpressible:
            continue
        filled = [fact for fact in formula.facts if fact.fills]
        others = [fact for fact in dice.shuffled(formula.facts) if fact.options]
        few: list[OpenFact] = []
        runs = prod(len(fact.fills) for fact in filled)
        for fact in others:
            if runs * (len(fact.options) + 1) <= MOST_RUNS:
                few.append(fact)
                runs *= len(fact.options) + 1
        if not few or formula.unlisted or runs > MOST_RUNS:
            continue
        change = [f"{fact.entity.path} > {fact.attribute.name}" for fact in few]
        tables = dict(outcomes(found, place, few, filled))
        wanted = {
            value for possible in tables.values() if len(possible) == 1 for value in possible
        } - {"conflict"}
        kind = type_of(found.program, found.case, place)
        for to in (
            None,
            *sorted(one for one in wanted if one == "no value" or kind.parse(one) is not None)[:3],
        ):
            [record] = [
                one
                for one in what_if(found, path, to=to, change=change, most=MOST_RUNS)
                if (one.entity, one.attribute) == (each.entity, each.attribute)
            ]
            smallest = record.smallest
            if (
                smallest is None
                or smallest.aim == "end conflict"
                or smallest.bound
                or smallest.unsettled
            ):
                continue
            goal = {smallest.wanted}
            reached = [
                changes
                for changes, gives in tables.items()
                if (gives == goal) == (smallest.aim == "have")
            ]
            least = min(map(len, reached), default=None)
            assert smallest.changes == least, (path, to, smallest.changes, least)
            if least:
                assert smallest.how_many == min(
                    200, sum(len(changes) == least for changes in reached)
                ), (path, to)
            each_way_holds(found, record)
            compared += 1
    event("compared", str(min(compared, 3)))


def outcomes(
    found: Answered, place: Place, few: list[OpenFact], filled: list[OpenFact]
) -> Iterator[tuple[frozenset[object], set[str]]]:
    """For every set of changes of some facts all that some way to fill in the missing ones
    gives.
    """
    kind = type_of(found.program, found.case, place)
    for size in range(len(few) + 1):
        for facts in combinations(few, size):
            for options in product(*(fact.options for fact in facts)):
                values = {
                    (fact.entity.index, fact.key): option.value
                    for fact, option in zip(facts, options, strict=True)
                }
                case = with_facts(found.case, values)
                stated = frozenset(
                    (entity.index, name) for entity in case.entities for name in entity.facts
                )
                left = [fact for fact in filled if (fact.entity.index, fact.key) not in values]
                gives: set[str] = set()
                for fills in product(*(fact.fills for fact in left)):
                    fill = {
                        (fact.entity.index, fact.key): value
                        for fact, value in zip(left, fills, strict=True)
                    }
                    evaluation = Frozen(
                        found.program, with_facts(case, fill), found.as_at, found.parameters
                    )
                    evaluation.stated = stated
                    gives.update(evaluation.run().settled[place].possible.show(kind))
                yield frozenset(values.items()), gives
