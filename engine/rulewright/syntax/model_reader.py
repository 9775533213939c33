"""From a loaded tree to a model: every structural mistake, with its place and what was expected
there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from .errors import NOWHERE, InputError, Place, Problem
from .shape_advice import expected_shape, space_behind_colon, unknown_field
from .text import Map, Text, place_of

Model = TypeVar("Model", bound=BaseModel)


def read_as(model: type[Model], tree: Any, file: str) -> Model:
    """`tree` as a `model`.

    Raises `InputError` with all structural mistakes (RW120 to RW123, RW203).
    """
    empty = list(_left_empty(tree, Place(file)))
    try:
        read = model.model_validate(tree)
    except ValidationError as error:
        found = {(each.place, each.code): each for each in empty}
        for details in _most_exact(
            error.errors(include_url=False, include_context=True, include_input=True), tree
        ):
            problem = _problem(details, tree, file, model)
            found.setdefault((problem.place, problem.code), problem)
        unknown = {each.place for each in found.values() if each.code == "RW120"}
        raise InputError(
            each for each in found.values() if each.place not in unknown or not _follows(each)
        ) from None
    if empty:
        raise InputError(empty)
    return read


_LEFT_EMPTY = "write a value, or leave the line out"


def _follows(problem: Problem) -> bool:
    """Whether something only follows from an unknown name in the same place."""
    return problem.code == "RW121" or problem.message.endswith("is left empty")


_MAY_BE_EMPTY = (
    "withdraw",
    "replaces",
)  # no condition on a withdrawal; a field that an amendment takes away


def _left_empty(tree: Any, place: Place, above: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Every name without a value: it was to say something, and what is left out is not left
    empty.
    """
    declared = above[-2:-1] in (
        ("given",),
        ("derived",),
    )  # in `{rating, label: …}` the type stands as a name
    for name, value in tree.items() if isinstance(tree, dict) else ():
        if (
            value is None
            and above[-1:] != ("withdraw",)
            and not (declared and name not in _OF_AN_ATTRIBUTE)
        ):
            yield Problem(
                place_of(name, place),
                "RW123",
                f"`{name}` is left empty",
                space_behind_colon(name) or _LEFT_EMPTY,
            )
        elif isinstance(value, (dict, list)) and (name not in _MAY_BE_EMPTY or name == "withdraw"):
            yield from _left_empty(value, place_of(name, place), (*above, str(name)))
    for value in tree if isinstance(tree, list) else ():
        if isinstance(value, (dict, list)):
            yield from _left_empty(value, place_of(value, place), above)


_OF_AN_ATTRIBUTE = (
    "type", "one of", "unless stated", "none is", "may be judged", "expected to count", "changes by", "label", "meaning",
)  # fmt: skip
_SHAPES = (
    "is_instance_of",
    "string_type",
    "list_type",
    "dict_type",
    "model_type",
    "model_attributes_type",
)


def _most_exact(errors: list[ErrorDetails], tree: Any) -> list[ErrorDetails]:
    """Where several shapes are allowed, each complains: keep what is wrong inside the shape that
    was written.
    """
    paths = [tuple(_locate(tree, each["loc"], NOWHERE)[1]) for each in errors]
    deeper = {path[:end] for path in paths for end in range(len(path))}
    return [
        each
        for each, path in zip(errors, paths, strict=True)
        if each["type"] not in _SHAPES or path not in deeper
    ]


def _problem(details: ErrorDetails, tree: Any, file: str, model: type[BaseModel]) -> Problem:
    kind = details["type"]
    found = details["input"]
    place, path = _locate(tree, details["loc"], Place(file), of_name=kind == "extra_forbidden")
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
    if kind == "names_in_brackets":
        return Problem(
            place,
            "RW203",
            f"the members of `{path[-2]}` stand in brackets, where a comma splits a name",
            "write one name a line, each after a dash",
        )
    if kind == "left_empty":
        return Problem(place, "RW123", f"{name} is left empty", _LEFT_EMPTY)
    if kind == "extra_forbidden":
        known = _fields(model, details["loc"][:-1])
        return Problem(
            place,
            "RW120",
            f"{name} is not known here",
            unknown_field(str(path[-1]), known, _at(tree, path[:-1])),
        )
    if kind == "missing":
        return Problem(
            place,
            "RW121",
            f"{name} is missing {_from_what(tree, path[:-1])}",
            _wanted(model, details["loc"]),
        )
    if kind == "literal_error":
        expected = str(details.get("ctx", {}).get("expected", "")).replace("'", "`")
        said = (
            f"`{found}` is not a value of {name}"
            if isinstance(found, str)
            else f"{name} is {_described(found)}"
        )
        return Problem(place, "RW122", said, f"expected {expected}")
    if kind in ("too_short", "too_long"):
        least = details.get("ctx", {}).get("min_length", 1)
        return Problem(
            place, "RW123", f"{name} needs at least {least} item{'s' if least != 1 else ''}"
        )
    said = f"{name} is {_described(found)}"
    return Problem(
        place,
        "RW123",
        said,
        f"expected {expected_shape(kind, found, str(path[-1]) if path else '')}",
    )


