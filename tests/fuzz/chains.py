"""What must hold of generated policies that amend one another: what one policy is does not depend
on which others were read before.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import fields
from typing import Any

from rulewright.amendments.assembly import Assembly
from rulewright.amendments.chain import _amended, assemble_chain
from rulewright.compiler.compiler import compile_policy
from rulewright.compiler.memory import forget, remembered_program
from rulewright.ir.nodes import Condition
from rulewright.ir.program import Program
from rulewright.ir.traversal import find
from rulewright.rulebook.rulebook import Rulebook, rulebook_from_texts
from rulewright.syntax.errors import InputError, Problem

from .books import Book, written
from .words import Tree


def files(rulebook: Book, tree: Tree) -> dict[str, str]:
    """The files of a rulebook with policies: each amendment of `tree` amends one of those before
    it.
    """
    texts = rulebook.texts()
    names = ["p"]
    for number, amendment in enumerate(tree["amendments"]):
        own = {
            "policy": f"a{number}",
            "status": "proposed",
            "amends": names[amendment["of"] % len(names)],
            **amendment["changes"],
        }
        texts[f"a{number}.yaml"] = written(own)
        names.append(f"a{number}")
    return texts


def one_by_one_equals_all_together(rulebook: Book, tree: Tree) -> None:
    """Every policy, read beside the others in whatever order, and alone from the start."""
    texts = files(rulebook, tree)
    together = rulebook_from_texts(texts)
    forget()
    in_some_order = sorted(
        together.policies, key=lambda name: tree["order"] * sum(map(ord, name)) % 101
    )
    read = {name: program_or_mistakes(together, name) for name in in_some_order}
    for name in together.policies:
        alone = compiled_or_mistakes(rulebook_from_texts(texts), name)
        assert told(read[name]) == told(alone), f"`{name}` beside others"
    for name, from_the_start in assembled_from_the_start(rulebook_from_texts(texts)).items():
        chain = assemble_chain(together, name)
        differ = [
            each.name
            for each in fields(Assembly)
            if each.name not in ("book", "shares_vocabulary")
            and repr(getattr(chain, each.name)) != repr(getattr(from_the_start, each.name))
        ]
        assert not differ, f"the entries of `{name}`: {differ}"


def program_or_mistakes(book: Rulebook, name: str) -> Program | tuple[Problem, ...]:
    try:
        return remembered_program(book, name)
    except InputError as error:
        return error.problems


def compiled_or_mistakes(book: Rulebook, name: str) -> Program | tuple[Problem, ...]:
    try:
        return compile_policy(book, name)
    except InputError as error:
        return error.problems


def told(read: Program | tuple[Problem, ...]) -> Any:
    """All that is in it, and the place of each rule and condition."""
    if isinstance(read, tuple):
        return read
    rules = [
        *(rule for node in read.nodes for rule in node.every_rule),
        *(rule for several in read.notices.values() for rule in several),
    ]
    return read, [each.place for rule in rules for each in (rule, *find(Condition, rule))]


def assembled_from_the_start(book: Rulebook) -> dict[str, Assembly]:
    """The entries of each policy that can be read, those of the amended policy copied whole before
    they are changed.
    """
    found: dict[str, Assembly] = {}
    for name in sorted(book.policies, key=lambda name: (name != "p", name)):
        model = book.policies[name]
        try:
            if model.amends is None:
                found[name] = _amended(book, None, model)
            elif model.amends in found:
                before = found[str(model.amends)]
                whole = Assembly(
                    **{
                        each.name: deepcopy(getattr(before, each.name))
                        if each.name != "book"
                        else book
                        for each in fields(Assembly)
                    }
                )
                found[name] = _amended(book, whole, model)
        except InputError:
            continue
    return found
