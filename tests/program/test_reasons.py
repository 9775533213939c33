"""Conditions that give a reason: the reason is wording, is kept on record, and stands wherever a
condition may stand.
"""

from __future__ import annotations

import json

import pytest

from rulewright.compiler.variants import known_readings
from rulewright.decision.running import forward_engine, run
from rulewright.facts.cases import bind_case
from rulewright.ir.archive import archive, program_from
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.nodes import Condition
from rulewright.ir.program import Program
from rulewright.ir.traversal import find
from rulewright.ir.types import parse_date
from rulewright.syntax.errors import InputError
from rulewright.workbench import case_from, parameters_at
from tests.small import CASE, book, possible, program

NEW = "policy: new\nstatus: proposed\namends: old\n"
WHY = "{condition: the kind is known, because: schools are listed with their kind}"
RULE = "- {rule: kinds, of: school, when: %s, then: the share is 3}\n"


def with_rule(when: str) -> Program:
    return program(more_yaml=RULE % when, old_yaml=_with("more.yaml"))


def _with(*parts: str, more: str = "") -> str:
    named = ", ".join(("part.yaml", *parts))
    return f"policy: old\nstatus: superseded\nin force: {{from: unknown, until: 2024-01-01}}\nparts: [{named}]\n{more}"


def reasons(compiled: Program) -> list[str]:
    """The reasons of the conditions of a program."""
    everything = (*compiled.rules, *compiled.scope, *(each.once for each in compiled.withdrawals))
    return sorted(each.because for each in find(Condition, everything) if each.because)


@pytest.mark.parametrize(
    ("plain", "reasoned"),
    [
        ("the kind is known", WHY),
        ("[the kind is known]", f"[{WHY}]"),
        ("{any of: [the kind is known, the points is 3]}", f"{{any of: [{WHY}, the points is 3]}}"),
        ("[{none of: [{all of: [the kind is known]}]}]", f"[{{none of: [{{all of: [{WHY}]}}]}}]"),
        ("the points is 3, unless: the kind is known", f"the points is 3, unless: [{WHY}]"),
    ],
)
def test_a_reason_changes_no_meaning(plain: str, reasoned: str) -> None:
    before, after = with_rule(plain), with_rule(reasoned)
    assert reasons(before) == []
    assert reasons(after) == ["schools are listed with their kind"]
    assert after == before
    assert digest_of_meaning(after) == after.digest == before.digest
    assert [each.text for each in after.rules_by_id["kinds"].conditions] == [
        each.text for each in before.rules_by_id["kinds"].conditions
    ]


def test_an_archive_keeps_a_reason_and_is_as_it_was_without_any() -> None:
    before, after = with_rule("the kind is known"), with_rule(WHY)
    assert b"because" not in archive(before)
    assert b'"because":"schools are listed with their kind"' in archive(after)
    assert reasons(program_from(archive(after))) == reasons(after)
    assert archive(program_from(archive(after))) == archive(after)
    assert program_from(archive(before)) == program_from(archive(after))


def test_an_archive_of_before_there_were_reasons_can_be_read() -> None:
    document = json.loads(archive(with_rule(WHY)))

    def older(value: object) -> object:
        if isinstance(value, list):
            return [older(each) for each in value]
        if isinstance(value, dict):
            return {
                name: older(each)
                for name, each in value.items()
                if (value.get("is"), name) != ("Condition", "because")
            }
        return value

    read = program_from(json.dumps(older(document)).encode())
    assert reasons(read) == []
    assert read == with_rule("the kind is known")


def test_a_reason_may_stand_under_scope_while_and_once() -> None:
    def under(of_the_school: str, of_a_subject: str) -> Program:
        new = (
            f"{NEW}repeals: [subject.marked]\ntransitional: [{{rules: [subject.marked], while: {of_a_subject}}}]\n"
            f"withdraw: {{the banded of a school: {{once: {of_the_school}}}}}\n"
        )
        return program("new", old_yaml=_with(more=f"scope: {of_the_school}\n"), new_yaml=new)

    before = under("the kind is known", "the school's kind is known")
    compiled = under(WHY, WHY.replace("the kind", "the school's kind"))
    assert compiled == before
    assert compiled.digest == before.digest
    assert set(reasons(compiled)) == {"schools are listed with their kind"}
    assert compiled.scope[0].because
    assert compiled.withdrawals[0].once is not None
    assert compiled.withdrawals[0].once.because
    assert any(
        each.because
        for rule in compiled.rules
        if rule.written == "subject.marked"
        for each in rule.conditions
    )


