"""Who records, seals, approves: names as they are given, or the user of the system."""

from __future__ import annotations

from rulewright.syntax.errors import InputError, Place, Problem


def named_or_user(name: str | None, option: str, does: str, code: str) -> str:
    """The name given with `option`, else that of the user of the system.

    `does`: what that person does. Raises `InputError`.
    """
    if name is not None:
        return name
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        raise InputError(
            Problem(
                Place(""),
                code,
                f"nobody is named who {does}, and the system knows no user",
                f"give `{option} NAME`",
            )
        ) from None
