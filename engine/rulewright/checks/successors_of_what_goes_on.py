"""RW716: rules that an amendment adds in place of what goes on for a while, and that hold for the same cases."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.language.errors import Problem
from rulewright.program.going_on import as_one, as_written
from rulewright.program.unrolling import Draft

from .compiled import Compiled

CODE = "RW716"


def successors_of_what_goes_on(policy: Compiled) -> Iterator[Problem]:
    """Each added rule, table or use without conditions that gives what a transitional rule gives, and is not overridden by it."""
    model = policy.assembly.policy
    own = [each for each in policy.assembly.changes if each.policy == policy.name]
    added = {each.target for each in own if each.action == "adds"}
    bare = {name for name in added if name in policy.assembly.items and not _conditional(policy, name)}
    told: set[str] = set()
    for line in model.transitional:
        kept = {name for each in own if each.action == "keeps" and each.target in line.rules for name in each.expanded}
        old = [each for each in policy.unroller.drafts if kept & each.aliases and each.rule.effect == "value"]
        for draft in policy.unroller.drafts:
            name = next((each for each in sorted(bare & draft.aliases) if each not in told), None)
            other = next((each for each in old if each.node == draft.node and not _overrides(each, draft)), None)
            if name is None or other is None or draft.rule.effect != "value":
                continue
            told.add(name)
            yield Problem(policy.assembly.items[name].place, CODE, f"`{name}` also holds where "
                          f"`{sorted(kept & other.aliases)[0]}` goes on, and both give `{draft.node.attribute}`",
                          f"to leave those cases to it, add `unless: {as_one(as_written(line.while_))}`", "warning")  # fmt: skip


def _conditional(policy: Compiled, name: str) -> bool:
    tree = policy.assembly.items[name].tree
    return bool(tree.get("when") or tree.get("unless"))


def _overrides(one: Draft, other: Draft) -> bool:
    return bool({str(each) for each in one.targets} & other.aliases)
