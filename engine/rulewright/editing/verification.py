"""Whether a file of a rulebook may be changed: the whole rulebook is compiled as it would be, and
its seals are compared.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rulewright.compiler.mistakes import added, faults_of, lines_written
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import InputError, Place, Problem


def verify(book: Rulebook, texts: dict[str, str], changed: str) -> tuple[Problem, ...]:
    """What is still wrong with the rulebook with other `texts`; `changed` is the file that changes,
    for messages.

    Raises `InputError` with every mistake that the change would add to those that are there; RW434
    when a policy that is sealed would have another meaning.
    """
    name = changed.removeprefix(f"{book.shown}/")
    own, new = (
        texts.get(name, ""),
        {f"{book.shown}/{each}" for each in texts if each not in book.texts},
    )
    then = faults_of(book.with_texts(texts))
    if not then.problems:
        return ()
    lines = lines_written(book.texts.get(name, ""), own)
    more = added(
        faults_of(book),
        then,
        lambda each: each.line in {0, *lines} if each.file == changed else each.file in new,
    )
    problems = [*more.problems, *(_sealed(each, changed) for each in more.seals)]
    if problems:
        told = partial(_with_line, before=book.texts.get(name, ""), after=own, changed=changed)
        raise InputError(map(told, problems))
    return then.problems


def _with_line(problem: Problem, before: str, after: str, changed: str) -> Problem:
    """Nothing is written: the new line is shown, which is not in the file, and may lead to a
    mistake in another file.
    """
    at = problem.place.line
    if problem.place.file == changed:
        old, new = (text.splitlines()[at - 1 : at] if at else [] for text in (before, after))
        shown, how = ([] if old == new else new), "the line would be"
    else:
        new = after.splitlines()
        shown, how = (
            [new[each - 1] for each in sorted(lines_written(before, after)) if each <= len(new)][
                -1:
            ],
            "this comes with the new line",
        )
    if not shown or not shown[0].strip() or "`" in shown[0]:
        return problem
    joint = "" if not problem.help else " " if problem.help.endswith("?") else "; "
    return replace(
        problem, help=f"{problem.help}{joint}nothing was written, {how} `{shown[0].strip()}`"
    )


def _sealed(policy: str, file: str) -> Problem:
    return Problem(
        Place(file),
        "RW434",
        f"the policy `{policy}` is sealed, and this would change its meaning",
        f"write an amendment: `rulewright new policy NAME --amends {policy}`",
    )
