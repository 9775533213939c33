"""What must hold of one generated rulebook and case."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from itertools import product

from rulewright.compiler.compiler import compile_policy
from rulewright.engines.evaluator import evaluate
from rulewright.engines.registry import ENGINES, FORWARD, tracing
from rulewright.engines.result import Answers, Trace
from rulewright.facts.cases import Case
from rulewright.ir.program import Program
from rulewright.ir.types import Value, parse_date
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import InputError

from . import oracle
from .books import Book
from .cases import AS_AT, bound, written
from .changes import damaged
from .dice import Dice, seeded
from .words import Tree

Engine = Callable[[Program, Case, int, dict[str, Value]], Trace]
forward = tracing(FORWARD)

DAY = parse_date(AS_AT)
assert DAY is not None
AS_AT_DAY: int = DAY


def compiled(texts: dict[str, str]) -> Program:
    """The program of the policy `p`. Raises `InputError`."""
    return compile_policy(rulebook_from_texts(texts), "p")


def parameters_of(program: Program) -> dict[str, Value]:
    return {name: each.at(AS_AT_DAY) for name, each in program.parameters.items()}


def answer(program: Program, case: Case, engine: Engine = evaluate) -> Trace:
    return engine(program, case, AS_AT_DAY, parameters_of(program))


def differences(one: Trace, other: Trace, case: Case) -> list[str]:
    """In which attributes, notices and conditions two results differ."""
    if one == other:
        return []
    found = [
        f"{case.entities[k[0]].path} > {k[1]}: {one.settled.get(k)} | {other.settled.get(k)}"
        for k in {**one.settled, **other.settled}
        if one.settled.get(k) != other.settled.get(k)
    ]
    found += [
        f"notices of {case.entities[i].path}: {one.notices.get(i)} | {other.notices.get(i)}"
        for i in {**one.notices, **other.notices}
        if one.notices.get(i) != other.notices.get(i)
    ]
    found += [f"scope: {one.scope} | {other.scope}"] if one.scope != other.scope else []
    return found + (
        [f"withdrawn: {one.withdrawn} | {other.withdrawn}"]
        if one.withdrawn != other.withdrawn
        else []
    )


def engines_agree(rulebook: Book, tree: Tree) -> None:
    """All engines give equal answers, and those that trace equal traces."""
    program = compiled(rulebook.texts())
    case = bound(written(tree), program.vocabulary)
    agree(program, case)


def agree(program: Program, case: Case) -> Trace:
    result = answer(program, case)
    if forward is not None:
        found = differences(result, answer(program, case, forward), case)
        assert not found, "evaluator | forward: " + "; ".join(found)[:3000]
    answers_agree(program, case, result.answers)
    return result


def answers_agree(program: Program, case: Case, answers: Answers) -> None:
    """Each engine that gives answers alone gives these."""
    for engine in ENGINES:
        if engine.gives is Answers:
            evaluate_answers = engine.load()
            assert evaluate_answers is not None
            other = evaluate_answers(program, case, AS_AT_DAY, parameters_of(program))
            assert isinstance(other, Answers)
            found = [
                f"{case.entities[i].path} > {name}: {answers.decided.get((i, name))} | "
                f"{other.decided.get((i, name))}"
                for i, name in {**answers.decided, **other.decided}
                if answers.decided.get((i, name)) != other.decided.get((i, name))
            ]
            assert not found, f"evaluator | {engine.name}: " + "; ".join(found)[:3000]
            assert answers == other, f"evaluator | {engine.name}: {answers} | {other}"


def completions_hold(rulebook: Book, tree: Tree) -> None:
    """Every completion answers what was possible."""
    program = compiled(rulebook.texts())
    case = bound(written(tree), program.vocabulary)
    for seed, most in product(range(3), (48, oracle.MOST)):
        complete(program, case, seeded(seed), most)


def complete(
    program: Program, case: Case, dice: Dice, most: int = oracle.MOST, frozen: bool = True
) -> int:
    narrowed, slots = oracle.narrowed(case, oracle.missing(program, case), dice, most)
    parameters = parameters_of(program)
    return oracle.check(program, narrowed, slots, AS_AT_DAY, parameters, frozen)


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
        raise AssertionError(
            f"{traceback.format_exc(limit=-3)}\nof the damaged text\n{text}"
        ) from None


def compile_only(rulebook: Book, _tree: Tree | None) -> None:
    """The rulebook compiles."""
    compiled(rulebook.texts())
