"""Suggesting scenarios: one for each mutant that the scenarios do not notice, run again under both
before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rulewright.facts.cases import CaseText
from rulewright.mutation.detection import under
from rulewright.mutation.mutant import Mutant
from rulewright.mutation.runner import Progress, judged, worked_through
from rulewright.mutation.verdict import Judged, Judging
from rulewright.syntax.errors import EngineError, InputError
from rulewright.syntax.text import Map, Text, key
from rulewright.testing.suite import ask, checks_of, held
from rulewright.workbench import Rules

from .search import Searching, TellingCase
from .suggestion import Suggestion, expectation, read_again, written

NOT_FOUND = (
    "a case that tells it was looked for, and none was found within the bounds of the search"
)


@dataclass
class Suggested:
    """The suggestions; `without`: the changes for which no telling case was found, in words.

    stopped: it was interrupted, when `looked` of `asked` changes had been looked at.
    """

    suggestions: list[Suggestion] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    stopped: bool = False
    looked: int = 0
    asked: int = 0


def suggest(
    rules: Rules,
    texts: Sequence[CaseText],
    *,
    policy: str | None = None,
    only: Sequence[str] = (),
    most: int | None = None,
    workers: int = 0,
    progress: Progress | None = None,
) -> Suggested:
    """A scenario for each mutant that no scenario notices, as small as possible.

    policy, only, workers, progress: as for `mutate`. most: so many mutants are looked at. An
    interrupt ends it with what was found. Raises `InputError` as `mutate`.
    """
    judging, waiting, stopped = judged(
        rules, texts, policy=policy, only=only, workers=workers, progress=progress
    )
    if judging is None or stopped:
        return Suggested(stopped=stopped)
    found: dict[int, Suggestion | None] = {}
    asked = waiting[:most]
    stopped = worked_through(judging, _suggest_one, asked, workers, found, progress)
    result = gathered(judging, found)
    result.stopped, result.looked, result.asked = stopped, len(found), len(asked)
    return result


def gathered(judging: Judging, found: dict[int, Suggestion | None]) -> Suggested:
    """The suggestions by mutant, in order, as one answer: those with one case are one, and each has
    a name of its own.
    """
    result = Suggested()
    names: dict[str, int] = {}
    alike: dict[tuple[str, str], Suggestion] = {}
    for index in sorted(found):
        suggestion = found[index]
        if suggestion is None:
            result.without.append(judging.mutants[index].what)
        elif (known := alike.get((suggestion.policy, suggestion.body))) is not None:
            known.also.append(suggestion.about)
            known.then_also.append(suggestion.then)
        else:
            named = alike[suggestion.policy, suggestion.body] = _named(suggestion, names)
            result.suggestions.append(named)
    return result


def _suggest_one(judging: Judging, index: int) -> Suggestion | None:
    mutant = judging.mutants[index]
    found = Searching(judging.rules, judging.noticing).search(mutant)
    return confirmed(judging, mutant, found) if found is not None else None


def search(judging: Judging, index: int) -> Judged:
    """The verdict on a mutant that no scenario notices: a case was found that tells it, or none
    within the bounds of the search.
    """
    found = _suggest_one(judging, index)
    if found is None:
        return Judged("undecided", because=NOT_FOUND)
    return Judged(
        "survives",
        because=f"under {found.policy}, {found.now} under the present rules, {found.then} with the change",
    )


def confirmed(judging: Judging, mutant: Mutant, found: TellingCase) -> Suggestion | None:
    """The suggestion, if its scenario, read again, holds under the rules as they are and does not
    under the mutant.
    """
    rules, program = judging.rules, judging.programs[found.policy]
    tree = with_policy(rules, found.tree, found.policy)
    name = f"suggested for {mutant.rule}"
    scenario = written(name, mutant.what, tree, found.parting, program.vocabulary)
    try:
        [check] = checks_of(read_again(scenario))
        answered = ask(rules, check)
        if held(check, answered):
            return None
    except (InputError, EngineError):
        return None
    changed = under(judging.noticing.policies[found.policy], mutant.effects[found.policy])
    assert changed is not None
    if not fails(judging, check, answered, changed):
        return None
    _, now, then = expectation(found.parting)
    return Suggestion(name, mutant.what, str(mutant.place), found.policy, now, then, scenario)


def fails(judging: Judging, check: object, answered: object, changed: object) -> bool:
    """Whether a check that holds does not hold under a mutant: the whole case is evaluated
    again.
    """
    from rulewright.engines.evaluator import evaluate

    parameters = {
        name: each.at(answered.as_at)  # type: ignore[attr-defined]
        for name, each in changed.program.parameters.items()  # type: ignore[attr-defined]
    }
    result = evaluate(changed.program, answered.case, answered.as_at, parameters)  # type: ignore[attr-defined]
    other = replace(answered, program=changed.program, parameters=parameters, result=result)  # type: ignore[type-var, attr-defined]
    return bool(held(check, other))  # type: ignore[arg-type]


def with_policy(rules: Rules, tree: Map, policy: str) -> Map:
    """The facts with the policy named, where the date would choose another."""
    plain = Map({name: value for name, value in tree.items() if name != "policy"})
    try:
        day = CaseText(plain, "suggested").day()
        if rules.choose(None, day).policy == policy:
            return plain
    except InputError:
        pass
    found = Map()
    for name, value in plain.items():
        found[name] = value
        if key(str(name)) == "as at":
            found[Text("policy")] = Text(policy)
    return found


def _named(suggestion: Suggestion, names: dict[str, int]) -> Suggestion:
    """A name of its own: two scenarios of one file are not called alike."""
    names[suggestion.name] = count = names.get(suggestion.name, 0) + 1
    if count == 1:
        return suggestion
    name = f"{suggestion.name} ({count})"
    return replace(
        suggestion,
        name=name,
        scenario=suggestion.scenario.replace(
            f"- case: {suggestion.name}\n", f"- case: {name}\n", 1
        ),
    )


def as_file(found: Suggested) -> Iterator[str]:
    """The text of a scenario file with all suggestions."""
    for index, each in enumerate(found.suggestions):
        if index:
            yield ""
        yield from each.text.rstrip("\n").split("\n")


__all__ = ["Suggested", "as_file", "search", "suggest"]
