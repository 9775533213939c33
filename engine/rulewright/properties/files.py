"""Files of declared properties: found, read, and each property paired with each policy of which it
must hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.files import Folders, folders
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.property_models import PropertiesModel, PropertyModel, SpaceModel
from rulewright.syntax.text import Text, key, place_of
from rulewright.syntax.yaml_loader import load_yaml_file

ENDINGS = (".yaml", ".yml")
KINDS = ("monotone", "reachable", "always", "never")
ONLY_WITH = {"better": ("monotone",), "values": ("reachable",), "of": ("always", "never")}


@dataclass(frozen=True)
class Declared:
    """One property of one policy, as written.

    `kind`: one of `KINDS`; within: the folders below which a case has to lie that it names.
    """

    model: PropertyModel
    space: SpaceModel
    path: Path
    file: str
    policy: Text
    as_at: Text | None
    kind: str
    within: Folders = ()

    @property
    def name(self) -> str:
        return " ".join(self.model.property.split())

    @property
    def place(self) -> Place:
        return place_of(self.model.property, Place(self.file))


def load_properties(
    paths: Iterable[Path], policy: str | None = None, only: str | None = None
) -> list[Declared]:
    """The properties of files and folders, each once for each of its policies.

    policy: instead of those written. only: words that a property's name holds, or one of its tags.
    Raises `InputError` with every mistake in their shape (RW101, RW12x, RW85x, RW859, RW860).
    """
    problems = Problems()
    found: list[Declared] = []
    paths = list(paths)
    within = folders(paths)
    for path in _files(paths):
        try:
            found += _of_file(path, policy, within, None if path in paths else within)
        except InputError as error:
            problems.take(error)
    problems.stop_if_any()
    if only is not None and not key(only):
        raise InputError(
            Problem(
                Place(""),
                "RW860",
                "the words of properties that are asked for are empty",
                "write some words of a name, or a tag, or leave `--only` out to check all",
            )
        )
    chosen = [each for each in found if only is None or _named(each, only)]
    if not chosen:
        names = list(dict.fromkeys(each.name for each in found))
        raise InputError(
            Problem(
                Place(""),
                "RW860",
                f"no property has `{only}` in its name, nor as a tag",
                nearest(only or "", names),
            )
        )
    return chosen


def _named(declared: Declared, only: str) -> bool:
    return key(only) in key(declared.name) or key(only) in map(key, declared.model.tags)


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if os.path.isdir(path):
            found += sorted(
                each
                for each in path.rglob("*")
                if each.suffix in ENDINGS and each.exists() and not each.is_dir()
            )
        elif os.path.exists(path):
            found.append(path)
        else:
            raise InputError(Problem(Place(str(path)), "RW101", f"`{path}` does not exist"))
    if not found:
        named = ", ".join(f"`{each}`" for each in paths)
        raise InputError(
            Problem(
                Place(""),
                "RW860",
                f"there are no files of properties in {named}",
                "name a YAML file, or a folder of such",
            )
        )
    return list(dict.fromkeys(found))


def _of_file(
    path: Path, policy: str | None, within: Folders, found_in: Folders | None
) -> list[Declared]:
    file = shown(path)
    tree = load_yaml_file(path, file, found_in)
    read = read_as(PropertiesModel, tree, file)
    problems = Problems()
    found: list[Declared] = []
    seen: dict[tuple[str, str], Place] = {}
    for model in read.properties:
        kind = _kind(model, problems)
        space = _space(model, read, problems)
        policies = [Text(policy)] if policy is not None else _policies(model, read, problems)
        for each in policies if kind and space is not None else []:
            assert space is not None
            one = Declared(model, space, path, file, each, model.as_at or read.as_at, kind, within)
            first = seen.setdefault((key(one.name), key(each)), one.place)
            if first != one.place:
                problems.add(
                    "RW859",
                    one.place,
                    f"two properties of `{each}` are called `{one.name}`",
                    f"the first is in {first}",
                )
            found.append(one)
    problems.stop_if_any()
    return found


def _kind(model: PropertyModel, problems: Problems) -> str:
    """What is claimed: exactly one of `KINDS`, and nothing that only goes with another."""
    name = f"the property `{' '.join(model.property.split())}`"
    place = place_of(model.property, model.place_)
    stated = [each for each in KINDS if getattr(model, each) is not None]
    words = "`monotone`, `reachable`, `always` or `never`"
    if len(stated) != 1:
        said = (
            f"{name} says both {' and '.join(f'`{each}`' for each in stated)}"
            if stated
            else f"{name} does not say what must hold"
        )
        problems.add("RW850", place, said, "write two properties" if stated else f"give it {words}")
        return ""
    for word, kinds in ONLY_WITH.items():
        written = getattr(model, word)
        if written and stated[0] not in kinds:
            help = f"it goes with {' or '.join(f'`{each}`' for each in kinds)}"
            problems.add("RW850", place, f"`{word}` has no meaning beside `{stated[0]}`", help)
    if model.expected == "no" and model.because is None:
        problems.add(
            "RW850",
            place,
            f"{name} is expected not to hold, and nothing says why",
            "add `because: …`",
        )
    return stated[0]


def _space(model: PropertyModel, read: PropertiesModel, problems: Problems) -> SpaceModel | None:
    if isinstance(model.space, SpaceModel):
        return model.space
    found = next(
        (each for name, each in read.spaces.items() if key(name) == key(model.space)), None
    )
    if found is None:
        help = (
            nearest(model.space, [str(each) for each in read.spaces])
            or "write it under `spaces`, or in its place"
        )
        problems.add(
            "RW851",
            place_of(model.space, model.place_),
            f"`{model.space}` is not a space of this file",
            help,
        )
    return found


def _policies(model: PropertyModel, read: PropertiesModel, problems: Problems) -> list[Text]:
    written = model.policy or read.policy
    if written is None:
        problems.add(
            "RW850",
            place_of(model.property, model.place_),
            "it is not said of which policy this must hold",
            "write `policy: NAME`, here or at the top of the file",
        )
        return []
    return [written] if isinstance(written, Text) else list(written)


def shown(path: Path) -> str:
    """A path as messages show it."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
