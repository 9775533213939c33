"""Many generated pairs of program and case through the engines: the checks, the figures, and how failures are made small."""

from __future__ import annotations

import resource
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from rulewright.engines.reference import evaluate as reference
from rulewright.engines.result import MET, UNDECIDED, Result
from rulewright.language.cases import Case
from rulewright.language.errors import InputError
from rulewright.language.rulebook import rulebook_from_texts
from rulewright.language.types import Value, parse_date
from rulewright.program.compiling import compile_policy
from rulewright.program.model import Program

from . import oracle
from .books import Book
from .cases import AS_AT, bound, tell, written
from .changes import damaged
from .dice import Dice, seeded
from .programs import book
from .words import Tree

Check = Callable[[Book, Any], None]
Engine = Callable[[Program, Case, int, dict[str, Value]], Result]
forward: Engine | None
try:
    from rulewright.engines.forward import evaluate as forward
except ImportError:
    forward = None

DAY = parse_date(AS_AT)
assert DAY is not None
AS_AT_DAY: int = DAY
CASES_A_PROGRAM = 8
PATIENCE = 90.0  # seconds to make one failure small


def compiled(texts: dict[str, str]) -> Program:
    """The program of the policy `p`. Raises `InputError`."""
    return compile_policy(rulebook_from_texts(texts), "p")


def parameters_of(program: Program) -> dict[str, Value]:
    return {name: each.at(AS_AT_DAY) for name, each in program.parameters.items()}


def answer(program: Program, case: Case, engine: Engine = reference) -> Result:
    return engine(program, case, AS_AT_DAY, parameters_of(program))


def differences(one: Result, other: Result, case: Case) -> list[str]:
    """In which attributes, notices and conditions two results differ."""
    if one == other:
        return []
    found = [f"{case.entities[k[0]].path} > {k[1]}: {one.settled.get(k)} | {other.settled.get(k)}"
             for k in {**one.settled, **other.settled} if one.settled.get(k) != other.settled.get(k)]  # fmt: skip
    found += [f"notices of {case.entities[i].path}: {one.notices.get(i)} | {other.notices.get(i)}"
              for i in {**one.notices, **other.notices} if one.notices.get(i) != other.notices.get(i)]  # fmt: skip
    found += [f"scope: {one.scope} | {other.scope}"] if one.scope != other.scope else []
    return found + ([f"withdrawn: {one.withdrawn} | {other.withdrawn}"] if one.withdrawn != other.withdrawn else [])


