"""The typed program: what a rule says once names are resolved and types are checked.

Two engines, the checks and the explanations read these nodes; nothing here evaluates anything.
Entity types, attributes and parameters are named by their keys (`rulewright.syntax.text.key`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from rulewright.syntax.errors import NOWHERE, Place

from .entities import Entity
from .operators import OPERATORS
from .types import Number, Scale, Type, Value


@dataclass(frozen=True, slots=True)
class Reach:
    """How to get to another entity: from the rule's entity or the item at hand, up to a type, down
    to fixed members.
    """

    item: bool = False
    up: str = ""
    down: tuple[tuple[str, str], ...] = ()  # (entity type, member), outermost first


HERE = Reach()
ITEM = Reach(item=True)


# -- expressions


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule. `None`: no value."""

    value: Value
    type: Type | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value, taken at the as-at date."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class AsAtDate:
    """The date of the decision."""

    type: Type


@dataclass(frozen=True, slots=True)
class Noun:
    """An attribute of the entity that `reach` leads to.

    The attribute `name` is there for every entity.
    """

    reach: Reach
    attribute: str
    type: Type
    given: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right`, op one of + - * /, exact."""

    op: str
    left: Expression
    right: Expression
    type: Number


@dataclass(frozen=True, slots=True)
class Round:
    """A number made whole. `rule`: half up, half even, up or down."""

    rule: str
    of: Expression
    type: Number


@dataclass(frozen=True, slots=True)
class Count:
    """How many items there are, or pass the test."""

    collection: Collection
    test: Test | None
    type: Number


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The sum, average, lowest or highest of one attribute over a collection.

    `noun` starts at the item.
    """

    kind: str
    collection: Collection
    noun: Noun
    type: Type


Expression = Literal | Parameter | AsAtDate | Noun | Arithmetic | Round | Count | Aggregate


# -- collections


@dataclass(frozen=True, slots=True)
class Below:
    """The entities of one type below an entity: directly, or at any depth."""

    start: Reach
    entity: str
    deep: bool = False


@dataclass(frozen=True, slots=True)
class Each:
    """The entities of one type directly below each item of a collection."""

    of: Collection
    entity: str


@dataclass(frozen=True, slots=True)
class Same:
    """For each item its member of that type with the same name as the rule's own entity."""

    of: Collection
    entity: str


@dataclass(frozen=True, slots=True)
class Except:
    """A collection of fixed members without some of them."""

    of: Collection
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """The items that pass every test."""

    of: Collection
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """The items of several collections, each once."""

    parts: tuple[Collection, ...]


Collection = Below | Each | Same | Except | Where | Union


# -- conditions


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`.

    op: `is`, `is not`, `one of`, `not one of` (`right` holds literals), `at least`, `at most`,
    `more than`, `less than`, `between` (two ends, both included), `within` (`right` is a length in
    months and a date). Comparisons of dates use the same names: before is `less than`, on or before
    is `at most`.
    """

    left: Expression
    op: str
    right: tuple[Expression, ...]
    # only values written out on the right
    fixed: bool = field(init=False, repr=False, compare=False, default=False)
    # and one attribute on the left
    plain: bool = field(init=False, repr=False, compare=False, default=False)

    def __post_init__(self) -> None:
        fixed = all(type(each) is Literal for each in self.right)
        object.__setattr__(self, "fixed", fixed)
        object.__setattr__(self, "plain", fixed and type(self.left) is Noun)

    @property
    def skips_outside(self) -> bool:
        """Whether a quantity passes over items whose value lies outside the order."""
        return (
            OPERATORS[self.op].by_order
            and isinstance(self.left.type, Scale)
            and bool(self.left.type.outside)
        )


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a given attribute is stated, or a derived one has a value.

    `wanted` false: `is missing`.
    """

    noun: Noun
    wanted: bool


Test = Compare | Known


@dataclass(frozen=True, slots=True)
class Quantified:
    """How many items pass a test.

    kind: `every`, `no`, `at least`, `at most`, `exactly`, `more than`, `less than`; the last five
    with an `amount`, or with `share`, a part of all items that are not passed over (`more than
    half`: kind `more than`, share 1/2).
    """

    kind: str
    collection: Collection
    test: Test
    amount: Expression | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions under `all of`, `any of` or `none of`."""

    kind: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule, with the words in which it was written.

    because: why it may decide whether a fact was stated. It is wording: conditions that differ in
    it alone are equal.
    """

    body: Compare | Known | Quantified | Joined
    text: str
    place: Place = field(default=NOWHERE, compare=False)
    because: str = field(default="", compare=False)


# -- rules


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity as the dependency graph sees it: its type, its parent's type, and its name
    if it is a member.
    """

    entity: str
    parent: str = ""
    member: str = ""

    @staticmethod
    def of(entity: Entity) -> Kind:
        """The kind of an entity of a case."""
        return Kind(entity.type, entity.parent_type, entity.member)


@dataclass(frozen=True, slots=True, order=True)
class NodeKey:
    """An attribute of a kind of entity: a node of the dependency graph."""

    entity: str
    parent: str
    member: str
    attribute: str

    @staticmethod
    def of(entity: Entity, attribute: str) -> NodeKey:
        """An attribute of an entity of a case."""
        return NodeKey(entity.type, entity.parent_type, entity.member, attribute)

    @property
    def kind(self) -> Kind:
        return Kind(self.entity, self.parent, self.member)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from. Without a document, `note` says which policy changed it."""

    document: str
    section: str = ""
    paragraph: str = ""
    mark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule after unrolling.

    effect: `value` (concludes `value`; a `Literal` of `None` says *has no value*), `otherwise` (the
    same, below all others), `limit` (caps the attribute at `value`), `note` or `warning`
    (`template` holds text and collections).
    """

    id: str
    written: str  # the id of the rule, row or use as written in the file
    effect: str
    conditions: tuple[Condition, ...]
    value: Expression | None = None
    template: tuple[str | Expression | Collection, ...] = ()
    text: str = ""  # the conclusion in words
    # ids of unrolled rules about the same attribute (perhaps ANY_JUDGEMENT), not yet transitive
    overrides: frozenset[str] = frozenset()
    table: str = ""  # rows of one unique table never hold together
    citations: tuple[Citation, ...] = ()
    interpretations: tuple[str, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)
