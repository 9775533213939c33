"""What scenarios cover of a rulebook: which rules take effect, and which conditions mattered, met
and not met.
"""

from .exceptions import exceptions_in
from .gaps import Hole, Use, holes
from .record import Coverage
from .summary import coverage

__all__ = ["Coverage", "Hole", "Use", "coverage", "exceptions_in", "holes"]
