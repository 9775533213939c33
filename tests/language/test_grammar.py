"""The conflicts of the grammar: all are known, and a sentence shows what each of them means."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import lark
import pytest
import yaml

from rulewright.syntax import parser
from rulewright.syntax.lexer import Lexicon, TokenLexer

GRAMMAR = Path(parser.__file__).with_name("grammar.lark").read_text("utf-8")
CONFLICTS = yaml.safe_load(
    (Path(__file__).parent / "grammar" / "conflicts.yaml").read_text("utf-8")
)
NAMES = ("services", "wards", "score", "rating", "name", "good", "caring", "safe")
OPTIONS: Any = {
    "grammar": GRAMMAR,
    "lexer": TokenLexer,
    "start": parser.STARTS,
    "maybe_placeholders": False,
}
LALR = lark.Lark(parser="lalr", **OPTIONS)
EVERY_READING = lark.Lark(parser="earley", ambiguity="explicit", **OPTIONS)


class Messages(logging.Handler):
    """What lark reports while it makes its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def conflicts() -> list[str]:
    """Every conflict in the tables: the rule that could end, and the word that goes on instead."""
    heard = Messages()
    level = lark.logger.level
    lark.logger.addHandler(heard)
    lark.logger.setLevel(logging.DEBUG)
    try:
        lark.Lark(parser="lalr", debug=True, **OPTIONS)
    finally:
        lark.logger.removeHandler(heard)
        lark.logger.setLevel(level)
    report = "\n".join(heard.messages)
    found = re.findall(r"Shift/Reduce conflict for terminal (\w+):.*\n \* <(\w+) : (.*)>", report)
    assert len(found) == report.count("conflict for terminal")
    return [f"{rule}: {content} . {terminal}" for terminal, rule, content in found]


def without_brackets(tree: Any) -> Any:
    """A tree as it would be without brackets."""
    if not isinstance(tree, lark.Tree):
        return str(tree)
    if tree.data == "grouped":
        return without_brackets(tree.children[1])
    return (str(tree.data), [without_brackets(each) for each in tree.children])


def tree_of(sentence: str, start: str) -> Any:
    return LALR.parse(list(Lexicon(NAMES).tokens(sentence)), start=start)  # type: ignore[arg-type]


def readings(sentence: str, start: str) -> list[Any]:
    """Every tree that the grammar allows."""
    tree = EVERY_READING.parse(list(Lexicon(NAMES).tokens(sentence)), start=start)  # type: ignore[arg-type]
    return [without_brackets(each) for each in unfolded(tree)]


def unfolded(tree: Any) -> list[Any]:
    """The trees that one with `_ambig` stands for."""
    if not isinstance(tree, lark.Tree):
        return [tree]
    if tree.data == "_ambig":
        return [each for way in tree.children for each in unfolded(way)]
    ways: list[list[Any]] = [[]]
    for child in tree.children:
        ways = [[*before, each] for before in ways for each in unfolded(child)]
    return [lark.Tree(tree.data, each) for each in ways]


def test_every_conflict_is_known() -> None:
    assert sorted(conflicts()) == sorted(each["conflict"] for each in CONFLICTS)


@pytest.mark.parametrize("known", CONFLICTS, ids=lambda each: each["conflict"])
def test_a_conflict_is_settled_as_its_sentence_shows(known: dict[str, str]) -> None:
    start, sentence = known.get("start", "condition"), known["sentence"]
    possible = readings(sentence, start)
    if start == "condition":
        assert without_brackets(tree_of(known["not"], start)) in possible
    if known["as"] is None:
        with pytest.raises(lark.exceptions.UnexpectedToken):
            tree_of(sentence, start)
        return
    taken = without_brackets(tree_of(sentence, start))
    assert taken == without_brackets(tree_of(known["as"], start))
    assert taken != without_brackets(tree_of(known["not"], start))
    assert taken in possible
