"""Making a decision again from what the ledger stores of it, and comparing it byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rulewright.decision.answered import Answered, answer
from rulewright.decision.record import decision_bytes
from rulewright.engines.gc_pause import uninterrupted
from rulewright.engines.registry import BOTH
from rulewright.facts.cases import bind_case
from rulewright.ir.archive import UnreadableArchive, program_from
from rulewright.ir.program import Program
from rulewright.syntax.errors import EngineError, InputError

from .entries import Entry
from .records import Replayed

if TYPE_CHECKING:
    from rulewright.decision.outcome import Decision

    from .ledger import Ledger


PROGRAMS = 8  # kept at once, of those that the entries of a ledger name


def replay(ledger: Ledger, entries: Iterable[Entry], engine: str = BOTH) -> Iterator[Replayed]:
    """Each entry, made again with the engines asked for."""
    program_of = lru_cache(PROGRAMS)(lambda digest: program_from(ledger.program(digest)))
    for entry in entries:
        name = ""
        try:
            name = entry.case.name
            program = program_of(entry.program_digest)
            with uninterrupted():
                found = _again(entry, name, program, engine)
        except UnreadableArchive as error:
            found = Replayed(entry.number, name, [], False, True, str(error))
        except (EngineError, InputError, ValueError, RecursionError) as error:
            found = Replayed(
                entry.number, name, [], False, True, f"it cannot be made again: {error}"
            )
        yield found


class Unfitting(ValueError):
    """What is stored of an entry is of the right forms, and does not fit together."""


@contextmanager
def fitting() -> Iterator[None]:
    """What goes wrong within goes wrong on a stored program. Raises `Unfitting`.

    No compiler has seen such a program: whoever can write the file can write one that names rules,
    layers or words that are not there. The engines take programs to be sound, so here alone any of
    their exceptions is one of what was stored.
    """
    try:
        yield
    except (EngineError, InputError):
        raise
    except Exception as error:
        raise Unfitting("its program, case and terms do not fit together") from error


def made_again(entry: Entry, program: Program, engine: str = BOTH) -> Answered:
    """The case of an entry, answered once more under its own program.

    Raises `EngineError`, `InputError`, `ValueError`.
    """
    terms, text = entry.terms, entry.case
    day, (parameters, changed) = terms.day, terms.parameters_of(program)
    with fitting():
        case = bind_case(text, program.vocabulary, program.idle, program.judged_as_one)
        answered = answer(text, program, case, day, parameters, changed, terms.choice, engine)
        _ = answered.decision
    return answered


def _again(entry: Entry, name: str, program: Program, engine: str) -> Replayed:
    answered = made_again(entry, program, engine)
    content = decision_bytes(answered.decision)
    if content == entry.decision_bytes:
        return Replayed(entry.number, name, answered.engines, True)
    before, after = _answers(entry.decision), _answers(answered.decision)
    for where in sorted(before.keys() | after.keys()):
        if before.get(where) != after.get(where):
            difference = (
                f"`{where}` was {_shown(before.get(where))}, and is now {_shown(after.get(where))}"
            )
            return Replayed(entry.number, name, answered.engines, False, True, difference)
    difference = f"the answers are the same; what is said of them differs at `{_first(json.loads(entry.decision_bytes), json.loads(content))}`"
    return Replayed(entry.number, name, answered.engines, False, False, difference)


def _answers(decision: Decision) -> dict[str, list[str]]:
    return {f"{each.entity} > {each.attribute}": each.possible for each in decision.answers}


def _shown(possible: list[str] | None) -> str:
    return " or ".join(possible) if possible else "not there"


def _first(one: Any, other: Any, path: str = "") -> str:
    """The path of the first difference between two JSON values."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            if name not in one or name not in other:
                return f"{path}/{name}"
            if one[name] != other[name]:
                return _first(one[name], other[name], f"{path}/{name}")
    if isinstance(one, list) and isinstance(other, list):
        for number, (first, second) in enumerate(zip(one, other, strict=False)):
            if first != second:
                return _first(first, second, f"{path}/{number}")
        return f"{path}/{min(len(one), len(other))}"
    return path
