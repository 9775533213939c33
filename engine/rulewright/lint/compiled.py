"""What a check looks at: one policy of a rulebook, compiled, its rules as they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rulewright.amendments.chain import Assembly
from rulewright.compiler.changed_policy import Base
from rulewright.compiler.expander import Unroller
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import Condition, Kind, NodeKey, Rule
from rulewright.ir.program import Node, Program
from rulewright.ir.traversal import find
from rulewright.ir.vocabulary import Attribute
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import Place, Problem


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule as somebody wrote it, once for all entities that it is of.

    A rule of a principle: once for each use.
    """

    rule: Rule
    kinds: tuple[Kind, ...]
    attribute: str = ""  # the key of what it concludes; none for notes and warnings

    @property
    def name(self) -> str:
        """The id in messages: a rule of a principle without the use."""
        return self.rule.written.partition("@")[0]

    @property
    def rates(self) -> bool:
        """Whether a value follows from it, not only a note."""
        return bool(self.attribute)


@dataclass(frozen=True, eq=False)
class Compiled:
    """One policy with all that the checks read.

    `named`: all of the rulebook that compile, this one among them, by name.
    """

    base: Base
    named: dict[str, Compiled] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return self.program.policy

    @property
    def book(self) -> Rulebook:
        return self.base.book

    @property
    def assembly(self) -> Assembly:
        return self.base.assembly

    @property
    def program(self) -> Program:
        return self.base.program

    @property
    def unroller(self) -> Unroller:
        return self.base.unroller

    @property
    def digest(self) -> str:
        """The digest of its meaning: worked out only when somebody asks, `program` does not hold
        it.
        """
        return self.base.digest

    @property
    def policies(self) -> list[Compiled]:
        """All policies of the rulebook that compile, in order of their names."""
        return list(self.named.values())

    @property
    def is_first(self) -> bool:
        """Whether this is the policy at which things of the whole rulebook are reported."""
        return next(iter(self.named.values())) is self

    @property
    def amended(self) -> Compiled | None:
        """The policy that this one amends, if it compiles."""
        amends = self.assembly.policy.amends
        return None if amends is None else self.named.get(str(amends))

    @property
    def all_compile(self) -> bool:
        return len(self.named) == len(self.book.policies)

    def scope(self, kinds: tuple[Kind, ...]) -> Scope:
        return self.unroller.scope(kinds)

    def attribute(self, node: NodeKey) -> Attribute:
        return self.program.vocabulary.entities[node.entity].attributes[node.attribute]

    @property
    def nodes(self) -> dict[NodeKey, Node]:
        return self.base.nodes

    @cached_property
    def withdrawn(self) -> frozenset[NodeKey]:
        """The attributes that the policy no longer publishes."""
        return frozenset(
            NodeKey(kind.entity, kind.parent, kind.member, each.attribute)
            for each in self.program.withdrawals
            for kind in each.kinds
        )

    @cached_property
    def written(self) -> tuple[WrittenRule, ...]:
        """Every rule, row and note once, in order of id."""
        found: dict[tuple[object, ...], tuple[Rule, list[Kind], str]] = {}
        for node in self.program.nodes:
            for rule in node.every_rule:
                attribute = node.key.attribute
                where = (rule.written, rule.effect, attribute, *map(id, rule.conditions))
                found.setdefault(where, (rule, [], attribute))[1].append(node.key.kind)
        for kind, rules in self.program.notices.items():
            for rule in rules:
                found.setdefault(
                    (rule.written, rule.effect, "", *map(id, rule.conditions)), (rule, [], "")
                )[1].append(kind)
        rules_ = [
            WrittenRule(rule, tuple(kinds), attribute) for rule, kinds, attribute in found.values()
        ]
        return tuple(
            sorted(rules_, key=lambda each: (each.rule.written, each.rule.effect, each.rule.text))
        )

    @cached_property
    def places(self) -> frozenset[Place]:
        """Where the rules of this policy, and their conditions, stand."""
        rules = {id(each.rule): each.rule for each in self.written}.values()
        conditions = (each.place for rule in rules for each in find(Condition, rule.conditions))
        return frozenset((*(rule.place for rule in rules), *conditions))

    @cached_property
    def families(self) -> tuple[tuple[WrittenRule, ...], ...]:
        """The rules, those of one principle's uses together: what holds in one use need not hold in
        another.
        """
        found: dict[tuple[Place, str, str], list[WrittenRule]] = {}
        for each in self.written:
            # each use of a principle names its own attribute
            text = "" if "@" in each.rule.id else each.rule.text
            found.setdefault((each.rule.place, each.rule.effect, text), []).append(each)
        return tuple(map(tuple, found.values()))

    def in_every_use(self, look: Callable[[WrittenRule], list[Problem]]) -> Iterator[Problem]:
        """What `look` finds about a rule, if it finds it in every use of its principle."""
        for family in self.families:
            found = look(family[0])
            for each in family[1:]:
                if not found:
                    break
                again = {problem.place for problem in look(each)}
                found = [problem for problem in found if problem.place in again]
            yield from found
