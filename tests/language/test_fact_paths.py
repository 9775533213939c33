"""Facts by their paths: two columns are said to name one fact exactly where they do."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.facts.fact_paths import stated
from rulewright.syntax.errors import Problems
from rulewright.syntax.text import Map, Text
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.workbench import Rules

CASE = """
case: an example
trust:
  name: Example Trust
  locations:
    - name: North
      services:
        - {name: Surgery, key questions: {safe: good}}
        - {name: Maternity, key questions: {safe: {judged rating: good}, effective: [not, a, value]}}
  services: [{name: Outreach}]
"""
VOCABULARY = Rules().program("legacy").vocabulary
ROOTS = ("", "trust > ", "Example Trust > ", "Example Trst > ")
THINGS = (
    "",
    "North > ",
    "locations > North > ",
    "Nort > ",
    "Outreach > ",
    "North > Surgery > ",
    "North > services > Maternity > ",
    "North > Surgry > ",
)
FACTS = (
    "trust type",
    "trust typ",
    "core service",
    "safe",
    "safe > judged rating",
    "safe > rating",
    "saf",
    "effective",
    "rating",
    "overall rating",
    "Surgery",
    "key questions > safe",
)
PATHS = ["".join(each) for each in product(ROOTS, THINGS, FACTS)]


def put(paths: list[str], value: str) -> tuple[Map, list[str]]:
    """The tree with that value at each path, and the kinds of mistake."""
    problems = Problems()
    tree = stated(
        load_yaml(CASE, "case"), [(Text(each), Text(value)) for each in paths], VOCABULARY, problems
    )
    return tree, [
        "one fact" if each.message.endswith("name one fact") else "nowhere"
        for each in problems.found
    ]


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.sampled_from(PATHS), st.sampled_from(PATHS))
def test_two_columns_name_one_fact_exactly_where_each_puts_it_at_the_same_place(
    one: str, other: str
) -> None:
    (first, wrong), (second, also_wrong) = put([one], "outstanding"), put([other], "outstanding")
    said = put([one, other] if one != other else [one, f"{one} "], "outstanding")[1]
    there = first != load_yaml(CASE, "case") and second != load_yaml(CASE, "case")
    assert ("one fact" in said) == (not wrong and not also_wrong and there and first == second)
    assert said.count("nowhere") == len(wrong) + len(also_wrong)
