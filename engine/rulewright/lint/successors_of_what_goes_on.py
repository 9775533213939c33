"""RW716: rules that an amendment adds in place of what goes on for a while, and that hold for the
same cases.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.amendments.assembly import AmendedEntry
from rulewright.amendments.transitional import as_one, as_written
from rulewright.compiler.expander import DraftRule
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import Text, place_of

from .compiled import Compiled

CODE = "RW716"


def successors_of_what_goes_on(policy: Compiled) -> Iterator[Problem]:
    """Each added rule, table or use without conditions that gives what a transitional rule gives,
    and is not overridden by it.

    Of what this policy repeals the successors are those that it adds; of what was repealed before,
    all that were added since.
    """
    told: set[str] = set()
    for line in policy.assembly.policy.transitional:
        unless = f"`unless: {as_one(as_written(line.while_))}`"
        for change in policy.assembly.changes:
            if (
                change.policy != policy.name
                or change.action not in ("keeps", "resumes")
                or change.target not in line.rules
            ):
                continue
            here = change.action == "keeps"
            for name, old, node in _successors(
                policy, set(change.expanded), policy.name if here else _repealer(policy, change)
            ):
                if name not in told:
                    told.add(name)
                    place, what = (
                        (policy.assembly.items[name].place, "add")
                        if here
                        else (place_of(_of(line.rules, change)), "replace it with")
                    )
                    yield Problem(
                        place,
                        CODE,
                        f"`{name}` also holds where `{old}` goes on, and both give `{node}`",
                        f"to leave those cases to it, {what} {unless}",
                        "warning",
                    )


def _of(rules: list[Text], change: AmendedEntry) -> Text:
    return next(each for each in rules if each == change.target)


def _repealer(policy: Compiled, change: AmendedEntry) -> str:
    """The policy that repealed what goes on, the first one if several did."""
    names = set(change.expanded)
    for each in change.expanded:
        rule, at, use = each.partition("@")
        names |= {rule, f"{rule.rpartition('.')[0]}@{use}"} if at else set()
    return next(
        (
            each.policy
            for each in policy.assembly.changes
            if each.action == "repeals" and names & set(each.expanded)
        ),
        policy.name,
    )


def _successors(policy: Compiled, kept: set[str], since: str) -> Iterator[tuple[str, str, str]]:
    """What was added since a policy and has no conditions, what it also holds beside, and the
    attribute that both give.
    """
    changes = policy.assembly.changes
    first = next((i for i, each in enumerate(changes) if each.policy == since), 0)
    added = {each.target for each in changes[first:] if each.action == "adds"}
    bare = {
        name for name in added if name in policy.assembly.items and not _conditional(policy, name)
    }
    old = [
        each
        for each in policy.unroller.drafts
        if kept & each.aliases and each.rule.effect == "value"
    ]
    for draft in policy.unroller.drafts:
        other = next(
            (each for each in old if each.node == draft.node and not _overrides(each, draft)), None
        )
        if other is not None and draft.rule.effect == "value":
            yield from (
                (name, sorted(kept & other.aliases)[0], draft.node.attribute)
                for name in sorted(bare & draft.aliases - kept)[:1]
            )


def _conditional(policy: Compiled, name: str) -> bool:
    tree = policy.assembly.items[name].tree
    return bool(tree.get("when") or tree.get("unless"))


def _overrides(one: DraftRule, other: DraftRule) -> bool:
    earlier = one.turn[0] == other.turn[0] and 0 < one.turn[1] < other.turn[1]
    return earlier or bool({str(each) for each in one.targets} & other.aliases)
