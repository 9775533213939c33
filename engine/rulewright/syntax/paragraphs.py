"""What became of a paragraph of a document: `encoded by RULE, RULE`, `judgement`, `context` or `not
yet`, perhaps `: reason`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WORDS = ("encoded by", "judgement", "context", "not yet")
EXPECTED = "write `encoded by RULE, RULE`, `judgement`, `context` or `not yet`, each perhaps followed by `: reason`"
_FATE = re.compile(
    r"(?P<word>encoded by|judgement|context|not yet)(?P<rest>.*)$", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a paragraph. word: one of `WORDS`; rules: the names after `encoded by`."""

    word: str
    rules: tuple[str, ...] = ()
    reason: str = ""


def read_fate(text: str) -> Fate | None:
    """What became of a paragraph; `None` when the text says something else.

    >>> read_fate("encoded by bands, trust-rating.none: the second sentence is an example")
    Fate(word='encoded by', rules=('bands', 'trust-rating.none'), reason='the second sentence is an
    example')
    """
    found = _FATE.match(" ".join(text.split()))
    if found is None:
        return None
    word = found["word"].lower()
    before, colon, reason = found["rest"].partition(":")
    names = tuple(each.strip() for each in before.split(",") if each.strip())
    if (colon and not reason.strip()) or bool(names) != (word == "encoded by"):
        return None
    if word == "encoded by" and not before.startswith(" "):
        return None
    return Fate(word, names, reason.strip())


def paragraph_key(section: str, paragraph: str) -> str:
    """A cited paragraph as the list of paragraphs names it: `Scope 1`, or `1` where there is no
    section.
    """
    return f"{section} {paragraph}" if section else paragraph
