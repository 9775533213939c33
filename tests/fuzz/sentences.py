"""Generated sentences of the rule language: nouns, collections, formulas, comparisons, quantities,
nested conditions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .dice import Dice
from .words import DATE, NUMBER, TEXT, Attr, Ent, Sort, Words

BOUND = ("",)  # the items of a principle's own word
Condition = str | dict[str, list[Any]]


@dataclass(frozen=True)
class Coll:
    """A collection: its words, the entity types of its items, and those that a `where` filters."""

    text: str
    items: tuple[str, ...]
    filtered: tuple[str, ...]
    noun: Attr | None = None  # the attribute of its items that is meant
    bound: bool = False  # a principle's own word


@dataclass(frozen=True)
class Speaker:
    """Writes sentences about one entity type, reading no derived attribute of `rank` or higher.

    `deeper`: an attribute that may be read below another parent, though its rank is `rank`.
    """

    dice: Dice
    words: Words
    entity: str
    parent: str = ""
    rank: int = 1000
    takes: tuple[
        tuple[str, Sort], ...
    ] = ()  # a principle's single inputs, while its rules are written
    marks: tuple[tuple[str, Sort], ...] = ()  # and its collections

    @property
    def own(self) -> Ent:
        return self.words.entities[self.entity]

    @property
    def above(self) -> list[str]:
        return sorted(self.words.above(self.entity, self.parent))

    def readable(self, entity: str) -> list[Attr]:
        return [a for a in self.words.entities[entity].attrs if a.given or a.rank < self.rank]

    # -- nouns

    def nouns(self) -> list[tuple[str, Sort, Attr | None]]:
        """Every single value that the rule may name."""
        if self.takes or self.marks:
            return [(f"the {word}", sort, None) for word, sort in self.takes]
        found: list[tuple[str, Sort, Attr | None]] = []
        found += [(f"the {a.name}", a.sort, a) for a in self.readable(self.entity)] * 3
        found += [(f"its {a.name}", a.sort, a) for a in self.readable(self.entity)[:1]]
        found += [
            (f"the {a.name} of {m}", a.sort, a)
            for f in self.own.has
            for m in self.words.entities[f].members
            for a in self.readable(f)
        ]
        for up in self.above:
            found += [(f"the {up}'s {a.name}", a.sort, a) for a in self.readable(up)]
            found += [(f"the {a.name} of the {up}", a.sort, a) for a in self.readable(up)[:1]]
            found += [
                (f"the {a.name} of {m} of the {up}", a.sort, a)
                for f in self.words.entities[up].has
                for m in self.words.entities[f].members[:1]
                for a in self.readable(f)
            ]
        return found

    def of_sort(self, sort: Sort) -> list[str]:
        """Single values that may be compared with `sort`."""
        found = [text for text, other, _ in self.nouns() if other.like(sort)]
        found += [
            f"the {name}"
            for name, kind in self.words.parameters.items()
            if kind is not None and kind.like(sort)
        ]
        if sort == TEXT and not (self.takes or self.marks):
            found.append("the name")
        return found + (["the as-at date"] if sort == DATE else [])

    # -- collections

    def collections(self) -> list[Coll]:
        """Every collection that the rule may name, without filters."""
        if self.marks or self.takes:
            return []
        entities, found = self.words.entities, []
        for up in ["", *self.above]:
            holder = entities[up] if up else self.own
            tail = f" of the {up}" if up else ""
            for name in holder.many + holder.has:
                below = entities[name]
                found.append(Coll(f"the {below.plural}{tail}", (name,), (name,)))
                if up and self.dice.chance(30):
                    found.append(Coll(f"the {up}'s {below.plural}", (name,), (name,)))
                if below.members:
                    found.append(
                        Coll(
                            f"the {below.plural} except {below.members[0]}{tail}", (name,), (name,)
                        )
                    )
                for inner in below.many + below.has:
                    found.append(
                        Coll(
                            f"the {entities[inner].plural} of the {below.plural}{tail}",
                            (inner,),
                            (name,),
                        )
                    )
            for each in self.words.collections:
                if each.owner == holder.name:
                    found.append(Coll(f"the {each.noun}{tail}", each.items, each.items))
                    for inner in entities[each.items[0]].has:
                        if all(inner in entities[i].has for i in each.items):
                            found.append(
                                Coll(
                                    f"the {entities[inner].plural} of the {each.noun}{tail}",
                                    (inner,),
                                    each.items,
                                )
                            )
        if self.own.members and self.above:
            found += [
                Coll(f"the same {self.entity} of {each.text}", (self.entity,), each.filtered)
                for each in list(found)
                if each.items == each.filtered
                and all(self.entity in entities[i].has for i in each.items)
            ]
        return found

    def collection(self, where: int = 35) -> Coll | None:
        """A collection, perhaps filtered."""
        if self.marks:
            word, sort = self.dice.pick(self.marks)
            return Coll(f"the {word}", BOUND, (), Attr("", word, sort, True), bound=True)
        options = self.collections()
        if not options:
            return None
        found = self.dice.pick(options)
        return (
            replace(found, text=found.text + self.where(found.filtered))
            if self.dice.chance(where)
            else found
        )

    def where(self, items: tuple[str, ...]) -> str:
        facts = self.words.common(items, self.rank)
        if not facts:
            return ""
        tests = []
        for attr in self.dice.some(facts, 1, 1 if self.dice.chance(80) else 2):
            word = attr.name if self.dice.chance(60) else f"its {attr.name}"
            if self.dice.chance(8):
                tests.append(f"{word} is {self.dice.pick(('known', 'missing'))}")
            else:
                tests.append(f"{word} is {self.relation(attr.sort, items)}")
        return " where " + " and ".join(tests)

    # -- what is asked

    def side(self, sort: Sort, items: tuple[str, ...] = ()) -> str:
        """The right side of a comparison with `sort`; inside a quantity over `items`."""
        if self.dice.chance(75) or (self.marks and items == BOUND):
            return sort.literal(self.dice)
        if items:
            options = [
                f"its {a.name}" for a in self.words.common(items, self.rank) if a.sort.like(sort)
            ]
            options += [
                f"the {e}'s {a.name}"
                for e in (self.entity, *self.above)
                for a in self.readable(e)
                if a.sort.like(sort) and e not in items
            ]
            return self.dice.pick(options) if options else sort.literal(self.dice)
        if sort.numeric and self.dice.chance(40):
            return self.formula(1)[0]
        if sort.ordered and self.dice.chance(20) and (extreme := self.extreme(sort)):
            return extreme
        options = self.of_sort(sort)
        return self.dice.pick(options) if options else sort.literal(self.dice)

    def relation(self, sort: Sort, items: tuple[str, ...] = ()) -> str:
        """What stands after `is` or `has …`."""

        def side() -> str:
            return self.side(sort, items)

        shapes = ["is", "is", "not", "one of", "not one of"]
        if sort.kind == "scale":
            shapes += [
                "at least",
                "at most",
                "more than",
                "less than",
                "between",
                "or better",
                "or better",
                "or worse",
            ]
        elif sort.numeric:
            shapes += ["at least", "at most", "more than", "less than", "between"] * 2
        elif sort.kind == "date":
            shapes += [
                "before",
                "after",
                "on or before",
                "on or after",
                "between",
                "within",
                "within",
            ]
        shape = self.dice.pick(shapes)
        match shape:
            case "is":
                return side()
            case "one of" | "not one of":
                several = dict.fromkeys(sort.literal(self.dice) for _ in range(3))
                return f"{shape} {self.dice.pick((', ', ' or ')).join(several)}"
            case "between":
                return f"between {side()} and {side()}"
            case "or better" | "or worse":
                return f"{sort.literal(self.dice)} {shape}"
            case "within":
                length = f"{self.dice.pick((0, 1, 12, 24))} months"
                length = (
                    "the view"
                    if "view" in self.words.parameters and self.dice.chance(50)
                    else length
                )
                return f"within {length} of {side()}"
        return f"{shape} {side()}"

    def predicate(self, found: Coll) -> str | None:
        """What a quantity asks of each item of a collection."""
        if found.noun is not None:
            return f"{self.dice.pick(('is', 'are'))} {self.relation(found.noun.sort, found.items)}"
        mains = {
            self.words.entities[each].main_result or self.words.entities[each].main_attribute
            for each in found.items
        }
        common = self.words.common(found.items, self.rank)
        main = next((a for a in common if mains == {a.name}), None)
        if main is not None and self.dice.chance(60):
            return f"are {self.relation(main.sort, found.items)}"
        if not common:
            return None
        attr = self.dice.pick(common)
        if self.dice.chance(7):
            return f"has {attr.name} {self.dice.pick(('known', 'missing'))}"
        return (
            f"{self.dice.pick(('has', 'have'))} {attr.name} {self.relation(attr.sort, found.items)}"
        )

    def quantified(self) -> str | None:
        found = self.collection()
        if found is None:
            return None
        if found.noun is None and self.dice.chance(25):
            attr = next(iter(self.dice.shuffled(self.words.common(found.items, self.rank))), None)
            if attr is not None:
                found = replace(found, text=f"the {attr.name} of {found.text}", noun=attr)
        asked = self.predicate(found)
        if asked is None:
            return None
        kind = self.dice.pick(
            ("at least", "at least", "at most", "exactly", "more than", "fewer than")
        )
        match self.dice.below(8):
            case 0:
                return f"every one of {found.text} {asked}"
            case 1:
                return f"{self.dice.pick(('no', 'none of'))} {found.text} {asked}"
            case 2:
                return f"{kind} half of {found.text} {asked}"
            case 3:
                return f"{kind} {self.dice.pick((0, 25, 40, 60, 100))}% of {found.text} {asked}"
            case 4:
                return f"{kind} ({self.formula(1)[0]}) of {found.text} {asked}"
            case 5 if "quota" in self.words.parameters:
                return f"{kind} the quota of {found.text} {asked}"
        return f"{kind} {self.dice.number(0, 3)} of {found.text} {asked}"

    # -- formulas

    def values_of(self, sort: Sort | None) -> str | None:
        """`points of the wards`: values of one sort (`None`: numbers) of a collection."""
        found = self.collection()
        if found is None:
            return None
        if found.noun is not None:
            return found.text if sort is not None and found.noun.sort == sort else None
        options = [
            a
            for a in self.words.common(found.items, self.rank)
            if (a.sort.numeric if sort is None else a.sort == sort)
        ]
        if not options:
            return None
        chosen = self.dice.pick(options)
        return f"{self.dice.pick(('', 'the '))}{chosen.name} of {found.text}"

    def extreme(self, sort: Sort) -> str | None:
        values = self.values_of(sort)
        return (
            f"(the {self.dice.pick(('lowest', 'highest'))} {self.dice.pick(('', 'of '))}{values})"
            if values
            else None
        )

    def formula(self, depth: int) -> tuple[str, bool]:
        """A number, and whether it is surely a whole one."""
        dice = self.dice
        match dice.weighted([(3, 0), (3, 1), (2, 2), (2, 3), (3, 4), (1, 5), (1, 6)]):
            case 1:
                options: list[tuple[str, Sort | None]] = [
                    (text, sort) for text, sort, _ in self.nouns() if sort.numeric
                ]
                options += [
                    (f"the {name}", s)
                    for name, s in self.words.parameters.items()
                    if s is not None and s.numeric
                ]
                if options:
                    text, sort = dice.pick(options)
                    return text, sort is not None and sort.kind == "whole"
            case 2:
                found = self.collection()
                if found is not None:
                    asked = self.predicate(found) if dice.chance(60) else None
                    counted = f" that {asked}" if asked else ""
                    return f"(the number of {found.text}{counted})", True
            case 3:
                for whole in (True, False):
                    values = self.values_of(Sort("whole", low=0, high=3) if whole else None)
                    if values:
                        kind = dice.pick(
                            (
                                "the sum of",
                                "the sum of",
                                "the average of",
                                "the lowest",
                                "the highest of",
                            )
                        )
                        return f"({kind} {values})", whole and "average" not in kind
            case 4 if depth:
                left, right = self.formula(depth - 1), self.formula(depth - 1)
                op = dice.pick("++-**/")
                return f"({left[0]} {op} {right[0]})", op != "/" and left[1] and right[1]
            case 5 if depth:
                return (
                    f"round {dice.pick(('half up', 'half even', 'up', 'down'))}({self.formula(depth - 1)[0]})",
                    True,
                )
            case 6:
                return dice.pick(("(1 / 2)", "(9 / 4)", "(-3 / 2)")), False
        return str(dice.pick((0, 1, 2, 3, 5, -1, 100))), True

    # -- conditions

    def comparison(self) -> str:
        dice = self.dice
        if dice.chance(15):
            text = self.formula(2)[0]
            if not text.lstrip("-").replace(".", "").isdigit():
                return (
                    f"{text} is {self.relation(NUMBER)}"
                    if dice.chance(30)
                    else f"{text} is {self._counted()}"
                )
        if dice.chance(8):
            sort = dice.pick(self.words.scales)
            extreme = self.extreme(sort)
            if extreme:
                return f"{extreme} is {self.relation(sort)}"
        nouns = self.nouns()
        if not nouns:
            return self.quantified() or "the as-at date is after 2024-01-01"
        text, sort, _ = dice.pick(nouns)
        if dice.chance(8) and not self.takes:
            return text + dice.pick((" is known", " is missing", " has no value"))
        return f"{text} is {self.relation(sort)}"

    def _counted(self) -> str:
        return f"{self.dice.pick(('at least', 'at most', 'more than', 'less than', 'not', 'exactly'[:0]))} {self.dice.number(0, 3)}"

    def condition(self, depth: int = 2) -> Condition:
        """A condition: a sentence, or several joined."""
        if depth and self.dice.chance(15):
            kind = self.dice.pick(("any of", "none of", "all of", "any of"))
            return {kind: [self.condition(depth - 1) for _ in range(self.dice.number(1, 3))]}
        if self.dice.chance(40) or self.marks:
            found = self.quantified()
            if found:
                return found
        return self.comparison()

    def conditions(self, most: int = 3) -> list[Condition]:
        return [
            self.condition()
            for _ in range(self.dice.weighted([(7, 1), (3, min(2, most)), (1, most)]))
        ]
