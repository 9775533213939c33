"""What is wrong with a rulebook, and what an edit of it adds to that.

An edit may be written while something is wrong, so that a rulebook can be mended step by step. It
must not make anything wrong that was not: a policy that could be used can be used afterwards, and
every problem that is new must have been hidden behind one that the edit has mended. Problems are
compared by what they say, wherever they stand; those of dates by the policies and the days.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from rulewright.amendments.policy_selection import (
    Misfit,
    PolicyDates,
    check_dated,
    dates_of,
    misfits,
)
from rulewright.amendments.seals import broken_seal
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import InputError, Place, Problem, Problems
from rulewright.syntax.yaml_loader import load_yaml

from .memory import remembered_base

_POSITION = re.compile(r":\d+:\d+")
_NAMED = re.compile("`([^`]*)`")


def compiled_digest(book: Rulebook, policy: str) -> str:
    """The digest of a policy as it stands in the texts of a rulebook.

    Raises `InputError` with every mistake in it.
    """
    return remembered_base(book, policy).digest


@dataclass(frozen=True)
class Faults:
    """What is wrong with a rulebook, as far as it can be read.

    unread: what is wrong with files, and of these `seals` with such as may hold seals. dated: the
    dates of each policy whose dates can be read. undated: what is wrong with those of the others.
    digests: of each policy that compiles. mistakes: of each that does not. broken: of each whose
    seal does not hold.
    """

    unread: tuple[Problem, ...]
    seals: tuple[Problem, ...]
    dated: dict[str, PolicyDates]
    undated: dict[str, tuple[Problem, ...]]
    misfits: tuple[Misfit, ...]
    digests: dict[str, str]
    mistakes: dict[str, tuple[Problem, ...]]
    broken: dict[str, Problem]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of it, in order of position."""
        found = {*self.unread, *(each.problem for each in self.misfits), *self.broken.values()}
        return tuple(sorted(found.union(*self.undated.values(), *self.mistakes.values())))


def faults_of(book: Rulebook, digest: Callable[[Rulebook, str], str] = compiled_digest) -> Faults:
    """What is wrong with a rulebook.

    `digest`: how a policy is compiled, for entries that stand in no text.
    """
    seals = tuple(
        each
        for each in book.unread
        if _may_hold_seals(book, each.place.file.removeprefix(f"{book.shown}/"))
    )
    found = Faults(book.unread, seals, {}, {}, (), {}, {}, {})
    for policy, model in sorted(book.policies.items()):
        name = str(policy)
        wrong = Problems()
        (dates,) = dates_of([model], wrong)
        wrong.found += check_dated([dates])
        if wrong.found:
            found.undated[name] = tuple(wrong.found)
        else:
            found.dated[name] = dates
        try:
            found.digests[name] = digest(book, name)
        except InputError as error:
            found.mistakes[name] = error.problems
            continue
        seal = broken_seal(book, name, found.digests[name])
        if seal is not None:
            found.broken[name] = seal
    return replace(found, misfits=tuple(misfits(found.dated.values())))


def _may_hold_seals(book: Rulebook, file: str) -> bool:
    """Whether a file that cannot be read may be one of seals: it is, or is no YAML at all."""
    if not file.endswith((".yaml", ".yml")):
        return False
    try:
        return "seals" in load_yaml(book.texts[file], file)
    except (InputError, KeyError):
        return True


@dataclass(frozen=True)
class Added:
    """What an edit makes wrong that was not: problems, and sealed policies whose meaning it
    changes.
    """

    problems: tuple[Problem, ...]
    seals: tuple[str, ...]


