"""The report as annotations: GitHub shows each difference at its line of the scenario file."""

from __future__ import annotations

import re

from rulewright.syntax.visible import visible, visible_lines
from rulewright.testing.tally import Tally
from rulewright.testing.verdict import Verdict

from .text import details


class GitHubReport:
    """Workflow commands, `::error file=…,line=…::message`; then the numbers."""

    def of(self, verdict: Verdict) -> str:
        """An annotation for each difference, and one for a scenario that could not be run."""
        if verdict.passed or verdict.left_out:
            return ""
        if verdict.errors:
            return _annotation(
                verdict.file, _line_of_error(verdict), verdict.scenario, "\n".join(verdict.errors)
            )
        shown = []
        for number, each in enumerate(verdict.unmet):
            one = Verdict(
                verdict.scenario,
                verdict.file,
                verdict.line,
                False,
                [verdict.differences[number]],
                [],
                unmet=[each],
                source=verdict.source,
            )
            shown.append(
                _annotation(
                    each.file.partition("!")[0],
                    each.line,
                    verdict.scenario,
                    "\n".join(details(one)),
                )
            )
        return "".join(shown)

    def end(self, tally: Tally) -> str:
        """The numbers, which GitHub shows in its log."""
        return f"{tally}\n"


def _line_of_error(verdict: Verdict) -> int:
    """The line of the first mistake in the scenario's file; the scenario's own where all stand
    elsewhere.
    """
    in_file = re.compile(rf"{re.escape(visible(verdict.file))}:(\d+):\d+: RW\d{{3}} ")
    return next(
        (int(found[1]) for found in map(in_file.match, verdict.errors) if found), verdict.line
    )


def _annotation(file: str, line: int, title: str, message: str) -> str:
    place = f"file={_property(file)},line={max(line, 1)}"
    return f"::error {place},title={_property(title)}::{_data(message)}\n"


def _data(text: str) -> str:
    return visible_lines(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
