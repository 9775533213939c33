"""Whether a rulebook would still compile, and its seals hold, once a file is changed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rulewright.checks.checking import compile_all
from rulewright.language.errors import InputError, Place, Problem
from rulewright.language.rulebook import Rulebook, rulebook_from_texts


def verify(book: Rulebook, texts: dict[str, str], changed: str) -> Rulebook:
    """The rulebook with other `texts`; `changed` is the file that changes, for messages.

    Raises `InputError` with every mistake that was not there before, in the file as it would be; RW434 when a policy that
    is sealed would have another meaning.
    """
    name = changed.removeprefix(f"{book.shown}/")
    told = partial(_with_line, before=book.texts.get(name, ""), after=texts.get(name, ""), changed=changed)
    try:
        after = rulebook_from_texts(texts, book.shown)
    except InputError as error:
        raise InputError(map(told, error.problems)) from None
    policies, problems = compile_all(after)
    digests = {each.name: each.digest for each in policies}
    broken = [name for name in book.seals if name in digests and digests[name] != str(book.seals[name].digest)]
    problems = [each for each in problems if each.code != "RW420"]
    if problems or broken:
        earlier, there = compile_all(book)
        known = {replace(each, place=Place(each.place.file)) for each in there}
        problems = [each for each in problems if replace(each, place=Place(each.place.file)) not in known]
        old = {each.name: each.digest for each in earlier}
        problems += [_sealed(name, changed) for name in broken if old.get(name) != digests[name]]
    if problems:
        raise InputError(map(told, problems))
    return after


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
