"""Mutants of what a policy has besides rules: parameters and their dates, withdrawals, its
scope.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rulewright.compiler.rendering import Renderer
from rulewright.ir.phrases import value_words
from rulewright.ir.program import ParameterValues, Program, Withdrawal
from rulewright.ir.types import Months, YesNo, show_date
from rulewright.mutation.mutant import Effect, Mutant

from .comparisons import steps
from .conditions import Conditions


def surroundings(program: Program, renderer: Renderer) -> Iterator[Mutant]:
    """Every small change of the parameters, withdrawals and scope of a policy. renderer: words
    conditions of what cases are of.
    """
    conditions = Conditions(renderer)
    for name, parameter in program.parameters.items():
        yield from _parameter(program, name, parameter)
    for withdrawal in program.withdrawals:
        yield from _withdrawal(program, withdrawal, conditions)
    for index, condition in enumerate(program.scope):
        for each in conditions.changed(condition):
            middle = () if each.condition is None else (each.condition,)
            what = (
                f"`{each.before}` becomes `{each.after}` in the scope"
                if each.after
                else f"`{each.before}` is dropped from the scope"
            )
            effect = Effect(scope=(*program.scope[:index], *middle, *program.scope[index + 1 :]))
            yield Mutant(
                f"scope: {each.operator}",
                "scope",
                condition.place,
                f"{each.before} > {each.after}",
                what,
                each.before,
                each.after,
                {program.policy: effect},
            )


def _parameter(program: Program, name: str, parameter: ParameterValues) -> Iterator[Mutant]:
    if isinstance(parameter.type, YesNo):
        verb = ""
    for index, (since, value) in enumerate(parameter.values):
        old = value_words(value, parameter.type)
        for other in steps(value, parameter.type):
            if isinstance(parameter.type, Months) and isinstance(other, int) and other < 0:
                continue
            new = value_words(other, parameter.type)
            verb = f" from {show_date(since)} on" if since is not None else ""
            yield _with(
                program,
                name,
                parameter,
                index,
                (since, other),
                "parameter",
                f"`{parameter.name}` is `{new}` instead of `{old}`{verb}",
                old,
                new,
            )
        if since is not None:
            for day in (since - 1, since + 1):
                yield _with(
                    program,
                    name,
                    parameter,
                    index,
                    (day, value),
                    "date of a parameter",
                    f"`{parameter.name}` is `{old}` from {show_date(day)} on instead of {show_date(since)}",
                    show_date(since),
                    show_date(day),
                )


def _with(
    program: Program,
    name: str,
    parameter: ParameterValues,
    index: int,
    entry: tuple[int | None, object],
    operator: str,
    what: str,
    before: str,
    after: str,
) -> Mutant:
    values = (*parameter.values[:index], entry, *parameter.values[index + 1 :])
    changed_parameter = replace(parameter, values=values)  # type: ignore[arg-type]
    effect = Effect(parameters={**program.parameters, name: changed_parameter})
    return Mutant(
        operator,
        parameter.name,
        parameter.place,
        f"{before} > {after}",
        what,
        before,
        after,
        {program.policy: effect},
    )


def _withdrawal(
    program: Program, withdrawal: Withdrawal, conditions: Conditions
) -> Iterator[Mutant]:
    others = [each for each in program.withdrawals if each is not withdrawal]
    at = program.withdrawals.index(withdrawal)
    name, owner = withdrawal.text, withdrawal.policy

    def mutant(
        operator: str,
        detail: str,
        what: str,
        new: Withdrawal | None,
        before: str = "",
        after: str = "",
    ) -> Mutant:
        kept = (*others[:at], *([new] if new is not None else []), *others[at:])
        return Mutant(
            operator,
            owner,
            withdrawal.place,
            f"{name} {detail}",
            what,
            before,
            after,
            {program.policy: Effect(withdrawals=kept)},
        )

    yield mutant("withdrawal dropped", "", f"`{owner}` does not withdraw `{name}`", None)
    if withdrawal.once is not None:
        yield mutant(
            "condition dropped",
            "once",
            f"`{name}` is withdrawn at once, whether or not `{withdrawal.once.text}`",
            replace(withdrawal, once=None),
            withdrawal.once.text,
        )
        for each in conditions.changed(withdrawal.once):
            if each.condition is not None:
                yield mutant(
                    each.operator,
                    f"{each.before} > {each.after}",
                    f"`{name}` is withdrawn once `{each.after}` instead of `{each.before}`",
                    replace(withdrawal, once=each.condition),
                    each.before,
                    each.after,
                )
    if withdrawal.until_then:
        yield mutant(
            "until then dropped",
            "until then",
            f"`{name}` shows no earlier value until it is withdrawn",
            replace(withdrawal, until_then=""),
        )
