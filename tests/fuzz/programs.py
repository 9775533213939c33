"""Whole generated rulebooks: everything about each derived attribute, parameters, a policy; the
Hypothesis strategy over them.
"""

from __future__ import annotations

from hypothesis import strategies as st

from .books import Book
from .dice import Dice, dice
from .principles import Principles
from .sentences import Speaker
from .words import Attr, Sort, Tree, Words, vocabulary


class Writer(Principles):
    """Writes a rulebook."""

    def attribute(self, attr: Attr, number: int) -> None:
        """Everything about one derived attribute of one entity type."""
        name = f"{attr.entity}.{attr.name}".replace(" ", "-")
        headers = self.headers(attr)
        if (
            attr.sort.kind == "scale"
            and len(self.words.parents(attr.entity)) > 1
            and self.dice.chance(45)
        ):
            self.climbing(attr, name)
            return
        shape = self.dice.weighted([(6, "rules"), (3, "table"), (2, "covering"), (3, "principle")])
        of, parent, kinds = headers[0] if self.dice.chance(60) else self.dice.pick(headers)
        above: list[str] = []
        if shape == "table":
            self.table(attr, name, of, parent)
            above = [name]
        elif shape == "covering":
            above = self.covering(attr, name, of, parent)
        elif shape == "principle" and attr.sort.kind == "scale":
            above = self.use(attr, name, of, parent, kinds)
        if shape == "rules" or not above or self.dice.chance(30):
            self.rules(attr, name, headers, above, kinds)
        for index in range(self.dice.weighted([(5, 0), (4, 1), (1, 2)])):
            self.limit(attr, f"{name}.limit-{index}", headers)

    def parameters(self) -> None:
        dice = self.dice
        for name, sort in self.words.parameters.items():
            if dice.chance(60):
                self.items.append({"parameter": name, "value": self.setting(sort)})
            else:
                since = ["2020-01-01", "2024-07-01", "2024-09-01"]
                self.items.append(
                    {
                        "parameter": name,
                        "values": {day: self.setting(sort) for day in dice.some(since, 1, 3)},
                    }
                )

    def setting(self, sort: Sort | None) -> str:
        """A value of a parameter."""
        if sort is None:
            return f"{self.dice.pick((1, 12, 24))} months"
        return (
            self.dice.pick(("0.5", "2.5", "1.25"))
            if sort.kind == "number"
            else sort.value(self.dice)
        )

    def policy(self) -> Tree:
        dice, root = self.dice, self.words.root
        say = Speaker(dice, self.words, root.name)
        tree: Tree = {"policy": "p", "status": "in force", "in force": {"from": "unknown"}}
        if dice.chance(25):
            tree["scope"] = say.conditions(2)
        withdraw: Tree = {}
        for attr in self.words.derived():
            if dice.chance(12):
                how: Tree = {}
                if dice.chance(70):
                    how["once"] = say.comparison()
                    shown = [
                        a
                        for a in self.words.entities[attr.entity].attrs
                        if a.given and a.sort == attr.sort
                    ]
                    if shown and dice.chance(50):
                        how["until then"] = f"show {shown[0].name} as given earlier"
                withdraw[f"the {attr.name} of a {attr.entity}"] = how or {
                    "source": {"document": "letter"}
                }
        if withdraw:
            tree["withdraw"] = withdraw
        if dice.chance(15):
            tree["publish"] = [
                f"the {a.name} of a {a.entity}" for a in dice.some(list(self.words.derived()), 1, 3)
            ]
        return tree


def book(dice: Dice) -> tuple[Book, Words]:
    """A generated rulebook, and its vocabulary."""
    words = vocabulary(dice)
    writer = Writer(dice, words)
    for scale in words.scales:
        if dice.chance(60):
            writer.principle(scale)
    for number, attr in enumerate(list(words.derived())):
        if dice.chance(94):
            writer.attribute(attr, number)
    writer.parameters()
    for index in range(dice.weighted([(4, 0), (3, 1), (1, 2)])):
        entity = dice.pick(list(words.entities.values()))
        say = Speaker(dice, words, entity.name)
        notice = {"rule": f"notice-{index}", "of": entity.name, "when": say.conditions(2)}
        writer.items.append({**notice, dice.pick(("note", "warn")): writer.note(say)})
    half = dice.below(len(writer.items)) if writer.items else 0
    parts = {"rules/a.yaml": writer.items[:half], "rules/b.yaml": writer.items[half:]}
    parts = {name: items for name, items in parts.items() if items}
    return Book([words.declared(), SOURCES], parts, writer.policy(), writer.csv), words


LETTER: Tree = {
    "title": "Letter",
    "publisher": "The regulator",
    "date": "2024-01-01",
    "seen": "in part",
}
SOURCES: Tree = {"documents": {"letter": LETTER}}


def books() -> st.SearchStrategy[tuple[Book, Words]]:
    """Whole rulebooks, as a Hypothesis strategy."""
    return dice().map(book)
