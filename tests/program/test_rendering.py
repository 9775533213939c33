"""What is rendered is read as what it renders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import event, given

from rulewright.language.rulebook import Rulebook, rulebook_from_texts
from rulewright.program.conclusions import read_conclusion, read_limit
from rulewright.program.conditions import read_condition
from rulewright.program.nodes import Condition, Joined, Rule
from rulewright.program.principles import use_of
from rulewright.program.remembering import remembered_base
from rulewright.program.rendering import Renderer
from rulewright.program.scope import Scope
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
            text = renderer.conclusion(attribute, rule.value, limit=limit)
            read = read_limit if limit else read_conclusion
            outside = scope.with_bound({}) if scope.bound else scope
            shown = Renderer(outside).conclusion(attribute, rule.value, limit=limit)
            assert read(shown, outside).value == rule.value, (rule.text, shown)
            assert text
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
