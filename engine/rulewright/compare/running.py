"""Each case under both policies, and every attribute of which they do not say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright.language.cases import Case, CaseText, bind_case
from rulewright.language.types import Scale, Type, Value
from rulewright.program.nodes import NodeKey
from rulewright.workbench import parameters_at

from .record import About, Way
from .undoing import Undoing, Undone, World
from .view import Said, Spot, View


@dataclass
class Ran:
    """One case under the old policy and under the new one. worlds: the views of it under the new policy with changes undone."""

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
        """The case under the new policy with units undone; `None` where they cannot be. Raises `InACircle` when asked."""
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
            return View(world.program, world.nodes, self.new.case, self.as_at, parameters, self.new.settled, world.touched)
        case = _read_under(self.text, world)
        return View(world.program, world.nodes, case, self.as_at, parameters) if case is not None else None


def _read_under(text: CaseText, world: World) -> Case | None:
    from rulewright.language.errors import InputError

    try:
        return bind_case(text, world.program.vocabulary, world.program.idle)
    except InputError:
        return None


def run(text: CaseText, as_at: int, undoing: Undoing) -> Ran:
    """A case under both policies. Raises `InputError` where it does not fit one of them."""
    old, new = undoing.old, undoing.new
    if undoing.read_alike:
        case = before = bind_case(text, undoing.vocabulary, undoing.idle)
    else:
        before = bind_case(text, old.vocabulary, undoing.idle)
        bind_case(text, new.vocabulary, undoing.idle)
        case = bind_case(text, undoing.vocabulary, undoing.idle)
    parameters = [parameters_at(each, as_at, {})[0] for each in (old, new)]
    sides = zip(undoing.sides, (before, case), parameters, strict=True)
    views = [View(program, nodes, one, as_at, values) for (program, nodes), one, values in sides]
    for view in views:
        view.everything()
    return Ran(text, as_at, undoing, views[0], views[1], parameters[0], parameters[1])


# -- what is not the same ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
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
        return self.where.entity, self.where.parent, self.where.attribute, self.about, self.before, self.after


def differing(ran: Ran) -> tuple[list[Found], int]:
    """Every attribute that differs, in the order of the case, and how many do not."""
    found, alike = [], 0
    for spot, where, name, kind in _spots(ran):
        one, other = ran.old.said(spot), ran.new.said(spot)
        about = different(one, other)
        if about is None:
            alike += 1
        else:
            found.append(Found(spot, where, name, about, one, other, _way(ran.old.value(spot), ran.new.value(spot), kind)))
    return found, alike


def different(one: Said, other: Said) -> About | None:
    """In what two answers differ."""
    if one.words != other.words:
        return "value"
    if one.published != other.published:
        return "publication"
    return "deciding rule" if one.rules != other.rules else None


def _spots(ran: Ran) -> Iterator[tuple[Spot, NodeKey, str, Type]]:
    """The attributes of which one of the policies speaks."""
    for path in dict.fromkeys((*ran.new.entities, *ran.old.entities)):
        names: dict[str, None] = {}
        for view in (ran.new, ran.old):
            if path in view.entities:
                names |= dict.fromkeys(view.program.vocabulary.entities[view.entities[path].type].attributes)
        for name in names:
            spot = (path, name)
            speaking = [view for view in (ran.new, ran.old) if view.speaks_of(spot)]
            if speaking:
                node = speaking[0].node(speaking[0].entities[path], name)
                assert node is not None
                yield spot, node.key, node.attribute.name, node.attribute.type


def _way(before: Value, after: Value, kind: Type) -> Way:
    if isinstance(kind, Scale) and before in kind.order and after in kind.order and before != after:
        return "up" if kind.order.index(str(after)) > kind.order.index(str(before)) else "down"
    return ""
