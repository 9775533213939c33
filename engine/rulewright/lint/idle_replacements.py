"""RW715: an amendment replaces something by what it is already."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.amendments.chain import assemble_as
from rulewright.compiler.canonical_form import same_entries
from rulewright.syntax.errors import InputError, Problem
from rulewright.syntax.text import Text, place_of

from .cache import kept
from .compiled import Compiled

CODE = "RW715"


def idle_replacements(policy: Compiled) -> Iterator[Problem]:
    """Entries under `replaces` without which the policy would consist of the same."""
    for target in kept(
        policy,
        "idle",
        lambda: [each for each in policy.assembly.policy.replaces if _idle(policy, each)],
    ):
        yield Problem(
            place_of(target),
            CODE,
            f"replacing `{target}` changes nothing: it says what `{policy.assembly.policy.amends}` "
            "says already",
            "take it out, or write what shall change",
            "warning",
        )


def _idle(policy: Compiled, target: Text) -> bool:
    model = policy.assembly.policy
    without = model.model_copy(
        update={
            "replaces": {
                each: content for each, content in model.replaces.items() if each != target
            }
        }
    )
    try:
        return same_entries(policy.assembly, assemble_as(policy.book, without))
    except InputError:
        return False  # the policy needs it
