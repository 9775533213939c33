"""How two outcomes differ: which answers, and where they part, down to facts, rules and
parameters.
"""

from __future__ import annotations

from rulewright.decision.answered import Answered
from rulewright.decision.outcome import Answer
from rulewright.engines.result import STATUS_WORDS
from rulewright.explain.naming import answers_named
from rulewright.explain.why import asked_of
from rulewright.ir.nodes import Rule
from rulewright.syntax.errors import InputError

from .record import Contrast, Difference, Differs, PartingAttribute
from .side import OutcomeSide, Spot

_WITHDRAWN = {
    "withdrawn": "withdrawn",
    "not yet": "to be withdrawn",
    "undecided": "perhaps withdrawn",
}


def difference(one: Answered, other: Answered, only: str | None = None) -> Difference:
    """The difference of two outcomes; `only`: of the attribute of that name or path.

    Raises `InputError` (RW601).
    """
    return _Comparison(OutcomeSide(one), OutcomeSide(other)).difference(only)


class _Comparison:
    def __init__(self, one: OutcomeSide, other: OutcomeSide) -> None:
        self.one, self.other = one, other
        self.partings: dict[Spot, PartingAttribute] = {}
        self.known: dict[Spot, tuple[Spot, ...]] = {}

    def difference(self, only: str | None) -> Difference:
        found = Difference(asked_of(self.one.answered), asked_of(self.other.answered), 0, [], [])
        wanted = self._wanted(only)
        for place, answer in self.one.shown.items():
            if wanted is not None and place not in wanted:
                continue
            there = self.other.shown.get(place)
            if there is None:
                found.only_in_one.append(" > ".join(place))
                found.values_alone[" > ".join(place)] = self._said(self.one, answer)
            elif self._said(self.one, answer) == self._said(self.other, there):
                found.alike += 1
            else:
                found.differing.append(self._differs(answer, there))
        for place, answer in self.other.shown.items():
            if place not in self.one.shown and (wanted is None or place in wanted):
                found.only_in_other.append(" > ".join(place))
                found.values_alone[" > ".join(place)] = self._said(self.other, answer)
        order = {spot: number for number, spot in enumerate((*self.one.nodes, *self.other.nodes))}
        found.partings = [
            self.partings[spot]
            for spot in sorted(
                self.partings, key=lambda each: (self._layer(each), order.get(each, 0))
            )
        ]
        places = {parting.path: number for number, parting in enumerate(found.partings)}
        for each in found.differing:
            each.parts_at.sort(key=lambda path: places[path])
        return found

    def _wanted(self, only: str | None) -> set[Spot] | None:
        if only is None:
            return None
        found: set[Spot] = set()
        errors = []
        for side in (self.one, self.other):  # one of the policies may lack it
            try:
                found |= {
                    (each.entity, each.attribute)
                    for each in answers_named(side.answered.decision, only)
                }
            except InputError as error:
                errors.append(error)
        if not found:
            raise errors[0]
        return found

    @staticmethod
    def _said(side: OutcomeSide, answer: Answer) -> list[str]:
        """An answer as it is published: perhaps not at all, or as it was given earlier."""
        hidden = side.hidden.get((answer.entity, answer.attribute))
        if hidden is None:
            return [answer.anything] if answer.anything else answer.possible
        if hidden.status == "withdrawn":
            return ["not published"]
        perhaps = "; perhaps withdrawn by now" if hidden.status == "undecided" else ""
        if hidden.given_earlier == "missing":
            return [f"as given earlier, which is not stated{perhaps}"]
        return (
            [f"{hidden.given_earlier} (as given earlier){perhaps}"]
            if hidden.given_earlier
            else answer.possible
        )

    def _layer(self, spot: Spot) -> int:
        there = self.one.nodes.get(spot) or self.other.nodes.get(spot)
        return there.node.layer if there is not None else 0

    def _differs(self, here: Answer, there: Answer) -> Differs:
        hidden = [side.hidden.get((here.entity, here.attribute)) for side in (self.one, self.other)]
        found = Differs(
            here.entity,
            here.attribute,
            here.label,
            self._said(self.one, here),
            self._said(self.other, there),
            here.published or there.published or any(hidden),
        )
        spot = next(
            each
            for each, one in self.one.nodes.items()
            if each[0] == here.entity
            and one.node.attribute.name == here.attribute
            and not one.node.attribute.hidden
        )
        if any(hidden):
            words = [
                f"{_WITHDRAWN[each.status]} by {each.withdrawn_by}" if each else "published"
                for each in hidden
            ]
            contrast = Contrast("withdrawn", here.label, words[0], words[1])
            self.partings.setdefault(
                spot,
                PartingAttribute(here.entity, here.attribute, found.one, found.other, [contrast]),
            )
            found.parts_at = [self.partings[spot].path]
        else:
            found.parts_at = [self.partings[each].path for each in self._parts(spot, ())]
        return found

    # -- where they part

    def _parts(self, spot: Spot, above: tuple[Spot, ...]) -> tuple[Spot, ...]:
        """Where a difference begins: this attribute, or those below it that differ."""
        known = self.known.get(spot)
        if known is not None or spot in above:
            return known or ()
        rules = {*self.one.heard(spot), *self.other.heard(spot)}
        looked = {**self.one.looked_at(spot, rules), **self.other.looked_at(spot, rules)}
        below = [
            each
            for each in looked
            if each in self.one.nodes
            and each in self.other.nodes
            and self.one.words(each) != self.other.words(each)
        ]
        found: dict[Spot, None] = {}
        for each in below:
            found.update(dict.fromkeys(self._parts(each, (*above, spot))))
        outside = self._from_outside(spot)
        if outside or not found or any(self._changed(spot, rule) for rule in rules):
            contrasts = outside or self._contrasts(spot, rules, looked)
            self.partings.setdefault(spot, self._parting(spot, contrasts))
            found = {spot: None} if outside else {**found, spot: None}
        self.known[spot] = tuple(found)
        return self.known[spot]

    def _parting(self, spot: Spot, contrasts: list[Contrast]) -> PartingAttribute:
        side = self.one if spot in self.one.nodes else self.other
        return PartingAttribute(
            spot[0], side.name(spot), self.one.words(spot), self.other.words(spot), contrasts
        )

    def _changed(self, spot: Spot, rule: str) -> bool:
        """Whether the two policies word a rule differently, or one of them lacks it."""
        here, there = self.one.rules(spot).get(rule), self.other.rules(spot).get(rule)
        if here is None or there is None:
            return here is not there
        return (here.conditions, here.value) != (there.conditions, there.value)

    def _from_outside(self, spot: Spot) -> list[Contrast]:
        """A judgement or a supplied value on one side, or another one on each."""
        words = [side.from_outside(spot) or "by the rules" for side in (self.one, self.other)]
        judgements = [side.judged(spot) for side in (self.one, self.other)]
        if judgements[0] == judgements[1] != "":
            return []  # whether it has effect follows from the rules
        if words == ["by the rules", "by the rules"] or words[0] == words[1]:
            return []
        kind = "judged" if any(each.startswith("judged") for each in words) else "supplied"
        return [Contrast(kind, self.one.name(spot), words[0], words[1])]  # type: ignore[arg-type]

    def _contrasts(self, spot: Spot, rules: set[str], looked: dict[Spot, None]) -> list[Contrast]:
        found = self._facts(looked)
        found += self._parameters(spot, rules)
        days = [self.one.answered.decision.as_at, self.other.answered.decision.as_at]
        if days[0] != days[1] and (
            self.one.asks_the_date(spot, rules) or self.other.asks_the_date(spot, rules)
        ):
            found.append(Contrast("date", "as at", days[0], days[1]))
        return found + self._deciding(spot) + self._conditions(spot, rules)

    def _facts(self, looked: dict[Spot, None]) -> list[Contrast]:
        found = []
        gone: set[str] = set()
        for spot in looked:
            there = [spot[0] in side.considering.entities for side in (self.one, self.other)]
            if there[0] != there[1]:
                if spot[0] not in gone:
                    found.append(
                        Contrast(
                            "item", spot[0], *("there" if each else "not there" for each in there)
                        )
                    )
                gone.add(spot[0])
            elif (
                spot not in self.one.nodes
                and spot not in self.other.nodes
                and self.one.words(spot) != self.other.words(spot)
            ):
                name = (self.one if self.one.words(spot) else self.other).name(spot)
                found.append(
                    Contrast(
                        "fact",
                        f"{spot[0]} > {name}",
                        " or ".join(self.one.words(spot)),
                        " or ".join(self.other.words(spot)),
                    )
                )
        return found

    def _parameters(self, spot: Spot, rules: set[str]) -> list[Contrast]:
        values: dict[str, list[str]] = {}
        for number, side in enumerate((self.one, self.other)):
            for rule in side.rules(spot).values():
                if rule.id in rules:
                    for each in side.considering.parameters(rule.conditions, rule.value):
                        values.setdefault(each.name, ["", ""])[number] = each.value
        return [
            Contrast("parameter", name, *pair)
            for name, pair in sorted(values.items())
            if pair[0] != pair[1]
        ]

    def _deciding(self, spot: Spot) -> list[Contrast]:
        found = []
        ids = [self.one.deciding(spot), self.other.deciding(spot)]
        if ids[0] != ids[1]:
            found.append(
                Contrast("rule", "decided by", *(", ".join(each) or "no rule" for each in ids))
            )
        limits = [
            side.nodes[spot].settled.limiting if spot in side.nodes else []
            for side in (self.one, self.other)
        ]
        if limits[0] != limits[1]:
            found.append(
                Contrast(
                    "limit", "lowered by the limit", *(", ".join(each) or "none" for each in limits)
                )
            )
        for rule in sorted({*ids[0], *ids[1], *limits[0], *limits[1]}):
            here, there = self.one.rules(spot).get(rule), self.other.rules(spot).get(rule)
            if self._changed(spot, rule):
                found.append(Contrast("rule", rule, _text(here), _text(there)))
        return found

    def _conditions(self, spot: Spot, rules: set[str]) -> list[Contrast]:
        """The conditions of the rules that decided on a side which hold on one side only."""
        wanted = {*self.one.deciding(spot), *self.other.deciding(spot)} & rules
        wanted |= {
            each.rule
            for side in (self.one, self.other)
            if spot in side.nodes
            for each in side.nodes[spot].settled.limits
        }
        found = {}
        for rule in sorted(wanted):
            here, there = self.one.rules(spot).get(rule), self.other.rules(spot).get(rule)
            for condition in here.conditions if here is not None and there is not None else ():
                if there is not None and condition not in there.conditions:
                    continue
                words = [
                    self._stands(side, spot, rule, condition.text)
                    for side in (self.one, self.other)
                ]
                if words[0].split(":")[0] != words[1].split(":")[0]:
                    found[condition.text] = Contrast(
                        "condition", condition.text, words[0], words[1]
                    )
        return list(found.values())

    @staticmethod
    def _stands(side: OutcomeSide, spot: Spot, rule: str, text: str) -> str:
        there = side.nodes[spot]
        condition = next(each for each in side.rules(spot)[rule].conditions if each.text == text)
        status = STATUS_WORDS[side.considering.evaluation.condition(condition, there.entity).status]
        measure = side.considering.measure(condition, there.entity)
        return f"{status}: {measure.actual}" if measure.actual else status


def _text(rule: Rule | None) -> str:
    if rule is None:
        return "not in this policy"
    conditions = "; ".join(each.text for each in rule.conditions)
    return f"{rule.text}" + (f", when {conditions}" if conditions else "")
