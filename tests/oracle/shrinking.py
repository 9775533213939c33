"""A difference made small: whatever a case can do without is left out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import yaml

from .cases import Asked
from .comparing import Difference, compare
from .facts import Tree
from .library import Library

PATIENCE = 60.0  # seconds to make one case small
KEPT = {"case", "as at", "name", "trust"}


def smallest(library: Library, asked: Asked, wanted: Difference) -> tuple[Asked, Difference]:
    """A smaller case with the same kind of difference on the same attribute."""
    until = time.monotonic() + PATIENCE
    shrunk = True
    while shrunk and time.monotonic() < until:
        shrunk = False
        for trial in _smaller(asked):
            found = _like(library, trial, wanted)
            if found is not None:
                asked, wanted, shrunk = trial, found, True
                break
    return asked, wanted


def _like(library: Library, asked: Asked, wanted: Difference) -> Difference | None:
    try:
        found = compare(library, asked)
    except KeyError:  # a thing without its name, or a decision without its day
        return None
    same = (
        each
        for each in found
        if (each.path.split(" > ")[-1], each.attribute, each.how)
        == (wanted.path.split(" > ")[-1], *wanted[1:3])
    )
    return next((each for each in same if len(each.oracle) <= len(wanted.oracle)), None)


def _smaller(asked: Asked) -> Iterator[Asked]:
    """The case without one of its parts, large parts first."""
    for name in asked.settings:
        yield Asked(
            asked.tree,
            asked.policy,
            {each: value for each, value in asked.settings.items() if each != name},
            asked.complete,
        )
    for path in sorted(_paths(asked.tree), key=len):
        tree = deepcopy(asked.tree)
        holder: Any = tree
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        yield Asked(tree, asked.policy, asked.settings, asked.complete)


def _paths(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every part that can be left out."""
    if isinstance(content, dict | list):
        for name, part in content.items() if isinstance(content, dict) else enumerate(content):
            if name not in KEPT and not (path[:1] == ("judgements",) and len(path) == 2):
                yield (*path, name)
            yield from _paths(part, (*path, name))


def as_yaml(asked: Asked) -> str:
    """A case as a file would hold it."""
    settings = "".join(f"# --set '{name}={value}'\n" for name, value in asked.settings.items())
    return settings + yaml.safe_dump(
        _tidied(asked.tree), sort_keys=False, allow_unicode=True, width=120
    )


def _tidied(tree: Tree) -> Tree:
    """Without what is empty."""
    if isinstance(tree, dict):
        tidied = {name: _tidied(each) for name, each in tree.items()}
        return {name: each for name, each in tidied.items() if each not in ({}, [])}
    return [_tidied(each) for each in tree] if isinstance(tree, list) else tree
