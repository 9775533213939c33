"""`rulewright run`: cases in, ratings and reasons out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from rulewright.decision.outcome import Answer, OtherReading, Outcome
from rulewright.decision.running import EnginesDisagree
from rulewright.engines.registry import BOTH, CHOICES
from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import EngineError, InputError, MistakesShown, Place, Problem
from rulewright.syntax.text import key
from rulewright.workbench import Rules, cases

from .common import FINE, REFUSED, WRONG_INPUT, handled, json_option, policy_option, rules_option
from .run_record import RunRecorder, recording
from .terminal import say, say_json


def settings_of(written: tuple[str, ...]) -> dict[str, str]:
    """Each `PARAMETER=VALUE`. Raises `InputError` (RW602)."""
    found: dict[str, str] = {}
    for each in written:
        name, equals, value = each.partition("=")
        if not equals or not name.strip():
            raise InputError(
                Problem(
                    Place(""),
                    "RW602",
                    f"`{each}` is not `parameter=value`",
                    "name a parameter and its value",
                )
            )
        if key(name) in map(key, found):
            raise InputError(
                Problem(Place(""), "RW602", f"`{name.strip()}` is set twice", "keep one of them")
            )
        found[name.strip()] = value.strip()
    return found


@click.command("run", short_help="Run cases and show their ratings and reasons")
@click.argument(
    "files", nargs=-1, required=True, metavar="CASE...", type=click.Path(path_type=Path)
)
@rules_option
@policy_option
@click.option(
    "--as-at", metavar="DATE", help="The date of the decision, instead of the case's own."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER=VALUE",
    help="Change a parameter for this run; the outcome is then stamped as not a rating.",
)
@click.option(
    "--engine",
    type=click.Choice(CHOICES),
    default=BOTH,
    show_default=True,
    help="Which engine answers; `both` are cross-checked.",
)
@click.option(
    "--only",
    metavar="ATTRIBUTE",
    help="Show one attribute: its name, or its path (`Maternity > safe`).",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Explain all published answers by every rule that fired; try every other reading.",
)
@click.option(
    "--readings",
    is_flag=True,
    help="Try every other reading of the interpretations: which would change a rating?",
)
@json_option
@handled
@recording
def command(
    files: tuple[Path, ...],
    rules: Path | None,
    policy: str | None,
    as_at: str | None,
    settings: tuple[str, ...],
    engine: str,
    only: str | None,
    everything: bool,
    readings: bool,
    as_json: bool,
    records: RunRecorder | None,
) -> int:
    """Run each CASE (YAML, JSON, or JSON lines) and show its ratings, then why."""
    changes = settings_of(settings)
    book = Rules(rules)
    worst = FINE
    first, told = True, MistakesShown()
    for path in files:
        try:
            found = cases(path)
        except InputError as error:
            worst = max(worst, _wrong(error, told))
            continue
        for case in found:
            code, outcome = _one(
                book, case, policy, as_at, changes, engine, readings or everything, records, told
            )
            worst = max(worst, code)
            if outcome is not None:
                if not first and not as_json:
                    say()
                first = False
                worst = max(worst, _show(outcome, only, everything, as_json))
    _tell(told.rest())
    return worst


def _one(
    book: Rules,
    case: CaseText,
    policy: str | None,
    as_at: str | None,
    settings: dict[str, str],
    engine: str,
    readings: bool,
    records: RunRecorder | None,
    told: MistakesShown,
) -> tuple[int, Outcome | None]:
    try:
        answered = book.answer(case, policy=policy, as_at=as_at, set=settings, engine=engine)
        outcome = book.outcome(answered, engine=engine, readings=readings)
    except InputError as error:
        return _wrong(error, told), None
    except EnginesDisagree as error:
        about = ", ".join(
            f"`{each.partition(': reference ')[0]}`" for each in error.differences[:3]
        )
        say(
            f"{case.place}: RW603 the engines disagree about {about}; {_keep_trails(error)}",
            err=True,
        )
        return REFUSED, None
    except EngineError as error:
        say(
            f"{case.place}: RW604 {error}; `--engine reference` answers without the other engine",
            err=True,
        )
        return REFUSED, None
    conflicts = [
        each for each in outcome.decision.answers if each.published and each.status == "conflict"
    ]
    if records is not None and not conflicts:
        records.take(answered)
    return (REFUSED if conflicts else FINE), outcome


def _wrong(error: InputError, told: MistakesShown) -> int:
    _tell(told.lines(error.problems))
    return WRONG_INPUT


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        say(line, err=True)


def _keep_trails(error: EnginesDisagree) -> str:
    """Write both engines' whole answers into a file named after the case's digest; what became of
    that.
    """
    from rulewright.syntax.file_writer import write_whole

    name = f"engines-disagree-{error.case.digest.removeprefix('sha256:')[:12]}.json"
    trails = {
        "case": error.case.name,
        "case digest": error.case.digest,
        "differences": list(error.differences),
        **{
            engine: {
                f"{error.case.entities[i].path} > {a}": repr(settled)
                for (i, a), settled in sorted(result.settled.items())
            }
            for engine, result in error.traces.items()
        },
    }
    try:
        write_whole(Path(name), f"{json.dumps(trails, indent=1)}\n".encode())
    except InputError:
        return f"their trails could not be kept in `{name}`"
    return f"both trails are kept in `{name}`"


def _show(outcome: Outcome, only: str | None, everything: bool, as_json: bool) -> int:
    if only is not None:
        return _show_only(outcome, only, everything, as_json)
    if as_json:
        say_json(json.dumps(outcome.to_json(), ensure_ascii=False, separators=(",", ":")))
        return FINE
    from .outcomes import write_outcome

    write_outcome(outcome, everything)
    return FINE


def _show_only(outcome: Outcome, only: str, everything: bool, as_json: bool) -> int:
    from rulewright.explain.branches import tree
    from rulewright.explain.naming import answers_named
    from rulewright.explain.page import other_readings, stamps
    from rulewright.explain.recorder import ExplanationRecorder

    from .outcomes import write_branches

    decision = outcome.decision
    answers = answers_named(decision, only)
    hidden = {(each.entity, each.attribute): each for each in decision.not_published}
    if as_json:
        from rulewright.decision.outcome import plain

        for answer in answers:
            withdrawn = hidden.get((answer.entity, answer.attribute))
            found = {"case": decision.case, **plain(withdrawn if withdrawn is not None else answer)}
            found |= {"not a rating": decision.not_a_rating} if decision.not_a_rating else {}
            found |= (
                {"readings": plain(_about(outcome.readings, [answer]))}
                if outcome.readings is not None
                else {}
            )
            say_json(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
        return FINE
    recorder = ExplanationRecorder(decision, everything)
    for line in stamps(decision):
        say(line)
    for answer in answers:
        withdrawn = hidden.get((answer.entity, answer.attribute))
        if withdrawn is not None and withdrawn.status != "withdrawn" and withdrawn.given_earlier:
            perhaps = "; perhaps withdrawn by now" if withdrawn.status == "undecided" else ""
            say(
                f"{answer.entity} > {answer.attribute}: {withdrawn.given_earlier}, as given under the earlier approach{perhaps}"
            )
        elif withdrawn is not None and withdrawn.status == "withdrawn":
            cited = ", ".join(
                " ".join(filter(None, (s.document, s.section))) for s in withdrawn.sources
            )
            level = answer.entity.rpartition(" > ")[0] or answer.entity
            say(
                f"{answer.entity} > {answer.attribute}: not published at {level} level; withdrawn by {withdrawn.withdrawn_by}"
                + (f" - {cited}" if cited else "")
            )
        else:
            write_branches([tree(recorder.why(answer))])
    if outcome.readings is not None:
        write_branches([other_readings(_about(outcome.readings, answers), decision, everything)])
    return FINE


def _about(readings: list[OtherReading], answers: list[Answer]) -> list[OtherReading]:
    """The readings, each with what it would change of these answers only."""
    wanted = {(each.entity, each.attribute) for each in answers}
    return [
        replace(each, changes=[c for c in each.changes if (c.entity, c.attribute) in wanted])
        for each in readings
    ]
