"""Ways to write the same rulebook or case differently, and to damage a text."""

from __future__ import annotations

import re
from typing import Any

from .books import Book, written
from .dice import Dice
from .words import Tree


def reordered(rulebook: Book, dice: Dice) -> Book:
    """The same rulebook: other file names, entries elsewhere and in another order, the vocabulary
    in several files.
    """
    items = dice.shuffled([item for part in rulebook.parts.values() for item in part])
    cut = dice.below(len(items) + 1)
    folder = "rules/"  # CSV files are named from there
    parts = {folder + dice.pick(("z.yaml", "0.yaml")): items[:cut], folder + "m.yaml": items[cut:]}
    parts = {name: part for name, part in parts.items() if part}
    vocabulary: list[Tree] = []
    for tree in rulebook.vocabulary:
        for section, content in tree.items():
            if section in ("scales", "entities", "collections"):
                vocabulary += [
                    {section: {name: _turned(content[name], dice)}}
                    for name in dice.shuffled(list(content))
                ]
            else:
                vocabulary.append({section: content})
    return Book(dice.shuffled(vocabulary), parts, _mapping(rulebook.policy, dice), rulebook.csv)


def _turned(entity: Any, dice: Dice) -> Any:
    if not isinstance(entity, dict):
        return entity
    return {
        word: _mapping(c, dice) if word in ("given", "derived") else c
        for word, c in _mapping(entity, dice).items()
    }


def _mapping(tree: Tree, dice: Dice) -> Tree:
    return {name: tree[name] for name in dice.shuffled(list(tree))}


def reordered_case(tree: Any, dice: Dice) -> Any:
    """The same case: facts, children, supplied values and judgements in another order."""
    if isinstance(tree, dict):
        return {
            name: reordered_case(content, dice) for name, content in _mapping(tree, dice).items()
        }
    return (
        dice.shuffled([reordered_case(each, dice) for each in tree])
        if isinstance(tree, list)
        else tree
    )


def restyled(rulebook: Book, dice: Dice) -> dict[str, str]:
    """The same rulebook in another dress: quotes, indents, line widths, comments, blank lines."""
    style: dict[str, Any] = {"indent": dice.pick((2, 4, 7)), "width": dice.pick((100_000, 60, 30))}
    style["default_style"] = dice.pick((None, '"', "'"))
    files = rulebook.texts(**style)
    for name, text in files.items():
        if (
            name.endswith(".yaml") and style["width"] == 100_000
        ):  # else a comment could stand within a sentence
            lines = [
                f"{line}{dice.pick(('', '', '', '  # why', chr(10)))}" for line in text.splitlines()
            ]
            files[name] = "# a comment\n" + "\n".join(lines) + "\n\n"
    return files


def respelt(rulebook: Book, dice: Dice) -> Book:
    """The same rulebook with capitals, doubled and non-breaking spaces in its sentences, outside
    quotes.
    """
    copy = rulebook.copy()
    for part in copy.parts.values():
        for item in part:
            for word in ("when", "unless", "then", "otherwise", "limit", "of"):
                if word in item and "principle" not in item and "use" not in item:
                    item[word] = _spelt(item[word], dice)
    return copy


def _spelt(tree: Any, dice: Dice) -> Any:
    if isinstance(tree, dict):
        return {name: _spelt(content, dice) for name, content in tree.items()}
    if isinstance(tree, list):
        return [_spelt(each, dice) for each in tree]
    if '"' in tree or not dice.chance(40):
        return tree
    return dice.pick(
        (tree.upper(), tree.replace(" ", "  "), tree.replace(" ", "\u00a0"), tree.capitalize())
    )


def reasoned(rulebook: Book, dice: Dice) -> Book:
    """The same rulebook, some of its conditions with a reason, in principles and uses too."""
    copy = rulebook.copy()
    for item in (item for part in copy.parts.values() for item in part):
        for tree in (item, *item.get("rules", [])):
            for word in ("when", "unless"):
                if word in tree:
                    tree[word] = _with_reasons(tree[word], dice)
    return copy


def _with_reasons(tree: Any, dice: Dice) -> Any:
    if isinstance(tree, dict):
        return {name: _with_reasons(content, dice) for name, content in tree.items()}
    if isinstance(tree, list):
        return [_with_reasons(each, dice) for each in tree]
    return (
        {"condition": tree, "because": dice.pick(("it is so", "of the rule", "none"))}
        if dice.chance(60)
        else tree
    )


_COUNT = re.compile(r"((?:at least|at most|exactly|more than|fewer than) )(\d)( of )")


def thresholds(rulebook: Book) -> list[tuple[Tree, int]]:
    """Where `at least N of …` stands in a plain rule: the rule, and which of its conditions."""
    rules = [
        rule
        for part in rulebook.parts.values()
        for rule in part
        if "rule" in rule and isinstance(rule.get("when"), list)
    ]
    listed = [(rule, index, each) for rule in rules for index, each in enumerate(rule["when"])]
    return [
        (rule, index)
        for rule, index, each in listed
        if isinstance(each, str) and _COUNT.match(each)
    ]


def raised(condition: str) -> str:
    """The condition with a threshold that is one higher."""
    return _COUNT.sub(lambda found: f"{found[1]}{int(found[2]) + 1}{found[3]}", condition, count=1)


JUNK = (
    "the", "of", "is", "- ", ": ", "{", "}", "[", "]", '"', "'", "#", "&a", "*a", "!t", "\t", "…", "\u00a0", "-1", "0", "1.5",
    "99999999999", "2024-02-30", "none", "unknown", "any of:", "at least", "half", "%", "(", ")", "/ 0", "null", "~", "|", ">",
    "name", "not", "@", ",", "..", "\x00", "\u2028", "é", "İ", "months", "within", "where", "same", "its", "except", "round",
    "\r", "? ", "0001-01-01", "9999-12-31",
)  # fmt: skip


def damaged(text: str, dice: Dice) -> str:
    """A text with one to three things deleted, doubled, swapped or put in."""
    for _ in range(dice.number(1, 3)):
        lines = text.splitlines(keepends=True)
        if not lines:
            return text
        here = dice.below(len(lines))
        pieces = re.findall(r"\w+|\W", lines[here])
        at = dice.below(max(len(pieces), 1))
        match dice.below(9):
            case 0:
                del lines[here]
            case 1:
                lines.insert(here, lines[here])
            case 2:
                other = dice.below(len(lines))
                lines[here], lines[other] = lines[other], lines[here]
            case 3:
                del pieces[at : at + 1]
                lines[here] = "".join(pieces)
            case 4:
                pieces.insert(at, dice.pick(JUNK) + " ")
                lines[here] = "".join(pieces)
            case 5:
                words = re.findall(r"\w+", text)
                pieces[at : at + 1] = [dice.pick(words)] if words else []
                lines[here] = "".join(pieces)
            case 6:
                pieces[at : at + 1] = [dice.pick(JUNK)]
                lines[here] = "".join(pieces)
            case 7:
                place = dice.below(len(text))
                lines = [text[:place], text[place + 1 :]]
            case 8:
                lines[here] = (
                    lines[here].replace("  ", "", 1) if dice.chance(50) else "  " + lines[here]
                )
        text = "".join(lines)
    return text


__all__ = [
    "damaged",
    "raised",
    "reordered",
    "reordered_case",
    "respelt",
    "restyled",
    "thresholds",
    "written",
]
