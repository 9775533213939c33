"""What a slow check found in a policy, kept until a file changes that the policy depends on.

An edit of one policy leaves what was found in the others as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rulewright.syntax import cache

from .compiled import Compiled

T = TypeVar("T")


def kept(policy: Compiled, what: str, find: Callable[[], T]) -> T:
    """What `find` gives for this policy, or gave when all that the policy depends on was as it is
    now.
    """
    key = policy.book.key_behind(policy.name)
    assert key is not None  # it was compiled
    found: T | None = cache.kept(key, f"{what} {policy.name}")
    if found is None:
        found = find()
        cache.keep(key, f"{what} {policy.name}", found)
    return found
