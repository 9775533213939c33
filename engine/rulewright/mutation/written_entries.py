"""Which entry of the rulebook stands where: a condition of a use of a principle is the use's, not
the principle's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from rulewright.compiler.principles import use_of
from rulewright.compiler.rendering import Renderer
from rulewright.ir.nodes import Kind, NodeKey, Rule
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.syntax.errors import Place
from rulewright.syntax.text import Text, key, slug

from .mutant import Where
from .operators.rules import name_of
from .operators.uses import Uses, base_behind


class WrittenEntries:
    """The entries of a rulebook by file and line, and the words of their scopes."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.uses = Uses(book)
        self._renderers: dict[tuple[str, Kind, str], Renderer] = {}
        self._uses: dict[str, list[tuple[int, str]]] = {}
        self._inputs: dict[str, Place] = {}
        for items in book.parts.values():
            for item in items:
                name = str(item.id) if item.kind == "use" else ""
                self._uses.setdefault(item.place.file, []).append((item.place.line, name))
                self._inputs.update(_inputs(item))
        for entries in self._uses.values():
            entries.sort()

    def renderer(self, program: Program, where: Where, rule: Rule | None = None) -> Renderer:
        """What words rules of a policy that are about one attribute, or of one kind of entity."""
        kind, attribute = (
            (where.kind, where.attribute) if isinstance(where, NodeKey) else (where, "")
        )
        use = use_of(attribute, rule) if rule is not None else ""
        place = program.policy, kind, use
        if place not in self._renderers:
            unroller = base_behind(self.book, program).unroller
            scope = unroller.scope_of(kind, use)
            self._renderers[place] = Renderer(replace(scope, vocabulary=program.vocabulary))
        return self._renderers[place]

    def name(self, place: Place, rule: Rule) -> str:
        """The id of what is written at a place: a use, or the rule itself."""
        entries = self._uses.get(place.file, []) if "@" in rule.id else []
        at = bisect_right(entries, (place.line, "\uffff")) - 1
        return entries[at][1] if at >= 0 and entries[at][1] else name_of(rule)

    def input_of(self, table: str) -> Place | None:
        """Where the one input of a table is written."""
        return self._inputs.get(table)


def _inputs(item: RulebookEntry) -> Iterator[tuple[str, Place]]:
    if item.kind == "table" and isinstance(item.tree.get("input"), Text):
        yield str(item.id), item.tree["input"].place
    for word, content in (item.tree.get("let") or {}).items() if item.kind == "principle" else ():
        if isinstance(content, dict) and isinstance(content["table"]["input"], Text):
            yield f"{item.id}.{slug(word)}", content["table"]["input"].place


def root_of(program: Program) -> Kind:
    """What the cases of a policy are of."""
    return Kind(key(program.vocabulary.root.name))
