"""YAML and JSON spoiled as trees: the form stays sound, the content does not."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import yaml

from tests.fuzz.dice import Dice

from .texts import CHARACTERS, SCALARS, text_of

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 2**63, 1.5, 1e308, float("inf"), float("nan"), "", " ", [], {}, [[]], [None], {"": ""}, "unknown", "none",
    "no value", "good", "yes", datetime.date(1, 1, 1), datetime.date(9999, 12, 31), datetime.datetime(2024, 2, 29, 1), "2024-02-30",
)  # fmt: skip
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
Path = tuple[Any, ...]


def paths(tree: Any, path: Path = ()) -> Iterator[Path]:
    """The place of every node below the outermost."""
    entries = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    for step, below in entries:
        yield (*path, step)
        yield from paths(below, (*path, step))


def at(tree: Any, path: Path) -> Any:
    """The node at a place."""
    for step in path:
        tree = tree[step]
    return tree


def odd_value(dice: Dice) -> Any:
    """A value that is hardly what is expected."""
    text = dice.pick(SCALARS) if dice.chance(60) else "x" + dice.pick(CHARACTERS)
    return text if dice.chance(40) else dice.pick(VALUES)


def spoil(tree: Any, dice: Dice) -> Any:
    """The tree with one node in it otherwise; what is given is not changed."""
    places = list(paths(tree))
    if not places:
        return odd_value(dice)
    tree, place, other = deepcopy(tree), dice.pick(places), dice.pick(places)
    holder, step = at(tree, place[:-1]), place[-1]
    match dice.below(9):
        case 0:
            holder[step] = odd_value(dice)
        case 1:
            holder[step] = deepcopy(at(tree, other))
        case 2:  # both, unless one lies within the other
            if place[: len(other)] != other and other[: len(place)] != place:
                at(tree, other[:-1])[other[-1]], holder[step] = holder[step], at(tree, other)
        case 3:
            del holder[step]
        case 4:
            for _ in range(dice.pick((1, 1, 3, 40))):
                holder[step] = (
                    [holder[step]]
                    if dice.chance(50)
                    else {dice.pick(("when", "any of", "rows", "x")): holder[step]}
                )
        case 5 if isinstance(holder, list):
            holder.insert(step, deepcopy(holder[step]))
        case 6 if isinstance(holder, dict):
            holder[str(dice.pick((*SCALARS, "rule", "of", "then", "rows", "when")))] = deepcopy(
                holder[step]
            )
        case 7 if isinstance(holder, dict):  # a name of another thing
            names = [each[-1] for each in places if isinstance(each[-1], str)] or ["x"]
            holder[dice.pick(names)] = holder.pop(step)
        case _ if isinstance(holder[step], str) and holder[step]:
            words = holder[step].split(" ")
            words[dice.below(len(words))] = (
                str(odd_value(dice)) if dice.chance(30) else dice.pick(words)
            )
            holder[step] = " ".join(words)
        case _:
            holder[step] = dice.pick(VALUES)
    return tree


def spoiled_yaml(data: bytes, dice: Dice) -> bytes:
    """A YAML file, perhaps JSON, whose tree is otherwise.

    Raises `ValueError` where it cannot be read.
    """
    try:
        tree = yaml.load(text_of(data), _LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error)) from None
    for _ in range(dice.pick((1, 1, 2, 4))):
        tree = spoil(tree, dice)
    style: dict[str, Any] = {
        "default_flow_style": dice.pick((False, False, None, True)),
        "width": dice.pick((40, 100, 10_000)),
    }
    try:
        if dice.chance(10):
            return json.dumps(tree, default=str, indent=dice.pick((None, 1))).encode()
        return str(
            yaml.dump(tree, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, **style)
        ).encode("utf-8", "surrogatepass")
    except (yaml.YAMLError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def spoiled_json(data: bytes, dice: Dice) -> bytes:
    """A line of a JSON or JSON lines file whose tree is otherwise.

    Raises `ValueError` where it cannot be read.
    """
    lines = text_of(data).split("\n")
    number = dice.below(max(1, len([each for each in lines if each])))
    try:
        lines[number] = json.dumps(
            spoil(json.loads(lines[number]), dice), default=str, ensure_ascii=dice.chance(50)
        )
    except RecursionError as error:
        raise ValueError(str(error)) from None
    return "\n".join(lines).encode("utf-8", "surrogatepass")
