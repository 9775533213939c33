"""`always` and `never`: conditions that are met in every case of a space, or in none; else a case
in which it is otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Noun
from rulewright.ir.traversal import find
from rulewright.solver.circuit import FALSE, Lit

from .answers import answered, given, not_confirmed, stated, status, values
from .case_writer import FoundCase
from .reader import Posed
from .record import Checked, Counterexample
from .spaces import At
from .witnesses import SpaceQuestion


def check_conditions(question: SpaceQuestion, record: Checked) -> None:
    """Put into a record whether the conditions are always, or never, met. Raises `NotExpressible`,
    `EngineError`.

    A case in which they are undecided shows nothing: where there is no other, nothing is said of
    them.
    """
    posed, circuit = question.posed, question.circuit
    conditions = question.encoding.conditions
    held = {
        thing: [conditions.condition(each, thing) for each in posed.conditions]
        for thing in posed.things
    }
    met = {thing: circuit.all(each.met for each in found) for thing, found in held.items()}
    may = {thing: circuit.all(each.may for each in found) for thing, found in held.items()}
    always = posed.declared.kind == "always"
    broken = _first(
        question, {thing: -may[thing] if always else met[thing] for thing in posed.things}
    )
    if broken is not None:
        record.verdict = "does not hold"
        record.counterexamples.append(
            _counterexample(question, *broken, "not met" if always else "met")
        )
        return
    unsure = _first(
        question, {thing: circuit.both(may[thing], -met[thing]) for thing in posed.things}
    )
    if unsure is not None:
        record.verdict, record.undecided = (
            "undecided",
            "in some cases it depends on facts that are neither stated nor open",
        )
        record.counterexamples.append(_counterexample(question, *unsure, "undecided"))


def _first(question: SpaceQuestion, goals: dict[Entity, Lit]) -> tuple[Entity, Lit] | None:
    """The first thing of which some case shows what is sought."""
    sought = [each for each in goals.values() if each != FALSE]
    if not sought or not question.asking.holds([question.inside, question.circuit.wanted(sought)]):
        return None
    return next(
        (thing, goal)
        for thing, goal in goals.items()
        if goal != FALSE and question.asking.holds([question.inside, goal])
    )


def _counterexample(
    question: SpaceQuestion, thing: Entity, goal: Lit, wanted: str
) -> Counterexample:
    posed = question.posed
    facts = question.settle([question.inside, goal], question.facts)
    matter = question.what_matters([question.inside], goal, facts)
    whole = posed.space.whole(values(facts))
    if status(posed, whole, thing) != wanted:
        raise not_confirmed(posed)
    gives = given(answered(posed, whole), dict.fromkeys(_read(posed, thing)))
    question.found.append(FoundCase(f"{wanted} at {thing.path}", values(facts), matter, gives))
    return Counterexample(
        [],
        stated(posed, facts, matter),
        len(facts) - len(matter),
        gives,
        at=thing.path,
        condition=wanted,  # type: ignore[arg-type]
    )


def _read(posed: Posed, thing: Entity) -> Iterator[At]:
    """The derived attributes that the conditions name of the thing itself, or of what lies at a
    fixed place from it.
    """
    for noun in find(Noun, *posed.conditions):
        if not noun.given and not noun.reach.item:
            at = thing.climb(noun.reach.up) if noun.reach.up else thing
            for wanted, member in noun.reach.down:
                at = at.child(wanted, member)
            if not posed.space.vocabulary.entities[at.type].attributes[noun.attribute].hidden:
                yield at.index, noun.attribute
