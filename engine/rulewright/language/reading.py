"""From a loaded tree to a model: every structural mistake, with its place and what was expected there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .errors import NOWHERE, InputError, Place, Problem, nearest
from .text import Map, Text, place_of

Model = TypeVar("Model", bound=BaseModel)


def read_as(model: type[Model], tree: Any, file: str) -> Model:
    """`tree` as a `model`. Raises `InputError` with all structural mistakes (RW120 to RW124)."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        found: dict[tuple[Place, str], Problem] = {}
        for details in error.errors(include_url=False, include_context=True, include_input=True):
            problem = _problem(details, tree, file, model)
            found.setdefault((problem.place, problem.code), problem)
        raise InputError(found.values()) from None


def _problem(details: ErrorDetails, tree: Any, file: str, model: type[BaseModel]) -> Problem:
    place, path = _locate(tree, details["loc"], Place(file))
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
    kind = details["type"]
    found = details["input"]
    if kind == "extra_forbidden":
        known = _fields(model, tree, path[:-1])
        return Problem(place, "RW120", f"{name} is not known here", nearest(str(path[-1]), known))
    if kind == "missing":
        return Problem(place, "RW121", f"{name} is missing here")
    if kind == "literal_error":
        expected = str(details.get("ctx", {}).get("expected", "")).replace("'", "`")
        return Problem(place, "RW122", f"`{found}` is not a value of {name}", f"expected {expected}")
    if kind in ("too_short", "too_long"):
        least = details.get("ctx", {}).get("min_length", 1)
        return Problem(place, "RW123", f"{name} needs at least {least} item{'s' if least != 1 else ''}")
    expected = {
        "is_instance_of": "text", "string_type": "text", "list_type": "a list", "dict_type": "a mapping",
        "model_type": "a mapping", "model_attributes_type": "a mapping",
    }.get(kind, "something else")  # fmt: skip
    return Problem(place, "RW123", f"{name} is {_described(found)}", f"expected {expected}")


def _described(found: Any) -> str:
    if found is None:
        return "left empty"
    if isinstance(found, dict):
        return "a mapping"
    if isinstance(found, list):
        return "a list"
    return f"`{found}`"


def _locate(tree: Any, loc: Sequence[int | str], place: Place) -> tuple[Place, list[int | str]]:
    """Follows pydantic's path through the tree; steps that are not in it (tags of unions) are passed over."""
    here, path = tree, []
    place = place_of(tree, place)
    for index, step in enumerate(loc):
        if isinstance(step, str) and step.startswith("«"):
            continue  # the tag of a union
        if isinstance(here, dict) and step in here:
            written = next(each for each in here if each == step)
            here = here[step]
            place = place_of(here, place_of(written, place))
            if index == len(loc) - 1 and here is None:
                place = place_of(written, place)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
            place = place_of(here, place)
        elif index < len(loc) - 1 or not isinstance(here, Map):
            continue
        path.append(step)
    return place, path


def _fields(model: type[BaseModel], tree: Any, path: Sequence[int | str]) -> list[str]:
    """The names that the mapping at `path` may hold: those of the model whose fields it resembles most."""
    here = tree
    for step in path:
        here = here[step]
    candidates = [names for names in _all_fields(model, set()) if names]
    present = {str(each) for each in here} if isinstance(here, dict) else set()
    if not path:
        own = {field.alias or name for name, field in model.model_fields.items()}
        return sorted(own - {"place_"})
    best = max(candidates, key=lambda names: (len(names & present), -len(names)), default=set())
    return sorted(best - {"place_"})


def _all_fields(model: type[BaseModel], seen: set[type[BaseModel]]) -> list[set[str]]:
    if model in seen:
        return []
    seen.add(model)
    found = [{field.alias or name for name, field in model.model_fields.items()}]
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            found += _all_fields(inner, seen)
    return found


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
    raise InputError(Problem(place_of(value, place), "RW123", f"this is {_described(value)}", f"expected {what}"))
