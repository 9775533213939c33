"""The pytest plugin: scenario files are collected as tests in anyone's project.

    [tool.pytest.ini_options]
    rulewright_scenarios = ["scenarios/*.yaml"]
    rulewright_rules = "rules/mine"

Nothing of Rulewright is imported here: where no scenario is collected, the plugin costs nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two settings, both relative to the project's folder (`rootdir`)."""
    parser.addini(
        "rulewright_scenarios",
        "scenario files to collect: patterns such as scenarios/*.yaml",
        type="args",
        default=[],
    )
    parser.addini(
        "rulewright_rules",
        "folder of their rulebook (default: rules/cqc, else the shipped one)",
        default="",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collecting begins only where a project names scenario files.

    Raises `UsageError` where there is no such rulebook.
    """
    patterns, rules = config.getini("rulewright_scenarios"), str(config.getini("rulewright_rules"))
    if patterns:
        if rules and not (config.rootpath / rules).is_dir():
            raise pytest.UsageError(f"rulewright_rules: there is no folder `{rules}`")
        config.pluginmanager.register(
            ScenarioCollector(config, [str(each) for each in patterns]), "rulewright-scenarios"
        )


class ScenarioCollector:
    """Collects the files that a project names."""

    def __init__(self, config: pytest.Config, patterns: list[str]) -> None:
        self.config, self.root, self.patterns = config, config.rootpath, patterns
        self.unused = set(patterns)
        self.suite: Any = None

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        """Thousands of scenarios are a million small objects and no garbage: looking for some would
        take longer than reading them.
        """
        collecting = gc.isenabled()
        gc.disable()
        try:
            return (yield)
        finally:
            if self.suite is not None:
                gc.freeze()
            if collecting:
                gc.enable()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell the patterns that name no file, where whoever runs the tests did not choose which,
        and this process looked for them.
        """
        chosen = (
            self.config.args_source is pytest.Config.ArgsSource.ARGS
            or self.config.invocation_params.dir != self.root
        )
        if not chosen and getattr(self.config.option, "dist", "no") == "no":
            for pattern in (each for each in self.patterns if each in self.unused):
                terminalreporter.write_line(
                    f"rulewright_scenarios: no file that is collected fits `{pattern}`", yellow=True
                )

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """A file that one of the patterns names."""
        try:
            path = file_path.relative_to(self.root).as_posix()
        except ValueError:
            return None
        from rulewright.syntax.files import COVERAGE_EXCEPTIONS
        from rulewright.syntax.text import fits

        fitting = [each for each in self.patterns if fits(path, each.removeprefix("./"))]
        self.unused.difference_update(fitting)
        if not fitting:
            return None
        if file_path.name == COVERAGE_EXCEPTIONS:
            return None
        from .pytest_items import ScenarioFile, Suite

        self.suite = self.suite or Suite(parent.config)
        return ScenarioFile.from_parent(
            parent, path=file_path, suite=self.suite, folder=self.root / _folder(fitting[0])
        )


def _folder(pattern: str) -> str:
    """The folder that a pattern names: that of a file, or of `scenarios/*/*.yaml` the part without
    wildcards.
    """
    fixed = pattern.partition("*")[0].partition("?")[0]
    return fixed.rpartition("/")[0]
