"""How many rules each policy of a rulebook has: each row of a table and each rule of a principle is
one, a use is none of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rulewright.amendments.seals import check_seal
from rulewright.compiler.changed_policy import Base
from rulewright.compiler.memory import remembered_base
from rulewright.rulebook.rulebook import RulebookEntry
from rulewright.syntax import cache
from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules


@dataclass(frozen=True, slots=True)
class PolicyCount:
    """A policy that compiles. amends: the policy that it amends, if any. rules: how many people
    wrote.
    """

    amends: str
    rules: int


def counts(rules: Rules) -> dict[str, PolicyCount]:
    """Each policy that compiles, and whose seal holds, by its id."""
    found: dict[str, PolicyCount] | None = cache.kept(rules.key, "counts")
    if found is None:
        found = {}
        for each in rules.policies:
            try:
                base = remembered_base(rules.book, each.id)
                if each.id in rules.book.seals:
                    check_seal(rules.book, replace(base.program, digest=base.digest))
            except InputError:
                continue  # somebody's draft; `rulewright check` says what is wrong with it
            found[each.id] = PolicyCount(str(base.assembly.policy.amends or ""), _rules(base))
        cache.keep(rules.key, "counts", found)
    return found


def _rules(base: Base) -> int:
    rules = sum(_rules_in(item, base) for item in base.assembly.items.values())
    return rules + sum(1 for own in base.assembly.local.values() if own is not None)


def _rules_in(entry: RulebookEntry, base: Base) -> int:
    match entry.kind:
        case "rule":
            return 1
        case "table":
            return len(base.unroller.tables[str(entry.id)][0].rows)
        case "principle":
            return len(entry.tree["rules"])
    return 0
