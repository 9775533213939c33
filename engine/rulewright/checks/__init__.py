"""What is wrong or suspicious in a rulebook: one check, one module, one code (RW701 and on)."""

from .checking import CHECKS, Check, check

__all__ = ["CHECKS", "Check", "check"]
