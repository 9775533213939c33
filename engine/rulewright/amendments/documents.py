"""Documents of `sources.yaml` as targets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import DocumentModel
from rulewright.syntax.text import Map, Text, place_of

from .fields import Field, Replacement, fields_set
from .target import Gone, Repealable, Target

if TYPE_CHECKING:
    from .assembly import Assembly


@dataclass(frozen=True)
class DocumentTarget(Repealable):
    """A document that rules may cite."""

    id: str

    @property
    def name(self) -> str:
        return self.id

    @classmethod
    def every(cls, assembly: Assembly) -> Iterator[Self]:
        yield from map(cls, map(str, assembly.documents))

    @classmethod
    def named(cls, assembly: Assembly, written: str) -> list[Self]:
        return [cls(str(written))] if str(written) in assembly.documents else []

    def kind_in(self, assembly: Assembly) -> str:
        return "document"

    def read(self, assembly: Assembly) -> Any:
        model = assembly.documents.get(self.id)
        if model is None:
            return None
        written = model.model_dump(by_alias=True, exclude_none=True)
        return {name: content for name, content in written.items() if content}

    def replace(self, assembly: Assembly, replacement: Replacement) -> list[Field] | None:
        new = replacement.content
        if not isinstance(new, dict):
            return None
        old = assembly.documents[self.id].model_dump(by_alias=True, exclude_none=True)
        whole = Map({**{Text(k): v for k, v in old.items() if k not in new}, **new})
        whole.place = place_of(new)
        file = place_of(replacement.written).file
        with replacement.noting():
            assembly.documents[self.id] = read_as(DocumentModel, whole, file)
        return list(fields_set(replacement.field((self.id,), self.id), {}, new))

    def remove(self, assembly: Assembly, lasting: Collection[Target]) -> list[str]:
        assembly.gone[self.id] = Gone(self, assembly.documents.pop(self.id))
        assembly.repealed[self.id] = "document"
        return [self.id]

    def restore(self, assembly: Assembly, gone: Gone) -> bool:
        assembly.documents[self.id] = gone.content
        assembly.repealed.pop(self.id, None)
        return True
