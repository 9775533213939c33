"""What a person left out of coverage, with the reason: `coverage-exceptions.yaml` in a folder of
scenarios.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from rulewright.syntax.errors import InputError, Problem, Problems, nearest
from rulewright.syntax.files import COVERAGE_EXCEPTIONS, folders
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import ExceptionModel, ExceptionsModel
from rulewright.syntax.text import key, place_of
from rulewright.syntax.yaml_loader import load_yaml_file
from rulewright.workbench import shown_path

from .record import TAKES_EFFECT

Names = dict[str, set[str]]  # every name of a rule, table or use, with the words of its conditions


def exceptions_in(paths: Iterable[Path]) -> list[ExceptionModel]:
    """The exceptions of folders of scenarios and all below them; of a file those beside it.

    Raises `InputError` with all mistakes.
    """
    found: list[ExceptionModel] = []
    problems = Problems()
    paths = list(paths)
    within = folders(paths)
    for path in dict.fromkeys(file for each in paths for file in _files(each)):
        if os.path.exists(path):
            shown = shown_path(path)
            try:
                found += read_as(
                    ExceptionsModel, load_yaml_file(path, shown, within), shown
                ).exceptions
            except InputError as error:
                problems.take(error)
    problems.stop_if_any()
    return found


def _files(path: Path) -> list[Path]:
    return (
        sorted(path.rglob(COVERAGE_EXCEPTIONS))
        if path.is_dir()
        else [path.with_name(COVERAGE_EXCEPTIONS)]
    )


class Exceptions:
    """Exceptions, by what they are about.

    names: what the policies that were run have. everywhere: what all policies of the rulebook have,
    asked for only where something is not among `names`. Raises `InputError` (RW841 to RW843).
    """

    def __init__(
        self, written: list[ExceptionModel], names: Names, everywhere: Callable[[], Names]
    ) -> None:
        self.used: set[int] = set()
        self.about: dict[tuple[str, str, str], tuple[int, ExceptionModel]] = {}
        problems: list[Problem] = []
        all_names: Names | None = None
        for number, each in enumerate(written):
            wrong = _wrong(each, names)
            if wrong is not None and wrong.code != "RW843":
                all_names = everywhere() if all_names is None else all_names
                wrong = _wrong(each, all_names)
            elif wrong is None:
                self.about[str(each.rule), key(each.condition or ""), each.never] = (number, each)
            if wrong is not None:
                problems.append(wrong)
        if problems:
            raise InputError(problems)

    def reason(self, rules: Iterable[str], condition: str, what: str) -> str:
        """Why something is left out; nothing where it is not.

        `rules`: the names by which its rule may be called.
        """
        for rule in rules:
            found = self.about.get((rule, key(condition), what))
            if found is not None:
                self.used.add(found[0])
                return " ".join(str(found[1].because).split())
        return ""

    def unneeded(self, undecided: bool) -> list[ExceptionModel]:
        """Those that leave nothing out; of undecided conditions only where these are asked for."""
        return [
            each
            for number, each in self.about.values()
            if number not in self.used and (undecided or each.never != "undecided")
        ]


def _wrong(each: ExceptionModel, names: Names) -> Problem | None:
    """What is wrong with an exception."""
    rule, place = str(each.rule), place_of(each.rule)
    if (each.condition is None) != (each.never == TAKES_EFFECT):
        what = "a rule" if each.condition is None else "a condition"
        return Problem(
            place_of(each.never, place),
            "RW843",
            f"`{each.never}` is not what {what} never does",
            "write `met`, `not met` or `undecided` of a condition, `takes effect` of a rule",
        )
    if rule not in names:
        return Problem(
            place,
            "RW841",
            f"`{rule}` is not a rule, row, table or use of this rulebook",
            nearest(rule, names),
        )
    if each.condition is not None and key(each.condition) not in map(key, names[rule]):
        return Problem(
            place_of(each.condition, place),
            "RW842",
            f"`{rule}` has no condition `{each.condition}`",
            nearest(str(each.condition), sorted(names[rule])),
        )
    return None
