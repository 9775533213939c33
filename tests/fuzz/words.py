"""Generated vocabularies: scales, entities in two or three levels, fixed members, attributes,
collections.

Every derived attribute has a rank; a rule reads only derived attributes of a lower rank (or the
same attribute further down the tree), so that no attribute depends on itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .dice import Dice

Tree = dict[str, Any]


@dataclass(frozen=True)
class Sort:
    """The type of an attribute, and how its values are written."""

    kind: str  # scale, choice, yes/no, whole, number, date, text
    name: str = ""
    order: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    ranged: bool = True

    @property
    def values(self) -> tuple[str, ...]:
        return ("no", "yes") if self.kind == "yes/no" else self.order + self.outside

    @property
    def numeric(self) -> bool:
        return self.kind in ("whole", "number")

    @property
    def ordered(self) -> bool:
        return self.kind in ("scale", "whole", "number", "date")

    def like(self, other: Sort) -> bool:
        """Whether values of the two may be compared."""
        alike = self.kind == other.kind and self.kind not in ("scale", "choice")
        return self == other or (self.numeric and other.numeric) or alike

    def declared(self) -> Tree:
        """The declaration, as a part of an attribute's."""
        spread = f"{self.low}..{self.high}" if self.ranged else "any"
        if self.kind == "whole":
            return {"whole number": spread}
        if self.kind == "number":
            return {"number": spread}
        if self.kind == "choice":
            return {"one of": list(self.order)}
        return {"type": self.name or self.kind}

    def value(self, dice: Dice, outside: int = 25) -> str:
        """A value, as people write it in a case; `outside`: how often one outside the order."""
        if self.kind == "scale":
            return (
                dice.pick(self.outside)
                if self.outside and dice.chance(outside)
                else dice.pick(self.order)
            )
        if self.values:
            return dice.pick(self.values)
        if self.kind == "whole":
            return str(dice.number(self.low, self.high))
        if self.kind == "number":
            whole = dice.number(self.low, self.high)
            return (
                str(whole)
                if whole in (self.low, self.high) or dice.chance(60)
                else f"{whole}.{dice.pick(('5', '25', '1'))}"
            )
        if self.kind == "date":
            return dice.pick(DAYS)
        return dice.pick(TEXTS)

    def literal(self, dice: Dice, outside: int = 8) -> str:
        """A value, as it stands in a rule."""
        value = self.value(dice, outside)
        return f'"{value}"' if self.kind == "text" else value


DAYS = (
    "2024-02-29",
    "2024-06-30",
    "2024-07-01",
    "2023-07-01",
    "2023-01-31",
    "2022-12-31",
    "2025-01-01",
    "2024-07-02",
)
TEXTS = ("north wing", "annex", "blue")
NUMBER = Sort("number", ranged=False)
YES_NO = Sort("yes/no")
DATE = Sort("date")
TEXT = Sort("text")

SCALES = (
    (
        "rating",
        ("inadequate", "requires improvement", "good", "outstanding"),
        ("not rated", "insufficient evidence to rate"),
    ),
    ("level", ("low", "medium-high", "top"), ("unclear",)),
)
CHOICES = (("early", "ready for review", "closed"), ("acute", "mental health"))


@dataclass
class Attr:
    """An attribute as generated. `default`: "" (none declared), `none`, or a value."""

    entity: str
    name: str
    sort: Sort
    given: bool
    default: str = ""
    judged: bool = False
    rank: int = 0
    none_is: str = ""  # the word for *no value*, if one is declared

    def declared(self) -> Tree:
        tree = self.sort.declared()
        if self.default:
            tree["unless stated"] = self.default
        if self.none_is:
            tree["none is"] = self.none_is
        if self.judged:
            tree["may be judged"] = "yes"
        return tree


@dataclass
class Ent:
    """An entity type as generated."""

    name: str
    plural: str
    many: list[str] = field(default_factory=list)
    has: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    main_attribute: str = ""
    main_result: str = ""
    attrs: list[Attr] = field(default_factory=list)

    def attr(self, name: str) -> Attr | None:
        return next((each for each in self.attrs if each.name == name), None)

    def declared(self) -> Tree:
        tree: Tree = {"plural": self.plural, "has many": list(self.many), "has": list(self.has)}
        tree |= {
            "main attribute": self.main_attribute,
            "main result": self.main_result,
            "members": list(self.members),
        }
        tree |= {"given": {a.name: a.declared() for a in self.attrs if a.given}}
        tree |= {"derived": {a.name: a.declared() for a in self.attrs if not a.given}}
        return {word: content for word, content in tree.items() if content}


