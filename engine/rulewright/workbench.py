"""The Python interface: load a rulebook, choose a policy, compile, run, inspect.

    >>> from rulewright import Rules
    >>> rules = Rules()
    >>> [policy.id for policy in rules.policies][:1]
    ['legacy']

The commands of `rulewright` call nothing but this.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .amendments.policy_selection import PolicyChoice, PolicyDates, check_dates, choose, dates_of
from .arguments import given_case, given_day, given_pairs, given_path, given_text, given_texts
from .decision.answered import Answered, answer
from .decision.outcome import OtherReading, Outcome
from .decision.running import run as run_engines
from .engines.gc_pause import uninterrupted
from .engines.registry import BOTH, CHOICES
from .facts.cases import Case, CaseText, bind_case, load_cases
from .ir.program import KnownReading, Program
from .ir.types import Value
from .syntax import cache
from .syntax.errors import InputError, Place, Problem, Problems, nearest
from .syntax.files import contents, folders
from .syntax.shipped import RULEBOOK, data_folder
from .syntax.text import Text, key, place_of
from .syntax.yaml_loader import load_yaml

if TYPE_CHECKING:
    from .documents.document import Page
    from .explain.difference.record import Difference
    from .explain.record import Explanation
    from .explain.what_if import WhatIf
    from .explain.why_not.record import WhyNot

T = TypeVar("T")


class Rules:
    """A rulebook and its policies.

    `folder` is the folder of a rulebook; without it, the shipped one for NHS trusts. `shown`: what
    messages call it, where that is not its path. Raises `InputError` with every mistake in the
    rulebook's files.

    `to_mend`: for an edit; a rulebook with mistakes is then read as far as it can be, and
    `problems` are those mistakes in its files and in the dates of its policies that would keep any
    case from being run.
    """

    def __init__(
        self, folder: Path | str | None = None, shown: str | None = None, *, to_mend: bool = False
    ) -> None:
        self.root = (
            given_path(folder, "the folder") if folder is not None else data_folder() / RULEBOOK
        )
        self.shown = shown if shown is not None else shown_path(self.root)
        self._programs: dict[str, Program] = {}
        self._readings: dict[str, list[KnownReading]] = {}
        self._to_mend = to_mend
        self.problems: tuple[Problem, ...] = ()
        self._files = self._read()
        self._key = cache.key_of(self._files, self.shown)
        policies = cache.kept(self._key, "policies")
        if policies is None:
            policies = self._policies()
            if not self.problems:
                cache.keep(self._key, "policies", policies)
        self.policies: list[PolicyDates] = policies

    def _read(self) -> list[tuple[str, bytes]]:
        """Each file of the rulebook with its bytes.

        In place of one that cannot be read stands why: loading tells it.
        """
        return [
            (name, f"\0{data}".encode() if isinstance(data, InputError) else data)
            for name, data in contents(self.root, self.shown)
        ]

    @property
    def key(self) -> str:
        """The digest of the rulebook's files and of the code that reads them: what is made of them
        is kept under it.
        """
        return self._key

    @cached_property
    def book(self) -> Any:
        """The rulebook as written, not yet resolved (a `Rulebook`)."""
        from .rulebook.rulebook import load_rulebook, read_rulebook

        return (read_rulebook if self._to_mend else load_rulebook)(self.root, self.shown)

    @cached_property
    def _unedited(self) -> bool:
        """Whether the rulebook was read from the files that the key stands for: nobody edited one
        meanwhile.
        """
        return self.book is not None and cache.key_of(self._read(), self.shown) == self._key

    def _policies(self) -> list[PolicyDates]:
        problems = Problems()
        problems.found += self.book.unread
        found = dates_of(self.book.policies.values(), problems)
        if not found and not problems.found:
            raise InputError(
                Problem(
                    Place(self.shown),
                    "RW416",
                    "the rulebook has no policy",
                    "add a file that begins with `policy: NAME`",
                )
            )
        if not problems.found:
            problems.found += check_dates(found)
        if not self._to_mend:
            problems.stop_if_any()
        self.problems = tuple(sorted(set(problems.found)))
        return sorted(found, key=lambda p: (p.status == "proposed", p.since or 0, p.id))

    def choose(
        self,
        policy: str | None = None,
        as_at: int | date | str | None = None,
        day_from: str = "the as-at date",
        place: Place | None = None,
    ) -> PolicyChoice:
        """The policy for a name, or for a date: a count of days, or as text.

        Raises `InputError` (RW402, RW414, RW415, RW510).
        """
        name = None if policy is None else given_text(policy, "RW402", "the policy")
        day = None if as_at is None else given_day(as_at, "the date")
        return choose(self.policies, name, day, day_from, place or Place(self.shown), self.shown)

    def program(self, policy: str) -> Program:
        """A policy, compiled.

        Raises `InputError` with every mistake in it (RW420 when a sealed policy was edited).
        """
        policy = given_text(policy, "RW402", "the policy")
        found = self._programs.get(policy)
        if found is None:
            found = self._programs[policy] = self._kept(policy, "program", self._compiled)
        return found

    def _compiled(self, policy: str) -> Program:
        from .amendments.seals import check_seal
        from .compiler.memory import remembered_program

        found = remembered_program(self.book, policy)
        check_seal(self.book, found)
        return found

    def _kept(self, policy: str, what: str, make: Callable[[str], T]) -> T:
        """What is made of one policy, or was made when the files behind it were as they are now."""
        what = f"{what} {policy}"
        behind: str | None = cache.kept(
            self._key, f"key of {policy}"
        )  # no file has changed: none need be read to tell
        found: T | None = cache.kept(behind, what) if behind is not None else None
        if found is not None:
            return found
        behind = self.book.key_behind(policy)  # an edit of other policies leaves this one as it is
        found = cache.kept(behind, what) if behind is not None else None
        made = make(policy) if found is None else found
        if behind is not None and self._unedited:
            cache.keep(self._key, f"key of {policy}", behind)
            if found is None:
                cache.keep(behind, what, made)
        return made

    def run(
        self,
        case: CaseText | Mapping[str, Any],
        *,
        policy: str | None = None,
        as_at: str | date | None = None,
        set: Mapping[str, Any] | None = None,
        reading: str | None = None,
        engine: str = BOTH,
        readings: bool = False,
    ) -> Outcome:
        """The outcome of one case.

        `case`: one of `cases(path)`, or a mapping as a case file holds it. `policy`: its name; else
        the case's own `policy`; else the one in force on the date. `as_at`: instead of the case's
        own date. `set`: parameters changed for this run; `reading`: the name of another reading of
        an interpretation, for this run; both stamp the outcome *not a rating*. `readings`: also try
        every other reading of the policy's interpretations. Whatever is wrong with what is given
        raises `InputError`; an engine that refuses raises `EngineError`.
        """
        with uninterrupted():
            answered = self.answer(
                case, policy=policy, as_at=as_at, set=set, reading=reading, engine=engine
            )
            return self.outcome(answered, engine=engine, readings=readings)

    def outcome(self, answered: Answered, *, engine: str = BOTH, readings: bool = False) -> Outcome:
        """The outcome of a case answered. `readings` and errors as for `run`."""
        answered = _answered(answered)
        with uninterrupted():
            outcome = answered.outcome
            if readings:
                outcome.readings = self._try_readings(answered, engine)
            return outcome

    def answer(
        self,
        case: CaseText | Mapping[str, Any],
        *,
        policy: str | None = None,
        as_at: str | date | None = None,
        set: Mapping[str, Any] | None = None,
        reading: str | None = None,
        engine: str = BOTH,
    ) -> Answered:
        """One case, answered, with all that explanations start from.

        Options and errors as for `run`.
        """
        engine = given_text(engine, "RW604", "the engine")
        if engine not in CHOICES:
            raise InputError(
                Problem(
                    Place(""), "RW604", f"there is no engine `{engine}`", nearest(engine, CHOICES)
                )
            )
        changes = given_pairs(set, "RW602", "`set`")
        text = _text_of(case)
        try:
            choice, day = self.decide_policy(text, policy, as_at)
        except InputError as error:
            raise InputError([*error.problems, *self._other_mistakes(text)]) from None
        program = self.program(choice.policy)
        if reading is not None:
            program = self.under_reading(choice.policy, reading)
        with uninterrupted():
            bound = self._bound(text, program, program.idle)
            parameters, changed = parameters_at(program, day, changes)
            answered = answer(text, program, bound, day, parameters, changed, choice, engine)
            return replace(
                answered,
                gone=lambda rule: any(
                    rule in self.program(each).rules_by_id for each in program.chain[1:]
                ),
            )

    def why(
        self,
        case: CaseText | Mapping[str, Any] | Answered,
        attribute: str,
        *,
        everything: bool = False,
        **options: Any,
    ) -> list[Explanation]:
        """Why an attribute of a case has its value: an explanation for each that its name or path
        may mean.

        `case`: as for `run`, or one that was answered before. `everything`: also what did not lead
        to the value. Options and errors as for `answer`; `InputError` (RW601) too.
        """
        from .explain.why import why

        attribute = given_text(attribute, "RW601", "the attribute")
        return why(
            case if isinstance(case, Answered) else self.answer(case, **options),
            attribute,
            everything,
        )

    def why_not(
        self,
        case: CaseText | Mapping[str, Any] | Answered,
        attribute: str,
        value: str,
        *,
        everything: bool = False,
        **options: Any,
    ) -> list[WhyNot]:
        """Why an attribute of a case does not have a value: what could have given it, nearest
        first.

        As `why`; `InputError` (RW621) too, for a value that the attribute cannot have.
        """
        from .explain.why_not import why_not

        attribute, value = (
            given_text(attribute, "RW601", "the attribute"),
            given_text(value, "RW621", "the value"),
        )
        return why_not(
            case if isinstance(case, Answered) else self.answer(case, **options),
            attribute,
            value,
            everything,
        )

    def what_if(
        self,
        case: CaseText | Mapping[str, Any] | Answered,
        attribute: str,
        *,
        to: str | None = None,
        keep: Iterable[str] = (),
        change: Iterable[str] = (),
        any_fact: bool = False,
        most: int = 20,
        **options: Any,
    ) -> list[WhatIf]:
        """What would change an attribute of a case: the smallest sets of changes that give it the
        value `to`.

        Without `to`: those after which its present value is no longer sure; of an undetermined
        attribute what it may really be, and which missing facts settle it. Facts that improvement
        can change are proposed first, others where these do not lead there; `any_fact`: facts of
        every kind at once. `keep`, `change`: facts that stay as they are, facts that alone may
        change, by attribute, thing or path. `most`: that many sets are listed. The other readings
        of the policy are tried on what is listed. As `why`; `InputError` (RW631, RW632) too.
        """
        from .explain.what_if import what_if

        attribute = given_text(attribute, "RW601", "the attribute")
        to = None if to is None else given_text(to, "RW621", "the value wanted")
        kept, changing = (
            given_texts(keep, "RW632", "`keep`"),
            given_texts(change, "RW632", "`change`"),
        )
        if not isinstance(most, int) or most < 1:
            raise InputError(
                Problem(
                    Place(""),
                    "RW635",
                    "`most` is not a whole number from 1 on",
                    "say how many sets are to be shown",
                )
            )
        answered = case if isinstance(case, Answered) else self.answer(case, **options)
        with uninterrupted():
            known = [] if answered.program.reading else self.readings(answered.choice.policy)
            return what_if(
                _for_readings(answered, known),
                attribute,
                to=to,
                keep=kept,
                change=changing,
                most=most,
                any_fact=any_fact,
                readings=known,
            )

    def changed(self, answered: Answered, facts: Mapping[str, str]) -> Answered:
        """The same case with other facts, by their paths; what it gives is stamped as not a rating.

        Raises `InputError` (RW633 for a path that is no fact, RW634 for a value that it cannot
        have), `EngineError`.
        """
        from .explain.what_if.proposals import changed

        return changed(_answered(answered), given_pairs(facts, "RW633", "`facts`", "RW634"))

    def report(self, answered: Answered) -> Page:
        """The report on a decision, as a document that `rulewright.documents.html` writes.

        Raises `EngineError`.
        """
        from .decision.readings import TOO_LARGE, too_large
        from .decision.record import decision_bytes
        from .report import compose, gather

        answered = _answered(answered)
        canonical = decision_bytes(answered.decision).decode()
        with uninterrupted():
            if answered.program.reading:
                return compose(
                    gather(
                        answered,
                        canonical,
                        why_untried="this decision is under another reading already",
                    )
                )
            if too_large(self.readings(answered.choice.policy), answered.case):
                return compose(
                    gather(
                        answered,
                        canonical,
                        why_untried=f"{TOO_LARGE}; `rulewright run --readings` does",
                    )
                )
            return compose(gather(answered, canonical, self.try_readings(answered)))

    def try_readings(self, answered: Answered) -> list[OtherReading]:
        """What every other reading of the policy's interpretations would change of a case answered.

        Raises `EngineError`.
        """
        answered = _answered(answered)
        with uninterrupted():
            return self._try_readings(answered, BOTH)

    def difference(self, one: Answered, other: Answered, only: str | None = None) -> Difference:
        """How two outcomes differ, and where they part; `only`: of one attribute.

        Raises `InputError` (RW601).
        """
        from .explain.difference import difference

        return difference(
            _answered(one),
            _answered(other),
            None if only is None else given_text(only, "RW601", "the attribute"),
        )

    def _try_readings(self, answered: Answered, engine: str) -> list[OtherReading]:
        from .decision.readings import try_readings

        known = self.readings(answered.choice.policy)
        wider = _for_readings(answered, known, engine)
        return try_readings(
            known,
            wider.program,
            wider.case,
            wider.as_at,
            wider.parameters,
            wider.changed,
            wider.result,
        )

    def readings(self, policy: str) -> list[KnownReading]:
        """The other readings of a policy's interpretations, each with the policy under it.

        Raises `InputError` with every mistake in them.
        """
        policy = given_text(policy, "RW402", "the policy")
        if policy not in self._readings:
            self._readings[policy] = self._kept(policy, "readings", self._known_readings)
        return self._readings[policy]

    def _known_readings(self, policy: str) -> list[KnownReading]:
        from .compiler.variants import known_readings

        return known_readings(self.book, policy)

    def under_reading(self, policy: str, name: str) -> Program:
        """A policy under the other reading of that name, or of `INTERPRETATION > NAME`.

        Raises `InputError` (RW807).
        """
        known = self.readings(policy)
        name = given_text(name, "RW807", "the reading")
        found = [
            each
            for each in known
            if key(name) in (key(each.name), key(f"{each.interpretation} > {each.name}"))
        ]
        if len(found) == 1:
            return replace(found[0].variant.program, reading=found[0].name)
        place = place_of(name, Place(""))
        if found:
            raise InputError(
                Problem(
                    place,
                    "RW807",
                    f"{len(found)} other readings are called `{name}`",
                    "write "
                    + " or ".join(f"`{each.interpretation} > {each.name}`" for each in found),
                )
            )
        raise InputError(
            Problem(
                place,
                "RW807",
                f"`{name}` is no other reading of an interpretation of `{policy}`",
                nearest(name, [each.name for each in known]),
            )
        )

    def _bound(self, text: CaseText, program: Program, idle: frozenset[tuple[str, str]]) -> Case:
        """The case in the words of a policy; where another policy has a word that this one lacks,
        it is told which.
        """
        try:
            return bind_case(text, program.vocabulary, idle, program.judged_as_one)
        except InputError as error:
            unknown = {each for each in error.problems if each.code in ("RW501", "RW507")}
            better = self._repealed(program.policy, unknown) if unknown else {}
            better |= (
                self._known_elsewhere(text, program.policy, unknown - better.keys())
                if unknown - better.keys()
                else {}
            )
            raise InputError([better.get(each, each) for each in error.problems]) from None

    def _repealed(self, policy: str, unknown: set[Problem]) -> dict[Problem, Problem]:
        """What the chosen policy, or one that it amends, has repealed."""
        from .amendments.chain import assemble
        from .amendments.repeals import repealed_by

        assembly = assemble(self.book, policy)
        found = {
            each: repealed_by(assembly, *re.findall("`([^`]*)`", each.message)[:2])
            for each in unknown
            if each.code == "RW501"
        }
        return {
            each: replace(
                each,
                message=f"{each.message}: the policy `{by}` has repealed it",
                help=f"take it out, or use `--policy {self.book.policies[by].amends}`",
            )
            for each, by in found.items()
            if by
        }

    def _known_elsewhere(
        self, text: CaseText, policy: str, unknown: set[Problem]
    ) -> dict[Problem, Problem]:
        found: dict[Problem, Problem] = {}
        for other in self.policies:
            try:
                if other.id != policy:
                    bind_case(text, self.program(other.id).vocabulary)
                    still: set[Place] = set()
                else:
                    continue
            except InputError as error:
                if not any(each.place.file == text.file for each in error.problems):
                    continue  # the policy itself is broken
                still = {each.place for each in error.problems}
            for each in unknown - found.keys():
                if each.place not in still:
                    help = f"the policy `{other.id}` has that word: use `--policy {other.id}`"
                    found[each] = replace(
                        each, message=f"{each.message} in the policy `{policy}`", help=help
                    )
        return found

    def _other_mistakes(self, text: CaseText) -> tuple[Problem, ...]:
        """What else is wrong with a case without a usable date, read as under the policy in force:
        all is told at once.
        """
        in_force = [each.id for each in self.policies if each.status == "in force"]
        try:
            if in_force:
                program = self.program(in_force[-1])
                bind_case(text, program.vocabulary, program.idle, program.judged_as_one)
        except InputError as error:
            return tuple(
                each for each in error.problems if each.place.file.partition("!")[0] == text.file
            )
        return ()

    def decide_policy(
        self,
        case: CaseText | Mapping[str, Any],
        policy: str | None = None,
        as_at: str | date | None = None,
    ) -> tuple[PolicyChoice, int]:
        """The policy for a case, and the date of its decision. Options and errors as for `run`."""
        text = _text_of(case)
        day = text.day()
        day_from = "the case's `as at`"
        if as_at is not None:
            day, day_from = given_day(as_at, "the date"), "`--as-at`"
        own = text.tree.get("policy")
        place = text.place if policy is None else place_of(policy)
        if policy is None and isinstance(own, Text):
            policy, place = str(own), place_of(own, text.place)
        choice = self.choose(policy, day, day_from, place)
        if day is None:
            raise InputError(
                Problem(
                    text.place,
                    "RW414",
                    "the case has no date",
                    "add `as at: DATE` to the case, or use `--as-at`",
                )
            )
        return choice, day


def _for_readings(
    answered: Answered, known: Iterable[KnownReading], engine: str = BOTH
) -> Answered:
    """The same case, with the members that a reading has a use for and the policy has none."""
    program = answered.program
    idle = program.idle.intersection(*(each.variant.program.idle for each in known))
    if idle == program.idle or answered.proposed:
        return answered
    case = bind_case(answered.text, program.vocabulary, idle, program.judged_as_one)
    return replace(
        answered,
        case=case,
        result=run_engines(program, case, answered.as_at, answered.parameters, engine)[0],
    )


def cases(path: Path | str, within: Path | str | None = None) -> list[CaseText]:
    """The cases of a file (`.yaml`, `.json`, `.jsonl`, `.csv`, `.xlsx`).

    within: the folder below which files have to lie that the cases name, such as those of `given`;
    by default the folder of the file. Raises `InputError`.
    """
    path = given_path(path, "the file")
    reached = None if within is None else folders([given_path(within, "the folder")])
    return load_cases(path, shown_path(path), reached)


def case_from(content: Mapping[str, Any]) -> CaseText:
    """A case from plain Python values, as a case file would hold it.

    Raises `InputError` (RW500, and what reading the file would).
    """
    return CaseText(load_yaml(given_case(content), "case"), "case")


def _text_of(case: CaseText | Mapping[str, Any]) -> CaseText:
    return case if isinstance(case, CaseText) else case_from(case)


def _answered(found: Answered) -> Answered:
    """Raises `InputError` (RW500) for anything else than what `answer` gives."""
    if not isinstance(found, Answered):
        raise InputError(
            Problem(
                Place(""),
                "RW500",
                "this is not a case that was answered",
                "give what `answer` gives",
            )
        )
    return found


def parameters_at(
    program: Program, day: int, changes: Mapping[str, str]
) -> tuple[dict[str, Value], frozenset[str]]:
    """The parameters of a policy at a date, some of them changed. Raises `InputError` (RW602)."""
    values = {name: parameter.at(day) for name, parameter in program.parameters.items()}
    names = [parameter.name for parameter in program.parameters.values()]
    for name, text in changes.items():
        parameter = program.parameters.get(key(name))
        if parameter is None:
            raise InputError(
                Problem(
                    Place(""),
                    "RW602",
                    f"`{name}` is not a parameter of `{program.policy}`",
                    nearest(name, names),
                )
            )
        value = parameter.type.parse(text)
        if value is None:
            raise InputError(
                Problem(
                    Place(""),
                    "RW602",
                    f"`{text}` is not a value of `{parameter.name}`",
                    f"expected {parameter.type.expected()}",
                )
            )
        values[key(name)] = value
    return values, frozenset(map(key, changes))


def shown_path(path: Path) -> str:
    """A path as messages show it: relative to the working folder where it lies below it."""
    try:
        return (
            Path(os.path.abspath(path)).relative_to(Path.cwd()).as_posix()
        )  # a link keeps its own name
    except (ValueError, OSError):
        return path.as_posix()
