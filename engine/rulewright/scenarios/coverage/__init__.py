"""What scenarios cover of a rulebook: which rules take effect, and which conditions mattered, met
and not met.
"""

from .composing import coverage
from .exceptions import exceptions_in
from .holes import Hole, Use, holes
from .record import Coverage

__all__ = ["Coverage", "Hole", "Use", "coverage", "exceptions_in", "holes"]
