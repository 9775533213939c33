"""The author's own words for the parts of a condition, for wording another one beside it."""

from __future__ import annotations

from lark import Token, Tree

from rulewright.ir.nodes import (
    Collection,
    Compare,
    Condition,
    Expression,
    Joined,
    Literal,
    Noun,
    Reach,
)
from rulewright.ir.types import Type
from rulewright.syntax.errors import NOWHERE, InputError, Place
from rulewright.syntax.parser import Parsed, parse

from .collections import Values
from .conditions import read_body
from .expressions import Reader
from .rendering import Renderer
from .scope import Scope


def in_style_of(condition: Condition, renderer: Renderer) -> Renderer:
    """The renderer that keeps to the words and the style of an author's condition."""
    cell = renderer.styled(cell=True)
    if isinstance(condition.body, Joined) or renderer.body(condition.body) == condition.text:
        return renderer
    if cell.body(condition.body) == condition.text:
        return cell
    try:
        return renderer.styled(words=words_of(condition.text, renderer.scope))
    except InputError:  # a cell of a table, behind its input
        return renderer.styled(cell=True, words=_words_of_input(condition, cell))


def _words_of_input(condition: Condition, cell: Renderer) -> dict[object, str]:
    body = condition.body
    if not isinstance(body, Compare):
        return {}
    end = f" is {cell.relation(body)}"
    text = condition.text
    return {body.left: text.removesuffix(end)} if text.endswith(end) else {}


def in_style_of_values(text: str, renderer: Renderer) -> Renderer:
    """The renderer that keeps to the words of an author's collection."""
    listener = _Listener(renderer.scope, text, NOWHERE)
    listener.collection(parse(text, "collection", renderer.scope.lexicon))
    return renderer.styled(words=listener.heard)


def words_of(text: str, scope: Scope) -> dict[object, str]:
    """What the parts of a condition are called in its author's sentence. Raises `InputError`."""
    listener = _Listener(scope, text, NOWHERE)
    read_body(listener, parse(text, "condition", scope.lexicon).children[0])
    return listener.heard


class _Listener(Reader):
    """A reader that keeps the words of the expressions and collections that it reads."""

    def __init__(self, scope: Scope, text: str, place: Place) -> None:
        super().__init__(scope, text, place)
        self.heard: dict[object, str] = {}
        self._end: int | None = None  # of the phrase at hand

    def expression(self, tree: Parsed, expected: Type | None = None) -> Expression:
        """The expression of `tree`."""
        found = super().expression(tree, expected)
        if tree.data != "grouped" and not isinstance(found, Literal):
            self.heard[found] = self.words(tree)
        return found

    def collection(self, tree: Parsed) -> Values:
        """The collection of `tree`, and its words with and without its filter."""
        self._end = None
        if len(tree.children) > 1:
            self.collection(Tree(tree.data, tree.children[:1]))
            self._end = None
        else:
            self._end = max(each.end_pos for each in tree.scan_values(is_token))
        collection, noun = super().collection(tree)
        self.heard[collection if noun is None else (collection, noun)] = self.words(tree)
        return collection, noun

    def _step(self, segment: Parsed, current: Collection | None, anchor: Reach) -> Collection:
        found = super()._step(segment, current, anchor)
        if self._end is not None:
            begins = next(segment.scan_values(is_token)).start_pos
            self.heard[found] = self.text[begins : self._end]
        return found

    def item_noun(self, token: Token, collection: Collection) -> Noun:
        """An attribute of the items of a collection that the author names."""
        found = super().item_noun(token, collection)
        self.heard[found] = str(token)
        return found


def is_token(part: object) -> bool:
    """Whether a part of a tree is a word of the sentence."""
    return isinstance(part, Token)
