"""Running scenarios: each case with expectations is run, and what differs is told with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rulewright.engines.outcome import Outcome
from rulewright.language.cases import CaseText
from rulewright.language.errors import EngineError, InputError, Place, Problem, Problems
from rulewright.workbench import Rules, cases

from .expecting import Difference, differences, readings_of

_CASES = (".yaml", ".yml", ".json", ".jsonl", ".xlsx")
_NO_CASES = ("coverage-exceptions.yaml",)  # what else stands in folders of scenarios


@dataclass
class Tested:
    """One scenario run: what differed, or why it could not be run. `readings`: its outcomes under other readings."""

    scenario: CaseText
    outcome: Outcome | None
    differences: list[Difference]
    error: InputError | EngineError | None = None
    readings: dict[str, Outcome] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.error is None and not self.differences


def scenario_files(paths: Iterable[Path]) -> list[Path]:
    """Every case file named, and those in the folders named. Raises `InputError` (RW101, RW805)."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if _may_be_scenarios(p))
        elif path.exists():
            found.append(path)
        else:
            raise InputError(Problem(Place(str(path)), "RW101", f"`{path}` does not exist"))
    if not found:
        named = ", ".join(f"`{each}`" for each in paths)
        raise InputError(Problem(Place(""), "RW805", f"there are no scenario files in {named}",
                                 "name a file or folder of scenarios"))  # fmt: skip
    return list(dict.fromkeys(found))


def _may_be_scenarios(path: Path) -> bool:
    return path.suffix in _CASES and path.name not in _NO_CASES and not path.name.startswith("~$") and path.is_file()


def load_scenarios(paths: Iterable[Path]) -> list[CaseText]:
    """The scenarios of files and folders. Raises `InputError`, also when two have one name (RW806)."""
    problems = Problems()
    found: list[CaseText] = []
    seen: dict[tuple[str, str], Place] = {}
    for path in scenario_files(list(paths)):
        try:
            for scenario in cases(path):
                name = (scenario.file, scenario.name)
                if name in seen:
                    problems.add("RW806", scenario.place, f"two scenarios of this file are called `{scenario.name}`",
                                 f"the first is in {seen[name]}")  # fmt: skip
                seen.setdefault(name, scenario.place)
                found.append(scenario)
        except InputError as error:
            problems.take(error)
    problems.stop_if_any()
    return found


def run_scenarios(rules: Rules, scenarios: Iterable[CaseText], policy: str | None = None, engine: str = "both") -> Iterator[Tested]:
    """Each scenario, run; those that expect something under other readings of the policy, under these too."""
    for scenario in scenarios:
        found: dict[str, Outcome] = {}
        differ: list[Difference] = []
        try:
            for reading in (None, *readings_of(scenario)):
                outcome = rules.run(scenario, policy=policy, reading=reading, engine=engine)
                chosen = outcome.decision.policy.id
                program = rules.under_reading(chosen, reading) if reading else rules.program(chosen)
                found[str(reading or "")] = outcome
                differ += differences(scenario, outcome, program, reading)
            yield Tested(scenario, found.pop(""), differ, readings=found)
        except (InputError, EngineError) as error:
            yield Tested(scenario, None, [], error)
