"""Generated amendments of a generated rulebook: what a policy, or another reading of an
interpretation, changes in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .books import Book
from .dice import Dice
from .programs import Writer
from .rewriting import name_of, rows_of
from .sentences import Speaker
from .words import Attr, Tree, Words


@dataclass
class Amender:
    """Writes one amendment. Nothing is changed in two ways by it."""

    dice: Dice
    words: Words
    rulebook: Book
    tree: Tree = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.writer = Writer(self.dice, self.words)
        self.items = [item for part in self.rulebook.parts.values() for item in part]
        self.attrs = {
            f"{each.entity}.{each.name}".replace(" ", "-"): each for each in self.words.derived()
        }

    def amendment(self) -> Tree:
        """One to four changes."""
        kinds = [
            (6, self.rule),
            (3, self.row),
            (3, self.principle),
            (2, self.use),
            (2, self.parameter),
            (2, self.word),
            (4, self.added),
            (2, self.repeal),
            (1, self.member),
        ]
        for _ in range(self.dice.number(1, 4)):
            self.dice.weighted(kinds)()
        return self.tree

    def of_a_policy(self) -> None:
        """What only a policy can do: set a parameter, let a rule that it repeals go on while a
        condition holds.
        """
        if self.words.parameters and self.dice.chance(40):
            name = self.dice.pick(list(self.words.parameters))
            self.tree["parameters"] = {name: self.writer.setting(self.words.parameters[name])}
        item = self._one_of("rule", "table", "use")
        if item is not None:
            _, say = self._about(item)
            self.tree.setdefault("repeals", []).append(name_of(item))
            self.tree["transitional"] = [{"rules": [name_of(item)], "while": say.comparison()}]

    # -- what is changed

    def rule(self) -> None:
        item = self._one_of("rule")
        if item is None:
            return
        attr, say = self._about(item)
        fields: Tree = {}
        if self.dice.chance(50):
            fields["when"] = say.conditions(2)
        if self.dice.chance(10):
            fields["unless"] = [say.condition(1)]
        if not fields or self.dice.chance(40):
            fields |= self._conclusion(item, attr, say)
        self._replaces(item["rule"], fields | self._said(1))

    def row(self) -> None:
        item = self._one_of("table")
        if item is None:
            return
        attr, _ = self._about(item)
        rows, name = rows_of(item, self.rulebook), item["table"]
        if isinstance(rows, dict):
            one, two = self.dice.pick(list(rows)), self.dice.pick(list(rows))
            self._replaces(f"{name}[{one}]", rows[two])
            self._replaces(f"{name}[{two}]", rows[one])
        else:
            row = self.dice.pick(rows)
            if attr is not None and "id" in row:
                self._replaces(f"{name}[{row['id']}]", {"then": attr.sort.literal(self.dice, 15)})

    def principle(self) -> None:
        item = self._one_of("principle")
        if item is None:
            return
        rule = self.dice.pick(item["rules"])
        scale = next(each for each in self.words.scales if each.name == item["gives"])
        field = next(each for each in ("then", "otherwise", "limit") if each in rule)
        value = scale.literal(self.dice, 0)
        uses = [
            each["use"]
            for each in self.items
            if each.get("use", "").startswith(f"{item['principle']}@")
        ]
        of_one = (
            f"@{self.dice.pick(uses).partition('@')[2]}" if uses and self.dice.chance(40) else ""
        )
        fields = {field: f"at most {value}" if field == "limit" else value}
        if field != "otherwise" and self.dice.chance(20):
            fields["when"] = [f"at least 1 of the marks are {value}"]
        self._replaces(f"{item['principle']}.{rule['rule']}{of_one}", fields)

    def use(self) -> None:
        item = self._one_of("use")
        if item is None:
            return
        attr, say = self._about(item)
        values = say.values_of(attr.sort) if attr is not None else None
        self._replaces(
            item["use"],
            {"marks": values} if values and self.dice.chance(50) else {"when": say.conditions(1)},
        )

    def parameter(self) -> None:
        free = [
            each for each in self.words.parameters if each not in self.tree.get("parameters", {})
        ]  # nothing is replaced twice
        if free:
            name = self.dice.pick(free)
            value = self.writer.setting(self.words.parameters[name])
            self.tree.pop("parameters", None)  # one thing is not replaced twice
            self._replaces(
                name, value if self.dice.chance(60) else {"values": {"2024-01-01": value}}
            )

    def word(self) -> None:
        """Another default, or a label."""
        attr = self.dice.pick([a for each in self.words.entities.values() for a in each.attrs])
        value = "none" if self.dice.chance(20) else attr.sort.value(self.dice)
        other = (
            {"unless stated": value}
            if attr.given and self.dice.chance(80)
            else {"label": "another label"}
        )
        self._replaces(f"{attr.entity} > {attr.name}", other)

    def member(self) -> None:
        fixed = [each for each in self.words.entities.values() if each.members]
        if fixed:
            entity = self.dice.pick(fixed)
            self.tree.setdefault("adds", []).append(
                {"member": "new and bright", "of": entity.name, "after": entity.members[0]}
            )

    def added(self) -> None:
        number = len(self.tree.get("adds", []))
        attr = self.dice.pick(list(self.words.derived()))
        of, parent, _ = self.dice.pick(self.writer.headers(attr))
        say = self.writer.speaker(attr, parent)
        tree: Tree = {"rule": f"added.{number}", "of": of, "when": say.conditions(2)}
        tree["then"] = f"the {attr.name} {self.writer.conclusion(attr, say)}"
        others = [
            name_of(each) for each in self.items if self._about(each)[0] is attr and "then" in each
        ]
        if others and self.dice.chance(50):
            tree["overrides"] = [self.dice.pick(others)]
        if self.dice.chance(10):
            tree[self.dice.pick(("note", "warn"))] = self.writer.note(say)
        tree |= self._said(number + 2)
        self.tree.setdefault("adds", []).append(tree)

    def repeal(self) -> None:
        item = self._one_of("rule", "table", "use")
        if item is not None:
            self.tree.setdefault("repeals", []).append(name_of(item))

    # -- what it is about

    def _one_of(self, *kinds: str) -> Tree | None:
        """An entry of one of these kinds that nothing was done to yet."""
        found = [
            each
            for each in self.items
            if any(kind in each for kind in kinds) and self._name(each) not in self.named
        ]
        if not found:
            return None
        item = self.dice.pick(found)
        self.named.add(self._name(item))
        return item

    def _name(self, item: Tree) -> str:
        return str(
            next(
                item[kind]
                for kind in ("rule", "table", "use", "principle", "parameter")
                if kind in item
            )
        )

    def _about(self, item: Tree) -> tuple[Attr | None, Speaker]:
        """The attribute that an entry gives (none for notices), and somebody who speaks of its
        entity.
        """
        name = str(item.get("use", "")).partition("@")[2] or self._name(item)
        attr = self.attrs.get(".".join(name.split(".")[:2]))
        if attr is None:
            return None, Speaker(self.dice, self.words, str(item.get("of", self.words.root.name)))
        parent = str(item["of"]).removeprefix(attr.entity).partition(" of a ")[2].partition(",")[0]
        return attr, self.writer.speaker(attr, parent)

    def _conclusion(self, item: Tree, attr: Attr | None, say: Speaker) -> Tree:
        if attr is None:
            return {self.dice.pick(("note", "warn")): self.writer.note(say)}
        if "limit" in item:
            return {"limit": f"the {attr.name} is at most {attr.sort.literal(self.dice, 0)}"}
        return {
            "then"
            if "then" in item
            else "otherwise": f"the {attr.name} {self.writer.conclusion(attr, say)}"
        }

    def _said(self, number: int) -> Tree:
        """Sometimes a source, or an interpretation of its own."""
        told: Tree = (
            {"source": {"document": "letter", "section": "two"}} if self.dice.chance(15) else {}
        )
        if self.dice.chance(15):
            told["interpretation"] = {
                "id": f"own-{number}",
                "assumed": "so",
                "because": "it does not say",
            }
        return told

    def _replaces(self, target: str, content: Any) -> None:
        self.tree.setdefault("replaces", {})[target] = content


def amendment_of(rulebook: Book, words: Words, dice: Dice) -> Tree:
    """What a policy that amends the generated one says."""
    amender = Amender(dice, words, rulebook)
    if dice.chance(30):
        amender.of_a_policy()
    return amender.amendment()


def with_readings(rulebook: Book, words: Words, dice: Dice, count: int) -> Book:
    """The rulebook with an interpretation that could be read otherwise in so many ways."""
    others = {
        f"reading {number}": Amender(dice, words, rulebook).amendment() for number in range(count)
    }
    told: Tree = {
        "interpretation": "how",
        "assumed": "so",
        "because": "nothing says otherwise",
        "other readings": others,
    }
    copy = rulebook.copy()
    copy.parts["rules/interpretations.yaml"] = [told]
    return copy
