"""Why an attribute does not have a value: what could have given it, and what kept it from that."""

from .search import why_not

__all__ = ["why_not"]
