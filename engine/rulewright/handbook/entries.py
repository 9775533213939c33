"""The entries of a policy's parts as data for readers: rules, tables, principles with their rules,
uses.
"""

from __future__ import annotations

from typing import Any

from rulewright.amendments.chain import Assembly
from rulewright.compiler.tables import written_rows
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.syntax.text import slug, text_of

from .changes import covers
from .record import GridRow, HandbookEntry, OwnWord, Remark, TableShown
from .wording import cell, cited, clauses, conclusions, header, named

SHOWN = ("rule", "table", "principle", "use")
Remarks = dict[str, list[Remark]]


class Entries:
    """Reads the entries of one policy."""

    def __init__(self, book: Rulebook, assembly: Assembly, remarks: Remarks) -> None:
        self.book, self.assembly, self.remarks = book, assembly, remarks
        self.uses: dict[str, list[str]] = {}
        for item in assembly.items.values():
            if item.kind == "use":
                self.uses.setdefault(item.id.partition("@")[0], []).append(str(item.id))

    def entry(self, item: RulebookEntry) -> HandbookEntry:
        """One entry of a part."""
        tree = item.tree
        if item.kind == "table":
            return self._plain(item, grid=grid(item, self.assembly))
        if item.kind == "principle":
            return self._plain(
                item,
                takes=pairs(tree.get("takes")),
                words=tuple(
                    self._own_word(item, *each) for each in (tree.get("let") or {}).items()
                ),
                gives=text_of(tree["gives"]),
                rules=tuple(
                    self._inner(each, f"{item.id}.{each['rule']}", item) for each in tree["rules"]
                ),
                uses=tuple(self.uses.get(str(item.id), ())),
            )
        if item.kind == "use":
            return self._use(item)
        return self._plain(item, conclusions=conclusions(tree))

    def _plain(self, item: RulebookEntry, **more: Any) -> HandbookEntry:
        tree = item.tree
        shared = self._shared(tree, str(item.id))
        return HandbookEntry(
            item.kind,
            str(item.id),
            of=header(tree.get("of") or ""),
            place=str(item.place),
            **shared,
            **more,
        )

    def _shared(self, tree: Any, identity: str) -> dict[str, Any]:
        overrides = [text_of(each) for each in tree.get("overrides") or ()]
        gone = {each for each in overrides if not covers(self.assembly, identity, each)}
        return {
            "about": text_of(tree.get("about") or ""),
            "when": clauses(tree.get("when")),
            "unless": clauses(tree.get("unless")),
            "overrides": tuple(each for each in overrides if each not in gone),
            "lapsed": tuple(each for each in overrides if each in gone),
            "citations": cited(tree.get("source")),
            "of_change": cited(self.assembly.sources_of_changes.get(identity)),
            "interpretations": named(tree.get("interpretation")),
            "remarks": tuple(self.remarks.get(identity, ())),
        }

    def _use(self, item: RulebookEntry) -> HandbookEntry:
        tree = item.tree
        name, _, suffix = item.id.partition("@")
        principle = self.assembly.items.get(name)
        takes = (principle.tree.get("takes") if principle is not None else None) or {}
        own, dropped = [], []
        for (use, rule), written in sorted(self.assembly.local.items()):
            if use == item.id:
                if written is None:
                    dropped.append(f"{name}.{rule}")
                else:
                    own.append(self._inner(written, f"{name}.{rule}@{suffix}", item))
        given = tuple((str(each), text_of(tree[each])) for each in takes if each in tree)
        return self._plain(
            item, takes=given, gives=text_of(tree["then"]), rules=tuple(own), dropped=tuple(dropped)
        )

    def _own_word(self, item: RulebookEntry, name: str, written: Any) -> OwnWord:
        called, changed = f"{item.id}.{slug(name)}", self.assembly.sources_of_changes
        whole = cited(changed.get(called))
        if not isinstance(written, dict):
            return OwnWord(str(name), text=text_of(written), citations=whole)
        table = written["table"]
        rows = tuple(
            GridRow(
                str(value),
                (cell(tested),),
                text_of(value),
                citations=cited(changed.get(f"{called}[{value}]")),
            )
            for value, tested in table["rows"].items()
        )
        return OwnWord(
            str(name),
            grid=TableShown((text_of(table["input"]),), f"the {name}", rows),
            citations=whole,
        )

    def _inner(self, tree: Any, identity: str, item: RulebookEntry) -> HandbookEntry:
        place = str(getattr(tree["rule"], "place", item.place))
        return HandbookEntry(
            "rule of a principle",
            identity,
            conclusions=conclusions(tree),
            place=place,
            **self._shared(tree, identity),
        )


def grid(item: RulebookEntry, assembly: Assembly) -> TableShown:
    """A decision table, its cells in words."""
    tree, changed = item.tree, assembly.sources_of_changes
    inputs = pairs(tree.get("inputs")) or (("input", text_of(tree.get("input") or "")),)
    names = [name for name, _ in inputs]
    rows = []
    for number, (_, cells) in enumerate(written_rows(item, assembly.book, names), 1):
        note, row = text_of(cells.get("note") or ""), str(cells.get("id") or number)
        tests = tuple(cell(cells[name]) for name in names)
        rows.append(
            GridRow(
                row, tests, text_of(cells["then"]), note, cited(changed.get(f"{item.id}[{row}]"))
            )
        )
    return TableShown(
        tuple(text for _, text in inputs),
        text_of(tree["then"]),
        tuple(rows),
        str(tree.get("hit") or "unique"),
    )


def pairs(written: Any) -> tuple[tuple[str, str], ...]:
    """A mapping of names to sentences."""
    return tuple((str(name), text_of(each)) for name, each in (written or {}).items())
