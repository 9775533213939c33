"""Compiled policies, remembered within one process: an edit leaves those as they are that it does not reach.

An edit is compiled before it is written, and looked at again after: without this every policy would be compiled twice or more.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import replace

from rulewright.language import cache
from rulewright.language.rulebook import Rulebook

from .changing import Base
from .compiling import read_assembly
from .policies import assemble_chain, finished

_MOST = 32  # about four rulebooks like the shipped one

_bases: OrderedDict[tuple[str, str], Base] = OrderedDict()


def remembered_base(book: Rulebook, policy: str) -> Base:
    """A policy, compiled as `read_assembly` does it, or as it was when all that it depends on was as it is now.

    Raises `InputError` with every mistake in it; what is wrong is not remembered.
    """
    chain = _chain(book, policy)
    if chain is None:
        return _compiled(book, policy)
    which = cache.key_of(book.files_behind(chain), book.shown), policy
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


def _compiled(book: Rulebook, policy: str) -> Base:
    chain = assemble_chain(book, policy)
    assembly = finished(chain)
    return Base(book, chain, assembly, *read_assembly(book, assembly))


def _chain(book: Rulebook, policy: str) -> list[str] | None:
    """The policy, what it amends, and so on; `None` where that leads nowhere: compiling tells."""
    chain: list[str] = []
    name: str | None = policy
    while name is not None:
        if name in chain or name not in book.policies:
            return None
        chain.append(name)
        amends = book.policies[name].amends
        name = None if amends is None else str(amends)
    return chain


def _in_book(base: Base, book: Rulebook) -> Base:
    """The same policy as one of another rulebook, whose other files may have changed."""
    model = book.policies[base.program.policy]
    assembly = replace(base.assembly, book=book, policy=model)
    unroller = copy.copy(base.unroller)
    unroller.book, unroller.assembly = book, assembly
    found = Base(book, replace(base.chain, book=book, policy=model), assembly, base.program, unroller)
    found.__dict__.update({name: content for name, content in base.__dict__.items() if name not in found.__dict__})
    return found
