"""The library held against the oracle, attribute by attribute."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from rulewright import InputError
from tests.fuzz.dice import Dice, seeded

from .cases import GUIDANCE, Asked
from .facts import Possible, Told, Value, possibilities
from .guidance import Guidance
from .legacy import Legacy
from .library import Library, Said

# completions of one attribute that are tried one by one; of more, as many again at random
MOST = 128


class Difference(NamedTuple):
    """An attribute on which the two differ.

    how: `not among the possible`: the oracle gives a value that the library rules out; `not
    determined`: everything that matters is stated, and the library leaves it open.
    """

    path: str
    attribute: str
    how: str
    oracle: frozenset[Value]
    library: Said | None

    def show(self) -> str:
        of_library = (
            "nothing"
            if self.library is None
            else _words(self.library.values) + (" or a conflict" if self.library.conflict else "")
        )
        return f"{self.path} > {self.attribute}: the oracle gives {_words(self.oracle)}, the library {of_library} ({self.how})"


@dataclass
class Figures:
    """What was compared."""

    counts: Counter[str] = field(default_factory=Counter)
    branches: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)
    library_on_questions: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, other: Figures) -> None:
        self.counts += other.counts
        self.branches += other.branches
        self.questions += other.questions
        for question, answers in other.library_on_questions.items():
            self.library_on_questions.setdefault(question, Counter()).update(answers)


def oracle_of(asked: Asked) -> Legacy:
    """The oracle for a case."""
    told = Told(asked.tree, asked.settings)
    return Guidance(told) if asked.policy == GUIDANCE else Legacy(told)


def compare(
    library: Library,
    asked: Asked,
    engine: str = "reference",
    figures: Figures | None = None,
    displayed: bool = True,
    dice: Dice | None = None,
) -> list[Difference]:
    """Every attribute of a case on which the library and the oracle differ; one difference of its
    own where the case is refused.
    """
    figures = figures or Figures()
    try:
        said = library.answers(asked, engine, displayed)
    except InputError as error:
        figures.counts["refused"] += 1
        return [
            Difference("case", each.code, f"refused: {each.message}", frozenset(), None)
            for each in error.problems[:1]
        ]
    return differences(asked, said, figures, MOST, dice)


def differences(
    asked: Asked,
    said: dict[tuple[str, str], Said],
    figures: Figures,
    most: int = MOST,
    dice: Dice | None = None,
) -> list[Difference]:
    """The same, with the library's answers at hand."""
    oracle = oracle_of(asked)
    found = []
    figures.counts["complete cases" if asked.complete else "incomplete cases"] += 1
    for (path, attribute), ask in oracle.answers().items():
        if attribute.endswith(" displayed") and ("trust", "overall rating displayed") not in said:
            continue
        may = possibilities(oracle.told, ask, most, dice or seeded(0))
        answer = said.get((path, attribute))
        _note(figures, may, answer, asked.complete)
        how = _difference(may, answer, asked.complete)
        if how:
            found.append(Difference(path, attribute, how, frozenset(may.values), answer))
    figures.branches.update(oracle.told.reached.keys())
    return found


def _difference(may: Possible, said: Said | None, complete: bool) -> str:
    if said is None:
        return "not answered"
    if not may.values <= said.values:
        return "not among the possible"
    if complete and may.known and not may.questions and not said.one:
        return "not determined"
    return ""


def _note(figures: Figures, may: Possible, said: Said | None, complete: bool) -> None:
    counts = figures.counts
    counts["attributes"] += 1
    counts["completions"] += 0 if may.known else may.tried
    for each in may.questions:
        figures.questions[each] += 1
        if said is not None and may.known:
            figures.library_on_questions.setdefault(each, Counter())[_words(said.values)] += 1
    if complete and not may.known:
        counts["attributes of complete cases that a missing fact decides"] += 1
    if said is None or complete or may.questions:
        return
    if may.known:
        counts["nothing missing matters"] += 1
        counts["nothing missing matters, undetermined"] += not said.one
    else:
        counts["with missing facts"] += 1
        if may.whole:
            counts["with missing facts, all completions tried"] += 1
            if len(may.values) == 1:
                counts["all completions agree"] += 1
                counts["all completions agree, undetermined"] += not said.one
            else:
                counts["completions differ"] += 1
                counts["completions differ, possible values exact"] += may.values == said.values


def _words(values: frozenset[Value]) -> str:
    return (
        " or ".join(sorted("no value" if each is None else str(each) for each in values))
        or "no answer"
    )
