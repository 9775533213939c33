"""Engines are registered in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import rulewright
from rulewright.engines.registry import BOTH, CHOICES, ENGINES, Engine, answering
from rulewright.engines.result import Answers
from rulewright.facts.cases import bind_case
from rulewright.workbench import case_from
from tests.small import CASE, program

PACKAGE = Path(rulewright.__file__).parent


def test_an_engine_whose_library_is_not_installed_is_not_loaded() -> None:
    absent = Engine("absent", ".no_such_engine", Answers, "absent", "a_library")
    assert absent.load() is None
    assert absent.missing == "the absent engine is not there: a_library cannot be imported"


def test_users_choose_between_the_engines_that_are_shown() -> None:
    assert CHOICES == (BOTH, "reference", "forward")
    assert {each.shown for each in ENGINES if each.shown} == set(CHOICES) - {BOTH}


def test_each_gives_what_it_says() -> None:
    compiled = program()
    case = bind_case(case_from(CASE), compiled.vocabulary)
    parameters = {name: each.at(738_000) for name, each in compiled.parameters.items()}
    for engine in ENGINES:
        evaluate = engine.load()
        if evaluate is not None:
            assert isinstance(evaluate(compiled, case, 738_000, parameters), engine.gives)
    first, *others = [
        evaluate(compiled, case, 738_000, parameters) for evaluate in answering().values()
    ]
    assert others
    assert all(each == first for each in others)


def test_no_other_module_names_an_engine_that_may_be_missing() -> None:
    """Whoever wants the forward engine asks the registry."""
    for path in PACKAGE.rglob("*.py"):
        if "forward" in path.relative_to(PACKAGE).parts or path.name == "registry.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert "forward" not in (node.module or "").split("."), path


def test_the_reference_keeps_no_trail_and_no_other_engine() -> None:
    source = (PACKAGE / "engines" / "reference.py").read_text("utf-8")
    assert len(source.splitlines()) < 400
    modules = {
        each.module for each in ast.walk(ast.parse(source)) if isinstance(each, ast.ImportFrom)
    }
    assert {"calculus", "result"} <= modules
    assert not {"evaluator", "columns", "forward"} & modules
