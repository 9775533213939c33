"""Compiled policies, remembered within one process: an edit leaves those as they are that it does
not reach.

A rulebook remembers all of its policies. An edit is compiled before it is written, and looked at
again after: without those that are remembered beside any rulebook every policy would be compiled
twice or more.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import replace

from rulewright.amendments.chain import assemble, assemble_chain
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import Rulebook

from .changed_policy import Base
from .compiler import read_assembly

_MOST = 32  # about four rulebooks like the shipped one

_bases: OrderedDict[tuple[str, str], Base] = OrderedDict()


def remembered_base(book: Rulebook, policy: str) -> Base:
    """A policy, compiled as `read_assembly` does it, or as it was when all that it depends on was
    as it is now.

    Raises `InputError` with every mistake in it; what is wrong is not remembered.
    """
    own: dict[str, Base] = book.made.setdefault("bases", {})
    if policy not in own:
        own[policy] = _base(book, policy)
    return own[policy]


def _base(book: Rulebook, policy: str) -> Base:
    behind = book.key_behind(policy)
    if behind is None:
        return _compiled(book, policy)
    which = behind, policy
    found = _bases.get(which)
    if found is None:
        found = _compiled(book, policy)
    elif found.book is not book:
        found = _in_book(found, book)
    _bases[which] = found
    _bases.move_to_end(which)
    while len(_bases) > _MOST:
        _bases.popitem(last=False)
    return found


def remembered_program(book: Rulebook, policy: str) -> Program:
    """The program of a policy, as `compile_policy` gives it, or gave it.

    Raises `InputError` with every mistake in it.
    """
    return remembered_base(book, policy).compiled


def forget() -> None:
    """Compile every policy anew."""
    _bases.clear()


def _compiled(book: Rulebook, policy: str) -> Base:
    assembly = assemble(book, policy)
    return Base(book, assemble_chain(book, policy), assembly, *read_assembly(book, assembly))


def _in_book(base: Base, book: Rulebook) -> Base:
    """The same policy as one of another rulebook, whose other files may have changed."""
    model = book.policies[base.program.policy]
    assembly = replace(base.assembly, book=book, policy=model)
    unroller = copy.copy(base.unroller)
    unroller.book, unroller.assembly = book, assembly
    found = Base(
        book, replace(base.chain, book=book, policy=model), assembly, base.program, unroller
    )
    found.__dict__.update(
        {name: content for name, content in base.__dict__.items() if name not in found.__dict__}
    )
    return found
