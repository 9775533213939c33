"""Which other readings need to be tried under which policy.

A reading that compiles on a policy need not be tried again under one that amends it, unless the
amendment comes near it. It does not when all of this holds:

- the reading is the same, and it names what it changes one by one (a pattern or a part may match
  otherwise), and restores nothing;
- the vocabulary and the documents are the same; no parameter that differs is named; the
  interpretations named are there, and those that the reading writes out or takes away concern
  nothing that the amendment brought;
- the reading changes or adds only rules, tables, uses and principles, none of which the amendment
  changed or added; a change of one use counts as one of its principle, and the reverse;
- no attribute whose rules the reading touches has rules that the amendment touched;
- under the reading no attribute reads more than before.

Then the changed entries are read as they were: the same text, words and scope. The rules that meet
at the attributes they touch are the same, so the same overrides, conflicts of `otherwise` and
circles of overrides are found: none. And with no new dependency no attribute comes to depend on
itself that does not already.
"""

from __future__ import annotations

from functools import cached_property

from rulewright.amendments.chain import assemble_more
from rulewright.amendments.interpretations import readings_of
from rulewright.compiler.canonical_form import same_entries
from rulewright.compiler.changed_policy import changed_entries, comes_from
from rulewright.compiler.footprint import Footprint
from rulewright.compiler.variants import Variants
from rulewright.ir.nodes import NodeKey
from rulewright.syntax.errors import Problem
from rulewright.syntax.models import ReadingModel
from rulewright.syntax.text import Map

from .compiled import Compiled
from .presence_tests import PresenceTest, asked_in

Name = tuple[str, str]  # an interpretation and one of its other readings


class Trying:
    """The readings tried on one policy. `before`: those tried on the policy that it amends."""

    def __init__(self, policy: Compiled, before: Trying | None) -> None:
        self.policy, self.before = policy, before
        self.variants = Variants(policy.base)
        self.trials: dict[Name, tuple[Map, Footprint]] = {}
        self.failed: set[Name] = set()
        self.asked: dict[
            Name, tuple[PresenceTest, ...]
        ] = {}  # what the readings bring that asks for facts; not of those tried before
        self.problems: list[Problem] = []

    def attempt(self, name: Name, tree: Map, reading: ReadingModel) -> None:
        """Raises `InputError` when the policy does not compile with the reading on top."""
        known = self.before.trials.get(name) if self.before is not None else None
        if known is not None and known[0] == tree and self._far_from(known[1], reading):
            self.trials[name] = known
            return
        self.failed.add(name)
        trial = self.variants.trial(reading)
        self.failed.remove(name)
        self.asked[name] = tuple(asked_in(trial.unroller))
        if trial.footprint is not None:
            self.trials[name] = (tree, trial.footprint)

    def is_idle(self, name: Name, reading: ReadingModel) -> bool:
        """Whether the policy consists of the same with the reading on top, which was tried."""
        if name not in self.trials or self.trials[name][1].entries:
            return False
        return same_entries(
            self.policy.assembly, assemble_more(self.policy.base.chain, reading, "another reading")
        )

    def has(self, name: Name, tree: Map) -> bool:
        """Whether the policy has this reading, as it is written here."""
        return any(
            (interpretation, str(each)) == name and own == tree
            for interpretation, each, own in readings_of(self.policy.assembly)
        )

    def _far_from(self, trial: Footprint, reading: ReadingModel) -> bool:
        named = (
            *reading.replaces,
            *reading.repeals,
            *(each for each in reading.adds if isinstance(each, str)),
        )
        one_by_one = not reading.restores and not any(
            "*" in each or each in self.policy.book.parts for each in named
        )
        return (
            one_by_one
            and self._same_surroundings
            and not trial.reads_more
            and trial.entries.isdisjoint(self._entries)
            and self._plain(trial)
            and trial.nodes.isdisjoint(self._nodes)
            and self._same_interpretations(trial)
            and not any(name in trial.words for name in self._other_parameters)
        )

    def _plain(self, trial: Footprint) -> bool:
        items = self.policy.assembly.items
        return all(
            items[name].kind in ("rule", "table", "use", "principle")
            for name in trial.entries
            if name in items
        )

    @cached_property
    def _same_surroundings(self) -> bool:
        assert self.before is not None
        old, new = self.before.policy, self.policy
        return (
            old.assembly.vocabulary == new.assembly.vocabulary
            and old.assembly.documents == new.assembly.documents
        )

    @cached_property
    def _other_parameters(self) -> set[str]:
        """The parameters that came, went or are of another type."""
        assert self.before is not None
        old, new = (
            {(k, v.type) for k, v in each.program.parameters.items()}
            for each in (self.before.policy, self.policy)
        )
        return {name for name, _ in old ^ new}

    def _same_interpretations(self, trial: Footprint) -> bool:
        """Whether those that the changed entries rest on are there, and those that go or come are
        nobody else's.
        """
        assert self.before is not None
        old, new = self.before.policy, self.policy
        came = new.program.interpretations.keys() - old.program.interpretations.keys()
        rest_on = {str(each) for each in new.unroller.rested_on} - {
            str(each) for each in old.unroller.rested_on
        }
        return (
            trial.rests_on <= new.program.interpretations.keys() | trial.defines
            and trial.defines.isdisjoint(came)
            and trial.drops.isdisjoint(rest_on)
        )

    @cached_property
    def _entries(self) -> frozenset[str]:
        """The entries that the amendment changed, added or took away, with their principles and all
        uses of these.
        """
        assert self.before is not None
        old, new = self.before.policy.assembly, self.policy.assembly
        found = changed_entries(old, new)
        found |= {name.partition("@")[0] for name in found}
        return frozenset(
            found
            | {
                name
                for name in old.items.keys() | new.items.keys()
                if name.partition("@")[0] in found
            }
        )

    @cached_property
    def _nodes(self) -> frozenset[NodeKey]:
        """The attributes whose rules the amendment touched."""
        assert self.before is not None
        drafts = (*self.before.policy.unroller.drafts, *self.policy.unroller.drafts)
        return frozenset(draft.node for draft in drafts if comes_from(draft, self._entries))


def trying(policies: list[Compiled]) -> list[Trying]:
    """For each policy what is tried on it: those that are amended stand before those that amend
    them.
    """
    found: dict[str, Trying] = {}
    for policy in sorted(policies, key=lambda each: len(each.assembly.chain)):
        amended = policy.assembly.chain[1] if len(policy.assembly.chain) > 1 else ""
        found[policy.name] = Trying(policy, found.get(amended))
    return list(found.values())
