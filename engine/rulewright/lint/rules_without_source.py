"""RW708: a rule that does not say where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Place, Problem

from .compiled import Compiled, WrittenRule

CODE = "RW708"


def rules_without_source(policy: Compiled) -> Iterator[Problem]:
    """Each rule, table, principle and parameter without a source; of a rulebook without documents
    only that.

    A rule of a principle has the source of the principle or of its use, a row that of its table.
    """
    bare = sorted(
        {
            (place_written(policy, each), title(each))
            for each in policy.written
            if not each.rule.citations
        }
    )
    bare += sorted(
        (p.place, f"the parameter `{p.name}`")
        for p in policy.program.parameters.values()
        if not p.citations
    )
    if not policy.book.documents and bare:
        place = policy.book.policies[policy.name].policy.place
        yield Problem(
            place,
            CODE,
            f"none of the {len(bare)} rules of `{policy.name}` has a source: no document is listed",
            "list documents in a file of `documents:` and cite them with `source:`",
            "warning",
        )
        return
    for place, named in bare:
        yield Problem(
            place, CODE, f"{named} has no source", "add `source: {document: …, mark: …}`", "warning"
        )


def title(written: WrittenRule) -> str:
    """A rule in messages; of a row its table."""
    table, row, _ = written.name.partition("[")
    return f"the table `{table}`" if row and "@" not in written.rule.id else f"`{table}`"


def place_written(policy: Compiled, written: WrittenRule) -> Place:
    """Where a rule, or the table of a row, is written."""
    table, row, _ = written.rule.written.partition("[")
    return (
        policy.assembly.items[table].place
        if row and table in policy.assembly.items
        else written.rule.place
    )
