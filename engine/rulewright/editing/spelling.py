"""How a text is written in YAML: plainly where it stays what it is, else in double quotes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # without libyaml: slower, same tokens
_WORDS_OF_YAML = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null"))
_CERTAINLY_PLAIN = re.compile(r"[^\W\d_][^:?#,{}\[\]\\\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*(?<! )\Z")


def indent_of_block(lines: list[str]) -> int:
    """By how much the text of a block scalar is indented: its first line is the one with the sign."""
    return min((len(each) - len(each.lstrip(" ")) for each in lines[1:] if each.strip(" ")), default=1_000)


def block_without_end(written: str) -> str:
    """A block scalar (`|`, `>-`) without the empty lines behind it; a line with more spaces than its indent is text."""
    lines = written.split("\n")
    indent = indent_of_block(lines)
    while len(lines) > 1 and not lines[-1].strip(" ") and len(lines[-1]) <= indent:
        lines.pop()
    return "\n".join(lines)


@lru_cache(maxsize=10_000)
def spelled(value: str, in_flow: bool = False) -> str:
    """`value` as it is written in a file: plain, or in double quotes where YAML would read something else.

    >>> spelled("65..87"), spelled("due: now"), spelled("bands[good]", in_flow=True)
    ('65..87', '"due: now"', '"bands[good]"')
    """
    return value if _stays(value, in_flow) else _in_double_quotes(value)


def _stays(value: str, in_flow: bool) -> bool:
    """Whether the parser reads `value`, written plainly as a name and as a value, as itself."""
    if value in ("", "~", "null") or "\n" in value:
        return False
    text = f"[{value}, {{{value}: {value}}}]" if in_flow else f"- {value}\n- {value}: {value}\n"
    try:
        events = [each for each in yaml.parse(text, Loader=LOADER) if isinstance(each, yaml.NodeEvent)]
    except yaml.YAMLError:
        return False
    scalars: list[Any] = [each for each in events if isinstance(each, yaml.ScalarEvent)]
    plain = all(each.value == value and each.anchor is None and each.tag is None and not each.style for each in scalars)
    return len(events) == 5 and len(scalars) == 3 and plain


def _in_double_quotes(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def requoted(written: str, value: str, style: str | None, in_flow: bool) -> str:
    """A text in quotes without them where nobody could take it for something else, or in double ones.

    Quotes stay around what another reader of YAML takes for a number, a date or yes and no.
    """
    if style not in ("'", '"'):
        return written
    if _CERTAINLY_PLAIN.match(value) and value.lower() not in _WORDS_OF_YAML and _stays(value, in_flow):
        return value
    simple = not any(each in value for each in '"\\') and value.isprintable()
    return f'"{value}"' if style == "'" and simple else written


def written_out(tree: Any, indent: int) -> str:
    """A tree as it stands behind `name:` at `indent` spaces: text on the same line, lists and mappings below it."""
    if isinstance(tree, str):
        return f" {spelled(tree)}"
    inner = " " * (indent + 2)
    if isinstance(tree, list):
        return "".join(f"\n{inner}-{_behind_a_dash(each, indent + 2)}" for each in tree) or " []"
    if isinstance(tree, dict):
        return "".join(f"\n{inner}{spelled(str(name))}:{written_out(value, indent + 2)}" for name, value in tree.items()) or " {}"
    return ""


def _behind_a_dash(tree: Any, indent: int) -> str:
    below = written_out(tree, indent)
    return " " + below.lstrip("\n ") if isinstance(tree, list | dict) and tree else below
