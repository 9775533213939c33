"""What a person left out of coverage, with the reason: `coverage-exceptions.yaml` in a folder of scenarios."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rulewright.language.errors import Problems, nearest
from rulewright.language.loading import load_yaml_file
from rulewright.language.models import ExceptionModel, ExceptionsModel
from rulewright.language.reading import read_as
from rulewright.language.text import key, place_of
from rulewright.workbench import shown_path

NAME = "coverage-exceptions.yaml"


def exceptions_in(folders: Iterable[Path]) -> list[ExceptionModel]:
    """The exceptions of folders of scenarios. Raises `InputError`."""
    found: list[ExceptionModel] = []
    problems = Problems()
    for folder in dict.fromkeys(folders):
        path = folder / NAME
        if path.is_file():
            shown = shown_path(path)
            found += read_as(ExceptionsModel, load_yaml_file(path, shown), shown).exceptions
    problems.stop_if_any()
    return found


class Exceptions:
    """Exceptions by what they are about. `names`: every rule, with its conditions, that they may speak of."""

    def __init__(self, written: list[ExceptionModel], names: dict[str, set[str]]) -> None:
        self.written = written
        self.used: set[int] = set()
        self.about: dict[tuple[str, str, str], int] = {}
        problems = Problems()
        for number, each in enumerate(written):
            rule, condition = str(each.rule), str(each.condition or "")
            place = place_of(each.rule)
            if rule not in names:
                problems.add("RW841", place, f"`{rule}` is not a rule of the policies that were run", nearest(rule, names))
                continue
            known = {key(text): text for text in names[rule]}
            if condition and key(condition) not in known:
                problems.add("RW842", place_of(each.condition, place), f"`{rule}` has no condition `{condition}`",
                             nearest(condition, names[rule]))  # fmt: skip
                continue
            if bool(condition) == (each.never == "takes effect"):
                problems.add("RW843", place, f"`never: {each.never}` does not go with {'a condition' if condition else 'a rule'}",
                             "of a condition write `met`, `not met` or `undecided`; of a rule `takes effect`")  # fmt: skip
                continue
            self.about.setdefault((rule, key(condition), each.never), number)
        problems.stop_if_any()

    def reason(self, rules: Iterable[str], condition: str, what: str) -> str:
        """Why something is left out; nothing where it is not. `rules`: the names by which its rule may be called."""
        for rule in rules:
            number = self.about.get((rule, key(condition), what))
            if number is not None:
                self.used.add(number)
                return " ".join(str(self.written[number].because).split())
        return ""

    def unneeded(self, undecided: bool) -> list[ExceptionModel]:
        """Those that leave nothing out; of undecided conditions only where these are asked for."""
        return [each for number, each in enumerate(self.written) if number not in self.used and (undecided or each.never != "undecided")]
