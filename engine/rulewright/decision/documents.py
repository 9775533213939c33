"""The documents that a ledger stores, as they are read: of the form that they name, of the shape of
a class, in canonical form.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from rulewright.syntax.canonical import canonical, canonical_quickly, document_of
from rulewright.syntax.declared_types import Reader, WrongShape, reader

T = TypeVar("T")


def document_as(
    kind: type[T], content: bytes, schema: str, what: str, any_names: bool = False
) -> T:
    """The document that `what` is, as a `kind`. Raises `ValueError`, which says what is wrong with
    it, or `RecursionError`.

    A document in another than the canonical form is refused: of a name that is there twice one
    reader might take the first, and another the last. any_names: whether names may be other than
    ASCII.
    """
    document = document_of(content, schema, what)
    read: Reader = reader(cast(Any, kind))
    try:
        found: T = read({name: each for name, each in document.items() if name != "schema"})
    except WrongShape as error:
        article = "an" if what[0] in "aeiou" else "a"
        raise ValueError(f"the {what} does not hold what {article} {what} holds: {error}") from None
    written = canonical if any_names and not content.isascii() else canonical_quickly
    try:
        usual = written(document) == content
    except ValueError:  # half a surrogate pair, a number that JSON has not
        usual = False
    if not usual:
        raise ValueError(f"the {what} is not in canonical form")
    return found
