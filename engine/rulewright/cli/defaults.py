"""What commands take where nothing is named: the shipped rulebook with its scenarios and
properties, or a copy of them.
"""

from __future__ import annotations

from pathlib import Path

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.shipped import RULEBOOK, copy_in, data_folder
from rulewright.workbench import Rules


def rulebook_here() -> Path | None:
    """The copy of the shipped rulebook in the present folder, where there is one."""
    return copy_in(Path())


def shipped(what: str, book: Rules, how: str = "name files or folders of your own") -> Path:
    """The `scenarios` or `properties` of the shipped rulebook, or of a copy.

    Raises `InputError` (RW805) for any other rulebook.
    """
    found = belonging(what, book)
    if found is None:
        raise InputError(
            Problem(
                Place(""),
                "RW805",
                f"no {what} are named, and the shipped ones are not of the rulebook `{book.shown}`",
                how,
            )
        )
    return found


def belonging(what: str, book: Rules) -> Path | None:
    """The same, where there are any: a copy has those beside it, if they were copied too, and else
    the shipped ones.
    """
    root = book.root.resolve()
    beside = root.parent.parent / what
    copied = root.parent.name == Path(RULEBOOK).parent.name and beside.is_dir()
    if (
        copied and root.name == Path(RULEBOOK).name
    ):  # also where an earlier version was copied, which had other policies
        return beside
    if not is_shipped(book):
        return None
    return beside if copied else data_folder() / what


def is_shipped(book: Rules) -> bool:
    """Whether a rulebook is the shipped one, or a copy of it: it has all its policies, and perhaps
    others.
    """
    own = Rules()
    return book.root.resolve() == own.root.resolve() or {each.id for each in own.policies} <= {
        each.id for each in book.policies
    }
