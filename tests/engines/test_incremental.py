"""A case with a few facts changed, worked out where these reach, is answered as from the
beginning.
"""

from __future__ import annotations

from hypothesis import event, given

from rulewright.engines.changed_facts import Incremental
from rulewright.engines.evaluator import evaluate
from rulewright.facts.cases import Case
from rulewright.ir.entities import with_facts
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Vocabulary
from rulewright.solver.open_facts import other_values, present
from tests.explain.test_holds import answered
from tests.fuzz.dice import Dice, seeded
from tests.fuzz.test_properties import Pair, examples, pairs, readable

Changes = dict[tuple[int, str], Value]


def changes_of(case: Case, vocabulary: Vocabulary, dice: Dice) -> Changes:
    """One to three facts with other values; of a date or a text, none."""
    found: Changes = {}
    facts = [
        (entity, name, attribute)
        for entity in case.entities
        for name, attribute in vocabulary.entities[entity.type].attributes.items()
        if attribute.given
    ]
    for entity, name, attribute in dice.shuffled(facts)[: dice.pick([1, 2, 3])]:
        others = other_values(attribute, name, present(entity, name, attribute), True, None)
        if others:
            found[entity.index, name] = dice.pick(others)[0]
    return found


@given(pairs())
@examples(60)
def test_what_changed_facts_reach_is_worked_out_as_from_the_beginning(pair: Pair) -> None:
    found = answered(readable(pair.rulebook), pair.trees[0])
    program, case, dice = found.program, found.case, seeded(pair.seed)
    again = Incremental(program, case, found.as_at, found.parameters, program.nodes, found.result)
    for _ in range(4):
        changes = changes_of(case, program.vocabulary, dice)
        whole = evaluate(program, with_facts(case, changes), found.as_at, found.parameters)
        for place, settled in whole.settled.items():
            assert again.possible(changes, place) == settled.possible, place
            if settled.possible != found.result.settled[place].possible:
                event("another value")
    assert all(
        again.possible({}, place) == settled.possible
        for place, settled in found.result.settled.items()
    )


def test_a_fact_is_followed_only_where_it_leads() -> None:
    """One fact of the trust with eight scores: not the thousand attributes of its services."""
    from rulewright.workbench import Rules, cases

    found = Rules().answer(cases("scenarios/examples/example-trust.yaml")[0], engine="reference")
    program, case = found.program, found.case
    again = Incremental(program, case, found.as_at, found.parameters, program.nodes, found.result)
    score = next(
        each for each in case.entities if each.parent is case.root and "score" in each.facts
    )
    again.possible({(score.index, "score"): 1}, (0, "trust rating"))
    assert 0 < again.work < len(found.result.settled) / 10
