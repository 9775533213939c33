"""Where a changed rulebook and the present one part: among the scenarios' own cases, in cases
beside them, else by the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from rulewright.compiler.dependencies import reads
from rulewright.compiler.scope import scope_of_read
from rulewright.facts.cases import Case, CaseText, Entity, bind_case
from rulewright.ir.entities import with_facts
from rulewright.ir.nodes import Kind, NodeKey, Rule
from rulewright.ir.program import Program
from rulewright.ir.types import Date, Number, Value, Words, show_date
from rulewright.mutation.baseline import BaselineCheck
from rulewright.mutation.detection import Noticing, Under, under
from rulewright.mutation.mutant import Mutant
from rulewright.solver.open_facts import options_of
from rulewright.syntax.errors import InputError
from rulewright.syntax.text import Map, Text
from rulewright.workbench import Rules

from .boundary_cases import many, supplied
from .distinguishing_case import SOME_TEXT, edges_of, numbers_of
from .divergence import Divergence, partings
from .shrinker import copied, facts_only, shrunk, with_fact
from .witness_search import DivergenceQuestion, find, visible

MOST_POLICIES = 2
MOST_BASES = 4
MOST_FACTS = 24
MOST_PAIRS = 150
MOST_TRIED = 200  # cases beside those of scenarios, for one mutant
MOST_SHRUNK = 300  # smaller cases, for one mutant
Facts = dict[tuple[int, str], Value]


@dataclass(frozen=True)
class TellingCase:
    """A case that tells a mutant: its facts as written, the policy, and where the answers part."""

    tree: Map
    policy: str
    parting: Divergence


class Searching:
    """Looks for a telling case of one mutant with what noticing has worked out.

    How many cases it tries is bounded, not how long.
    """

    def __init__(self, rules: Rules, noticing: Noticing) -> None:
        self.rules, self.noticing = rules, noticing
        self.tried = self.shrunk = 0

    def search(self, mutant: Mutant) -> TellingCase | None:
        """The smallest telling case found, or `None`; one in which a value surely differs before
        any other.
        """
        second: TellingCase | None = None
        for way in (self._in_trials, self._beside, self._solved, self._supplied, self._many):
            for policy in self._policies(mutant):
                changed = under(self.noticing.policies[policy], mutant.effects[policy])
                for found in way(mutant, policy, changed) if changed is not None else ():
                    if found.parting.plain:
                        return found
                    second = second or found
            if second is not None and way != self._in_trials:
                break
        return second

    def _policies(self, mutant: Mutant) -> list[str]:
        """Those in force first, then those with the most scenarios; not under other readings."""

        def rank(policy: str) -> tuple[bool, int, str]:
            return (
                self.rules.program(policy).status != "in force",
                -len(self.noticing.by_policy.get(policy, ())),
                policy,
            )

        found = [
            each
            for each, effect in mutant.effects.items()
            if effect.without is None and " under " not in each
        ]
        return sorted(found, key=rank)[:MOST_POLICIES]

    # -- the scenarios' own cases

    def _in_trials(self, mutant: Mutant, policy: str, changed: Under) -> Iterator[TellingCase]:
        trials = [self.noticing.trials[index] for index in self.noticing.by_policy.get(policy, ())]
        second = False
        for trial in sorted(trials, key=_weight):
            parting = self._parting(trial, changed, mutant.rule)
            if parting is None or (second and not parting.plain):
                continue
            found = self._shrunk(
                trial, changed, facts_only(trial.check.text.tree), parting, mutant.rule
            )
            if found is not None:
                second = True
                yield found

    def _parting(self, trial: BaselineCheck, changed: Under, rule: str) -> Divergence | None:
        result = self.noticing.result(trial, changed)
        if result is None:
            return None
        return next(
            partings(trial.answered.program, trial.answered.case, trial.result, result, rule), None
        )

    # -- cases beside them

    def _beside(self, mutant: Mutant, policy: str, changed: Under) -> Iterator[TellingCase]:
        second = False
        for trial, facts, parting in self.beside(mutant, policy, changed):
            if second and not parting.plain:
                continue
            tree = facts_only(trial.check.text.tree)
            for (index, name), value in facts.items():
                entity = trial.answered.case.entities[index]
                with_fact(
                    tree,
                    trial.answered.case,
                    entity,
                    name,
                    value,
                    trial.answered.program.vocabulary,
                )
            found = self._shrunk(trial, changed, tree, parting, mutant.rule)
            if found is not None:
                second = True
                yield found

    def beside(
        self, mutant: Mutant, policy: str, changed: Under
    ) -> Iterator[tuple[BaselineCheck, Facts, Divergence]]:
        """Cases of scenarios with one or two facts changed that tell a mutant."""
        told = False
        for nearest, trial in enumerate(self._bases(mutant, policy, changed)):
            for facts in _one_or_two(self._near(trial, mutant)):
                if self.tried >= MOST_TRIED or (len(facts) > 1 and (told or nearest)):
                    break
                self.tried += 1
                parting = self._parting(self._with(trial, facts), changed, mutant.rule)
                if parting is not None:
                    told = True
                    yield trial, facts, parting

    def _bases(self, mutant: Mutant, policy: str, changed: Under) -> list[BaselineCheck]:
        """The smallest cases that have what the rule is of; those first in which it fires, or is
        named.
        """
        kinds = {key.kind for key in changed.changed} | changed.notices
        name = mutant.rule.partition("@")[0]
        trials = [self.noticing.trials[index] for index in self.noticing.by_policy.get(policy, ())]
        having = [
            each
            for each in trials
            if not kinds.isdisjoint(each.entities)
            and isinstance(each.check.text.tree.get("case"), str)
        ]
        nearest = sorted(
            having, key=lambda each: (name not in each.fired, name not in each.named, _weight(each))
        )[: MOST_BASES // 2]
        return (
            nearest
            + [each for each in sorted(having, key=_weight) if each not in nearest][
                : MOST_BASES - len(nearest)
            ]
        )

    def _near(
        self, trial: BaselineCheck, mutant: Mutant
    ) -> list[tuple[tuple[int, str], list[Value]]]:
        """The facts that the rule asks for, there and in what it reads, with the values that each
        could have.
        """
        policy = self.noticing.policies[trial.policy]
        program = trial.answered.program
        days = edges_of(trial.answered.as_at, (program, trial.answered.parameters))
        numbers = numbers_of(program)
        rules = [(where, old) for where, old, _ in mutant.effects[trial.policy].rules]
        wanted: dict[NodeKey, None] = {}
        for where, old in rules[:2]:
            for each in sorted(_read_by(old, where, program)):
                wanted.setdefault(each)
        for _ in range(2):  # what a rule asks for may be concluded itself
            for each in [key for key in wanted if key in policy.nodes]:
                for below in sorted(policy.needs[each]):
                    wanted.setdefault(below)
        found: list[tuple[tuple[int, str], list[Value]]] = []
        for each in [key for key in wanted if key not in policy.nodes and key.attribute != "name"]:
            for entity in trial.entities.get(each.kind, ()):
                values = _values(
                    program, entity, each.attribute, days, numbers.get(each.attribute, ())
                )
                if values and len(found) < MOST_FACTS:
                    found.append(((entity.index, each.attribute), values))
        return found

    def _with(self, trial: BaselineCheck, facts: Facts) -> BaselineCheck:
        return self._of(trial, with_facts(trial.answered.case, facts))

    def _of(self, trial: BaselineCheck, case: Case) -> BaselineCheck:
        """The check of another case."""
        found = BaselineCheck(trial.check, replace(trial.answered, case=case))
        evaluation = found.evaluation
        found.answered = replace(found.answered, result=evaluation.result)
        return found

    # -- by the solver

    def _solved(self, mutant: Mutant, policy: str, changed: Under) -> Iterator[TellingCase]:
        trials = self.noticing.by_policy.get(policy, ())
        if not trials:
            return
        trial = self.noticing.trials[trials[-1]]
        answered = trial.answered
        program, as_at, parameters = answered.program, answered.as_at, answered.parameters
        other = {name: each.at(as_at) for name, each in changed.program.parameters.items()}
        rules = tuple(
            (
                where if isinstance(where, Kind) else where.kind,
                "" if isinstance(where, Kind) else where.attribute,
                old,
                new,
            )
            for where, old, new in mutant.effects[policy].rules[:2]
        )
        found = find(
            DivergenceQuestion(
                as_at,
                (program, parameters),
                (changed.program, other),
                visible(changed.program, changed.changed),
                rules,
            )
        )
        if found is None:
            return
        tree = Map(
            {
                Text("as at"): Text(show_date(as_at)),
                Text("policy"): Text(policy),
                **_skeleton(found.case, program),
            }
        )
        for (index, name), value in found.facts.items():
            with_fact(tree, found.case, found.case.entities[index], name, value, program.vocabulary)
        yield from self._telling(trial, changed, tree, mutant.rule)

    def _many(self, mutant: Mutant, policy: str, changed: Under) -> Iterator[TellingCase]:
        """Cases of scenarios with so many things that a changed count stands on its boundary."""
        tried = 0
        for trial in self._bases(mutant, policy, changed):
            for tree in many(
                trial.answered.program, mutant.effects[policy], facts_only(trial.check.text.tree)
            ):
                tried += 1
                if tried > MOST_TRIED:
                    return
                yield from self._telling(trial, changed, tree, mutant.rule)

    def _telling(
        self, trial: BaselineCheck, changed: Under, tree: Map, rule: str
    ) -> Iterator[TellingCase]:
        """The case, made smaller, where it tells."""
        bound = self._bound(trial, tree)
        parting = self._parting(bound, changed, rule) if bound is not None else None
        smaller = self._shrunk(trial, changed, tree, parting, rule) if parting is not None else None
        if smaller is not None:
            yield smaller

    def _supplied(self, mutant: Mutant, policy: str, changed: Under) -> Iterator[TellingCase]:
        """With the derived value that a changed condition compares supplied: on a boundary, the
        value that changes sides.
        """
        trials = self.noticing.by_policy.get(policy, ())
        if not trials:
            return
        trial = self.noticing.trials[trials[-1]]
        program, as_at = trial.answered.program, trial.answered.as_at
        for case, values in supplied(program, mutant.effects[policy], as_at):
            tree = Map(
                {
                    Text("as at"): Text(show_date(as_at)),
                    Text("policy"): Text(policy),
                    **_skeleton(case, program),
                    Text("supplied"): values,
                }
            )
            yield from self._telling(trial, changed, tree, mutant.rule)

    # -- smaller

    def _bound(self, trial: BaselineCheck, tree: Map) -> BaselineCheck | None:
        program = trial.answered.program
        try:
            text = CaseText(Map({Text("case"): Text("suggested"), **tree}), "suggested")
            case = bind_case(text, program.vocabulary, program.idle, program.judged_as_one)
        except InputError:
            return None
        return self._of(trial, case)

    def _shrunk(
        self, trial: BaselineCheck, changed: Under, tree: Map, wanted: Divergence, rule: str
    ) -> TellingCase | None:
        """The case without what it does without, still parting at the same place and as surely."""

        def parted(smaller: Map) -> Divergence | None:
            self.shrunk += 1
            bound = self._bound(trial, smaller)
            if bound is None:
                return None
            result = self.noticing.result(bound, changed)
            if result is None:
                return None
            found = partings(
                trial.answered.program, bound.answered.case, bound.result, result, rule
            )
            return next(
                (each for each in found if each.place == wanted.place and each.sure >= wanted.sure),
                None,
            )

        if parted(tree) is None:
            return None
        smaller = shrunk(tree, lambda each: self.shrunk < MOST_SHRUNK and parted(each) is not None)
        parting = parted(smaller)
        assert parting is not None
        return TellingCase(smaller, trial.policy, parting)


def _weight(trial: BaselineCheck) -> tuple[int, str]:
    return sum(len(each.facts) + 1 for each in trial.answered.case.entities), str(trial.check.place)


def _read_by(rule: Rule, where: NodeKey | Kind, program: Program) -> set[NodeKey]:
    """The attributes that one rule reads."""
    kind = where if isinstance(where, Kind) else where.kind
    return reads(rule, scope_of_read(program.vocabulary, kind))


def _values(
    program: Program, entity: Entity, name: str, days: Iterable[int], numbers: Iterable[int]
) -> list[Value]:
    attribute = program.vocabulary.entities[entity.type].attributes[name]
    now = entity.facts[name].value if name in entity.facts else ...
    found: list[Value] | None = options_of(attribute.type, attribute.may_have_no_value)
    if isinstance(attribute.type, Date):
        found = list(days)
    elif isinstance(attribute.type, Number) and found is None:
        found = list(numbers)
    elif isinstance(attribute.type, Words):
        found = [SOME_TEXT]
    return [each for each in found or [] if each != now]


def _one_or_two(near: list[tuple[tuple[int, str], list[Value]]]) -> Iterator[Facts]:
    """Every change of one fact, then of two, up to a limit."""
    singles = [(at, value) for at, values in near for value in values]
    for at, value in singles:
        yield {at: value}
    for _, (one, other) in zip(
        range(MOST_PAIRS),
        (pair for pair in combinations(singles, 2) if pair[0][0] != pair[1][0]),
        strict=False,
    ):
        yield dict([one, other])


def _skeleton(case: Case, program: Program) -> Map:
    """A case without facts, as written."""

    def listed(entity: Entity) -> Map:
        found = Map({Text("name"): Text(entity.name)})
        for kind, children in entity.children.items():
            if children and not children[0].member:
                found[Text(program.vocabulary.entities[kind].plural)] = [
                    listed(each) for each in children
                ]
        return found

    root = program.vocabulary.root
    found: Map = copied(Map({Text(root.name): listed(case.root)}))
    return found


__all__ = ["Searching", "TellingCase"]
