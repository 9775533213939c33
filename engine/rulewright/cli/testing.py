"""`rulewright test`: do the scenarios hold?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.engines.running import ENGINES
from rulewright.language.errors import InputError
from rulewright.workbench import Rules, data_folder

from .common import DIFFERENT, FINE, REFUSED, WRONG_INPUT, handled, json_option, policy_option, rules_option


@click.command("test")
@click.argument("paths", nargs=-1, metavar="SCENARIOS...", type=click.Path(path_type=Path))
@rules_option
@policy_option
@click.option("--engine", type=click.Choice(ENGINES), default="both", show_default=True, help="Which engine answers.")
@json_option
@handled
def command(paths: tuple[Path, ...], rules: Path | None, policy: str | None, engine: str, as_json: bool) -> int:
    """Run the SCENARIOS (files or folders; default: the shipped ones) and report each difference with file and line."""
    from rulewright.scenarios.testing import load_scenarios, run_scenarios

    book = Rules(rules)
    scenarios = load_scenarios(paths or (data_folder() / "scenarios",))
    passed = failed = wrong = 0
    worst = FINE
    told: set[str] = set()  # an error of the rulebook is told once, not with each scenario
    for tested in run_scenarios(book, scenarios, policy, engine):
        if tested.passed:
            passed += 1
        elif tested.error is not None:
            wrong += 1
            worst = max(worst, WRONG_INPUT if isinstance(tested.error, InputError) else REFUSED)
        else:
            failed += 1
            worst = max(worst, DIFFERENT)
        if as_json:
            record = {"scenario": tested.scenario.name, "file": tested.scenario.file, "line": tested.scenario.place.line,
                      "passed": tested.passed, "differences": [str(each) for each in tested.differences],
                      "errors": str(tested.error).splitlines() if tested.error else []}  # fmt: skip
            click.echo(json.dumps(record, ensure_ascii=False))
        elif not tested.passed:
            click.echo(f"{tested.scenario.place}: {tested.scenario.name}")
            errors = str(tested.error).splitlines() if tested.error else []
            for line in [*map(str, tested.differences), *(each for each in errors if each not in told)]:
                click.echo(f"  {line}")
            if errors and told.issuperset(errors):
                click.echo("  as above")
            told.update(errors)
    if not as_json:
        click.echo(f"{passed} passed, {failed} failed" + (f", {wrong} could not be run" if wrong else ""))
    return worst
