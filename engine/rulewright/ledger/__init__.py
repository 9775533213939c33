"""Decisions on record: an append-only file of decisions, each chained to the one before, verified and made again from itself."""

from __future__ import annotations

from .ledger import Ledger

__all__ = ["Ledger"]
