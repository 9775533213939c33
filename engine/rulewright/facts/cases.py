"""Cases: the facts of one decision, as a tree of entities, read against a vocabulary.

Facts that nobody saw are left out and are *missing*; `unknown` says so even where the vocabulary
has a default; `none` says that there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rulewright.ir.entities import Case, Entity, Fact, Judgement, Target, digest_of, find
from rulewright.ir.vocabulary import EntityType, JudgedAsOne, Vocabulary
from rulewright.syntax.errors import InputError, Problems, nearest
from rulewright.syntax.text import Map, Text, key, place_of

from .binding import FactReader
from .case_files import load_cases
from .case_texts import WORDS, CaseText, spelt_otherwise
from .outside_values import OutsideValues

__all__ = [
    "Case",
    "CaseText",
    "Entity",
    "Fact",
    "Judgement",
    "Target",
    "bind_case",
    "digest_of",
    "find",
    "load_cases",
]

MAX_MISTAKES = 500  # in a case; it is not read on
_EXPECTING = {
    "expect": "path: value",
    "under reading": "READING: {path: value}",
    "under": "POLICY: {path: value}",
}


def bind_case(
    text: CaseText,
    vocabulary: Vocabulary,
    idle: frozenset[tuple[str, str]] = frozenset(),
    judged_as_one: Sequence[JudgedAsOne] = (),
) -> Case:
    """A case read against a vocabulary. Raises `InputError` (RW5xx) with every mistake, in order of
    position.

    `idle`: fixed sets that a program has no use for, each an entity type and the type of its parent
    (`Program.idle`). The case holds such a set only where it says something of it: its facts are
    read and checked as any. judged_as_one: the groups of attributes of which a judgement on one is
    a judgement on each (`Program.judged_as_one`).
    """
    problems, root_type = Problems(MAX_MISTAKES), vocabulary.root
    text = text.against(vocabulary, problems)
    tree = text.tree
    _check_words(tree, root_type, problems)
    day = None
    try:
        day = text.day()
    except InputError as error:
        problems.take(error)
    root = Entity(
        key(root_type.name), "", "", root_type.name, root_type.name, None, place=text.place
    )
    facts = next((v for k, v in tree.items() if key(k) == key(root_type.name)), None)
    if facts is None:
        problems.add(
            "RW511",
            text.place,
            f"the case does not state its `{root_type.name}`",
            f"write `{root_type.name}:` and below it the facts",
        )
        problems.stop_if_any()
    entities = FactReader(text, vocabulary, idle, problems).entities(root, facts)
    case = Case(
        text.name,
        text.file,
        text.place,
        day,
        tree.get("policy"),
        root,
        entities,
        {},
        {},
        [],
        "",
        tree.get("expect"),
        _tags(tree),
        "",
        " ".join(str(tree.get("about") or "").split()),
    )
    OutsideValues(text, vocabulary, problems, judged_as_one).into(case)
    problems.stop_if_any()
    case.digest = digest_of(case)
    return case


def _check_words(tree: Map, root: EntityType, problems: Problems) -> None:
    known = [*WORDS, root.name]
    for word, value in tree.items():
        if key(word) not in {key(each) for each in known}:
            problems.add(
                "RW501",
                place_of(word),
                f"`{word}` is not known in a case",
                partial(nearest, word, known),
            )
        elif word not in WORDS and (
            same := next((each for each in WORDS if key(each) == key(word)), "")
        ):
            problems.found.append(spelt_otherwise(word, same))
        elif value is None:
            if word != "as at":  # told where the date is read
                problems.add(
                    "RW503",
                    place_of(word),
                    f"`{word}` is left empty",
                    "leave the line out, or write a value",
                )
        elif word in ("policy", "about") and not isinstance(value, Text):
            problems.add(
                "RW511",
                place_of(value, place_of(word)),
                f"`{word}` is not one text",
                "write text, in quotes if it holds `: `",
            )
        elif word == "tags":
            for tag in value if isinstance(value, list) else [value]:
                if not isinstance(tag, Text):
                    problems.add(
                        "RW511",
                        place_of(tag, place_of(word)),
                        "a tag is text",
                        "write a list of words",
                    )
        elif word in _EXPECTING and not isinstance(value, Map):
            line = _EXPECTING[word]
            problems.add(
                "RW511",
                place_of(value, place_of(word)),
                f"`{word}` is not a mapping",
                f"write `{line}` lines",
            )


def _tags(tree: Map) -> tuple[str, ...]:
    tags = tree.get("tags") or []
    return tuple(map(str, tags)) if isinstance(tags, list) else (str(tags),)
