"""The forward-chaining engine: facts in, rules fire, conclusions become facts.

It states docs/semantics.md a second time, in another way than the reference engine, so that the two
check each other:

- sets of possible values are bits, numbers and days are spans (`possible`, `comparing`,
  `reckoning`);
- counts, sums, shares, lowest and highest grow as the values of the items come in (`counting`);
- a condition all of whose inputs are settled becomes a condition fact, met or undecided
  (`conditions`);
- the rule network joins the condition facts of one rule and one entity (`network`, on
  durable_rules);
- overrides, conflicts, `otherwise` and limits are settled between layers, from the rules that fired
  (`settling`).

Importing this package raises `ImportError` where durable_rules is not installed.
"""

from __future__ import annotations

from rulewright.engines.result import Trace
from rulewright.facts.cases import Case
from rulewright.ir.program import Program
from rulewright.ir.types import Value

from .engine import Run
from .plan import plan_for

__all__ = ["evaluate"]


def evaluate(program: Program, case: Case, as_at: int, parameters: dict[str, Value]) -> Trace:
    """The answer to `case` under `program`. `as_at` is a count of days; `parameters` are their
    values at that date.

    Raises `EngineError` when the rule network fails.
    """
    return Run(plan_for(program), case, as_at, parameters).result()
