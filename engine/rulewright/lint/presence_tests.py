"""Where a policy asks whether a fact was stated: conditions, cells and inputs of tables, what
principles are given, formulas.

Of a given attribute `is known` and `is missing` ask just that, and the answer does not change while
missing facts are imagined. Of a derived one they ask whether it has a value, which is left alone
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rulewright.amendments.rules_of_principles import RuleOfUse
from rulewright.compiler.expander import DraftRule, Unroller
from rulewright.compiler.scope import Bound, scope_of_read
from rulewright.ir.nodes import Compare, Condition, Known, Rule
from rulewright.ir.program import Program
from rulewright.ir.traversal import Terms, find, leaves, walk
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import Place
from rulewright.syntax.text import Map, key, place_of, text_of


@dataclass(frozen=True, slots=True)
class PresenceTest:
    """A place that asks whether facts were stated, or gives a reason for that.

    facts: which facts; none where it only gives a reason. decides: what depends on it (`a value`,
    `the scope`, `a withdrawal`); nothing where it is only a note. takes_reason: whether it is a
    condition, which can say `because`.
    """

    place: Place
    text: str
    facts: tuple[str, ...]
    decides: str
    because: str = ""
    takes_reason: bool = True


def asked_in(unroller: Unroller) -> list[PresenceTest]:
    """What the rules ask that were unrolled there."""
    return one_a_place(_Asking(unroller).all())


def asked_by(program: Program) -> Iterator[PresenceTest]:
    """What the scope and the withdrawals of a policy ask."""
    conditions = [(each, "the scope") for each in program.scope]
    conditions += [
        (each.once, "a withdrawal") for each in program.withdrawals if each.once is not None
    ]
    for condition, decides in conditions:
        for leaf in leaves(condition):
            facts = _facts(leaf.body, program.vocabulary)
            if facts or leaf.because:
                yield PresenceTest(leaf.place, leaf.text, facts, decides, leaf.because)


def one_a_place(found: Iterable[PresenceTest]) -> list[PresenceTest]:
    """One for each place: a principle's condition may ask for another fact in each use, and for
    none in some.
    """
    by_place: dict[Place, PresenceTest] = {}
    for each in found:
        other = by_place.get(each.place, each)
        facts = tuple(sorted({*other.facts, *each.facts}))
        by_place[each.place] = PresenceTest(
            each.place,
            each.text,
            facts,
            other.decides or each.decides,
            each.because,
            each.takes_reason,
        )
    return list(by_place.values())


def _facts(value: Terms, vocabulary: Vocabulary, but: tuple[Terms, ...] = ()) -> tuple[str, ...]:
    """The given attributes of which a condition, an expression or a collection asks whether they
    were stated. Names always are.
    """
    nouns = {
        each.noun
        for each in find(Known, value, but=but)
        if each.noun.given and each.noun.attribute != "name"
    }
    scope = scope_of_read(vocabulary)
    return tuple(sorted({scope.attribute_name(each) for each in nouns}))


def _value(bound: Bound) -> Terms:
    return bound.collection if bound.collection is not None else bound.expression


class _Asking:
    """Looks through the rules of one policy, or of what an amendment brings."""

    def __init__(self, unroller: Unroller) -> None:
        self.unroller, self.items, self.vocabulary = (
            unroller,
            unroller.assembly.items,
            unroller.vocabulary,
        )

    def all(self) -> Iterator[PresenceTest]:
        seen: set[tuple[object, ...]] = set()
        for draft in self.unroller.drafts:
            alike = (
                draft.rule.written,
                draft.rule.effect,
                draft.node.attribute,
                id(draft.rule.conditions),
            )
            if alike not in seen:  # else the same rule of another kind of entity
                seen.add(alike)
                yield from self._rule(draft)
        for rule in {
            id(each): each for rules in self.unroller.notices.values() for each in rules
        }.values():
            for condition in rule.conditions:
                yield from self._condition(condition, "")
        yield from self._inputs_of_tables()
        yield from self._given_to_principles()

    # -- rules

    def _rule(self, draft: DraftRule) -> Iterator[PresenceTest]:
        rule, use = draft.rule, self._use_of(draft)
        taken = self._taken.get(use, ())
        if "@" in draft.node.attribute:
            yield from self._own_word(draft, use, taken)
        else:
            for condition in rule.conditions:
                if id(condition) in self._cells:
                    yield from self._cell(condition)
                else:
                    yield from self._condition(condition, "a value", taken)
        facts = self._facts(rule.value, taken)
        if facts:
            yield PresenceTest(
                self._conclusion(rule, use), rule.text, facts, "a value", takes_reason=False
            )

    def _condition(
        self, condition: Condition, decides: str, taken: tuple[Terms, ...] = ()
    ) -> Iterator[PresenceTest]:
        for leaf in leaves(condition):
            facts = self._facts(leaf.body, taken)
            if facts or leaf.because:
                yield PresenceTest(leaf.place, leaf.text, facts, decides, leaf.because)

    def _cell(self, cell: Condition) -> Iterator[PresenceTest]:
        """A cell `known` or `missing`. What the input of its column asks is told there."""
        facts = self._facts(cell.body) if isinstance(cell.body, Known) else ()
        if facts:
            yield PresenceTest(cell.place, cell.text, facts, "a value", takes_reason=False)

    def _own_word(
        self, draft: DraftRule, use: str, taken: tuple[Terms, ...]
    ) -> Iterator[PresenceTest]:
        """A principle's own word: cells of a small table, and its input."""
        word = draft.node.attribute.partition("@")[0]
        written = self.items[use.partition("@")[0]].tree["let"]
        content = next(each for name, each in written.items() if key(name) == word)
        for cell in draft.rule.conditions:
            yield from self._cell(cell)
            facts = self._facts(cell.body.left, taken) if isinstance(cell.body, Compare) else ()
            if facts:
                text = content["table"]["input"]
                yield PresenceTest(
                    place_of(text), text_of(text), facts, "a value", takes_reason=False
                )

    def _conclusion(self, rule: Rule, use: str) -> Place:
        """Where the value of a rule is written."""
        tree = (
            self._rule_of(rule.written, use)
            if use
            else self.items[rule.written].tree
            if rule.written in self.items
            else Map()
        )
        return place_of(tree.get("otherwise" if rule.effect == "otherwise" else "then"), rule.place)

    def _rule_of(self, written: str, use: str) -> Map:
        """A rule of a principle, as the use has it; an own word has none."""
        principle, _, suffix = use.partition("@")
        name = written.removeprefix(f"{principle}.").removesuffix(f"@{suffix}")
        return RuleOfUse(use, name).read(self.unroller.assembly) or Map()

    def _use_of(self, draft: DraftRule) -> str:
        """The use of a principle that a rule belongs to, if it belongs to one."""
        own_word_of = draft.node.attribute.partition("@")[2]
        return own_word_of or next((each for each in draft.aliases if each in self._taken), "")

    # -- tables and uses

    def _inputs_of_tables(self) -> Iterator[PresenceTest]:
        for name, (table, _) in self.unroller.tables.items():
            tree = self.items[name].tree
            for column, expression in table.inputs:
                facts = self._facts(expression)
                if facts:
                    text = tree.get("input") or tree["inputs"][column]
                    yield PresenceTest(
                        place_of(text), text_of(text), facts, "a value", takes_reason=False
                    )

    def _given_to_principles(self) -> Iterator[PresenceTest]:
        """What a use gives its principle, where a rule or a word of that looks at it."""
        for use, bound in self.unroller.taken.items():
            for word, text in self.items[use].tree.items():
                value = _value(bound[key(word)]) if key(word) in bound else None
                if value in self._taken[use] and self._looks_at(use, value):
                    yield PresenceTest(
                        place_of(text),
                        text_of(text),
                        self._facts(value),
                        "a value",
                        takes_reason=False,
                    )

    def _looks_at(self, use: str, value: Terms) -> bool:
        rules = (draft.rule for draft in self.unroller.drafts if self._use_of(draft) == use)
        return any(each == value for rule in rules for each in walk(rule.conditions, rule.value))

    @cached_property
    def _cells(self) -> set[int]:
        return {
            id(cell)
            for table, _ in self.unroller.tables.values()
            for row in table.rows
            for cell in row.cells
        }

    @cached_property
    def _taken(self) -> dict[str, tuple[Terms, ...]]:
        """By use, what its principle is given that asks for facts: the conditions of the principle
        do not ask that themselves.
        """
        found = {}
        for use, bound in self.unroller.taken.items():
            found[use] = tuple(each for each in map(_value, bound.values()) if self._facts(each))
        return found

    def _facts(self, value: Terms, but: tuple[Terms, ...] = ()) -> tuple[str, ...]:
        return _facts(value, self.vocabulary, but) if value is not None else ()
