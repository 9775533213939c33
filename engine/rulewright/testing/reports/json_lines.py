"""The report as JSON: one line for each scenario, also for one that passed."""

from __future__ import annotations

import json

from rulewright.decision.outcome import plain
from rulewright.syntax.visible import visible_json
from rulewright.testing.tally import Tally
from rulewright.testing.verdict import SCHEMA, Verdict


class JsonLines:
    """JSON lines, each as `schemas/tested.json` says."""

    def of(self, verdict: Verdict) -> str:
        """The scenario."""
        return (
            visible_json(json.dumps({"schema": SCHEMA, **plain(verdict)}, ensure_ascii=False))
            + "\n"
        )

    def end(self, _tally: Tally) -> str:
        """Nothing more."""
        return ""
