"""Where a change comes from: what an amendment changes carries the amendment's source, not one that
never said it.

The source is the one that the replacement names, else that of the amending policy. Where neither
names one, a mark stands in its place: *changed by POLICY, no source given*. Wording alone (`about`,
`source`, `interpretation`) is not a change of this kind, and neither is an override that lapses
with what was repealed. Another reading is a reading of the same source, which stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from rulewright.rulebook.rulebook import RulebookEntry, as_seq
from rulewright.rulebook.same_text import same
from rulewright.syntax.errors import InputError
from rulewright.syntax.models import PolicyModel
from rulewright.syntax.text import Map, Text, key, place_of, slug, text_of

from .assembly import Assembly, Unsourced
from .rows import rows_of
from .rules_of_principles import RuleOfUse
from .target import matches
from .trees import copied

_HELD = (
    "rule",
    "table",
    "principle",
    "use",
    "parameter",
)  # not interpretations, which the amendment words itself
_WORDING = ("source", "interpretation", "about", "meaning")
_APART = {"table": ("rows",), "principle": ("let", "rules")}  # what has sources of its own


class NoSource(Map):
    """A citation without a document: its note says which policy changed the entry."""


def no_source(policy: str) -> NoSource:
    """The mark of a change without a source."""
    return NoSource(
        {Text("document"): Text(), Text("note"): Text(f"changed by {policy}, no source given")}
    )


@dataclass
class Carrying:
    """The sources of what one replacement changed. before: the entries as they were; content: what
    replaces.
    """

    before: Assembly
    found: Assembly
    model: PolicyModel
    target: Text
    content: Any

    def carry(self) -> None:
        """Give each entry, row and rule that changed its source."""
        for name, item in list(self.found.items.items()):
            old = self.before.items.get(name)
            if old is not None and old is not item and item.kind in _HELD:
                self._entry(old, item)
        for where, own in list(self.found.local.items()):
            if own is not None and self.before.local.get(where) is not own:
                self._rule_of_a_use(where, own)

    def _entry(self, old: RulebookEntry, new: RulebookEntry) -> None:
        name, own = str(new.id), self._names_source(str(new.id), str(new.id))
        earlier = old.tree.get("source") or self._of_its_principle(old)
        whole = differ(
            old.tree, new.tree, ("overrides", *_APART.get(new.kind, ()))
        ) or self._overrides(old.tree, new.tree)
        if whole or (
            new.kind == "parameter"
            and self._value(self.before, name) != self._value(self.found, name)
        ):
            source = new.tree.get("source") if own else self.source(name, earlier)
            if source is not None:
                self.found.items[name] = new = replace(new, tree=_with(new.tree, source))
            if source is not None and new.kind in ("use", "principle"):
                self.found.sources_of_changes[name] = source
        if new.kind == "table":
            self._rows(name, whole or own, earlier)
        elif new.kind == "principle":
            for word, content in (new.tree.get("let") or {}).items():
                self._word(
                    f"{name}.{slug(word)}", (old.tree.get("let") or {}).get(word), content, earlier
                )
            self._rules(old, new)

    def _of_its_principle(self, item: RulebookEntry) -> Any:
        principle = self.before.items.get(item.id.partition("@")[0]) if item.kind == "use" else None
        return principle.tree.get("source") if principle is not None else None

    def _value(self, assembly: Assembly, parameter: str) -> str:
        return text_of(assembly.parameters.get(key(parameter), ""))

    def source(self, thing: str, earlier: Any) -> Any:
        """That of the policy, or the mark where the thing had one until now; what never had one has
        nothing to lose.
        """
        given = source_of(self.model)
        if given is None and earlier:
            self.found.unsourced.append(
                Unsourced(str(self.model.policy), thing, place_of(self.target))
            )
            return no_source(str(self.model.policy))
        return given

    def _names_source(self, thing: str, named: str) -> bool:
        """Whether the replacement names a source for this thing, also one that is left empty."""
        content = self.content
        if matches(named, self.target):
            return isinstance(content, dict) and "source" in content
        owner, _, rule = thing.rpartition(".")
        rules = (
            as_seq(content.get("rules"))
            if isinstance(content, dict) and matches(owner, self.target)
            else []
        )
        return any(
            isinstance(each, dict) and each.get("rule") == rule and "source" in each
            for each in rules
        )

    def _overrides(self, old: Any, new: Any) -> bool:
        """Whether it overrides others than before, apart from what came and went with repeals."""
        names = {str(each) for each in old.get("overrides") or ()} ^ {
            str(each) for each in new.get("overrides") or ()
        }
        came = {
            name
            for each in self.found.changes
            if each.policy == self.model.policy and each.action == "restores"
            for name in each.expanded
        }
        return any(each not in self.found.repealed and each not in came for each in names)

    # -- rows and words

    def _rows(self, table: str, whole: bool, earlier: Any) -> None:
        """whole: the table has a new source, which holds for the rows that changed."""
        before, after = _tests(self.before, table), _tests(self.found, table)
        known = list(before.values())
        for row, tests in after.items():
            name = f"{table}[{row}]"
            was = self.before.sources_of_changes.get(name)
            if tests in known or self.found.sources_of_changes.get(name) is not was:
                continue  # as it was, or with a source of its own where it was replaced
            self.found.sources_of_changes.pop(name, None)
            source = None if whole else self.source(name, was or earlier)
            if source is not None:
                self.found.sources_of_changes[name] = source

    def _word(self, name: str, old: Any, new: Any, earlier: Any) -> None:
        """A principle's own word: its rows, where they follow from what they did."""
        if (
            isinstance(old, dict)
            and isinstance(new, dict)
            and same(old["table"]["input"], new["table"]["input"])
        ):
            self._rows(name, False, earlier)
        elif not same(old, new):
            source = self.source(name, earlier)
            if source is not None:
                self.found.sources_of_changes[name] = source

    # -- rules of principles

    def _rules(self, old: RulebookEntry, new: RulebookEntry) -> None:
        before = {str(each["rule"]): each for each in old.tree["rules"]}
        tree = copied(new.tree)
        for index, rule in enumerate(tree["rules"]):
            name, earlier = f"{new.id}.{rule['rule']}", before.get(str(rule["rule"]), Map())
            if not differ(earlier, rule, ("overrides",)) and not self._overrides(earlier, rule):
                continue
            uses = (
                self.before.items[each]
                for each in self.before.items
                if each.startswith(f"{new.id}@")
            )
            inherited = next(
                (each.tree["source"] for each in (old, *uses) if each.tree.get("source")), None
            )
            source = (
                None
                if self._names_source(name, name)
                else self.source(name, earlier.get("source") or inherited)
            )
            if source is not None:
                tree["rules"][index] = _with(rule, source)
        self.found.items[str(new.id)] = replace(new, tree=tree)

    def _rule_of_a_use(self, where: tuple[str, str], own: Map) -> None:
        target = RuleOfUse(*where)
        earlier, name = target.read(self.before) or Map(), target.name
        if not differ(earlier, own, ("overrides",)) and not self._overrides(earlier, own):
            return
        had = (
            earlier.get("source")
            or self.before.items[target.entry].tree.get("source")
            or self.before.items[target.principle].tree.get("source")
        )
        source = None if self._names_source(name, name) else self.source(name, had)
        if source is not None:
            self.found.local[where] = _with(own, source)


