"""Which facts may change: all, but for those that are kept; or only those that are named."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.facts.cases import Case, Entity
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.text import key


class Fixing:
    """The facts of a case that may change.

    keep and change: words that each name an attribute (`requirement notice`), a thing with all
    below it (`North Hospital`) or one fact (`North Hospital > Surgery > safe > judged rating`; its
    end will do). Raises `InputError` (RW632) for words that name none, RW635 for what is to be kept
    and to change.

    every_kind: whether facts of every kind are proposed at once (see `levers`), as with `any_fact`
    and where facts are named.
    """

    def __init__(
        self,
        case: Case,
        vocabulary: Vocabulary,
        keep: Iterable[str] = (),
        change: Iterable[str] = (),
        any_fact: bool = False,
    ) -> None:
        self.case, self.vocabulary = case, vocabulary
        self._keep, self._change = [key(each) for each in keep], [key(each) for each in change]
        self.every_kind = any_fact or bool(self._change)
        self._paths: dict[tuple[int, str], str] = {}
        for written in (*keep, *change):
            self._check(written)
        both = [each for each in change if key(each) in self._keep]
        if both:
            raise InputError(
                Problem(
                    Place(""),
                    "RW635",
                    f"`{both[0]}` is to be kept and to change",
                    "use one of `--keep` and `--change` for it",
                )
            )

    def may_change(self, entity: Entity, name: str) -> bool:
        """Whether a fact may be other than it is."""
        path = self._path(entity, name)
        if any(_named(word, path, name) for word in self._keep):
            return False
        return not self._change or any(_named(word, path, name) for word in self._change)

    def _path(self, entity: Entity, name: str) -> str:
        at = (entity.index, name)
        if at not in self._paths:
            self._paths[at] = key(f"{entity.path} > {name}")
        return self._paths[at]

    def _check(self, written: str) -> None:
        word = key(written)
        attributes = [
            (entity, name, attribute)
            for entity in self.case.entities
            for name, attribute in self.vocabulary.entities[entity.type].attributes.items()
        ]
        if any(
            attribute.given and _named(word, self._path(entity, name), name)
            for entity, name, attribute in attributes
        ):
            return
        concluded = [
            attribute.name
            for _, name, attribute in attributes
            if not attribute.given and name == word.rpartition(" > ")[2]
        ]
        if concluded:
            message, help = (
                f"`{concluded[0]}` is concluded, not a fact",
                "name the facts that it follows from",
            )
        else:
            known = [attribute.name for _, _, attribute in attributes if attribute.given]
            message = f"`{written}` names no fact of this case"
            help = nearest(written, [*known, *(each.name for each in self.case.entities)])
        raise InputError(Problem(Place(""), "RW632", message, help))


def _named(word: str, path: str, name: str) -> bool:
    """Whether a word names a fact, or something that it lies below."""
    return word == name or f" > {path} > ".find(f" > {word} > ") >= 0
