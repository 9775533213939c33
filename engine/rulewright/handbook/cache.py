"""Handbooks, built once and kept like compiled programs: reading one again needs neither the rules
nor the compiler.

A policy that does not compile has none: what cannot be read is told, not shown.
"""

from __future__ import annotations

from rulewright.syntax import cache
from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules

from .record import Handbook


def handbook(rules: Rules, policy: str) -> Handbook:
    """One policy as people read it.

    Raises `InputError` with every mistake in it (RW420 when a sealed one was edited).
    """
    rules.choose(policy)
    found: Handbook | None = cache.kept(rules.key, f"handbook {policy}")
    if found is None:
        from .builder import build

        found = build(rules.book, rules.program(policy))
        cache.keep(rules.key, f"handbook {policy}", found)
    return found


def handbooks(rules: Rules, wanted: str | None = None) -> dict[str, Handbook]:
    """The handbooks of all policies that compile, by their ids.

    Raises `InputError` when the one wanted does not.
    """
    found = {} if wanted is None else {wanted: handbook(rules, wanted)}
    for each in rules.policies:
        try:
            found[each.id] = handbook(rules, each.id)
        except InputError:
            continue  # somebody's draft; `rulewright check` says what is wrong with it
    return {each.id: found[each.id] for each in rules.policies if each.id in found}
