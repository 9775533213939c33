"""RW722: a rule cites a paragraph of which the list says that no rule follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.language.errors import Problem
from rulewright.language.paragraphs import read_fate
from rulewright.language.text import key

from .citing import citing
from .compiled import Compiled

CODE = "RW722"


def cited_and_not_encoded(policy: Compiled) -> Iterator[Problem]:
    """Citations of paragraphs that are listed as `context` or `not yet`."""
    if not policy.is_first:
        return
    fates = {(document, key(paragraph)): read_fate(text) for document, listed in policy.book.documents.items()
             for paragraph, text in listed.paragraphs.items()}  # fmt: skip
    told = set()
    for each in citing(policy.policies):
        fate = fates.get((each.document, each.paragraph))
        if each.says and fate is not None and fate.word in ("context", "not yet") and each.place not in told:
            told.add(each.place)
            yield Problem(each.place, CODE, f"`{each.name}` cites `{each.shown}` of `{each.document}`, which is listed as `{fate.word}`",
                          f"write `encoded by {each.name}` in the list of paragraphs, or cite another one")  # fmt: skip
