"""The program: a policy ready to run.

Nodes in layers, each with its rules; what is published; parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rulewright.syntax.errors import NOWHERE, Place

from .entities import ANY_JUDGEMENT
from .nodes import Citation, Condition, Expression, Kind, NodeKey, Rule
from .pairs import Pairs
from .types import Type, Value
from .vocabulary import Attribute, JudgedAsOne, Vocabulary


@dataclass(frozen=True, slots=True)
class Exhaustive:
    """Rules one of which fires whenever every one of `inputs` surely has a value (no conflict, not
    *no value*).
    """

    rules: frozenset[int]
    inputs: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One derived attribute of one kind of entity, with all that decides it.

    rules: those that conclude a value, by id. above[i]: the rules that defeat rule i when they fire
    (transitive). apart: pairs (i, j), i < j, that never disagree: they never hold together, or give
    the same expression.
    """

    key: NodeKey
    attribute: Attribute
    layer: int
    rules: tuple[Rule, ...]
    above: tuple[frozenset[int], ...]
    apart: Pairs
    exhaustive: tuple[Exhaustive, ...]
    otherwise: Rule | None
    limits: tuple[Rule, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.apart, Pairs):  # an archive writes few of them as a plain set
            object.__setattr__(self, "apart", Pairs.of(self.apart))

    @property
    def over_judgements(self) -> frozenset[int]:
        """The rules that leave a judgement without effect when they fire."""
        return frozenset(
            index for index, rule in enumerate(self.rules) if ANY_JUDGEMENT in rule.overrides
        )

    @property
    def giving(self) -> tuple[Rule, ...]:
        """The rules that may give it a value."""
        return self.rules if self.otherwise is None else (*self.rules, self.otherwise)

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """Those, and the limits that may lower the value."""
        return (
            (*self.rules, *self.limits)
            if self.otherwise is None
            else (*self.rules, *self.limits, self.otherwise)
        )


@dataclass(frozen=True, slots=True)
class ParameterValues:
    """A named value and the dates from which it holds (`None`: always before the next)."""

    name: str
    type: Type
    values: tuple[tuple[int | None, Value], ...]
    meaning: str = ""
    citations: tuple[Citation, ...] = ()
    interpretation: str = ""
    place: Place = field(default=NOWHERE, compare=False)

    def at(self, day: int) -> Value:
        """The value that holds at a date; before the first date, no value."""
        found: Value = None
        for since, value in self.values:
            if since is None or since <= day:
                found = value
        return found


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An attribute that a policy no longer publishes: where, since which policy, and from when on
    in one case.
    """

    attribute: str
    kinds: tuple[Kind, ...]
    policy: str
    text: str
    once: Condition | None = None
    until_then: str = ""
    citations: tuple[Citation, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of an interpretation, by its name."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What was assumed where the text does not decide.

    bears_on: the parameters (`service view period`) and defaults (`service > provided`) that its
    other readings replace.
    """

    id: str
    assumed: str
    because: str
    mark: str
    readings: tuple[Reading, ...]
    place: Place = field(default=NOWHERE, compare=False)
    bears_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document that rules cite."""

    id: str
    title: str
    publisher: str
    date: str
    seen: str
    licence: str = ""


@dataclass(frozen=True)
class Program:
    """One policy of one rulebook, compiled.

    Immutable; every engine reads it and none changes it.
    """

    policy: str
    title: str
    status: str
    since: int | None
    until: int | None
    chain: tuple[str, ...]
    vocabulary: Vocabulary
    parameters: dict[str, ParameterValues]
    nodes: tuple[Node, ...]
    notices: dict[Kind, tuple[Rule, ...]]
    scope: tuple[Condition, ...]
    published: frozenset[NodeKey]
    withdrawals: tuple[Withdrawal, ...]
    interpretations: dict[str, Interpretation]
    documents: dict[str, Document]
    # the given attributes that something reads: see `asked_besides`
    asks: frozenset[NodeKey] = frozenset()
    # fixed sets without use: the entity type, and its parent's
    idle: frozenset[tuple[str, str]] = frozenset()
    lapsed: tuple[str, ...] = ()
    digest: str = ""
    reading: str = ""  # the name of another reading that was applied on top
    disclaimer: str = ""  # what its conclusions must not be taken for
    judged_as_one: tuple[JudgedAsOne, ...] = ()
    interpretation: str = ""  # on which the policy itself rests

    def part(self, nodes: tuple[Node, ...], notices: dict[Kind, tuple[Rule, ...]]) -> Program:
        """A part of it, with some of its very nodes and notices: what was made ready for the whole
        serves the part.
        """
        found = replace(self, nodes=nodes, notices=notices)
        object.__setattr__(found, "_whole", self)
        return found

    @property
    def whole(self) -> Program:
        """The program of which this is a part; itself where it is none. (No field: nothing of it is
        kept, compared or copied.)
        """
        found: Program = self.__dict__.get("_whole", self)
        return found

    def nodes_of(self, kind: Kind) -> tuple[Node, ...]:
        """The derived attributes of one kind of entity, in layers."""
        return self.by_kind.get(kind, ())

    @property
    def by_kind(self) -> dict[Kind, tuple[Node, ...]]:
        """The nodes by kind of entity."""
        found: dict[Kind, tuple[Node, ...]] | None = self.__dict__.get("_by_kind")
        if found is None:
            gathered: dict[Kind, list[Node]] = {}
            for node in self.nodes:
                gathered.setdefault(node.key.kind, []).append(node)
            found = {kind: tuple(nodes) for kind, nodes in gathered.items()}
            object.__setattr__(self, "_by_kind", found)
        return found

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule once, in order of id."""
        found: dict[str, Rule] = {}
        for node in self.nodes:
            for rule in node.every_rule:
                found.setdefault(rule.id, rule)
        for rules in self.notices.values():
            for rule in rules:
                found.setdefault(rule.id, rule)
        return tuple(found[each] for each in sorted(found))

    @property
    def rules_by_id(self) -> dict[str, Rule]:
        """Every rule by its id."""
        found: dict[str, Rule] | None = self.__dict__.get("_rules_by_id")
        if found is None:
            found = {rule.id: rule for rule in self.rules}
            object.__setattr__(self, "_rules_by_id", found)
        return found


@dataclass(frozen=True)
class Variant:
    """A policy with an amendment on top.

    changed: the attributes, derived and given, that the amendment gives other rules, parameters or
    defaults. needs: what each derived attribute reads.
    """

    program: Program
    changed: frozenset[NodeKey]
    needs: dict[NodeKey, set[NodeKey]]


@dataclass(frozen=True)
class KnownReading:
    """Another reading of an interpretation, and the policy under it."""

    interpretation: str
    mark: str
    name: str
    meaning: str
    variant: Variant
