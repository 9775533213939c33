"""Generated cases for a generated vocabulary, as trees that are written out as YAML."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from rulewright.facts.cases import Case, CaseText, bind_case
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.yaml_loader import load_yaml

from .books import written
from .dice import Dice, dice
from .words import Attr, Ent, Tree, Words

NAMES = ("North Hospital", "St. Mary's", "east", "Annex 2", "Ost-Haus")
AS_AT = "2024-07-01"


def bound(text: str, vocabulary: Vocabulary) -> Case:
    """The text of a case, read and bound. Raises `InputError`."""
    return bind_case(CaseText(load_yaml(text, "case.yaml"), "case.yaml"), vocabulary)


class Teller:
    """Tells one case. `missing`: how often a fact is left out."""

    def __init__(self, dice: Dice, words: Words, missing: int) -> None:
        self.dice, self.words, self.missing = dice, words, missing
        self.supplied: Tree = {}
        self.judgements: list[Tree] = []
        self.size = 0

    def case(self) -> Tree:
        root = self.words.root
        facts = self.entity(root, [root.name])
        tree: Tree = {"case": "generated (fictional)", "as at": AS_AT, root.name: facts}
        tree |= {"supplied": self.supplied} if self.supplied else {}
        return tree | ({"judgements": self.judgements} if self.judgements else {})

    def entity(self, entity: Ent, path: list[str]) -> Tree:
        """The facts of an entity and all below it."""
        facts: Tree = {}
        for attr in entity.attrs:
            if attr.given:
                self.fact(attr, facts)
            else:
                self.derived(attr, path)
        for name in entity.has:
            below = self.words.entities[name]
            members = {member: self.member(below, [*path, member]) for member in below.members}
            members = {member: content for member, content in members.items() if content}
            if members:
                facts[below.plural] = members
        names = self.dice.shuffled(NAMES)
        for name in entity.many:
            below = self.words.entities[name]
            count = self.dice.weighted(
                [(2, 0), (3, 1), (4, 2), (2, 3), (1, 4)]
                if len(path) == 1
                else [(2, 0), (3, 1), (2, 2)]
            )
            if count and self.size < 10:
                self.size += count
                mine, names = (
                    names[: min(count, len(names) - 1)],
                    names[min(count, len(names) - 1) :],
                )
                facts[below.plural] = [
                    {"name": each, **self.entity(below, [*path, each])} for each in mine
                ]
        return facts

    def member(self, entity: Ent, path: list[str]) -> Any:
        facts = self.entity(entity, path)
        short = facts.get(entity.main_attribute)
        alone = isinstance(short, str) and list(facts) == [entity.main_attribute]
        return short if alone and self.dice.chance(60) else facts

    def fact(self, attr: Attr, facts: Tree) -> None:
        dice = self.dice
        if dice.chance(self.missing):
            if dice.chance(35):
                facts[attr.name] = "unknown"
        elif (attr.none_is or attr.default == "none") and dice.chance(25):
            facts[attr.name] = dice.pick((attr.none_is, "none")) if attr.none_is else "none"
        else:
            value = attr.sort.value(dice)
            facts[attr.name] = {"value": value, "from": "a report"} if dice.chance(5) else value

    def derived(self, attr: Attr, path: list[str]) -> None:
        where = " > ".join([*(path[1:] or path), attr.name])
        if self.dice.chance(5):
            self.supplied[where] = "none" if self.dice.chance(20) else attr.sort.value(self.dice)
        elif attr.judged and self.dice.chance(30):
            value = attr.sort.value(self.dice)
            self.judgements.append(
                {
                    "attribute": where,
                    "value": value,
                    "by": "a panel",
                    "on": AS_AT,
                    "reason": "seen on site",
                }
            )


def tell(dice: Dice, words: Words) -> Tree:
    """A generated case."""
    return Teller(dice, words, dice.pick((15, 40, 30, 0, 75, 50))).case()


def cases(words: Words) -> st.SearchStrategy[Tree]:
    """Whole cases for a vocabulary, as a Hypothesis strategy."""
    return dice().map(lambda each: tell(each, words))


__all__ = ["AS_AT", "bound", "cases", "tell", "written"]
