"""A policy of the one side and one of the other: what changed, what can be undone, and each case
told under both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rulewright.amendments.chain import assemble
from rulewright.engines.registry import BOTH
from rulewright.facts.cases import CaseText
from rulewright.ir.nodes import Kind
from rulewright.ir.types import Scale
from rulewright.syntax.errors import InputError

from .causes import Causes
from .changes import changes, texts
from .partial_revert import Undoing
from .record import Change, DifferingValue, NotFitting
from .runner import DifferingAttribute, Ran, differing, run
from .sides import ComparisonSide
from .units import units
from .view import NOT_PUBLISHED, Said

Groups = tuple[tuple[str, ...], ...]


@dataclass
class Pair:
    """A policy of the one side and one of the other."""

    old: str
    new: str
    changes: list[Change]
    undoing: Undoing
    causes: Causes


def pair_of(old: ComparisonSide, new: ComparisonSide, old_policy: str, new_policy: str) -> Pair:
    """A policy of each side, with what changed and what can be undone. Raises `InputError`."""
    before, after = old.program(old_policy), new.program(new_policy)
    assemblies = assemble(old.rules.book, old_policy), assemble(new.rules.book, new_policy)
    said = changes(*assemblies)
    found = units(before, after, said, texts(*assemblies))
    known = {each.id for each in said}
    said += [_unnamed(each) for unit in found for each in unit.changes if each not in known]
    undoing = Undoing(before, after, found)
    return Pair(old_policy, new_policy, said, undoing, Causes(undoing))


def _unnamed(identity: str) -> Change:
    """A rule that is written as before and means something else, for a reason that no entry
    names.
    """
    kinds = (
        "withdrawn",
        "published",
        "judged as one",
        "parameter",
        "member",
        "word",
        "kind of thing",
    )
    kind = next((each for each in kinds if identity.startswith(f"{each} ")), "rule")
    return Change(
        identity,
        kind,
        identity.removeprefix(f"{kind} "),
        "changed",
        "written as before, and means something else",
    )


# -- one case


@dataclass(frozen=True)
class Rated:
    """A published rating of what a case is of, before and after, in short."""

    name: str
    label: str
    scale: Scale
    before: str
    after: str


@dataclass
class CaseDifferences:
    """What one case gave. found: each difference with the changes that cause it; ways: of those of
    published ratings.
    """

    found: list[tuple[DifferingValue, Groups]] = field(default_factory=list)
    ratings: list[Rated] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    alike: int = 0
    only_old: int = 0
    only_new: int = 0
    not_fitting: NotFitting | None = None


def tell(pair: Pair, text: CaseText, as_at: int, causes: Causes, engine: str) -> CaseDifferences:
    """A case under both policies. Raises `EngineError` where two engines disagree."""
    try:
        ran = run(text, as_at, pair.undoing)
    except InputError as error:
        return CaseDifferences(not_fitting=not_fitting(text, error))
    if engine == BOTH:
        _cross_checked(ran)
    result = differing(ran)
    told = CaseDifferences(
        [], list(_ratings(ran, pair)), [], result.alike, result.only_old, result.only_new
    )
    for each in result.found:
        cause = causes.cause(ran, each)
        groups = tuple(pair.undoing.units[number].changes for number in sorted(cause))
        told.found.append((_differs(text, each), groups))
        if (
            told.found[-1][0].published
            and each.about == "value"
            and isinstance(pair.undoing.topic(each.where).kind, Scale)
        ):
            told.ways.append(each.way)
    return told


def not_fitting(text: CaseText, error: InputError) -> NotFitting:
    """A case that one of the two cannot read, or has no policy for."""
    return NotFitting(text.name, text.file, str(error.problems[0]))


def _differs(text: CaseText, found: DifferingAttribute) -> DifferingValue:
    published = (
        found.before.published
        or found.after.published
        or NOT_PUBLISHED in (found.before.words, found.after.words)
    )
    words = [_shown(found, each) for each in (found.before, found.after)]
    return DifferingValue(
        text.name,
        text.file,
        found.spot[0],
        found.name,
        found.about,
        words[0],
        words[1],
        list(found.before.rules),
        list(found.after.rules),
        published,
        found.way,
    )


def _ratings(ran: Ran, pair: Pair) -> Iterator[Rated]:
    root = ran.new.case.root
    for topic in pair.undoing.topics(Kind.of(root)):
        if topic.published and isinstance(topic.kind, Scale):
            spot = (root.path, topic.where.attribute)
            yield Rated(
                topic.name,
                topic.label,
                topic.kind,
                *(_in_short(view.said(spot)) for view in (ran.old, ran.new)),
            )


def _shown(found: DifferingAttribute, said: Said) -> str:
    return (
        said.words
        if found.about != "publication" or said.published
        else f"{said.words} (not published)"
    )


def _in_short(said: Said) -> str:
    """What is said of a rating, without what it may be where that is undetermined, or which one was
    given earlier.
    """
    words = (
        "undetermined"
        if said.words.startswith("undetermined")
        else "as given earlier"
        if "(as given earlier" in said.words
        else said.words
    )
    return words if said.published or words == NOT_PUBLISHED else "not published"


def _cross_checked(ran: Ran) -> None:
    """Both engines answer the case under both policies.

    Raises `EngineError` where they disagree.
    """
    from rulewright.decision.running import run as run_engines

    for view, program, parameters in (
        (ran.old, ran.undoing.old, ran.old_parameters),
        (ran.new, ran.undoing.new, ran.new_parameters),
    ):
        run_engines(
            replace(program, vocabulary=view.program.vocabulary),
            view.case,
            ran.as_at,
            parameters,
            BOTH,
        )
