"""Where an amendment says what it does to an entry: findings that follow from it are told there."""

from __future__ import annotations

from collections.abc import Collection

from rulewright.syntax.errors import Place
from rulewright.syntax.text import Text, place_of

from .compiled import Compiled


def line_of(policy: Compiled, names: Collection[str], action: str) -> Place | None:
    """The newest line, of this policy or one that it amends, that `repeals` or `replaces` one of
    these entries or rules.
    """
    for amendment in policy.assembly.chain:
        model = policy.book.policies[amendment]
        lines: list[Text] = model.repeals if action == "repeals" else list(model.replaces)
        own = [
            each
            for each in policy.assembly.changes
            if each.policy == amendment and each.action == action
        ]
        said = {
            each.target
            for each in own
            if any(_means(one, name) for one in each.expanded for name in names)
        }
        found = [place_of(each) for each in lines if str(each) in said]
        if found:
            return found[0]
    return None


def _means(changed: str, name: str) -> bool:
    """Whether what was changed is this, or a row, a rule or a use of it, or the reverse."""
    return (
        changed == name
        or changed.startswith((f"{name}[", f"{name}@", f"{name}."))
        or name.startswith((f"{changed}[", f"{changed}@"))
    )
