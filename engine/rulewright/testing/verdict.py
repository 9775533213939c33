"""What is reported of one scenario: plain words and numbers, made where it was run and handed on as
they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import InputError

from .citations import cited
from .difference import Deciding, UnmetExpectation
from .runner import Tested, tags_of

SCHEMA = "rulewright/tested/1"


@dataclass(slots=True)
class DecidedBy:
    """A rule that decided what came instead, or would have given what was expected, and where it
    stands.

    counts: what its conditions counted; of one that did not fire, those that are not met. amended:
    the line of an amendment that changes it.
    """

    rule: str
    file: str
    line: int
    counts: list[str] = field(default_factory=list)
    amended: str = ""


@dataclass(slots=True)
class Unmet:
    """One expectation that was not met.

    at: where it stands, as messages say it. policy, reading: under which others than its own it was
    expected. before: of a change, what comes under the policy that the one asked for amends. short:
    rules that would have given what was expected, if they had counted more or fewer. depends_on:
    lines of the policy's own amendment that decided what came.
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
    before: str = ""
    short: list[DecidedBy] = field(default_factory=list)
    depends_on: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Verdict:
    """One scenario, tested.

    differences: those of `unmet`, in words. at: where it stands, as messages say it. left_out: it
    says nothing of the policy asked for. errors: why it could not be run; refused: that the engines
    disagree. source: the published examples that it was taken from. against: the policy that the
    one asked for amends, where the scenario was written for others: `differences` are what that
    changes.
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
    against: str = ""


def verdict_of(tested: Tested) -> Verdict:
    """The verdict on a scenario that was run."""
    text, error = tested.scenario, tested.error
    found = verdict_without_run(text)
    found.passed = tested.passed
    found.left_out = error is None and not tested.answered and not tested.against
    found.against = tested.against
    found.differences = [str(each) for each in tested.differences]
    found.unmet = [_unmet(each) for each in tested.differences]
    found.errors = str(error).splitlines() if error is not None else []
    found.refused = error is not None and not isinstance(error, InputError)
    return found


def verdict_without_run(text: CaseText, passed: bool = False) -> Verdict:
    """A scenario as reports name it, without anything that differs."""
    return Verdict(
        text.name,
        text.place.file.partition("!")[0],
        text.place.line,
        passed,
        [],
        [],
        str(text.place),
        tags=list(tags_of(text)),
        source=cited(text),
    )


def _unmet(each: UnmetExpectation) -> Unmet:
    return Unmet(
        str(each.place),
        each.place.file,
        each.place.line,
        each.about,
        each.expected,
        each.got,
        _rules(each.because),
        list(each.missing),
        each.policy,
        each.reading,
        each.before if each.against else "",
        _rules(each.short),
        list(each.depends_on),
    )


def _rules(deciding: Iterable[Deciding]) -> list[DecidedBy]:
    return [
        DecidedBy(each.rule, each.place.file, each.place.line, list(each.counts), each.amended)
        for each in deciding
    ]
