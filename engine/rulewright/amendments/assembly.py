"""The entries of one policy while amendments are applied to them, and the names by which amendments
call them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from rulewright.language.errors import InputError, Place, Problems, nearest
from rulewright.language.models import DocumentModel, PolicyModel, WithdrawModel
from rulewright.language.rulebook import Item, Rulebook, as_seq, read_items
from rulewright.language.text import Map, Text, fits, key, place_of

CONCLUSIONS = ("then", "otherwise", "limit", "note", "warn")
CONDITIONS = ("when", "unless")
ROW = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\]]+)\]$")
Kept = tuple[str, str]
"""An entry that goes on for a while; or a principle or use, and the one rule of it that does."""


@dataclass
class Change:
    """What an amendment did: for readers of the policy."""

    policy: str
    action: str  # replaces, repeals, restores, adds, keeps, resumes
    target: str
    expanded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gone:
    """Something that a policy of the chain repealed, as it was then, so that a later one can
    restore it.

    name: as an amendment names it. kind: `entry`, `row`, `rule of a principle`, `rule of one use`,
    `entity`, `member`, `attribute` or `document`. owner: the entry or entity type that it was of.
    content: for an entry its `Item`, else its tree.
    """

    name: str
    kind: str
    owner: str
    content: Any
    # of a use: rules of the principle it had changed
    own_rules: dict[str, Map | None] = field(default_factory=dict)
    own_value: Text | None = None  # of a parameter: the value that a policy had set


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
    items: dict[str, Item] = field(default_factory=dict)
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
    changes: list[Change] = field(default_factory=list)
    repealed: dict[str, str] = field(default_factory=dict)  # id or word -> its kind
    repealed_at: dict[str, Place] = field(default_factory=dict)  # and where it says so
    gone: dict[str, Gone] = field(default_factory=dict)  # by its name
    # of lists that lost something: the names, lost ones too
    order: dict[str, list[str]] = field(default_factory=dict)
    # of rows, words and uses that were changed, by name
    sources_of_changes: dict[str, Any] = field(default_factory=dict)
    unsourced: list[Unsourced] = field(default_factory=list)
    # what is repealed and goes on while conditions hold
    going_on: dict[Kept, list[Text | Map]] = field(default_factory=dict)

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


# -- names
# --------------------------------------------------------------------------------------------------


def matches(identity: str, target: str) -> bool:
    """Whether a target names an id, by itself or by a pattern."""
    return identity == target or ("*" in target and fits(identity, target))


def near_target(target: str, names: list[str]) -> str:
    """`did you mean …`, where something has a name like that."""
    close = nearest(target, names)
    return close if close.startswith("did you mean") else ""


# -- trees
# --------------------------------------------------------------------------------------------------


def copied(value: Any) -> Any:
    """A copy of the mappings and lists of a tree; the text in it is shared."""
    if isinstance(value, Map):
        new = type(value)(
            {k: copied(v) if isinstance(v, (dict, list)) else v for k, v in value.items()}
        )
        new.place = value.place
        return new
    if isinstance(value, list):
        sequence = as_seq(
            [copied(each) if isinstance(each, (dict, list)) else each for each in value]
        )
        sequence.place = place_of(value)
        sequence.flow = getattr(value, "flow", False)
        return sequence
    return value


def merged(old: dict[Any, Any], new: dict[Any, Any]) -> Map:
    """`old` with the fields of `new`; what is not named stays.

    The conclusions of a rule exclude one another. Another interpretation or source (by its id or
    document) replaces the whole of the old one.
    """
    result: Map = copied(old)
    if (
        "rule" in old
        and any(each in new for each in CONCLUSIONS)
        and any(each in old for each in CONCLUSIONS)
    ):
        for each in [k for k in result if k in CONCLUSIONS]:
            del result[each]
    for name, content in new.items():
        before = result.get(name)
        if isinstance(before, Map) and merges(str(name), before, content):
            content = merged(before, content)
        if content is None and name in result:
            del result[name]
        else:
            result[name] = content
    return result


def merges(field: str, before: Any, content: Any) -> bool:
    """Whether the new content of a field is merged into the old, or replaces it whole, as
    conditions do.
    """
    return (
        isinstance(before, Map)
        and isinstance(content, dict)
        and field not in CONDITIONS
        and not _another(field, before, content)
    )


def _another(field: str, old: dict[Any, Any], new: dict[Any, Any]) -> bool:
    identity = {"interpretation": "id", "source": "document"}.get(field)
    return identity is not None and identity in new and new[identity] != old.get(identity)


def merge_into(whole: dict[Any, Any], more: dict[Any, Any]) -> None:
    """More vocabulary into what is there: mappings are joined, lists get the new entries."""
    for name, content in more.items():
        existing = next((each for each in whole if key(each) == key(name)), None)
        if existing is None:
            whole[name] = copied(content)
        elif isinstance(whole[existing], dict) and isinstance(content, dict):
            merge_into(whole[existing], content)
        elif isinstance(whole[existing], list) and isinstance(content, list):
            whole[existing].extend(each for each in content if each not in whole[existing])
        else:
            whole[existing] = content


def validate(item: Item, problems: Problems) -> None:
    """Whether an entry still has the shape of its kind."""
    noted(problems, lambda: list(read_items([item.tree], item.part, item.place.file)))


def noted(problems: Problems, read: Callable[[], Any]) -> None:
    """One mistake of an amendment does not hide the others."""
    try:
        read()
    except InputError as error:
        problems.take(error)
