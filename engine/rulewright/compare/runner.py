"""Each case under both policies, and every attribute of which they do not say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from rulewright.facts.cases import Case, CaseText, bind_case
from rulewright.ir.nodes import Kind, NodeKey
from rulewright.ir.types import Scale, Type, Value
from rulewright.workbench import parameters_at

from .partial_revert import ComparedAttribute, Undoing, Undone, World
from .record import About, Way
from .view import Said, Spot, View


@dataclass
class Ran:
    """One case under the old policy and under the new one."""

    text: CaseText
    as_at: int
    undoing: Undoing
    old: View
    new: View
    old_parameters: dict[str, Value]
    new_parameters: dict[str, Value]

    def __post_init__(self) -> None:
        self.views: dict[Undone, View | None] = {}

    def view(self, undone: Undone) -> View | None:
        """The case under the new policy with units undone; `None` where they cannot be.

        Raises `InACircle` when asked.
        """
        if undone not in self.views:
            self.views[undone] = self._view(undone)
        return self.views[undone]

    def _view(self, undone: Undone) -> View | None:
        if len(undone) == len(self.undoing.units):
            return self.old
        world = self.undoing.world(undone)
        if world is None:
            return None
        parameters = world.parameters(self.old_parameters, self.new_parameters)
        if not world.rebinds:
            return View(
                world.program,
                world.nodes,
                self.new.case,
                self.as_at,
                parameters,
                self.new,
                partial(self._elsewhere, undone),
            )
        case = _read_under(self.text, world)
        return (
            View(world.program, world.nodes, case, self.as_at, parameters)
            if case is not None
            else None
        )

    def _elsewhere(self, undone: Undone, kind: Kind, attribute: str) -> View | None:
        """Where an attribute is the same as with these units undone: with those that can reach it,
        or under one of the policies.
        """
        reached = self.undoing.reached(kind, attribute, undone)
        if not reached:
            return self.new
        if (
            reached == self.undoing.reached(kind, attribute, self.undoing.all)
            and self.old.case is self.new.case
        ):
            return self.old
        return self.view(reached) if reached != undone else None


def _read_under(text: CaseText, world: World) -> Case | None:
    from rulewright.syntax.errors import InputError

    try:
        return bind_case(
            text, world.program.vocabulary, world.program.idle, world.program.judged_as_one
        )
    except InputError:
        return None


def run(text: CaseText, as_at: int, undoing: Undoing) -> Ran:
    """A case under both policies. Raises `InputError` where it does not fit one of them."""
    if undoing.read_alike:
        case = before = bind_case(text, undoing.vocabulary, undoing.idle, undoing.new.judged_as_one)
    else:
        before = bind_case(text, undoing.old.vocabulary, undoing.idle, undoing.old.judged_as_one)
        bind_case(text, undoing.new.vocabulary, undoing.idle, undoing.new.judged_as_one)
        case = bind_case(text, undoing.vocabulary, undoing.idle, undoing.new.judged_as_one)
    parameters = [parameters_at(each, as_at, {})[0] for each in (undoing.old, undoing.new)]
    (old_program, old_nodes), (new_program, new_nodes) = undoing.sides
    after = View(new_program, new_nodes, case, as_at, parameters[1])
    old = View(old_program, old_nodes, before, as_at, parameters[0])
    if before is case:  # what no change can reach is settled once
        old = View(
            old_program,
            old_nodes,
            before,
            as_at,
            parameters[0],
            after,
            lambda kind, attribute: (
                None if undoing.reached(kind, attribute, undoing.all) else after
            ),
        )
    return Ran(text, as_at, undoing, old, after, *parameters)


# -- what is not the same


@dataclass(frozen=True, slots=True)
class DifferingAttribute:
    """An attribute of a case of which the two policies do not say the same."""

    spot: Spot
    where: NodeKey
    name: str
    about: About
    before: Said
    after: Said
    way: Way = ""

    @property
    def alike(self) -> object:
        """What differences have in common that probably have one cause."""
        return (
            self.where.entity,
            self.where.parent,
            self.where.attribute,
            self.about,
            self.before,
            self.after,
        )


@dataclass
class Differing:
    """The attributes of one case: those that differ, and how many are alike, or are spoken of by
    one policy only and published by none.
    """

    found: list[DifferingAttribute]
    alike: int = 0
    only_old: int = 0
    only_new: int = 0


def differing(ran: Ran) -> Differing:
    """Every attribute that differs, in the order of the case."""
    result = Differing([])
    for spot, topic in _spots(ran):
        if topic.published or (ran.old.speaks_of(spot) and ran.new.speaks_of(spot)):
            one, other = ran.old.said(spot), ran.new.said(spot)
            about = different(one, other)
            if about is None:
                result.alike += 1
            else:
                moved = way(ran.old.value(spot), ran.new.value(spot), topic.kind)
                result.found.append(
                    DifferingAttribute(spot, topic.where, topic.name, about, one, other, moved)
                )
        elif ran.old.speaks_of(spot):
            result.only_old += 1
        elif ran.new.speaks_of(spot):
            result.only_new += 1
    return result


def different(one: Said, other: Said) -> About | None:
    """In what two answers differ."""
    if one.words != other.words:
        return "value"
    if one.published != other.published:
        return "publication"
    return "deciding rule" if one.rules != other.rules else None


def _spots(ran: Ran) -> Iterator[tuple[Spot, ComparedAttribute]]:
    """The attributes of a case, those of what only the old policy knows last."""
    for path, entity in ran.new.entities.items():
        for topic in ran.undoing.topics(Kind.of(entity)):
            yield (path, topic.where.attribute), topic
    if ran.old.case is not ran.new.case:
        for path, entity in ran.old.entities.items():
            if path not in ran.new.entities:
                for topic in ran.undoing.topics(Kind.of(entity)):
                    yield (path, topic.where.attribute), topic


def way(before: Value, after: Value, kind: Type) -> Way:
    """Whether a value went up or down on the order of its scale."""
    if isinstance(kind, Scale) and before in kind.order and after in kind.order and before != after:
        return "up" if kind.order.index(str(after)) > kind.order.index(str(before)) else "down"
    return ""