@dataclass
class Figures:
    """What was run, and how interesting it was."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, program: Program, case: Case, result: Result) -> None:
        """Count what the rules did in one result."""
        counts = self.counts
        for settled in result.settled.values():
            counts["attributes"] += 1
            counts[f"origin {settled.origin}"] += 1
            possible = settled.possible
            if possible.conflict:
                certain = possible.values == () and not possible.no_value
                counts["attributes in conflict" if certain else "attributes maybe in conflict"] += 1
            elif possible.determined:
                counts["attributes with no value" if possible.no_value else "attributes with one value"] += 1
            else:
                counts["attributes undetermined"] += 1
            for firing in settled.firings:
                counts[{MET: "rules that fire", UNDECIDED: "rules that may fire"}[firing.status]] += 1
                counts["rules defeated"] += firing.defeated
            for firing in settled.limits:
                counts["limits that fire" if firing.status == MET else "limits that may fire"] += 1
                counts["limits that lower"] += firing.lowers
        counts["notices"] += sum(len(each) for each in result.notices.values())
        rules = Counter(node.key.kind for node in program.nodes for _ in node.rules)
        for entity in case.entities:
            for kind, number in rules.items():
                if (kind.entity, kind.parent, kind.member) == (entity.type, entity.parent_type, entity.member):
                    counts["rules asked"] += number

    def add(self, other: Figures) -> None:
        self.counts += other.counts
        self.refused += other.refused

    def show(self) -> str:
        counts = self.counts
        lines = [
            f"{counts['compared']:,} pairs compared between engines, of {counts['pairs']:,} evaluated",
            f"{counts['programs']:,} programs compiled, of {counts['generated']:,} generated",
            f"{counts['completions']:,} completions of {counts['incomplete']:,} cases with missing facts",
        ]
        asked, attributes = max(counts["rules asked"], 1), max(counts["attributes"], 1)
        for of, names in (
            (asked, ("rules that fire", "rules that may fire", "rules defeated")),
            (attributes, ("attributes with one value", "attributes with no value", "attributes undetermined",
                          "attributes in conflict", "attributes maybe in conflict", "origin otherwise", "origin supplied",
                          "origin judged")),
            (max(counts["limits that fire"] + counts["limits that may fire"], 1), ("limits that fire", "limits that lower")),
        ):  # fmt: skip
            lines += [f"  {name}: {counts[name]:,} ({100 * counts[name] / of:.1f} %)" for name in names]
        lines += [f"  notices: {counts['notices']:,}", f"  refused: {dict(self.refused)}", f"  memory: {counts['megabytes']} MB"]
        return "\n".join(lines)


class Failure(NamedTuple):
    """A property that a generated pair breaks."""

    name: str
    message: str
    book: Book
    case: Tree | None

    def show(self) -> str:
        files = "\n".join(f"# {name}\n{text}" for name, text in self.book.texts().items())
        return f"== {self.name}: {self.message}\n{files}" + (f"# case\n{written(self.case)}" if self.case is not None else "")


# -- what must hold of one pair ---------------------------------------------------------------------------------------


def engines_agree(rulebook: Book, tree: Tree) -> None:
    """Both engines give equal results."""
    program = compiled(rulebook.texts())
    case = bound(written(tree), program.vocabulary)
    agree(program, case)


def agree(program: Program, case: Case) -> Result:
    result = answer(program, case)
    if forward is not None:
        found = differences(result, answer(program, case, forward), case)
        assert not found, "reference | forward: " + "; ".join(found)[:3000]
    return result


def completions_hold(rulebook: Book, tree: Tree) -> None:
    """Every completion answers what was possible."""
    program = compiled(rulebook.texts())
    case = bound(written(tree), program.vocabulary)
    for seed, most in product(range(3), (48, oracle.MOST)):
        complete(program, case, seeded(seed), most)


def complete(program: Program, case: Case, dice: Dice, most: int = oracle.MOST) -> int:
    narrowed, slots = oracle.narrowed(case, oracle.missing(program, case), dice, most)
    parameters = parameters_of(program)
    return oracle.check(program, narrowed, slots, AS_AT_DAY, parameters)


def damage(rulebook: Book, tree: Tree, seed: int) -> None:
    """A damaged rulebook or case is refused in words, or runs."""
    dice = seeded(seed)
    texts, case_text = rulebook.texts(), written(tree)
    if dice.chance(70):
        name = dice.pick(sorted(texts))
        texts[name] = damaged(texts[name], dice)
        text = texts[name]
    else:
        text = case_text = damaged(case_text, dice)
    try:
        program = compiled(texts)
        case = bound(case_text, program.vocabulary)
        agree(program, case)
    except InputError as error:
        if not all(each.code and each.message for each in error.problems):
            raise
    except Exception:
        raise AssertionError(f"{traceback.format_exc(limit=-3)}\nof the damaged text\n{text}") from None


# -- many pairs -------------------------------------------------------------------------------------------------------


def run(seed: str, pairs: int, completions_every: int = 4, most: int = 48) -> tuple[Figures, list[Failure]]:
    """Generate and check `pairs` pairs from a seed. The figures, and the failures (one of each kind and place, made small)."""
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
            _note(failures, compile_only, rulebook, None)
            continue
        figures.counts["programs"] += 1
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
                _note(failures, engines_agree, rulebook, tree)
                continue
            figures.counts["compared"] += forward is not None
            figures.note(program, case, result)
            if index % completions_every == 0:
                try:
                    figures.counts["completions"] += complete(program, case, seeded(0), most)
                    figures.counts["incomplete"] += 1
                except Exception:
                    _note(failures, completions_hold, rulebook, tree)
    figures.counts["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures, failures


def job(seed_and_pairs: tuple[str, int]) -> tuple[Figures, list[Failure]]:
    """`run`, as work for another process."""
    return run(*seed_and_pairs)


def compile_only(rulebook: Book, _tree: Tree | None) -> None:
    """The rulebook compiles."""
    compiled(rulebook.texts())


def must(check: Check, rulebook: Book, tree: Tree | None) -> None:
    """Run a check; when it fails, fail with a pair made small."""
    try:
        check(rulebook, tree)
    except Exception as error:
        if isinstance(error, InputError):
            raise
        raise AssertionError(made_small(check, rulebook, tree).show()) from None


def _note(failures: list[Failure], check: Check, rulebook: Book, tree: Tree | None) -> None:
    """Make a failure small and keep it, unless one like it was kept."""
    like = f"{check.__name__}: {symptom(check, rulebook, tree)}"
    if all(each.name != like for each in failures):
        failures.append(made_small(check, rulebook, tree)._replace(name=like))


def made_small(check: Check, rulebook: Book, tree: Tree | None) -> Failure:
    small, small_tree = smallest(check, rulebook, tree)
    message = "(not repeatable)"
    try:
        check(small, small_tree)
    except Exception:
        message = traceback.format_exc(limit=-3)
    return Failure(check.__name__, message, small, small_tree)


def symptom(check: Check, rulebook: Book, tree: Tree | None) -> str:
    """How a check fails, in a few words ("" when it does not, or when the input is refused)."""
    try:
        check(rulebook, tree)
    except InputError:
        return ""
    except AssertionError as error:
        return f"AssertionError {str(error)[:9]}"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} {frame.name}"
    return ""


def smallest(check: Check, rulebook: Book, tree: Tree | None) -> tuple[Book, Tree | None]:
    """A smaller pair with the same symptom: whatever can be left out is left out."""
    wanted = symptom(check, rulebook, tree)
    whole: list[Any] = [rulebook.vocabulary, rulebook.parts, rulebook.policy, rulebook.csv, tree]
    shrunk, until = True, time.monotonic() + PATIENCE
    while shrunk:
        shrunk = False
        for path in list(_paths(whole)):
            if time.monotonic() > until:
                break
            trial = deepcopy(whole)
            if _left_out(trial, path) and symptom(check, _book(trial), trial[4]) == wanted:
                whole, shrunk = trial, True
    return _book(whole), whole[4]


def _book(whole: list[Any]) -> Book:
    return Book(*whole[:4])


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every entry of a nested tree, outermost first."""
    entries = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    for name, content in reversed(entries):
        if path:
            yield (*path, name)
        if content is not None:
            yield from _paths(content, (*path, name))


def _left_out(whole: Any, path: tuple[Any, ...]) -> bool:
    """Take the entry at `path` out, if it is still there."""
    holder = whole
    for step in path[:-1]:
        if not (step in holder if isinstance(holder, dict) else isinstance(holder, list) and step < len(holder)):
            return False
        holder = holder[step]
    if isinstance(holder, dict) and path[-1] in holder:
        del holder[path[-1]]
        return True
    if isinstance(holder, list) and isinstance(path[-1], int) and path[-1] < len(holder):
        del holder[path[-1]]
        return True
    return False
