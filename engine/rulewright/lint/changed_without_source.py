"""RW727: an amendment changes a value and gives no source for it."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Problem

from .compiled import Compiled

CODE = "RW727"


def changed_without_source(policy: Compiled) -> Iterator[Problem]:
    """Each row, rule, use and parameter that had a source until the amendment changed it."""
    for each in policy.assembly.unsourced:
        if each.policy == policy.name:
            yield Problem(
                each.place,
                CODE,
                f"`{policy.name}` changes `{each.thing}` without naming a source",
                "add `source: {document: …, mark: …}` to the policy, or beside the changed value",
                "warning",
            )
