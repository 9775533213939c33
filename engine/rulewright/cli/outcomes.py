"""Writing outcomes: as a tree with colours on a terminal; plain, unwrapped and stable when
piped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rulewright.decision.outcome import Outcome
from rulewright.explain.branches import Branch, plain_lines
from rulewright.explain.page import head, ratings, rests_on, table_lines, why

from .common import on_terminal
from .terminal import console, say, styled

if TYPE_CHECKING:
    from rich.tree import Tree

STYLES = {
    "answer": "bold",
    "rule": "cyan",
    "met": "",
    "quiet": "dim",
    "head": "bold underline",
    "": "",
}


def write_outcome(outcome: Outcome, everything: bool = False) -> None:
    """Ratings first, then why, then what it rests on."""
    decision = outcome.decision
    reasons = Branch("why", "head", why(decision, everything))
    rest = list(rests_on(outcome, everything))
    columns, rows = ratings(decision)
    made = outcome.made_by
    note = f"; {made.note}" if made.note else ""
    foot = f"answered by {' and '.join(made.engines)}{note}; program {decision.program_digest[:19]}, case {decision.case_digest[:19]}"
    if on_terminal():
        _to_terminal(head(outcome), columns, rows, [reasons, *rest], foot)
        return
    lines = [*head(outcome), "", *table_lines(columns, rows)]
    for branch in (reasons, *rest):
        lines += ["", *plain_lines(branch)]
    say(*lines, "", foot)


def write_branches(branches: Iterable[Branch]) -> None:
    """Explanations alone."""
    if on_terminal():
        _to_terminal([], [], [], list(branches), "")
        return
    for branch in branches:
        say(*plain_lines(branch))


def write_page(lines: list[str], branches: Iterable[Branch]) -> None:
    """A few lines, then explanations under titles."""
    if on_terminal():
        _to_terminal(lines, [], [], list(branches), "")
        return
    written = list(lines)
    for branch in branches:
        written += ["", *plain_lines(branch)]
    say(*written)


def _to_terminal(
    lines: list[str], columns: list[str], rows: list[list[str]], branches: list[Branch], foot: str
) -> None:
    from rich.table import Table

    terminal = console()
    for index, line in enumerate(lines):
        terminal.print(
            styled(line, "bold" if index == 0 else "bold red" if line.startswith("NOT") else "")
        )
    if rows:
        table = Table(box=None, header_style="bold", padding=(0, 1))
        for column in columns:
            table.add_column(styled(column))
        for row in rows:
            table.add_row(*map(styled, row))
        terminal.print()
        terminal.print(table)
    for branch in branches:
        terminal.print()
        terminal.print(_tree(branch))
    if foot:
        terminal.print()
        terminal.print(styled(foot, "dim"))


def _tree(branch: Branch) -> Tree:
    from rich.tree import Tree

    tree = Tree(styled(branch.text, STYLES[branch.tone]), guide_style="dim")
    for each in branch.below:
        tree.add(_tree(each))
    return tree
