"""Two policies, rulebooks or revisions compared: what changed in words, what that does to cases,
and which change did it.

>>> from rulewright import cases
>>> from rulewright.compare import compare, sides
>>> with sides("legacy", "guidance-2024-03") as (old, new):
...     found = compare(old, new, cases("scenarios/legacy/trust-overall.yaml")[:1])
>>> found.counts.cases
1
"""

from .approvals import draft, held_against, load_intended
from .comparison import compare
from .sides import ComparisonSide, sides

__all__ = ["ComparisonSide", "compare", "draft", "held_against", "load_intended", "sides"]
