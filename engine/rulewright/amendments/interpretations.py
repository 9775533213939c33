"""The interpretations of a policy, those that are written inside rules among them, and the other
readings of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from rulewright.rulebook.rulebook import RulebookEntry, as_seq
from rulewright.syntax.errors import Problems
from rulewright.syntax.models import InterpretationModel
from rulewright.syntax.text import Map, Text, place_of

from .fields import Field, Replacement, fields_set
from .target import Target, near_target
from .trees import copied, merged

if TYPE_CHECKING:
    from .assembly import Assembly

_NEEDED = ("assumed", "because")


@dataclass(frozen=True, slots=True)
class InterpretationTarget:
    """An interpretation as written. entry: where it is written out; its own id where it stands by
    itself.
    """

    id: Text
    entry: str
    tree: dict[Any, Any]


def interpretations_of(assembly: Assembly) -> Iterator[InterpretationTarget]:
    """Each interpretation of a policy: by itself, written out in a rule, or in what a use has of
    its own, or in the policy.
    """
    yield from interpretations_in_entries(assembly)
    for (use, _), own in assembly.local.items():
        yield from _within(own, use)
    for name in assembly.interpreting:
        written = assembly.book.policies[name].interpretation
        if isinstance(written, InterpretationModel):
            yield InterpretationTarget(
                written.id, name, written.model_dump(by_alias=True, exclude_none=True)
            )


def readings_of(assembly: Assembly) -> Iterator[tuple[str, Text, Map]]:
    """Each other reading: the interpretation that it is of, its name, and the amendment that it is,
    as written.
    """
    for each in interpretations_in_entries(assembly):
        for name, reading in (each.tree.get("other readings") or {}).items():
            if isinstance(reading, Map):
                yield str(each.id), name, reading


def interpretations_written_in(tree: Any) -> set[str]:
    """The interpretations that are written out in an entry, its rules among it."""
    return {str(each.id) for each in _within(tree, "")}


def interpretations_in_entries(assembly: Assembly) -> Iterator[InterpretationTarget]:
    """Each interpretation of the parts: by itself, or written out in an entry or a rule in it."""
    for item in assembly.items.values():
        if item.kind == "interpretation":
            yield InterpretationTarget(item.id, str(item.id), item.tree)
        yield from _within(item.tree, str(item.id))


def _within(tree: Any, entry: str) -> Iterator[InterpretationTarget]:
    """The interpretations that are written inside rules."""
    if isinstance(tree, dict):
        for written in as_seq(tree.get("interpretation")):
            if isinstance(written, dict):
                yield InterpretationTarget(written["id"], entry, written)
        for rule in tree.get("rules") or []:
            yield from _within(rule, entry)


# -- as targets


@dataclass(frozen=True)
class InterpretationWithin(Target):
    """An interpretation that is written out in a rule, by its id."""

    id: str

    @property
    def name(self) -> str:
        return self.id

    @classmethod
    def every(cls, assembly: Assembly) -> Iterator[Self]:
        items = assembly.items.values()
        names = set[str]().union(*(interpretations_written_in(item.tree) for item in items))
        yield from map(cls, sorted(names))

    @classmethod
    def named(cls, assembly: Assembly, written: str) -> list[Self]:
        target = cls(str(written))
        return [target] if target.read(assembly) is not None else []

    def read(self, assembly: Assembly) -> Any:
        trees = (
            tree
            for item in assembly.items.values()
            for tree in (item.tree, *(item.tree.get("rules") or ()))
        )
        return next((tree["interpretation"] for tree in trees if self._is_in(tree)), None)

    def replace(self, assembly: Assembly, replacement: Replacement) -> list[Field] | None:
        if not isinstance(replacement.content, dict):
            return None
        items = list(assembly.items.values())
        alone = next((item for item in items if self._is_in(item.tree)), None)
        if alone is not None:
            return self._put(assembly, alone, replacement, (str(alone.id),), alone.tree)
        for item in items:
            rules = item.tree["rules"] if item.kind == "principle" else ()
            fields: list[Field] = []
            for rule in rules:
                if self._is_in(rule):
                    path = (str(item.id), "rules", str(rule["rule"]))
                    fields += self._put(assembly, item, replacement, path, rule)
            if fields:
                self._put_in_uses(assembly, replacement)
                return fields
        return None

    def _put(
        self,
        assembly: Assembly,
        item: RulebookEntry,
        replacement: Replacement,
        path: tuple[str, ...],
        rule: Map,
    ) -> list[Field]:
        """In an entry, or in the rule of a principle at this path."""
        tree: Map = copied(assembly.items[str(item.id)].tree)
        if rule is item.tree:
            own = merged(rule["interpretation"], replacement.content)
            tree[Text("interpretation")] = own
        else:
            index = next(at for at, each in enumerate(item.tree["rules"]) if each is rule)
            tree["rules"][index] = self._merged(rule, replacement.content)
        assembly.items[str(item.id)] = replace(item, tree=tree)
        field = replacement.field((*path, "interpretation"), self.id)
        return list(fields_set(field, rule["interpretation"], replacement.content))

    def _put_in_uses(self, assembly: Assembly, replacement: Replacement) -> None:
        for place, own in list(assembly.local.items()):
            if own is not None and self._is_in(own):
                assembly.local[place] = self._merged(own, replacement.content)

    def _is_in(self, tree: Any) -> bool:
        written = tree.get("interpretation")
        return isinstance(written, dict) and written.get("id") == self.id

    @staticmethod
    def _merged(tree: Map, content: dict[Any, Any]) -> Map:
        return merged(tree, Map({Text("interpretation"): content}))


# -- interpretations under `replaces` of a rule


def can_be_interpreted(
    assembly: Assembly, old: dict[Any, Any], new: dict[Any, Any], problems: Problems
) -> bool:
    """Whether the interpretation that `new` gives a rule can be read.

    One with the `id` of the rule's own changes that one, and needs only the fields that change. Any
    other is a new one, whole. Notes what was meant otherwise (RW408, RW409).
    """
    written, own = new.get("interpretation"), old.get("interpretation")
    if (
        not isinstance(written, dict)
        or "id" not in written
        or all(each in written for each in _NEEDED)
    ):
        return True
    name = str(written["id"])
    if isinstance(own, dict) and own.get("id") == name:
        return True
    known = _all_names(assembly)
    if name in known:
        problems.add(
            "RW409",
            place_of(written["id"]),
            f"the interpretation `{name}` is not written out in this rule",
            f"name it under `replaces` by itself: `{name}: {{other readings: …}}`",
        )
    else:
        near = f"{near_target(name, known)} " if near_target(name, known) else ""
        problems.add(
            "RW408",
            place_of(written["id"]),
            f"there is no interpretation `{name}` to replace",
            f"{near}a new one needs {' and '.join(f'`{each}`' for each in _NEEDED)}",
        )
    return False


def _all_names(assembly: Assembly) -> list[str]:
    """Every interpretation of a policy: those by themselves, and those that are written out in
    rules.
    """
    names = [str(item.id) for item in assembly.items.values() if item.kind == "interpretation"]
    trees = [
        *(item.tree for item in assembly.items.values() if item.kind != "interpretation"),
        *(own for own in assembly.local.values() if own),
    ]
    return sorted({*names, *(name for tree in trees for name in interpretations_written_in(tree))})
