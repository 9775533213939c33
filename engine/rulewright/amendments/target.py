"""A target of an amendment: something that an amendment may name, and all that can be done with it.

A target says where something is, not what it says there: one target serves the policy before an
amendment and after it. Each kind of target is a class; `targets` lists the kinds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from rulewright.syntax.errors import nearest
from rulewright.syntax.text import Map, Text, fits

from .fields import Field, Replacement

if TYPE_CHECKING:
    from .assembly import Assembly


@dataclass(frozen=True)
class Target(ABC):
    """Something that an amendment may name."""

    can_be_replaced: ClassVar[bool] = True

    @property
    @abstractmethod
    def name(self) -> str:
        """The name by which amendments call it."""

    @property
    def inside(self) -> str:
        """The entry or entity type that it is in; of an entry, itself."""
        return ""

    @classmethod
    @abstractmethod
    def every(cls, assembly: Assembly) -> Iterable[Self]:
        """Everything of this kind in a policy."""

    @classmethod
    def named(cls, assembly: Assembly, written: str) -> Sequence[Self]:
        """Everything of this kind in a policy that an amendment means by `written`."""
        return [each for each in cls.every(assembly) if each.is_called(written)]

    def is_called(self, written: str) -> bool:
        """Whether an amendment means it by `written`."""
        return matches(self.name, written)

    def kind_in(self, assembly: Assembly) -> str:
        """What people call it: `rule`, `table`, `document`."""
        return ""

    @abstractmethod
    def read(self, assembly: Assembly) -> Any:
        """What a policy says there; `None` where it has no such thing."""

    def replace(self, assembly: Assembly, replacement: Replacement) -> list[Field] | None:
        """Put what an amendment writes in its place.

        The result is the fields that this sets; `None` where it cannot be replaced by that.
        """
        return None


@dataclass(frozen=True)
class Repealable(Target):
    """A target that an amendment may repeal, and a later one restore."""

    restored_first: ClassVar[bool] = False  # others are restored into it

    @abstractmethod
    def remove(self, assembly: Assembly, lasting: Collection[Target]) -> list[str]:
        """Take it away and remember it in `assembly.gone`; what is in `lasting` stays.

        The result is the names of all that is repealed with it.
        """

    @abstractmethod
    def restore(self, assembly: Assembly, gone: Gone) -> bool:
        """Bring it back as it was; `False` where what it was in is repealed too."""


@dataclass(frozen=True)
class Lasting(Repealable):
    """A target that can go on for a while after its repeal: a transitional rule."""

    @abstractmethod
    def covers(self, other: Lasting) -> bool:
        """Whether the other is this target, or a part of it."""

    @abstractmethod
    def as_it_goes_on(
        self, assembly: Assembly, gone: Gone, lasting: Collection[Lasting]
    ) -> dict[str, Any]:
        """The fields of `gone` with what later policies changed in it where it goes on."""

    @abstractmethod
    def add_conditions(self, assembly: Assembly, conditions: list[Text | Map]) -> None:
        """Let it hold only under more conditions."""


@dataclass(frozen=True)
class Gone:
    """Something that a policy of the chain repealed, as it was then, for a later one to restore.

    content: of an entry its `Item`, else what was written.
    """

    target: Repealable
    content: Any
    # of a use: the rules of the principle that it had changed
    own_rules: dict[str, Map | None] = field(default_factory=dict)
    own_value: Text | None = None  # of a parameter: the value that a policy had set

    @property
    def name(self) -> str:
        """The name by which the repeal called it."""
        return self.target.name


def matches(identity: str, written: str) -> bool:
    """Whether a name, or a pattern such as `aggregation@trust.*`, means this id."""
    return identity == written or ("*" in written and fits(identity, written))


def near_target(target: str, names: list[str]) -> str:
    """`did you mean …`, where something has a name like that."""
    close = nearest(target, names)
    return close if close.startswith("did you mean") else ""


# -- the order of lists that lose something


def remember_order(assembly: Assembly, where: str, names: list[str]) -> None:
    """Keep the order of a list that is about to lose something.

    What it lost earlier keeps its place in it.
    """
    known = assembly.order.get(where, [])
    whole = list(names)
    for name in known:
        if name not in whole:
            whole.insert(place_in(whole, name, known), name)
    assembly.order[where] = whole


def place_in(names: list[str], name: str, order: list[str]) -> int:
    """The index at which `name` returns: behind the nearest name that stood before it."""
    before = order[: order.index(name)] if name in order else []
    return next((names.index(each) + 1 for each in reversed(before) if each in names), 0)
