"""What a change is meant to do: a file of the differences that are intended, each with a reason and
who approved it.

    intended:
      - case: 13 of 32 is 41, in the band of requires improvement
        attribute: trust > trust rating
        before: requires improvement
        after: good
        reason: the band begins at 41
        approved by: Policy Board, 12 May 2025

`*` stands for anything. Where only the deciding rule differs, `before` and `after` are `decided by
RULE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.text import Map, Text, fits, key, place_of
from rulewright.syntax.visible import visible
from rulewright.syntax.yaml_loader import load_yaml_file
from rulewright.syntax.yaml_text import in_quotes

from .record import Comparison, DifferingValue, IntendedLine
from .wording import deed, told

FIELDS = ("case", "attribute", "before", "after", "reason", "approved by")
_MAY_BE_LEFT_OUT = ("file",)


@dataclass
class ApprovalLine:
    """One line, where it stands, and what it has answered for.

    file: of the case, where several cases have one name. exact: a case is called just that, so that
    a `*` in it is its own.
    """

    said: IntendedLine
    place: Place
    file: str = ""
    exact: bool = False

    def is_about(self, each: DifferingValue) -> bool:
        """Whether it is about this attribute of this case."""
        if self.file and not each.file.endswith(self.file):
            return False
        root = each.entity.partition(" > ")[0]
        paths = {each.path, each.path.removeprefix(f"{root} > ")}
        named = (
            key(self.said.case) == key(each.case)
            if self.exact
            else _like(self.said.case, each.case)
        )
        return named and any(_like(self.said.attribute, path) for path in paths)

    def covers(self, each: DifferingValue) -> bool:
        """Whether the difference is the one that is intended."""
        before, after = map(_in_order, told(each))
        return (
            self.is_about(each)
            and _like(_in_order(self.said.before), before)
            and _like(_in_order(self.said.after), after)
        )


def load_intended(path: Path) -> list[ApprovalLine]:
    """The lines of a file. Raises `InputError` (RW833) with every mistake in it."""
    tree = load_yaml_file(path)
    lines = tree.get("intended") if isinstance(tree, Map) else None
    if not isinstance(lines, list) or (isinstance(tree, Map) and len(tree) > 1):
        raise InputError(
            Problem(
                place_of(tree, Place(str(path))),
                "RW833",
                "the file is not a list of what is intended",
                "begin it with `intended:` and below it one entry for each difference",
            )
        )
    problems = Problems()
    found = [
        line
        for each in lines
        if (line := _line(each, place_of(each, Place(str(path))), problems)) is not None
    ]
    problems.stop_if_any()
    return found


def _line(tree: object, place: Place, problems: Problems) -> ApprovalLine | None:
    if not isinstance(tree, Map):
        wanted = ", ".join(f"`{each}:`" for each in FIELDS)
        problems.add(
            "RW833", place, "this is not a difference that is intended", f"write {wanted} below `-`"
        )
        return None
    before = len(problems.found)
    for word, content in tree.items():
        if word not in (*FIELDS, *_MAY_BE_LEFT_OUT):
            problems.add(
                "RW833",
                place_of(word, place),
                f"`{word}` is not known here",
                nearest(str(word), (*FIELDS, *_MAY_BE_LEFT_OUT)),
            )
        elif not isinstance(content, Text) or not content.strip():
            what = "is left empty" if content is None or content == "" else "is not one text"
            problems.add(
                "RW833",
                place_of(word, place),
                f"`{word}` {what}",
                "write it out: a difference without it is not intended",
            )
    for each in FIELDS:
        if each not in tree:
            problems.add(
                "RW833",
                place,
                f"`{each}` is missing",
                "say what differs, from what to what, why, and who approved it",
            )
    if len(problems.found) > before:
        return None
    case, attribute, old, new, reason, approved_by = (
        " ".join(str(tree[each]).split()) for each in FIELDS
    )
    return ApprovalLine(
        IntendedLine(case, attribute, old, new, reason, approved_by),
        place,
        str(tree.get("file") or ""),
    )


def held_against(found: Comparison, lines: list[ApprovalLine]) -> tuple[Comparison, list[Problem]]:
    """The comparison with the reasons of what is intended, and a problem (RW834) for each line that
    did not happen.
    """
    differences = []
    names = {key(each.case) for each in found.differences}
    for line in lines:
        line.exact = key(line.said.case) in names
    for each in found.differences:
        covering = [line for line in lines if line.covers(each)]
        for line in covering:
            line.said.differences += 1
        differences.append(
            replace(
                each,
                intended=f"{covering[0].said.reason} ({covering[0].said.approved_by})"
                if covering
                else "",
            )
        )
    counts = replace(found.counts, not_intended=sum(1 for each in differences if not each.intended))
    missed = [_did_not_happen(line, differences) for line in lines if not line.said.differences]
    return replace(
        found, differences=differences, counts=counts, intended=[line.said for line in lines]
    ), missed


def _did_not_happen(line: ApprovalLine, differences: list[DifferingValue]) -> Problem:
    said = line.said
    what = f"what is intended did not happen: `{said.attribute}` of `{said.case}` from `{said.before}` to `{said.after}`"
    about = [each for each in differences if line.is_about(each)]
    of_case = [each for each in differences if _like(said.case, each.case)]
    if about:
        help = f"it went {_nearest_to(said, about)}"
    elif of_case:
        near = nearest(said.attribute, [each.path for each in of_case])
        help = (
            near if near.startswith("did you mean") else "this attribute of the case is as it was"
        )
    else:
        near = nearest(said.case, [each.case for each in differences])
        help = near if near.startswith("did you mean") else "no case of that name differs"
    return Problem(line.place, "RW834", what, help)


def _nearest_to(said: IntendedLine, about: list[DifferingValue]) -> str:
    """From what to what it went, in the difference that is most like the one intended."""
    went = {f"from `{before}` to `{after}`": None for before, after in map(told, about)}
    return get_close_matches(f"from `{said.before}` to `{said.after}`", went, n=1, cutoff=0.0)[0]


def _in_order(value: str) -> str:
    """A value as written, those that are possible in one order."""
    word, undetermined, possible = value.partition("undetermined: ")
    return (
        word + undetermined + " or ".join(sorted(possible.split(" or "))) if undetermined else value
    )


def _like(pattern: str, name: str) -> bool:
    one, other = key(pattern), key(name)
    return one == other or ("*" in one and fits(other, one))


# -- a draft


def draft(found: Comparison) -> str:
    """A file in which every difference that is not yet intended is a line; its reason and approval
    are left to be filled in.
    """
    names = {each.id: deed(each) for each in found.changes}
    lines = [
        "# Each line is one difference that is intended. Fill in every `reason` and `approved by`; take out what is not intended:",
        "# `rulewright compare … --intended` then ends with exit code 1 for whatever no line answers for.",
        "",
        "intended:",
    ]
    files: dict[str, set[str]] = {}
    for each in found.differences:
        files.setdefault(each.case, set()).add(each.file)
    for cause in found.causes:
        mine = [
            each for each in found.differences if each.cause == cause.number and not each.intended
        ]
        if mine:
            lines += [
                "",
                visible(
                    f"  # {'; '.join(names.get(one, one) for group in cause.groups for one in group)}"
                ),
            ]
            lines += [line for each in mine for line in _drafted(each, len(files[each.case]) > 1)]
    if lines[-1] == "intended:":
        lines[-1] = "intended: []"
    return "\n".join(lines) + "\n"


def _drafted(each: DifferingValue, ambiguous: bool) -> Iterator[str]:
    before, after = told(each)
    said = [
        ("case", each.case),
        *([("file", each.file)] if ambiguous else []),
        ("attribute", each.path),
        ("before", before),
        ("after", after),
    ]
    for number, (name, text) in enumerate(said):
        yield f"  {'-' if number == 0 else ' '} {name}: {in_quotes(text)}"
    yield from ("    reason:", "    approved by:")


def unanswered(found: Comparison) -> Iterable[DifferingValue]:
    """The differences that no line answers for."""
    return (each for each in found.differences if not each.intended)
