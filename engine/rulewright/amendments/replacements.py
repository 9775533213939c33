"""Replacements: an amendment names the fields that change; what it does not name stays.

The order in which they are written has no effect: no field is set by two of them, and the names of
each are those that stood before all of them.
"""

from __future__ import annotations

from typing import Any

from rulewright.syntax.errors import Problems
from rulewright.syntax.models import PolicyModel, ReadingModel
from rulewright.syntax.shape_advice import space_behind_colon
from rulewright.syntax.text import Text, key, place_of

from .assembly import AmendedEntry, Assembly
from .entries import parameters_of
from .fields import Field, Replacement, none_twice
from .rows import ROW
from .sources import Carrying
from .target import near_target
from .targets import KINDS, Kind, kinds_to_look_in, names_of_targets
from .trees import validate

REPLACEABLE = tuple(kind for kind in KINDS if kind.can_be_replaced)


def replace_all(
    assembly: Assembly, model: PolicyModel | ReadingModel, policy: str, problems: Problems
) -> None:
    """All that an amendment replaces. Notes what is wrong with it (RW408, RW409, RW419)."""
    _none_twice(assembly, model, problems)
    earlier = len(assembly.changes)
    for written, content in sorted(model.replaces.items(), key=lambda each: _turn(each[0])):
        before = assembly.standing()
        replace_in(assembly, Replacement(written, content, problems), policy)
        if isinstance(model, PolicyModel) and not problems.found:
            Carrying(before, assembly, model, written, content).carry()
    order = [str(written) for written in sorted(model.replaces, key=lambda each: "@" in each)]
    assembly.changes[earlier:] = sorted(
        assembly.changes[earlier:], key=lambda each: order.index(each.target)
    )


def _turn(written: Text) -> tuple[bool, bool, str]:
    """What changes one use of a principle is applied after what changes all; patterns of rows mean
    the rows that were there.
    """
    return "@" in written, ROW.match(written) is None, str(written)


def _none_twice(assembly: Assembly, model: PolicyModel | ReadingModel, problems: Problems) -> None:
    """Each replacement by itself, on the entries as they were before all of them."""
    own = model.parameters if isinstance(model, PolicyModel) else {}
    if len(model.replaces) + len(own) < 2 or not model.replaces:
        return
    entries = [
        replace_in(assembly.copy(), Replacement(written, content, Problems()), "")
        for written, content in model.replaces.items()
    ]
    entries += [
        [Field((str(item.id), "value"), str(item.id), (), place_of(word))]
        for word in own
        for item in parameters_of(assembly)
        if key(item.id) == key(word)
    ]
    none_twice(entries, problems)


def replace_in(assembly: Assembly, replacement: Replacement, policy: str) -> list[Field]:
    """One replacement; the fields that it sets. Notes what is wrong with it (RW408, RW409)."""
    written, content, problems = replacement.written, replacement.content, replacement.problems
    if content is None:
        problems.add(
            "RW409",
            place_of(written),
            f"`{written}` is replaced by nothing",
            space_behind_colon(written) or "to take it away name it under `repeals`",
        )
        return []
    fields: dict[str, list[Field]] = {}  # by the name of each thing that is replaced
    for kind in kinds_to_look_in(written, fields, REPLACEABLE):
        _replace(assembly, kind, replacement, fields)
    here = place_of(content, place_of(written))
    if not fields and all(each.place != here for each in problems.found):
        _not_replaced(assembly, written, content, problems)
    assembly.changes.append(AmendedEntry(policy, "replaces", str(written), tuple(fields)))
    return [field for each in fields.values() for field in each]


def _replace(
    assembly: Assembly, kind: Kind, replacement: Replacement, fields: dict[str, list[Field]]
) -> None:
    """Replace targets of one kind, and read the entries that changed."""
    before = dict(assembly.items)
    with replacement.noting():
        for target in kind.named(assembly, replacement.written):
            replaced = target.replace(assembly, replacement)
            if replaced is not None:
                fields[target.name] = replaced
    for name, item in assembly.items.items():
        if item is not before[name]:
            validate(item, replacement.problems)


def _not_replaced(assembly: Assembly, written: Text, content: Any, problems: Problems) -> None:
    if written not in names_of_targets(assembly):
        problems.add(
            "RW408",
            place_of(written),
            f"there is nothing called `{written}` to replace",
            near_target(written, names_of_targets(assembly)),
        )
        return
    shape = f"`{content}`"
    if isinstance(content, list):
        shape = "a list"
    elif isinstance(content, dict):
        shape = "lines `name: value`"
    problems.add(
        "RW409",
        place_of(content, place_of(written)),
        f"`{written}` cannot be replaced by {shape}",
        "a row or a member is replaced by text, a rule by lines `name: value` for the fields that "
        "change",
    )
