"""RW718: a reason under a condition that does not ask whether a fact was stated."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Problem

from .compiled import Compiled
from .whether_facts_were_stated import everything_asked

CODE = "RW718"


def reasons_without_effect(policy: Compiled) -> Iterator[Problem]:
    """Reasons of conditions that ask for no given fact whether it was stated, in no policy and
    under no other reading.

    Nothing is said while a policy of the rulebook does not compile: the condition may ask that
    there.
    """
    if policy.is_first and policy.all_compile:
        for each in everything_asked(policy.policies):
            if each.because and not each.facts:
                yield Problem(
                    each.place,
                    CODE,
                    f"the reason of `{each.text}` has no effect: it does not ask whether a fact was stated",
                    "take `because` out; what a rule is for is said under `about`",
                    "warning",
                )