def carry_parameter(
    before: Assembly, found: Assembly, model: PolicyModel, item: RulebookEntry, name: Text
) -> None:
    """The source of a parameter that a policy sets under `parameters`."""
    old = before.parameters.get(key(name)) or item.tree.get("value")
    if old is None or not same(old, found.parameters[key(name)]):
        source = Carrying(before, found, model, name, None).source(
            str(item.id), item.tree.get("source")
        )
        if source is not None:
            found.items[str(item.id)] = replace(item, tree=_with(item.tree, source))


def source_of(model: PolicyModel) -> Any:
    """The source of a policy as an entry would state it."""
    if model.source is None:
        return None
    written = model.source if isinstance(model.source, list) else [model.source]
    cited = [
        Map(
            {
                Text(name): value
                for name, value in each.model_dump(by_alias=True, exclude_none=True).items()
            }
        )
        for each in written
    ]
    return cited[0] if len(cited) == 1 else as_seq(cited)


def differ(old: dict[Any, Any], new: dict[Any, Any], apart: Iterable[str] = ()) -> bool:
    """Whether two trees of an entry say other things, apart from wording and from these fields."""
    left_out = {*_WORDING, *apart}
    names = {str(name) for name in (*old, *new)} - left_out
    return any(not same(old.get(name), new.get(name)) for name in names)


def _with(tree: Map, source: Any) -> Map:
    found: Map = copied(tree)
    found[Text("source")] = source
    return found


def _tests(assembly: Assembly, table: str) -> dict[str, Any]:
    """What each row of a table says, by the name of the row."""
    with suppress(InputError):  # told where the table is read
        rows = rows_of(assembly, table)
        if rows is not None:
            return dict(_said(rows.written))
    return {}


def _said(written: Any) -> Iterator[tuple[str, Any]]:
    for each in written:
        if isinstance(written, dict):
            yield str(each), (key(each), text_of(written[each]))
        else:
            cells = {
                str(column): text_of(cell)
                for column, cell in each.items()
                if column not in ("id", "note")
            }
            yield str(each["id"]), cells
