"""The handbook of a policy: from its source files and its assembly, with what the compiled program knows of connections.

A policy that does not compile has none: what cannot be read is told, not shown. What was built is kept like a program.
"""

from __future__ import annotations

from typing import Any

from rulewright.language import cache
from rulewright.language.rulebook import Item, Rulebook, as_seq
from rulewright.language.text import key
from rulewright.program.nouns import text_of
from rulewright.program.policies import Assembly, assemble
from rulewright.workbench import Rules

from .changes import amendments, remarks, title
from .connections import connections
from .entries import SHOWN, Entries
from .glossary import glossary, scales
from .model import (
    DocumentCard,
    Entry,
    Handbook,
    InterpretationCard,
    ParameterCard,
    Topic,
    Withdrawn,
)  # fmt: skip
from .topics import headings
from .wording import cited, clauses, named


def handbook(rules: Rules, policy: str) -> Handbook:
    """One policy as people read it. Raises `InputError` with every mistake in it (RW420 when a sealed one was edited)."""
    rules.choose(policy)
    found: Handbook | None = cache.kept(rules.key, f"handbook {policy}")
    if found is None:
        program = rules.program(policy)
        found = _Building(rules.book, policy).handbook(program)
        cache.keep(rules.key, f"handbook {policy}", found)
    return found


def handbooks(rules: Rules) -> dict[str, Handbook]:
    """The handbooks of all policies, by their ids."""
    return {each.id: handbook(rules, each.id) for each in rules.policies}


