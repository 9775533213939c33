"""What is wrong or suspicious in a rulebook: one check, one module, one code (RW701 and on)."""

from .checks import CHECKS, Check, check, new_in_tables

__all__ = ["CHECKS", "Check", "check", "new_in_tables"]
