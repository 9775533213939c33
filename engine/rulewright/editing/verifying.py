"""Whether a rulebook would still compile, and its seals hold, once a file is changed."""

from __future__ import annotations

from dataclasses import replace

from rulewright.checks.checking import compile_all
from rulewright.language.errors import InputError, Place, Problem
from rulewright.language.rulebook import Rulebook, rulebook_from_texts


def verify(book: Rulebook, texts: dict[str, str], changed: str) -> Rulebook:
    """The rulebook with other `texts`; `changed` is the file that changes, for messages.

    Raises `InputError` with every mistake that was not there before, in the file as it would be; RW434 when a policy that
    is sealed would have another meaning.
    """
    after = rulebook_from_texts(texts, book.shown)
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
        raise InputError(problems)
    return after


def _sealed(policy: str, file: str) -> Problem:
    return Problem(Place(file), "RW434", f"the policy `{policy}` is sealed, and this would change its meaning",
                   f"write an amendment: `rulewright new policy NAME --amends {policy}`")  # fmt: skip
