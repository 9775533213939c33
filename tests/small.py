"""A small rulebook that tests share: a school with classes, marks and a report."""

from __future__ import annotations

from rulewright.compiler.compiler import compile_policy
from rulewright.engines.evaluator import evaluate
from rulewright.engines.result import Possible
from rulewright.facts.cases import bind_case
from rulewright.ir.program import Program
from rulewright.ir.types import parse_date
from rulewright.rulebook.rulebook import Rulebook, rulebook_from_texts
from rulewright.workbench import case_from, parameters_at

VOCABULARY = """
scales:
  grade:
    order: [poor, fair, good, excellent]
    outside the order: [not graded]
entities:
  school:
    plural: schools
    has many: [class]
    has: [subject]
    given:
      kind: {one of: [primary, secondary]}
      opened on: date
      points: {whole number: 0..100}
    derived:
      report: {grade, may be judged: yes}
      share: {whole number: 0..100}
      banded: grade
  class:
    plural: classes
    has: [subject]
    given:
      small: {yes/no, unless stated: no}
    derived:
      result: grade
  subject:
    plural: subjects
    main attribute: mark
    main result: grade
    members:
      - reading
      - writing
      - sums
    given:
      mark: grade
      resit: {grade, unless stated: none}
    derived:
      grade: grade
"""

PART = """
- parameter: pass mark
  value: 50
- principle: summary
  takes: {grades: a collection of grades}
  let:
    needed: {table: {input: the number of grades that are poor or better, rows: {1: up to 2, 2: 3 or more}}}
  gives: grade
  rules:
    - {rule: poor, when: at least the needed of the grades are poor, then: poor, overrides: [good]}
    - {rule: good, when: at least the needed of the grades are good or better, then: good}
    - {rule: fair, otherwise: fair}
- use: summary@class
  of: class
  grades: the grade of the subjects
  then: the result
- use: summary@school
  of: school
  grades: the result of the classes where small is no
  then: the report
- {rule: subject.marked, of: subject of a class, then: the grade is the mark}
- {rule: subject.resit, of: subject of a class, when: the resit is poor or better, then: the grade is the resit, overrides: [subject.marked]}
- {rule: subject.of-school, of: subject of a school, then: the grade is the lowest grade of the same subject of the classes of the school}
- table: bands
  of: school
  input: the points
  then: the banded
  rows: {poor: up to 49, fair: 50..69, good: 70..89, excellent: 90 or more}
- {rule: pass, of: school, when: the points is at least the pass mark, note: "passed: {the classes where small is no}"}
"""

OLD = "policy: old\nstatus: superseded\nin force: {from: unknown, until: 2024-01-01}\nparts: [part.yaml]\n"

CASE = {
    "case": "a school",
    "as at": "2023-06-01",
    "school": {
        "kind": "primary",
        "points": 62,
        "classes": [
            {"name": "1a", "subjects": {"reading": "good", "writing": "good", "sums": "poor"}},
            {"name": "1b", "subjects": {"reading": "poor", "writing": "good", "sums": "poor"}},
            {"name": "2a", "subjects": {"reading": "excellent", "writing": "good", "sums": "good"}},
        ],
    },
}


def book(**files: str) -> Rulebook:
    """The small rulebook, with more or other files (`new_yaml` is `new.yaml`)."""
    texts = {"vocabulary.yaml": VOCABULARY, "part.yaml": PART, "old.yaml": OLD}
    texts.update(
        {
            name.replace("_yaml", ".yaml").replace("_csv", ".csv"): text
            for name, text in files.items()
        }
    )
    return rulebook_from_texts({name: text for name, text in texts.items() if text})


def program(policy: str = "old", **files: str) -> Program:
    """A compiled policy of the small rulebook."""
    return compile_policy(book(**files), policy)


def possible(
    compiled: Program, path: str, case: dict[str, object] | None = None, as_at: str = "2023-06-01"
) -> list[str]:
    """The possible values of an attribute (`1a > result`) in words."""
    bound = bind_case(case_from(case or CASE), compiled.vocabulary)
    day = parse_date(as_at)
    assert day is not None
    result = evaluate(compiled, bound, day, parameters_at(compiled, day, {})[0])
    holder, _, name = path.rpartition(" > ")
    entity = next(e for e in bound.entities if e.path == (holder or bound.root.path))
    found: Possible = result.settled[entity.index, name].possible
    return found.show(compiled.vocabulary.entities[entity.type].attributes[name].type)
