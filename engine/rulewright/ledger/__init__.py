"""Decisions on record: an append-only file of decisions, each chained to the one before, verified
and made again from itself.
"""

from __future__ import annotations

from .heads import Head
from .ledger import Ledger
from .verification import Broken

__all__ = ["Broken", "Head", "Ledger"]
