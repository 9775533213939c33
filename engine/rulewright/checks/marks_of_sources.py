"""RW709: a source that does not say how sure it is, and a rule that is not published and rests on no interpretation."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.language.errors import Problem
from rulewright.program.nodes import Citation

from .compiled import Compiled
from .rules_without_source import _place, _title

CODE = "RW709"


def marks_of_sources(policy: Compiled) -> Iterator[Problem]:
    """A mark is `published`, `reported`, `from data` or `assumed`.

    What no source marks as published was inferred, so an interpretation should say what was assumed and why.
    """
    found = [(_place(policy, each), _title(each), each.rule.citations, each.rule.interpretations) for each in policy.written]
    found += [(p.place, f"the parameter `{p.name}`", p.citations, (p.interpretation,) if p.interpretation else ()) for p in policy.program.parameters.values()]
    for place, title, citations, interpretation in sorted(set(found), key=str):
        unmarked = [each.document for each in citations if not each.mark]
        if unmarked:
            yield Problem(place, CODE, f"{title} cites `{unmarked[0]}` without a mark",
                          "add `mark: published`, `reported`, `from data` or `assumed`", "warning")  # fmt: skip
        elif citations and not interpretation and not any(each.mark == "published" for each in citations):
            yield Problem(place, CODE, f"{title} is {_marks(citations)}, not published, and rests on no interpretation",
                          "add `interpretation:` with what is assumed and why", "warning")  # fmt: skip


def _marks(citations: tuple[Citation, ...]) -> str:
    return " and ".join(dict.fromkeys(each.mark for each in citations))