@dataclass(frozen=True)
class Declared:
    """A declared collection: `wards of the unit: at any depth`."""

    noun: str
    owner: str
    items: tuple[str, ...]
    text: str


@dataclass
class Words:
    """A whole generated vocabulary, the parameters among it."""

    entities: dict[str, Ent]
    scales: tuple[Sort, ...]
    collections: list[Declared] = field(default_factory=list)
    parameters: dict[str, Sort | None] = field(default_factory=dict)  # None: a length of time

    @property
    def root(self) -> Ent:
        return next(iter(self.entities.values()))

    def parents(self, name: str) -> list[str]:
        return [
            each.name for each in self.entities.values() if name in each.many or name in each.has
        ]

    def above(self, name: str, parent: str = "") -> set[str]:
        """The entity types above every entity of that type."""
        parents = [parent] if parent else self.parents(name)
        return (
            set.intersection(*({each} | self.above(each) for each in parents)) if parents else set()
        )

    def depth(self, name: str) -> int:
        return 1 + max((self.depth(each) for each in self.parents(name)), default=-1)

    def derived(self) -> Iterator[Attr]:
        for entity in self.entities.values():
            yield from (each for each in entity.attrs if not each.given)

    def common(self, items: tuple[str, ...], rank: int) -> list[Attr]:
        """The readable attributes that all these entity types have alike."""
        first, *others = (self.entities[each] for each in items)
        found = []
        for attr in first.attrs:
            alike = [attr, *(same for each in others if (same := each.attr(attr.name)) is not None)]
            same_sort = len(alike) == len(items) and all(
                (a.sort, a.given) == (attr.sort, attr.given) for a in alike
            )
            if same_sort and all(a.given or a.rank < rank for a in alike):
                found.append(attr)
        return found

    def declared(self) -> Tree:
        return {
            "scales": {
                s.name: {"order": list(s.order)}
                | ({"outside the order": list(s.outside)} if s.outside else {})
                for s in self.scales
            },
            "entities": {each.name: each.declared() for each in self.entities.values()},
            "collections": {f"{c.noun} of the {c.owner}": c.text for c in self.collections},
        }


GIVEN = (
    "stated grade",
    "stage",
    "open",
    "points",
    "weight",
    "seen on",
    "label",
    "well-kept",
    "spare points",
    "mark",
)
DERIVED = (
    "grade",
    "banded grade",
    "tally",
    "share",
    "outcome",
    "approved",
    "due date",
    "remark",
    "final grade",
    "net points",
)


def vocabulary(dice: Dice) -> Words:
    """A generated vocabulary."""
    scales = []
    for name, order, outside in SCALES[: dice.number(1, 2)]:
        length = dice.number(2, len(order))
        scales.append(
            Sort("scale", name, order[:length], tuple(outside[: dice.number(0, len(outside))]))
        )
    words = Words(_tree(dice), tuple(scales))
    ranks = list(range(1, 40))
    for entity in words.entities.values():
        _attributes(dice, entity, words, ranks)
    _shared(dice, words)
    for entity in words.entities.values():
        _main(dice, entity)
    _collections(dice, words)
    quota, bar = Sort("whole", low=0, high=3), Sort("number", low=0, high=4)
    for name, sort in (("quota", quota), ("view", None), ("bar", bar), ("mode", YES_NO)):
        if dice.chance(45):
            words.parameters[name] = sort
    return words


def _tree(dice: Dice) -> dict[str, Ent]:
    unit, branch, ward = Ent("unit", "units"), Ent("branch", "branches"), Ent("ward", "wards")
    aspect = Ent(
        "key aspect",
        "key aspects",
        members=["safe", "well-led", "calm, open and kind"][: dice.number(2, 3)],
    )
    statement = Ent("statement", "statements", members=["shared direction", "freedom to speak up"])
    shape = dice.below(6)
    found = [unit]
    if shape == 0:  # two levels: listed children and fixed members
        unit.many, unit.has = ["branch"], ["key aspect"]
        found += [branch, aspect]
    elif shape == 1:  # three levels, the lowest below both
        unit.many, branch.many = ["branch", "ward"], ["ward"]
        found += [branch, ward]
    elif shape == 2:  # the key aspects of units and branches
        unit.many, unit.has, branch.has = ["branch"], ["key aspect"], ["key aspect"]
        found += [branch, aspect]
    elif shape == 3:  # three levels, each with key aspects
        unit.many, branch.many = ["branch", "ward"], ["ward"]
        unit.has = branch.has = ward.has = ["key aspect"]
        found += [branch, ward, aspect]
    elif shape == 4:  # two fixed sets
        unit.many, unit.has, branch.has = ["branch"], ["statement"], ["key aspect"]
        found += [branch, aspect, statement]
    else:  # fixed members below fixed members
        unit.many, unit.has, aspect.has = ["ward"], ["key aspect"], ["statement"]
        found += [ward, aspect, statement]
    return {each.name: each for each in found}


