"""RW709: a source that does not say how sure it is, and a rule that is not published and rests on
no interpretation.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.ir.nodes import Citation
from rulewright.syntax.errors import Problem

from .compiled import Compiled
from .rules_without_source import place_written, title

CODE = "RW709"


def marks_of_sources(policy: Compiled) -> Iterator[Problem]:
    """A mark is `published`, `reported`, `from data` or `assumed`.

    What no source marks as published was inferred, so an interpretation should say what was assumed
    and why.
    """
    found = [
        (place_written(policy, each), title(each), each.rule.citations, each.rule.interpretations)
        for each in policy.written
    ]
    for parameter in policy.program.parameters.values():
        rests_on = (parameter.interpretation,) if parameter.interpretation else ()
        found.append(
            (parameter.place, f"the parameter `{parameter.name}`", parameter.citations, rests_on)
        )
    for place, named, citations, rested_on in sorted(set(found), key=str):
        # RW727 tells of changes without a source
        citations = tuple(each for each in citations if each.document)
        unmarked = [each.document for each in citations if not each.mark]
        if unmarked:
            yield Problem(
                place,
                CODE,
                f"{named} cites `{unmarked[0]}` without a mark",
                "add `mark: published`, `reported`, `from data` or `assumed`",
                "warning",
            )
        elif (
            citations and not rested_on and not any(each.mark == "published" for each in citations)
        ):
            yield Problem(
                place,
                CODE,
                f"{named} is {_marks(citations)}, not published, and rests on no interpretation",
                "add `interpretation:` with what is assumed and why",
                "warning",
            )


def _marks(citations: tuple[Citation, ...]) -> str:
    return " and ".join(dict.fromkeys(each.mark for each in citations))
