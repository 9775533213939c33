"""Two sides compared over cases: what changed in words, what differs, and which changes each difference comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rulewright.language.cases import CaseText
from rulewright.language.errors import InputError
from rulewright.language.types import Scale
from rulewright.program.nodes import Kind
from rulewright.program.policies import assemble

from .causes import Causes
from .changes import changes, texts
from .record import Cause, Change, Compared, Comparison, Counts, Differs, Moved, NotFitting, RatingMoves
from .running import Found, Ran, differing, run, way
from .sides import Side
from .undoing import Undoing
from .units import units
from .view import NOT_PUBLISHED, Said

Groups = tuple[tuple[str, ...], ...]


def compare(old: Side, new: Side, cases: Iterable[CaseText], engine: str = "reference") -> Comparison:
    """The comparison. `engine`: `both` also has the forward engine answer every case under both policies.

    Raises `InputError` with every mistake in a policy that is compared, `EngineError` where the engines disagree.
    """
    return _Comparing(old, new, engine).compare(cases)


@dataclass
class Pair:
    """A policy of the one side and one of the other."""

    old: str
    new: str
    changes: list[Change]
    undoing: Undoing
    causes: Causes


def pair_of(old: Side, new: Side, old_policy: str, new_policy: str) -> Pair:
    """A policy of each side, with what changed and what can be undone. Raises `InputError`."""
    before, after = old.program(old_policy), new.program(new_policy)
    assemblies = assemble(old.rules.book, old_policy), assemble(new.rules.book, new_policy)
    said = changes(*assemblies)
    found = units(before, after, said, texts(*assemblies))
    known = {each.id for each in said}
    said += [_unnamed(each) for unit in found for each in unit.changes if each not in known]
    undoing = Undoing(before, after, found)
    return Pair(old_policy, new_policy, said, undoing, Causes(undoing))


@dataclass
class _Ratings:
    """A published rating of what cases are of: how often each value becomes which."""

    label: str
    scale: Scale
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)

    def moves(self, name: str) -> RatingMoves:
        """The rows in the order of the scale."""
        order = {value: number for number, value in enumerate(self.scale.values)}
        rows = sorted(self.rows.items(), key=lambda row: [(order.get(value, len(order)), value) for value in row[0]])
        return RatingMoves(name, self.label, [Moved(old, new, cases, way(old, new, self.scale)) for (old, new), cases in rows])


class _Comparing:
    def __init__(self, old: Side, new: Side, engine: str) -> None:
        self.old, self.new, self.engine = old, new, engine
        self.pairs: dict[tuple[str, str], Pair] = {}
        self.counts = Counts.none()
        self.found: list[tuple[Differs, Groups]] = []
        self.not_fitting: list[NotFitting] = []
        self.ratings: dict[str, _Ratings] = {}

    def compare(self, cases: Iterable[CaseText]) -> Comparison:
        if self.old.policy is not None and self.new.policy is not None:
            both = [(self.old.policy, self.new.policy)]
        else:
            both = [(each, each) for each in self.old.policies if each in self.new.policies]
        for names in both:
            self._pair(*names)
        for text in cases:
            self._case(text)
        causes = self._causes()
        numbers = {tuple(map(tuple, each.groups)): each.number for each in causes}
        differences = [replace(each, cause=numbers[groups]) for each, groups in self.found]
        same_policies = self.old.policy is None
        return Comparison(
            _compared(self.old), _compared(self.new), self.counts,
            [each.moves(name) for name, each in self.ratings.items()], self._changes(), causes, differences, self.not_fitting,
            [each for each in self.new.policies if same_policies and each not in self.old.policies],
            [each for each in self.old.policies if same_policies and each not in self.new.policies],
        )  # fmt: skip

    def _pair(self, old: str, new: str) -> Pair:
        if (old, new) not in self.pairs:
            self.pairs[old, new] = pair_of(self.old, self.new, old, new)
        return self.pairs[old, new]

    # -- cases --------------------------------------------------------------------------------------------------------

    def _case(self, text: CaseText) -> None:
        try:
            names, day = self._policies(text)
            pair = self._pair(*names)
            ran = run(text, day, pair.undoing)
        except InputError as error:
            self.not_fitting.append(NotFitting(text.name, text.file, str(error.problems[0])))
            return
        if self.engine == "both":
            _cross_checked(ran)
        result = differing(ran)
        self.counts.cases += 1
        self.counts.cases_that_differ += bool(result.found)
        self.counts.values += result.alike + len(result.found)
        self.counts.unchanged += result.alike
        self.counts.differ += len(result.found)
        self.counts.only_old += result.only_old
        self.counts.only_new += result.only_new
        for each in result.found:
            cause = pair.causes.cause(ran, each)
            groups = tuple(pair.undoing.units[number].changes for number in sorted(cause))
            self.found.append((self._differs(text, pair, each), groups))
        self._count_ratings(ran, pair)

    def _policies(self, text: CaseText) -> tuple[tuple[str, str], int]:
        chosen = [side.rules.decide_policy(text, side.policy) for side in (self.old, self.new)]
        return (chosen[0][0].policy, chosen[1][0].policy), chosen[0][1]

    def _differs(self, text: CaseText, pair: Pair, found: Found) -> Differs:
        published = found.before.published or found.after.published or NOT_PUBLISHED in (found.before.words, found.after.words)
        rating = published and found.about == "value"
        if found.about == "value":
            self.counts.values_differ += 1
        elif found.about == "publication":
            self.counts.publications_differ += 1
        else:
            self.counts.deciding_rules_differ += 1
        if rating and isinstance(pair.undoing.topic(found.where).kind, Scale):
            self.counts.up += found.way == "up"
            self.counts.down += found.way == "down"
            self.counts.other += found.way == ""
        words = [_shown(found, each) for each in (found.before, found.after)]
        return Differs(text.name, text.file, found.spot[0], found.name, found.about, words[0], words[1], list(found.before.rules),
                       list(found.after.rules), published, found.way)  # fmt: skip

    def _count_ratings(self, ran: Ran, pair: Pair) -> None:
        """The published ratings of what the case is of."""
        root = ran.new.case.root
        for topic in pair.undoing.topics(Kind(root.type, root.parent_type, root.member)):
            if topic.published and isinstance(topic.kind, Scale):
                spot = (root.path, topic.where.attribute)
                before, after = (_in_short(view.said(spot)) for view in (ran.old, ran.new))
                kept = self.ratings.setdefault(topic.name, _Ratings(topic.label, topic.kind))
                kept.rows[before, after] += 1

    # -- what is told of all ------------------------------------------------------------------------------------------

    def _causes(self) -> list[Cause]:
        gathered: dict[Groups, Cause] = {}
        cases: dict[Groups, set[tuple[str, str]]] = {}
        for each, groups in self.found:
            cause = gathered.setdefault(groups, Cause(0, [list(group) for group in groups]))
            cause.differences += 1
            cause.published += each.published
            cases.setdefault(groups, set()).add((each.file, each.case))
            cause.cases = len(cases[groups])
        ordered = sorted(gathered.values(), key=lambda each: (-each.published, -each.differences, each.groups))
        for number, cause in enumerate(ordered, 1):
            cause.number = number
        return ordered

    def _changes(self) -> list[Change]:
        """The changes of all pairs; one that several policies have alike is told once."""
        gathered: dict[object, Change] = {}
        for pair in self.pairs.values():
            for each in pair.changes:
                same = (each.id, each.action, each.about, tuple((one.name, one.old, one.new) for one in each.fields))
                kept = gathered.setdefault(same, replace(each, policies=[]))
                kept.policies.append(pair.new if pair.old == pair.new else f"{pair.old} -> {pair.new}")
        return list(gathered.values())


def _compared(side: Side) -> Compared:
    return Compared(side.named, side.rules.shown, {each: side.status(each) for each in side.policies}, side.commit)


def _unnamed(identity: str) -> Change:
    """A rule that is written as before and means something else, for a reason that no entry names."""
    kinds = ("withdrawn", "published", "parameter", "member", "word", "kind of thing")
    kind = next((each for each in kinds if identity.startswith(f"{each} ")), "rule")
    return Change(identity, kind, identity.removeprefix(f"{kind} "), "changed", "written as before, and means something else")


def _shown(found: Found, said: Said) -> str:
    return said.words if found.about != "publication" or said.published else f"{said.words} (not published)"


def _in_short(said: Said) -> str:
    """What is said of a rating, without what it may be where that is undetermined, or which one was given earlier."""
    words = "undetermined" if said.words.startswith("undetermined") else "as given earlier" if "(as given earlier" in said.words else said.words
    return words if said.published or words == NOT_PUBLISHED else "not published"


def _cross_checked(ran: Ran) -> None:
    """Both engines answer the case under both policies. Raises `EngineError` where they disagree."""
    from rulewright.engines.running import run as run_engines

    for view, program, parameters in ((ran.old, ran.undoing.old, ran.old_parameters), (ran.new, ran.undoing.new, ran.new_parameters)):
        run_engines(replace(program, vocabulary=view.program.vocabulary), view.case, ran.as_at, parameters, "both")
