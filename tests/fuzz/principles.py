"""Generated principles, and uses of them."""

from __future__ import annotations

from .rules import Head
from .sentences import Speaker
from .tables import Tables
from .words import YES_NO, Attr, Sort, Tree


class Principles(Tables):
    """Writes principles and their uses."""

    def principle(self, scale: Sort) -> None:
        """Rules about a collection of ratings, written once."""
        dice = self.dice
        name = f"{scale.name}-principle"
        tree: Tree = {"principle": name, "takes": {"marks": f"a collection of {scale.name}s"}}
        takes: list[tuple[str, Sort]] = []
        if dice.chance(40):
            tree["takes"]["gate"] = "a yes/no"
            takes.append(("gate", YES_NO))
        asked = Speaker(
            dice,
            self.words,
            self.words.root.name,
            rank=0,
            takes=tuple(takes),
            marks=(("marks", scale),),
        )
        counted = f"the number of the marks that {asked.predicate(asked.collection())}"  # type: ignore[arg-type]
        if dice.chance(60):
            rows = (
                {"1": "up to 1", "2": "2..3", "3": "4 or more"}
                if dice.chance(70)
                else {"1": "up to 1", "3": "3 or more"}
            )
            tree["let"] = {
                "threshold": {"table": {"input": counted, "rows": rows}}
                if dice.chance(70)
                else f"1 + {counted}"
            }
        tree["gives"] = scale.name
        rules: list[Tree] = []
        for index in range(dice.number(1, 3)):
            rule: Tree = {"rule": f"p{index}", "when": asked.conditions(2)}
            if "let" in tree and dice.chance(50):
                rule["when"].append(
                    f"at least the threshold of the marks are {asked.relation(scale)}"
                )
            if dice.chance(20):
                rule["limit"] = f"at most {scale.literal(dice, 0)}"
            else:
                rule["then"] = dice.weighted(
                    [(6, scale.literal(dice)), (2, "the lowest of the marks"), (1, "has no value")]
                )
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
        if over := self.judgements(attr):
            tree["overrides"] = over
        self.items.append({**tree, "then": f"the {attr.name}"})
        return [f"{principle}@{name}"]
