"""What mutating found, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rulewright.syntax import cache

from .record import MutantShown, Mutation, Verdict


def lines(found: Mutation) -> Iterator[str]:
    """Each mutant that no scenario notices, then the numbers."""
    for each in found.mutants:
        if each.verdict == "survives":
            yield from _one(each, each.sentence)
            if each.by:
                yield f"  the outcome of a scenario is another with it, and nothing is expected of that: {each.by}"
            elif each.because:
                yield f"  a case tells it (`rulewright suggest` writes it): {each.because}"
    waiting = [
        each
        for each in found.mutants
        if each.verdict == "undecided" and not found.policy and each.waits_for(found.not_run)
    ]
    undecided = [
        each for each in found.mutants if each.verdict == "undecided" and each not in waiting
    ]
    if undecided:
        yield "undecided: no scenario notices these, and whether any case would is not known (`rulewright suggest` looks for one)"
        for each in undecided:
            yield from _one(each, each.sentence.removeprefix("no scenario notices "))
            if each.because:
                yield f"  {each.because}"
    for name in found.broken:
        yield f"does not hold under the rules as they are, and so notices nothing: {name}"
    yield from _of_policies(found, len(waiting))
    yield summary(found)
    own = [each for each in found.mutants if each.own and each.verdict in _TOLD]
    if own and not all(each.own for each in found.mutants):
        yield f"of these, {_some(len(own), 'mutant')} of what `{found.policy}` itself changes: {_counts(own)}"
    if found.stopped:
        yield _interrupted(found.count("not tried"))


def _of_policies(found: Mutation, waiting: int) -> Iterator[str]:
    """What scenarios could not hold to account, or not in the words that they were written for."""
    named = ", ".join(f"`{each}`" for each in found.not_run)
    if found.borrowed:
        yield (
            f"{_some(found.borrowed, 'check')} of other policies {'does' if found.borrowed == 1 else 'do'} not hold under `{found.policy}`, "
            f"and so {'notices' if found.borrowed == 1 else 'notice'} nothing"
        )
    if found.not_run and found.policy:
        yield (
            f"no scenario is written for {named} (write `policy: {found.policy}` in one): only what scenarios of other policies expect "
            "can notice a change"
        )
    elif found.not_run:
        yield (
            f"no scenario runs under {named}: {_some(waiting, 'mutant')} of what {'they say' if len(found.not_run) > 1 else 'it says'} "
            f"alone {'is' if waiting == 1 else 'are'} not noticed"
        )


def _interrupted(waiting: int) -> str:
    """What is left to do. The next run knows of this one only where something is kept."""
    left = (
        f"{_some(waiting, 'mutant')} not tried yet" if waiting else "not every case was looked for"
    )
    return f"interrupted: {left}{'; the next run goes on from here' if cache.folder() is not None else ''}"


def _one(mutant: MutantShown, sentence: str) -> Iterator[str]:
    yield sentence
    yield f"  {mutant.place}, in {', '.join(mutant.policies)}"


def summary(found: Mutation) -> str:
    """The numbers on one line."""
    sampled = f" (a sample, seed {found.seed})" if found.seed is not None else ""
    score = f"; score {found.score:.1f} %" if found.told else ""
    refused = found.count("refused")
    aside = (
        f"; {refused} more that `check` refuses {'do' if refused > 1 else 'does'} not count"
        if refused
        else ""
    )
    tried = len(found.mutants) - found.count("not tried") - refused
    return (
        f"{_some(tried, 'mutant')}{sampled}, {_some(found.checks, 'check')} in "
        f"{_some(found.scenarios, 'scenario')}: {_counts(found.mutants)}{aside}{score}"
    )


_TOLD: dict[Verdict, str] = {
    "noticed": "noticed",
    "survives": "not noticed",
    "undecided": "undecided",
    "equal": "proved equal and set aside",
}


def _counts(mutants: Iterable[MutantShown]) -> str:
    """How many have which verdict; those that are refused or not tried are told elsewhere."""
    counts = Counter(each.verdict for each in mutants)
    return ", ".join(
        f"{counts[verdict]} {words}"
        for verdict, words in _TOLD.items()
        if counts[verdict] or verdict in ("noticed", "survives")
    )


def _some(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
