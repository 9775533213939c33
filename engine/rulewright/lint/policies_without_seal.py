"""RW711: a policy in force or superseded that is not sealed: an edit of it goes unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Problem
from rulewright.syntax.text import place_of

from .compiled import Compiled

CODE = "RW711"


def policies_without_seal(policy: Compiled) -> Iterator[Problem]:
    """Policies whose status calls for a seal and that have none."""
    status = policy.program.status
    if status != "proposed" and policy.name not in policy.book.seals:
        yield Problem(
            place_of(policy.assembly.policy.policy),
            CODE,
            f"the policy `{policy.name}` is {status} and has no seal",
            f"seal it with `rulewright seal {policy.name} --reason TEXT`",
            "warning",
        )
