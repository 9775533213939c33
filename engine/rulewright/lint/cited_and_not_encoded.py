"""RW722: a rule cites a paragraph of which the list says that no rule follows from it, or that
others do.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Place, Problem
from rulewright.syntax.paragraphs import Fate, read_fate
from rulewright.syntax.text import key

from .citations import Citing, citing
from .compiled import Compiled

CODE = "RW722"


def cited_and_not_encoded(policy: Compiled) -> Iterator[Problem]:
    """Citations of paragraphs that are listed as `context` or `not yet`, or as encoded by others
    only.
    """
    if not policy.is_first:
        return
    fates = {
        (document, key(paragraph)): read_fate(text)
        for document, listed in policy.book.documents.items()
        for paragraph, text in listed.paragraphs.items()
    }
    for same in _written_once(policy):
        each = same[0]
        fate = fates.get((each.document, each.paragraph))
        if fate is None:
            continue
        if fate.word in ("context", "not yet"):
            yield Problem(
                each.place,
                CODE,
                f"`{each.name}` cites `{each.shown}` of `{each.document}`, which is listed as `{fate.word}`",
                f"write `encoded by {each.name}` in the list of paragraphs, or cite another one",
            )
        elif fate.rules and not {one.name for one in same} & _listed(fate):
            yield Problem(
                each.place,
                CODE,
                f"`{each.name}` cites `{each.shown}` of `{each.document}`, and is not among the rules that "
                "are said to encode it",
                f"add `{each.name}` to `encoded by` in the list of paragraphs, or cite another one",
                "warning",
            )


def _written_once(policy: Compiled) -> Iterator[list[Citing]]:
    """Each citation of a rule as it was written, with all that have it: the rules of a principle
    have that of the principle.
    """
    found: dict[tuple[Place, str, str], list[Citing]] = {}
    for each in citing(policy.policies):
        if each.says:
            found.setdefault((each.place, each.document, each.paragraph), []).append(each)
    yield from found.values()


def _listed(fate: Fate) -> set[str]:
    """The names after `encoded by`, a row also as its table."""
    return {each for name in fate.rules for each in (name, name.partition("[")[0])}
