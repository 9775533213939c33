"""Seals: a policy that was in force must not change unnoticed."""

from __future__ import annotations

import re
from pathlib import Path

from rulewright.language.errors import InputError, Problem
from rulewright.language.filing import place_to_write, write_whole
from rulewright.language.rulebook import Rulebook
from rulewright.language.text import place_of

from .digest import digest_of_meaning
from .model import Program

FILE = "seals.yaml"
_HEADER = """\
# The seals of this rulebook: the digest of each policy's meaning. A policy in force or superseded whose meaning changes
# no longer matches its seal. Written by `rulewright seal POLICY --reason TEXT`; not to be edited by hand.
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
    return Problem(place_of(book.policies[policy].policy), "RW420", f"the sealed policy `{policy}` was edited: its meaning has changed",
                   "undo the edit and write an amendment (`amends:`), or reseal it with `rulewright seal "
                   f"{policy} --reason TEXT`")  # fmt: skip


def write_seal(book: Rulebook, program: Program, reason: str) -> Path:
    """Set the seal of a policy to its present meaning. The file is replaced as a whole, or not at all. Raises `InputError` (RW438)."""
    seals = {name: (str(seal.digest), str(seal.reason)) for name, seal in book.seals.items()}
    seals[program.policy] = (program.digest, " ".join(reason.split()))
    lines = [_HEADER, "seals:\n"]
    for name in sorted(seals):
        digest, why = seals[name]
        quoted = why.replace("\\", "\\\\").replace('"', '\\"')
        shown = name if re.fullmatch(r"[\w.-]+", name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        lines.append(f'  {shown}:\n    digest: {digest}\n    reason: "{quoted}"\n')
    path = place_to_write(book.root, FILE, f"{book.shown}/{FILE}")
    write_whole(path, "".join(lines).encode())
    return path
