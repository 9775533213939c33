"""Sources: the citations of rules, and whether the documents and paragraphs that they name are
there.
"""

from __future__ import annotations

from typing import Any

from rulewright.amendments.assembly import Assembly
from rulewright.amendments.sources import NoSource
from rulewright.ir.nodes import Citation
from rulewright.ir.program import Document
from rulewright.syntax.errors import Problems, nearest
from rulewright.syntax.models import CitationModel
from rulewright.syntax.text import key, place_of, text_of


def citations(written: Any) -> tuple[Citation, ...]:
    """The sources of a rule, as written."""
    if written is None:
        return ()
    found = []
    for each in written if isinstance(written, list) else [written]:
        found.append(
            Citation(
                *(
                    text_of(each.get(name) or "")
                    for name in ("document", "section", "paragraph", "mark", "note")
                )
            )
        )
    return tuple(found)


def cited_documents(assembly: Assembly) -> dict[str, Document]:
    """The documents that a policy may cite."""
    return {
        name: Document(
            name,
            text_of(d.title),
            text_of(d.publisher),
            str(d.date),
            d.seen,
            text_of(d.licence or ""),
        )
        for name, d in sorted(assembly.documents.items())
    }


def check_citations(assembly: Assembly, problems: Problems) -> None:
    """A rule cites documents that the rulebook lists, and of a document seen in whole only
    paragraphs that exist.
    """
    own = [
        assembly.policy.source,
        *(each.withdrawn.source for each in assembly.shown if each.withdrawn is not None),
    ]
    for cited_there in own:
        for model in cited_there if isinstance(cited_there, list) else [cited_there]:
            if isinstance(model, CitationModel) and model.document not in assembly.documents:
                problems.add(
                    "RW335",
                    place_of(model.document),
                    f"`{model.document}` is not a document of this rulebook",
                    nearest(model.document, assembly.documents),
                )
    written = [
        tree.get("source")
        for item in assembly.items.values()
        for tree in (item.tree, *(item.tree.get("rules") or [] if item.kind == "principle" else []))
    ]
    for source in (*written, *assembly.sources_of_changes.values()):
        for cited in source if isinstance(source, list) else [source] if source is not None else []:
            if not isinstance(cited, NoSource):
                _check(cited, assembly, problems)


def _check(cited: dict[str, Any], assembly: Assembly, problems: Problems) -> None:
    name = cited["document"]
    document = assembly.documents.get(str(name))
    if document is None:
        problems.add(
            "RW335",
            place_of(name),
            f"`{name}` is not a document of this rulebook",
            nearest(name, assembly.documents),
        )
    elif document.paragraphs and cited.get("paragraph") is not None:
        wanted = (
            f"{cited['section']} {cited['paragraph']}"
            if cited.get("section")
            else str(cited["paragraph"])
        )
        if key(wanted) not in {key(each) for each in document.paragraphs}:
            problems.add(
                "RW335",
                place_of(cited["paragraph"]),
                f"`{wanted}` is not a listed paragraph of `{name}`",
                nearest(wanted, document.paragraphs),
            )
