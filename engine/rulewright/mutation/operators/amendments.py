"""Amendments of which one change is left out: the policies that have it are compiled anew, when a
check asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rulewright.compiler.changed_policy import Base
from rulewright.compiler.variants import base_of
from rulewright.ir.program import Program
from rulewright.mutation.mutant import Effect, Mutant
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import Place
from rulewright.syntax.models import PolicyModel
from rulewright.syntax.text import Text, place_of

_LISTED = {"repeals": "repeal", "adds": "add", "restores": "restore", "publish": "publish"}


def amendments(book: Rulebook, programs: dict[str, Program]) -> Iterator[Mutant]:
    """Each change of each amendment among the policies, left out."""
    for name, model in sorted(book.policies.items()):
        having = [policy for policy, program in sorted(programs.items()) if name in program.chain]
        if having and model.amends is not None:
            for place, detail, what, without in _without_one(name, model):
                yield Mutant(
                    "amendment skipped",
                    name,
                    place,
                    detail,
                    what,
                    detail,
                    "",
                    {policy: Effect(without=without) for policy in having},
                )


def _without_one(
    name: str, model: PolicyModel
) -> Iterator[tuple[Place, str, str, tuple[str, dict[str, Any]]]]:
    default = place_of(model.policy)
    for target in model.replaces:
        rest = {each: tree for each, tree in model.replaces.items() if each is not target}
        yield (
            place_of(target, default),
            f"replaces {target}",
            f"`{name}` does not replace `{target}`",
            (name, {"replaces": rest}),
        )
    for table, rows in _by_table(model).items():
        rest = {each: tree for each, tree in model.replaces.items() if each not in rows}
        yield (
            place_of(rows[0], default),
            f"replaces rows of {table}",
            f"`{name}` replaces no row of `{table}`",
            (name, {"replaces": rest}),
        )
    for word, value in model.parameters.items():
        others = {each: other for each, other in model.parameters.items() if each is not word}
        yield (
            place_of(word, default),
            f"parameter {word}",
            f"`{name}` does not set `{word}` to `{value}`",
            (name, {"parameters": others}),
        )
    for number, headers in enumerate(model.judged_as_one):
        rest_of = {
            "judged_as_one": [*model.judged_as_one[:number], *model.judged_as_one[number + 1 :]]
        }
        what = f"under `{name}` {_listed(headers)} are not judged as one"
        yield (
            place_of(headers[0], default),
            f"judged as one {', '.join(headers)}",
            what,
            (name, rest_of),
        )
    for field, verb in _LISTED.items():
        entries = getattr(model, field)
        for index, entry in enumerate(entries):
            if not isinstance(entry, str):
                continue  # what is written out there is a rule, and deleted as one
            listed = [*entries[:index], *entries[index + 1 :]]
            yield (
                place_of(entry, default),
                f"{field} {entry}",
                f"`{name}` does not {verb} `{entry}`",
                (name, {field: listed}),
            )


def _by_table(model: PolicyModel) -> dict[str, list[Text]]:
    """The rows that an amendment replaces, where several are of one table: one of them alone often
    leaves a gap.
    """
    found: dict[str, list[Text]] = {}
    for target in model.replaces:
        if target.endswith("]"):
            found.setdefault(target.partition("[")[0], []).append(target)
    return {table: rows for table, rows in found.items() if len(rows) > 1}


def _listed(headers: list[Text]) -> str:
    return " and ".join(f"`{each}`" for each in headers)


def base_without(book: Rulebook, policy: str, without: tuple[str, dict[str, Any]]) -> Base:
    """A policy compiled anew where one change is left out of an amendment.

    Raises `InputError` where it does not compile then.
    """
    name, update = without
    other = book.altered(
        policies={**book.policies, name: book.policies[name].model_copy(update=update)}
    )
    return base_of(other, policy)
