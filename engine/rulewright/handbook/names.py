"""Ids of rules as trails and amendments write them, and what they belong to."""

from __future__ import annotations

from .record import Connection


def entry_of(rule: str) -> str:
    """The entry that a rule comes from: of a row its table, of a principle's rule the use."""
    name, at, suffix = rule.partition("@")
    if at:
        return f"{name.rpartition('.')[0]}@{suffix}"
    return name.partition("[")[0]


def together(found: dict[str, Connection], names: list[str]) -> Connection:
    """The connections of several rules as one: of the rows of a table, of the rules of a use."""
    own = {entry_of(name) for name in names}
    each = [found[name] for name in names]
    return Connection(
        tuple(dict.fromkeys(word for one in each for word in one.reads)),
        tuple(dict.fromkeys(word for one in each for word in one.gives)),
        tuple(sorted({user for one in each for user in one.used_by} - own)),
    )