@pytest.mark.parametrize(
    ("once", "status"),
    [
        ("{any of: [the kind is secondary, the points is 62]}", "withdrawn"),
        ("{none of: [{any of: [the points is 62]}]}", "not yet"),
        ("{all of: [the points is 62, the opened on is before 2020-01-01]}", "undecided"),
        ("{condition: the opened on is missing, because: it is published}", "withdrawn"),
    ],
)
def test_a_withdrawal_waits_for_any_condition(once: str, status: str) -> None:
    compiled = program(
        "new", new_yaml=f"{NEW}withdraw: {{the banded of a school: {{once: {once}}}}}\n"
    )
    text = case_from(CASE)
    case, day = bind_case(text, compiled.vocabulary), parse_date("2023-06-01")
    assert day is not None
    values = parameters_at(compiled, day, {})[0]
    engines = ("reference", "both") if forward_engine() is not None else ("reference",)
    for engine in engines:
        result, _, _ = run(compiled, case, day, values, engine)
        assert {0: "not yet", 1: "undecided", 2: "withdrawn"}[result.withdrawn[0].status] == status


@pytest.mark.parametrize(
    "old", [WHY, "{any of: [the kind is known]}", "[the kind is known]", "the kind is known"]
)
@pytest.mark.parametrize(
    "new",
    [
        WHY.replace("known", "missing"),
        "{none of: [the points is 3]}",
        f"[{WHY}]",
        "the points is 3",
    ],
)
@pytest.mark.parametrize("field", ["when", "unless"])
def test_an_amendment_replaces_conditions_whole(old: str, new: str, field: str) -> None:
    rule = RULE.replace("when: %s", f"{field}: {old}")
    amended = program(
        "new",
        more_yaml=rule,
        old_yaml=_with("more.yaml"),
        new_yaml=f"{NEW}replaces: {{kinds: {{{field}: {new}}}}}\n",
    )
    written = program(
        more_yaml=RULE.replace("when: %s", f"{field}: {new}"), old_yaml=_with("more.yaml")
    )
    assert amended.rules_by_id["kinds"] == written.rules_by_id["kinds"]
    assert reasons(amended) == reasons(written)


def test_another_reading_gives_a_reason() -> None:
    reading = f"{{replaces: {{kinds: {{when: {WHY.replace('listed', 'always listed')}}}}}}}"
    part = (
        "- {rule: kinds, of: school, when: the points is 3, then: the share is 3, interpretation: "
        f"{{id: how, assumed: a, because: b, other readings: {{by-kind: {reading}}}}}}}\n"
    )
    (found,) = known_readings(book(more_yaml=part, old_yaml=_with("more.yaml")), "old")
    assert reasons(found.variant.program) == ["schools are always listed with their kind"]


def test_what_a_reason_says_uses_nothing() -> None:
    part = (
        RULE % "{condition: the kind is known, because: the opened on would not do}"
    ) + "- {parameter: opened, value: 3}\n"
    for repealed in ("school > opened on", "opened"):
        compiled = program(
            "new",
            more_yaml=part,
            old_yaml=_with("more.yaml"),
            new_yaml=f"{NEW}repeals: [{repealed}]\n",
        )
        assert reasons(compiled) == ["the opened on would not do"]
    with pytest.raises(InputError):
        program(
            "new",
            more_yaml=part,
            old_yaml=_with("more.yaml"),
            new_yaml=f"{NEW}repeals: [school > kind]\n",
        )


def test_a_condition_with_a_reason_is_answered_like_one_without() -> None:
    assert (
        possible(with_rule("the kind is known"), "share")
        == possible(with_rule(WHY), "share")
        == ["3"]
    )
    unstated = {**CASE, "school": {"points": 62}}
    assert (
        possible(with_rule("the kind is known"), "share", unstated)
        == possible(with_rule(WHY), "share", unstated)
        == ["no value"]
    )
