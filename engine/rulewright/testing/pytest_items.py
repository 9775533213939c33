"""Scenarios as tests of pytest: a file is a collector, each scenario a test with its tags as
marks.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from rulewright.engines.gc_pause import uninterrupted
from rulewright.facts.cases import CaseText, load_cases
from rulewright.syntax.errors import InputError
from rulewright.syntax.files import folders
from rulewright.syntax.shipped import copy_in
from rulewright.syntax.text import slug
from rulewright.syntax.visible import visible
from rulewright.workbench import Rules, shown_path

from .reports.text import details, headed
from .runner import no_name_twice, only_facts, run_scenarios, tags_of
from .verdict import Verdict, verdict_of

_OF_PYTEST = (
    "filterwarnings",
    "parametrize",
    "skip",
    "skipif",
    "tryfirst",
    "trylast",
    "usefixtures",
    "xfail",
)


class Suite:
    """What the scenarios of a session share: the rulebook, read when the first is run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        named = str(config.getini("rulewright_rules"))
        self.folder = config.rootpath / named if named else copy_in(config.rootpath)
        self._rules: Rules | None = None

    @property
    def rules(self) -> Rules:
        """The rulebook. Raises `InputError`."""
        if self._rules is None:
            self._rules = Rules(self.folder)
        return self._rules

    def mark(self, tag: str) -> str:
        """The name of the mark of a tag, declared so that `--strict-markers` knows it; never one
        that pytest itself acts on.
        """
        name = slug(tag)
        if name in _OF_PYTEST:
            name = f"tag-{name}"
        line = f"{name}: scenarios with the tag `{visible(tag)}`"
        if name and line not in self.config.getini("markers"):
            self.config.addinivalue_line("markers", line)
        return name


class ScenarioFile(pytest.File):
    """A file of scenarios."""

    suite: Suite
    folder: Path

    @classmethod
    def from_parent(  # type: ignore[override]
        cls, parent: Any, *, path: Path, suite: Suite, folder: Path, **rest: Any
    ) -> ScenarioFile:
        """A collector for a file that a project named; pytest prints its name as it is, so that is
        made visible.

        folder: below it have to lie the file and those that it names.
        """
        name = path.relative_to(parent.config.rootpath).as_posix()
        if name != visible(name):
            rest |= {"name": visible(path.name), "nodeid": visible(name)}
        found: ScenarioFile = super().from_parent(parent, path=path, **rest)
        found.suite, found.folder = suite, folder
        return found

    def collect(self) -> list[ScenarioItem]:
        """A test for each scenario. A file of facts that scenarios share holds none."""
        try:
            with uninterrupted():
                within = folders([self.folder])
                found = load_cases(self.path, shown_path(self.path), within, found_in=within)
                no_name_twice(found)
        except InputError as error:
            if only_facts(error):
                return []
            raise self.CollectError(str(error)) from None
        return [
            ScenarioItem.from_parent(self, name=visible(each.name), text=each, suite=self.suite)
            for each in found
        ]


class NotHeld(Exception):
    """A scenario that does not hold, or could not be run."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.scenario)
        self.verdict = verdict


class ScenarioItem(pytest.Item):
    """One scenario."""

    def __init__(self, *, text: CaseText, suite: Suite, **rest: Any) -> None:
        super().__init__(**rest)
        self.text, self.suite = text, suite
        for tag in tags_of(text):
            if name := suite.mark(tag):
                self.add_marker(name)

    def runtest(self) -> None:
        """Run it on both engines. Raises `NotHeld`."""
        [tested] = run_scenarios(self.suite.rules, [self.text])
        if not tested.passed:
            raise NotHeld(verdict_of(tested))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What `rulewright test` says of it."""
        error = excinfo.value
        if isinstance(error, NotHeld):
            return "\n".join(map(visible, headed(error.verdict, details(error.verdict))))
        if isinstance(error, InputError):
            return str(error)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """The line of the scenario, also where it is a row of another file."""
        place = self.text.place
        file = place.file.partition("!")[0]
        path = self.path if file == self.text.file else Path(os.path.abspath(file))
        return Path(visible(str(path))), max(place.line, 1) - 1, self.name
