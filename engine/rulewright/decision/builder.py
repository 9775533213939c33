"""From an engine's result to a decision: answers, firings in their canonical sequence, what they
rest on.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from rulewright.amendments.policy_selection import PolicyChoice, in_force_on
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import MET, NOT_MET, Firing, Settled, Status, Trace
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Kind, NodeKey, Noun, Parameter, Rule
from rulewright.ir.program import Node, Program, Withdrawal
from rulewright.ir.traversal import counted_in
from rulewright.ir.types import Type, Value, show_date
from rulewright.ir.vocabulary import Attribute

from .assumptions import Assumptions, behind_parameter
from .defaults import defaults_read
from .missing_facts import MissingFacts
from .notices import Notices, overruling
from .outcome import (
    Answer,
    Compared,
    Decision,
    FiringShown,
    JudgedShown,
    NotFired,
    NotPublished,
    ParameterShown,
    PolicyShown,
    RejectedPolicy,
    Relied,
    Stated,
)
from .tracer import Place, Trail, anything, of_a_kind, shown, source
from .unread_facts import unread_facts


def decide(
    program: Program,
    case: Case,
    as_at: int,
    parameters: dict[str, Value],
    changed: frozenset[str],
    choice: PolicyChoice,
    result: Trace,
) -> Decision:
    """The decision that a result is."""
    return Decider(program, case, result, as_at, parameters).decide(changed, choice)


class Decider:
    """Says what a result is in words: the whole decision, or a part of it at a time."""

    def __init__(
        self, program: Program, case: Case, result: Trace, as_at: int, parameters: dict[str, Value]
    ) -> None:
        self.program, self.case, self.result = program, case, result
        self.as_at, self.parameters = as_at, parameters
        # for what findings do not hold: the items behind a formula
        self.evaluation = Evaluation(program, case, as_at, parameters)
        self.evaluation.result = result
        self.trail = Trail(program, case, result, self.evaluation)
        self.behind = MissingFacts(self.trail)
        self.notices = Notices(program, case, self.trail, self.behind)
        self.assumptions = Assumptions(program, case, self.evaluation, parameters)
        self.mattering: set[Place] = set()  # missing facts behind published answers

    def decide(self, changed: frozenset[str], choice: PolicyChoice) -> Decision:
        """The decision. `changed`: the parameters that were set for this run."""
        program, case = self.program, self.case
        firings = self._firings()
        written = self.notices.written()
        firings += [
            replace(each, number=number)
            for number, (_, each) in enumerate(written, len(firings) + 1)
        ]
        notices = [each for each, _ in written] + [each for _, each in self.notices.overruled()]
        answers, not_published = self._answers()
        defaults = self._defaults()
        return Decision(
            case=case.name,
            entity=case.root.name,
            root=case.root.path,
            as_at=show_date(self.as_at),
            policy=PolicyShown(
                program.policy,
                program.title,
                program.status,
                list(program.chain[1:]),
                choice.by,
                [RejectedPolicy(*each) for each in choice.rejected],
            ),
            not_a_rating=self.not_a_rating(changed),
            answers=answers,
            not_published=not_published,
            firings=firings,
            notices=notices,
            defaults=list(defaults.values()),
            missing=[self.trail.read(e, name) for e, name in self._missing()],
            supplied=[
                Stated(
                    self._path(i),
                    self._name(i, name),
                    shown(fact.value, self._type(i, name)),
                    fact.origin,
                )
                for (i, name), fact in sorted(case.supplied.items())
            ],
            published=self._compared(),
            parameters=[
                parameter_shown(program, each, self.parameters[each], changed)
                for each in sorted(program.parameters)
            ],
            interpretations=self.assumptions.shown(firings, defaults, changed),
            members=sorted({each.member for each in case.entities if each.member}),
            program_digest=program.digest,
            case_digest=case.digest,
            about=case.about,
            unread=unread_facts(program, case),
        )

    # -- names

    def _path(self, index: int) -> str:
        return self.case.entities[index].path

    def _attribute(self, index: int, name: str) -> Attribute:
        return self.program.vocabulary.entities[self.case.entities[index].type].attributes[name]

    def _name(self, index: int, name: str) -> str:
        return self._attribute(index, name).name

    def _type(self, index: int, name: str) -> Type:
        return self._attribute(index, name).type

    # -- answers

    def _answers(self) -> tuple[list[Answer], list[NotPublished]]:
        answers: list[Answer] = []
        not_published: list[NotPublished] = []
        for entity in self.case.entities:
            withdrawn = self.withdrawn_of(entity)
            for name, (withdrawal, status) in withdrawn.items():
                not_published.append(self.not_published(entity, name, withdrawal, status))
            answers += [
                self.answer(entity, node, published)
                for node, published in self.spoken_of(entity, withdrawn)
            ]
        return answers, not_published

    @cached_property
    def _withdrawals(self) -> list[tuple[Withdrawal, Status]]:
        """Each withdrawal of the policy, and whether it has taken effect in this case."""
        waiting = iter(self.result.withdrawn)
        return [
            (each, next(waiting).status if each.once is not None else MET)
            for each in self.program.withdrawals
        ]

    def withdrawn_of(self, entity: Entity) -> dict[str, tuple[Withdrawal, Status]]:
        """The attributes of an entity that the policy withdrew."""
        kind = Kind.of(entity)
        return {
            w.attribute: (w, s)
            for w, s in self._withdrawals
            if kind in w.kinds and (s != NOT_MET or w.until_then)
        }

    def spoken_of(
        self, entity: Entity, withdrawn: dict[str, tuple[Withdrawal, Status]]
    ) -> list[tuple[Node, bool]]:
        """The derived attributes of an entity of which there is something to say, and whether each
        is published.
        """
        order = list(self.program.vocabulary.entities[entity.type].attributes)
        found = []
        for node in sorted(
            self.program.nodes_of(Kind.of(entity)), key=lambda each: order.index(each.key.attribute)
        ):
            name = node.key.attribute
            if self._speaks_of(entity, node, name in withdrawn):
                hidden = name in withdrawn and (
                    withdrawn[name][1] == MET or bool(withdrawn[name][0].until_then)
                )
                found.append((node, node.key in self.program.published and not hidden))
        return found

    def _speaks_of(self, entity: Entity, node: Node, withdrawn: bool) -> bool:
        """Whether there is something to say: the policy gives, publishes or withdraws it, or the
        case brings it.
        """
        if node.attribute.hidden:
            return False
        given = (
            node.rules
            or node.otherwise
            or node.limits
            or node.key in self.program.published
            or withdrawn
        )
        place = (entity.index, node.key.attribute)
        return bool(given) or place in self.case.supplied or place in self.case.judged

    def answer(self, entity: Entity, node: Node, published: bool) -> Answer:
        """What came of an attribute. `published`: whether readers are shown it."""
        name = node.key.attribute
        settled = self.result.settled[entity.index, name]
        answer = Answer(
            entity.path,
            node.attribute.name,
            node.attribute.label or node.attribute.name,
            settled.possible.status,
            settled.possible.show(node.attribute.type),
            settled.origin,  # type: ignore[arg-type]
            published,
        )
        answer.anything = (
            anything(node.attribute.type, answer.possible) if len(answer.possible) > 2 else ""
        )
        answer.main = self.program.vocabulary.entities[entity.type].main_result in (
            name,
            node.attribute.name,
        )
        answer.decided_by = settled.deciding
        answer.limited_by = settled.limiting
        answer.in_conflict = settled.contradicting
        if answer.status == "undetermined":
            behind = self.behind.value((entity.index, name))
            answer.missing = [self.trail.path(each) for each in behind]
            if published:
                self.mattering.update(behind)
        judged = self.case.judged.get((entity.index, name))
        if judged is not None and settled.ruled is not None:
            passed = (
                self._passed_limits(settled, node, judged.value) if settled.overruled != MET else []
            )
            answer.judgement = JudgedShown(
                judged.by,
                judged.on,
                judged.reason,
                settled.ruled.show(node.attribute.type),
                passed,
                as_one_with=judged.as_one_with,
            )
            if settled.overruled != NOT_MET:
                answer.judgement.overridden = "yes" if settled.overruled == MET else "perhaps"
                answer.judgement.overridden_by = [each.id for each in overruling(node, settled)]
                answer.judgement.value = node.attribute.type.show(judged.value)
        return answer

    def _passed_limits(self, settled: Settled, node: Node, judged: Value) -> list[str]:
        """The limits that act and that the judged value lies above."""
        order = getattr(node.attribute.type, "order", None)
        passed = []
        for rule in node.limits:
            acts = any(each.rule == rule.id and each.status == MET for each in settled.limits)
            limit = (
                self.parameters[rule.value.name]
                if isinstance(rule.value, Parameter)
                else getattr(rule.value, "value", None)
            )
            above = (
                order is not None
                and judged in order
                and limit in order
                and order.index(judged) > order.index(limit)
            ) or (
                order is None
                and isinstance(judged, int | Fraction)
                and isinstance(limit, int | Fraction)
                and judged > limit
            )
            if acts and above:
                passed.append(rule.id)
        return passed

    def not_published(
        self, entity: Entity, name: str, withdrawal: Withdrawal, status: Status
    ) -> NotPublished:
        """That an attribute is withdrawn, or is once a condition holds: `status` is that of the
        condition.
        """
        attribute = self.program.vocabulary.entities[entity.type].attributes[name]
        earlier = ""
        if withdrawal.until_then and status != MET:
            earlier = " or ".join(self.trail.words(entity, withdrawal.until_then))
        words = ("not yet", "undecided", "withdrawn")[status]
        return NotPublished(
            entity.path,
            attribute.name,
            attribute.label or attribute.name,
            withdrawal.policy,
            words,  # type: ignore[arg-type]
            earlier,
            [source(c) for c in withdrawal.citations],
        )

    # -- firings

    def _firings(self) -> list[FiringShown]:
        drafts: list[
            tuple[tuple[int, int, str, str], Entity, str, Rule, Firing, Settled, Node]
        ] = []
        for entity in self.case.entities:
            for node in self.program.nodes_of(Kind.of(entity)):
                settled = self.result.settled[entity.index, node.key.attribute]
                if not (settled.firings or settled.limits):
                    continue
                rules = {rule.id: rule for rule in node.rules}
                limits = {rule.id: rule for rule in node.limits}
                if node.otherwise:
                    rules[node.otherwise.id] = node.otherwise
                for firing in settled.firings:
                    order = (node.layer, entity.index, firing.rule, node.key.attribute)
                    drafts.append(
                        (
                            order,
                            entity,
                            node.attribute.name,
                            rules[firing.rule],
                            firing,
                            settled,
                            node,
                        )
                    )
                for firing in settled.limits:
                    order = (node.layer, entity.index, firing.rule, node.key.attribute)
                    drafts.append(
                        (
                            order,
                            entity,
                            node.attribute.name,
                            limits[firing.rule],
                            firing,
                            settled,
                            node,
                        )
                    )
        drafts.sort(key=lambda each: each[0])
        return [
            self._firing(n, order[0], entity, attribute, rule, firing, settled, node)
            for n, (order, entity, attribute, rule, firing, settled, node) in enumerate(drafts, 1)
        ]

    def _firing(
        self,
        number: int,
        layer: int,
        entity: Entity,
        attribute: str,
        rule: Rule,
        firing: Firing,
        settled: Settled,
        node: Node,
    ) -> FiringShown:
        shown_firing = FiringShown(
            number,
            layer,
            entity.path,
            attribute,
            rule.id,
            rule.effect,  # type: ignore[arg-type]
            "fired" if firing.status == MET else "may fire",
            rule.text,
            lowers=firing.lowers,
        )
        if firing.gives is not None:
            shown_firing.gives = firing.gives.show(node.attribute.type)
        if firing.defeated:
            fired = {each.rule for each in settled.firings if each.status == MET}
            shown_firing.defeated_by = sorted(
                node.rules[i].id
                for i in node.above[self._index(node, rule)]
                if node.rules[i].id in fired
            )
        shown_firing.conditions = [
            self.trail.condition(c, f, entity)
            for c, f in zip(rule.conditions, firing.findings, strict=False)
        ]
        if rule.value is not None:
            shown_firing.reads = self.trail.reads(rule.value, entity)
            for collection, test in counted_in(rule.value):
                asked = None if isinstance(test, Noun) else test
                shown_firing.counts.append(
                    self.trail.count(
                        collection, test, self.evaluation.tally(collection, asked, entity), entity
                    )
                )
        shown_firing.sources = [source(each) for each in rule.citations]
        shown_firing.interpretations = list(rule.interpretations)
        if rule.effect == "otherwise":
            shown_firing.none_of_these = self._none_of_these(node, settled, entity)
        return shown_firing

    def _none_of_these(self, node: Node, settled: Settled, entity: Entity) -> list[NotFired]:
        """The rules that did not fire, each with what failed."""
        heard = {each.rule for each in settled.firings}
        found = []
        for rule in sorted(
            (each for each in node.rules if each.id not in heard), key=lambda each: each.id
        ):
            findings = [(each, self.evaluation.condition(each, entity)) for each in rule.conditions]
            failed = [
                self.trail.condition(each, finding, entity)
                for each, finding in findings
                if finding.status == NOT_MET
            ]
            found.append(NotFired(rule.id, rule.text, failed))
        return found

    def _index(self, node: Node, rule: Rule) -> int:
        return next(i for i, each in enumerate(node.rules) if each.id == rule.id)

    # -- what the decision rests on

    def _defaults(self) -> dict[NodeKey, Relied]:
        """The defaults that stood in for facts nobody stated, by attribute."""
        found: dict[NodeKey, Relied] = {}
        for index, name in defaults_read(self.program, self.case, self.evaluation):
            entity, attribute = self.case.entities[index], self._attribute(index, name)
            kind = NodeKey(entity.type, entity.parent_type, "", name)
            if kind not in found:
                found[kind] = Relied(
                    of_a_kind(self.program.vocabulary, kind), attribute.show(attribute.default), []
                )
            found[kind].entities.append(entity.path)
        return {each: found[each] for each in sorted(found)}

    def _missing(self) -> list[tuple[Entity, str]]:
        """The missing facts behind anything published and undetermined."""
        return [(self.case.entities[index], name) for index, name in sorted(self.mattering)]

    def _compared(self) -> list[Compared]:
        found = []
        for index, name, value in self.case.published:
            kind = self._type(index, name)
            possible = self.result.settled[index, name].possible.show(kind)
            published = shown(value, kind)
            verdict = (
                "agrees"
                if possible == [published]
                else "possible"
                if published in possible
                else "differs"
            )
            found.append(
                Compared(self._path(index), self._name(index, name), published, possible, verdict)  # type: ignore[arg-type]
            )
        return found

    def not_a_rating(self, changed: frozenset[str]) -> list[str]:
        """Why what came out is not a rating, in words."""
        reasons = []
        if self.program.status == "proposed":
            reasons.append(f"the policy `{self.program.policy}` is proposed")
        elif not in_force_on(self.program.since, self.program.until, self.as_at):
            reasons.append(
                f"the policy `{self.program.policy}` was not in force on {show_date(self.as_at)}"
            )
        if self.program.reading:
            reasons.append(f"the policy is read otherwise: `{self.program.reading}`")
        if changed:
            names = ", ".join(f"`{self.program.parameters[each].name}`" for each in sorted(changed))
            reasons.append(f"parameters were set for this run: {names}")
        for condition, finding in zip(self.program.scope, self.result.scope, strict=True):
            if finding.status != MET:
                certainty = "outside" if finding.status == NOT_MET else "perhaps outside"
                reasons.append(
                    f"{certainty} the policy's scope: not certain that {condition.text}"
                    if finding.status != NOT_MET
                    else f"outside the policy's scope: {condition.text} does not hold"
                )
        return reasons


def parameter_shown(
    program: Program, name: str, value: Value, changed: frozenset[str]
) -> ParameterShown:
    """A parameter as the outcome shows it. `changed`: those that were set for this run."""
    parameter = program.parameters[name]
    found = ParameterShown(parameter.name, shown(value, parameter.type), name in changed)
    if not found.set:
        found.interpretations = behind_parameter(program, name)
        found.remark = "; ".join(each.note for each in parameter.citations if not each.document)
    return found
