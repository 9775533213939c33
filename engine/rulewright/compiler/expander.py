"""From written rules, tables and uses of principles to plain rules, one for each kind of entity
they are of.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

from rulewright.amendments.interpretations import interpretations_written_in
from rulewright.ir.nodes import Condition, Rule
from rulewright.ir.types import as_asked
from rulewright.ir.vocabulary import Attribute, Vocabulary
from rulewright.rulebook.rulebook import RulebookEntry
from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.text import Text, key, place_of, text_of

from .citations import citations
from .conclusions import Conclusion, read_conclusion, read_header, read_limit, read_template
from .drafts import DraftRule, UnrolledEntries
from .principles import Principles
from .scope import Scope
from .tables import read_table

__all__ = ["DraftRule", "Unroller"]

CONCLUSIONS = ("then", "otherwise", "limit", "note", "warn")


@dataclass
class Unroller(Principles):
    """Gathers the unrolled rules of one policy, and every mistake on the way."""

    def unroll(self) -> None:
        """Every entry of the policy."""
        self.repealed = frozenset(
            name
            for each in self.assembly.changes
            if each.action == "repeals"
            for name in each.expanded
        )
        for item in sorted(self.assembly.items.values(), key=lambda each: str(each.id)):
            self.join(self._entry(item))
        if self.own_words:
            attributes = tuple(attribute for _, _, attribute in self.own_words)
            self.vocabulary = self.known.words.made(attributes, self._with_own_words)
        if isinstance(self.assembly.policy.interpretation, Text):
            self.rested_on.append(self.assembly.policy.interpretation)
        # they may stand in an entry that is wrong
        unread = self._written() if self.problems.found else set()
        for cited in self.rested_on:
            if cited not in self.interpretations and cited not in unread:
                self.problems.add(
                    "RW332",
                    place_of(cited),
                    f"`{cited}` is not an interpretation of this rulebook",
                    nearest(cited, self.interpretations),
                )

    def _entry(self, item: RulebookEntry) -> UnrolledEntries:
        """One entry, unrolled by itself, or as it was for another policy in which all is the same
        that it depends on.
        """
        objects, names = self._behind(item)
        found: UnrolledEntries | None = self.known.entries.found(objects, names)
        if found is not None:
            return found
        alone = replace(self, problems=Problems())
        with alone._noted():
            alone._read(item)
        found = alone.unrolled()
        if alone.problems.found:
            self.problems.found += alone.problems.found
        else:
            self.known.entries.keep(objects, found, names)
        return found

    def _read(self, item: RulebookEntry) -> None:
        readers: dict[str, Callable[[RulebookEntry], None]] = {
            "rule": self._rule,
            "table": self._table,
            "use": self._use,
        }
        if item.kind == "interpretation":
            self._note_interpretation(item.tree, item.tree["interpretation"])
        elif item.kind in readers:
            readers[item.kind](item)
        elif item.kind in ("principle", "parameter"):
            self._note_interpretation(item.tree.get("interpretation"), None)

    def _behind(self, item: RulebookEntry) -> tuple[tuple[object, ...], Hashable]:
        """All of the assembly that reading an entry looks at: objects that are never changed, and
        names.
        """
        if item.kind == "use":
            name = item.id.partition("@")[0]
            principle = self.assembly.items.get(name)
            rules = (
                principle.tree["rules"]
                if principle is not None and principle.kind == "principle"
                else []
            )
            own = [
                self.assembly.local.get((str(item.id), str(each["rule"])), each) for each in rules
            ]
            changed = self._changed(str(item.id), name, f"{name}.")
            repealed = frozenset(each for each in self.repealed if each.startswith(f"{name}."))
            return (item, principle, *own, *changed.values()), (*changed, repealed)
        changed = self._changed("", "", f"{item.id}[") if item.kind == "table" else {}
        return (item, *changed.values()), tuple(changed)

    def _changed(self, one: str, other: str, begins: str) -> dict[str, Any]:
        """The sources of what policies of the chain have changed, of two names and of those that
        begin so.
        """
        sources = self.assembly.sources_of_changes
        return {
            name: source
            for name, source in sources.items()
            if name in (one, other) or name.startswith(begins)
        }

    def _with_own_words(self) -> Vocabulary:
        entities = dict(self.vocabulary.entities)
        for entity, name, attribute in self.own_words:
            old = entities[entity]
            entities[entity] = replace(old, attributes={**old.attributes, name: attribute})
        return replace(self.vocabulary, entities=entities)

    def _written(self) -> set[str]:
        """Every interpretation that is written inside an entry, whether that could be read or
        not.
        """
        trees = [
            *(item.tree for item in self.assembly.items.values()),
            *(own for own in self.assembly.local.values() if own),
        ]
        return set[str]().union(*map(interpretations_written_in, trees))

    def _rule(self, item: RulebookEntry) -> None:
        tree = item.tree
        scope = self.scope(read_header(tree["of"], self.vocabulary, self.lexicon, item.place))
        with self._noted():
            conditions: tuple[Condition, ...] = ()
            conditions = self._conditions(tree, scope, item.place)
        base = self._base(tree, str(item.id), conditions, item.place)
        targets = self._targets(tree)
        stated = [each for each in CONCLUSIONS if tree.get(each) is not None]
        if targets and stated and "then" not in stated:
            raise InputError(
                Problem(
                    place_of(targets[0], item.place),
                    "RW325",
                    f"the rule `{item.id}` gives no value to override another with",
                    "only a rule with `then` overrides",
                )
            )
        if not stated:
            raise InputError(
                Problem(
                    item.place,
                    "RW325",
                    f"the rule `{item.id}` concludes nothing",
                    "give it `then`, `otherwise`, `limit`, `note` or `warn`",
                )
            )
        if "then" in stated and "otherwise" in stated:
            raise InputError(
                Problem(
                    item.place,
                    "RW325",
                    f"the rule `{item.id}` has both `then` and `otherwise`",
                    "write two rules",
                )
            )
        for effect in ("note", "warn"):
            if effect in stated:
                with self._noted():
                    self._notice(base, effect, tree[effect], scope)
        if "then" in stated or "otherwise" in stated:
            effect = "then" if "then" in stated else "otherwise"
            with self._noted():
                self._conclude(
                    base,
                    effect,
                    read_conclusion(tree[effect], scope, place=item.place),
                    scope,
                    targets,
                    conditions,
                )
        limits = tree.get("limit")
        for text in (
            (limits if isinstance(limits, list) else [limits]) if limits is not None else []
        ):
            with self._noted():
                self._conclude(
                    base, "limit", read_limit(text, scope, place=item.place), scope, (), conditions
                )

    def _notice(self, base: Rule, effect: str, text: Text, scope: Scope) -> None:
        template = read_template(text, scope)
        rule = replace(
            base,
            effect="warning" if effect == "warn" else "note",
            template=template,
            text=text_of(text),
        )
        for kind in scope.kinds:
            self.notices.setdefault(kind, []).append(rule)

    def _table(self, item: RulebookEntry) -> None:
        tree = item.tree
        scope = self.scope(read_header(tree["of"], self.vocabulary, self.lexicon, item.place))
        with self._noted():
            shared: tuple[Condition, ...] = ()
            shared = self._conditions(tree, scope, item.place)
        concluded = self._derived(tree["then"], scope).type
        table = read_table(item, scope, self.book)
        unique = tree.get("hit") != "first"
        if unique:
            self._refuse_overlaps(item.id, table, item)
        base = self._base(tree, str(item.id), shared, item.place)
        served: list[Attribute] = []
        known: dict[tuple[str, bool], Conclusion] = {}  # rows conclude few different values
        for number, row in enumerate(table.rows, 1):
            conditions = tuple(cell for cell in row.cells if cell is not None) + shared
            with self._noted():
                conclusion = None
                then = as_asked(row.then, concluded)
                conclusion = known.get((str(then), then.quoted)) or self._row_conclusion(
                    tree["then"], then, scope, place_of(row.then, row.place)
                )
            if conclusion is None:
                continue
            known[str(then), then.quoted] = conclusion
            found = self.vocabulary.entities[scope.entity].attributes[conclusion.attribute]
            served = [*served, found] if found not in served else served
            name = f"{item.id}[{row.id}]"
            changed = self.assembly.sources_of_changes.get(name)
            rule = replace(
                base,
                id=name,
                written=name,
                conditions=conditions,
                table=str(item.id) if unique else "",
                place=row.place,
                citations=base.citations if changed is None else citations(changed),
            )
            self._conclude(
                rule,
                "then",
                conclusion,
                scope,
                self._targets(tree),
                conditions,
                frozenset({str(item.id)}),
                table if not shared else None,
                ("", 0) if unique else (str(item.id), number),
            )
        self.tables[str(item.id)] = (table, tuple(served))

    def _row_conclusion(self, then: Text, value: Text, scope: Scope, place: Place) -> Conclusion:
        """`then: the banded rating` with the row's value; a row may also say `has no value`."""
        words = f"{then} {value}" if key(value) == "has no value" else f"{then} is {value}"
        quoted = 1 if value.quoted else 0
        return read_conclusion(
            Text.at(words, place.right(quoted - words.index(value, len(then)))), scope, place=place
        )
