"""Words of a condition: keywords and the vocabulary's names, the longest match first.

Names may hold spaces, commas, hyphens and apostrophes (`capable, compassionate and inclusive
leaders`); hyphens and dashes inside a name may be written or left out. What is no word of the
rulebook becomes one UNKNOWN token.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from lark.lexer import Lexer, Token

from .text import key, plain

KEYWORDS: dict[str, str] = {
    "every": "EVERY", "each": "EACH", "one of": "ONE_OF", "of": "OF", "no": "NO", "none of": "NONE_OF",
    "at least": "AT_LEAST", "at most": "AT_MOST", "exactly": "EXACTLY", "more than": "MORE_THAN",
    "less than": "LESS_THAN", "fewer than": "LESS_THAN", "%": "PERCENT", "per cent": "PERCENT", "half": "HALF",
    "the": "THE", "a": "A", "an": "A", "has": "HAS", "have": "HAS", "is": "IS", "are": "ARE", "not": "NOT",
    "between": "BETWEEN", "and": "AND", "or": "OR", "or better": "OR_BETTER", "or worse": "OR_WORSE",
    "before": "BEFORE", "after": "AFTER", "on or before": "ON_OR_BEFORE", "on or after": "ON_OR_AFTER",
    "within": "WITHIN", "known": "KNOWN", "missing": "MISSING", ",": "COMMA", "month": "MONTHS", "months": "MONTHS",
    "yes": "YES", "(": "LPAR", ")": "RPAR", "round": "ROUND", "half up": "HALF_UP", "half even": "HALF_EVEN",
    "up": "UP", "down": "DOWN", "as at date": "AS_AT_DATE", "number of": "NUMBER_OF", "sum of": "SUM_OF",
    "average of": "AVERAGE_OF", "lowest": "LOWEST", "highest": "HIGHEST", "that": "THAT", "where": "WHERE",
    "same": "SAME", "its": "ITS", "'s": "POSSESSIVE", "'": "POSSESSIVE", "except": "EXCEPT", "only": "ONLY",
    "has no value": "HAS_NO_VALUE", "have no value": "HAS_NO_VALUE", "+": "PLUS", "*": "TIMES", "\u00d7": "TIMES",
    "/": "DIVIDED", "up to": "UP_TO", "or more": "OR_MORE", "any": "ANY", "at any depth": "AT_ANY_DEPTH",
    "outside": "OUTSIDE",
}  # fmt: skip

_RAW = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)|\d+\.\d+|\.\.|[^\W_]+|'s\b|'|\"[^\"]*\"|[^\s\w]|_")
_Trie = dict[str, Any]
_END = ""


def _trie(words: Iterable[tuple[str, str]]) -> _Trie:
    """Words by their parts, each with the kind of token that it is."""
    trie: _Trie = {}
    for word, kind in words:
        here = trie
        for part in key(word).split(" ") if word not in ("'s", "'") else [word]:
            here = here.setdefault(part, {})
        here[_END] = kind
    return trie


_KEYWORD_TRIE = _trie(KEYWORDS.items())


class Lexicon:
    """The names that may stand in a text, beside the keywords.

    `trees`: what was read with them, kept by `parse`.
    """

    def __init__(self, names: Iterable[str] = (), base: Lexicon | None = None) -> None:
        own = {
            key(name): name for name in reversed(list(names))
        }  # of names that are written alike the first counts
        self.names: dict[str, str] = {**own, **base.names} if base else own
        self._tries: tuple[_Trie, ...] = (
            *(base._tries if base else (_KEYWORD_TRIE,)),
            _trie((name, "NAME") for name in own),
        )
        self.trees: dict[tuple[str, str], Any] = {}
        self._with_more: dict[tuple[str, ...], Lexicon] = {}

    def and_also(self, names: Iterable[str]) -> Lexicon:
        """This lexicon with more names (the own words of a principle)."""
        more = tuple(names)
        if more not in self._with_more:
            self._with_more[more] = Lexicon(more, self)
        return self._with_more[more]

    def longest(self, raw: list[tuple[str, int, int]], start: int) -> tuple[str, int] | None:
        """The kind of the longest word that begins at raw token `start`, and the raw token after
        it.
        """
        best = None
        for trie in self._tries:  # keywords first: a name that is written like one is never meant
            found = _longest(trie, raw, start)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        return best

    def tokens(self, text: str) -> Iterator[Token]:
        """The tokens of `text`; each knows where in the text it starts and ends."""
        folded = plain(text)
        raw = [(found[0], found.start(), found.end()) for found in _RAW.finditer(folded)]
        at = 0
        while at < len(raw):
            word, start, end = raw[at]
            named = self.longest(raw, at)
            if named and not (word[0].isdigit() and named[0] != "NAME"):
                kind, after = named
                end = raw[after - 1][2]
                at = after
            else:
                kind = _shape(word)
                at += 1
                if kind == "UNKNOWN":
                    while (
                        at < len(raw)
                        and _shape(raw[at][0]) == "UNKNOWN"
                        and not self.longest(raw, at)
                    ):
                        end = raw[at][2]
                        at += 1
            yield Token(
                kind, text[start:end], start_pos=start, end_pos=end, line=1, column=start + 1
            )


@lru_cache(maxsize=20_000)
def is_one_name(word: str) -> bool:
    """Whether a word that is declared is read as one name, and not as a keyword, a number or
    several words.
    """
    return [token.type for token in Lexicon([word]).tokens(word)] == ["NAME"]


@lru_cache(maxsize=16)
def lexicon_of(names: tuple[str, ...]) -> Lexicon:
    """The lexicon of these names: policies with the same words share one, and what was read with
    it.
    """
    return Lexicon(names)


def _longest(here: _Trie, raw: list[tuple[str, int, int]], at: int) -> tuple[str, int] | None:
    best, start = None, at
    while at < len(raw):
        word = raw[at][0]
        if word == "-" and at > start and at + 1 < len(raw):
            at += 1
            continue
        if word not in here:
            break
        here = here[word]
        at += 1
        if _END in here:
            best = (here[_END], at)
    return best


def _shape(word: str) -> str:
    if word[0] == '"' and len(word) > 1:
        return "STRING"
    if word[0].isdigit():
        return (
            "DATE" if "-" in word else "NUMBER" if word.replace(".", "").isdecimal() else "UNKNOWN"
        )
    return {"..": "DOTS", "-": "MINUS"}.get(word, "UNKNOWN")


class TokenLexer(Lexer):
    """Hands tokens that were already found to lark's parser."""

    def __init__(self, _configuration: Any) -> None:
        pass

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        """`data` is the list of tokens."""
        yield from data
