"""RW724: a citation of a document that nobody saw."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Problem

from .citations import citing
from .compiled import Compiled

CODE = "RW724"


def documents_not_seen(policy: Compiled) -> Iterator[Problem]:
    """Citations of documents with `seen: not seen`."""
    if not policy.is_first:
        return
    unseen = {
        name for name, document in policy.book.documents.items() if document.seen == "not seen"
    }
    told = set()
    for each in citing(policy.policies):
        if each.document in unseen and each.place not in told:
            told.add(each.place)
            yield Problem(
                each.place,
                CODE,
                f"`{each.name}` cites `{each.document}`, which was not seen",
                "cite what was seen, or say in `documents` how much of it was seen",
            )