def _wanted(model: type[BaseModel], loc: Sequence[int | str]) -> str:
    """What a missing field would hold: its words, or what it is."""
    owners = [each for kind in _kinds_at(model, loc[:-1]) for each in _models_in(kind)]
    field = next(
        (
            field
            for each in owners
            for name, field in each.model_fields.items()
            if (field.alias or name) == loc[-1]
        ),
        None,
    )
    if field is None:
        return ""
    if get_origin(field.annotation) is Literal:
        *words, last = (f"`{each}`" for each in get_args(field.annotation))
        return f"expected {', '.join(words)} or {last}"
    return f"write `{loc[-1]}: …`, {field.description}" if field.description else ""


def _at(tree: Any, path: Sequence[int | str]) -> Any:
    here = tree
    for step in path:
        here = here[step]
    return here


def _from_what(tree: Any, path: Sequence[int | str]) -> str:
    """What lacks something: `from the rule `x``, by its first words."""
    here = _at(tree, path)
    first, value = next(iter(here.items()), ("", None)) if isinstance(here, dict) else ("", None)
    if path and isinstance(path[-1], str):
        return f"from `{path[-1]}`"
    return f"from `{first}: {value}`" if first and isinstance(value, Text) else "here"


def _described(found: Any) -> str:
    if found is None:
        return "left empty"
    if isinstance(found, dict):
        return "a group of lines `name: value`"
    if isinstance(found, list):
        return "a list"
    return f"`{found}`"


def _locate(
    tree: Any, loc: Sequence[int | str], place: Place, of_name: bool = False
) -> tuple[Place, list[int | str]]:
    """Follows pydantic's path through the tree; steps that are not in it (tags of unions) are
    passed over.

    The place is that of the value, or with `of_name` that of the name before it.
    """
    here, path = tree, []
    place = place_of(tree, place)
    for index, step in enumerate(loc):
        if isinstance(step, str) and step.startswith("«"):
            continue  # the tag of a union
        if isinstance(here, dict) and step in here:
            written = next(each for each in here if each == step)
            here = here[step]
            place = place_of(here, place_of(written, place))
            if index == len(loc) - 1 and (here is None or of_name):
                place = place_of(written, place)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
            place = place_of(here, place)
        elif (
            index < len(loc) - 1
            or not isinstance(here, Map)
            or not isinstance(step, str)
            or "[" in step
        ):
            continue  # the name of a shape that was tried
        path.append(step)
    return place, path


def _fields(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The names that the mapping at `loc` may hold."""
    names = {
        field.alias or name
        for kind in _kinds_at(model, loc)
        for each in _models_in(kind)
        for name, field in each.model_fields.items()
    }
    return sorted(names - {"place_"})


def _kinds_at(model: type[BaseModel], loc: Sequence[int | str]) -> list[Any]:
    kinds: list[Any] = [model]
    for step in loc:
        kinds = [inner for kind in kinds for inner in _within(kind, step)] or kinds
    return kinds


def _within(kind: Any, step: int | str) -> list[Any]:
    """What may stand at one step below a type: a field, an entry, or the shape that the step
    names.
    """
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {
            field.alias or name: field.annotation for name, field in kind.model_fields.items()
        }
        return [fields[str(step)]] if str(step) in fields else []
    inner: tuple[Any, ...] = getattr(kind, "__args__", ())
    if get_origin(kind) is Annotated:
        named = [each for each in kind.__metadata__ if isinstance(each, Tag)]
        if named and isinstance(step, str) and step.startswith("«"):
            return [inner[0]] if named[0].tag == step else []
        return _within(inner[0], step)
    if get_origin(kind) is dict:
        return [inner[1]]
    if get_origin(kind) is list:
        return [inner[0]] if isinstance(step, int) else []
    return [each for member in inner for each in _within(member, step)]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    found: list[type[BaseModel]] = []
    for inner in getattr(annotation, "__args__", ()):
        found += _models_in(inner)
    return found


def scalar(value: Any, what: str, place: Place = NOWHERE) -> Text:
    """`value` as text, or an error that says `what` was expected."""
    if isinstance(value, Text):
        return value
    raise InputError(
        Problem(place_of(value, place), "RW123", f"this is {_described(value)}", f"expected {what}")
    )
