"""What is reported of one scenario: plain words and numbers, made where it was run and handed on as they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from rulewright.language.cases import CaseText
from rulewright.language.errors import InputError

from .citing import cited
from .difference import Difference
from .testing import Tested, tags_of

SCHEMA = "rulewright/tested/1"


@dataclass(slots=True)
class DecidedBy:
    """A rule that decided what came instead, and where it stands."""

    rule: str
    file: str
    line: int


@dataclass(slots=True)
class Unmet:
    """One expectation that was not met.

    at: where it stands, as messages say it. policy, reading: under which others than its own it was expected.
    """

    at: str
    file: str
    line: int
    about: str
    expected: str
    got: str
    decided_by: list[DecidedBy] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    policy: str = ""
    reading: str = ""


@dataclass(slots=True)
class Verdict:
    """One scenario, tested.

    differences: those of `unmet`, in words. at: where it stands, as messages say it. left_out: it says nothing of the policy asked for.
    errors: why it could not be run; refused: that the engines disagree. source: the published examples that it was taken from.
    """

    scenario: str
    file: str
    line: int
    passed: bool
    differences: list[str]
    errors: list[str]
    at: str = ""
    unmet: list[Unmet] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    left_out: bool = False
    refused: bool = False


def verdict_of(tested: Tested) -> Verdict:
    """The verdict on a scenario that was run."""
    text, error = tested.scenario, tested.error
    found = verdict_without_run(text)
    found.passed = tested.passed
    found.left_out = error is None and not tested.answered
    found.differences = [str(each) for each in tested.differences]
    found.unmet = [_unmet(each) for each in tested.differences]
    found.errors = str(error).splitlines() if error is not None else []
    found.refused = error is not None and not isinstance(error, InputError)
    return found


def verdict_without_run(text: CaseText, passed: bool = False) -> Verdict:
    """A scenario as reports name it, without anything that differs."""
    return Verdict(text.name, text.place.file.partition("!")[0], text.place.line, passed, [], [], str(text.place),
                   tags=list(tags_of(text)), source=cited(text))  # fmt: skip


def _unmet(each: Difference) -> Unmet:
    rules = [DecidedBy(one.rule, one.place.file, one.place.line) for one in each.because]
    return Unmet(str(each.place), each.place.file, each.place.line, each.about, each.expected, each.got, rules, list(each.missing),
                 each.policy, each.reading)  # fmt: skip
