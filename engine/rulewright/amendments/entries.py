"""Entries of parts as targets: rules, tables, principles, uses, parameters, interpretations."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from rulewright.rulebook.parameter_types import keeps_its_type
from rulewright.rulebook.rulebook import RulebookEntry
from rulewright.syntax.errors import Problems
from rulewright.syntax.text import Map, Text, key, place_of

from .fields import Field, Replacement, fields_set
from .interpretations import can_be_interpreted
from .rows import by_id, merged_rows
from .rules_of_principles import RuleOfUse, end_all, rules_of, with_conditions
from .target import Gone, Lasting, Target, matches
from .trees import merged

if TYPE_CHECKING:
    from .assembly import Assembly


@dataclass(frozen=True)
class EntryTarget(Lasting):
    """An entry, by its id. part: its file, which may be repealed and restored as a whole."""

    restored_first = True

    id: str
    part: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return self.id

    @property
    def inside(self) -> str:
        return self.id

    @classmethod
    def every(cls, assembly: Assembly) -> Iterator[Self]:
        yield from (cls(str(item.id), str(item.part)) for item in assembly.items.values())

    def is_called(self, written: str) -> bool:
        return matches(self.id, written) or matches(self.part, written)

    def kind_in(self, assembly: Assembly) -> str:
        return assembly.items[self.id].kind

    def read(self, assembly: Assembly) -> Map | None:
        item = assembly.items.get(self.id)
        return item.tree if item is not None else None

    def replace(self, assembly: Assembly, replacement: Replacement) -> list[Field] | None:
        if not matches(self.id, replacement.written):
            return None  # a part is not replaced as a whole
        item, problems = assembly.items[self.id], replacement.problems
        new = _as_fields(item, replacement)
        if new is None:
            return []
        fields = self._fields(assembly, item, new, replacement)
        if not can_be_interpreted(assembly, item.tree, new, problems):
            return fields
        if item.kind == "parameter":
            kept = _parameter(assembly, item, new, problems)
        elif item.kind == "table":
            kept, new = item.tree, merged_rows(assembly, item, new, problems)
        else:
            kept = item.tree
        if kept is not None and new is not None:
            assembly.items[self.id] = replace(item, tree=merged(kept, new))
        return fields

    def _fields(
        self, assembly: Assembly, item: RulebookEntry, new: dict[Any, Any], replacement: Replacement
    ) -> list[Field]:
        """Rows of a long table that are named by their ids are fields of the table."""
        old: Any = item.tree
        if item.kind == "table":
            old, new = by_id(assembly, item, new)
        return list(fields_set(replacement.field((self.id,), self.id), old, new))

    def remove(self, assembly: Assembly, lasting: Collection[Target]) -> list[str]:
        item = assembly.items[self.id]
        own_rules = {rule: own for (use, rule), own in assembly.local.items() if use == self.id}
        own_value = assembly.parameters.get(key(self.id)) if item.kind == "parameter" else None
        assembly.gone[self.id] = Gone(self, item, own_rules, own_value)
        if self in lasting:
            return [self.id]
        rules = [RuleOfUse(self.id, rule) for rule in rules_of(assembly, self.id)]
        if item.kind == "use" and any(each in lasting for each in rules):
            others = [each for each in rules if each not in lasting]
            assembly.local |= {each.place: None for each in others}
            return [self.id, *(each.name for each in others)]
        del assembly.items[self.id]
        assembly.repealed[self.id] = item.kind
        end_all(assembly, self)
        self._drop_own_rules(assembly)
        if own_value is not None:
            del assembly.parameters[key(self.id)]
        return [self.id]

    def restore(self, assembly: Assembly, gone: Gone) -> bool:
        assembly.items[self.id] = gone.content
        end_all(assembly, self)
        self._drop_own_rules(assembly)
        assembly.local.update({(self.id, rule): own for rule, own in gone.own_rules.items()})
        if gone.own_value is not None:
            assembly.parameters[key(self.id)] = gone.own_value
        assembly.repealed.pop(self.id, None)
        return True

    def _drop_own_rules(self, assembly: Assembly) -> None:
        assembly.local = {
            place: own for place, own in assembly.local.items() if place[0] != self.id
        }

    def covers(self, other: Lasting) -> bool:
        return other.inside == self.id

    def as_it_goes_on(
        self, assembly: Assembly, gone: Gone, lasting: Collection[Lasting]
    ) -> dict[str, Any]:
        whole = self in lasting
        now = {
            rule: own
            for (use, rule), own in assembly.local.items()
            if use == self.id and (whole or RuleOfUse(use, rule) in lasting)
        }
        return {
            "content": assembly.items.get(self.id, gone.content),
            "own_rules": now if whole else {**gone.own_rules, **now},
        }

    def add_conditions(self, assembly: Assembly, conditions: list[Text | Map]) -> None:
        item = assembly.items.get(self.id)
        if item is not None:
            assembly.items[self.id] = replace(item, tree=with_conditions(item.tree, conditions))


def parameters_of(assembly: Assembly) -> list[RulebookEntry]:
    """The parameters of a policy."""
    return [item for item in assembly.items.values() if item.kind == "parameter"]


def parameter_called(assembly: Assembly, word: str) -> RulebookEntry | None:
    """The parameter of this name, in any spelling."""
    return next((each for each in parameters_of(assembly) if key(each.id) == key(word)), None)


def _as_fields(item: RulebookEntry, replacement: Replacement) -> dict[Any, Any] | None:
    """What replaces an entry, as fields of it. `None`: a mistake, noted (RW409)."""
    written, new = replacement.written, replacement.content
    if item.kind == "parameter" and isinstance(new, Text):
        return Map({Text("value"): new})
    if not isinstance(new, dict):
        replacement.problems.add(
            "RW409",
            place_of(new, place_of(written)),
            f"`{written}` is a {item.kind}: name the fields that change",
            "write them as lines `name: value` below it",
        )
        return None
    if item.kind in new and new[item.kind] != item.id:
        replacement.problems.add(
            "RW409",
            place_of(new[item.kind], place_of(written)),
            f"`{written}` would get another name",
            "repeal it, and add it under the other name",
        )
        return None
    return new


def _parameter(
    assembly: Assembly, item: RulebookEntry, new: dict[Any, Any], problems: Problems
) -> Map | None:
    """What stays of a parameter that gets other fields. `None`: a mistake, noted (RW333)."""
    if not keeps_its_type(item.tree, new, problems):
        return None
    if "value" in new or "values" in new:
        assembly.parameters.pop(key(item.id), None)
    if ("value" in new) != ("values" in new):
        return Map({k: v for k, v in item.tree.items() if k not in ("value", "values")})
    return item.tree
