"""Targets of amendments: each is found by its name, and comes back as it was when it is repealed
and restored.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.amendments.assembly import Assembly
from rulewright.amendments.chain import assemble_chain
from rulewright.amendments.target import Lasting, Repealable, Target
from rulewright.amendments.targets import KINDS, every_target, named, target_of
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import Problems
from rulewright.workbench import Rules

ROOT = Path(__file__).parents[2]
SMALL = {
    "vocabulary.yaml": """
scales: {rating: {order: [bad, good]}}
entities:
  service:
    plural: services
    given: {size: {whole number: 0..9}}
    derived: {safety: rating, rating: rating}
  ward:
    plural: wards
    members:
    - north
    - south
    given: {open: yes/no}
""",
    "sources.yaml": "documents: {guide: {title: Guide, publisher: us, date: 2024-01-01, seen: in part, version seen: first}}\n",
    "part.yaml": """
- principle: agg
  takes: {n: a whole number}
  gives: rating
  let: {limit: {table: {input: n, rows: {low: up to 3, high: 4 or more}}}}
  rules:
  - {rule: bad, when: [the n is less than 2], then: bad}
  - {rule: good, otherwise: good}
- {use: agg@service.safety, of: service, n: the size, then: the safety}
- rule: copied
  of: service
  when: [the size is at least 1]
  then: the rating is the safety
  interpretation: {id: size-counts, assumed: size counts, because: the text names it}
- {table: bands, of: service, input: the size, then: the rating, rows: {bad: up to 3, good: 4..9}}
- {parameter: most, value: 3}
""",
    "p.yaml": "policy: p\nstatus: proposed\nparts: [part.yaml]\n",
}


def small() -> Assembly:
    return assemble_chain(rulebook_from_texts(SMALL), "p")


def shipped() -> Assembly:
    return assemble_chain(Rules(ROOT / "rules" / "cqc").book, "guidance-2024-03")


@pytest.fixture(scope="module", params=[small, shipped])
def assembly(request: pytest.FixtureRequest) -> Assembly:
    found: Assembly = request.param()
    return found


def test_each_kind_of_target_is_found_by_its_name() -> None:
    policy = small()
    assert [each.name for each in every_target(policy, KINDS)] == [
        "agg",
        "agg@service.safety",
        "copied",
        "bands",
        "most",
        "agg.limit[low]",
        "agg.limit[high]",
        "bands[bad]",
        "bands[good]",
        "agg.bad",
        "agg.good",
        "agg.bad@service.safety",
        "agg.good@service.safety",
        "service > size",
        "service > safety",
        "service > rating",
        "ward > north",
        "ward > south",
        "ward > open",
        "service",
        "ward",
        "guide",
        "size-counts",
    ]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_target_is_found_by_its_name(assembly: Assembly, data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(list(every_target(assembly, KINDS))))
    found = target_of(assembly, target.name)
    assert found is not None and found.read(assembly) is not None
    assert type(found) is type(target) or found.name == target.name
    assert target.is_called(target.name)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_repealed_comes_back_as_it_was(assembly: Assembly, data: st.DataObject) -> None:
    targets = [each for each in every_target(assembly, KINDS) if isinstance(each, Repealable)]
    trial = assembly.copy()
    removed = data.draw(st.lists(st.sampled_from(targets), max_size=4, unique=True))
    gone = [each for each in removed if _is_there(trial, each) and each.remove(trial, ())]
    for target in sorted(gone, key=lambda each: not each.restored_first):
        assert target.restore(trial, trial.gone[target.name]), target
    for name in ("local", "vocabulary", "documents", "parameters", "repealed"):
        assert getattr(trial, name) == getattr(assembly, name), name
    trees = [{name: item.tree for name, item in each.items.items()} for each in (trial, assembly)]
    assert trees[0] == trees[1]


def _is_there(assembly: Assembly, target: Target) -> bool:
    problems = Problems()
    there = target in named(assembly, target.name, (type(target),), problems)
    return there and not problems.found


def test_a_target_that_can_go_on_covers_itself(assembly: Assembly) -> None:
    for target in every_target(assembly):
        assert not isinstance(target, Lasting) or target.covers(target), target
