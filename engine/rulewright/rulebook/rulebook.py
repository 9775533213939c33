"""A rulebook: a folder of files in which policy staff write vocabulary, sources, rules and
policies.

What a file is shows in what stands in it: a list is a *part* (rules, tables, principles, uses,
parameters); a mapping is a vocabulary (`scales`, `entities`, `collections`), a policy (`policy`),
the sources (`documents`) or the seals (`seals`). CSV files and workbooks (.xlsx) hold decision
tables that a part names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from rulewright.ir.entities import is_any_judgement
from rulewright.spreadsheets.csv_files import Rows, read_csv
from rulewright.syntax import cache
from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.files import WORKBOOK, contents
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import (
    ITEMS,
    DocumentModel,
    ItemModel,
    PolicyModel,
    SealModel,
    SealsModel,
    SourcesModel,
    VocabularyModel,
)
from rulewright.syntax.text import Map, Seq, Text, key, place_of, plain
from rulewright.syntax.yaml_loader import decoded, load_yaml

from .rulebook_folders import may_hold_several, refuse_several

if TYPE_CHECKING:
    from rulewright.spreadsheets.workbooks import Workbook


_OVERRIDDEN = ("rule", "table", "principle", "use")  # what `overrides` names


class PartModel(BaseModel):
    """A part: a list of rules, tables, principles, uses, parameters and interpretations, under
    topics.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    items: list[ItemModel]


@dataclass(frozen=True)
class RulebookEntry:
    """One entry of a part: its kind (`rule`, `table` …), its id, and the tree it was written as."""

    kind: str
    id: Text
    tree: Map
    part: str

    @property
    def place(self) -> Place:
        return place_of(self.id)

    @cached_property
    def words(self) -> str:
        """All that is written in the entry, in plain words: what is not in it need not be looked
        for in its sentences.
        """
        return "\n".join(map(plain, _texts(self.tree)))


