"""Parameters: named values with their dates, as a policy sets them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rulewright.amendments.chain import Assembly
from rulewright.amendments.remaining_uses import uses
from rulewright.ir.program import ParameterValues
from rulewright.ir.types import Value, parse_date
from rulewright.ir.vocabulary import Vocabulary
from rulewright.rulebook.parameter_types import declared_type
from rulewright.rulebook.rulebook import RulebookEntry
from rulewright.syntax.errors import InputError, Problem, Problems
from rulewright.syntax.lexer import is_one_name
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import InterpretationModel, ParameterModel
from rulewright.syntax.text import Text, key, place_of, text_of

from .citations import citations


def read_parameters(assembly: Assembly, problems: Problems) -> dict[str, ParameterValues]:
    """The parameters of a policy by their keys, mistakes noted."""
    found: dict[str, ParameterValues] = {}
    for item in sorted(assembly.items.values(), key=lambda each: str(each.id)):
        if item.kind == "parameter":
            if key(item.id) in found:
                first, second = sorted((found[key(item.id)].place, item.place))
                problems.add(
                    "RW401",
                    second,
                    f"the parameter `{item.id}` is there twice",
                    f"first in {first}",
                )
            try:
                found[key(item.id)] = _parameter(item, assembly)
            except InputError as error:
                problems.take(error)
    return found


def without_users(assembly: Assembly, read: dict[str, ParameterValues]) -> Assembly:
    """The entries without those that use a parameter that could not be read: only the cause is
    told.
    """
    wrong = [
        str(each.id)
        for each in assembly.items.values()
        if each.kind == "parameter" and key(each.id) not in read
    ]
    if not wrong:
        return assembly
    users = {
        name
        for name, each in assembly.items.items()
        if any(uses(each, word, "parameter") for word in wrong)
    }
    users |= {
        name
        for name, each in assembly.items.items()
        if each.kind == "use" and each.id.partition("@")[0] in users
    }
    return replace(
        assembly, items={name: each for name, each in assembly.items.items() if name not in users}
    )


def check_parameter_names(
    vocabulary: Vocabulary, parameters: dict[str, ParameterValues], problems: Problems
) -> None:
    """A word of the vocabulary would be read instead of a parameter of that name."""
    words = {key(each): each for each in vocabulary.names()}
    for name, parameter in parameters.items():
        if name in words:
            problems.add(
                "RW333",
                parameter.place,
                f"the parameter `{parameter.name}` has the name of a word of the vocabulary",
                "give it a name of its own",
            )
        elif not is_one_name(parameter.name):
            problems.add(
                "RW208",
                parameter.place,
                f"`{parameter.name}` cannot be a name or a value: the rule language "
                "reads it as something else",
                "choose another name",
            )


def _parameter(item: RulebookEntry, assembly: Assembly) -> ParameterValues:
    model = read_as(ParameterModel, item.tree, item.place.file)
    own = assembly.parameters.get(key(item.id))
    if own is None and (model.value is None) == (not model.values):
        fault = "has both `value` and `values`" if model.value is not None else "has no value"
        raise InputError(
            Problem(
                item.place,
                "RW333",
                f"the parameter `{item.id}` {fault}",
                "write `value`, or `values` by date",
            )
        )
    if own is not None:
        written: list[tuple[int | None, Text]] = [(None, own)]
    elif model.value is not None:
        written = [(None, model.value)]
    else:
        written = sorted((_since(each), value) for each, value in (model.values or {}).items())
    kind = declared_type(item.tree, own)
    values: list[tuple[int | None, Value]] = []
    for since, text in written:
        value = kind.parse(text) if kind is not None else None
        if kind is None or value is None:
            expected = (
                f"expected {kind.expected()}"
                if kind
                else "expected a number, a length of time, a date, yes or no, or `one of`"
            )
            raise InputError(
                Problem(
                    place_of(text, item.place),
                    "RW333",
                    f"`{text}` is not a value of `{item.id}`",
                    expected,
                )
            )
        values.append((since, value))
    assert kind is not None
    return ParameterValues(
        str(item.id),
        kind,
        tuple(values),
        text_of(model.meaning or ""),
        citations(item.tree.get("source")),
        named_interpretation(item.tree.get("interpretation")),
        item.place,
    )


def named_interpretation(written: Any) -> str:
    """The interpretation that an entry or a policy rests on: as it names it, or as it writes it
    out.
    """
    if isinstance(written, InterpretationModel):
        return str(written.id)
    return str(written.get("id", "")) if isinstance(written, dict) else str(written or "")


def _since(text: Text) -> int:
    day = parse_date(text)
    if day is None:
        raise InputError(
            Problem(
                place_of(text),
                "RW333",
                f"`{text}` is not a date",
                "values are named by the date since which they hold",
            )
        )
    return day
