"""How texts, lists and mappings are written in YAML, so that the loader reads them back as what
they are.

Whatever writes YAML writes it through here: plainly where a text stays what it is, else in double
quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

from .text import Seq, Text
from .yaml_loader import Parser, same_in_quotes

# of other readers
_WORDS_OF_YAML = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off"))
_CERTAINLY_PLAIN = re.compile(
    r"[^\W\d_][^:?#,{}\[\]\\\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]*(?<! )\Z"
)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile(_UNSEEN.pattern + r'|["\\]')


# -- texts


def spelled(value: str, in_flow: bool = False) -> str:
    """`value` as it is written in a file: plain, or in double quotes where YAML would read
    something else.

    A `Text` that was quoted stays so where that tells it from something else. `in_flow`: inside
    brackets.

    >>> spelled("65..87"), spelled("due: now"), spelled("bands[good]", in_flow=True)
    ('65..87', '"due: now"', '"bands[good]"')
    >>> spelled(Text("unknown")), spelled(Text.at("unknown", NOWHERE, quoted=True))
    ('unknown', '"unknown"')
    """
    if isinstance(value, Text) and value.quoted and not same_in_quotes(value):
        return in_quotes(value)
    return value if _stays(str(value), in_flow) else in_quotes(value)


@lru_cache(maxsize=10_000)
def _stays(value: str, in_flow: bool) -> bool:
    """Whether the parser reads `value`, written plainly as a name, as a value and in a list, as
    itself.
    """
    if value in ("", "~", "null", "-") or _UNSEEN.search(value):
        return False
    text = (
        f"[{value}, {{{value}: {value}}}]"
        if in_flow
        else f"{value}: {value}\n---\n- {value}\n- {value}: {value}\n"
    )
    try:
        events = [
            each for each in yaml.parse(text, Loader=Parser) if isinstance(each, yaml.NodeEvent)
        ]
    except yaml.YAMLError:
        return False
    scalars: list[Any] = [each for each in events if isinstance(each, yaml.ScalarEvent)]
    plain = all(
        each.value == value and each.anchor is None and each.tag is None and not each.style
        for each in scalars
    )
    return plain and (len(events), len(scalars)) == ((5, 3) if in_flow else (8, 5))


def in_quotes(value: str) -> str:
    """`value` in double quotes, on one line."""
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    return {"\n": "\\n", "\t": "\\t"}.get(sign) or (
        f"\\{sign}" if sign in '\\"' else f"\\u{ord(sign):04x}"
    )


def requoted(written: str, value: str, style: str | None, in_flow: bool) -> str:
    """A text in quotes without them where nobody could take it for something else, or in double
    ones.

    Quotes stay around what another reader of YAML takes for a number, a date or yes and no, and
    around what the loader would take for something else.
    """
    if style not in ("'", '"'):
        return written
    certain = _CERTAINLY_PLAIN.match(value) and value.lower() not in _WORDS_OF_YAML
    if certain and same_in_quotes(value) and _stays(value, in_flow):
        return value
    simple = not any(each in value for each in '"\\') and value.isprintable()
    return f'"{value}"' if style == "'" and simple else written


# -- lists and mappings


class InBrackets(dict[Any, Any]):
    """A mapping that is to be written on one line, in braces."""


def in_brackets(tree: Any) -> str:
    """A text, list or mapping on one line, as it is written inside brackets.

    >>> in_brackets({"rows": ["a, b", {"id": "x"}]})
    '{rows: ["a, b", {id: x}]}'
    """
    if isinstance(tree, Mapping):
        return (
            "{"
            + ", ".join(
                f"{spelled(name, True)}: {in_brackets(value)}" for name, value in tree.items()
            )
            + "}"
        )
    if isinstance(tree, list):
        return "[" + ", ".join(map(in_brackets, tree)) + "]"
    return "null" if tree is None else spelled(tree, True)


def yaml_lines(tree: Mapping[Any, Any], indent: int = 0, width: int = 0) -> Iterator[str]:
    """A mapping as lines, one name below the other. What holds words only and fits within `width`
    stands on one line.

    >>> list(yaml_lines({"when": ["the beds is 4"], "then": "a: b"}))
    ['when:', '  - the beds is 4', 'then: "a: b"']
    """
    for name, value in tree.items():
        begun = f"{' ' * indent}{spelled(name)}:"
        inline = _inline(value, len(begun), width)
        if inline is not None:
            yield f"{begun} {inline}".rstrip(" ")
            continue
        yield begun
        yield from (
            yaml_lines(value, indent + 2, width)
            if isinstance(value, Mapping)
            else yaml_items(value, indent + 2, width)
        )


def yaml_items(values: Iterable[Any], indent: int = 0, width: int = 0) -> Iterator[str]:
    """A list as lines, each entry after a dash."""
    for value in values:
        first, *rest = _item(value, indent + 2, width)
        yield f"{' ' * indent}- {first.lstrip(' ')}"
        yield from rest


def _item(value: Any, indent: int, width: int) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        yield from yaml_lines(value, indent, width)
    elif isinstance(value, list) and value:
        yield from yaml_items(value, indent, width)
    else:
        yield _inline(value, 0, 0) or "null"


def _inline(value: Any, begun: int, width: int) -> str | None:
    """A value that stands behind its name, `begun` characters of the line being there; `None`: it
    stands below.
    """
    if isinstance(value, str):
        return spelled(value)
    if value is None:
        return ""
    if not value or isinstance(value, InBrackets) or (isinstance(value, Seq) and value.flow):
        return in_brackets(value)
    inline = in_brackets(value) if width and _is_small(value) else None
    return inline if inline is not None and begun + len(inline) < width else None


def _is_small(value: Any) -> bool:
    """Whether a value may stand on one line: no thing with a name does, and no mapping that holds
    more than words.
    """
    if isinstance(value, Mapping):
        return "name" not in value and all(isinstance(each, str) for each in value.values())
    return not isinstance(value, list) or all(map(_is_small, value))