def added(before: Faults, after: Faults, written: Callable[[Place], bool]) -> Added:
    """What an edit adds to what was wrong `before`.

    `written`: whether the edit wrote what stands at a place.
    """
    new = _new(before.problems, after.problems, written)
    read = _gone(before.unread, after)  # what hid all that stands in these files
    found: set[Problem] = set()
    found.update(
        _made(new.intersection(after.unread), read, after, written)
        if before.unread
        else after.unread
    )
    for name, mistakes in after.mistakes.items():
        if name in before.digests and not read:  # it could be used
            found.update(mistakes)
        else:
            found.update(
                _made(
                    new.intersection(mistakes),
                    [*read, *_gone(before.mistakes.get(name, ()), after)],
                    after,
                    written,
                )
            )
    for name, problems in after.undated.items():
        found.update(new.intersection(problems) if _was_read(name, before) or not read else ())
    found.update(each.problem for each in after.misfits if not _were_wrong(each, before))
    if any(after.digests.get(name, digest) != digest for name, digest in before.digests.items()):
        found.update(before.seals)  # the policy may be sealed
    return Added(
        tuple(sorted(found)),
        tuple(
            name for name in after.broken if name not in before.broken and name in before.digests
        ),
    )


def _was_read(policy: str, before: Faults) -> bool:
    return policy in before.digests or policy in before.mistakes


def _gone(problems: Iterable[Problem], after: Faults) -> list[Problem]:
    """Those that are no longer there."""
    left = {_text(each) for each in after.problems}
    return [each for each in problems if _text(each) not in left]


def _made(
    new: Iterable[Problem], gone: list[Problem], after: Faults, written: Callable[[Place], bool]
) -> list[Problem]:
    """Those of `new` that were not hidden behind what is `gone`, and do not say less of the same
    thing than before.
    """
    subjects = {_subject(each) for each in after.problems}
    mended = [each for each in gone if _subject(each) not in subjects]
    found = []
    for each in new:
        said = [set(_NAMED.findall(one.message)) for one in gone if _subject(one) == _subject(each)]
        less = any(set(_NAMED.findall(each.message)) <= names for names in said)
        if written(each.place) or not (less if said else mended):
            found.append(each)
    return found


def _new(
    before: Iterable[Problem], after: Iterable[Problem], written: Callable[[Place], bool]
) -> set[Problem]:
    """The problems that were not there: of equal ones those too many, and first those that the edit
    wrote.
    """
    left: dict[tuple[str, str, str], int] = defaultdict(int)
    for each in before:
        left[_text(each)] += 1
    found: set[Problem] = set()
    for each in sorted(after, key=lambda each: written(each.place)):
        if left[_text(each)]:
            left[_text(each)] -= 1
        else:
            found.add(each)
    return found


def _text(problem: Problem) -> tuple[str, str, str]:
    """What a problem says, wherever it stands."""
    return problem.place.file, problem.code, _POSITION.sub("", problem.message)


def _subject(problem: Problem) -> tuple[str, str, str]:
    """What a problem is about."""
    return problem.place.file, problem.code, next(iter(_NAMED.findall(problem.message)), "")


def _were_wrong(misfit: Misfit, before: Faults) -> bool:
    """Whether two policies did not fit before: on some day in force together, or no policy on any
    of these days.

    Or whether they could not be looked at together, because the dates of one could not be read.
    """
    one, other = (before.dated.get(each.id) for each in (misfit.before, misfit.after))
    if one is None or other is None:
        return all(
            each.id in before.dated
            or each.id in before.undated
            or (before.unread and not _was_read(each.id, before))
            for each in (misfit.before, misfit.after)
        )
    if misfit.code == "RW413":
        return any(each.code == "RW413" for each in misfits([one, other]))
    (since, until), gaps = (
        misfit.days,
        [each.days for each in before.misfits if each.code == "RW412"],
    )
    return any(first <= since and until <= end for first, end in gaps)


def lines_written(before: str, after: str) -> set[int]:
    """The lines of a text that were not there, counted from 1."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    return {
        line + 1
        for tag, _, _, start, end in matcher.get_opcodes()
        if tag != "equal"
        for line in range(start, end)
    }
