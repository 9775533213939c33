"""Reading a sentence of the rule language: text to tree, or what was read, what was expected, and
the nearest words.
"""

from __future__ import annotations

import functools
import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark import __version__ as lark_version
from lark.exceptions import UnexpectedToken
from lark.grammar import Rule
from lark.lexer import TerminalDef

from . import cache
from .errors import NOWHERE, InputError, Place, Problem, nearest
from .lexer import KEYWORDS, Lexicon, TokenLexer
from .likeness import most_alike
from .text import Text, key, place_of, text_of

Parsed = Any  # a lark tree, or a token where a rule of the grammar stands for one

STARTS = [
    "condition",
    "conclusion",
    "limit",
    "header",
    "attribute_header",
    "expression",
    "collection",
    "collection_of",
    "declared",
    "cell",
]

_WORDS_FOR = {
    "NAME": "a name of the vocabulary", "NUMBER": "a number", "DATE": "a date", "STRING": 'text in "quotes"',
    "IS": "`is`", "ARE": "`are`", "HAS": "`has`", "OF": "`of`", "THE": "`the`", "AND": "`and`", "COMMA": "a comma",
    "RPAR": "`)`", "LPAR": "`(`", "EVERY": "`every`", "NO": "`no`", "YES": "`yes`", "AT_LEAST": "`at least`",
    "WHERE": "`where`", "MONTHS": "`months`", "HALF_UP": "`half up`", "HALF_EVEN": "`half even`", "UP": "`up`",
    "DOWN": "`down`", "OR_BETTER": "`or better`", "OR_WORSE": "`or worse`", "PLUS": "an operator", "MINUS": None,
    "TIMES": None, "DIVIDED": None, "AT_MOST": "`at most`", "HAS_NO_VALUE": "`has no value`", "$END": "the end",
    "EXCEPT": "`except`", "ONLY": "`only`", "KNOWN": "`known`", "MISSING": "`missing`", "NOT": "`not`",
    "BETWEEN": "`between`", "ONE_OF": "`one of`", "PERCENT": "`%`", "DOTS": "`..`", "THAT": "`that`",
    "WITHIN": "`within`", "ITS": "`its`",
}  # fmt: skip
_MOST_SHOWN = 8
_MOST_WORDS, _MOST_SIGNS = (
    1_000,
    60,
)  # far more than anybody writes, and few enough for all that walks the tree


@functools.cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    digest = hashlib.sha256(f"{lark_version} {grammar}".encode()).hexdigest()
    tables = cache.kept(digest, "tables of the grammar")
    if tables is not None:
        with suppress(Exception):  # another form of these tables: they are made anew
            return _with_tables(*tables)
    made = Lark(grammar, parser="lalr", lexer=TokenLexer, start=STARTS, maybe_placeholders=False)
    if cache.folder() is not None:
        cache.keep(digest, "tables of the grammar", _tables(made))
    return made


def _tables(parser: Lark) -> tuple[Any, Any]:
    """What a parser consists of, as data: its tables, and the rules and terminals that they name.

    The class of the lexer is not among it.
    """
    data, memo = parser.memo_serialize([TerminalDef, Rule])
    return {
        **data,
        "options": _without(data["options"], "lexer"),
        "parser": {
            **data["parser"],
            "lexer_conf": _without(data["parser"]["lexer_conf"], "lexer_type"),
        },
    }, memo


def _with_tables(data: Any, memo: Any) -> Lark:
    data["options"]["lexer"] = data["parser"]["lexer_conf"]["lexer_type"] = TokenLexer
    parser: Lark = Lark._load_from_dict(data, memo)  # type: ignore[no-untyped-call]
    return parser


def _without(mapping: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in mapping.items() if each != name}


def parse(text: str, start: str, lexicon: Lexicon, place: Place = NOWHERE) -> Parsed:
    """The tree of `text`, read as a `start` (see `STARTS`).

    Raises `InputError`: RW301 (a word that is not of this rulebook), RW302 (words in an order the
    language does not know), RW303 (`round` without its rule).
    """
    known = lexicon.trees.get(
        (start, text)
    )  # a tree says where in the text something stands, not where the text does
    if known is not None:
        return known
    here = place_of(text, place)
    tokens = list(lexicon.tokens(text))
    if not tokens:
        raise InputError(Problem(here, "RW302", "there is nothing to read here"))
    nested = sum(each.type in ("LPAR", "PLUS", "MINUS", "TIMES", "DIVIDED") for each in tokens)
    if len(tokens) > _MOST_WORDS or nested > _MOST_SIGNS:
        raise InputError(
            Problem(
                here,
                "RW302",
                f"a sentence of {len(tokens):,} words is too long",
                "write several rules or attributes",
            )
        )
    try:
        tree: Parsed = _parser().parse(tokens, start=start)
    except UnexpectedToken as error:
        problem = _explain(error, text, start, tokens, lexicon, here)
        if problem.code == "RW301" and not problem.help.startswith("did you mean"):
            raise UnknownWordError(problem, _as_if_known(tokens, start)) from None
        raise InputError(problem) from None
    lexicon.trees[start, str(text)] = tree
    return tree


class UnknownWordError(InputError):
    """A word that is not of this rulebook, nor near one: `tree` is the sentence as if it were a
    name, where that can be read.
    """

    def __init__(self, problem: Problem, tree: Parsed | None) -> None:
        super().__init__(problem)
        self.tree = tree


