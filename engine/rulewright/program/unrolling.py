"""From written rules, tables and uses of principles to plain rules, one for each kind of entity they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from rulewright.language.errors import NOWHERE, InputError, Place, Problem, Problems, nearest
from rulewright.language.lexer import Lexicon
from rulewright.language.parsing import parse
from rulewright.language.reading import scalar
from rulewright.language.rulebook import Item, Rulebook
from rulewright.language.text import Map, Text, key, place_of, slug
from rulewright.language.types import Choice, Number, Scale, Type, parse_number
from rulewright.language.vocabulary import Attribute, Vocabulary

from .citing import citations
from .conclusions import Conclusion, read_conclusion, read_header, read_limit, read_template, type_named
from .conditions import read_conditions, read_unless, same_type
from .expressions import Reader
from .model import Interpretation, Reading
from .nodes import HERE, Condition, Expression, Kind, Literal, NodeKey, Noun, Rule
from .nouns import a_type, text_of
from .policies import Assembly
from .scope import Bound, Scope
from .tables import Row, Table, overlaps, read_cell, read_table

CONCLUSIONS = ("then", "otherwise", "limit", "note", "warn")


@dataclass(frozen=True)
class Draft:
    """An unrolled rule at one node, before overrides are settled. `aliases`: what an override may call it."""

    node: NodeKey
    rule: Rule
    targets: tuple[Text, ...]
    aliases: frozenset[str]
    table: Table | None = None


@dataclass
class Unroller:
    """Gathers the unrolled rules of one policy, and every mistake on the way."""

    book: Rulebook
    assembly: Assembly
    vocabulary: Vocabulary
    lexicon: Lexicon
    parameters: dict[str, Type]
    problems: Problems

    def __post_init__(self) -> None:
        self.drafts: list[Draft] = []
        self.notices: dict[Kind, list[Rule]] = {}
        self.interpretations: dict[str, Interpretation] = {}
        self.rested_on: list[Text] = []
        self.tables: dict[str, tuple[Table, tuple[Attribute, ...]]] = {}
        self.small_tables: dict[str, Table] = {}  # of the principles' own words

    def unroll(self) -> None:
        """Every entry of the policy."""
        readers: dict[str, Callable[[Item], None]] = {"rule": self._rule, "table": self._table, "use": self._use}
        for item in sorted(self.assembly.items.values(), key=lambda each: str(each.id)):
            try:
                if item.kind == "interpretation":
                    self._note_interpretation(item.tree, item.tree["interpretation"])
                elif item.kind in readers:
                    readers[item.kind](item)
                elif item.kind in ("principle", "parameter"):
                    self._note_interpretation(item.tree.get("interpretation"), None)
            except InputError as error:
                self.problems.take(error)
        if isinstance(self.assembly.policy.interpretation, Text):
            self.rested_on.append(self.assembly.policy.interpretation)
        for cited in self.rested_on:
            if cited not in self.interpretations:
                self.problems.add("RW332", place_of(cited), f"`{cited}` is not an interpretation of this rulebook",
                                  nearest(cited, self.interpretations))  # fmt: skip

    def scope(self, kinds: tuple[Kind, ...]) -> Scope:
        return Scope(self.vocabulary, self.lexicon, self.parameters, kinds)

    # -- rules --------------------------------------------------------------------------------------------------------

    def _rule(self, item: Item) -> None:
        tree = item.tree
        scope = self.scope(read_header(tree["of"], self.vocabulary, self.lexicon, item.place))
        with self._noted():
            conditions: tuple[Condition, ...] = ()
            conditions = self._conditions(tree, scope, item.place)
        base = self._base(tree, str(item.id), conditions, item.place)
        targets = self._targets(tree)
        stated = [each for each in CONCLUSIONS if tree.get(each) is not None]
        if targets and stated and "then" not in stated:
            raise InputError(Problem(place_of(targets[0], item.place), "RW325",
                                     f"the rule `{item.id}` gives no value to override another with",
                                     "only a rule with `then` overrides"))  # fmt: skip
        if not stated:
            raise InputError(Problem(item.place, "RW325", f"the rule `{item.id}` concludes nothing",
                                     "give it `then`, `otherwise`, `limit`, `note` or `warn`"))  # fmt: skip
        if "then" in stated and "otherwise" in stated:
            raise InputError(Problem(item.place, "RW325", f"the rule `{item.id}` has both `then` and `otherwise`",
                                     "write two rules"))  # fmt: skip
        for effect in ("note", "warn"):
            if effect in stated:
                with self._noted():
                    self._notice(base, effect, tree[effect], scope)
        if "then" in stated or "otherwise" in stated:
            effect = "then" if "then" in stated else "otherwise"
            with self._noted():
                self._conclude(base, effect, read_conclusion(tree[effect], scope, place=item.place), scope, targets, conditions)
        limits = tree.get("limit")
        for text in (limits if isinstance(limits, list) else [limits]) if limits is not None else []:
            with self._noted():
                self._conclude(base, "limit", read_limit(text, scope, place=item.place), scope, (), conditions)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """One mistake in a rule does not hide the others."""
        try:
            yield
        except InputError as error:
            self.problems.take(error)

    def _conditions(self, tree: Map, scope: Scope, place: Place) -> tuple[Condition, ...]:
        return read_conditions(tree.get("when"), scope, place) + read_unless(tree.get("unless"), scope, place)

    def _base(self, tree: Map, identity: str, conditions: tuple[Condition, ...], place: Place) -> Rule:
        return Rule(
            identity, identity, "value", conditions, citations=citations(tree.get("source")),
            interpretations=self._rests_on(tree), place=place,
        )  # fmt: skip

    def _targets(self, tree: Map) -> tuple[Text, ...]:
        return tuple(tree.get("overrides") or ())

    def _notice(self, base: Rule, effect: str, text: Text, scope: Scope) -> None:
        template = read_template(text, scope)
        rule = replace(base, effect="warning" if effect == "warn" else "note", template=template, text=text_of(text))
        for kind in scope.kinds:
            self.notices.setdefault(kind, []).append(rule)

    def _conclude(self, base: Rule, effect: str, conclusion: Conclusion, scope: Scope, targets: tuple[Text, ...],
                  conditions: tuple[Condition, ...], aliases: frozenset[str] = frozenset(), table: Table | None = None) -> None:  # fmt: skip
        if effect == "otherwise" and conditions:
            raise InputError(Problem(base.place, "RW325",
                                     f"`otherwise` of `{base.id}` stands below all rules and has no conditions",
                                     "write `then`, or leave out `when` and `unless`"))  # fmt: skip
        rule = replace(base, effect="value" if effect == "then" else effect, value=conclusion.value, text=conclusion.text)
        for kind in scope.kinds:
            node = NodeKey(kind.entity, kind.parent, kind.member, conclusion.attribute)
            named = replace(rule, id=self._named(rule.id, kind)) if "@" in rule.id else rule
            self.drafts.append(Draft(node, named, targets, aliases | {named.id, rule.written}, table))

    def _named(self, identity: str, kind: Kind) -> str:
        """`aggregation.inadequate@location.key-question` of the member *safe* is `…@location.safe`."""
        if not kind.member:
            return identity
        rule, _, suffix = identity.partition("@")
        words = suffix.split(".")
        words = words[:-1] if words[-1] == slug(self.vocabulary.entities[kind.entity].name) else words
        return f"{rule}@{'.'.join([*words, slug(kind.member)])}"

    # -- tables -------------------------------------------------------------------------------------------------------

    def _table(self, item: Item) -> None:
        tree = item.tree
        scope = self.scope(read_header(tree["of"], self.vocabulary, self.lexicon, item.place))
        with self._noted():
            shared: tuple[Condition, ...] = ()
            shared = self._conditions(tree, scope, item.place)
        self._derived(tree["then"], scope)
        table = read_table(item, scope, self.book)
        unique = tree.get("hit") != "first"
        if unique:
            self._refuse_overlaps(item.id, table)
        base = self._base(tree, str(item.id), shared, item.place)
        served: list[Attribute] = []
        for index, row in enumerate(table.rows):
            conditions = tuple(cell for cell in row.cells if cell is not None) + shared
            with self._noted():
                conclusion = None
                conclusion = self._row_conclusion(tree["then"], row.then, scope, place_of(row.then, row.place))
            if conclusion is None:
                continue
            found = self.vocabulary.entities[scope.entity].attributes[conclusion.attribute]
            served = [*served, found] if found not in served else served
            name = f"{item.id}[{row.id}]"
            rule = replace(base, id=name, written=name, conditions=conditions, table=str(item.id) if unique else "", place=row.place)
            later = () if unique else tuple(Text.at(f"{item.id}[{each.id}]", row.place) for each in table.rows[index + 1 :])
            self._conclude(rule, "then", conclusion, scope, (*self._targets(tree), *later), conditions,
                           frozenset({str(item.id)}), table if not shared else None)  # fmt: skip
        self.tables[str(item.id)] = (table, tuple(served))

    def _row_conclusion(self, then: Text, value: Text, scope: Scope, place: Place) -> Conclusion:
        """`then: the banded rating` with the row's value; a row may also say `has no value`."""
        words = f"{then} {value}" if key(value) == "has no value" else f"{then} is {value}"
        quoted = 1 if value.quoted else 0
        return read_conclusion(Text.at(words, place.right(quoted - words.index(value, len(then)))), scope, place=place)

    def _refuse_overlaps(self, name: str, table: Table, help: str = "change one of them, or write `hit: first`") -> None:
        found = [
            Problem(second.place, "RW326", f"the rows `{first.id}` and `{second.id}` of `{name}` both hold for {shown}", help)
            for first, second, shown in overlaps(table)
        ]
        if found:
            raise InputError(found)

    # -- principles ---------------------------------------------------------------------------------------------------

    def _use(self, item: Item) -> None:
        tree = item.tree
        name, _, suffix = item.id.partition("@")
        principle = self.assembly.items.get(name)
        if principle is None or principle.kind != "principle":
            known = [f"{i.id}@…" for i in self.assembly.items.values() if i.kind == "principle"]
            raise InputError(Problem(item.place, "RW327", f"`{item.id}` is not a use of a principle",
                                     f"name it `PRINCIPLE@…`; there are {', '.join(f'`{k}`' for k in known) or 'none'}"))  # fmt: skip
        outer = self.scope(read_header(tree["of"], self.vocabulary, self.lexicon, item.place))
        shared = self._conditions(tree, outer, item.place)
        attribute = self._result(tree["then"], principle, outer)
        bound = self._taken(item, principle, outer)
        for word, content in (principle.tree.get("let") or {}).items():
            bound[key(word)] = self._let(item, principle, word, content, outer, bound)
            outer = replace(outer, vocabulary=self.vocabulary)
        scope = outer.with_bound(bound)
        problems: list[Problem] = []
        for written in principle.tree["rules"]:
            own = self.assembly.local.get((str(item.id), str(written["rule"])), written)
            if own is not None:
                try:
                    self._use_rule(own, item, principle, suffix, scope, shared, attribute)
                except InputError as error:
                    problems += error.problems
        if problems:
            raise InputError(problems)

    def _result(self, then: Text, principle: Item, scope: Scope) -> tuple[str, Attribute]:
        found = self._derived(then, scope)
        gives = type_named(principle.tree["gives"], self.vocabulary)
        if not same_type(found.type, gives):
            raise InputError(Problem(place_of(then), "RW311",
                                     f"`{then}` is {a_type(found.type)}, the principle gives {a_type(gives)}",
                                     "name an attribute of that kind, or change `gives`"))  # fmt: skip
        attribute = self.vocabulary.entities[scope.entity].attributes[found.attribute]
        return found.attribute, attribute

    def _derived(self, then: Text, scope: Scope) -> Noun:
        """The attribute that a table or a use gives."""
        found = Reader(scope, then, NOWHERE).expression(parse(then, "expression", scope.lexicon))
        entity = self.vocabulary.entities[scope.entity].name
        if not isinstance(found, Noun) or found.reach != HERE:
            raise InputError(Problem(place_of(then), "RW316", f"`{then}` is not an attribute of `{entity}`",
                                     "name a derived attribute of what the entry is of"))  # fmt: skip
        if found.given:
            raise InputError(Problem(place_of(then), "RW316", f"`{then}` is given: people enter it, no rule concludes it",
                                     "name a derived attribute"))  # fmt: skip
        return found

    def _taken(self, item: Item, principle: Item, scope: Scope) -> dict[str, Bound]:
        takes = principle.tree.get("takes") or {}
        known = {"use", "of", "then", "when", "unless", "overrides", "source", "interpretation", "about"}
        for name in item.tree:
            if name not in known and name not in takes:
                raise InputError(Problem(place_of(name), "RW120", f"`{name}` is not known here", nearest(name, [*takes, *known])))
        bound: dict[str, Bound] = {}
        for name, declared in takes.items():
            text = item.tree.get(name)
            if text is None:
                raise InputError(Problem(item.place, "RW328", f"the use `{item.id}` does not say what `{name}` is",
                                         f"add a line `{name}: …` with {declared}"))  # fmt: skip
            text = scalar(text, "a phrase such as `the rating of the services`", place_of(name, item.place))
            bound[key(name)] = self._input(text, declared, scope)
        return bound

    def _input(self, text: Text, declared: Text, scope: Scope) -> Bound:
        words = key(declared)
        several = words.removeprefix("a collection of ") if words.startswith("a collection of ") else ""
        if not several:
            kind = type_named(words.removeprefix("a ").removeprefix("an "), self.vocabulary, place_of(declared))
            found = Reader(scope, text, NOWHERE).expression(parse(text, "expression", scope.lexicon), kind)
            if found.type is None or not same_type(found.type, kind):
                raise InputError(Problem(place_of(text), "RW311",
                                         f"`{text}` is {a_type(found.type)}, the principle takes {a_type(kind)}"))  # fmt: skip
            return Bound(expression=found)
        reader = Reader(scope, text, NOWHERE)
        tree = parse(text, "collection", scope.lexicon)
        collection, noun = reader.collection(tree)
        kind = self._one_of_several(several, declared)
        noun = noun or reader.main_noun(collection, tree)
        if not same_type(noun.type, kind):
            raise InputError(Problem(place_of(text), "RW311",
                                     f"of `{text}` each is {a_type(noun.type)}, the principle takes {declared}"))  # fmt: skip
        return Bound(collection=collection, noun=noun)

    def _one_of_several(self, plural: str, declared: Text) -> Type:
        for scale in self.vocabulary.scales.values():
            if plural in (key(scale.name) + "s", key(scale.name)):
                return scale
        return type_named(Text.at(plural.removesuffix("s"), place_of(declared)), self.vocabulary)

    def _let(self, item: Item, principle: Item, word: Text, content: Any, outer: Scope, bound: dict[str, Bound]) -> Bound:
        """A principle's own word becomes a hidden derived attribute of what the use is of."""
        scope = outer.with_bound(bound)
        name, _, suffix = item.id.partition("@")
        identity = f"{key(word)}@{item.id}"
        if key(word) in bound:
            raise InputError(Problem(place_of(word), "RW201", f"`{word}` stands twice among the words of `{name}`",
                                     "choose another word"))  # fmt: skip
        rows: list[tuple[str, tuple[Condition, ...], Expression, str, Place]] = []
        if isinstance(content, dict):
            table = content["table"]
            subject_text = table["input"]
            subject = Reader(scope, subject_text, NOWHERE).expression(parse(subject_text, "expression", scope.lexicon))
            if not table["rows"]:
                raise InputError(Problem(place_of(table["rows"]), "RW322", f"the table of `{word}` has no rows",
                                         "write at least one"))  # fmt: skip
            kind = self._row_type(list(table["rows"]), word)
            small = self.small_tables[f"{name} > {word}"] = self._small_table(table, subject, scope)
            self._refuse_overlaps(f"{name} > {word}", small, "change one of them")
            for value, cell in table["rows"].items():
                test = read_cell(cell, subject, scope)
                words = f"{text_of(subject_text)} is {text_of(cell)}"
                conditions: tuple[Condition, ...] = () if test is None else (Condition(test, words, place_of(cell)),)
                literal = Literal(kind.parse(value), kind)
                rows.append((f"{name}.{slug(word)}[{value}]@{suffix}", conditions, literal, f"the {word} is {value}", place_of(value)))
        else:
            found = Reader(scope, content, NOWHERE).expression(parse(content, "expression", scope.lexicon))
            assert found.type is not None
            kind = found.type
            rows.append((f"{name}.{slug(word)}@{suffix}", (), found, f"the {word} is {text_of(content)}", place_of(content)))
        attribute = Attribute(str(word), kind, given=False, hidden=True, place=place_of(word))
        entity = self.vocabulary.entities[outer.entity]
        attributes = {**entity.attributes, identity: attribute}
        entities = {**self.vocabulary.entities, outer.entity: replace(entity, attributes=attributes)}
        self.vocabulary = replace(self.vocabulary, entities=entities)
        for rule_id, conditions, value, text, place in rows:
            rule = Rule(rule_id, str(principle.id), "value", conditions, text=text, table=f"{identity}" if len(rows) > 1 else "",
                        citations=citations(principle.tree.get("source")), place=place)  # fmt: skip
            self._conclude(rule, "then", Conclusion(identity, value, text), outer, (), conditions)
        return Bound(expression=Noun(HERE, identity, kind, given=False))

    def _small_table(self, table: Map, subject: Expression, scope: Scope) -> Table:
        rows = []
        for value, cell in table["rows"].items():
            test = read_cell(cell, subject, scope)
            tested = None if test is None else Condition(test, str(cell), place_of(cell))
            rows.append(Row(str(value), (tested,), value, place_of(cell)))
        return Table((("input", subject),), tuple(rows))

    def _row_type(self, values: list[Text], word: Text) -> Type:
        numbers = [parse_number(each) for each in values]
        if all(isinstance(each, int) for each in numbers):
            whole = [each for each in numbers if isinstance(each, int)]
            return Number(True, min(whole), max(whole))
        for scale in self.vocabulary.scales.values():
            if all(scale.parse(each) is not None for each in values):
                return Scale(scale.name, scale.order, scale.outside)
        return Choice(tuple(map(str, values)))

    def _use_rule(self, written: Map, item: Item, principle: Item, suffix: str, scope: Scope, shared: tuple[Condition, ...],
                  result: tuple[str, Attribute]) -> None:  # fmt: skip
        place = place_of(written["rule"], principle.place)
        own = self._conditions(written, scope, place)
        source = written.get("source") or item.tree.get("source") or principle.tree.get("source")
        name = f"{principle.id}.{written['rule']}"
        base = Rule(f"{name}@{suffix}", f"{name}@{suffix}", "value", own + shared, citations=citations(source),
                    interpretations=self._rests_on(written, item.tree, principle.tree), place=place)  # fmt: skip
        aliases = frozenset({name, f"{name}@{suffix}", str(item.id), str(principle.id)})
        repealed = [name for change in self.assembly.changes if change.action == "repeals" for name in change.expanded]
        local = {str(r["rule"]) for r in principle.tree["rules"]}
        local |= {name.removeprefix(f"{principle.id}.") for name in repealed if name.startswith(f"{principle.id}.")}
        targets = tuple(Text.at(f"{principle.id}.{t}@{suffix}" if t in local else str(t), place_of(t))
                        for t in (*self._targets(written), *self._targets(item.tree)))  # fmt: skip
        stated = [each for each in ("then", "otherwise") if written.get(each) is not None]
        if len(stated) > 1 or (not stated and written.get("limit") is None):
            fault = "has both `then` and `otherwise`" if stated else "concludes nothing"
            raise InputError(Problem(place, "RW325", f"the rule `{name}` {fault}", "give it one of `then`, `otherwise` and `limit`"))
        for effect in stated:
            conclusion = read_conclusion(written[effect], scope, result, place)
            if effect == "otherwise" and shared and not own:
                effect, targets = "then", ()
                raise InputError(Problem(place, "RW325", f"the use `{item.id}` has conditions, so `{name}` cannot be `otherwise`",
                                         "write `then`, or a use without conditions"))  # fmt: skip
            self._conclude(base, effect, conclusion, scope, targets, own + shared, aliases)
        limits = written.get("limit")
        for text in (limits if isinstance(limits, list) else [limits]) if limits is not None else []:
            self._conclude(base, "limit", read_limit(text, scope, result, place), scope, (), own + shared, aliases)

    # -- interpretations ----------------------------------------------------------------------------------------------

    def _rests_on(self, *trees: Map) -> tuple[str, ...]:
        """The interpretations of a rule: its own, and those of its use and its principle."""
        named = (self._note_interpretation(tree.get("interpretation"), None) for tree in trees)
        return tuple(dict.fromkeys(name for name in named if name))

    def _note_interpretation(self, written: Any, item_id: Text | None) -> str:
        if written is None:
            return ""
        if isinstance(written, str):
            if isinstance(written, Text):
                self.rested_on.append(written)
            return str(written)
        identity = item_id or written["id"]
        readings = tuple(Reading(str(name), text_of((each or {}).get("meaning") or ""))
                         for name, each in (written.get("other readings") or {}).items())  # fmt: skip
        before = self.interpretations.get(str(identity))
        if before is not None and before.place != place_of(identity):
            first, second = sorted((before.place, place_of(identity)))
            self.problems.add("RW401", second, f"the interpretation `{identity}` is there twice", f"first in {first}")
        self.interpretations[str(identity)] = Interpretation(
            str(identity), text_of(written["assumed"]), text_of(written["because"]), str(written.get("mark") or ""), readings,
            place_of(identity),
        )  # fmt: skip
        return str(identity)
