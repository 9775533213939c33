"""Many generated pairs of program and case through the engines, and the figures of what was run."""

from __future__ import annotations

import resource
from collections import Counter
from dataclasses import dataclass, field

from rulewright.engines.result import MET, NOT_MET, UNDECIDED, Trace
from rulewright.facts.cases import Case
from rulewright.ir.program import Program
from rulewright.syntax.errors import InputError

from .amended import amending_equals_writing, reading_what_changes_is_enough
from .amendments import amendment_of, with_readings
from .books import Book
from .cases import bound, tell, written
from .dice import seeded
from .programs import book
from .properties import (
    agree,
    compile_only,
    compiled,
    complete,
    completions_hold,
    engines_agree,
    forward,
)
from .shrinking import Check, Failure, note
from .solving import CHECKS
from .words import Tree

CASES_A_PROGRAM = 8
PROGRAMS_AN_AMENDMENT = 8  # one in so many is amended, and read otherwise
PAIRS_A_SOLVER = 40  # one in so many is asked what would change a value


@dataclass
class Figures:
    """What was run, and how interesting it was."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, program: Program, case: Case, result: Trace) -> None:
        """Count what the rules did in one result."""
        counts = self.counts
        for settled in result.settled.values():
            counts["attributes"] += 1
            counts[f"origin {settled.origin}"] += 1
            if settled.overruled != NOT_MET:
                counts[
                    f"judgements {'overruled' if settled.overruled == MET else 'perhaps overruled'}"
                ] += 1
            possible = settled.possible
            if possible.conflict:
                certain = possible.values == () and not possible.no_value
                counts["attributes in conflict" if certain else "attributes maybe in conflict"] += 1
            elif possible.determined:
                counts[
                    "attributes with no value" if possible.no_value else "attributes with one value"
                ] += 1
            else:
                counts["attributes undetermined"] += 1
            for firing in settled.firings:
                counts[
                    {MET: "rules that fire", UNDECIDED: "rules that may fire"}[firing.status]
                ] += 1
                counts["rules defeated"] += firing.defeated
            for firing in settled.limits:
                counts["limits that fire" if firing.status == MET else "limits that may fire"] += 1
                counts["limits that lower"] += firing.lowers
        counts["notices"] += sum(len(each) for each in result.notices.values())
        rules = Counter(node.key.kind for node in program.nodes for _ in node.rules)
        for entity in case.entities:
            for kind, number in rules.items():
                if (kind.entity, kind.parent, kind.member) == (
                    entity.type,
                    entity.parent_type,
                    entity.member,
                ):
                    counts["rules asked"] += number

    def add(self, other: Figures) -> None:
        self.counts += other.counts
        self.refused += other.refused

    def show(self) -> str:
        counts = self.counts
        lines = [
            f"{counts['compared']:,} pairs compared between engines, of {counts['pairs']:,} evaluated",
            f"{counts['programs']:,} programs compiled, of {counts['generated']:,} generated",
            f"{counts['amendments']:,} programs amended, or read otherwise in several ways",
            f"{counts['solved']:,} cases through the solver: {', '.join(f'{counts[name]:,} {name}' for name in CHECKS)}",
            f"{counts['completions']:,} completions of {counts['incomplete']:,} cases with missing facts",
        ]
        asked, attributes = max(counts["rules asked"], 1), max(counts["attributes"], 1)
        for of, names in (
            (asked, ("rules that fire", "rules that may fire", "rules defeated")),
            (
                attributes,
                (
                    "attributes with one value",
                    "attributes with no value",
                    "attributes undetermined",
                    "attributes in conflict",
                    "attributes maybe in conflict",
                    "origin otherwise",
                    "origin supplied",
                    "origin judged",
                    "judgements overruled",
                    "judgements perhaps overruled",
                ),
            ),
            (
                max(counts["limits that fire"] + counts["limits that may fire"], 1),
                ("limits that fire", "limits that lower"),
            ),
        ):
            lines += [
                f"  {name}: {counts[name]:,} ({100 * counts[name] / of:.1f} %)" for name in names
            ]
        lines += [
            f"  notices: {counts['notices']:,}",
            f"  refused: {dict(self.refused)}",
            f"  memory: {counts['megabytes']} MB",
        ]
        return "\n".join(lines)


def run(
    seed: str, pairs: int, completions_every: int = 4, most: int = 48
) -> tuple[Figures, list[Failure]]:
    """Generate and check `pairs` pairs from a seed.

    The figures, and the failures (one of each kind and place, made small).
    """
    figures, failures = Figures(), list[Failure]()
    number = 0
    while figures.counts["pairs"] < pairs and len(failures) < 20:
        dice = seeded(f"{seed}/{number}")
        number += 1
        figures.counts["generated"] += 1
        rulebook, words = book(dice)
        try:
            program = compiled(rulebook.texts())
        except InputError as error:
            figures.refused.update(each.code for each in error.problems)
            continue
        except Exception:
            note(failures, compile_only, rulebook, None)
            continue
        figures.counts["programs"] += 1
        if figures.counts["programs"] % PROGRAMS_AN_AMENDMENT == 0:
            told: Tree = {
                "case": tell(dice, words),
                "amendment": amendment_of(rulebook, words, dice),
            }
            _amended(amending_equals_writing, rulebook, told, figures, failures)
            _amended(
                reading_what_changes_is_enough,
                with_readings(rulebook, words, dice, 3),
                told["case"],
                figures,
                failures,
            )
        for index in range(min(CASES_A_PROGRAM, pairs - figures.counts["pairs"])):
            tree = tell(dice, words)
            figures.counts["pairs"] += 1
            try:
                case = bound(written(tree), program.vocabulary)
            except InputError as error:
                figures.refused.update(each.code for each in error.problems)
                continue
            try:
                result = agree(program, case)
            except Exception:
                note(failures, engines_agree, rulebook, tree)
                continue
            figures.counts["compared"] += forward is not None
            figures.note(program, case, result)
            if figures.counts["pairs"] % PAIRS_A_SOLVER == 0:
                _solved(rulebook, tree, figures, failures)
            if index % completions_every == 0:
                try:
                    figures.counts["completions"] += complete(program, case, seeded(0), most)
                    figures.counts["incomplete"] += 1
                except Exception:
                    note(failures, completions_hold, rulebook, tree)
    figures.counts["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures, failures


def _amended(
    check: Check, rulebook: Book, tree: Tree, figures: Figures, failures: list[Failure]
) -> None:
    figures.counts["amendments"] += 1
    try:
        check(rulebook, tree)
    except InputError as error:  # the case says what cannot be said
        figures.refused.update(each.code for each in error.problems)
    except Exception:
        note(failures, check, rulebook, tree)


def _solved(rulebook: Book, tree: Tree, figures: Figures, failures: list[Failure]) -> None:
    figures.counts["solved"] += 1
    for name, check in CHECKS.items():
        try:
            figures.counts[name] += check(rulebook, tree)
        except Exception:
            note(failures, check, rulebook, tree)


def job(seed_and_pairs: tuple[str, int]) -> tuple[Figures, list[Failure]]:
    """`run`, as work for another process."""
    return run(*seed_and_pairs)
