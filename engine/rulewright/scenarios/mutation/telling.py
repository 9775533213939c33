"""What mutating found, in words."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.language import cache

from .record import MutantShown, Mutation


def lines(found: Mutation) -> Iterator[str]:
    """Each mutant that no scenario notices, then the numbers."""
    for each in found.mutants:
        if each.verdict == "survives":
            yield from _one(each, each.sentence)
            if each.by:
                yield f"  the outcome of a scenario is another with it, and nothing is expected of that: {each.by}"
            elif each.because:
                yield f"  a case tells it (`rulewright suggest` writes it): {each.because}"
    undecided = [each for each in found.mutants if each.verdict == "undecided"]
    if undecided:
        yield "undecided: no scenario notices these, and whether any case would is not known (`rulewright suggest` looks for one)"
        for each in undecided:
            yield from _one(each, each.sentence.removeprefix("no scenario notices "))
            if each.because:
                yield f"  {each.because}"
    for name in found.broken:
        yield f"does not hold under the rules as they are, and so notices nothing: {name}"
    if found.not_run:
        yield f"no scenario is run under {', '.join(found.not_run)}: what is said there alone was not changed"
    yield summary(found)
    if found.stopped:
        yield _interrupted(found.count("not tried"))


def _interrupted(waiting: int) -> str:
    """What is left to do. The next run knows of this one only where something is kept."""
    left = f"{_some(waiting, 'mutant')} not tried yet" if waiting else "not every case was looked for"
    return f"interrupted: {left}{'; the next run goes on from here' if cache.folder() is not None else ''}"


def _one(mutant: MutantShown, sentence: str) -> Iterator[str]:
    yield sentence
    yield f"  {mutant.place}, in {', '.join(mutant.policies)}"


def summary(found: Mutation) -> str:
    """The numbers on one line."""
    counts = [(found.count("noticed"), "noticed"), (found.count("survives"), "not noticed"), (found.count("undecided"), "undecided"),
              (found.count("equal"), "proved equal and set aside")]  # fmt: skip
    told = ", ".join(f"{number} {what}" for number, what in counts if number or what in ("noticed", "not noticed"))
    sampled = f" (a sample, seed {found.seed})" if found.seed is not None else ""
    score = f"; score {found.score:.1f} %" if found.told else ""
    return (f"{_some(len(found.mutants) - found.count('not tried'), 'mutant')}{sampled}, {_some(found.checks, 'check')} in "
            f"{_some(found.scenarios, 'scenario')}: {told}{score}")  # fmt: skip


def _some(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
