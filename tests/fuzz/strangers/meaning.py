"""What rulebooks mean and cases come to, before an edit and after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rulewright.decision.record import decision_bytes
from rulewright.syntax.errors import EngineError, InputError
from rulewright.workbench import Rules, cases

CANNOT = "cannot be read"
_REMARK = re.compile(rb"#s\d\b")


def remarks(content: bytes) -> list[bytes]:
    """The comments that were put into a file (`texts.with_remarks`), wherever they stand in it."""
    return sorted(_REMARK.findall(content))


def meaning(rulebooks: Sequence[str], decisions: bool) -> str:
    """What rulebooks mean, policy for policy, and what they decide of cases beside them
    (`decisions`); or why they cannot be read.
    """
    said = [f"{rulebook}: {each}" for rulebook in rulebooks for each in _policies(rulebook)]
    if decisions:
        beside = [
            path
            for path in sorted(Path(".").rglob("*.y*ml"))
            if path.is_file() and not any(map(path.is_relative_to, rulebooks))
        ]
        said += [
            f"{path}: {_decided(rulebooks[0] if rulebooks else None, path)}" for path in beside
        ]
    return "\n".join(said)


def _codes(error: InputError) -> str:
    return " ".join(sorted({each.code for each in error.problems}))


def _policies(rulebook: str) -> list[str]:
    try:
        book = Rules(rulebook)
    except InputError as error:
        return [f"{CANNOT}: {_codes(error)}"]
    return [f"{policy.id} {_digest(book, policy.id)}" for policy in book.policies]


def _digest(book: Rules, policy: str) -> str:
    try:
        return book.program(policy).digest
    except InputError as error:
        return _codes(error)


def _decided(rulebook: str | None, path: Path) -> list[str]:
    """What is decided of each case in a file, or which mistakes are found."""
    try:
        book = Rules(rulebook)
        return [_decision(book, each) for each in cases(path)]
    except InputError as error:
        return [_codes(error)]


def _decision(book: Rules, case: object) -> str:
    try:
        return decision_bytes(book.answer(case, engine="reference").decision).decode()  # type: ignore[arg-type]
    except InputError as error:
        return _codes(error)
    except EngineError as error:
        return str(error)
