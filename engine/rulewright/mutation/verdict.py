"""What becomes of each mutant: noticed, equal to the rules as they are, or neither."""

from __future__ import annotations

from dataclasses import dataclass

from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules

from .baseline import BaselineCheck
from .detection import Noticing, compiled_anew
from .equivalence import proved_equal
from .invalid import Refusing
from .mutant import Mutant
from .operators.amendments import base_without


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict (`refused`: `check` finds an error in it), the check behind it, and the reason."""

    verdict: str
    by: str = ""
    because: str = ""


class Judging:
    """Judges the mutants of some policies by the checks of a suite."""

    def __init__(
        self,
        rules: Rules,
        trials: list[BaselineCheck],
        programs: dict[str, Program],
        mutants: list[Mutant],
    ) -> None:
        self.rules, self.mutants, self.programs = rules, mutants, programs
        self.refusing = Refusing(rules.book)
        self.noticing = Noticing(trials, programs.values())

    @property
    def book(self) -> Rulebook:
        """The rulebook as written: amendments are left out of it."""
        book: Rulebook = self.rules.book
        return book

    def judge(self, index: int) -> Judged:
        """The verdict on one of the mutants."""
        mutant = self.mutants[index]
        if any(effect.without is not None for effect in mutant.effects.values()):
            return self._amendment(mutant)
        refused = self.refusing.reason(mutant)
        if refused:
            return Judged("refused", because=refused)
        if not any(policy in self.noticing.by_policy for policy in mutant.effects):
            return Judged(
                "undecided", because=f"no scenario runs under {', '.join(sorted(mutant.effects))}"
            )
        noticed = self.noticing.noticed(mutant)
        if noticed is not None:
            return Judged("noticed", shown(self.noticing.trials[noticed]))
        if self.noticing.parted is not None:
            return Judged("survives", shown(self.noticing.trials[self.noticing.parted]))
        reason = proved_equal(mutant, self.programs)
        return Judged("equal", because=reason) if reason else Judged("undecided")

    def _amendment(self, mutant: Mutant) -> Judged:
        same, parted = True, ""
        for policy in sorted(
            mutant.effects, key=lambda each: (len(self.programs[each].chain), each)
        ):
            without = mutant.effects[policy].without
            assert without is not None
            try:
                base = base_without(self.book, policy, without)
                program = base.compiled
            except InputError as error:
                if policy == without[0]:
                    return Judged("refused", because=error.problems[0].message)
                continue  # an amendment of the amendment rests on what is left out
            if policy == without[0] and (refused := self.refusing.without(policy, base)):
                return Judged("refused", because=refused)
            if digest_of_meaning(program) == digest_of_meaning(self.programs[policy]):
                continue
            same = False
            for index in self.noticing.by_policy.get(policy, ()):
                noticed, differs = compiled_anew(self.noticing.trials[index], program)
                if noticed:
                    return Judged("noticed", shown(self.noticing.trials[index]))
                if differs:
                    parted = parted or shown(self.noticing.trials[index])
        if same:
            return Judged("equal", because="the policies mean the same without it")
        return Judged("survives", parted) if parted else Judged("undecided")


def shown(trial: BaselineCheck) -> str:
    """A check, by its place and name."""
    return f"{trial.check.place}: {trial.check.text.name}"
