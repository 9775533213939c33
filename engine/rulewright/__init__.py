"""Rulewright: a rules-as-code workbench for rating policy.

    >>> from rulewright import Rules, cases
    >>> outcome = Rules().run(case)  # doctest: +SKIP

See `rulewright.workbench` for the interface, `docs/semantics.md` for the meaning of rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .decision.outcome import Outcome
    from .syntax.errors import EngineError, InputError
    from .workbench import Rules, cases

__all__ = ["EngineError", "InputError", "Outcome", "Rules", "cases"]

_HOME = {
    "Rules": "workbench",
    "cases": "workbench",
    "InputError": "syntax.errors",
    "EngineError": "syntax.errors",
    "Outcome": "decision.outcome",
}


def __getattr__(name: str) -> Any:
    """Names are imported when first used: importing the package stays cheap."""
    if name not in _HOME:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
