"""Generated decision tables, and the cells of one column."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from rulewright.syntax.text import key

from .dice import Dice
from .rules import Rules
from .words import Attr, Sort, Tree


class Tables(Rules):
    """Writes tables."""

    def table(self, attr: Attr, name: str, of: str, parent: str) -> None:
        dice, say = self.dice, self.speaker(attr, parent)
        options = [(text, sort) for text, sort, _ in say.nouns()]
        options += [
            (text, replace(Sort("number", ranged=False), kind="whole" if whole else "number"))
            for text, whole in [say.formula(1)]
            if not text.lstrip("-").replace(".", "").isdigit()
        ]
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
            if attr.sort.kind == "text" or len({key(each) for each in values}) < max(
                2, len(values)
            ):
                rows: Any = [
                    {"id": str(i), "then": self._cell(attr), "input": cell}
                    for i, cell in enumerate(cells)
                ]
            else:
                rows = dict(zip(values, cells, strict=False))
        else:
            tree["inputs"] = {"one": first[0], "two": second[0]}
            rows = []
            if dice.chance(50):
                tree["hit"] = "first"
                sorts = {"one": first[1], "two": second[1]}
                for _ in range(dice.number(1, 5)):
                    rows.append(
                        {
                            name: dice.pick([*partition(dice, sort), "-"])
                            for name, sort in sorts.items()
                        }
                    )
            else:
                others = [
                    ["-"] if dice.chance(40) else partition(dice, second[1]) for _ in range(5)
                ]
                rows = [
                    {"one": a, "two": b}
                    for a, other in zip(partition(dice, first[1]), others, strict=False)
                    for b in other
                ]
            rows = [{"id": f"r{i}", "then": self._cell(attr), **row} for i, row in enumerate(rows)]
        tree |= {"then": f"the {attr.name}", "rows": rows}
        if over := self.judgements(attr):
            tree["overrides"] = over
        if (
            isinstance(rows, list)
            and dice.chance(30)
            and not any('"' in each for row in rows for each in row.values())
        ):
            columns = list(rows[0])
            lines = [",".join(columns), *(",".join(f'"{row[c]}"' for c in columns) for row in rows)]
            self.csv[f"rules/{name}.csv"] = "\n".join(lines) + "\n"
            tree["rows"] = f"{name}.csv"
        self.items.append(tree)

    def _cell(self, attr: Attr) -> str:
        return "has no value" if self.dice.chance(6) else attr.sort.literal(self.dice, 15)


CUTS = {"whole": ((0,), (1,), (0, 2), (1, 3), (2, 60)), "number": ((1,), (2,), (1, 3))}


def partition(dice: Dice, sort: Sort) -> list[str]:
    """Cells that do not overlap; sometimes with a gap."""
    cells: list[str] = []
    if sort.kind == "scale":
        cut = dice.number(1, len(sort.order) - 1)
        low, high = sort.order[:cut], sort.order[cut:]
        cells = [
            f"{low[-1]} or worse" if dice.chance(50) else "one of " + ", ".join(low),
            f"{high[0]} or better",
        ]
        cells += [each for each in sort.outside if dice.chance(70)]
    elif sort.values:
        cells = list(sort.values) if dice.chance(60) else [f"not {sort.values[0]}", sort.values[0]]
    elif sort.numeric:
        cuts = dice.pick(CUTS[sort.kind])
        ends = [
            f"{low + 1 if sort.kind == 'whole' else low}..{high}" for low, high in pairwise(cuts)
        ]
        if sort.kind == "whole":
            cells = [f"up to {cuts[0]}", *ends, f"{cuts[-1] + 1} or more"]
        else:
            cells = [f"less than {cuts[0]}", *(ends or [str(cuts[0])]), f"more than {cuts[-1]}"]
    elif sort.kind == "date":
        cells = ["before 2023-07-01", "between 2023-07-01 and 2024-07-01", "after 2024-07-01"]
    else:
        cells = ['"annex"', '"blue"']
    return cells if dice.chance(75) or len(cells) < 2 else cells[1:]
