"""What is repealed and still used: an amendment may not leave that behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulewright.rulebook.rulebook import RulebookEntry, as_seq
from rulewright.syntax.errors import Problems
from rulewright.syntax.lexer import Lexicon, lexicon_of
from rulewright.syntax.text import key, place_of, plain

from .assembly import Assembly
from .words import EntityTypeTarget, OfVocabulary

_OF_THE_VOCABULARY = ("entity", "member", "attribute")
_UNUSED = ("rule", "table", "use", "topic")  # what overrides one of these lapses with it
_WRITTEN = ("parameter", *_OF_THE_VOCABULARY)  # what is used by being named in a sentence
_SECTIONS = (
    "of",
    "when",
    "unless",
    "then",
    "otherwise",
    "limit",
    "note",
    "warn",
    "input",
    "inputs",
    "let",
    "rules",
)


def still_used(found: Assembly, before: Mapping[str, str] | None = None) -> None:
    """Raises RW410 for each principle, parameter or word that is repealed while something uses it.

    `before`: what was repealed already when this was last asked, and is not asked again.
    """
    problems = Problems()
    where = place_of(found.policy.policy)
    words: tuple[str, ...] = ()
    for name, kind in found.repealed.items():
        if (
            (before and name in before)
            or kind in _UNUSED
            or (kind in _OF_THE_VOCABULARY and _still_declared(found, name))
        ):
            continue
        called = [name, *_plurals(found, name)] if kind == "entity" else [name]
        words = words or tuple(sorted(set(_words(found.vocabulary))))
        users = _users(found, called, kind, lexicon_of(words).and_also(called))
        if users:
            listed = ", ".join(f"`{each}`" for each in users)
            problems.add(
                "RW410",
                found.repealed_at.get(name, where),
                f"`{_as_declared(found, name)}` is repealed and still used by {listed}",
                "repeal or replace these too",
            )
    problems.stop_if_any()


def used_by(found: Assembly, item: RulebookEntry) -> list[str]:
    """What is repealed and used by one entry, as an amendment names it."""
    words = tuple(sorted(set(_words(found.vocabulary))))
    names = []
    for name, kind in found.repealed.items():
        if kind in _OF_THE_VOCABULARY and _still_declared(found, name):
            continue
        called = [name, *_plurals(found, name)] if kind == "entity" else [name]
        lexicon = lexicon_of(words).and_also(called)
        if any(uses(item, each, kind, lexicon) for each in called):
            names += [
                each.name
                for each in found.gone.values()
                if key(each.name.rpartition(" > ")[2]) == key(name)
            ]
    return names


def _users(found: Assembly, called: list[str], kind: str, lexicon: Lexicon) -> list[str]:
    collections = (found.vocabulary.get("collections") or {}) if kind in _OF_THE_VOCABULARY else {}
    items = list(found.items.values())
    if kind in _WRITTEN:
        begin = set(map(_begins, called))
        items = [item for item in items if any(each in item.words for each in begin)]
    users = [
        str(item.id) for item in items if any(uses(item, each, kind, lexicon) for each in called)
    ]
    return sorted(
        [
            *users,
            *(
                str(each)
                for each, text in collections.items()
                if any(_mentions([each, text], one, lexicon) for one in called)
            ),
        ]
    )


def _still_declared(found: Assembly, word: str) -> bool:
    for name, tree in found.vocabulary.get("entities", {}).items():
        words = [
            name,
            *(tree.get("members") or []),
            *(tree.get("given") or {}),
            *(tree.get("derived") or {}),
        ]
        if any(key(each) == word for each in words):
            return True
    return False


def _as_declared(found: Assembly, name: str) -> str:
    """A repealed word as it was written: `well-led`, not the form in which spellings are
    compared.
    """
    gone = (
        each.name.rpartition(" > ")[2]
        for each in found.gone.values()
        if isinstance(each.target, OfVocabulary)
    )
    return next((each for each in gone if key(each) == name), name)


def _plurals(found: Assembly, name: str) -> list[str]:
    """How several of a repealed entity type were called."""
    gone = [
        each.content[1]
        for each in found.gone.values()
        if isinstance(each.target, EntityTypeTarget) and key(each.name) == name
    ]
    return [str(tree["plural"]) for tree in gone if tree.get("plural")]


def _words(vocabulary: Any) -> Iterator[str]:
    """The names and values of the vocabulary, so that one within a longer one is not taken for
    it.
    """
    yield from map(str, vocabulary.get("collections") or ())
    for scale in (vocabulary.get("scales") or {}).values():
        yield from (
            str(each)
            for section in ("order", "outside the order")
            for each in scale.get(section) or ()
        )
    for name, tree in (vocabulary.get("entities") or {}).items():
        yield from map(str, (name, tree.get("plural") or name, *(tree.get("members") or ())))
        for section in ("given", "derived"):
            for word, declared in (tree.get(section) or {}).items():
                yield str(word)
                yield from map(
                    str, declared.get("one of") or () if isinstance(declared, dict) else ()
                )


def uses(item: RulebookEntry, name: str, kind: str, lexicon: Lexicon | None = None) -> bool:
    """Whether an entry uses a principle, parameter, word, interpretation or document of that name.

    `lexicon`: with other names.
    """
    if kind in _UNUSED:
        return False
    if kind == "principle":
        return item.kind == "use" and item.id.partition("@")[0] == name
    if kind == "document":
        cited = [
            tree.get("source")
            for tree in (
                item.tree,
                *(item.tree.get("rules") or () if item.kind == "principle" else ()),
            )
        ]
        return any(each.get("document") == name for source in cited for each in as_seq(source))
    if kind == "interpretation":
        return any(
            name in as_seq(tree.get("interpretation"))
            for tree in (item.tree, *(item.tree.get("rules") or ()))
        )
    takes = [
        v
        for k, v in item.tree.items()
        if item.kind == "use" and k not in ("use", "source", "interpretation", "about")
    ]
    lexicon = lexicon or Lexicon([name])
    return any(
        _mentions(each, name, lexicon) for each in [*(item.tree.get(s) for s in _SECTIONS), *takes]
    )


def _begins(name: str) -> str:
    """The first word of a name, whatever its spelling: what does not hold it does not mention the
    name.
    """
    return key(name).partition(" ")[0]


def _mentions(value: Any, name: str, lexicon: Lexicon) -> bool:
    if isinstance(value, dict):
        reason = "because" if "condition" in value else ""  # for readers: it uses nothing
        return any(
            _mentions(each, name, lexicon) for field, each in value.items() if field != reason
        )
    if isinstance(value, list):
        return any(_mentions(each, name, lexicon) for each in value)
    if not isinstance(value, str) or _begins(name) not in plain(
        value
    ):  # before the sentence is cut into words
        return False
    return any(token.type == "NAME" and key(token) == key(name) for token in lexicon.tokens(value))
