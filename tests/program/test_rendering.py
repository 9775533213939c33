"""What is rendered is read as what it renders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import event, given

from rulewright.compiler.conclusions import read_conclusion, read_limit
from rulewright.compiler.conditions import read_condition
from rulewright.compiler.memory import remembered_base
from rulewright.compiler.principles import use_of
from rulewright.compiler.rendering import Renderer
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import Condition, Joined, Rule
from rulewright.ir.phrases import needed, not_needed, turned
from rulewright.ir.types import Choice, Date, Number, Scale, Type, YesNo
from rulewright.rulebook.rulebook import Rulebook, rulebook_from_texts
from rulewright.workbench import Rules
from tests.fuzz.programs import books
from tests.fuzz.test_properties import examples, readable
from tests.small import book

pytestmark = pytest.mark.untraced


def rules_of(rulebook: Rulebook, policy: str) -> Iterator[tuple[str, Rule, Scope]]:
    """Every rule with the attribute that it is about and the scope that it was read in."""
    base = remembered_base(rulebook, policy)
    for node in base.compiled.nodes:
        otherwise = () if node.otherwise is None else (node.otherwise,)
        for rule in (*node.rules, *node.limits, *otherwise):
            name = node.key.attribute
            yield name, rule, base.unroller.scope_of(node.key.kind, use_of(name, rule))
    for kind, notices in base.compiled.notices.items():
        for rule in notices:
            yield "", rule, base.unroller.scope_of(kind, use_of("", rule))


def leaves(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition.body, Joined):
        for part in condition.body.parts:
            yield from leaves(part)
    else:
        yield condition


def check(rulebook: Rulebook, policy: str) -> tuple[int, int]:
    """How many conditions were rendered, and how many in the author's own words."""
    rendered, own = 0, 0
    for attribute, rule, scope in rules_of(rulebook, policy):
        renderer, cell = Renderer(scope), Renderer(scope, cell=True)
        for written in rule.conditions:
            for condition in leaves(written):
                text = renderer.body(condition.body)
                again = read_condition(text, scope)
                assert again.body == condition.body, (condition.text, text)
                rendered += 1
                own += condition.text in (text, cell.body(condition.body))
        if rule.value is not None and "@" not in attribute:
            limit = rule.effect == "limit"
            read = read_limit if limit else read_conclusion
            outside = scope.with_bound({}) if scope.bound else scope
            shown = Renderer(outside).conclusion(attribute, rule.value, limit=limit)
            assert read(shown, outside).value == rule.value, (rule.text, shown)
    return rendered, own


def test_every_condition_of_the_shipped_policies() -> None:
    rules = Rules()
    counts = [check(rules.book, each.id) for each in rules.policies]
    rendered, own = (sum(each) for each in zip(*counts, strict=True))
    assert rendered > 2_000
    assert own > 0.95 * rendered


def test_every_condition_of_a_small_rulebook() -> None:
    rendered, own = check(book(), "old")
    assert rendered == own > 10


@given(books())
@examples(60)
def test_every_condition_of_generated_rulebooks(generated: object) -> None:
    rulebook, _ = generated  # type: ignore[misc]
    readable(rulebook)
    rendered, _ = check(rulebook_from_texts(rulebook.texts()), "p")
    event("conditions rendered", str(min(rendered // 20, 10)))


@pytest.mark.parametrize(
    ("quantity", "opposite"),
    [
        ("at least 2 of the ratings are good", "fewer than 2 of the ratings are good"),
        ("fewer than half of the ratings are good", "at least half of the ratings are good"),
        ("at most 2 of the ratings are good", "more than 2 of the ratings are good"),
        ("none of the ratings is good", ""),
    ],
)
def test_a_quantity_the_other_way_round(quantity: str, opposite: str) -> None:
    assert turned(quantity) == opposite


@pytest.mark.parametrize(
    ("op", "kind", "values", "asked", "otherwise"),
    [
        ("at most", Number(True), ["2"], "at most 2", "more than 2 or no value"),
        (
            "less than",
            Date(),
            ["2024-03-01"],
            "before 2024-03-01",
            "on or after 2024-03-01 or no value",
        ),
        (
            "at least",
            Scale("grade", ("poor", "good")),
            ["good"],
            "good or better",
            "not good or better",
        ),
        ("is", YesNo(), ["yes"], "yes", "no or no value"),
        (
            "is",
            Choice(("not rated", "rated")),
            ["not rated"],
            "not rated",
            "anything but “not rated”",
        ),
        ("not one of", Choice(("a", "b", "c")), ["a", "b"], "neither a nor b", "a or b"),
        ("between", Number(True), ["2", "4"], "2..4", "not 2..4"),
    ],
)
def test_what_is_needed_and_what_is_not(
    op: str, kind: Type, values: list[str], asked: str, otherwise: str
) -> None:
    assert needed(op, kind, values) == asked
    assert not_needed(op, kind, values) == otherwise