@dataclass
class Rulebook:
    """Everything that stands in a rulebook's files, not yet resolved."""

    root: Path
    shown: str
    vocabularies: list[VocabularyModel] = field(default_factory=list)
    vocabulary_trees: list[Map] = field(default_factory=list)
    parts: dict[str, list[RulebookEntry]] = field(default_factory=dict)
    policies: dict[str, PolicyModel] = field(default_factory=dict)
    documents: dict[str, DocumentModel] = field(default_factory=dict)
    seals: dict[str, SealModel] = field(default_factory=dict)
    # every file of text, by its path in the rulebook
    texts: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Rows] = field(default_factory=dict)  # CSV rows, by path
    # workbooks, by path, read only when a table names them
    sheets: dict[str, bytes] = field(default_factory=dict)
    unread: tuple[
        Problem, ...
    ] = ()  # what is wrong with files, of a rulebook that was read as far as it can be
    _workbooks: dict[str, Workbook] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was made of its policies, so that it is made once."""
    read: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was read of its entries, by the entries: it holds under other policies too."""

    def place(self, path: str) -> Place:
        return Place(f"{self.shown}/{path}")

    def altered(self, **fields: Any) -> Rulebook:
        """The rulebook with other policies or parts than its texts say."""
        found = replace(self, **fields)
        found.read = self.read
        return found

    def with_texts(self, texts: dict[str, str], sheets: dict[str, bytes] | None = None) -> Rulebook:
        """The rulebook with other texts and workbooks, as far as they can be read."""
        found = read_texts(texts, self.shown, self.sheets if sheets is None else sheets)
        there = {f"{self.shown}/{name}" for name in (*texts, *found.sheets)}
        found.unread = tuple(
            sorted({*found.unread, *(each for each in self.unread if each.place.file not in there)})
        )
        return found

    def file_of_rows(self, rows: Text, part: str) -> str | None:
        """The path of the CSV file or workbook that `rows:` of a table in `part` names; `None` when
        it is not there.
        """
        path = rows.partition("#")[0]
        folder = part.rpartition("/")[0]
        names = [f"{folder}/{path}" if folder else str(path), str(path)]
        return next((each for each in names if each in self.tables or each in self.sheets), None)

    def key_behind(self, policy: str) -> str | None:
        """The key under which what is made of one policy is kept; none where its `amends` lead
        nowhere: compiling tells.

        It stands for all that the policy can depend on: every file, but for other policies than
        those that it amends, and for parts that none of these names.
        """
        known: dict[str, str] = self.made.setdefault("keys", {})
        chain: dict[str, PolicyModel] = {}
        name: str | None = policy
        while name is not None and name not in known:
            if name in chain or name not in self.policies:
                return None
            model = chain[name] = self.policies[name]
            name = None if model.amends is None else str(model.amends)
        key = self._key_of_all if name is None else known[name]
        for each, model in reversed(chain.items()):
            parts = {
                str(part)
                for part in (*model.parts, *model.adds)
                if isinstance(part, str) and str(part) in self.parts
            }
            own = {model.policy.place.file.removeprefix(f"{self.shown}/"), *parts}
            key = known[each] = cache.key_of(
                [("", key.encode()), *((file, self.texts[file].encode()) for file in sorted(own))],
                self.shown,
            )
        return key

    @cached_property
    def _key_of_all(self) -> str:
        """What stands for the files that every policy can depend on."""
        of_policies = {model.policy.place.file for model in self.policies.values()}
        texts = {
            name: text.encode()
            for name, text in self.texts.items()
            if f"{self.shown}/{name}" not in of_policies and name not in self.parts
        }
        return cache.key_of(sorted({**texts, **self.sheets}.items()), self.shown)

    def rows(self, file: str, sheet: str = "") -> Rows:
        """The rows of a CSV file, or of a sheet of a workbook.

        Raises `InputError` (RW102, RW114 to RW117).
        """
        if file in self.tables:
            return self.tables[file]
        book = self.workbook(file)
        return (book.sheet(sheet) if sheet else book.only_sheet()).table()

    def workbook(self, file: str) -> Workbook:
        """A workbook of the rulebook. Raises `InputError` (RW114)."""
        if file not in self._workbooks:
            from rulewright.spreadsheets.workbooks import Workbook

            self._workbooks[file] = Workbook(self.sheets[file], f"{self.shown}/{file}")
        return self._workbooks[file]


def load_rulebook(root: Path, shown: str | None = None) -> Rulebook:
    """Read every file of the rulebook in folder `root`.

    Raises `InputError` with every mistake found.
    """
    return _whole(read_rulebook(root, shown))


def read_rulebook(root: Path, shown: str | None = None) -> Rulebook:
    """The rulebook in folder `root`, as far as its files can be read; what is wrong with the others
    is `unread`.

    Raises `InputError` (RW118) where the folder holds several rulebooks instead.
    """
    book = Rulebook(root, shown or str(root))
    texts = {}
    problems = Problems()
    for name, data in contents(root, book.shown):
        try:
            if isinstance(data, InputError):
                raise data
            if name.endswith(WORKBOOK):
                book.sheets[name] = data
            else:
                texts[name] = decoded(data, f"{book.shown}/{name}")
        except InputError as error:
            problems.take(error)
    found = _from_texts(book, texts, problems)
    if found.unread or may_hold_several(found.policies.values(), found.parts):
        refuse_several(_trees(found), found.shown)
    return found


def _trees(book: Rulebook) -> dict[str, Any]:
    """What stands in each file that can be read."""
    trees = {}
    for name, text in book.texts.items():
        if not name.endswith(".csv"):
            with suppress(InputError):
                trees[name] = _tree(text, f"{book.shown}/{name}")
    return trees


def rulebook_from_texts(
    texts: dict[str, str], shown: str = "rulebook", sheets: dict[str, bytes] | None = None
) -> Rulebook:
    """A rulebook from file names and their contents, for tests and tools. Raises `InputError`."""
    return _whole(read_texts(texts, shown, sheets))


