"""Repeals and restorations: what an amendment takes away, and what it brings back."""

from __future__ import annotations

from collections.abc import Collection

from rulewright.syntax.errors import Problem, Problems
from rulewright.syntax.text import Text, key, place_of

from .assembly import AmendedEntry, Assembly
from .target import Gone, Repealable, Target, near_target
from .targets import KINDS, every_target, named, names_of_targets
from .words import EntityTypeTarget, WordTarget, spellings

REPEALABLE = tuple(kind for kind in KINDS if issubclass(kind, Repealable))


def repeal(
    assembly: Assembly,
    written: Text,
    policy: str,
    problems: Problems,
    lasting: Collection[Target] = frozenset(),
) -> None:
    """Take away what `written` names. What is in `lasting` goes on, as transitional rules."""
    before = set(assembly.repealed)
    names: list[str] = []
    for target in named(assembly, written, REPEALABLE, problems):
        names += target.remove(assembly, lasting)
    if not names:
        problems.add(
            "RW408",
            place_of(written),
            f"there is nothing called `{written}` to repeal",
            _nearest(assembly, written),
        )
    for name in assembly.repealed:
        if name not in before:
            assembly.repealed_at[name] = place_of(written)
    assembly.changes.append(AmendedEntry(policy, "repeals", str(written), tuple(names)))


def _nearest(assembly: Assembly, written: Text) -> str:
    """The words of that name, with their entity types; else what has a name like that."""
    words = [each.name for each in WordTarget.every(assembly) if key(each.word) == key(written)]
    if words:
        return f"did you mean {' or '.join(f'`{each}`' for each in words[:3])}?"
    return near_target(written, names_of_targets(assembly)) or near_target(
        written, [each.name for each in every_target(assembly, (EntityTypeTarget,))]
    )


def repealed_by(assembly: Assembly, word: str, owner: str = "") -> str | None:
    """The policy that repealed a word of an entity type `owner`, or the entity type `word`."""
    for gone in assembly.gone.values():
        target = gone.target
        if isinstance(target, EntityTypeTarget):
            called = key(word) in spellings(target.name, gone.content[1])
        else:
            called = isinstance(target, WordTarget) and key(target.name) == key(f"{owner} > {word}")
        if called:
            return repealer(assembly, gone.name)
    return None


def repealer(assembly: Assembly, name: str) -> str | None:
    """The policy that was the last to repeal this."""
    return next(
        (
            each.policy
            for each in reversed(assembly.changes)
            if each.action == "repeals" and name in each.expanded
        ),
        None,
    )


def restore(
    assembly: Assembly, wanted: list[Text], gone: dict[str, Gone], policy: str, problems: Problems
) -> None:
    """Bring back what `wanted` names, out of what was `gone` before this amendment.

    Entries come before what is in them.
    """
    chosen: dict[str, Text] = {}
    for written in wanted:
        names = [each.name for each in gone.values() if each.target.is_called(written)]
        if not names:
            problems.found.append(_not_gone(assembly, written, gone))
        here = next(
            (each for each in names if assembly.gone.get(each, gone[each]) is not gone[each]), None
        )
        if here is not None:
            problems.add(
                "RW417",
                place_of(written),
                f"`{here}` is both repealed and restored",
                "name it in one of the two",
            )
            continue
        for name in names:
            chosen.setdefault(name, written)
        assembly.changes.append(AmendedEntry(policy, "restores", str(written), tuple(names)))
    for name in sorted(chosen, key=lambda each: not gone[each].target.restored_first):
        put_back(assembly, gone[name], chosen[name], problems)


def _not_gone(assembly: Assembly, written: Text, gone: dict[str, Gone]) -> Problem:
    if str(written) in names_of_targets(assembly):
        return Problem(
            place_of(written),
            "RW417",
            f"`{written}` is there, and was not repealed",
            "take the line out",
        )
    return Problem(
        place_of(written),
        "RW417",
        f"`{written}` was not repealed by a policy that this one amends",
        near_target(written, list(gone)) or "name what was repealed as the repeal named it",
    )


def put_back(assembly: Assembly, gone: Gone, written: Text, problems: Problems) -> None:
    """Bring back one thing that was repealed. Notes where it has no place (RW417)."""
    if gone.target.restore(assembly, gone):
        assembly.gone.pop(gone.name, None)
        return
    problems.add(
        "RW417",
        place_of(written),
        f"`{gone.name}` has no place: `{gone.target.inside}` is repealed too",
        f"restore `{gone.target.inside}` with it",
    )
