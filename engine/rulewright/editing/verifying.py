"""Whether a file of a rulebook may be changed: the whole rulebook is compiled as it would be, and its seals are compared."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rulewright.language.errors import InputError, Place, Problem
from rulewright.language.rulebook import Rulebook
from rulewright.program.faults import added, faults_of, lines_written


def verify(book: Rulebook, texts: dict[str, str], changed: str) -> tuple[Problem, ...]:
    """What is still wrong with the rulebook with other `texts`; `changed` is the file that changes, for messages.

    Raises `InputError` with every mistake that the change would add to those that are there; RW434 when a policy that is sealed
    would have another meaning.
    """
    name = changed.removeprefix(f"{book.shown}/")
    own, new = texts.get(name, ""), {f"{book.shown}/{each}" for each in texts if each not in book.texts}
    then = faults_of(book.with_texts(texts))
    if not then.problems:
        return ()
    lines = lines_written(book.texts.get(name, ""), own)
    more = added(faults_of(book), then, lambda each: each.line in {0, *lines} if each.file == changed else each.file in new)
    problems = [*more.problems, *(_sealed(each, changed) for each in more.seals)]
    if problems:
        told = partial(_with_line, before=book.texts.get(name, ""), after=own, changed=changed)
        raise InputError(map(told, problems))
    return then.problems


def _with_line(problem: Problem, before: str, after: str, changed: str) -> Problem:
    """Nothing is written: a line that is not there as it is told of is shown."""
    if problem.place.file != changed or not problem.place.line:
        return problem
    old, new = (text.splitlines()[problem.place.line - 1 : problem.place.line] for text in (before, after))
    if not new or old == new or not new[0].strip() or "`" in new[0]:
        return problem
    shown = f"nothing was written, the line would be `{new[0].strip()}`"
    joint = "" if not problem.help else " " if problem.help.endswith("?") else "; "
    return replace(problem, help=f"{problem.help}{joint}{shown}")


def _sealed(policy: str, file: str) -> Problem:
    return Problem(Place(file), "RW434", f"the policy `{policy}` is sealed, and this would change its meaning",
                   f"write an amendment: `rulewright new policy NAME --amends {policy}`")  # fmt: skip
