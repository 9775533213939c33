"""Reading YAML that strangers wrote: positions kept, hazards refused.

PyYAML's event stream is read without recursion, so that no input can exhaust the stack of its C
parser. Every scalar stays the characters that were written (`no` is not false, `1:20` is not 80,
`012` is not 10): only the declaration of an attribute says what they mean. Refused, each with a
place and a plain sentence: duplicate keys, aliases and anchors, tags, more than one document,
nesting beyond 40 levels, files beyond 10 MB or two million values, tabs, bytes that are not UTF-8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from .errors import InputError, Place, Problem
from .files import DATABASE, Folders, read_bytes
from .text import Map, Seq, Text, is_unknown, key, plain

MAX_DEPTH = 40
MAX_VALUES = 2_000_000  # of a file: words, values, lists and mappings
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover  (PyYAML built without libyaml: slower, same events)
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]
Parser: type[Any] = _Loader  # the one that reads YAML everywhere


def read_text(path: Path, shown: str | None = None, within: Folders | None = None) -> str:
    """The text of a file. within: the folders in which it has to lie.

    Raises `InputError`: RW101 (cannot be read), RW102 (too large), RW103 (not UTF-8), RW104
    (empty), RW124 (lies elsewhere).
    """
    name = shown or str(path)
    return decoded(read_bytes(path, name, within), name)


def decoded(data: bytes, name: str) -> str:
    """The text of a file that holds these bytes.

    Raises `InputError`: RW103 (not UTF-8), RW104 (empty).
    """
    here = Place(name)
    if data.startswith(DATABASE):
        raise InputError(
            Problem(
                here,
                "RW103",
                "this is a ledger or another database, not a text",
                "`rulewright ledger` reads a ledger, `rulewright report --entry N` reports on an entry",
            )
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise InputError(
            Problem(
                Place(name, line, column),
                "RW103",
                f"byte {data[error.start]:#04x} is not UTF-8",
                "save the file with the encoding UTF-8",
            )
        ) from None
    if not text.strip():
        raise InputError(Problem(here, "RW104", "the file is empty"))
    return text


def load_yaml(text: str, file: str) -> Any:
    """The tree of one YAML document: `Map`, `Seq`, `Text` and `None`, each knowing its place.

    Raises `InputError` with the first thing that cannot be read (RW104 to RW110).
    """
    # then no scalar can hold a character that nobody sees
    visible = "\\" not in text and _CONTROL.search(text) is None
    return _build(events(text, file), file, visible)


def check_yaml(text: str, file: str) -> None:
    """`load_yaml` without the tree, for a text of which only the characters are needed.

    Raises `InputError` as that does.
    """
    visible = "\\" not in text and _CONTROL.search(text) is None
    _build(events(text, file), file, visible, keep=False)


def load_yaml_file(path: Path, shown: str | None = None, within: Folders | None = None) -> Any:
    """`load_yaml` on a file; `shown` is the name used in messages. within: as for `read_text`."""
    return load_yaml(read_text(path, shown, within), shown or str(path))


def load_json_line(line: str, place: Place) -> Any:
    """One line of a JSON-lines file as the tree that YAML would give. Numbers keep their
    characters.

    Raises `InputError`: RW105 (not JSON), RW106 (a name twice), RW108 (too deep).
    """

    def once(pairs: list[tuple[str, Any]]) -> Map:
        found = Map()
        found.place = place
        seen: set[str] = set()
        for name, value in pairs:
            refuse_controls(name, place)
            if _same(name) in seen:
                raise InputError(
                    Problem(
                        place, "RW106", f"`{name}` stands twice in one mapping", "keep one of them"
                    )
                )
            seen.add(_same(name))
            found[Text.at(name, place)] = value
        return found

    def placed(value: Any, depth: int = 1) -> Any:
        if isinstance(value, Map | list) and depth > MAX_DEPTH:
            raise InputError(Problem(place, "RW108", f"nested deeper than {MAX_DEPTH} levels"))
        if isinstance(value, Map):
            for name in value:
                value[name] = placed(value[name], depth + 1)
            return value
        if isinstance(value, list):
            sequence = Seq(placed(each, depth + 1) for each in value)
            sequence.place = place
            return sequence
        if isinstance(value, bool):
            return Text.at("true" if value else "false", place)
        if isinstance(value, str):
            refuse_controls(value, place)
        return (
            Text.at(value, place, quoted=True)
            if isinstance(value, str) and not isinstance(value, Text)
            else value
        )

    if line.count("[") + line.count("{") > 100_000:
        raise InputError(Problem(place, "RW108", f"nested deeper than {MAX_DEPTH} levels"))
    if line.count(",") + line.count(":") > MAX_VALUES:
        raise InputError(
            Problem(
                place,
                "RW102",
                f"the line holds more than {MAX_VALUES:,} words and values",
                "split it into several",
            )
        )
    number = lambda digits: Text.at(digits, place)  # noqa: E731
    try:
        return placed(
            json.loads(
                line,
                object_pairs_hook=once,
                parse_int=number,
                parse_float=number,
                parse_constant=number,
            )
        )
    except json.JSONDecodeError as error:
        reason = re.sub("'(.)' delimiter", r"`\1`", error.msg[:1].lower() + error.msg[1:])
        raise InputError(
            Problem(
                place.right(error.colno - 1),
                "RW105",
                f"not JSON: {reason}",
                "write one case a line, in braces",
            )
        ) from None
    except RecursionError:
        raise InputError(
            Problem(place, "RW108", f"nested deeper than {MAX_DEPTH} levels")
        ) from None


def events(text: str, file: str) -> Iterator[Any]:
    """The events of the parser, one after another.

    Raises `InputError` (RW105, RW107, RW108) where the text is no YAML.
    """
    try:
        loader = Parser(text)
        try:
            yield from iter(loader.get_event, None)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise InputError(_unreadable(error, file, text)) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
        raise InputError(
            Problem(
                Place(file, line, 1 if line else 0),
                "RW105",
                "a control character stands in the file",
                "remove it",
            )
        ) from None


# the mistake is where the quotation mark or bracket was opened, not where its end was missed
_BEGUN = "«begun»"
_PLAIN_WORDS = (  # what the parser says, what we say, what to do; the first that fits
    ("found unexpected end of stream", "a quotation mark is not closed" + _BEGUN, "close it, or leave both out"),
    ("found unexpected document indicator", "a quotation mark is not closed" + _BEGUN, "close it, or leave both out"),
    ("did not find expected ',' or ']'", "a bracket `[` is not closed" + _BEGUN, "close it with `]`; a comma separates entries"),
    ("did not find expected ',' or '}'", "a brace `{` is not closed" + _BEGUN, "close it with `}`; a comma separates entries"),
    ("mapping values are not allowed", "a second `: ` stands in one line", "put the text in quotes if it holds `: `"),
    ("block sequence entries are not allowed", "a list cannot begin here", "begin it on a line of its own"),
    ("did not find expected key", "this does not fit the lines above", "indent it as they are, or check quotes and brackets"),
    ("did not find expected '-' indicator", "this does not fit the list above", "begin an entry with `- `, or indent it more"),
    ("expected <document start>", "this does not fit the lines above", "indent it as they are, or check quotes and brackets"),
    ("could not find expected ':'", "a name stands without `: `" + _BEGUN, "write `name: value`"),
    ("cannot start any token", "`{character}` cannot begin a value", "put the value in quotes"),
    ("expected alphabetic or numeric character", "`{begun}` cannot begin a value" + _BEGUN, "put the value in quotes"),
    ("unexpected character", "`{character}` cannot stand here", "put the value in quotes"),
    ("did not find expected node content", "`{character}` stands where a value is expected", "write a value, or put it in quotes"),
    ("unknown escape character", "`\\` in double quotes begins a special sign" + _BEGUN, "use single quotes, or write `\\\\`"),
    ("did not find expected comment or line break", "`{begun}` begins a text of several lines" + _BEGUN,
     "put the value in quotes, or write a comparison in words: `9 or more`"),
    ("undefined tag handle", "`{character}` begins a tag, which is not allowed", "put the value in quotes"),
)  # fmt: skip


def _too_deep(text: str, place: Place) -> Place:
    """Where brackets are opened one too many times, as far as can be told without parsing."""
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        for column, sign in enumerate(line, 1):
            depth += (sign in "[{") - (sign in "]}")
            if depth > MAX_DEPTH:
                return Place(place.file, number, column)
    return place


def _unreadable(error: yaml.MarkedYAMLError, file: str, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    place = _mark_place(mark, file)
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or "\\t" in str(error.problem) or "'\t'" in str(error.problem):
        return Problem(
            place, "RW107", "a tab stands where spaces are expected", "indent with spaces"
        )
    reason = str(error.problem or error.context or "cannot be read").lower()
    if "maximum nesting depth" in reason:  # newer parsers give up before any event of it comes
        return Problem(_too_deep(text, place), "RW108", f"nested deeper than {MAX_DEPTH} levels")
    if "mapping values are not allowed" in reason and (deeper := _indented_too_far(lines, place)):
        return deeper
    for said, words, hint in _PLAIN_WORDS:
        if said in reason:
            begun = _mark_place(error.context_mark or mark, file)
            where = begun if words.endswith(_BEGUN) else place
            if "bracket" in words and (name := _name_with_bracket(lines, begun, place)):
                where, hint = name[0], f'put names with brackets in quotation marks: `"{name[1]}"`'
            shown = words.replace("{character}", _character(lines, place)).replace(
                "{begun}", _character(lines, begun)
            )
            return Problem(where, "RW105", f"not YAML: {shown.removesuffix(_BEGUN)}", hint)
    return Problem(place, "RW105", f"not YAML: {reason}")


_NAME_WITH_BRACKET = re.compile(
    r"(?<=[\[{,\s])[^\W_][^\s\[\]{},:'\"]*\[[^\[\]{},:'\"]*\]?"
)  # `bands[good]`


def _name_with_bracket(lines: list[str], begun: Place, ended: Place) -> tuple[Place, str] | None:
    """The first name in a list in brackets that holds a bracket itself, and its place."""
    for number in range(begun.line, min(ended.line, len(lines)) + 1):
        found = _NAME_WITH_BRACKET.search(
            lines[number - 1], begun.column - 1 if number == begun.line else 0
        )
        if found:
            return Place(begun.file, number, found.start() + 1), found[0]
    return None


_NAME_AND_VALUE = re.compile(
    r" *(?:- +)*[^\s#:'\"][^#:'\"]*: +[^\s#|>&*!\[{'\"]"
)  # `name: value`, the value plain


def _indented_too_far(lines: list[str], place: Place) -> Problem | None:
    """A name that stands further in than a line above which has its value already: it was read as
    more of that value.
    """
    line = lines[place.line - 1]
    indent = len(line) - len(line.lstrip())
    if ": " in line[indent : place.column - 1]:
        return None
    above = next(
        (
            each
            for each in reversed(lines[: place.line - 1])
            if each.strip() and not each.lstrip().startswith("#")
        ),
        "",
    )
    begins = len(above) - len(above.lstrip(" -"))  # where its name begins, behind the dash
    if not _NAME_AND_VALUE.match(above) or begins >= indent:
        return None
    name = line[indent : place.column - 1].strip()
    return Problem(
        Place(place.file, place.line, indent + 1),
        "RW105",
        f"not YAML: `{name}` is indented further than the line above, which has its value already",
        f"begin it in column {begins + 1}, as the line above",
    )


def _mark_place(mark: Any, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)


def _character(lines: list[str], place: Place) -> str:
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    return line[place.column - 1 : place.column] or "the end of the line"


_QUOTED, _EMPTY = frozenset("'\"|>"), frozenset({"", "~", "null"})


def same_in_quotes(value: str) -> bool:
    """Whether a text is the same thing with and without quotation marks: `null` is not, and
    `unknown` is not.
    """
    return value not in _EMPTY and not is_unknown(value)


def _scalar(event: Any, place: Place, visible: bool) -> Text | None:
    """Most of a file is scalars, and a suite of scenarios has a million of them: nothing is done
    here that need not be.
    """
    if event.anchor is not None or event.tag is not None:
        _refuse_tricks(event, place)
    value = event.value
    if not visible:
        refuse_controls(value, place)
    quoted = event.style in _QUOTED
    if not quoted and value in _EMPTY:
        return None
    text = Text(value)
    text.place = place
    if quoted:
        text.quoted = True
    return text


_BEFORE = object()  # nothing was read yet
_ENDS = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})


def _build(stream: Iterator[Any], file: str, visible: bool, keep: bool = True) -> Any:
    """The tree of the events; unless `keep`, only its outermost collection, which stays empty."""
    document: Any = _BEFORE
    holder: Any = None  # the innermost collection that is open
    waiting: Text | None = None  # its name that waits for a value
    names: dict[str, int] = {}  # its names so far, each with its line
    stack: list[tuple[Any, Text | None, dict[str, int]]] = []  # those around it
    number = 0
    for event in stream:
        kind = type(event)
        if kind in _ENDS:
            holder, waiting, names = stack.pop()
            continue
        mark = event.start_mark
        place = Place(file, mark.line + 1, mark.column + 1)
        value: Any
        if kind is yaml.ScalarEvent:
            value = _scalar(event, place, visible)
        elif isinstance(event, yaml.NodeEvent):
            value = _opened(event, place, len(stack))
        else:
            continue
        number += 1
        if number > MAX_VALUES:
            raise InputError(
                Problem(
                    place,
                    "RW102",
                    f"the file holds more than {MAX_VALUES:,} words and values",
                    "split it into several files",
                )
            )
        if waiting is not None:
            if keep:
                holder[waiting] = value
            waiting = None
        elif type(holder) is Seq:
            if keep:
                holder.append(value)
        elif holder is not None:
            waiting = _as_name(value, place, names)
        elif document is not _BEFORE:
            raise InputError(
                Problem(
                    place, "RW110", "a second document (`---`) starts here", "one document a file"
                )
            )
        else:
            document = value
        if kind is not yaml.ScalarEvent:
            stack.append((holder, waiting, names))
            holder, waiting, names = value, None, {}
    if document is _BEFORE or document is None:
        raise InputError(Problem(Place(file), "RW104", "the file is empty"))
    return document


def _opened(event: yaml.NodeEvent, place: Place, depth: int) -> Map | Seq:
    """The collection that begins here, still empty."""
    if isinstance(event, yaml.AliasEvent):
        raise InputError(
            Problem(
                place, "RW109", f"an alias (`*{event.anchor}`) is not allowed", "write the text out"
            )
        )
    _refuse_tricks(event, place)
    if depth >= MAX_DEPTH:
        raise InputError(Problem(place, "RW108", f"nested deeper than {MAX_DEPTH} levels"))
    opened: Map | Seq
    if isinstance(event, yaml.SequenceStartEvent):
        opened = Seq()
        opened.flow = bool(event.flow_style)
    else:
        opened = Map()
    opened.place = place
    return opened


def _as_name(value: Any, place: Place, names: dict[str, int]) -> Text:
    """A name of a mapping, one that does not stand there yet."""
    if not isinstance(value, Text):
        what = "nothing" if value is None else "a list or mapping"
        raise InputError(
            Problem(
                place,
                "RW105",
                f"not YAML that we read: {what} stands as a name",
                "put names with brackets or braces in quotes",
            )
        )
    same = _same(value)
    if same in names:
        raise InputError(
            Problem(
                place,
                "RW106",
                f"`{value}` stands twice in one mapping",
                f"the first is in line {names[same]}",
            )
        )
    names[same] = place.line
    return value


@lru_cache(maxsize=20_000)
def _same(name: str) -> str:
    """The form in which a name that stands twice is found; `-1` is not `1`."""
    return plain(name).strip() if any(each.isdigit() for each in name) else key(name)


def refuse_controls(value: str, place: Place) -> None:
    """Characters that nobody sees could change how a rating is shown."""
    found = _CONTROL.search(value)
    if found:
        raise InputError(
            Problem(
                place,
                "RW105",
                f"the text holds the invisible character U+{ord(found[0]):04X}",
                "remove it",
            )
        )


def _refuse_tricks(event: Any, place: Place) -> None:
    if event.anchor is not None:
        raise InputError(
            Problem(
                place,
                "RW109",
                f"an anchor (`&{event.anchor}`) is not allowed",
                "write the text out",
            )
        )
    tag = getattr(event, "tag", None)
    if tag is not None and tag != "!":
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        raise InputError(
            Problem(
                place,
                "RW109",
                f"a tag (`{shown}`) is not allowed",
                "remove it, or put the value in quotes",
            )
        )
