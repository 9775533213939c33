"""`set`: one value of a rulebook's file changed in place, the whole rulebook compiled before
anything is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rulewright.amendments.assembly import Assembly
from rulewright.amendments.chain import assemble
from rulewright.amendments.targets import names_of_targets
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem, Problems, nearest
from rulewright.syntax.file_writer import place_to_write, read_again, replace_text
from rulewright.syntax.models import PolicyModel
from rulewright.syntax.text import key
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.syntax.yaml_text import in_brackets, spelled

from .amended_values import ReplacedLine, line_for, other_names
from .new_files import difference
from .targets import (
    Assignment,
    entry_at,
    full_steps,
    items_of,
    longest_name,
    read_assignment,
    steps_of,
)
from .verification import verify
from .yaml_editor import Splice, UnsafeEditError
from .yaml_nodes import YamlNode, meant

_NAMED_BY_PEOPLE = (
    "rows",
    "values",
    "inputs",
    "replaces",
    "let",
    "takes",
    "other readings",
    "paragraphs",
)
_HEAD = ("policy", "title", "status", "in force", "amends")
_FIELDS = {field.alias or name for name, field in PolicyModel.model_fields.items()} - {"place_"}


@dataclass(frozen=True)
class ValueChange:
    """One value: what it was (empty: there was none), what it is, and at which character of the new
    text.
    """

    target: str
    old: str
    new: str
    at: int


@dataclass(frozen=True)
class FileEdit:
    """A file of a rulebook, before and after.

    `left`: what is still wrong with the rulebook then.
    """

    path: Path
    shown: str
    before: str
    after: str
    changes: tuple[ValueChange, ...]
    bytes_before: bytes
    left: tuple[Problem, ...] = ()

    def difference(self) -> str:
        """What changes, as a unified diff."""
        return difference(self.before, self.after, self.shown)

    def line(self, change: ValueChange) -> tuple[int, str]:
        """Where a change stands in the new text."""
        number = self.after.count("\n", 0, change.at) + 1
        return number, self.after.split("\n")[number - 1].strip()

    def write(self) -> None:
        """Write the file. Raises `InputError` (RW435, RW438)."""
        replace_text(self.path, self.bytes_before, self.after, self.shown)


def set_values(book: Rulebook, file: str, assignments: Sequence[str]) -> FileEdit:
    """The edit of `file` (its path in the rulebook) that gives each target its value; nothing is
    written yet.

    `book` may be one with mistakes (`Rules(to_mend=True)`). Raises `InputError`: RW432, RW433,
    RW436 about a target, RW434 when a sealed policy would change, RW438, and whatever the edit
    would add to what is wrong with the rulebook.
    """
    path = place_to_write(book.root, file, f"{book.shown}/{file}")
    before = book.texts[file]
    if file.endswith(".csv"):
        raise InputError(
            Problem(
                Place(f"{book.shown}/{file}"),
                "RW436",
                "`set` changes parts and policies only",
                "edit this file itself",
            )
        )
    load_yaml(before, f"{book.shown}/{file}")  # what is no YAML has no values to be set
    bytes_before = read_again(path, before, f"{book.shown}/{file}")
    problems = Problems()
    changes: list[ValueChange] = []
    text = before
    seen: set[str] = set()
    for written in assignments:
        try:
            assignment = read_assignment(written)
            if assignment.target.lower() in seen:
                raise _refusal("RW432", f"`{assignment.target}` is set twice", "keep one of them")
            seen.add(assignment.target.lower())
            setter = _Setter(book, file, text)
            old, at = setter.change(assignment)
            after = _done(setter.splice, assignment)
        except InputError as error:
            problems.take(error)
            continue
        changes = [replace(each, at=setter.splice.moved(each.at)) for each in changes]
        changes.append(
            ValueChange(
                assignment.target,
                old,
                assignment.value,
                _place_of_value(setter.splice, assignment, at),
            )
        )
        text = after
    problems.stop_if_any()
    left = verify(book, {**book.texts, file: text}, f"{book.shown}/{file}")
    return FileEdit(path, f"{book.shown}/{file}", before, text, tuple(changes), bytes_before, left)


def _done(splice: Splice, assignment: Assignment) -> str:
    """The text with one value changed.

    Raises `InputError` (RW436) where that would lose a comment, or say something else.
    """
    try:
        return splice.done()
    except UnsafeEditError as error:
        if error.comments:
            raise _refusal(
                "RW436",
                f"comments stand inside `{assignment.target}`, and would be lost",
                f"change its entries one by one: `{assignment.target}[1]`",
            ) from None
        raise _refusal(
            "RW436",
            f"`{assignment.target}` cannot be changed in place as the file is laid out",
            "bring the file into style with `rulewright fmt`, or change it by hand",
        ) from None


def _place_of_value(splice: Splice, assignment: Assignment, at: int) -> int:
    """Where the value of an assignment stands in the new text; `at`: where it stands already."""
    if not splice.edits:
        return at
    start, _, new = splice.edits[0]
    written = in_brackets(assignment.tree) if assignment.is_list else spelled(assignment.value)
    return start + max(0, new.rfind(written))


Changed = tuple[str, int]  # what the value was before, and where it stands when it is so already


class _Setter:
    """One assignment in one text."""

    def __init__(self, book: Rulebook, file: str, text: str) -> None:
        self.book, self.file, self.text = book, file, text
        self.splice = Splice(text)
        self.root = self.splice.root

    def change(self, assignment: Assignment) -> Changed:
        """Make it, as an edit of the splice. Raises `InputError` (RW432, RW433, RW436)."""
        if self.root.kind == "list":
            return self._in_items(assignment, list(items_of(self.root))) or self._nowhere(
                assignment
            )
        if self.root.get("policy") is None:
            raise InputError(
                Problem(
                    Place(f"{self.book.shown}/{self.file}"),
                    "RW436",
                    "`set` changes parts and policies only",
                    "edit this file itself",
                )
            )
        return self._in_policy(assignment)

    def _nowhere(self, assignment: Assignment) -> Changed:
        """Told with the nearest name here, or where the name stands instead."""
        names = (
            [name for _, name, _ in items_of(self.root)]
            if self.root.kind == "list"
            else sorted(_FIELDS)
        )
        elsewhere = [
            (part, str(item.id))
            for part, items in sorted(self.book.parts.items())
            for item in items
        ]
        known = longest_name(assignment.target, [name for _, name in elsewhere])
        part = next((part for part, name in elsewhere if name == known), "")
        help = f"it is in `{part}`; {self._ways(part)}" if part else ""
        raise _refusal(
            "RW433",
            f"there is nothing called `{assignment.target}` in `{self.book.shown}/{self.file}`",
            help or nearest(longest_stem(assignment.target), names),
        )

    def _ways(self, part: str) -> str:
        """How what is in a part may be changed: in place only where no sealed policy would change
        with it.
        """
        sealed = next(
            (name for name in sorted(self.book.seals) if part in self._parts_of(name)), None
        )
        if sealed is None:
            return f"change it there: `--in {self.book.shown}/{part}`, or amend it in a policy of your own"
        return f"the sealed policy `{sealed}` uses it, so amend it in a policy of your own: `rulewright new policy NAME --amends {sealed}`"

    def _parts_of(self, policy: str) -> set[str]:
        """The parts of a policy and of those that it amends."""
        found: set[str] = set()
        seen: set[str] = set()
        while (model := self.book.policies.get(policy)) is not None and policy not in seen:
            seen.add(policy)
            found |= {str(each) for each in (*model.parts, *model.adds) if isinstance(each, str)}
            policy = str(model.amends)
        return found

    def _in_items(
        self, assignment: Assignment, items: list[tuple[str, str, YamlNode]]
    ) -> Changed | None:
        name = longest_name(assignment.target, [each for _, each, _ in items])
        if name is None:
            return None
        kind, _, node = next(each for each in items if each[1] == name)
        rest = assignment.target[len(name) :].strip()
        steps = full_steps(kind, steps_of(rest, assignment.target), rest.startswith("["))
        if not steps:
            raise _refusal(
                "RW436",
                f"`{name}` is a {kind}",
                f"name what of it: `{name}.{_a_field(node, kind)}`",
            )
        return self._at(assignment, node, steps, name)

    def _at(
        self,
        assignment: Assignment,
        node: YamlNode,
        steps: list[str],
        name: str,
        amending: bool = False,
    ) -> Changed:
        above = name
        for index, step in enumerate(steps):
            found = entry_at(node, step) if node.kind == "list" else node.get(step)
            if found is None:
                return self._missing(assignment, node, steps[index:], above, amending)
            node, above = found, step
        return self._value(assignment, node)

    def _missing(
        self, assignment: Assignment, node: YamlNode, steps: list[str], above: str, amending: bool
    ) -> Changed:
        if node.kind == "map" and (
            amending or (above not in _NAMED_BY_PEOPLE and not steps[0].isdecimal())
        ):
            tree: Any = assignment.tree
            for step in reversed(steps[1:]):
                tree = {step: tree}
            return self._added(node, steps[0], tree)
        if node.kind == "map":
            what = "there is no row" if above == "rows" else f"`{above}` has no"
            raise _refusal(
                "RW433",
                f"{what} `{steps[0]}`",
                nearest(steps[0], [each.value for each, _ in node.entries]),
            )
        if node.kind == "list":
            ids = [row.get("id") for row in node.items]
            names = [each.value for each in ids if each is not None]
            help = (
                nearest(steps[0], names)
                if names
                else f"it has {len(node.items)}: `{above}[1]` is the first"
            )
            raise _refusal("RW433", f"`{above}` has no entry `{steps[0]}`", help)
        if above == "rows":
            raise _refusal(
                "RW436",
                f"the rows stand in the file `{node.value}`",
                "edit that file, or amend the row in a policy",
            )
        raise _refusal(
            "RW433",
            f"`{above}` is one text: nothing lies below it",
            f"leave `{steps[0]}` out of the target",
        )

    # -- edits

    def _value(self, assignment: Assignment, node: YamlNode) -> Changed:
        """The value of a node changed in place."""
        if node.kind in ("list", "map") and node.entries and not assignment.is_list:
            what = f"a list of {len(node.entries)}" if node.kind == "list" else "a mapping"
            inner = (
                f"{assignment.target}[1]"
                if node.kind == "list"
                else f"{assignment.target}.{node.entries[0][0].value}"
            )
            raise _refusal(
                "RW436",
                f"`{assignment.target}` is {what}, not one value",
                f"name one of its entries: `{inner}`",
            )
        if node.says(meant(assignment.tree)) or (
            node.kind == "text" and node.value == assignment.tree
        ):
            return assignment.value, node.start  # so already, however it is written
        old = (
            node.value
            if node.kind == "text"
            else ""
            if node.kind == "nothing"
            else self.text[node.start : node.end]
        )
        self.splice.replace(node, assignment.tree)
        return " ".join(old.split()), node.start

    def _added(self, node: YamlNode, name: str, tree: Any) -> Changed:
        """A new entry at the end of a mapping; in a policy's own fields behind those that say which
        policy it is.
        """
        heads = (
            [max(a.end, b.end) for a, b in node.entries if a.value in _HEAD]
            if node is self.root
            else []
        )
        self.splice.add(node, name, tree, behind=max(heads, default=None))
        return "", node.end

    # -- policies

    def _in_policy(self, assignment: Assignment) -> Changed:
        adds = self.root.get("adds")
        inline = list(items_of(adds)) if adds is not None and adds.kind == "list" else []
        found = self._in_items(assignment, inline)
        if found is not None:
            return found
        amended = self.root.get("amends")
        assembly = self._assembly(amended, assignment)
        entry = line_for(assembly, assignment) if assembly is not None else None
        if entry is not None:
            return self._amended(assignment, entry)
        steps = _own_steps(assignment)
        if key(steps[0]) in _FIELDS:
            return self._at(assignment, self.root, steps, "")
        if amended is not None:
            self._refuse_what_a_part_adds(assignment)
            known = [*(names_of_targets(assembly) if assembly is not None else ()), *_FIELDS]
            near = nearest(assignment.target, known)
            raise _refusal(
                "RW433",
                f"there is nothing called `{assignment.target}` in `{amended.value}`, which this policy amends",
                near if near.startswith("did") else nearest(longest_stem(assignment.target), known),
            )
        return self._nowhere(assignment)

    def _assembly(self, amended: YamlNode | None, assignment: Assignment) -> Assembly | None:
        """The policy that this one amends.

        Raises `InputError` when that is broken, unless a field of this one is set.
        """
        try:
            return assemble(self.book, amended.value) if amended is not None else None
        except InputError:
            if key(_own_steps(assignment)[0]) in _FIELDS:
                return None
            raise

    def _refuse_what_a_part_adds(self, assignment: Assignment) -> None:
        """What the policy itself adds is changed in its part."""
        name = self.root.get("policy")
        model = self.book.policies.get(name.value) if name is not None else None
        for part in (
            [*model.parts, *(each for each in model.adds if isinstance(each, str))]
            if model is not None
            else []
        ):
            if (
                longest_name(
                    assignment.target, [str(item.id) for item in self.book.parts.get(str(part), ())]
                )
                is not None
            ):
                raise _refusal(
                    "RW433",
                    f"this policy does not amend `{assignment.target}`, it adds it, in `{part}`",
                    self._ways(str(part)),
                )

    def _amended(self, assignment: Assignment, entry: ReplacedLine) -> Changed:
        """The entry under `replaces` changed, or added."""
        own = self.root.get("parameters")
        if entry.kind == "parameter" and own is not None and own.get(entry.name) is not None:
            return self._at(assignment, own, [entry.name], "parameters")
        replaces = self.root.get("replaces")
        there, entry = _written(replaces, entry)
        if there is None:
            tree: Any = entry.value
            for step in reversed(entry.steps):
                tree = {step: tree}
            if replaces is None:
                self.splice.append("replaces", {entry.name: tree})
            else:
                self.splice.add(replaces, entry.name, tree)
            return entry.old, self.root.end
        steps = list(entry.steps)
        if entry.kind == "parameter" and there.kind == "map" and not steps:
            steps = ["value"]
        if steps and there.kind != "map":
            raise _refusal(
                "RW436",
                f"`{entry.name}` is replaced by one value here",
                f"set `{entry.name}` itself",
            )
        if not steps:
            return self._value(assignment, there)
        if there.get(steps[0]) is not None:
            return self._at(
                assignment, there, list(entry.whole) or steps, entry.name, amending=True
            )
        tree = entry.value
        for step in reversed(steps[1:]):
            tree = {step: tree}
        self.splice.add(there, steps[0], tree)
        return entry.old, there.end


def _own_steps(assignment: Assignment) -> list[str]:
    """The target as a field of the policy itself: `in force`, `until`."""
    return (
        steps_of(f".{assignment.target}", assignment.target)
        if not assignment.target.startswith("[")
        else [""]
    )


def _written(
    replaces: YamlNode | None, entry: ReplacedLine
) -> tuple[YamlNode | None, ReplacedLine]:
    """Where an amendment replaces the thing already: under its own name, or inside the table or
    principle that it is part of.
    """
    ways = (
        [(replaces.get(each.name), each) for each in other_names(entry)]
        if replaces is not None
        else []
    )
    found = [(_down(node, each.above), each) for node, each in ways if node is not None]
    there = [(node, each) for node, each in found if node is not None]
    says = [(node, each) for node, each in there if _down(node, each.steps) is not None]
    return next(iter(says or there), (None, entry))


def _down(node: YamlNode | None, steps: tuple[str, ...]) -> YamlNode | None:
    for step in steps:
        if node is not None:
            node = entry_at(node, step) if node.kind == "list" else node.get(step)
    return node


def longest_stem(target: str) -> str:
    """The target without its last step: what is nearest to a name."""
    return target.partition("[")[0].strip()


def _a_field(node: YamlNode, kind: str) -> str:
    """A field of an entry, to show how one is named."""
    fields = [name.value for name, _ in node.entries]
    wanted = ("then", "otherwise", "limit", "note", "warn", "of", "assumed", "gives")
    return next((each for each in wanted if each in fields), kind)


def _refusal(code: str, message: str, help: str) -> InputError:
    return InputError(Problem(NOWHERE, code, message, help))
