"""Seals: a policy that was in force must not change unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import InputError, Problem
from rulewright.syntax.file_writer import (
    changed_meanwhile,
    not_written,
    place_to_write,
    read_again,
    replace_file,
    write_new,
)
from rulewright.syntax.models import EarlierSealModel, SealModel
from rulewright.syntax.text import Text, place_of
from rulewright.syntax.yaml_text import in_quotes, spelled

FILE = "seals.yaml"
_HEADER = """\
# The seals of this rulebook: the digest of each policy's meaning. A policy in force or superseded whose meaning changes
# no longer matches its seal. Written by `rulewright seal POLICY --reason TEXT`, which keeps the seals that it replaces under
# `earlier`; not to be edited by hand.
"""


def check_seal(book: Rulebook, program: Program) -> None:
    """Raises `InputError` (RW420) when a sealed policy has another meaning than its seal says."""
    if program.policy in book.seals:
        problem = broken_seal(book, program.policy, program.digest or digest_of_meaning(program))
        if problem is not None:
            raise InputError(problem)


def broken_seal(book: Rulebook, policy: str, digest: str) -> Problem | None:
    """What is wrong (RW420) where a policy of that digest is sealed with another one."""
    seal = book.seals.get(policy)
    if seal is None or str(seal.digest) == digest:
        return None
    return Problem(
        place_of(book.policies[policy].policy),
        "RW420",
        f"the sealed policy `{policy}` was edited: its meaning has changed",
        "undo the edit and write an amendment (`amends:`), or reseal it with `rulewright seal "
        f"{policy} --reason TEXT`",
    )


@dataclass(frozen=True, slots=True)
class Sealing:
    """Why a policy is sealed, or sealed anew, by whom, and when (in UTC)."""

    reason: str
    by: str
    at: str


def write_seal(book: Rulebook, program: Program, sealing: Sealing) -> Path:
    """Set the seal of a policy to its present meaning; the one that was there is kept beside it.

    The file is replaced as a whole, or not at all. Raises `InputError`: RW435 when somebody else
    sealed a policy meanwhile, RW438.
    """
    seals = dict(book.seals)
    before = seals.get(program.policy)
    earlier = [] if before is None else [_alone(before), *before.earlier]
    seals[program.policy] = SealModel(
        digest=Text(program.digest),
        reason=Text(" ".join(sealing.reason.split())),
        sealed_at=Text(sealing.at),
        sealed_by=Text(" ".join(sealing.by.split())),
        earlier=earlier,
    )
    lines = [*_HEADER.splitlines(), "seals:"]
    for name in sorted(seals):
        lines.append(f"  {spelled(name)}:")
        lines += [f"    {line}" for line in _written(seals[name])]
        if seals[name].earlier:
            lines.append("    earlier:")
        for each in seals[name].earlier:
            first, *rest = _written(each)
            lines += [f"      - {first}", *(f"        {line}" for line in rest)]
    shown = f"{book.shown}/{FILE}"
    path = place_to_write(book.root, FILE, shown)
    text = "".join(f"{line}\n" for line in lines)
    if FILE in book.texts:
        replace_file(path, read_again(path, book.texts[FILE], shown), text.encode(), shown)
        return path
    try:
        write_new(path, text.encode())
    except FileExistsError:
        raise changed_meanwhile(shown) from None
    except OSError as error:
        raise not_written(error, shown) from None
    return path


def _alone(seal: SealModel) -> EarlierSealModel:
    """A seal without those that it replaced."""
    return EarlierSealModel(
        digest=seal.digest, reason=seal.reason, sealed_at=seal.sealed_at, sealed_by=seal.sealed_by
    )


def _written(seal: EarlierSealModel) -> Iterator[str]:
    """The lines of a seal; of one made before seals kept them, without time and name."""
    yield f"digest: {spelled(seal.digest)}"
    yield f"reason: {in_quotes(seal.reason)}"
    if seal.sealed_at is not None:
        yield f"sealed at: {spelled(seal.sealed_at)}"
    if seal.sealed_by is not None:
        yield f"sealed by: {in_quotes(seal.sealed_by)}"
