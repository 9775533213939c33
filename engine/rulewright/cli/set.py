"""`rulewright set`: one value changed in place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem, nearest, no_policy
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.workbench import Rules

from .common import FINE, handled, policy_option, rules_option, told_of_tables, told_of_the_rest
from .terminal import say, say_text

if TYPE_CHECKING:
    from rulewright.rulebook.rulebook import Rulebook


@click.command("set", short_help="Change single values in place")
@click.argument("assignments", nargs=-1, required=True, metavar="TARGET=VALUE...")
@click.option("--in", "file", help="The file of the rulebook: a part, or a policy.")
@policy_option
@rules_option
@click.option(
    "--dry-run", "--diff", "dry_run", is_flag=True, help="Write nothing; show what would change."
)
@handled
def command(
    assignments: tuple[str, ...],
    file: str | None,
    policy: str | None,
    rules: Path | None,
    dry_run: bool,
) -> int:
    """Set each TARGET (a row, a parameter, a field) to VALUE, in a part or in the amendment POLICY;
    all, or nothing.
    """
    from rulewright.editing.assignment import set_values

    if (file is None) == (policy is None):
        raise click.UsageError("say where: either --in FILE or --policy NAME")
    book = Rules(rules, to_mend=True).book
    name = _file_of_policy(book, policy) if policy is not None else _file_in(book, str(file))
    edit = set_values(book, name, assignments)
    if dry_run:
        say_text(edit.difference())
        told_of_the_rest(edit.left, dry=True)
        return FINE
    if edit.after != edit.before:
        edit.write()
    for change in edit.changes:
        number, line = edit.line(change)
        new = (
            "unchanged"
            if change.old == change.new
            else f"{change.old} -> {change.new}"
            if change.old
            else f"new: {change.new}"
        )
        say(f"{edit.shown}:{number}: {change.target}: {new}")
        say(f"    {line}")
    if edit.after != edit.before:
        told_of_tables(book, rules)
    told_of_the_rest(edit.left, written=edit.after != edit.before)
    return FINE


def _file_of_policy(book: Rulebook, policy: str) -> str:
    model = book.policies.get(policy)
    if model is not None:
        return model.policy.place.file.removeprefix(f"{book.shown}/")
    unread = next(
        (
            each
            for each in book.texts
            if each.endswith((".yaml", ".yml")) and _name_in(book, each) == policy
        ),
        None,
    )
    if unread is None:
        raise no_policy(policy, book.policies, book.shown, NOWHERE)
    return unread


def _name_in(book: Rulebook, file: str) -> str | None:
    """The name of the policy in a file that is a policy, if perhaps one that cannot be used."""
    try:
        tree = load_yaml(book.texts[file], f"{book.shown}/{file}")
    except InputError:
        return None
    name = tree.get("policy") if isinstance(tree, dict) else None
    return str(name) if isinstance(name, str) else None


def _file_in(book: Rulebook, file: str) -> str:
    """The path in the rulebook of a file that is named from the present folder, or from that of the
    rulebook.
    """
    for each in (Path(file), book.root / file):
        try:
            name = (each.parent.resolve() / each.name).relative_to(book.root.resolve()).as_posix()
        except (ValueError, OSError):
            continue
        if name in book.texts:
            return name
        if unread := [each for each in book.unread if each.place.file == f"{book.shown}/{name}"]:
            raise InputError(unread)
    known = [f"{book.shown}/{each}" for each in book.texts if not each.endswith(".csv")]
    raise InputError(
        Problem(
            Place(""),
            "RW433",
            f"`{file}` is no file of the rulebook `{book.shown}`",
            nearest(file, known) or "name its folder with `--rules`",
        )
    )
