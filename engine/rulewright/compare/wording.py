"""Changes and differences in a few words, wherever they are told."""

from __future__ import annotations

from .record import Change, DifferingValue

SHOWN = {"published": ("is published", "is no longer published", "is published otherwise"),
         "withdrawn": ("is withdrawn", "is no longer withdrawn", "is withdrawn otherwise"),
         "judged as one": ("are judged as one", "are no longer judged as one", "are judged as one otherwise")}  # fmt: skip


def deed(change: Change) -> str:
    """What was done, on one line."""
    if change.kind in SHOWN:
        return f"`{change.name}` {shown_deed(change)}"
    return f"{change.kind} `{change.name}` {change.action}"


def shown_deed(change: Change) -> str:
    """What became of the publication of an attribute."""
    return SHOWN[change.kind][("added", "removed", "changed").index(change.action)]


def told(each: DifferingValue) -> tuple[str, str]:
    """Before and after, as a line says them: values, or the deciding rules where the value is the
    same.
    """
    if each.about != "deciding rule":
        return each.before, each.after
    before, after = (
        f"decided by {', '.join(rules) or 'no rule'}"
        for rules in (each.decided_before, each.decided_after)
    )
    return before, after


def plural(number: int, one: str, many: str = "") -> str:
    """`1 case`, `1,200 cases`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
