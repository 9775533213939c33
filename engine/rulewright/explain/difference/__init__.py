"""How two outcomes differ, and where they part."""

from .comparison import difference

__all__ = ["difference"]
