"""Failures of generated pairs, made small."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from rulewright.syntax.errors import InputError

from .books import Book
from .cases import written
from .words import Tree

Check = Callable[[Book, Any], object]
PATIENCE = 90.0  # seconds to make one failure small


class Failure(NamedTuple):
    """A property that a generated pair breaks."""

    name: str
    message: str
    book: Book
    case: Tree | None

    def show(self) -> str:
        files = "\n".join(f"# {name}\n{text}" for name, text in self.book.texts().items())
        return f"== {self.name}: {self.message}\n{files}" + (
            f"# case\n{written(self.case)}" if self.case is not None else ""
        )


def must(check: Check, rulebook: Book, tree: Tree | None) -> None:
    """Run a check; when it fails, fail with a pair made small."""
    try:
        check(rulebook, tree)
    except Exception as error:
        if isinstance(error, InputError):
            raise
        raise AssertionError(made_small(check, rulebook, tree).show()) from None


def note(failures: list[Failure], check: Check, rulebook: Book, tree: Tree | None) -> None:
    """Make a failure small and keep it, unless one like it was kept."""
    like = f"{check.__name__}: {symptom(check, rulebook, tree)}"
    if all(each.name != like for each in failures):
        failures.append(made_small(check, rulebook, tree)._replace(name=like))


def made_small(check: Check, rulebook: Book, tree: Tree | None) -> Failure:
    small, small_tree = smallest(check, rulebook, tree)
    message = "(not repeatable)"
    try:
        check(small, small_tree)
    except Exception:
        message = traceback.format_exc(limit=-3)
    return Failure(check.__name__, message, small, small_tree)


def symptom(check: Check, rulebook: Book, tree: Tree | None) -> str:
    """How a check fails, in a few words ("" when it does not, or when the input is refused)."""
    try:
        check(rulebook, tree)
    except InputError:
        return ""
    except AssertionError as error:
        return f"AssertionError {str(error)[:9]}"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} {frame.name}"
    return ""


def smallest(check: Check, rulebook: Book, tree: Tree | None) -> tuple[Book, Tree | None]:
    """A smaller pair with the same symptom: whatever can be left out is left out."""
    wanted = symptom(check, rulebook, tree)
    whole: list[Any] = [rulebook.vocabulary, rulebook.parts, rulebook.policy, rulebook.csv, tree]
    shrunk, until = True, time.monotonic() + PATIENCE
    while shrunk:
        shrunk = False
        for path in list(_paths(whole)):
            if time.monotonic() > until:
                break
            trial = deepcopy(whole)
            if _left_out(trial, path) and symptom(check, _book(trial), trial[4]) == wanted:
                whole, shrunk = trial, True
    return _book(whole), whole[4]


def _book(whole: list[Any]) -> Book:
    return Book(*whole[:4])


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every entry of a nested tree, outermost first."""
    entries = (
        list(tree.items())
        if isinstance(tree, dict)
        else list(enumerate(tree))
        if isinstance(tree, list)
        else []
    )
    for name, content in reversed(entries):
        if path:
            yield (*path, name)
        if content is not None:
            yield from _paths(content, (*path, name))


def _left_out(whole: Any, path: tuple[Any, ...]) -> bool:
    """Take the entry at `path` out, if it is still there."""
    holder = whole
    for step in path[:-1]:
        if not (
            step in holder
            if isinstance(holder, dict)
            else isinstance(holder, list) and step < len(holder)
        ):
            return False
        holder = holder[step]
    if isinstance(holder, dict) and path[-1] in holder:
        del holder[path[-1]]
        return True
    if isinstance(holder, list) and isinstance(path[-1], int) and path[-1] < len(holder):
        del holder[path[-1]]
        return True
    return False
