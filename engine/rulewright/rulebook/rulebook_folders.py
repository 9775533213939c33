"""Whether a folder is a rulebook, or holds rulebooks: then it is asked which is meant, instead of
reporting them as one with mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from rulewright.syntax.errors import InputError, Place, Problem

_MOST_NAMED = 3


def refuse_several(trees: Mapping[str, Any], shown: str) -> None:
    """Raises `InputError` (RW118) where folders below are rulebooks.

    `trees`: what stands in each file, by its path.
    """
    found = set(_rulebooks(trees))
    if not found - {""}:
        return
    inner = [f"{shown}/{each}" for each in sorted(found - {""})]
    number = "one" if len(inner) == 1 else f"{len(inner)}"
    named = ", ".join(f"`{each}`" for each in inner[:_MOST_NAMED])
    more = f" and {len(inner) - _MOST_NAMED} others" if inner[_MOST_NAMED:] else ""
    what, help = (
        f"`{shown}` is not a rulebook itself",
        f"name the one that is meant, such as `{inner[0]}`",
    )
    if "" in found:
        what, help = (
            f"`{shown}` is a rulebook",
            "keep each rulebook in a folder of its own, beside the others",
        )
    raise InputError(
        Problem(
            Place(shown),
            "RW118",
            f"{what}, and {number} lie{'s' if len(inner) == 1 else ''} in it: {named}{more}",
            help,
        )
    )


def _rulebooks(trees: Mapping[str, Any]) -> Iterator[str]:
    """The folder of each rulebook: that from which a policy names its parts; the folder itself is
    the empty name.
    """
    for name, tree in trees.items():
        parts = tree.get("parts") if isinstance(tree, dict) and "policy" in tree else None
        if isinstance(parts, list) and parts:
            for folder in PurePosixPath(name).parents:
                if all((folder / str(each)).as_posix() in trees for each in parts):
                    yield "" if folder == PurePosixPath() else folder.as_posix()
                    break


def may_hold_several(policies: Iterable[Any], parts: Mapping[str, Any]) -> bool:
    """Whether some policy names a part that is not there, as it is where the rulebook is a folder
    further down.
    """
    return any(str(each) not in parts for policy in policies for each in policy.parts)
