"""The report as JUnit XML, which continuous integration reads: a suite for each file, a test case
for each scenario.

No times are written: two runs give the same bytes.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from rulewright.syntax.visible import visible_lines
from rulewright.testing.tally import Tally
from rulewright.testing.verdict import Verdict

from .text import details

_NOT_IN_XML = re.compile("[\ufffe\uffff]")  # of what `visible_lines` leaves


class JUnitReport:
    """Gathers all, and writes the document at the end."""

    def __init__(self) -> None:
        self.suites: dict[str, list[Verdict]] = {}

    def of(self, verdict: Verdict) -> str:
        """Nothing yet."""
        self.suites.setdefault(verdict.file, []).append(verdict)
        return ""

    def end(self, tally: Tally) -> str:
        """The whole document."""
        root = ElementTree.Element("testsuites", {"name": "rulewright", **_numbers(tally)})
        for file, verdicts in self.suites.items():
            own = Tally()
            for each in verdicts:
                own.count(each)
            suite = ElementTree.SubElement(
                root,
                "testsuite",
                {"name": _clean(file), **_numbers(own), "skipped": str(own.left_out)},
            )
            for each in verdicts:
                _case(suite, each)
        ElementTree.indent(root)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            + ElementTree.tostring(root, encoding="unicode")
            + "\n"
        )


def _case(suite: ElementTree.Element, verdict: Verdict) -> None:
    classname = re.sub(r"\.[a-z]+$", "", verdict.file).strip("./").replace("/", ".")
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "classname": _clean(classname),
            "name": _clean(verdict.scenario),
            "file": _clean(verdict.file),
            "line": str(verdict.line),
        },
    )
    if verdict.left_out:
        ElementTree.SubElement(
            case, "skipped", {"message": "it says nothing of the policy asked for"}
        )
    elif verdict.errors:
        found = re.search(r"\bRW[0-9]{3}\b", verdict.errors[0])
        kind = found[0] if found else "refused"
        _told(case, "error", kind, verdict.errors[0], verdict.errors)
    elif not verdict.passed:
        _told(
            case,
            "failure",
            "change" if verdict.against else "difference",
            verdict.differences[0],
            details(verdict),
        )


def _told(case: ElementTree.Element, tag: str, kind: str, message: str, lines: list[str]) -> None:
    told = ElementTree.SubElement(case, tag, {"message": _clean(message), "type": kind})
    told.text = _clean("\n".join(lines))


def _numbers(tally: Tally) -> dict[str, str]:
    return {
        "tests": str(tally.tests),
        "failures": str(tally.failed + tally.changed),
        "errors": str(tally.wrong + tally.refused),
    }


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", visible_lines(text))
