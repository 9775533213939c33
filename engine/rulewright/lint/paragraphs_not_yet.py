"""RW723: a paragraph for which rules are still to be written."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Problem
from rulewright.syntax.paragraphs import read_fate
from rulewright.syntax.text import place_of

from .compiled import Compiled

CODE = "RW723"


def paragraphs_not_yet(policy: Compiled) -> Iterator[Problem]:
    """Paragraphs listed as `not yet`."""
    if policy.is_first:
        for document, listed in policy.book.documents.items():
            for paragraph, text in listed.paragraphs.items():
                fate = read_fate(text)
                if fate is not None and fate.word == "not yet":
                    yield Problem(
                        place_of(text, place_of(paragraph)),
                        CODE,
                        f"`{paragraph}` of `{document}` is not encoded yet",
                        "write its rules, or say that it is `judgement` or `context`",
                        "warning",
                    )
