"""The handbook of a policy: from its source files and its assembly, with what the compiled program
knows of connections.
"""

from __future__ import annotations

from typing import Any

from rulewright.amendments.chain import Assembly, assemble
from rulewright.amendments.rules_of_principles import RuleOfUse
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry, as_seq
from rulewright.syntax.models import InterpretationModel
from rulewright.syntax.text import Map, key, text_of

from .changes import amendments, remarks, title
from .connections import connections
from .entries import SHOWN, Entries, pairs
from .glossary import glossary, scales, things
from .headings import headings
from .publication import showings
from .record import DocumentCard, Handbook, HandbookEntry, InterpretationCard, ParameterCard, Topic
from .wording import cited, clauses, named


def build(book: Rulebook, program: Program) -> Handbook:
    """The handbook of a policy that was compiled."""
    return _Building(book, program.policy).handbook(program)


class _Building:
    def __init__(self, book: Rulebook, policy: str) -> None:
        self.book = book
        self.assembly: Assembly = assemble(book, policy)
        self.amendments = amendments(book, policy)
        self.remarks = remarks(self.amendments)

    def handbook(self, program: Program) -> Handbook:
        model = self.assembly.policy
        dates = model.in_force
        topics = self._topics()
        interpretations = self._interpretations(topics)
        published, withdrawn = showings(self.assembly, program)
        return Handbook(
            policy=str(model.policy),
            title=title(self.book, str(model.policy)),
            status=model.status,
            since=str(dates.from_) if dates else "",
            until=str(dates.until or "") if dates else "",
            about=text_of(model.about or ""),
            chain=tuple((name, title(self.book, name)) for name in self.assembly.chain),
            scope=clauses(self.assembly.scope),
            published=published,
            withdrawn=withdrawn,
            topics=topics,
            parameters=self._parameters(),
            interpretations=interpretations,
            things=things(program),
            collections=pairs(program.vocabulary.collections),
            scales=scales(self.book, program),
            words=glossary(program),
            documents=self._documents(),
            amendments=self.amendments,
            rests_on=named(model.interpretation),
            citations=cited(model.source),
            connections=connections(program),
            spellings={rule.id: rule.written for rule in program.rules if rule.id != rule.written},
            disclaimer=program.disclaimer,
            judged_as_one=tuple(
                tuple(map(text_of, headers)) for _, headers in self.assembly.judged_as_one
            ),
        )

    def _items(self, *kinds: str) -> list[RulebookEntry]:
        return [item for item in self.assembly.items.values() if item.kind in kinds]

    def _topics(self) -> tuple[Topic, ...]:
        under = headings(self.book, self.assembly)
        reader = Entries(self.book, self.assembly, self.remarks)
        found: dict[str, list[HandbookEntry]] = {}
        texts: dict[str, str] = {}
        for name, (heading, about) in under.items():
            if self.assembly.items[name].kind in SHOWN:
                texts[heading] = texts.get(heading) or about
                found.setdefault(heading, []).append(reader.entry(self.assembly.items[name]))
        return tuple(
            Topic(heading, texts[heading], tuple(entries)) for heading, entries in found.items()
        )

    # -- parameters, interpretations, documents

    def _parameters(self) -> tuple[ParameterCard, ...]:
        return tuple(self._parameter(item) for item in self._items("parameter"))

    def _parameter(self, item: RulebookEntry) -> ParameterCard:
        tree = item.tree
        if tree.get("values"):
            values = tuple(
                sorted((str(since), text_of(value)) for since, value in tree["values"].items())
            )
        else:
            values = (("", text_of(tree.get("value") or "")),) if tree.get("value") else ()
        set_by = []
        for name in reversed(self.assembly.chain):
            for word, value in self.book.policies[name].parameters.items():
                if key(word) == key(item.id) and key(item.id) in self.assembly.parameters:
                    set_by.append((name, text_of(value)))
        return ParameterCard(
            str(item.id),
            values,
            text_of(tree.get("meaning") or tree.get("about") or ""),
            tuple(map(str, tree.get("one of") or ())),
            tuple(set_by),
            cited(tree.get("source")),
            named(tree.get("interpretation")),
            tuple(self.remarks.get(str(item.id), ())),
            str(item.place),
        )

    def _interpretations(self, topics: tuple[Topic, ...]) -> tuple[InterpretationCard, ...]:
        """Those that something rests on and those that stand by themselves, in the order in which
        they are met.
        """
        written: dict[str, Any] = {}
        resting: dict[str, list[str]] = {}
        for item in self.assembly.items.values():
            if item.kind == "interpretation":
                written.setdefault(str(item.id), item.tree)
            for name, tree in _named_trees(item):
                inner = tree.get("interpretation")
                if item.kind == "interpretation" or inner is None:
                    continue
                (identity,) = named(inner)
                resting.setdefault(identity, []).append(name)
                if isinstance(inner, dict):
                    written.setdefault(identity, inner)
        for where, tree in self._own_rules():
            inner = tree.get("interpretation")
            for identity in named(inner):
                resting.setdefault(identity, []).append(RuleOfUse(*where).name)
                if isinstance(inner, dict):
                    written.setdefault(identity, inner)
        for name in self.assembly.chain:
            own = self.book.policies[name].interpretation
            for identity in named(own):
                resting.setdefault(identity, []).append(name)
            if isinstance(own, InterpretationModel):
                written.setdefault(
                    str(own.id), {**own.model_dump(by_alias=True, exclude_none=True), "id": own.id}
                )
        return tuple(
            self._interpretation(identity, tree, resting.get(identity, []))
            for identity, tree in written.items()
        )

    def _own_rules(self) -> list[tuple[tuple[str, str], Map]]:
        """The rules of principles that read differently in one use."""
        return [(where, tree) for where, tree in self.assembly.local.items() if tree is not None]

    def _interpretation(self, identity: str, tree: Any, resting: list[str]) -> InterpretationCard:
        written: dict[str, Any] = tree.get("other readings") or {}
        readings = tuple(
            (str(name), text_of(each.get("meaning") or "")) for name, each in written.items()
        )
        place = getattr(tree.get("id") or tree.get("interpretation"), "place", "")
        return InterpretationCard(
            identity,
            text_of(tree["assumed"]),
            text_of(tree["because"]),
            str(tree.get("mark") or ""),
            readings,
            text_of(tree.get("no other reading because") or ""),
            tuple(dict.fromkeys(resting)),
            cited(tree.get("source")),
            tuple(self.remarks.get(identity, ())),
            str(place),
        )

    def _documents(self) -> tuple[DocumentCard, ...]:
        """Those that the policy cites, and those whose paragraphs are listed."""
        trees = [tree for item in self.assembly.items.values() for _, tree in _named_trees(item)]
        trees += [inner for tree in trees if isinstance(inner := tree.get("interpretation"), dict)]
        names = {each.document for tree in trees for each in cited(tree.get("source"))}
        names |= {
            each.document for _, tree in self._own_rules() for each in cited(tree.get("source"))
        }
        names |= {
            each.document
            for name in self.assembly.chain
            for each in cited(self.book.policies[name].source)
        }
        names |= {
            each.document
            for one in self.assembly.shown
            if one.withdrawn
            for each in cited(one.withdrawn.source)
        }
        return tuple(
            DocumentCard(
                name,
                text_of(each.title),
                text_of(each.publisher),
                str(each.date),
                each.seen,
                text_of(each.version_seen or ""),
                text_of(each.licence or ""),
                text_of(each.about or ""),
                tuple(
                    (text_of(paragraph), text_of(fate))
                    for paragraph, fate in each.paragraphs.items()
                ),
            )
            for name, each in self.assembly.documents.items()
            if name in names or each.paragraphs
        )


def _named_trees(item: RulebookEntry) -> list[tuple[str, Any]]:
    """An entry and the rules written in it, by the names people use for them."""
    inner = item.tree.get("rules") if item.kind == "principle" else None
    return [
        (str(item.id), item.tree),
        *((f"{item.id}.{each['rule']}", each) for each in as_seq(inner)),
    ]
