"""What commands run by default: the shipped scenarios and properties, which belong to the shipped rulebook."""

from __future__ import annotations

from pathlib import Path

from rulewright.language.errors import InputError, Place, Problem
from rulewright.workbench import Rules, data_folder


def shipped(what: str, book: Rules, how: str = "name files or folders of your own") -> Path:
    """The shipped `scenarios` or `properties`. Raises `InputError` (RW805) where the rulebook is not the shipped one or a copy."""
    if not is_shipped(book):
        raise InputError(Problem(Place(""), "RW805", f"no {what} are named, and the shipped ones are not of the rulebook `{book.shown}`", how))
    return data_folder() / what


def is_shipped(book: Rules) -> bool:
    """Whether a rulebook is the shipped one, or a copy of it: it has all its policies, and perhaps others."""
    own = Rules()
    return book.root.resolve() == own.root.resolve() or {each.id for each in own.policies} <= {each.id for each in book.policies}
