"""The report on one decision: a page for a trust's board or a court, and what it is made of.

`gather` gives the data (`record`); `compose` lays it out as a document, which
`rulewright.documents` writes.
"""

from .content import gather
from .document import compose
from .record import Recorded, Report

__all__ = ["Recorded", "Report", "compose", "gather"]
