"""Uses of principles: rules written once for several attributes become rules of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rulewright.ir.nodes import HERE, Citation, Condition, Expression, Kind, Literal, Noun, Rule
from rulewright.ir.types import Choice, Number, Scale, Type, parse_number
from rulewright.ir.vocabulary import Attribute
from rulewright.rulebook.rulebook import RulebookEntry
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem, nearest
from rulewright.syntax.model_reader import scalar
from rulewright.syntax.parser import parse
from rulewright.syntax.text import Map, Text, key, place_of, slug, text_of

from .citations import citations
from .conclusions import Conclusion, read_conclusion, read_header, read_limit, type_named
from .conditions import same_type
from .drafts import Drafting
from .expressions import Reader
from .nouns import a_type
from .scope import Bound, Scope
from .tables import Row, Table, read_cell


@dataclass
class Principles(Drafting):
    """Reads the uses of principles of one policy."""

    def _use(self, item: RulebookEntry) -> None:
        tree = item.tree
        name, _, suffix = item.id.partition("@")
        principle = self.assembly.items.get(name)
        if principle is None or principle.kind != "principle":
            known = [f"{i.id}@…" for i in self.assembly.items.values() if i.kind == "principle"]
            raise InputError(
                Problem(
                    item.place,
                    "RW327",
                    f"`{item.id}` is not a use of a principle",
                    f"name it `PRINCIPLE@…`; there are {', '.join(f'`{k}`' for k in known) or 'none'}",
                )
            )
        outer = self.scope(read_header(tree["of"], self.vocabulary, self.lexicon, item.place))
        shared = self._conditions(tree, outer, item.place)
        attribute = self._result(tree["then"], principle, outer)
        bound = self._taken(item, principle, outer)
        self.taken[str(item.id)] = dict(bound)
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

    def scope_of(self, kind: Kind, use: str) -> Scope:
        """Where a rule of one kind of entity was read, of a use of a principle or of none."""
        scope = self.scope((kind,))
        if use not in self.taken:
            return scope
        bound = dict(self.taken[use])
        for name, own in self.vocabulary.entities[kind.entity].attributes.items():
            word, _, owner = name.partition("@")
            if owner == use:
                bound[word] = Bound(expression=Noun(HERE, name, own.type, given=False))
        return scope.with_bound(bound)

    def _result(self, then: Text, principle: RulebookEntry, scope: Scope) -> tuple[str, Attribute]:
        found = self._derived(then, scope)
        gives = type_named(principle.tree["gives"], self.vocabulary)
        if not same_type(found.type, gives):
            raise InputError(
                Problem(
                    place_of(then),
                    "RW311",
                    f"`{then}` is {a_type(found.type)}, the principle gives {a_type(gives)}",
                    "name an attribute of that kind, or change `gives`",
                )
            )
        attribute = self.vocabulary.entities[scope.entity].attributes[found.attribute]
        return found.attribute, attribute

    def _taken(
        self, item: RulebookEntry, principle: RulebookEntry, scope: Scope
    ) -> dict[str, Bound]:
        takes = principle.tree.get("takes") or {}
        known = (
            "use",
            "of",
            "then",
            "when",
            "unless",
            "overrides",
            "source",
            "interpretation",
            "about",
        )
        for name in item.tree:
            if name not in known and name not in takes:
                raise InputError(
                    Problem(
                        place_of(name),
                        "RW120",
                        f"`{name}` is not known here",
                        nearest(name, [*takes, *known]),
                    )
                )
        bound: dict[str, Bound] = {}
        for name, declared in takes.items():
            text = item.tree.get(name)
            if text is None:
                raise InputError(
                    Problem(
                        item.place,
                        "RW328",
                        f"the use `{item.id}` does not say what `{name}` is",
                        f"add a line `{name}: …` with {declared}",
                    )
                )
            text = scalar(
                text, "a phrase such as `the rating of the services`", place_of(name, item.place)
            )
            bound[key(name)] = self._input(text, declared, scope)
        return bound

    def _input(self, text: Text, declared: Text, scope: Scope) -> Bound:
        words = key(declared)
        several = (
            words.removeprefix("a collection of ") if words.startswith("a collection of ") else ""
        )
        if not several:
            kind = type_named(
                words.removeprefix("a ").removeprefix("an "), self.vocabulary, place_of(declared)
            )
            found = Reader(scope, text, NOWHERE).expression(
                parse(text, "expression", scope.lexicon), kind
            )
            if found.type is None or not same_type(found.type, kind):
                raise InputError(
                    Problem(
                        place_of(text),
                        "RW311",
                        f"`{text}` is {a_type(found.type)}, the principle takes {a_type(kind)}",
                    )
                )
            return Bound(expression=found)
        reader = Reader(scope, text, NOWHERE)
        tree = parse(text, "collection", scope.lexicon)
        collection, noun = reader.collection(tree)
        kind = self._one_of_several(several, declared)
        noun = noun or reader.main_noun(collection, tree)
        if not same_type(noun.type, kind):
            raise InputError(
                Problem(
                    place_of(text),
                    "RW311",
                    f"of `{text}` each is {a_type(noun.type)}, the principle takes {declared}",
                )
            )
        return Bound(collection=collection, noun=noun)

    def _one_of_several(self, plural: str, declared: Text) -> Type:
        for scale in self.vocabulary.scales.values():
            if plural in (key(scale.name) + "s", key(scale.name)):
                return scale
        return type_named(Text.at(plural.removesuffix("s"), place_of(declared)), self.vocabulary)

    def _let(
        self,
        item: RulebookEntry,
        principle: RulebookEntry,
        word: Text,
        content: Any,
        outer: Scope,
        bound: dict[str, Bound],
    ) -> Bound:
        """A principle's own word becomes a hidden derived attribute of what the use is of."""
        scope = outer.with_bound(bound)
        name, _, suffix = item.id.partition("@")
        identity = f"{key(word)}@{item.id}"
        if key(word) in bound:
            raise InputError(
                Problem(
                    place_of(word),
                    "RW201",
                    f"`{word}` stands twice among the words of `{name}`",
                    "choose another word",
                )
            )
        rows: list[tuple[str, tuple[Condition, ...], Expression, str, Place]] = []
        if isinstance(content, dict):
            table = content["table"]
            subject_text = table["input"]
            subject = Reader(scope, subject_text, NOWHERE).expression(
                parse(subject_text, "expression", scope.lexicon)
            )
            if not table["rows"]:
                raise InputError(
                    Problem(
                        place_of(table["rows"]),
                        "RW322",
                        f"the table of `{word}` has no rows",
                        "write at least one",
                    )
                )
            kind = self._row_type(list(table["rows"]), word)
            small = self.small_tables[f"{name} > {word}"] = self._small_table(table, subject, scope)
            self._refuse_overlaps(f"{name} > {word}", small)
            for value, cell in table["rows"].items():
                test = read_cell(cell, subject, scope)
                words = f"{text_of(subject_text)} is {text_of(cell)}"
                conditions: tuple[Condition, ...] = (
                    () if test is None else (Condition(test, words, place_of(cell)),)
                )
                literal = Literal(kind.parse(value), kind)
                rows.append(
                    (
                        f"{name}.{slug(word)}[{value}]@{suffix}",
                        conditions,
                        literal,
                        f"the {word} is {value}",
                        place_of(value),
                    )
                )
        else:
            found = Reader(scope, content, NOWHERE).expression(
                parse(content, "expression", scope.lexicon)
            )
            assert found.type is not None
            kind = found.type
            rows.append(
                (
                    f"{name}.{slug(word)}@{suffix}",
                    (),
                    found,
                    f"the {word} is {text_of(content)}",
                    place_of(content),
                )
            )
        attribute = Attribute(str(word), kind, given=False, hidden=True, place=place_of(word))
        entity = self.vocabulary.entities[outer.entity]
        attributes = {**entity.attributes, identity: attribute}
        entities = {
            **self.vocabulary.entities,
            outer.entity: replace(entity, attributes=attributes),
        }
        self.vocabulary = replace(self.vocabulary, entities=entities)
        self.own_words.append((outer.entity, identity, attribute))
        changed = self.assembly.sources_of_changes
        for rule_id, conditions, value, text, place in rows:
            own = (
                changed.get(rule_id.rpartition("@")[0])
                or changed.get(f"{name}.{slug(word)}")
                or principle.tree.get("source")
            )
            rule = Rule(
                rule_id,
                str(principle.id),
                "value",
                conditions,
                text=text,
                table=f"{identity}" if len(rows) > 1 else "",
                citations=self._with_changes(own, item, principle),
                place=place,
            )
            self._conclude(rule, "then", Conclusion(identity, value, text), outer, (), conditions)
        return Bound(expression=Noun(HERE, identity, kind, given=False))

    def _with_changes(
        self, source: Any, use: RulebookEntry, principle: RulebookEntry
    ) -> tuple[Citation, ...]:
        """The source of a rule, and where amendments changed what it is used with: those of the
        changes too.
        """
        changes = [self.assembly.sources_of_changes.get(str(each.id)) for each in (use, principle)]
        return tuple(dict.fromkeys(each for one in (source, *changes) for each in citations(one)))

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

    def _use_rule(
        self,
        written: Map,
        item: RulebookEntry,
        principle: RulebookEntry,
        suffix: str,
        scope: Scope,
        shared: tuple[Condition, ...],
        result: tuple[str, Attribute],
    ) -> None:
        place = place_of(written["rule"], principle.place)
        own = self._conditions(written, scope, place)
        source = written.get("source") or item.tree.get("source") or principle.tree.get("source")
        name = f"{principle.id}.{written['rule']}"
        base = Rule(
            f"{name}@{suffix}",
            f"{name}@{suffix}",
            "value",
            own + shared,
            citations=self._with_changes(source, item, principle),
            interpretations=self._rests_on(written, item.tree, principle.tree),
            place=place,
        )
        aliases = frozenset({name, f"{name}@{suffix}", str(item.id), str(principle.id)})
        local = {str(r["rule"]) for r in principle.tree["rules"]}
        local |= {
            name.removeprefix(f"{principle.id}.")
            for name in self.repealed
            if name.startswith(f"{principle.id}.")
        }
        targets = tuple(
            Text.at(f"{principle.id}.{t}@{suffix}" if t in local else str(t), place_of(t))
            for t in (*self._targets(written), *self._targets(item.tree))
        )
        stated = [each for each in ("then", "otherwise") if written.get(each) is not None]
        if len(stated) > 1 or (not stated and written.get("limit") is None):
            fault = "has both `then` and `otherwise`" if stated else "concludes nothing"
            raise InputError(
                Problem(
                    place,
                    "RW325",
                    f"the rule `{name}` {fault}",
                    "give it one of `then`, `otherwise` and `limit`",
                )
            )
        for effect in stated:
            conclusion = read_conclusion(written[effect], scope, result, place)
            if effect == "otherwise" and shared and not own:
                effect, targets = "then", ()
                raise InputError(
                    Problem(
                        place,
                        "RW325",
                        f"the use `{item.id}` has conditions, so `{name}` cannot be `otherwise`",
                        "write `then`, or a use without conditions",
                    )
                )
            self._conclude(base, effect, conclusion, scope, targets, own + shared, aliases)
        limits = written.get("limit")
        for text in (
            (limits if isinstance(limits, list) else [limits]) if limits is not None else []
        ):
            self._conclude(
                base,
                "limit",
                read_limit(text, scope, result, place),
                scope,
                (),
                own + shared,
                aliases,
            )


def use_of(attribute: str, rule: Rule) -> str:
    """The use that a rule was unrolled for; a principle's own word is an attribute that is named
    after the use.
    """
    if "@" in attribute:
        return attribute.partition("@")[2]
    return f"{rule.id.partition('.')[0]}@{rule.written.partition('@')[2]}"
