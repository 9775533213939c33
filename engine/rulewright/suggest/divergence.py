"""Where two answers to one case part: a value, a note, or which rule fired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright.engines.result import MET, Possible, Trace
from rulewright.facts.cases import Case
from rulewright.ir.nodes import Kind
from rulewright.ir.program import Program


@dataclass(frozen=True)
class Divergence:
    """A place where two answers part. path: in words; word: what an expectation of it is called
    (`because`, `notes`; else a value).

    sure: both values are determined. fires: whether the rule fires under the rules as they are.
    """

    path: str
    word: str
    rule: str = ""
    now: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    sure: bool = True
    fires: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is one that people look at: a value that surely differs, a note."""
        return self.sure and self.word != "because"

    @property
    def place(self) -> tuple[str, str, str]:
        return self.path, self.word, self.rule


def partings(
    program: Program, case: Case, one: Trace, other: Trace, rule: str = ""
) -> Iterator[Divergence]:
    """All of them: values that surely differ, notes, the rule itself (as written), values that may
    differ, other rules.
    """
    values = list(_values(program, case, one, other))
    rules = list(_rules(case, one, other))
    own = [each for each in rules if each.rule.partition("@")[0] == rule.partition("@")[0]]
    yield from (each for each in values if each.sure)
    yield from _notices(program, case, one, other)
    yield from own
    yield from (each for each in values if not each.sure)
    yield from (each for each in rules if each not in own)


def _values(program: Program, case: Case, one: Trace, other: Trace) -> Iterator[Divergence]:
    for node in program.nodes:
        if node.attribute.hidden:
            continue
        for entity in case.entities:
            if Kind.of(entity) != node.key.kind:
                continue
            first, second = (
                each.settled.get((entity.index, node.key.attribute)) for each in (one, other)
            )
            if first is not None and second is not None and first.possible != second.possible:
                kind = node.attribute.type
                sure = _settled(first.possible) and _settled(second.possible)
                yield Divergence(
                    f"{entity.path} > {node.attribute.name}",
                    "value",
                    "",
                    tuple(first.possible.show(kind)),
                    tuple(second.possible.show(kind)),
                    sure,
                )


def _settled(possible: Possible) -> bool:
    return possible.status != "undetermined"


def _notices(program: Program, case: Case, one: Trace, other: Trace) -> Iterator[Divergence]:
    effects = {rule.id: rule.effect for rules in program.notices.values() for rule in rules}
    for entity in case.entities:
        now, then = (
            {each.rule for each in result.notices.get(entity.index, ()) if each.status == MET}
            for result in (one, other)
        )
        for rule in sorted(now ^ then):
            yield Divergence(entity.path, f"{effects.get(rule, 'note')}s", rule, fires=rule in now)


def _rules(case: Case, one: Trace, other: Trace) -> Iterator[Divergence]:
    now, then = fired(one), fired(other)
    for rule in sorted(now ^ then):
        yield Divergence(case.root.path, "because", rule, fires=rule in now)


def fired(result: Trace) -> set[str]:
    """The rules that fire somewhere and that nothing there goes before."""
    return {
        each.rule
        for settled in result.settled.values()
        for each in (*settled.firings, *settled.limits)
        if each.status == MET and not each.defeated
    }
