"""Many generated cases held against the library, and the figures of what was compared."""

from __future__ import annotations

from functools import cache

from tests.fuzz.dice import Dice, seeded

from .cases import Asked, case
from .comparing import Difference, Figures, compare
from .gaps import with_gaps
from .library import Library
from .shrinking import as_yaml, smallest

BOTH_EVERY = 10  # one case in so many goes through both engines
DISPLAYED_EVERY = 3  # of one in so many it is asked what is displayed, which takes as long again


@cache
def library() -> Library:
    """The shipped rulebook, read once in each process."""
    return Library()


def pair(dice: Dice, policy: str) -> tuple[Asked, Asked]:
    """A complete case, and the same with facts taken away."""
    whole = case(dice, policy)
    return whole, with_gaps(dice, whole)


def run(policy: str, seed: str, numbers: range, figures: Figures) -> list[tuple[Asked, Difference]]:
    """Compare the cases of these numbers; every difference, with its case."""
    found = []
    for number in numbers:
        dice = seeded(f"{policy}/{seed}/{number}")
        for asked in pair(dice, policy):
            engine = "both" if number % BOTH_EVERY == 0 else "reference"
            figures.counts["through both engines"] += engine == "both"
            found += [
                (asked, each)
                for each in compare(
                    library(), asked, engine, figures, number % DISPLAYED_EVERY == 0, dice
                )
            ]
    return found


def kind_of(asked: Asked, difference: Difference) -> tuple[str, ...]:
    """What makes two differences alike: only the first of each kind is shown."""
    level = (
        "trust"
        if difference.path.startswith("trust")
        else "service"
        if "Service" in difference.path
        else "location"
    )
    return (
        asked.policy,
        level,
        difference.attribute,
        difference.how,
        "well-led" if "well-led" in difference.path else "",
    )


def show(asked: Asked, difference: Difference) -> str:
    """A difference with its case, made small."""
    asked, difference = smallest(library(), asked, difference)
    return f"{difference.show()}\n# {asked.policy}\n{as_yaml(asked)}"


def job(work: tuple[str, str, range]) -> tuple[Figures, list[tuple[Asked, Difference]]]:
    """`run`, as work for another process; of each kind of difference the first."""
    figures = Figures()
    first: dict[tuple[str, ...], tuple[Asked, Difference]] = {}
    for asked, difference in run(*work, figures):
        figures.counts[f"differences, {asked.policy}"] += 1
        first.setdefault(kind_of(asked, difference), (asked, difference))
    return figures, list(first.values())


def lines(figures: Figures) -> list[str]:
    """The figures, as they are printed."""
    counts = figures.counts
    agree, differ = counts["all completions agree"], counts["completions differ"]
    shown = [
        f"{counts['complete cases']:,} complete cases and {counts['incomplete cases']:,} with facts taken away; "
        f"{counts['through both engines']:,} through both engines, {counts['refused']:,} refused",
        f"{counts['attributes']:,} attributes compared, {counts['completions']:,} completions",
        f"incomplete cases: of {counts['with missing facts']:,} attributes that missing facts bear on,",
        f"  {counts['with missing facts, all completions tried']:,} with all completions tried",
        f"  {agree:,} on which all agree, {counts['all completions agree, undetermined']:,} of them undetermined in the library",
        f"  {differ:,} on which they differ, {counts['completions differ, possible values exact']:,} of them with exact possible values",
        f"  and {counts['nothing missing matters, undetermined']:,} of {counts['nothing missing matters']:,} others undetermined",
        "questions left aside:",
    ]
    for question, number in sorted(figures.questions.items()):
        answers = ", ".join(
            f"{words} {times}"
            for words, times in figures.library_on_questions.get(question, {}).items()
        )
        shown.append(
            f"  {number:,} {question} (the library: {answers or 'undetermined by missing facts'})"
        )
    return shown + [
        "branches, by cases:",
        *(f"  {number:,} {branch}" for branch, number in sorted(figures.branches.items())),
    ]
