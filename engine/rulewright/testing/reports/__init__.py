"""Reports on scenarios that were run: text, JSON, JUnit XML, GitHub annotations.

A report is given each verdict in turn and says what is printed then; at the end it says the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from rulewright.testing.tally import Tally
from rulewright.testing.verdict import Verdict


class SuiteReport(Protocol):
    """What a report can do."""

    def of(self, verdict: Verdict) -> str:
        """What is printed of a scenario."""

    def end(self, tally: Tally) -> str:
        """What is printed when all were run."""


def report(form: str) -> SuiteReport:
    """A new report of that form: `text`, `json`, `junit` or `github`."""
    return _REPORTS[form]()


def _text() -> SuiteReport:
    from .text import TextReport

    return TextReport()


def _json() -> SuiteReport:
    from .json_lines import JsonLines

    return JsonLines()


def _junit() -> SuiteReport:
    from .junit import JUnitReport

    return JUnitReport()


def _github() -> SuiteReport:
    from .github import GitHubReport

    return GitHubReport()


_REPORTS: dict[str, Callable[[], SuiteReport]] = {
    "text": _text,
    "json": _json,
    "junit": _junit,
    "github": _github,
}
FORMS = tuple(_REPORTS)
