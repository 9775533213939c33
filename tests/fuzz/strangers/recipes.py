"""Command lines for every command, whatever its parameters are: they are read from click, and
filled from a folder of files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import click
import yaml

from rulewright.cli import group
from tests.fuzz.dice import Dice

from .texts import CHARACTERS, SCALARS, text_of
from .workspace import Files

DATES = ("2024-03-01", "2021-06-01", "2024-07-01", "2026-09-01", "2020-01-01")
ODD_DATES = ("2024-02-30", "today", "0001-01-01", "9999-12-31", "1/3/2024", "20240301", "")
NAMED = re.compile(
    r"^\s*(?:- *)?\{? *(policy|rule|table|parameter|principle|use|interpretation|id|tag): *([^\n,{}#]+)",
    re.M,
)
ENTRY = re.compile(r"(?:^|[{,]) *(?:- +)?([A-Za-z][\w' -]*): *([^\n,{}\[\]#]*)", re.M)
SHIPPED = Path(__file__).parents[3] / "rules/cqc"


@dataclass(frozen=True)
class Words:
    """The words of a vocabulary."""

    things: tuple[str, ...]
    facts: tuple[str, ...]
    derived: tuple[str, ...]
    values: tuple[str, ...]


@cache
def words_of(vocabulary: str) -> Words | None:
    """What a file declares, where it is a vocabulary."""
    try:
        tree = yaml.safe_load(vocabulary)
        things = {
            str(name): entity
            for name, entity in tree["entities"].items()
            if isinstance(entity, dict)
        }
        facts = [str(name) for entity in things.values() for name in entity.get("given") or ()]
        derived = [str(name) for entity in things.values() for name in entity.get("derived") or ()]
        values = [
            str(value) for scale in (tree.get("scales") or {}).values() for value in scale["order"]
        ]
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return (
        Words(tuple(things), tuple(facts), tuple(derived), tuple(values))
        if facts and derived
        else None
    )


@cache
def shipped() -> tuple[Words, tuple[str, ...]]:
    """The words of the shipped vocabulary, and the shipped policies."""
    found = words_of((SHIPPED / "vocabulary.yaml").read_text("utf-8"))
    assert found is not None
    return found, tuple(path.stem for path in sorted((SHIPPED / "policies").glob("*.yaml")))


@cache
def codes() -> tuple[str, ...]:
    """The codes of messages."""
    return tuple(path.stem for path in sorted((SHIPPED.parents[1] / "docs/codes").glob("RW*.md")))


class Names:
    """What the files of a folder hold that a command may be asked about."""

    def __init__(self, files: Files) -> None:
        self.files = sorted(files)
        self.texts = {
            name: text_of(content)
            for name, content in files.items()
            if isinstance(content, bytes) and name.endswith((".yaml", ".csv"))
        }
        self.named: dict[str, list[str]] = {}
        for text in self.texts.values():
            for what, name in NAMED.findall(text):
                self.named.setdefault(what, []).append(name.strip().strip("'\""))
        entries = [
            (name.strip(), value.strip())
            for text in self.texts.values()
            for name, value in ENTRY.findall(text)
        ]
        self.keys = [name for name, _ in entries] or ["x"]
        self.values = [value for _, value in entries if value] or ["x"]
        self.rulebooks = sorted(set(_rulebooks(self.texts)))
        own = next(
            (
                found
                for text in self.texts.values()
                if "entities:" in text and (found := words_of(text)) is not None
            ),
            None,
        )
        self.words = own or shipped()[0]
        if not self.rulebooks:
            self.named["policy"] = list(shipped()[1])
        self.folders = sorted({str(each) for name in files for each in PurePosixPath(name).parents})

    def called(self, dice: Dice, *whats: str) -> str:
        """The name of such a thing; any word where there is none."""
        found = [name for what in whats for name in self.named.get(what, [])]
        return dice.pick(found) if found else dice.pick(self.keys)

    def file(self, dice: Dice, *endings: str) -> str:
        """A file with such an ending; any file where there is none."""
        found = [name for name in self.files if name.endswith(endings)]
        return dice.pick(found or self.files or ["x.yaml"])

    def outside(self, dice: Dice, *endings: str, holding: str = "") -> str:
        """Such a file that is not of a rulebook, and holds some text, where there is one."""
        found = [
            name
            for name in self.files
            if name.endswith(endings) and not any(_within(name, each) for each in self.rulebooks)
        ]
        found = [name for name in found if holding in self.texts.get(name, holding)] or found
        return dice.pick(found) if found else self.file(dice, *endings)


def _rulebooks(texts: dict[str, str]) -> Iterator[str]:
    """The folders that hold both a vocabulary and a policy, and lie as deep as can be."""
    words, policies = (
        {PurePosixPath(name) for name, text in texts.items() if re.search(what, text, re.M)}
        for what in ("^entities:", "^policy:")
    )
    for each in words:
        for folder in each.parents:
            if any(folder in policy.parents for policy in policies):
                yield str(folder)
                break


def _within(name: str, folder: str) -> bool:
    return folder == "." or name.startswith(folder + "/")


Pool = Callable[[Names, Dice], str]
CASES = (".yaml", ".yml", ".jsonl", ".json", ".xlsx")


def _output(*endings: str) -> Pool:
    """The name of a file to write, which may be there already."""

    def pool(names: Names, dice: Dice) -> str:
        if dice.chance(15):
            return dice.pick(
                (*names.files, *names.folders, "null", "nowhere/x.html", "new file", "out.docx", "")
            )
        return "out" + dice.pick(endings)

    return pool


def _attribute(names: Names, dice: Dice) -> str:
    found = dice.weighted(
        [(8, names.words.derived), (3, names.words.facts), (1, tuple(names.keys))]
    )
    path = (
        [dice.pick(names.words.things)]
        if dice.chance(25)
        else [dice.pick(names.values)]
        if dice.chance(10)
        else []
    )
    return " > ".join((*path, dice.pick(found)))


def _value(names: Names, dice: Dice) -> str:
    found: tuple[str, ...] = (
        names.words.values if names.words.values and dice.chance(65) else tuple(names.values)
    )
    return dice.pick(found)


def _of_a_rulebook(names: Names, dice: Dice) -> str:
    return names.called(
        dice, "rule", "table", "parameter", "principle", "use", "interpretation", "id"
    )


STEPS = (
    "",
    "",
    ".when",
    ".then",
    ".when[1]",
    ".value",
    ".otherwise",
    ".title",
    ".rows",
    ".in force.from",
    ".source",
)


def _assignment(names: Names, dice: Dice) -> str:
    target = (
        _of_a_rulebook(names, dice)
        if dice.chance(80)
        else dice.pick(("title", "status", "in force.from", *names.keys))
    )
    step = dice.pick(STEPS) if dice.chance(60) else f"[{dice.pick(names.keys)}]"
    value = (
        dice.pick(names.values)
        if dice.chance(70)
        else f"[{dice.pick(names.values)}, {dice.pick(names.values)}]"
    )
    return f"{target}{step}={value if dice.chance(85) else dice.pick((*SCALARS, *CHARACTERS))}"


def _side(names: Names, dice: Dice) -> str:
    policy, folder = names.called(dice, "policy"), f"./{dice.pick(names.rulebooks or ['rules'])}"
    return dice.weighted([(6, policy), (4, folder), (1, dice.pick(("HEAD", "HEAD:rules", "")))])


POOLS: dict[str, Pool] = {
    "rulebook": lambda names, dice: dice.pick(
        names.rulebooks if names.rulebooks and dice.chance(92) else names.folders
    ),
    "policy": lambda names, dice: names.called(dice, "policy"),
    "date": lambda _, dice: dice.pick(DATES if dice.chance(75) else ODD_DATES),
    "setting": lambda names, dice: (
        f"{names.called(dice, 'parameter')}={dice.pick((_value(names, dice), '50', '6 months', '4.5'))}"
    ),
    "attribute": _attribute,
    "fact": lambda names, dice: f"{_attribute(names, dice)}={_value(names, dice)}",
    "value": _value,
    "case": lambda names, dice: names.outside(dice, *CASES),
    "cases": lambda names, dice: (
        names.outside(dice, *CASES, holding="expect")
        if dice.chance(85)
        else dice.pick(names.folders)
    ),
    "properties": lambda names, dice: (
        names.file(dice, "properties.yaml") if dice.chance(80) else names.outside(dice, *CASES)
    ),
    "to format": lambda names, dice: dice.pick(
        (names.file(dice, ".yaml"), names.file(dice, ".yaml"), dice.pick(names.folders))
    ),
    "part": lambda names, dice: names.file(dice, ".yaml").partition("/")[2],
    "file of rules": lambda names, dice: names.file(dice, ".yaml").removeprefix(
        dice.pick(("", "rules/"))
    ),
    "table": lambda names, dice: names.called(dice, "table"),
    "sheet": lambda names, dice: (
        names.outside(dice, ".csv", ".xlsx")
        + ("#" + dice.pick(names.keys) if dice.chance(10) else "")
    ),
    "rule": _of_a_rulebook,
    "interpretation": lambda names, dice: names.called(dice, "interpretation", "id"),
    "document": lambda names, dice: names.called(dice, "id"),
    "word": lambda names, dice: dice.pick(
        dice.pick((names.words.facts, names.words.derived, names.words.things, names.values))
    ),
    "new name": lambda names, dice: (
        dice.pick(("new", "another", "new"))
        if dice.chance(75)
        else dice.pick(("../x", "x/y", *SCALARS))
    ),
    "of": lambda names, dice: dice.pick(names.words.things),
    "assignment": _assignment,
    "side": _side,
    "intended": lambda names, dice: names.file(dice, "intended.yaml"),
    "ledger": lambda names, dice: names.file(dice, ".ledger"),
    "record": lambda names, dice: names.file(dice, ".ledger") if dice.chance(50) else "new.ledger",
    "head": lambda names, dice: names.file(dice, ".head", ".signed"),
    "private key": lambda names, dice: names.file(dice, ".key"),
    "public key": lambda names, dice: names.file(dice, ".pub"),
    "person": lambda _, dice: "A. Clerk" if dice.chance(70) else dice.pick(("", "  ", *CHARACTERS)),
    "reason": lambda _, dice: (
        "as adopted" if dice.chance(70) else dice.pick(("", "a\nb", *SCALARS))
    ),
    "page": _output(".html"),
    "document file": _output(".md", ".html"),
    "report file": _output(".txt", ".jsonl", ".xml"),
    "table file": _output(".csv", ".xlsx"),
    "workbook file": _output(".xlsx"),
    "yaml file": _output(".yaml", ".yml"),
    "folder": _output(""),
    "export": _output(".jsonl", ".prov", ".jsonld"),
    "code": lambda names, dice: dice.pick(codes()) if dice.chance(80) else dice.pick(names.keys),
    "key name": _output("", ".key"),
}
WRITTEN = (
    "record",
    "page",
    "document file",
    "report file",
    "table file",
    "workbook file",
    "yaml file",
    "folder",
    "export",
    "key name",
)  # pools of files to write
PARAMETERS = {
    "rules": "rulebook", "policy": "policy", "against_policy": "policy", "amends": "policy", "as_at": "date", "against_as_at": "date",
    "settings": "setting", "attribute": "attribute", "only": "attribute", "keep": "attribute", "change": "attribute", "facts": "fact",
    "value": "value", "to": "value", "files": "case", "file": "case", "other_file": "case", "paths": "cases", "folder": "rulebook",
    "tags": "word", "names": "word", "words": "word", "document": "document", "intended": "intended", "table": "table",
    "title": "reason", "reason": "reason", "sealed_by": "person", "recorded_by": "person", "approved_by": "person",
    "ledger": "ledger", "record": "record", "old": "side", "new": "side", "page": "page", "assignments": "assignment",
    "part": "part", "of": "of", "properties": "properties", "scenarios": "cases", "code": "code",
}  # fmt: skip
OF_ONE_COMMAND = {  # where a parameter of that name is something else elsewhere
    "report output": "page", "test output": "report file", "read output": "document file", "suggest output": "yaml file",
    "new case output": "yaml file", "new scenario output": "yaml file", "table export output": "table file",
    "table template output": "workbook file", "ledger export output": "export", "ledger sign output": "export",
    "compare files": "cases", "compare write_intended": "yaml file", "coverage page": "page",
    "properties paths": "properties", "properties folder": "folder", "mutate only": "rule", "suggest only": "rule",
    "properties only": "word", "fmt files": "to format", "set file": "file of rules", "table import file": "sheet",
    "table import into": "file of rules", "interpretations name": "interpretation", "rule name": "rule", "new policy name": "new name",
    "new rule name": "new name", "new case name": "new name", "new scenario name": "new name", "ledger keygen name": "key name",
    "ledger verify published": "head", "ledger verify key": "public key", "ledger sign key": "private key", "ledger head key": "private key",
    "copy folder": "folder",
}  # fmt: skip
ALWAYS = {
    "mutate": ["--sample", "4", "--workers", "1"],
    "suggest": ["--workers", "1", "--most", "2"],
    "test": ["--workers", "1"],
}
ONE_OF = {
    "set": ("file", "policy"),
    "what-if": ("to", "fragile", "facts", ""),
}  # of these options one is given
LONG = (
    "mutate",
    "suggest",
    "properties",
    "coverage",
    "compare",
    "what-if",
    "check",
)  # it is their nature to take long with the shipped rulebook
HOLDING = {
    "case": "case:",
    "cases": "expect",
    "properties": "properties:",
}  # what a file of such a pool holds


@cache
def commands() -> dict[str, click.Command]:
    """Every command, by its words."""

    def within(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from within(command, (*words, name))
            elif command is not None:
                yield " ".join((*words, name)), command

    return dict(within(group, ()))


def pool_of(name: str, parameter: click.Parameter) -> str | None:
    """What fills a parameter; nothing for one that says itself what it takes.

    Raises `KeyError` where nobody has said.
    """
    kind = parameter.type
    if isinstance(
        kind, click.Choice | click.types.IntParamType | click.types.FloatParamType
    ) or hasattr(kind, "min"):
        return None
    if isinstance(parameter, click.Option) and parameter.is_flag:
        return None
    assert parameter.name is not None
    return OF_ONE_COMMAND.get(f"{name} {parameter.name}") or PARAMETERS[parameter.name]


def suits(name: str, names: Names) -> bool:
    """Whether there are files of the kind that the command is about."""
    if name in LONG and not names.rulebooks:
        return False
    for parameter in commands()[name].params:
        pool = (
            pool_of(name, parameter)
            if isinstance(parameter, click.Argument) or parameter.required
            else None
        )
        if pool in HOLDING and not any(HOLDING[pool] in text for text in names.texts.values()):
            return False
        if pool == "sheet" and not any(each.endswith((".csv", ".xlsx")) for each in names.files):
            return False
        if pool == "ledger" and not any(each.endswith(".ledger") for each in names.files):
            return False
    return True


def _filled(name: str, parameter: click.Parameter, names: Names, dice: Dice) -> str:
    """A value for a parameter."""
    pool = pool_of(name, parameter)
    if pool is not None:
        return POOLS[pool](names, dice)
    if isinstance(parameter.type, click.Choice):
        return str(dice.pick(list(parameter.type.choices)))
    return (
        str(dice.number(1, 3))
        if dice.chance(75)
        else dice.pick(("7", "0", "-1", "99999999999999999999", "1.5", "x", ""))
    )


def command_line(name: str, names: Names, dice: Dice) -> list[str]:
    """Arguments for a command that are likely to mean something."""
    options, arguments = list[str](), list[str]()
    wanted = {
        "rules": 96 if names.rulebooks else 1,
        "policy": 35,
        "files": 90 if name == "compare" else 10,
    } | dict.fromkeys(ONE_OF.get(name, ()), 0)
    if name in ONE_OF:
        wanted[dice.pick(ONE_OF[name])] = 101
    for each in commands()[name].params:
        if isinstance(each, click.Argument):
            number = 1 if each.nargs == 1 else dice.pick((1, 1, 1, 2, 3))
            if each.required or dice.chance(85):
                arguments += [_filled(name, each, names, dice) for _ in range(number)]
        elif max(each.opts, key=len) not in ALWAYS.get(name, ()) and (
            each.required or dice.chance(wanted.get(str(each.name), 8))
        ):
            option = dice.pick(each.opts)
            flag = isinstance(each, click.Option) and each.is_flag
            options += [option] if flag else [option, _filled(name, each, names, dice)]
    return [*name.split(" "), *arguments, *options, *ALWAYS.get(name, ())]


def spoiled_line(arguments: list[str], names: Names, dice: Dice) -> list[str]:
    """A command line with one thing in it otherwise."""
    found = list(arguments)
    at = dice.below(len(found))
    every = [
        option
        for command in commands().values()
        for each in command.params
        if isinstance(each, click.Option)
        for option in each.opts
    ]
    match dice.below(10):
        case 0:
            del found[at]
        case 1:
            found.insert(at, found[at])
        case 2:
            other = dice.below(len(found))
            found[at], found[other] = found[other], found[at]
        case 3 | 4:
            found[at] = dice.pick((*SCALARS, *ODD_DATES))
        case 5:
            place = dice.below(len(found[at]) + 1)
            found[at] = found[at][:place] + dice.pick(CHARACTERS) + found[at][place:]
        case 6:
            found.insert(at, dice.pick(every))
        case 7:
            found += [
                dice.pick(every),
                dice.pick(dice.pick((names.values, names.keys, names.files))),
            ]
        case 8:
            found.insert(
                at,
                dice.pick(
                    (
                        "--",
                        "-",
                        "",
                        "-x",
                        "--help",
                        "--version",
                        "=",
                        "--rules=",
                        "-o-",
                        "@x",
                        "--json",
                        "--all",
                    )
                ),
            )
        case _:
            found[at] = dice.pick(
                dice.pick((names.values, names.keys, names.files or ["x"], names.folders))
            )
    return found
