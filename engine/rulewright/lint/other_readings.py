"""RW712: other readings that do not work as amendments, and overrides that an amendment leaves
behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rulewright.amendments.interpretations import readings_of
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import InterpretationModel, ReadingModel
from rulewright.syntax.text import Map, Text, place_of

from .amendment_lines import line_of
from .cache import kept
from .compiled import Compiled
from .reading_trials import Trying, trying

CODE = "RW712"


def other_readings(policy: Compiled) -> Iterator[Problem]:
    """Every other reading of every interpretation is tried on each policy that has the
    interpretation (see `trying`).

    A reading that does not compile cannot be asked for. An override that lapses, because an
    amendment repeals what it names, is only noted: the rule goes on without it.
    """
    if policy.is_first:
        yield from _out_of_reach(policy)
        for each in tried(policy.policies):
            yield from each.problems
            yield from _lapsed(each.policy)
            yield from _called_alike(each.policy)


def _out_of_reach(policy: Compiled) -> Iterator[Problem]:
    """Readings of an interpretation that is written out in the file of a policy: no command can ask
    for them.
    """
    for model in policy.book.policies.values():
        own = model.interpretation
        if isinstance(own, InterpretationModel) and own.other_readings:
            yield Problem(
                place_of(own.id),
                CODE,
                f"the other readings of `{own.id}` are written in a policy, where none can be asked for",
                f"write the interpretation as an entry of a part, and here `interpretation: {own.id}`",
            )


def tried(policies: list[Compiled]) -> list[Trying]:
    """Every reading, tried on every policy: once for all checks, which is kept at the first
    policy.
    """
    found: list[Trying] | None = policies[0].__dict__.get("_tried")
    if found is None:
        found = policies[0].__dict__["_tried"] = trying(policies)
        for each in found:
            _find(each)
    return found


def _find(trying: Trying) -> None:
    trying.problems, trying.trials, trying.failed, trying.asked = kept(
        trying.policy,
        "tried",
        lambda: (list(_tried(trying)), trying.trials, trying.failed, trying.asked),
    )


def _tried(trying: Trying) -> Iterator[Problem]:
    for interpretation, name, tree in readings_of(trying.policy.assembly):
        place = place_of(name)
        if not any(
            tree.get(each) for each in ("replaces", "repeals", "restores", "adds", "in force")
        ):
            yield Problem(
                place,
                CODE,
                f"the other reading `{name}` of `{interpretation}` changes nothing",
                "say what it `replaces`, `repeals`, `restores` or `adds`, or when the policy is `in force`",
                "warning",
            )
            continue
        reading = read_as(ReadingModel, tree, place.file)
        try:
            trying.attempt((interpretation, str(name)), tree, reading)
            known = trying.before is not None and trying.before.has(
                (interpretation, str(name)), tree
            )
            if (
                not known
                and not reading.in_force
                and trying.is_idle((interpretation, str(name)), reading)
            ):
                yield Problem(
                    place,
                    CODE,
                    f"the other reading `{name}` of `{interpretation}` says what the policy says already",
                    "write what is read otherwise, or take it out",
                    "warning",
                )
        except InputError as error:
            same = trying.before is not None and trying.before.has(
                (interpretation, str(name)), tree
            )
            if not same:
                yield _failure(interpretation, name, tree, error.problems)
            elif (
                trying.before is not None
                and (interpretation, str(name)) not in trying.before.failed
            ):  # else it is told there
                yield _broken(trying.policy, interpretation, name, tree, error.problems)


def _called_alike(policy: Compiled) -> Iterator[Problem]:
    """Readings of two interpretations by one name: commands and scenarios cannot tell them apart by
    that.
    """
    before = (
        {(one, str(name)) for one, name, _ in readings_of(policy.amended.assembly)}
        if policy.amended is not None
        else set()
    )
    seen: dict[str, str] = {}
    for interpretation, name, _ in sorted(
        readings_of(policy.assembly), key=lambda each: (each[0], str(each[1])) not in before
    ):
        other = seen.setdefault(str(name), interpretation)
        if other != interpretation and (interpretation, str(name)) not in before:
            yield Problem(
                place_of(name),
                CODE,
                f"`{interpretation}` and `{other}` both have a reading `{name}`",
                "call one of them otherwise, so that it can be asked for by its name",
                "warning",
            )


def _lapsed(policy: Compiled) -> Iterator[Problem]:
    """Told of the policy that repeals, at its line; not of those that amend it."""
    before = policy.amended.program.lapsed if policy.amended is not None else ()
    for lapse in policy.program.lapsed:
        if lapse in before:
            continue
        rule, _, target = lapse.partition(" no longer overrides ")
        place = line_of(policy, [target], "repeals") or place_of(policy.assembly.policy.policy)
        yield Problem(
            place,
            CODE,
            f"under `{policy.name}` `{rule}` no longer overrides `{target}`, which is repealed",
            f"replace the `overrides` of `{rule}` too, so that nobody looks for it",
            "warning",
        )


def _failure(interpretation: str, name: Text, tree: Map, problems: tuple[Problem, ...]) -> Problem:
    """The first mistake, at its place where that is within the reading."""
    first = problems[0]
    inside = first.place in set(_places(tree))
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return Problem(
        first.place if inside else place_of(name),
        CODE,
        f"the other reading `{name}` of `{interpretation}` "
        f"does not compile: {first.message} ({first.code}){more}",
        first.help or "correct the reading",
    )


def _broken(
    policy: Compiled, interpretation: str, name: Text, tree: Map, problems: tuple[Problem, ...]
) -> Problem:
    """A reading that compiled before the amendment, told at the amendment: the policy it amends may
    be sealed.
    """
    named = [
        str(each)
        for section in ("replaces", "repeals", "restores")
        for each in tree.get(section) or ()
    ]
    place = line_of(
        policy, [each for each in named if f"`{each}`" in problems[0].message] or named, "repeals"
    )
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return Problem(
        place or place_of(policy.assembly.policy.policy),
        CODE,
        f"under `{policy.name}` the other reading `{name}` of "
        f"`{interpretation}` no longer compiles: {problems[0].message} ({problems[0].code}){more}",
        f"replace it under `replaces`: `{interpretation}: {{other readings: {{{name}: …}}}}`, "
        f"or take it away with `{name}: null`",
    )


def _places(tree: Any) -> Iterator[Place]:
    if isinstance(tree, Text):
        yield tree.place
    elif isinstance(tree, dict):
        yield tree.place if isinstance(tree, Map) else Place("")
        for name, inner in tree.items():
            yield from _places(name)
            yield from _places(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _places(inner)
