"""RW720: a listed paragraph whose line does not say what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Problem
from rulewright.syntax.paragraphs import EXPECTED, read_fate
from rulewright.syntax.text import place_of

from .compiled import Compiled

CODE = "RW720"


def fates_of_paragraphs(policy: Compiled) -> Iterator[Problem]:
    """Every paragraph is encoded by rules, judgement, context, or not yet done."""
    if policy.is_first:
        for document, listed in policy.book.documents.items():
            for paragraph, text in listed.paragraphs.items():
                if read_fate(text) is None:
                    yield Problem(
                        place_of(text, place_of(paragraph)),
                        CODE,
                        f"`{text}` does not say what became of `{paragraph}` of `{document}`",
                        EXPECTED,
                    )