def _sort(dice: Dice, words: Words, given: bool) -> Sort:
    kind = dice.weighted(
        [
            (9, "scale"),
            (3, "choice"),
            (4, "yes/no"),
            (5, "whole"),
            (2, "number"),
            (2, "date"),
            (1, "text"),
        ]
    )
    if kind == "scale":
        return dice.pick(words.scales)
    if kind == "choice":
        return Sort("choice", order=dice.pick(CHOICES))
    if kind == "whole":
        low, high = dice.pick([(0, 3), (-1, 2), (0, 1), (0, 100)])
        return Sort("whole", low=low, high=high, ranged=given or dice.chance(70))
    if kind == "number":
        return Sort("number", low=0, high=dice.pick([4, 10]), ranged=dice.chance(80))
    return {"yes/no": YES_NO, "date": DATE, "text": TEXT}[kind]


def _attributes(dice: Dice, entity: Ent, words: Words, ranks: list[int]) -> None:
    few = bool(entity.members)
    for given, names, count in (
        (True, GIVEN, dice.number(1, 2 if few else 4)),
        (False, DERIVED, dice.number(1, 2 if few else 3)),
    ):
        for _ in range(count):
            sort = _sort(dice, words, given)
            name = next(
                n for n in names[dice.below(len(names)) :] + names if entity.attr(n) is None
            )
            attr = Attr(entity.name, name, sort, given)
            if given:
                attr.default = dice.weighted([(6, ""), (2, "none"), (2, sort.value(dice))])
                if sort.kind != "text" and dice.chance(25):
                    attr.none_is = dice.pick(("never", "not at all"))
                    attr.default = (
                        attr.none_is if attr.default == "none" and dice.chance(50) else attr.default
                    )
            else:
                attr.rank = ranks.pop(dice.below(len(ranks)))
                attr.judged = dice.chance(30)
            entity.attrs.append(attr)


def _shared(dice: Dice, words: Words) -> None:
    """Some attributes are declared alike for several entity types, so that unions have attributes
    in common.
    """
    entities = list(words.entities.values())
    for attr in [a for each in entities for a in each.attrs]:
        if dice.chance(35):
            other = dice.pick(entities)
            if other.attr(attr.name) is None:
                other.attrs.append(replace(attr, entity=other.name))


def _main(dice: Dice, entity: Ent) -> None:
    given = [each for each in entity.attrs if each.given]
    derived = [each for each in entity.attrs if not each.given]
    if given and dice.chance(50):
        entity.main_attribute = dice.pick(given).name
    if derived and dice.chance(60):
        entity.main_result = dice.pick(derived).name


def _collections(dice: Dice, words: Words) -> None:
    entities = words.entities
    if "ward" in entities and "branch" in entities:
        if dice.chance(80):
            words.collections.append(Declared("wards", "unit", ("ward",), "at any depth"))
        if dice.chance(80):
            facts = [a for a in entities["branch"].attrs if a.given and a.sort.values]
            test = ""
            if facts and dice.chance(40):
                attr = dice.pick(facts)
                test = f" where {attr.name} is {attr.sort.literal(dice)}"
            joints = (
                ", and its wards outside branches",
                ", its wards of its branches",
                " and its wards outside branches",
            )
            joint = dice.pick(joints[: 2 if test else 3])  # the last would go on with `where`
            words.collections.append(
                Declared("places", "unit", ("branch", "ward"), f"its branches{test}{joint}")
            )
    if "key aspect" in entities["unit"].has and "branch" in entities and dice.chance(30):
        words.collections.append(Declared("sites", "unit", ("branch",), "its branches"))
