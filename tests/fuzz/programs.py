"""Generated rulebooks, as trees that are written out as YAML, and the Hypothesis strategy over them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import yaml
from hypothesis import strategies as st

from rulewright.language.text import key

from .dice import Dice, dice
from .sentences import Speaker
from .words import DATE, YES_NO, Attr, Sort, Tree, Words, vocabulary

Head = frozenset[tuple[str, str]]  # the kinds that a rule is of: (parent, member)


def written(tree: Any, **style: Any) -> str:
    """A tree as YAML, one sentence a line."""
    style = {"sort_keys": False, "allow_unicode": True, "width": 100_000, **style}
    return str(yaml.dump(tree, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), **style))


@dataclass
class Book:
    """A generated rulebook: its vocabulary, parts and policy as trees, and CSV files."""

    vocabulary: list[Tree]
    parts: dict[str, list[Tree]]
    policy: Tree
    csv: dict[str, str] = field(default_factory=dict)

    def texts(self, **style: Any) -> dict[str, str]:
        """The files of the rulebook."""
        files = {f"words/v{number}.yaml": written(each, **style) for number, each in enumerate(self.vocabulary)}
        files |= {name: written(items, **style) for name, items in self.parts.items()}
        return files | {"policy.yaml": written({**self.policy, "parts": list(self.parts)}, **style)} | self.csv

    def copy(self) -> Book:
        return deepcopy(self)


@dataclass
class Writer:
    """Writes the rules of one rulebook."""

    dice: Dice
    words: Words
    items: list[Tree] = field(default_factory=list)
    csv: dict[str, str] = field(default_factory=dict)
    others: set[tuple[str, str, str, str]] = field(default_factory=set)  # attributes that have an `otherwise`
    principles: list[tuple[str, Sort, bool]] = field(default_factory=list)  # name, what it gives, whether with `otherwise`

    def headers(self, attr: Attr) -> list[tuple[str, str, Head]]:
        """What the rules about an attribute may be of: words, a parent if one is named, and the kinds."""
        entity = self.words.entities[attr.entity]
        parents = self.words.parents(entity.name) or [""]
        members = entity.members or [""]
        everything = frozenset((p, m) for p in parents for m in members)
        found = [(entity.name, parents[0] if len(parents) == 1 else "", everything)]
        for parent in parents if parents != [""] else []:
            here = frozenset((parent, m) for m in members)
            words = f"{entity.name} of a {parent}"
            found.append((words, parent, here))
            if entity.members:
                first = entity.members[0]
                found.append((f"{words}, except {first}", parent, here - {(parent, first)}))
                found.append((f"{words}, only {first}", parent, frozenset({(parent, first)})))
        return found

    def speaker(self, attr: Attr, parent: str) -> Speaker:
        return Speaker(self.dice, self.words, attr.entity, parent, attr.rank)

    def attribute(self, attr: Attr, number: int) -> None:
        """Everything about one derived attribute of one entity type."""
        name = f"{attr.entity}.{attr.name}".replace(" ", "-")
        headers = self.headers(attr)
        if attr.sort.kind == "scale" and len(self.words.parents(attr.entity)) > 1 and self.dice.chance(45):
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

    # -- single rules -------------------------------------------------------------------------------------------------

    def conclusion(self, attr: Attr, say: Speaker) -> str:
        """The value that a rule gives, in words."""
        dice, sort = self.dice, attr.sort
        if dice.chance(8):
            return "has no value"
        if sort.numeric and dice.chance(70):
            text, whole = say.formula(2)
            if text.lstrip("-").replace(".", "").isdigit():
                return f"is {sort.literal(dice)}"
            if whole or sort.kind == "number":
                return f"is {text}"
            return f"is round {dice.pick(('half up', 'half even', 'up', 'down'))}({text})"
        if sort.ordered and dice.chance(20) and (extreme := say.extreme(sort)) is not None:
            return f"is {extreme}"
        copies = [text for text, other, _ in say.nouns() if other == sort] if dice.chance(40) else []
        return f"is {dice.pick(copies) if copies else sort.literal(dice, 15)}"

    def rules(self, attr: Attr, name: str, headers: list[tuple[str, str, Head]], above: list[str], kinds: Head) -> None:
        """Plain rules, some above others, perhaps with `otherwise`."""
        dice = self.dice
        earlier: list[tuple[str, Head]] = [(each, kinds) for each in above]
        for index in range(dice.weighted([(3, 1), (4, 2), (3, 3), (1, 4)])):
            of, parent, own = headers[0] if dice.chance(65) else dice.pick(headers)
            say = self.speaker(attr, parent)
            rule: Tree = {"rule": f"{name}.{index}", "of": of}
            if dice.chance(80):
                rule["when"] = say.conditions()
            if dice.chance(15):
                rule["unless"] = [say.condition(1)]
            rule["then"] = f"the {attr.name} {self.conclusion(attr, say)}"
            targets = [each for each, other in earlier if own & other and dice.chance(45)]
            if targets:
                rule["overrides"] = targets
            if dice.chance(8):
                rule[dice.pick(("note", "warn"))] = self.note(say)
            earlier.append((f"{name}.{index}", own))
            self.items.append(rule)
        if dice.chance(55):
            self.otherwise(attr, name, *dice.pick(headers))

    def otherwise(self, attr: Attr, name: str, of: str, parent: str, kinds: Head) -> None:
        mine = {(attr.entity, attr.name, *kind) for kind in kinds}
        if not mine & self.others:
            self.others |= mine
            text = f"the {attr.name} {self.conclusion(attr, self.speaker(attr, parent))}"
            self.items.append({"rule": f"{name}.else", "of": of, "otherwise": text})

    def limit(self, attr: Attr, name: str, headers: list[tuple[str, str, Head]]) -> None:
        if not (attr.sort.numeric or attr.sort.kind == "scale"):
            return
        of, parent, _ = self.dice.pick(headers)
        value = attr.sort.literal(self.dice, 0)
        if attr.sort.numeric and self.dice.chance(25):
            names = [n for n, s in self.words.parameters.items() if s is not None and s.numeric
                     and not (s.kind == "number" and attr.sort.kind == "whole")]  # fmt: skip
            value = f"the {self.dice.pick(names)}" if names else value
        text = f"the {attr.name} is at most {value}"
        say = self.speaker(attr, parent)
        self.items.append({"rule": name, "of": of, "when": say.conditions(2), "limit": text if self.dice.chance(70) else [text]})

    def covering(self, attr: Attr, name: str, of: str, parent: str) -> list[str]:
        """One rule for each value of one thing: one of them fires whenever it has a value."""
        say = self.speaker(attr, parent)
        options = [(text, sort) for text, sort, _ in say.nouns() if sort.values]
        if not options:
            return []
        text, sort = self.dice.pick(options)
        groups: dict[int, list[str]] = {}
        for value in sort.values:
            groups.setdefault(self.dice.below(3), []).append(value)
        made = []
        for index, values in groups.items():
            asked = values[0] if len(values) == 1 else "one of " + ", ".join(values)
            rule = {"rule": f"{name}.case-{index}", "of": of, "when": f"{text} is {asked}"}
            self.items.append({**rule, "then": f"the {attr.name} {self.conclusion(attr, say)}"})
            made.append(f"{name}.case-{index}")
        return made

    def climbing(self, attr: Attr, name: str) -> None:
        """The rating of a member from the same member further down, level by level."""
        parents = sorted(self.words.parents(attr.entity), key=self.words.depth)
        for parent in parents:
            say = self.speaker(attr, parent)
            of = f"{attr.entity} of a {parent}"
            tails = [c for c in ("branches", "wards", "places") if self._lies_below(parent, c)]
            if self.words.entities[attr.entity].members and tails:
                values = f"{attr.name} of the same {attr.entity} of the {self.dice.pick(tails)} of the {parent}"
                worst, *_, best = attr.sort.order
                tests = [f"at least 1 of the {values} are {worst}", f"every one of the {values} is {best}"]
                values_in = [f"the {self.dice.pick(('lowest', 'highest'))} {values}", attr.sort.literal(self.dice)]
                rule = {"rule": f"{name}.{parent}", "of": of, "when": self.dice.some(tests, 0, 2)}
                self.items.append({**rule, "then": f"the {attr.name} is {self.dice.pick(values_in)}"})
                if self.dice.chance(50):
                    members = self.words.entities[attr.entity].members
                    self.otherwise(attr, f"{name}.{parent}", of, parent, frozenset((parent, m) for m in members))
            else:
                rule = {"rule": f"{name}.{parent}", "of": of, "then": f"the {attr.name} {self.conclusion(attr, say)}"}
                self.items.append(rule)
            if self.dice.chance(40):
                self.limit(attr, f"{name}.{parent}.limit", [h for h in self.headers(attr) if h[1] == parent] or self.headers(attr))

    def _lies_below(self, parent: str, noun: str) -> bool:
        entities = self.words.entities
        holder, fixed = entities[parent], "key aspect"
        for each in self.words.collections:
            if each.noun == noun and each.owner == parent:
                return all(fixed in entities[i].has for i in each.items)
        return any(entities[c].plural == noun and fixed in entities[c].has for c in holder.many)

    def note(self, say: Speaker) -> str:
        found = say.collection(60)
        nouns = say.nouns()
        pieces = [f"{{{found.text}}}" if found else "", f"{{{self.dice.pick(nouns)[0]}}}" if nouns else ""]
        return f"still due: {pieces[0]} / {pieces[1]}"

    # -- tables -------------------------------------------------------------------------------------------------------

    def table(self, attr: Attr, name: str, of: str, parent: str) -> None:
        dice, say = self.dice, self.speaker(attr, parent)
        options = [(text, sort) for text, sort, _ in say.nouns()]
        options += [(text, replace(Sort("number", ranged=False), kind="whole" if whole else "number"))
                    for text, whole in [say.formula(1)] if not text.lstrip("-").replace(".", "").isdigit()]  # fmt: skip
        if not options:
            self.rules(attr, name, self.headers(attr), [], frozenset())
            return
        first, second = dice.pick(options), dice.pick(options)
        tree: Tree = {"table": name, "of": of}
        if dice.chance(15):
            tree["when"] = say.conditions(1)
        if dice.chance(55):
            cells = partition(dice, first[1])
            values = list(dict.fromkeys(attr.sort.value(dice, 15) for _ in cells))
            tree["input"] = first[0]
            if attr.sort.kind == "text" or len({key(each) for each in values}) < max(2, len(values)):
                rows: Any = [{"id": str(i), "then": self._cell(attr), "input": cell} for i, cell in enumerate(cells)]
            else:
                rows = dict(zip(values, cells, strict=False))
        else:
            tree["inputs"] = {"one": first[0], "two": second[0]}
            rows = []
            if dice.chance(50):
                tree["hit"] = "first"
                sorts = {"one": first[1], "two": second[1]}
                for _ in range(dice.number(1, 5)):
                    rows.append({name: dice.pick([*partition(dice, sort), "-"]) for name, sort in sorts.items()})
            else:
                others = [["-"] if dice.chance(40) else partition(dice, second[1]) for _ in range(5)]
                rows = [{"one": a, "two": b} for a, other in zip(partition(dice, first[1]), others, strict=False) for b in other]
            rows = [{"id": f"r{i}", "then": self._cell(attr), **row} for i, row in enumerate(rows)]
        tree |= {"then": f"the {attr.name}", "rows": rows}
        if isinstance(rows, list) and dice.chance(30) and not any('"' in each for row in rows for each in row.values()):
            columns = list(rows[0])
            lines = [",".join(columns), *(",".join(f'"{row[c]}"' for c in columns) for row in rows)]
            self.csv[f"rules/{name}.csv"] = "\n".join(lines) + "\n"
            tree["rows"] = f"{name}.csv"
        self.items.append(tree)

    def _cell(self, attr: Attr) -> str:
        return "has no value" if self.dice.chance(6) else attr.sort.literal(self.dice, 15)

    # -- principles ---------------------------------------------------------------------------------------------------

    def principle(self, scale: Sort) -> None:
        """Rules about a collection of ratings, written once."""
        dice = self.dice
        name = f"{scale.name}-principle"
        tree: Tree = {"principle": name, "takes": {"marks": f"a collection of {scale.name}s"}}
        takes: list[tuple[str, Sort]] = []
        if dice.chance(40):
            tree["takes"]["gate"] = "a yes/no"
            takes.append(("gate", YES_NO))
        asked = Speaker(dice, self.words, self.words.root.name, rank=0, takes=tuple(takes), marks=(("marks", scale),))
        counted = f"the number of the marks that {asked.predicate(asked.collection())}"  # type: ignore[arg-type]
        if dice.chance(60):
            rows = {"1": "up to 1", "2": "2..3", "3": "4 or more"} if dice.chance(70) else {"1": "up to 1", "3": "3 or more"}
            tree["let"] = {"threshold": {"table": {"input": counted, "rows": rows}} if dice.chance(70) else f"1 + {counted}"}
        tree["gives"] = scale.name
        rules: list[Tree] = []
        for index in range(dice.number(1, 3)):
            rule: Tree = {"rule": f"p{index}", "when": asked.conditions(2)}
            if "let" in tree and dice.chance(50):
                rule["when"].append(f"at least the threshold of the marks are {asked.relation(scale)}")
            if dice.chance(20):
                rule["limit"] = f"at most {scale.literal(dice, 0)}"
            else:
                rule["then"] = dice.weighted([(6, scale.literal(dice)), (2, "the lowest of the marks"), (1, "has no value")])
                targets = [each["rule"] for each in rules if dice.chance(40)]
                rule |= {"overrides": targets} if targets else {}
            rules.append(rule)
        other = dice.chance(50)
        if other:
            rules.append({"rule": "else", "otherwise": scale.literal(dice)})
        tree["rules"] = rules
        self.items.append(tree)
        self.principles.append((name, scale, other))

    def use(self, attr: Attr, name: str, of: str, parent: str, kinds: Head) -> list[str]:
        """A use of a principle, if one gives what the attribute needs."""
        fitting = [each for each in self.principles if each[1] == attr.sort]
        say = self.speaker(attr, parent)
        values = next((v for v in (say.values_of(attr.sort) for _ in range(4)) if v), None)
        if not fitting or values is None:
            return []
        principle, _, other = self.dice.pick(fitting)
        mine = {(attr.entity, attr.name, *kind) for kind in kinds}
        if other and mine & self.others:
            return []
        tree: Tree = {"use": f"{principle}@{name}", "of": of, "marks": values}
        takes = next(item for item in self.items if item.get("principle") == principle)["takes"]
        if "gate" in takes:
            gates = say.of_sort(YES_NO)
            tree["gate"] = self.dice.pick(gates) if gates else "yes"
        if other:
            self.others |= mine
        elif self.dice.chance(30):
            tree["when"] = say.conditions(1)
        self.items.append({**tree, "then": f"the {attr.name}"})
        return [f"{principle}@{name}"]

    # -- the rest -----------------------------------------------------------------------------------------------------

    def parameters(self) -> None:
        dice = self.dice
        for name, sort in self.words.parameters.items():
            if dice.chance(60):
                self.items.append({"parameter": name, "value": self.setting(sort)})
            else:
                since = ["2020-01-01", "2024-07-01", "2024-09-01"]
                self.items.append({"parameter": name, "values": {day: self.setting(sort) for day in dice.some(since, 1, 3)}})

    def setting(self, sort: Sort | None) -> str:
        """A value of a parameter."""
        if sort is None:
            return f"{self.dice.pick((1, 12, 24))} months"
        return self.dice.pick(("0.5", "2.5", "1.25")) if sort.kind == "number" else sort.value(self.dice)

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
                    shown = [a for a in self.words.entities[attr.entity].attrs if a.given and a.sort == attr.sort]
                    if shown and dice.chance(50):
                        how["until then"] = f"show {shown[0].name} as given earlier"
                withdraw[f"the {attr.name} of a {attr.entity}"] = how or {"source": {"document": "letter"}}
        if withdraw:
            tree["withdraw"] = withdraw
        if dice.chance(15):
            tree["publish"] = [f"the {a.name} of a {a.entity}" for a in dice.some(list(self.words.derived()), 1, 3)]
        return tree


CUTS = {"whole": ((0,), (1,), (0, 2), (1, 3), (2, 60)), "number": ((1,), (2,), (1, 3))}


def partition(dice: Dice, sort: Sort) -> list[str]:
    """Cells that do not overlap; sometimes with a gap."""
    cells: list[str] = []
    if sort.kind == "scale":
        cut = dice.number(1, len(sort.order) - 1)
        low, high = sort.order[:cut], sort.order[cut:]
        cells = [f"{low[-1]} or worse" if dice.chance(50) else "one of " + ", ".join(low), f"{high[0]} or better"]
        cells += [each for each in sort.outside if dice.chance(70)]
    elif sort.values:
        cells = list(sort.values) if dice.chance(60) else [f"not {sort.values[0]}", sort.values[0]]
    elif sort.numeric:
        cuts = dice.pick(CUTS[sort.kind])
        ends = [f"{low + 1 if sort.kind == 'whole' else low}..{high}" for low, high in pairwise(cuts)]
        if sort.kind == "whole":
            cells = [f"up to {cuts[0]}", *ends, f"{cuts[-1] + 1} or more"]
        else:
            cells = [f"less than {cuts[0]}", *(ends or [str(cuts[0])]), f"more than {cuts[-1]}"]
    elif sort.kind == "date":
        cells = ["before 2023-07-01", "between 2023-07-01 and 2024-07-01", "after 2024-07-01"]
    else:
        cells = ['"annex"', '"blue"']
    return cells if dice.chance(75) or len(cells) < 2 else cells[1:]


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


LETTER: Tree = {"title": "Letter", "publisher": "The regulator", "date": "2024-01-01", "seen": "in part"}
SOURCES: Tree = {"documents": {"letter": LETTER}}


def books() -> st.SearchStrategy[tuple[Book, Words]]:
    """Whole rulebooks, as a Hypothesis strategy."""
    return dice().map(book)


__all__ = ["DATE", "Book", "book", "books", "written"]