def read_texts(
    texts: dict[str, str], shown: str = "rulebook", sheets: dict[str, bytes] | None = None
) -> Rulebook:
    """`rulebook_from_texts`, as far as the contents can be read; what is wrong with the others is
    `unread`.
    """
    return _from_texts(
        Rulebook(Path(shown), shown, sheets=sheets or {}), dict(sorted(texts.items())), Problems()
    )


def _whole(book: Rulebook) -> Rulebook:
    if book.unread:
        raise InputError(book.unread)
    return book


def _from_texts(book: Rulebook, texts: dict[str, str], problems: Problems) -> Rulebook:
    book.texts = texts
    for name, text in texts.items():
        try:
            if name.endswith(".csv"):
                book.tables[name] = read_csv(text, f"{book.shown}/{name}")
            else:
                _add_file(book, name, _tree(text, f"{book.shown}/{name}"), problems)
        except InputError as error:
            problems.take(error)
    _no_id_twice(book, problems)
    _no_word_twice(book, problems)
    for name in book.seals:
        if name not in book.policies and not problems.found:
            problems.add(
                "RW402",
                place_of(name),
                f"`{name}` is sealed and is not a policy of this rulebook",
                nearest(name, book.policies),
            )
    book.unread = tuple(sorted(set(problems.found)))
    return book


def _add_file(book: Rulebook, name: str, tree: Any, problems: Problems) -> None:
    file = f"{book.shown}/{name}"
    if isinstance(tree, list):
        book.parts[name] = list(_items(book.texts[name], name, file))
    elif not isinstance(tree, dict):
        raise InputError(
            Problem(
                place_of(tree, Place(file)),
                "RW111",
                "the file holds one word, not rules",
                "write a list of rules, or one of `policy:`, `documents:`, `scales:`, `entities:`",
            )
        )
    elif "policy" in tree:
        policy = read_as(PolicyModel, tree, file)
        if policy.policy in book.policies:
            first = place_of(book.policies[policy.policy].policy)
            problems.add(
                "RW401",
                place_of(policy.policy),
                f"the policy `{policy.policy}` is there twice",
                f"first in {first}",
            )
        changes = next(
            (each for each in tree if each in ("replaces", "repeals", "restores", "adds")), None
        )
        if changes is not None and policy.amends is None and not policy.parts:
            problems.add(
                "RW439",
                place_of(changes),
                f"`{changes}` changes another policy, and `{policy.policy}` does not say which",
                "add `amends: POLICY`",
            )
        book.policies[str(policy.policy)] = policy
    elif "documents" in tree:
        for identity, document in read_as(SourcesModel, tree, file).documents.items():
            if identity in book.documents:
                first = next(place_of(each) for each in book.documents if each == identity)
                problems.add(
                    "RW401",
                    place_of(identity),
                    f"the document `{identity}` is there twice",
                    f"first in {first}",
                )
            else:
                book.documents[identity] = document
    elif "seals" in tree:
        for identity, seal in read_as(SealsModel, tree, file).seals.items():
            book.seals[identity] = seal
    elif any(each in tree for each in ("scales", "entities", "collections")):
        book.vocabularies.append(read_as(VocabularyModel, tree, file))
        book.vocabulary_trees.append(Map(tree))
    elif "case" in tree:
        raise InputError(
            Problem(
                place_of(tree, Place(file)),
                "RW111",
                "a case does not belong into a rulebook",
                "keep cases in a folder of their own",
            )
        )
    else:
        known = ["policy", "documents", "seals", "scales", "entities", "collections"]
        word: Text = next(iter(tree), Text(""))
        begins = f"a file that begins with `{word}`" if word else "an empty mapping"
        help = (
            f"rules stand in a list: write a dash before it, `- {word}: …`"
            if word in ITEMS
            else nearest(word, known)
        )
        raise InputError(
            Problem(
                place_of(word, place_of(tree, Place(file))),
                "RW111",
                f"{begins} is no file of a rulebook",
                help,
            )
        )


@lru_cache(maxsize=256)
def _tree(text: str, file: str) -> Any:
    """What stands in a file.

    An edit of one file leaves the others as they are: they are read once in a process.
    """
    return load_yaml(text, file)


