"""Declared properties of a policy: what must hold for every case of a space, checked exactly, with
a counterexample where it does not.
"""

from __future__ import annotations

from .checker import PropertyFinding, check, check_all
from .files import Declared, load_properties
from .record import Checked

__all__ = ["Checked", "Declared", "PropertyFinding", "check", "check_all", "load_properties"]
