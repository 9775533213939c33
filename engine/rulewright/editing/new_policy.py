"""`new policy`: an amendment with nothing in it yet, and comments that say what each field is."""

from __future__ import annotations

from pathlib import Path

from rulewright.amendments.chain import assemble
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import NOWHERE, InputError, Problem, no_policy
from rulewright.syntax.text import Text, place_of
from rulewright.syntax.visible import visible
from rulewright.syntax.yaml_text import spelled

from .new_file import New, checked_name, new_place
from .verification import verify


def new_policy(book: Rulebook, name: str, amends: str, title: str = "", where: str = "") -> New:
    """An amendment of the policy `amends`. `where`: options that the next command needs.

    Raises `InputError`: RW402, RW430, RW431, RW438.
    """
    checked_name(name, "policy")
    other = next((each for each in book.policies if each.lower() == name.lower()), None)
    if other is not None:
        raise InputError(
            Problem(
                place_of(book.policies[other].policy),
                "RW431",
                f"there is already a policy `{other}`",
                "choose another name",
            )
        )
    if amends not in book.policies:
        raise no_policy(amends, book.policies, book.shown, NOWHERE)
    beside = Path(place_of(book.policies[amends].policy).file.removeprefix(f"{book.shown}/")).parent
    file = (beside / f"{name}.yaml").as_posix()
    shown = f"{book.shown}/{file}"
    path = new_place(book, file)
    text = _amendment(
        name,
        " ".join(title.split()) or f"An amendment of {amends}",
        amends,
        _examples(book, amends),
    )
    left = verify(book, {**book.texts, file: text}, shown)
    return New(
        path,
        shown,
        None,
        text,
        f"say what changes: `rulewright set 'TARGET=VALUE' --policy {name}{where}`, or write it into the file",
        left,
    )


def _amendment(name: str, title: str, amends: str, examples: list[str]) -> str:
    return (
        "\n".join(
            [
                f"# An amendment of `{visible(amends)}`: it holds only what differs. All else stays as it is there.",
                "",
                f"policy: {spelled(name)}  # its name: cases, commands and other policies use it",
                f"title: {spelled(title)}  # for readers",
                "status: proposed  # once adopted `in force`, with dates: `in force: {from: 2030-04-01}`",
                f"amends: {spelled(amends)}  # the policy that this one changes",
                "",
                "# source: {document: DOCUMENT, mark: published}  # where the changes come from: what is changed carries it from now on",
                "",
                "# What changes. Take the `# ` away from the lines that you need, and put your own names and values there.",
                "#",
                "# replaces:  # what stands there from now on; a rule: the fields that change, the others stay",
                *(f"#   {visible(each)}" for each in examples),
                "# repeals:  # what goes",
                "#   - NAME",
                "# adds:  # what comes: the name of a part, or a rule written out",
                f"#   - rule: {name}.note",
                "#     of: …",
                "#     note: …",
            ]
        )
        + "\n"
    )


def _examples(book: Rulebook, amends: str) -> list[str]:
    """What could be replaced: the first row, parameter and rule of the amended policy, as they are
    now.
    """
    try:
        items = list(assemble(book, amends).items.values())
    except InputError:  # it is still to be mended
        items = []
    found = []
    for item in items:
        rows = item.tree.get("rows")
        if item.kind == "table" and isinstance(rows, dict):
            found.append(
                f"{spelled(f'{item.id}[{next(iter(rows))}]')}: {spelled(str(next(iter(rows.values()))))}  # a row of a table"
            )
            break
    for item in items:
        if item.kind == "parameter" and isinstance(item.tree.get("value"), Text):
            found.append(
                f"{spelled(str(item.id))}: {spelled(str(item.tree['value']))}  # a parameter"
            )
            break
    for item in items:
        if item.kind == "rule" and isinstance(item.tree.get("then"), Text):
            found += [
                f"{spelled(str(item.id))}:  # a rule",
                f"  then: {spelled(' '.join(item.tree['then'].split()))}",
            ]
            break
    return found or ["NAME: VALUE"]
