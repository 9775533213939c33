"""The engines: what each is called, what it gives, whether it is installed and how it is called.

A new engine is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from rulewright.facts.cases import Case
from rulewright.ir.program import Program
from rulewright.ir.types import Value

from .result import Answers, Trace

Tracing = Callable[[Program, Case, int, dict[str, Value]], Trace]
Answering = Callable[[Program, Case, int, dict[str, Value]], Answers]
Evaluate = Callable[[Program, Case, int, dict[str, Value]], Trace | Answers]


@dataclass(frozen=True)
class Engine:
    """An engine: a module with a function `evaluate`.

    shown: what outcomes and options call it; stored in ledgers, so it never changes. Empty for an
    engine that users do not choose. needs: the library without which it cannot be imported, and
    what installs it.
    """

    name: str
    module: str
    gives: type[Trace] | type[Answers]
    shown: str = ""
    needs: str = ""
    install: str = ""

    @property
    def missing(self) -> str:
        """Why it cannot be used, in words."""
        return f"the {self.shown} engine is not there: {self.needs} cannot be imported"

    def load(self) -> Evaluate | None:
        """Its function, or `None` where the library that it needs is not installed."""
        return _loaded(self.module, self.needs)


@cache
def _loaded(module: str, needs: str) -> Evaluate | None:
    try:
        evaluate: Evaluate = import_module(module, __package__).evaluate
    except ImportError:
        if not needs:
            raise
        return None
    return evaluate


EVALUATOR = Engine("evaluator", ".evaluator", Trace, "reference")
FORWARD = Engine(
    "forward",
    ".forward",
    Trace,
    "forward",
    "durable_rules",
    "`pip install 'rulewright[forward]'` installs it, before Python 3.13",
)
REFERENCE = Engine("reference", ".reference", Answers)
COLUMNS = Engine("columns", ".columns", Answers)
ENGINES = (EVALUATOR, FORWARD, REFERENCE, COLUMNS)

BOTH = "both"
CHOICES = (BOTH, EVALUATOR.shown, FORWARD.shown)  # what a user may ask for


def tracing(engine: Engine) -> Tracing | None:
    """The function of an engine that gives traces, where it is installed."""
    assert engine.gives is Trace
    return engine.load()  # type: ignore[return-value]


def answering() -> dict[str, Answering]:
    """Every engine that is installed, by name, giving answers alone."""
    found = {}
    for engine in ENGINES:
        evaluate = engine.load()
        if evaluate is not None:
            found[engine.name] = _answers_of(evaluate)
    return found


def _answers_of(evaluate: Evaluate) -> Answering:
    def answers(program: Program, case: Case, as_at: int, parameters: dict[str, Value]) -> Answers:
        given = evaluate(program, case, as_at, parameters)
        return given.answers if isinstance(given, Trace) else given

    return answers
