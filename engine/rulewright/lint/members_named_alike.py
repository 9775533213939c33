"""RW726: a fixed member that is called like another below the same thing, or like an attribute of
it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.ir.vocabulary import EntityType
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import key, place_of

from .compiled import Compiled
from .wording import article

CODE = "RW726"


def members_named_alike(policy: Compiled) -> Iterator[Problem]:
    """Members whose bare name, in a rule or a path, may mean something else of the thing that they
    lie below.
    """
    for holder in policy.program.vocabulary.entities.values():
        called = {
            name: f"an attribute of {article(holder.name)}"
            for name, each in holder.attributes.items()
            if not each.hidden
        }
        for entity, member in _members(policy, holder):
            other = called.setdefault(key(member), f"{article(entity.name)}")
            if other != article(entity.name):
                yield Problem(
                    place_of(member),
                    CODE,
                    f"the {entity.name} `{member}` is called like {other}",
                    "give it another name, so that rules and paths can tell the two apart",
                    "warning",
                )


def _members(policy: Compiled, holder: EntityType) -> Iterator[tuple[EntityType, str]]:
    """The members below a thing, as they were written: those that an amendment brings stand
    last.
    """
    before = policy.amended.program.vocabulary.entities if policy.amended is not None else {}
    found = []
    for below in holder.fixed_below:
        entity = policy.program.vocabulary.entities[below]
        old = set(map(key, before[below].members)) if below in before else set()
        tree = policy.assembly.entity(entity.name)
        declared = tree.get("members") or () if tree is not None else ()
        found += [(key(each) not in old, entity, each) for each in declared]
    for _, entity, member in sorted(found, key=lambda each: each[0]):
        yield entity, member
