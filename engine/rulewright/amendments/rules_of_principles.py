"""The rules of principles as targets: in all uses (`aggregation.good`), or in one
(`aggregation.good@service`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from rulewright.rulebook.rulebook import RulebookEntry, as_seq
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import PrincipleRuleModel
from rulewright.syntax.text import Map, Text

from .fields import Field, Replacement, fields_set
from .interpretations import can_be_interpreted
from .target import Gone, Lasting, Target, place_in, remember_order
from .trees import copied, merged

if TYPE_CHECKING:
    from .assembly import Assembly


@dataclass(frozen=True)
class RuleWithin(Lasting):
    """A rule of a principle, in all uses or in one."""

    entry: str  # the principle, or the use
    rule: str

    @property
    def principle(self) -> str:
        """The principle that has the rule."""
        return self.entry.partition("@")[0]

    @property
    def inside(self) -> str:
        return self.entry

    @property
    def name(self) -> str:
        principle, at, suffix = self.entry.partition("@")
        return f"{principle}.{self.rule}{at}{suffix}"

    def kind_in(self, assembly: Assembly) -> str:
        return "rule"

    def in_principle(self, assembly: Assembly) -> Map | None:
        """The rule as the principle has it."""
        return rule_of(assembly, self.principle, self.rule)

    def applies(self, assembly: Assembly) -> bool:
        """Whether the rule was not repealed there."""
        return True

    @abstractmethod
    def read(self, assembly: Assembly) -> Map | None: ...


@dataclass(frozen=True)
class RuleOfPrinciple(RuleWithin):
    """A rule of a principle, in all uses."""

    @classmethod
    def every(cls, assembly: Assembly) -> Iterator[Self]:
        for item in assembly.items.values():
            if item.kind == "principle":
                yield from (cls(str(item.id), str(each["rule"])) for each in item.tree["rules"])

    def read(self, assembly: Assembly) -> Map | None:
        return self.in_principle(assembly)

    def replace(self, assembly: Assembly, replacement: Replacement) -> list[Field] | None:
        old, new = self.in_principle(assembly), replacement.content
        if old is None or not isinstance(new, dict):
            return None
        if can_be_interpreted(assembly, old, new, replacement.problems):
            self._put(
                assembly,
                [merged(each, new) if each is old else each for each in self._rules(assembly)],
            )
        field = replacement.field((self.principle, "rules", self.rule), self.name)
        return list(fields_set(field, old, new))

    def remove(self, assembly: Assembly, lasting: Collection[Target]) -> list[str]:
        """Where it goes on in some uses only, it is taken from the others."""
        uses = [each for each in _uses(assembly) if each.partition("@")[0] == self.principle]
        staying = [each for each in uses if RuleOfUse(each, self.rule) in lasting]
        others = [each for each in uses if staying and each not in staying]
        own = {each: assembly.local.get((each, self.rule), Map()) for each in others}
        assembly.gone[self.name] = Gone(self, self.in_principle(assembly), own)
        rules = self._rules(assembly)
        remember_order(assembly, self.principle, [str(each["rule"]) for each in rules])
        if self in lasting:
            return [self.name]
        assembly.local |= {(each, self.rule): None for each in others}
        if not staying:
            self._put(assembly, [each for each in rules if each["rule"] != self.rule])
        assembly.going_on = {
            each: conditions
            for each, conditions in assembly.going_on.items()
            if each in lasting or not self.covers(each)
        }
        return [self.name]

    def restore(self, assembly: Assembly, gone: Gone) -> bool:
        if self.principle not in assembly.items:
            return False
        # where it goes on, it is there
        rules = [each for each in self._rules(assembly) if each["rule"] != self.rule]
        names = [str(each["rule"]) for each in rules]
        rules.insert(place_in(names, self.rule, assembly.order[self.principle]), gone.content)
        self._put(assembly, rules)
        for use, own in gone.own_rules.items():
            _put_own(assembly, (use, self.rule), own)
        end_all(assembly, self)
        return True

    def covers(self, other: Lasting) -> bool:
        return (
            isinstance(other, RuleWithin)
            and other.rule == self.rule
            and other.principle == self.principle
        )

    def as_it_goes_on(
        self, assembly: Assembly, gone: Gone, lasting: Collection[Lasting]
    ) -> dict[str, Any]:
        return {"content": self.in_principle(assembly) or gone.content}

    def add_conditions(self, assembly: Assembly, conditions: list[Text | Map]) -> None:
        self._put(
            assembly,
            [
                with_conditions(each, conditions) if each["rule"] == self.rule else each
                for each in self._rules(assembly)
            ],
        )
        for (use, rule), own in list(assembly.local.items()):
            if rule == self.rule and own is not None and use.startswith(f"{self.principle}@"):
                assembly.local[use, rule] = with_conditions(own, conditions)

    def _rules(self, assembly: Assembly) -> list[Map]:
        return list(assembly.items[self.principle].tree["rules"])

    def _put(self, assembly: Assembly, rules: list[Map]) -> None:
        item = assembly.items[self.principle]
        tree = copied(item.tree)
        tree[Text("rules")] = rules
        assembly.items[self.principle] = replace(item, tree=tree)


@dataclass(frozen=True)
class RuleOfUse(RuleWithin):
    """A rule of a principle, in one use."""

    @classmethod
    def every(cls, assembly: Assembly) -> Iterator[Self]:
        for use in _uses(assembly):
            yield from (cls(use, rule) for rule in rules_of(assembly, use))

    @classmethod
    def named(cls, assembly: Assembly, written: str) -> list[Self]:
        if "@" not in written:
            return []
        return [each for each in cls.every(assembly) if each.is_called(written)]

    @property
    def place(self) -> tuple[str, str]:
        """Where `Assembly.local` holds what the use has of its own."""
        return self.entry, self.rule

    def applies(self, assembly: Assembly) -> bool:
        return assembly.local.get(self.place, Map()) is not None

    def read(self, assembly: Assembly) -> Map | None:
        """The rule as the use has it; as the principle has it, where it was repealed in the use."""
        return assembly.local.get(self.place) or self.in_principle(assembly)

    def replace(self, assembly: Assembly, replacement: Replacement) -> list[Field] | None:
        old = self.read(assembly)
        if old is None or not isinstance(replacement.content, dict):
            return None
        assembly.local[self.place] = own = merged(old, replacement.content)
        file = assembly.items[self.entry].place.file
        with replacement.noting():
            read_as(PrincipleRuleModel, own, file)
        field = replacement.field((self.entry, "rules", self.rule), self.name)
        return list(fields_set(field, old, replacement.content))

    def remove(self, assembly: Assembly, lasting: Collection[Target]) -> list[str]:
        written, own = self.in_principle(assembly), assembly.local.get(self.place, Map())
        if own is not None:
            assembly.gone[self.name] = Gone(self, written, {self.rule: own})
        if self not in lasting:
            assembly.local[self.place] = None
            assembly.going_on.pop(self, None)
        return [self.name]

    def restore(self, assembly: Assembly, gone: Gone) -> bool:
        if self.entry not in assembly.items:
            return False
        _put_own(assembly, self.place, gone.own_rules[self.rule])
        end_all(assembly, self)
        return True

    def covers(self, other: Lasting) -> bool:
        return other == self

    def as_it_goes_on(
        self, assembly: Assembly, gone: Gone, lasting: Collection[Lasting]
    ) -> dict[str, Any]:
        own = assembly.local.get(self.place, Map())
        return {"own_rules": {self.rule: own}} if self in lasting else {}

    def add_conditions(self, assembly: Assembly, conditions: list[Text | Map]) -> None:
        own = self.read(assembly)
        if own is not None and self.applies(assembly):
            assembly.local[self.place] = with_conditions(own, conditions)


def principle_of(assembly: Assembly, use: str) -> RulebookEntry | None:
    """The principle of which an entry is a use."""
    principle = assembly.items.get(use.partition("@")[0])
    return principle if principle is not None and principle.kind == "principle" else None


def rules_of(assembly: Assembly, entry: str) -> list[str]:
    """The names of the rules of a principle, or of the principle of a use."""
    principle = principle_of(assembly, entry)
    return [str(each["rule"]) for each in principle.tree["rules"]] if principle else []


def rule_of(assembly: Assembly, principle: str, rule: str) -> Map | None:
    """One rule of a principle."""
    item = principle_of(assembly, principle)
    rules: Iterable[Map] = item.tree["rules"] if item is not None else ()
    return next((each for each in rules if each["rule"] == rule), None)


def end_all(assembly: Assembly, target: Lasting) -> None:
    """End what goes on for a while of a target."""
    assembly.going_on = {
        each: conditions
        for each, conditions in assembly.going_on.items()
        if not target.covers(each)
    }


def with_conditions(tree: Map, conditions: list[Text | Map]) -> Map:
    """A rule with more conditions."""
    new: Map = copied(tree)
    new[Text("when")] = as_seq([*as_seq(tree.get("when")), *conditions])
    return new


def _uses(assembly: Assembly) -> Iterator[str]:
    yield from (
        str(item.id) for item in assembly.items.values() if item.kind == "use" and "@" in item.id
    )


def _put_own(assembly: Assembly, place: tuple[str, str], own: Map | None) -> None:
    """Put back what a use had of its own: nothing, a version of the rule, or its repeal."""
    assembly.local.pop(place, None)
    if own is None or own:
        assembly.local[place] = own
