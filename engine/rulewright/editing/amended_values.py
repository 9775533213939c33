"""Which entry under `replaces` of an amendment gives a target of the amended policy its value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rulewright.amendments.assembly import Assembly
from rulewright.amendments.documents import DocumentTarget
from rulewright.amendments.entries import EntryTarget
from rulewright.amendments.rows import ROW, tables_within
from rulewright.amendments.rules_of_principles import RuleOfPrinciple, RuleOfUse
from rulewright.amendments.targets import every_target
from rulewright.amendments.words import WordTarget
from rulewright.syntax.errors import NOWHERE, InputError, Problem, nearest
from rulewright.syntax.text import key, slug

from .targets import Assignment, full_steps, longest_name, steps_of


@dataclass(frozen=True)
class ReplacedLine:
    """`NAME: VALUE` under `replaces`, or with `steps` the value of one field below the name.

    `value` is a text, or a whole list or condition of which one entry is new; `whole` are all
    steps, down into that; `old` is the value in the amended policy. `above`: the steps from the
    entry of that name down to what the steps are counted from.
    """

    kind: str
    name: str
    steps: tuple[str, ...]
    value: Any
    whole: tuple[str, ...]
    old: str = ""
    above: tuple[str, ...] = ()


def other_names(entry: ReplacedLine) -> Iterator[ReplacedLine]:
    """The ways in which an amendment may write an entry: `sizes[small]` is `rows > small` of
    `sizes`, `agg.bad` a rule of `agg`.
    """
    yield entry
    row = ROW.match(entry.name)
    if row is not None:
        principle, _, word = row["table"].rpartition(".")
        yield replace(entry, name=row["table"], above=("rows", row["row"]))
        yield replace(entry, name=principle, above=("let", word, "table", "rows", row["row"]))
    elif entry.kind == "table" and entry.steps[0] == "rows" and len(entry.whole) > 1:
        yield replace(
            entry,
            name=f"{entry.name}[{entry.whole[1]}]",
            steps=entry.whole[2:],
            whole=entry.whole[2:],
        )
    elif entry.kind == "principle" and len(entry.steps) == 5 and entry.steps[0] == "let":
        yield replace(
            entry, name=f"{entry.name}.{slug(entry.steps[1])}[{entry.steps[4]}]", steps=(), whole=()
        )
    elif entry.kind == "rule" and "@" not in entry.name:
        principle, _, rule = entry.name.rpartition(".")
        yield replace(entry, name=principle, above=("rules", rule))


def line_for(assembly: Assembly, assignment: Assignment) -> ReplacedLine | None:
    """The entry for a target; `None` when the amended policy has nothing of that name.

    Raises `InputError` (RW433, RW436).
    """
    trees = _trees(assembly)
    name = longest_name(assignment.target, trees)
    if name is None:
        wanted = key(assignment.target)
        words = (each.name for each in WordTarget.every(assembly) if key(each.name) == wanted)
        word = next(words, None)
        return ReplacedLine("word", word, (), assignment.tree, ()) if word else None
    kind, tree = trees[name]
    rest = assignment.target[len(name) :].strip()
    steps = steps_of(rest, assignment.target)
    bracket = rest.startswith("[")
    if kind == "table" and bracket:
        return _row(name, tree["rows"], steps, assignment)
    if kind == "parameter" and not steps:
        return ReplacedLine(kind, name, (), assignment.tree, (), _text(tree.get("value")))
    if not steps:
        raise _refusal(
            "RW436", f"`{name}` is a {kind}", f"name what of it shall change: `{name}.FIELD=…`"
        )
    return _field(kind, name, tree, full_steps(kind, steps, bracket), assignment)


def _trees(assembly: Assembly) -> dict[str, tuple[str, Any]]:
    """Everything with fields: its kind and its tree, by name."""
    found: dict[str, tuple[str, Any]] = {
        each.name: ("document", {}) for each in DocumentTarget.every(assembly)
    }
    for each in every_target(assembly, (EntryTarget, RuleOfPrinciple, RuleOfUse)):
        found[each.name] = each.kind_in(assembly), each.read(assembly)
    for item in assembly.items.values():
        for name, word in tables_within(item):
            found[name] = "table", item.tree["let"][word]["table"]
    return found


def _row(table: str, rows: Any, steps: list[str], assignment: Assignment) -> ReplacedLine:
    row, *columns = steps
    if isinstance(rows, dict):
        name = next((str(each) for each in rows if key(each) == key(row)), None)
        if name is None:
            raise _refusal("RW433", f"`{table}` has no row `{row}`", nearest(row, map(str, rows)))
        if columns:
            raise _refusal(
                "RW436",
                f"the rows of `{table}` have one cell",
                f"leave `{columns[0]}` out: `{table}[{name}]`",
            )
        return ReplacedLine("row", f"{table}[{name}]", (), assignment.tree, (), _text(rows[name]))
    if isinstance(rows, list):
        names = [str(each.get("id", number)) for number, each in enumerate(rows, 1)]
        name = next((each for each in names if each.lower() == row.lower()), None)
        if name is None:
            raise _refusal("RW433", f"`{table}` has no row `{row}`", nearest(row, names))
        row = name
    if len(columns) != 1:
        cells = ", ".join(
            f"`{each}`"
            for each in (rows[0] if isinstance(rows, list) and rows else ())
            if each != "id"
        )
        raise _refusal(
            "RW436",
            f"the row `{row}` of `{table}` has several cells",
            f"name one: `{table}[{row}].COLUMN`" + (f"; the columns are {cells}" if cells else ""),
        )
    old = _text(rows[names.index(row)].get(columns[0])) if isinstance(rows, list) else ""
    return ReplacedLine(
        "row", f"{table}[{row}]", (columns[0],), assignment.tree, (columns[0],), old
    )


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _field(
    kind: str, name: str, tree: Any, steps: list[str], assignment: Assignment
) -> ReplacedLine:
    """A field below the name; one entry of a list changes the list, which an amendment replaces as
    a whole, as it does a condition with its reason.
    """
    here, above = tree, name
    for index, step in enumerate(steps):
        if not assignment.is_list and _is_reasoned(here, steps[index:]):
            return ReplacedLine(
                kind,
                name,
                tuple(steps[:index]),
                {**here, step: assignment.value},
                tuple(steps),
                _text(here[step]),
            )
        if isinstance(here, dict):
            here = next((value for each, value in here.items() if key(each) == key(step)), {})
        elif isinstance(here, list):
            at = int(step) - 1 if step.isdecimal() and len(step) < 9 else -1
            if (
                0 <= at < len(here)
                and not assignment.is_list
                and _is_reasoned(here[at], steps[index + 1 :])
            ):
                one = {**here[at], steps[-1]: assignment.value}
                return ReplacedLine(
                    kind,
                    name,
                    tuple(steps[:index]),
                    [*here[:at], one, *here[at + 1 :]],
                    tuple(steps),
                    _text(here[at][steps[-1]]),
                )
            if not step.isdecimal() or not 0 < int(step) <= len(here) or index + 1 < len(steps):
                raise _refusal(
                    "RW433",
                    f"`{above}` has no entry `{step}`",
                    f"it has {len(here)}: `{above}[1]` is the first",
                )
            changed = [
                assignment.tree if number == int(step) else each
                for number, each in enumerate(here, 1)
            ]
            return ReplacedLine(
                kind, name, tuple(steps[:index]), changed, tuple(steps), _text(here[int(step) - 1])
            )
        else:
            raise _refusal(
                "RW433",
                f"`{above}` is one text: nothing lies below it",
                f"leave `{step}` out of the target",
            )
        above = step
    if isinstance(here, list | dict) and here and not assignment.is_list:
        what = f"a list of {len(here)}" if isinstance(here, list) else "a mapping"
        inner = (
            f"{assignment.target}[1]"
            if isinstance(here, list)
            else f"{assignment.target}.{next(iter(here))}"
        )
        raise _refusal(
            "RW436",
            f"`{assignment.target}` is {what}, not one value",
            f"name one of its entries: `{inner}`",
        )
    return ReplacedLine(kind, name, tuple(steps), assignment.tree, tuple(steps), _text(here))


def _is_reasoned(tree: Any, steps: list[str]) -> bool:
    """Whether a condition with its reason is changed: its sentence, or the reason."""
    return (
        isinstance(tree, dict)
        and set(tree) == {"condition", "because"}
        and steps in (["condition"], ["because"])
    )


def _refusal(code: str, message: str, help: str) -> InputError:
    return InputError(Problem(NOWHERE, code, message, help))