@lru_cache(maxsize=256)
def _items(text: str, part: str, file: str) -> tuple[RulebookEntry, ...]:
    return tuple(read_items(_tree(text, file), part, file))


def read_items(tree: list[Any], part: str, file: str) -> Iterator[RulebookEntry]:
    """The entries of a part. Raises `InputError` with every structural mistake."""
    wrapped = Map({Text("items"): tree})
    wrapped.place = place_of(tree, Place(file))
    kinds = []
    for each in tree:
        kind = next((name for name in ITEMS if isinstance(each, dict) and name in each), "")
        vocabulary = isinstance(each, dict) and any(
            n in each for n in ("scales", "entities", "collections")
        )
        if not kind and not vocabulary:
            first = next(iter(each), Text("")) if isinstance(each, dict) else each
            shown = (
                f"an entry that begins with `{first}` is"
                if isinstance(first, Text) and first
                else "this is"
            )
            raise InputError(
                Problem(
                    place_of(first, place_of(each, wrapped.place)),
                    "RW111",
                    f"{shown} no entry of a part",
                    "begin it with " + ", ".join(f"`{n}:`" for n in ITEMS),
                )
            )
        kinds.append(kind or "vocabulary")
    read_as(PartModel, wrapped, file)
    for kind, each in zip(kinds, tree, strict=True):
        if kind != "vocabulary" and not each[kind].strip():
            raise InputError(
                Problem(
                    place_of(each[kind], wrapped.place),
                    "RW123",
                    f"`{kind}` is left empty",
                    "expected a name",
                )
            )
        if kind in _OVERRIDDEN:
            _may_be_overridden(
                [
                    each[kind],
                    *(rule["rule"] for rule in each.get("rules") or () if kind == "principle"),
                ]
            )
    for kind, each in zip(kinds, tree, strict=True):
        yield RulebookEntry(
            kind,
            each[kind] if kind != "vocabulary" else Text.at("vocabulary", place_of(each)),
            each,
            part,
        )


def _may_be_overridden(ids: list[Text]) -> None:
    """No rule has the name under which rules override judgements."""
    for each in ids:
        if is_any_judgement(each):
            raise InputError(
                Problem(
                    place_of(each),
                    "RW336",
                    f"`{each}` cannot be an id: under `overrides` it stands for all judgements",
                    "choose another id",
                )
            )


def _no_id_twice(book: Rulebook, problems: Problems) -> None:
    seen: dict[str, Place] = {}
    for items in book.parts.values():
        for item in items:
            if item.kind in ("vocabulary", "topic"):
                continue
            if item.id in seen:
                problems.add(
                    "RW401",
                    item.place,
                    f"the id `{item.id}` is there twice",
                    f"first in {seen[item.id]}",
                )
            seen.setdefault(str(item.id), item.place)
            rules = item.tree.get(Text("rules"), []) if item.kind == "principle" else []
            inner: set[str] = set()
            for rule in rules:
                if rule["rule"] in inner:
                    problems.add(
                        "RW401",
                        place_of(rule["rule"]),
                        f"the id `{rule['rule']}` is there twice in `{item.id}`",
                        "give each rule an id of its own",
                    )
                inner.add(rule["rule"])


def _no_word_twice(book: Rulebook, problems: Problems) -> None:
    """A word is declared in one file only: two files are one vocabulary."""
    seen: dict[tuple[str, str], Place] = {}
    for vocabulary in book.vocabularies:
        for kind, names in (
            ("scale", vocabulary.scales),
            ("entity", vocabulary.entities),
            ("collection", vocabulary.collections),
        ):
            for name in names:
                first = seen.setdefault((kind, key(name)), place_of(name))
                if first != place_of(name):
                    problems.add(
                        "RW201",
                        place_of(name),
                        f"the {kind} `{name}` is declared twice",
                        f"first in {first}",
                    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def as_seq(value: Any) -> Seq:
    """`value` as a list: itself, or a list of it alone."""
    if isinstance(value, Seq):
        return value
    found = Seq(value if isinstance(value, list) else [] if value is None else [value])
    found.place = place_of(value)
    return found
