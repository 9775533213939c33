"""Notes and warnings of one case: those that rules write, and that a judgement has no effect."""

from __future__ import annotations

from rulewright.engines.result import MET, NOT_MET, Settled
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Collection, Kind, Noun, Rule
from rulewright.ir.program import Node, Program

from .missing_facts import MissingFacts
from .outcome import FiringShown, Notice
from .tracer import Trail, source


class Notices:
    """What there is to note of a result. `trail`, `behind`: the result in words."""

    def __init__(self, program: Program, case: Case, trail: Trail, behind: MissingFacts) -> None:
        self.program, self.case, self.trail, self.behind = program, case, trail, behind
        self.result, self.evaluation = trail.result, trail.evaluation

    def written(self) -> list[tuple[Notice, FiringShown]]:
        """Each note or warning of a rule, with its firing, which has no number yet: in the layer
        after all others.
        """
        layer = 1 + max((node.layer for node in self.program.nodes), default=-1)
        found = []
        for entity in self.case.entities:
            fired = self.result.notices.get(entity.index, ())
            rules = (
                {rule.id: rule for rule in self.program.notices[Kind.of(entity)]} if fired else {}
            )
            for firing in fired:
                rule = rules[firing.rule]
                status = "fired" if firing.status == MET else "may fire"
                shown = FiringShown(
                    0,
                    layer,
                    entity.path,
                    "",
                    rule.id,
                    rule.effect,  # type: ignore[arg-type]
                    status,  # type: ignore[arg-type]
                    rule.text,
                )
                shown.conditions = [
                    self.trail.condition(c, f, entity)
                    for c, f in zip(rule.conditions, firing.findings, strict=False)
                ]
                shown.sources = [source(each) for each in rule.citations]
                shown.interpretations = list(rule.interpretations)
                notice = Notice(
                    entity.path,
                    rule.effect,  # type: ignore[arg-type]
                    rule.id,
                    self.filled(rule, entity),
                    status,  # type: ignore[arg-type]
                )
                found.append((notice, shown))
        return found

    def overruled(self) -> list[tuple[Rule, Notice]]:
        """For each judgement without effect, or perhaps without, the rules that override it, and a
        warning for each that says so.
        """
        found = []
        for (index, name), judged in sorted(self.case.judged.items(), key=lambda each: each[0]):
            settled, entity = self.result.settled.get((index, name)), self.case.entities[index]
            if settled is None or settled.overruled == NOT_MET:
                continue
            node = self.behind.nodes[Kind.of(entity), name]
            status = "fired" if settled.overruled == MET else "may fire"
            for rule in overruling(node, settled):
                cited = "; ".join(
                    " ".join(filter(None, (c.document, c.section, c.paragraph))) or c.note
                    for c in rule.citations
                )
                text = (
                    f"the judgement on {entity.path} > {node.attribute.name} (by {judged.by}) has no effect: {rule.id} overrides "
                    f"any judgement"
                ) + (f" ({cited})" if cited else "")
                found.append((rule, Notice(entity.path, "warning", rule.id, text, status)))  # type: ignore[arg-type]
        return found

    def filled(self, rule: Rule, entity: Entity) -> str:
        """The text of a notice, its lists and values filled in."""
        pieces = []
        for piece in rule.template:
            if isinstance(piece, str):
                pieces.append(piece)
                continue
            if isinstance(piece, Collection):
                items = [
                    f"{i.entity.path}{'' if i.present == MET else ' (perhaps)'}"
                    for i in self.evaluation.items(piece, entity)
                    if i.present != NOT_MET
                ]
                pieces.append(", ".join(items) or "none")
            else:
                possible = self.evaluation.value(piece, entity)
                assert piece.type is not None
                pieces.append(" or ".join(possible.show(piece.type, self._none(piece, entity))))
        return " ".join("".join(pieces).split())

    def _none(self, piece: object, entity: Entity) -> str:
        """The word for *no value* of what a text holds: facts may have one of their own."""
        if not isinstance(piece, Noun) or not piece.given or piece.attribute == "name":
            return "no value"
        holder = self.evaluation.reached(piece.reach, entity, None)
        return (
            self.program.vocabulary.entities[holder.type].attributes[piece.attribute].none_is
            or "no value"
        )


def overruling(node: Node, settled: Settled) -> list[Rule]:
    """The rules that leave a judgement without effect, or perhaps do, in order of id."""
    heard = {each.rule for each in settled.firings if each.status == settled.overruled}
    return [
        node.rules[index] for index in sorted(node.over_judgements) if node.rules[index].id in heard
    ]
