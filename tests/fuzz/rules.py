"""Generated rules: single ones, those that cover every value, those that climb the tree, limits and
notes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .dice import Dice
from .sentences import Speaker
from .words import Attr, Sort, Tree, Words

Head = frozenset[tuple[str, str]]  # the kinds that a rule is of: (parent, member)


@dataclass
class Rules:
    """Writes the rules of one rulebook."""

    dice: Dice
    words: Words
    items: list[Tree] = field(default_factory=list)
    csv: dict[str, str] = field(default_factory=dict)
    # attributes that have an `otherwise`
    others: set[tuple[str, str, str, str]] = field(default_factory=set)
    # name, what it gives, whether with `otherwise`
    principles: list[tuple[str, Sort, bool]] = field(default_factory=list)

    def headers(self, attr: Attr) -> list[tuple[str, str, Head]]:
        """What the rules about an attribute may be of: words, a parent if one is named, and the
        kinds.
        """
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
        copies = (
            [text for text, other, _ in say.nouns() if other == sort] if dice.chance(40) else []
        )
        return f"is {dice.pick(copies) if copies else sort.literal(dice, 15)}"

    def rules(
        self,
        attr: Attr,
        name: str,
        headers: list[tuple[str, str, Head]],
        above: list[str],
        kinds: Head,
    ) -> None:
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
            targets = [
                each for each, other in earlier if own & other and dice.chance(45)
            ] + self.judgements(attr)
            if targets:
                rule["overrides"] = targets
            if dice.chance(8):
                rule[dice.pick(("note", "warn"))] = self.note(say)
            earlier.append((f"{name}.{index}", own))
            self.items.append(rule)
        if dice.chance(55):
            self.otherwise(attr, name, *dice.pick(headers))

    def judgements(self, attr: Attr) -> list[str]:
        """What a rule, table or use says that leaves judgements without effect."""
        return ["any judgement"] if attr.judged and self.dice.chance(40) else []

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
            names = [
                n
                for n, s in self.words.parameters.items()
                if s is not None
                and s.numeric
                and not (s.kind == "number" and attr.sort.kind == "whole")
            ]
            value = f"the {self.dice.pick(names)}" if names else value
        text = f"the {attr.name} is at most {value}"
        say = self.speaker(attr, parent)
        self.items.append(
            {
                "rule": name,
                "of": of,
                "when": say.conditions(2),
                "limit": text if self.dice.chance(70) else [text],
            }
        )

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
                tests = [
                    f"at least 1 of the {values} are {worst}",
                    f"every one of the {values} is {best}",
                ]
                values_in = [
                    f"the {self.dice.pick(('lowest', 'highest'))} {values}",
                    attr.sort.literal(self.dice),
                ]
                rule = {"rule": f"{name}.{parent}", "of": of, "when": self.dice.some(tests, 0, 2)}
                self.items.append(
                    {**rule, "then": f"the {attr.name} is {self.dice.pick(values_in)}"}
                )
                if self.dice.chance(50):
                    members = self.words.entities[attr.entity].members
                    self.otherwise(
                        attr,
                        f"{name}.{parent}",
                        of,
                        parent,
                        frozenset((parent, m) for m in members),
                    )
            else:
                rule = {
                    "rule": f"{name}.{parent}",
                    "of": of,
                    "then": f"the {attr.name} {self.conclusion(attr, say)}",
                }
                self.items.append(rule)
            if self.dice.chance(40):
                self.limit(
                    attr,
                    f"{name}.{parent}.limit",
                    [h for h in self.headers(attr) if h[1] == parent] or self.headers(attr),
                )

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
        pieces = [
            f"{{{found.text}}}" if found else "",
            f"{{{self.dice.pick(nouns)[0]}}}" if nouns else "",
        ]
        return f"still due: {pieces[0]} / {pieces[1]}"
