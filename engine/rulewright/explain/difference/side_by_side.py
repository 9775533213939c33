"""The difference of two outcomes side by side, in lines of 100 characters, from its record
alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from rulewright.explain.record import QuestionShown
from rulewright.syntax.text import few

from .record import Contrast, Difference, PartingAttribute

NAME, COLUMN, GAP = 40, 28, "  "
MOST = 20  # answers and partings, unless all are asked for


def side_by_side(found: Difference, everything: bool = False) -> list[str]:
    """The lines: the two cases, the answers that differ, and where they part."""
    lines = [*_sides(found.one, found.other), ""]
    total = len(found.differing) + found.alike
    if not found.differs:
        return [*lines, f"no answer differs ({total} compared)"]
    lines += list(_answers(found, everything, total)) if total else []
    alone = list(_only(found, everything))
    lines += alone[1:] if alone and not total else alone
    lines += list(_withdrawn(found.partings))
    groups = _alike([each for each in found.partings if not _is_withdrawn(each)], everything)
    for number, (parting, *others) in enumerate(groups if everything else groups[:MOST], 1):
        title = (
            "where they part" if len(groups) == 1 else f"where they part, {number} of {len(groups)}"
        )
        lines += ["", title, *_parting(parting, found)]
        if others:
            lines += [
                f"    {line}"
                for line in wrap(
                    f"the same of {few([each.entity for each in others])}",
                    96,
                    break_on_hyphens=False,
                )
            ]
    if len(groups) > MOST and not everything:
        lines += [
            "",
            f"and {sum(map(len, groups[MOST:]))} more places where they part (shown with `--all`)",
        ]
    return lines


def _alike(partings: list[PartingAttribute], everything: bool) -> list[list[PartingAttribute]]:
    """Partings of which the same is told, but for their entity and what follows from them."""
    found: dict[object, list[PartingAttribute]] = {}
    for each in partings:
        told = (
            each.attribute,
            tuple(each.one),
            tuple(each.other),
            tuple((c.kind, c.what, c.one, c.other) for c in each.behind),
        )
        found.setdefault(each.path if everything else told, []).append(each)
    return list(found.values())


def row(name: str, one: str, other: str, indent: int = 0) -> Iterator[str]:
    """Three columns, each wrapped."""
    pad = " " * indent
    columns = [
        wrap(name, NAME - indent, break_on_hyphens=False) or [""],
        wrap(one, COLUMN) or [""],
        wrap(other, COLUMN) or [""],
    ]
    for number in range(max(map(len, columns))):
        cells = [column[number] if number < len(column) else "" for column in columns]
        yield f"{(pad + cells[0]).ljust(NAME)}{GAP}{cells[1].ljust(COLUMN)}{GAP}{cells[2]}".rstrip()


def _sides(one: QuestionShown, other: QuestionShown) -> Iterator[str]:
    yield from row("case", one.case, other.case)
    yield from row(
        "policy",
        f"{one.policy.id} ({one.policy.status})",
        f"{other.policy.id} ({other.policy.status})",
    )
    yield from row("decided as at", one.as_at, other.as_at)
    if one.not_a_rating or other.not_a_rating:
        yield from row("NOT A RATING", "; ".join(one.not_a_rating), "; ".join(other.not_a_rating))


def _answers(found: Difference, everything: bool, total: int) -> Iterator[str]:
    yield f"{len(found.differing)} of {total} answers differ"
    shown = 0
    for title, answers in (
        ("", [each for each in found.differing if each.published]),
        ("not published", [each for each in found.differing if not each.published]),
    ):
        kept = answers if everything else answers[: max(0, MOST - shown)]
        shown += len(kept)
        if kept and title:
            yield f"{title}:"
        for each in kept:
            yield from row(each.path, " or ".join(each.one), " or ".join(each.other), 2)
    if shown < len(found.differing):
        yield f"  and {len(found.differing) - shown} more (shown with `--all`)"


def _only(found: Difference, everything: bool) -> Iterator[str]:
    for words, paths in (
        ("only on the left", found.only_in_one),
        ("only on the right", found.only_in_other),
    ):
        if paths:
            yield ""
            yield f"{words}: {len(paths)} answer{'s' if len(paths) > 1 else ''}"
            most = len(paths) if everything else 4
            for path in paths[:most]:
                told = f"{path}: {' or '.join(found.values_alone[path])}"
                yield from wrap(
                    told, 98, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
                )
            if len(paths) > most:
                yield f"  and {len(paths) - most} more (shown with `--all`)"


def _is_withdrawn(parting: PartingAttribute) -> bool:
    return [each.kind for each in parting.behind] == ["withdrawn"]


def _withdrawn(partings: list[PartingAttribute]) -> Iterator[str]:
    """What one side does not publish, by who withdrew it."""
    by_words: dict[tuple[str, str], list[str]] = {}
    for each in partings:
        if _is_withdrawn(each):
            by_words.setdefault((each.behind[0].one, each.behind[0].other), []).append(each.path)
    for (one, other), paths in by_words.items():
        yield ""
        yield from row("where they part: publication", one, other)
        yield from (f"  {line}" for line in wrap(", ".join(paths), 98, break_on_hyphens=False))


def _parting(parting: PartingAttribute, found: Difference) -> Iterator[str]:
    yield from row(parting.path, " or ".join(parting.one), " or ".join(parting.other), 2)
    for each in parting.behind:
        yield from row(_words(each), each.one, each.other, 4)
    reached = [
        each.path
        for each in found.differing
        if parting.path in each.parts_at and each.path != parting.path
    ]
    if reached:
        yield from (
            f"    {line}" for line in wrap(f"reaches {few(reached, 3)}", 96, break_on_hyphens=False)
        )


def _words(contrast: Contrast) -> str:
    start = {
        "condition": "condition: ",
        "parameter": "parameter ",
        "fact": "fact: ",
        "rule": "" if contrast.what == "decided by" else "rule ",
    }
    return f"{start.get(contrast.kind, '')}{contrast.what}"
