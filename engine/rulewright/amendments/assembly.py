"""The entries of one policy while amendments are applied to them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.syntax.errors import Place
from rulewright.syntax.models import DocumentModel, PolicyModel, WithdrawModel
from rulewright.syntax.text import Map, Text, key

from .target import Gone, Lasting
from .trees import copied


@dataclass
class AmendedEntry:
    """What an amendment did: for readers of the policy."""

    policy: str
    action: str  # replaces, repeals, restores, adds, keeps, resumes
    target: str
    expanded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Showing:
    """One line under `publish` or `withdraw` of a policy of the chain.

    `withdrawn`: how; none for `publish`.
    """

    policy: str
    header: Text
    withdrawn: WithdrawModel | None = None


@dataclass(frozen=True)
class Unsourced:
    """A thing that a policy changed and gives no source for. `place`: where it says so."""

    policy: str
    thing: str
    place: Place


@dataclass
class Assembly:
    """The entries of one policy, amendments applied."""

    policy: PolicyModel
    book: Rulebook
    chain: tuple[str, ...] = ()  # the policy, what it amends, and so on
    items: dict[str, RulebookEntry] = field(default_factory=dict)
    # (use, rule) -> its own version or repealed
    local: dict[tuple[str, str], Map | None] = field(default_factory=dict)
    vocabulary: Map = field(default_factory=Map)
    shares_vocabulary: bool = False  # with another assembly: `own_vocabulary` is a copy
    documents: dict[str, DocumentModel] = field(default_factory=dict)
    parameters: dict[str, Text] = field(default_factory=dict)
    # what is published and withdrawn, from the first policy on
    shown: list[Showing] = field(default_factory=list)
    # by which policy, and the attributes
    judged_as_one: list[tuple[str, list[Text]]] = field(default_factory=list)
    scope: Any = None
    # what the policy says that its conclusions must not be taken for; else the nearest that it
    # amends says it
    disclaimer: str = ""
    interpreting: tuple[
        str, ...
    ] = ()  # the policies of the chain that write an interpretation out, the last first
    changes: list[AmendedEntry] = field(default_factory=list)
    repealed: dict[str, str] = field(default_factory=dict)  # id or word -> its kind
    repealed_at: dict[str, Place] = field(default_factory=dict)  # and where it says so
    gone: dict[str, Gone] = field(default_factory=dict)  # by its name
    # of lists that lost something: the names, lost ones too
    order: dict[str, list[str]] = field(default_factory=dict)
    # of rows, words and uses that were changed, by name
    sources_of_changes: dict[str, Any] = field(default_factory=dict)
    unsourced: list[Unsourced] = field(default_factory=list)
    # what is repealed and goes on while conditions hold
    going_on: dict[Lasting, list[Text | Map]] = field(default_factory=dict)

    def copy(self) -> Assembly:
        """The same entries, to be amended without effect on these."""
        self.shares_vocabulary = True
        own: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        return Assembly(
            **{
                name: type(content)(content) if type(content) in (dict, list) else content
                for name, content in own.items()
            }
        )

    def own_vocabulary(self) -> Map:
        """The vocabulary, to be changed without effect on other assemblies."""
        if self.shares_vocabulary:
            self.vocabulary, self.shares_vocabulary = copied(self.vocabulary), False
        return self.vocabulary

    def standing(self) -> Assembly:
        """The entries and values as they are now, to be compared with later ones; the rest is
        shared.
        """
        return replace(
            self,
            items=dict(self.items),
            local=dict(self.local),
            parameters=dict(self.parameters),
            sources_of_changes=dict(self.sources_of_changes),
        )

    @property
    def publish(self) -> list[Text]:
        """The headers under `publish`, those of the first policy first."""
        return [each.header for each in self.shown if each.withdrawn is None]

    def entity(self, name: str) -> Map | None:
        """The declaration of an entity type, to be read."""
        entities = self.vocabulary.get("entities", {})
        return next((tree for each, tree in entities.items() if key(each) == key(name)), None)

    def own_entity(self, name: str) -> Map | None:
        """The declaration of an entity type, to be changed without effect on other assemblies."""
        if self.entity(name) is not None:
            self.own_vocabulary()
        return self.entity(name)