def _as_if_known(tokens: list[Token], start: str) -> Parsed | None:
    """The tree of a sentence whose unknown words are taken for names: what they cannot be is then
    said more exactly.
    """
    named = [
        each.update(type="NAME")
        if each.type == "UNKNOWN" and any(c.isalnum() for c in each)
        else each
        for each in tokens
    ]
    if any(key(each) in _NUMBER_WORDS for each in tokens if each.type == "UNKNOWN"):
        return None  # it is told what to write
    try:
        return _parser().parse(named, start=start)
    except UnexpectedToken:
        return None


def at(text: str, position: int | None, place: Place = NOWHERE) -> Place:
    """The place of character `position` of `text` in its file."""
    here = place_of(text, place)
    if not here.line or position is None:
        return here
    quoted = 1 if isinstance(text, Text) and text.quoted else 0
    return here.right(position + quoted)


def _explain(
    error: UnexpectedToken,
    text: str,
    start: str,
    tokens: list[Token],
    lexicon: Lexicon,
    place: Place,
) -> Problem:
    token = error.token
    ended = token.type == "$END"
    position = len(text.rstrip()) if ended else token.start_pos
    here = at(text, position, place)
    read = text[: position or 0].strip()
    if token.type == "UNKNOWN":
        word, known = _guess(token, tokens, lexicon)
        return Problem(here, "RW301", f"`{word}` is not a word of this rulebook", known)
    accepted = set(error.accepts or error.expected or ())
    if "HALF_UP" in accepted:
        return Problem(
            here,
            "RW303",
            "`round` does not say how",
            "write `round half up(…)`, `round half even(…)`, `round up(…)` or `round down(…)`",
        )
    if "IS" in accepted:
        accepted.discard("ARE")
    expected = [
        w for w in dict.fromkeys(_WORDS_FOR.get(k) for k in sorted(accepted, key=_rank)) if w
    ]
    shown = expected[:_MOST_SHOWN]
    wanted = (
        ", ".join(shown[:-1]) + " or " + shown[-1]
        if len(shown) > 1
        else "".join(shown) or "something else"
    )
    if "$END" in accepted and token.type == "AND":
        wanted = "the end; write the second condition on a line of its own, after a dash"
    if "$END" in accepted and token.type == "OR":
        wanted = "the end; write the conditions under `any of:`, each on a line of its own"
    if token.type == "COMMA" and any(
        each.type == "EXCEPT" for each in tokens[: _index(tokens, token)]
    ):
        wanted = "`and` between the members that are left out"
    if start == "limit" and "IS" in accepted:
        wanted = (
            f"`is at most`; write `the … is at most {text_of(text)}`" if ended else "`is at most`"
        )
    after = f" after `{read}`" if read else ""
    found = "the sentence ends" if ended else f"`{token}` cannot stand here"
    return Problem(here, "RW302", f"{found}{after}", f"expected {wanted}")


def _index(tokens: list[Token], token: Token) -> int:
    return next((i for i, each in enumerate(tokens) if each is token), len(tokens))


def _rank(kind: str) -> tuple[int, str]:
    order = list(_WORDS_FOR)
    return (order.index(kind), kind) if kind in order else (len(order), kind)


_COMPARED = {
    "less than": ("worse than", "lower than", "smaller than", "below", "under"),
    "more than": ("better than", "higher than", "greater than", "larger than", "bigger than", "above", "over"),
    "before": ("earlier than",), "after": ("later than",),
}  # fmt: skip
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _guess(token: Token, tokens: list[Token], lexicon: Lexicon) -> tuple[str, str]:
    """The unknown word, taken with as many of its neighbours as make a known name likeliest."""
    if not any(each.isalnum() for each in token):
        compares = token in ("=", "==", "<", ">")
        return (
            str(token),
            "write it in words: `is`, `is at least`, `is more than`, `is one of …`"
            if compares
            else "",
        )
    if key(token) in _NUMBER_WORDS:
        return str(token), f"write `{_NUMBER_WORDS.index(key(token)) + 1}`"
    compared = next((right for right, wrong in _COMPARED.items() if key(token) in wrong), None)
    if compared is not None:
        return str(token), f"did you mean `{compared}`?"
    start = next(i for i, each in enumerate(tokens) if each is token)
    names = list(lexicon.names.values())
    for first in range(max(0, start - 2), start + 1):
        for last in range(min(len(tokens), start + 4), start, -1):
            if any(
                each.type not in ("UNKNOWN", "NAME", "AND", "COMMA") for each in tokens[first:last]
            ):
                continue
            words = key(" ".join(tokens[first:last]))
            close = nearest(words, names)
            if close.startswith("did you mean"):
                return str(token), close
    keyword = most_alike(key(token), [each for each in KEYWORDS if len(each) > 3], 1, 0.8)
    return (
        str(token),
        f"did you mean `{keyword[0]}`?"
        if keyword
        else "use a declared name, or declare this one in the vocabulary",
    )


def children(tree: Parsed, kind: str) -> list[Any]:
    """The sub-trees or tokens of that kind directly below `tree`."""
    return [
        each
        for each in tree.children
        if (each.type if isinstance(each, Token) else each.data) == kind
    ]
