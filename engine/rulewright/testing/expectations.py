"""What a scenario expects, held against what came: each difference with its place, what was
expected and what came.
"""

from __future__ import annotations

from rulewright.decision.answered import Answered
from rulewright.decision.lazy_answers import LazyAnswers
from rulewright.facts.cases import CaseText
from rulewright.syntax.text import Map

from .difference import EXPECTATION, UnmetExpectation
from .expected_rules import REASONS, Reasons
from .expected_values import Values
from .findings import Findings


def differences(
    text: CaseText, answered: Answered, expect: Map, whole: bool = True
) -> list[UnmetExpectation]:
    """Every difference between a block of expectations of a scenario and what came of it.

    `whole`: whether it was asked of the whole policy; of a part of one `NotSure` may be raised.
    Raises `InputError` (RW802 to RW804, RW811) when the expectations themselves are wrong.
    """
    findings = _held(text, answered, expect, whole)
    findings.problems.stop_if_any()
    return sorted(findings.found)


def unmet(text: CaseText, answered: Answered, expect: Map) -> list[UnmetExpectation]:
    """As `differences`; an expectation that is wrong itself is one that is not met, with what is
    wrong about it.
    """
    findings = _held(text, answered, expect, True)
    wrong = [
        UnmetExpectation(each.place, EXPECTATION, "", f"{each.code} {each.message}")
        for each in findings.problems.found
    ]
    return sorted([*findings.found, *wrong])


def _held(text: CaseText, answered: Answered, expect: Map, whole: bool) -> Findings:
    findings = Findings(text, LazyAnswers(answered), whole)
    values, reasons = Values(findings), Reasons(findings)
    for word, wanted in expect.items():
        if word in REASONS:
            reasons.hold(word, wanted)
        else:
            values.hold(word, wanted)
    return findings
