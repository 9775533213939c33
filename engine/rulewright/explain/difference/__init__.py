"""How two outcomes differ, and where they part."""

from .comparing import difference

__all__ = ["difference"]
