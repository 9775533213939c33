"""Which scenarios fire a rule: every scenario is run once, and what came out is kept until a rule
or a scenario changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from rulewright.engines.registry import EVALUATOR
from rulewright.syntax import cache
from rulewright.syntax.files import WORKBOOK, read_bytes
from rulewright.testing.runner import load_scenarios, run_scenarios, scenario_files
from rulewright.workbench import Rules

from .names import entry_of

Firings = dict[
    str, list[str]
]  # of a rule as written: `file:line:column: name (policy)` of the scenarios


def firings(rules: Rules, paths: Iterable[Path]) -> Firings:
    """By rule the scenarios in which it fires.

    One that cannot be run fires nothing. Raises `InputError`.
    """
    paths = list(paths)
    digest = hashlib.sha256()
    elsewhere = False  # whether facts or rows stand in other files
    for file in scenario_files(paths):
        content = read_bytes(file.path, within=file.found_in)
        digest.update(f"{file.path}\0".encode() + content)
        elsewhere = (
            elsewhere or b"given" in content or b"rows" in content or file.path.suffix == WORKBOOK
        )
    scenarios = load_scenarios(paths) if elsewhere else None
    for each in scenarios or ():
        digest.update(json.dumps([each.tree, getattr(each, "facts", ())]).encode())
    name = f"firings {digest.hexdigest()}"
    found: Firings | None = cache.kept(rules.key, name)
    if found is None:
        found = {}
        for tested in run_scenarios(
            rules, scenarios or load_scenarios(paths), engine=EVALUATOR.shown
        ):
            if tested.outcome is not None:
                decision = tested.outcome.decision
                written = {
                    rule.id: rule.written for rule in rules.program(decision.policy.id).rules
                }
                for rule in sorted(
                    {written[each.rule] for each in decision.firings if each.status == "fired"}
                ):
                    found.setdefault(rule, []).append(
                        f"{tested.scenario.place}: {tested.scenario.name} ({decision.policy.id})"
                    )
        cache.keep(rules.key, name, found)
    return found


def that_fire(found: Firings, name: str) -> tuple[str, ...]:
    """The scenarios that fire a rule or row, or any rule of a table, principle or use."""
    shown: dict[str, None] = {}
    for rule, scenarios in found.items():
        inner = rule.partition("@")[0]
        if name in (rule, entry_of(rule), inner, inner.rpartition(".")[0]):
            shown.update(dict.fromkeys(scenarios))
    return tuple(sorted(shown, key=_by_place))


def _by_place(text: str) -> tuple[str, int]:
    file, line, _ = text.split(":", 2)
    return file, int(line)
