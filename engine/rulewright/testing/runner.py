"""Running scenarios: each case with expectations is run, and what differs is told with file and
line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rulewright.decision.answered import Answered
from rulewright.decision.outcome import Outcome
from rulewright.engines.gc_pause import uninterrupted
from rulewright.engines.registry import BOTH, EVALUATOR
from rulewright.facts.cases import CaseText, load_cases
from rulewright.syntax.errors import EngineError, InputError, Place, Problem, Problems
from rulewright.syntax.files import COVERAGE_EXCEPTIONS, WORKBOOK, Folders, folders
from rulewright.workbench import Rules, shown_path

from .amended_lines import told
from .changed_scenarios import amended_by, changes, is_compared
from .citations import check_cited
from .difference import UnmetExpectation
from .suite import Check, ask, checks_of, held

_CASES = (".yaml", ".yml", ".json", ".jsonl", ".xlsx")


@dataclass
class Tested:
    """One scenario run: what differed, or why it could not be run. `answered`: each of its checks
    with what came of it.

    against: the policy that the one asked for amends, where the scenario was written for others:
    what differs is what that changes.
    """

    scenario: CaseText
    answered: list[tuple[Check, Answered]]
    differences: list[UnmetExpectation]
    error: InputError | EngineError | None = None
    against: str = ""

    @property
    def passed(self) -> bool:
        return self.error is None and not self.differences

    @cached_property
    def outcome(self) -> Outcome | None:
        """Its outcome under its own policy, or the one that the run asked for."""
        return next(
            (
                answered.outcome
                for check, answered in self.answered
                if check.reading is None and not check.under
            ),
            None,
        )

    @cached_property
    def readings(self) -> dict[str, Outcome]:
        """Its outcomes under other readings."""
        return {
            str(check.reading): answered.outcome
            for check, answered in self.answered
            if check.reading is not None
        }


@dataclass(frozen=True)
class CaseFile:
    """A case file. folder: that in which it was found, where nobody named the file itself."""

    path: Path
    folder: Path | None

    @property
    def found_in(self) -> Folders | None:
        """Where the file has to lie, if it is a link."""
        return None if self.folder is None else folders([self.folder])


def scenario_files(paths: Iterable[Path]) -> list[CaseFile]:
    """Every case file named, and those in the folders named. Raises `InputError` (RW101, RW805)."""
    found: dict[Path, CaseFile] = {}
    for path in paths:
        if os.path.isdir(path):
            for each in sorted(p for p in path.rglob("*") if _may_be_scenarios(p)):
                found.setdefault(each, CaseFile(each, path))
        elif os.path.exists(path):
            found[path] = CaseFile(path, None)
        else:
            raise InputError(Problem(Place(str(path)), "RW101", f"`{path}` does not exist"))
    if not found:
        named = ", ".join(f"`{each}`" for each in paths)
        raise InputError(
            Problem(
                Place(""),
                "RW805",
                f"there are no scenario files in {named}",
                "name a file or folder of scenarios",
            )
        )
    return list(found.values())


def _may_be_scenarios(path: Path) -> bool:
    return (
        path.suffix in _CASES
        and path.name != COVERAGE_EXCEPTIONS
        and not path.name.startswith("~$")
        and path.exists()
        and not path.is_dir()
    )


def load_scenarios(paths: Iterable[Path]) -> list[CaseText]:
    """The scenarios of files and folders.

    Raises `InputError`, also when two have one name (RW806).
    """
    paths, problems = list(paths), Problems()
    found: list[CaseText] = []
    no_cases: list[
        tuple[str, InputError]
    ] = []  # workbooks that hold rows of tables, or nothing that we read
    within = folders(paths)
    for file in scenario_files(paths):
        try:
            with uninterrupted():
                here = load_cases(file.path, shown_path(file.path), within, file.found_in)
            found += here
            no_name_twice(here)
        except InputError as error:
            if (
                file.folder is not None
                and file.path.suffix == WORKBOOK
                and {each.code for each in error.problems} == {"RW500"}
            ):
                no_cases.append((error.problems[0].place.file, error))
            elif file.folder is None or not only_facts(error):
                problems.take(error)
    holding_rows = {each.place.file.partition("!")[0] for each in found}
    for name, why in no_cases:
        if name not in holding_rows:
            problems.take(why)
    problems.stop_if_any()
    if not found:
        named = ", ".join(f"`{each}`" for each in paths)
        raise InputError(
            Problem(
                Place(""),
                "RW805",
                f"there are only facts in {named}",
                "name a file or folder of scenarios",
            )
        )
    return found


def no_name_twice(scenarios: Iterable[CaseText]) -> None:
    """Raises `InputError` (RW806) when two scenarios of a file have one name."""
    problems = Problems()
    seen: dict[str, Place] = {}
    for each in scenarios:
        if each.name in seen:
            problems.add(
                "RW806",
                each.place,
                f"two scenarios of this file are called `{each.name}`",
                f"the first is in {seen[each.name]}",
            )
        seen.setdefault(each.name, each.place)
    problems.stop_if_any()


def only_facts(error: InputError) -> bool:
    """Whether a file could not be read as scenarios because it holds the facts that scenarios
    share.
    """
    return {each.code for each in error.problems} == {"RW818"}


def tags_of(scenario: CaseText) -> tuple[str, ...]:
    """The tags of a scenario."""
    tags = scenario.tree.get("tags")
    return tuple(map(str, tags)) if isinstance(tags, list) else () if tags is None else (str(tags),)


def run_scenarios(
    rules: Rules, scenarios: Iterable[CaseText], policy: str | None = None, engine: str = BOTH
) -> Iterator[Tested]:
    """Each scenario, run: under its policy, and under every other reading or policy of which it
    expects something.

    policy: instead of its own. Where that amends another, and a scenario holds under its own policy
    and not under this one, only what comes out otherwise than under the amended one differs.
    """
    for scenario in scenarios:
        try:
            check_cited(rules, scenario)
            yield _tested(rules, scenario, policy, engine)
        except (InputError, EngineError) as error:
            yield Tested(scenario, [], [], error)


def _tested(rules: Rules, scenario: CaseText, policy: str | None, engine: str) -> Tested:
    found: list[tuple[Check, Answered]] = []
    differ: list[UnmetExpectation] = []
    wrong: InputError | None = None
    checks = _checks_of(rules, scenario, policy)
    try:
        for check in checks:
            answered = ask(rules, check, engine)
            found.append((check, answered))
            differ += told(
                rules.book, answered, held(check, answered), answered.program.status == "proposed"
            )
    except InputError as error:  # of a rule that the policy asked for does not have, for instance
        wrong = error
    if policy is not None and (differ or wrong) and is_compared(rules, scenario, policy, engine):
        return Tested(
            scenario,
            found,
            changes(rules, scenario, policy, engine),
            against=amended_by(rules, policy),
        )
    if wrong is not None:
        raise wrong
    return Tested(scenario, found, differ)


def _checks_of(rules: Rules, scenario: CaseText, policy: str | None) -> list[Check]:
    """The checks of a scenario; where it has none, what else is wrong with it is told first."""
    try:
        return checks_of(scenario, policy)
    except InputError:
        rules.answer(scenario, policy=policy, engine=EVALUATOR.shown)
        raise
