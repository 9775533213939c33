"""What is needed is needed, and enough where that is said: over shipped scenarios and generated
cases.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import event, given

from rulewright.decision.answered import Answered
from rulewright.engines.result import Possible
from rulewright.explain.considered import Considering
from rulewright.explain.why_not import why_not
from rulewright.explain.why_not.candidates import wanted_value
from rulewright.explain.why_not.needs import NeededAttribute
from rulewright.ir.nodes import Kind
from rulewright.workbench import Rules, cases
from tests.fuzz.test_properties import Pair, examples, pairs, readable

from .needs_hold import AskedAgain, every_need_holds, leaves
from .test_holds import ROOT, SHIPPED, answered

pytestmark = pytest.mark.untraced

ASKED = 25  # values of one case


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(ROOT / "rules" / "cqc")


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_shipped_cases_need(path: Path, rules: Rules) -> None:
    for case in cases(path)[:4]:
        assert every_need_holds(rules.answer(case, engine="reference"), ASKED)["ways"]


@given(pairs(2))
@examples(30)
def test_what_generated_cases_need(pair: Pair) -> None:
    program = readable(pair.rulebook)
    for tree in pair.trees:
        found = every_need_holds(answered(program, tree), ASKED)
        event(f"needed: {min(found['needed'], 3)}")
        event(f"enough: {min(found['enough'], 3)}")


CROSSED = [
    ("tests/explain/moor.yaml", "trust > trust rating", "good"),
    ("tests/explain/moor.yaml", "trust > trust rating", "outstanding"),
    ("scenarios/examples/example-trust.yaml", "trust > trust rating", "outstanding"),
    ("scenarios/examples/example-trust.yaml", "trust > trust rating", "requires improvement"),
    ("scenarios/examples/example-trust.yaml", "North Hospital > overall rating", "good"),
    ("scenarios/real/2021/RA9.yaml", "Torbay Hospital > effective > rating", "good"),
    ("scenarios/real/2021/RA9.yaml", "Torbay Hospital > safe > rating", "good"),
    ("scenarios/real/2021/RA9.yaml", "trust > overall rating", "good"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "attribute", "value"), CROSSED)
def test_why_not_needs_nothing_that_what_if_does_without(
    path: str, attribute: str, value: str, rules: Rules
) -> None:
    """Each change that reaches a value leaves the ways that *why not* lists, and what they need, as
    it says.
    """
    [case] = cases(ROOT / path)
    before = rules.answer(case, engine="reference")
    [told] = rules.why_not(before, attribute, value)
    [record] = rules.what_if(before, attribute, to=value, any_fact=True, most=5)
    assert record.smallest is not None
    assert record.smallest.proposals
    for proposal in record.smallest.proposals:
        after = rules.changed(
            before, {f"{each.entity} > {each.attribute}": each.then for each in proposal.changes}
        )
        [answer] = [
            each
            for each in after.decision.answers
            if f"{each.entity} > {each.attribute}" == attribute
        ]
        deciding = {*answer.decided_by, *answer.limited_by}
        ways = [each for each in told.why_not.ways if each.rule in deciding]
        assert ways, f"{deciding} gives it after {proposal.changes}"
        asked = AskedAgain(before)
        entity = asked.considering.entities[answer.entity]
        node = asked.considering.node(entity, answer.attribute)
        assert node is not None
        wanted = wanted_value(value, node.attribute, node)
        settled = before.result.settled[entity.index, node.key.attribute]
        for rule in node.every_rule:
            if rule.id in deciding and rule.id in {each.rule for each in ways}:
                for leaf in leaves(asked.requiring.of(rule, node, entity, wanted, settled).needs):
                    if leaf.fixed:
                        assert leaf.wanted.holds(value_after(after, leaf)), (
                            f"{leaf.entity.path} > {leaf.attribute} after {proposal.changes}"
                        )


def value_after(after: Answered, leaf: NeededAttribute) -> Possible:
    """What an attribute is in the changed case."""
    settled = after.result.settled.get(leaf.place)
    if settled is not None:
        return settled.possible
    return Considering(after).evaluation.fact(
        after.case.entities[leaf.entity.index], leaf.attribute
    )


@given(pairs(3))
@examples(30)
def test_the_rule_that_gives_a_value_elsewhere_is_among_the_ways_to_it(pair: Pair) -> None:
    program = readable(pair.rulebook)
    outcomes = [answered(program, tree) for tree in pair.trees]
    for one in outcomes:
        for other in outcomes:
            for answer in other.decision.answers:
                here = next(
                    (
                        each
                        for each in one.decision.answers
                        if (each.entity, each.attribute) == (answer.entity, answer.attribute)
                    ),
                    None,
                )
                if (
                    here is None
                    or answer.status != "determined"
                    or answer.origin not in ("rules", "otherwise")
                    or here.origin == "supplied"
                ):
                    continue
                if (
                    here.possible != answer.possible
                    and not here.judgement
                    and kinds_alike(one, other, answer.entity)
                ):
                    [told] = [
                        each
                        for each in why_not(
                            one, f"{answer.entity} > {answer.attribute}", answer.possible[0]
                        )
                        if (each.why_not.entity, each.why_not.attribute)
                        == (answer.entity, answer.attribute)
                    ]
                    ways = {each.rule for each in told.why_not.ways}
                    if told.withdrawn is not None:
                        continue
                    assert {
                        *answer.decided_by,
                        *answer.limited_by,
                    } & ways or not answer.decided_by, (answer.decided_by, told.why_not)
                    event("asked")


def kinds_alike(one: Answered, other: Answered, path: str) -> bool:
    """Whether things of one path are of one kind."""
    first, second = (
        next(each for each in of.case.entities if each.path == path) for of in (one, other)
    )
    return Kind.of(first) == Kind.of(second)
