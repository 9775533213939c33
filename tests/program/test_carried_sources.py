"""Sources of what an amendment changes: none that never said it, and none lost where nothing was
changed.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.amendments.chain import assemble
from rulewright.compiler.compiler import compile_policy
from rulewright.ir.digest import digest_of_parts
from rulewright.ir.nodes import Citation
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import Rulebook, rulebook_from_texts
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import ReadingModel
from tests.small import VOCABULARY

RULES = """
- parameter: period
  value: 24 months
  meaning: how long an opening counts
  source: {document: old, section: period}
- rule: share
  of: school
  when: the opened on is within the period of the as-at date
  then: the share is the points
  source: {document: old, section: share}
- table: bands
  of: school
  input: the share
  then: the banded
  rows: {poor: up to 29, fair: 30..59, good: 60 or more}
  source: {document: old, section: bands}
- principle: low
  takes: {one: a grade, grades: a collection of grades}
  let: {most: {table: {input: the number of grades, rows: {1: up to 2, 2: 3 or more}}}}
  gives: grade
  source: {document: old, section: low}
  rules:
    - {rule: many, when: at least the most of the grades are poor, then: poor}
    - {rule: rest, otherwise: the one, source: {document: old, section: rest}}
- {use: low@school, of: school, one: the banded, grades: the result of the classes, then: the report}
- {rule: result, of: class, then: the result is good, source: {document: old, section: result}}
"""
SOURCES = "documents:\n" + "".join(
    f"  {each}: {{title: T, publisher: P, date: 2020-01-01, seen: in part}}\n"
    for each in ("old", "new", "own")
)
POLICY = "policy: base\nstatus: proposed\nparts: [rules.yaml]\n"
OWN = {"document": "own"}
CHANGES: dict[str, Any] = {
    "period": {"value": "12 months"},
    "share": {"then": "the share is 1"},
    "bands[poor]": {"input": "up to 19"},
    "bands[fair]": {"input": "20..59"},
    "low.most[1]": {"input": "up to 1"},
    "low.most[2]": {"input": "2 or more"},
    "low.many": {"then": "fair"},
    "low.rest@school": {"otherwise": "good"},
    "low@school": {"grades": "the result of the classes where small is no"},
    "result": {"about": "said in other words"},
}
CHANGED_RULES = {
    "share": ["share"], "bands[poor]": ["bands[poor]"], "bands[fair]": ["bands[fair]"], "low.most[1]": ["low.most[1]@school"],
    "low.most[2]": ["low.most[2]@school"], "low.many": ["low.many@school"], "low.rest@school": ["low.rest@school"],
}  # fmt: skip
TOGETHER = (("bands[poor]", "bands[fair]"), ("low.most[1]", "low.most[2]"))


def book(replaces: dict[str, Any], source: bool) -> Rulebook:
    amendment = {"policy": "new", "status": "proposed", "amends": "base", "replaces": replaces}
    amendment |= {"source": {"document": "new"}} if source else {}
    texts = {
        "vocabulary.yaml": VOCABULARY,
        "rules.yaml": RULES,
        "sources.yaml": SOURCES,
        "policy.yaml": POLICY,
    }
    return rulebook_from_texts({**texts, "new.yaml": json.dumps(amendment)})


def written(target: str, own: bool) -> Any:
    content = CHANGES[target]
    if own:
        return {**content, "source": OWN}
    return content["input"] if "[" in target else content


def cited(program: Program) -> dict[str, tuple[Citation, ...]]:
    return {rule.id: rule.citations for rule in program.rules}


def with_neighbours(chosen: dict[str, bool]) -> dict[str, bool]:
    """The changes chosen, and those without which they leave a gap or an overlap."""
    both = {**dict(TOGETHER), **{other: one for one, other in TOGETHER}}
    return {**{both[each]: own for each, own in chosen.items() if each in both}, **chosen}


amendments = st.dictionaries(st.sampled_from(sorted(CHANGES)), st.booleans(), min_size=1).map(
    with_neighbours
)


@settings(deadline=None, max_examples=60)
@given(amendments, st.booleans())
def test_what_is_changed_cites_only_what_can_have_said_so(
    chosen: dict[str, bool], source: bool
) -> None:
    found = book({target: written(target, own) for target, own in chosen.items()}, source)
    base, new = compile_policy(found, "base"), compile_policy(found, "new")
    mark = Citation("new") if source else Citation("", note="changed by new, no source given")
    before, after = cited(base), cited(new)
    direct = {rule: target for target in chosen for rule in CHANGED_RULES.get(target, ())}
    for rule, target in direct.items():
        allowed = {Citation("own") if chosen[target] else mark}
        allowed |= (
            {Citation("own") if chosen["low@school"] else mark}
            if "low@school" in chosen and rule.startswith("low.")
            else set()
        )
        assert set(after[rule]) <= allowed, rule
    for rule, citations in after.items():
        if (
            rule not in direct
            and not ("low@school" in chosen and rule.endswith("@school"))
            and rule != "result"
        ):
            assert citations == before[rule], rule
    if "low@school" in chosen:
        assert (Citation("own") if chosen["low@school"] else mark) in after["low.rest@school"]
    if "period" in chosen:
        assert new.parameters["period"].citations == (
            Citation("own") if chosen["period"] else mark,
        )
    else:
        assert new.parameters["period"].citations == base.parameters["period"].citations
    assert {each.thing for each in assemble(found, "new").unsourced} == (
        set() if source else {each for each in chosen if not chosen[each] and each != "result"}
    )


@settings(deadline=None, max_examples=60)
@given(amendments)
def test_sources_stand_outside_the_meaning(chosen: dict[str, bool]) -> None:
    digests = {
        compile_policy(
            book(
                {target: written(target, own and with_own) for target, own in chosen.items()},
                source,
            ),
            "new",
        ).digest
        for source in (False, True)
        for with_own in (False, True)
    }
    assert len(digests) == 1


@settings(deadline=None, max_examples=60)
@given(amendments)
def test_what_means_the_same_keeps_its_sources(chosen: dict[str, bool]) -> None:
    """The property the other way round: a rule without the amendment's mark means what it meant,
    but for the words that it reads.
    """
    found = book({target: written(target, False) for target in chosen}, source=False)
    base, new = compile_policy(found, "base"), compile_policy(found, "new")
    old = {rule.id: rule for rule in base.rules}
    for rule in new.rules:
        if all(each.document for each in rule.citations):
            assert digest_of_parts(rule) == digest_of_parts(old[rule.id]), rule.id


def test_another_reading_is_one_of_the_same_source() -> None:
    rules = RULES.replace(
        "source: {document: old, section: share}",
        """source: {document: old, section: share}
  interpretation: {id: i, assumed: a, because: b, other readings: {other: {replaces: {share: {then: the share is 1}}}}}""",
    )
    texts = {
        "vocabulary.yaml": VOCABULARY,
        "rules.yaml": rules,
        "sources.yaml": SOURCES,
        "policy.yaml": POLICY,
    }
    found = rulebook_from_texts(texts)
    tree = next(each.tree for each in found.parts["rules.yaml"] if each.id == "share")[
        "interpretation"
    ]["other readings"]["other"]
    program = compile_policy(found, "base", read_as(ReadingModel, tree, "rules.yaml"))
    assert cited(program)["share"] == (Citation("old", "share"),)


def test_overrides_that_go_with_what_is_repealed_are_no_change() -> None:
    rules = (
        RULES
        + "- {rule: other, of: class, when: the small is yes, then: the result is fair, source: {document: old}}\n"
    )
    rules = rules.replace(
        "then: the result is good, source", "then: the result is good, overrides: [other], source"
    )
    texts = {
        "vocabulary.yaml": VOCABULARY,
        "rules.yaml": rules,
        "sources.yaml": SOURCES,
        "policy.yaml": POLICY,
        "new.yaml": "policy: new\nstatus: proposed\namends: base\nrepeals: [other]\nreplaces: {result: {overrides: []}}\n",
    }
    assert cited(compile_policy(rulebook_from_texts(texts), "new"))["result"] == (
        Citation("old", "result"),
    )


def test_a_chain_marks_the_last_policy_that_changed_a_row() -> None:
    texts = {
        "vocabulary.yaml": VOCABULARY,
        "rules.yaml": RULES,
        "sources.yaml": SOURCES,
        "policy.yaml": POLICY,
        "one.yaml": "policy: one\nstatus: proposed\namends: base\nsource: {document: new}\n"
        "replaces: {'bands[poor]': up to 19, 'bands[fair]': 20..59}\n",
        "two.yaml": "policy: two\nstatus: proposed\namends: one\nreplaces: {'bands[poor]': up to 9, 'bands[fair]': 10..59}\n",
        "three.yaml": "policy: three\nstatus: proposed\namends: two\nreplaces: {bands: {about: a}, 'bands[poor]': up to 9}\n",
    }
    found = rulebook_from_texts(texts)
    assert cited(compile_policy(found, "one"))["bands[poor]"] == (Citation("new"),)
    for name in ("two", "three"):
        assert cited(compile_policy(found, name))["bands[poor]"] == (
            Citation("", note="changed by two, no source given"),
        )
        assert cited(compile_policy(found, name))["bands[good]"] == (Citation("old", "bands"),)