class _Building:
    def __init__(self, book: Rulebook, policy: str) -> None:
        self.book = book
        self.assembly: Assembly = assemble(book, policy)
        self.amendments = amendments(book, self.assembly)
        self.remarks = remarks(self.amendments)

    def handbook(self, program: Any) -> Handbook:
        model = self.assembly.policy
        dates = model.in_force
        topics = self._topics()
        interpretations = self._interpretations(topics)
        published, withdrawn = self._published()
        return Handbook(
            policy=str(model.policy), title=title(self.book, str(model.policy)), status=model.status,
            since=str(dates.from_) if dates else "", until=str(dates.until or "") if dates else "", about=text_of(model.about or ""),
            chain=tuple((name, title(self.book, name)) for name in self.assembly.chain), scope=clauses(self.assembly.scope),
            published=published, withdrawn=withdrawn, topics=topics, parameters=self._parameters(), interpretations=interpretations,
            scales=scales(self.book, program), words=glossary(program), documents=self._documents(), amendments=self.amendments, rests_on=named(model.interpretation),
            citations=cited(model.source), connections=connections(program),
        )  # fmt: skip

    def _items(self, *kinds: str) -> list[Item]:
        return [item for item in self.assembly.items.values() if item.kind in kinds]

    def _topics(self) -> tuple[Topic, ...]:
        under = headings(self.book, self.assembly)
        reader = Entries(self.book, self.assembly, self.remarks)
        found: dict[str, list[Entry]] = {}
        texts: dict[str, str] = {}
        for item in self._items(*SHOWN):
            heading, about = under[str(item.id)]
            texts[heading] = texts.get(heading) or about
            found.setdefault(heading, []).append(reader.entry(item))
        return tuple(Topic(heading, texts[heading], tuple(entries)) for heading, entries in found.items())

    # -- parameters, interpretations, documents -----------------------------------------------------------------------

    def _parameters(self) -> tuple[ParameterCard, ...]:
        return tuple(self._parameter(item) for item in self._items("parameter"))

    def _parameter(self, item: Item) -> ParameterCard:
        tree = item.tree
        if tree.get("values"):
            values = tuple(sorted((str(since), text_of(value)) for since, value in tree["values"].items()))
        else:
            values = (("", text_of(tree.get("value") or "")),) if tree.get("value") else ()
        set_by = []
        for name in reversed(self.assembly.chain):
            for word, value in self.book.policies[name].parameters.items():
                if key(word) == key(item.id) and key(item.id) in self.assembly.parameters:
                    set_by.append((name, text_of(value)))
        return ParameterCard(
            str(item.id), values, text_of(tree.get("meaning") or tree.get("about") or ""), tuple(map(str, tree.get("one of") or ())),
            tuple(set_by), cited(tree.get("source")), named(tree.get("interpretation")), tuple(self.remarks.get(str(item.id), ())),
            str(item.place),
        )  # fmt: skip

    def _interpretations(self, topics: tuple[Topic, ...]) -> tuple[InterpretationCard, ...]:
        """Those that something rests on and those that stand by themselves, in the order in which they are met."""
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
        for (use, rule), tree in self.assembly.local.items():
            for identity in named((tree or {}).get("interpretation")):
                principle, _, suffix = use.partition("@")
                resting.setdefault(identity, []).append(f"{principle}.{rule}@{suffix}")
                if isinstance((tree or {}).get("interpretation"), dict):
                    written.setdefault(identity, (tree or {})["interpretation"])
        for name in self.assembly.chain:
            for identity in named(self.book.policies[name].interpretation):
                resting.setdefault(identity, []).append(name)
        return tuple(self._interpretation(identity, tree, resting.get(identity, [])) for identity, tree in written.items())

    def _interpretation(self, identity: str, tree: Any, resting: list[str]) -> InterpretationCard:
        readings = tuple((str(name), text_of((each or {}).get("meaning") or "")) for name, each in (tree.get("other readings") or {}).items())
        place = getattr(tree.get("id") or tree.get("interpretation"), "place", "")
        return InterpretationCard(
            identity, text_of(tree["assumed"]), text_of(tree["because"]), str(tree.get("mark") or ""), readings,
            tuple(dict.fromkeys(resting)), cited(tree.get("source")), tuple(self.remarks.get(identity, ())), str(place),
        )  # fmt: skip

    def _documents(self) -> tuple[DocumentCard, ...]:
        """Those that the policy cites, and those whose paragraphs are listed."""
        trees = [tree for item in self.assembly.items.values() for _, tree in _named_trees(item)]
        trees += [inner for tree in trees if isinstance(inner := tree.get("interpretation"), dict)]
        names = {each.document for tree in trees for each in cited(tree.get("source"))}
        names |= {each.document for tree in self.assembly.local.values() for each in cited((tree or {}).get("source"))}
        names |= {each.document for name in self.assembly.chain for each in cited(self.book.policies[name].source)}
        names |= {each.document for _, how in self.assembly.withdraw.values() for each in cited(how.source)}
        return tuple(
            DocumentCard(name, text_of(each.title), text_of(each.publisher), str(each.date), each.seen, text_of(each.version_seen or ""),
                         text_of(each.licence or ""), text_of(each.about or ""),
                         tuple((text_of(paragraph), text_of(fate)) for paragraph, fate in each.paragraphs.items()))
            for name, each in self.assembly.documents.items() if name in names or each.paragraphs
        )  # fmt: skip

    # -- what is published --------------------------------------------------------------------------------------------

    def _published(self) -> tuple[tuple[str, ...], tuple[Withdrawn, ...]]:
        withdrawn = tuple(
            Withdrawn(text_of(what), by, text_of(how.once or ""), text_of(how.until_then or ""), cited(how.source))
            for what, (by, how) in self.assembly.withdraw.items()
        )  # fmt: skip
        gone = {key(each.what) for each in withdrawn if not each.once}
        published = dict.fromkeys(text_of(each) for each in self.assembly.publish if key(each) not in gone)
        return tuple(published), withdrawn


def _named_trees(item: Item) -> list[tuple[str, Any]]:
    """An entry and the rules written in it, by the names people use for them."""
    inner = item.tree.get("rules") if item.kind == "principle" else None
    return [(str(item.id), item.tree), *((f"{item.id}.{each['rule']}", each) for each in as_seq(inner))]
