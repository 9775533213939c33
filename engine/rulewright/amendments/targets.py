"""The kinds of target, and how one is found from the name that an amendment gives it.

A new kind of target is a class, and a line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from rulewright.syntax.errors import InputError, Problems

from .assembly import Assembly
from .documents import DocumentTarget
from .entries import EntryTarget
from .interpretations import InterpretationWithin
from .rows import RowTarget
from .rules_of_principles import RuleOfPrinciple, RuleOfUse
from .target import Target
from .words import EntityTypeTarget, WordTarget

Kind = type[Target]
T = TypeVar("T", bound=Target)
# A name means targets of the first kind that has it. A pattern also means what is in entries.
KINDS: tuple[Kind, ...] = (
    EntryTarget,
    RowTarget,
    RuleOfPrinciple,
    RuleOfUse,
    WordTarget,
    EntityTypeTarget,
    DocumentTarget,
    InterpretationWithin,
)
WITHIN: tuple[Kind, ...] = (RuleOfPrinciple, RuleOfUse)
_LISTED: tuple[Kind, ...] = (
    EntryTarget,
    DocumentTarget,
    RowTarget,
    InterpretationWithin,
    RuleOfPrinciple,
    RuleOfUse,
    WordTarget,
)


def every_target(assembly: Assembly, kinds: tuple[Kind, ...] = _LISTED) -> Iterator[Target]:
    """Everything in a policy that an amendment may name; entity types only on request."""
    for kind in kinds:
        yield from kind.every(assembly)


def names_of_targets(assembly: Assembly) -> list[str]:
    """The name of each entry, row, rule within, interpretation, word and document of a policy."""
    return [each.name for each in every_target(assembly)]


def kinds_to_look_in(written: str, known: object, kinds: tuple[type[T], ...]) -> Iterator[type[T]]:
    """The kinds in which a name is looked for, as long as `known` is empty."""
    for kind in kinds:
        if not known or (kind in WITHIN and "*" in written):
            yield kind


def named(
    assembly: Assembly, written: str, kinds: tuple[type[T], ...], problems: Problems
) -> Iterator[T]:
    """What an amendment means by `written`, one kind after the other."""
    known: list[T] = []
    for kind in kinds_to_look_in(written, known, kinds):
        try:
            here = list(kind.named(assembly, written))
        except InputError as error:
            problems.take(error)
            continue
        known += here
        yield from here


def target_of(assembly: Assembly, name: str) -> Target | None:
    """The one target of this name, as a policy has it."""
    return next(named(assembly, name, KINDS, Problems()), None)
