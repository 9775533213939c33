"""YAML as people and programs write it: the same tree in any of the ways that the language allows,
with comments anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

from rulewright.syntax.errors import NOWHERE
from rulewright.syntax.text import Text
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.syntax.yaml_text import spelled

BREAKS = ("\n", "\n", "\n", "\r\n", "\r", "\x85")
_SIGNS = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


class Mess:
    """Writes trees of texts, lists, mappings and `None`. A `Text` that is quoted is written in
    quotes, one that is not in none.

    odd: whether names stand behind `?`, the file begins with `---` or `%YAML`, and the like.
    """

    def __init__(self, random: Random, odd: bool = True) -> None:
        self.random = random
        self.odd = odd
        self.count = 0

    def file(self, tree: Any) -> str:
        """A file that holds a tree."""
        text = self.block(tree, self.number(0, 2))
        begun = (
            self.one_of("", "", "", "---\n", "%YAML 1.1\n---\n", f"--- {self.comment()}\n")
            if self.odd
            else ""
        )
        ends = [
            "",
            "",
            "\n\n",
            self.comment(),
            f"{self.comment()}\n",
            "  \n",
            *(["...\n", f"... {self.comment()}\n"] if self.odd else []),
        ]
        text = begun + self.between(0) + text + self.one_of(*ends)
        if self.chance(8):
            text = text.rstrip("\n")
        text = text.replace("\n", self.one_of(*(BREAKS if self.odd else BREAKS[:4])))
        return ("\ufeff" if self.chance(8) else "") + text

    # -- chance

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == one_in - 1

    def one_of(self, *ways: str) -> str:
        return ways[self.random.randrange(len(ways))]

    # -- what stands between

    def spaces(self, least: int = 0) -> str:
        return " " * self.number(least, 3)

    def comment(self) -> str:
        self.count += 1
        return f"#{self.spaces()}comment {self.count}{self.one_of('', '', ':', ' -', ' [x', ': y', ' |', '# #', ' é😀')}{self.spaces()}"

    def behind(self, apart: bool = False) -> str:
        """What may stand at the end of a line behind a value; `apart`: a comment needs no space
        before it.
        """
        if not self.chance(4):
            return self.one_of("", "", "", " ", "\t", "  ")
        return self.one_of(" ", "  ", "\t", " \t ", *([""] if apart else [])) + self.comment()

    def break_behind(self) -> str:
        """What may stand behind a name or a dash whose value begins on the next line: no tab, which
        the parser refuses there.
        """
        return self.one_of("", "", " ", self.spaces(1) + self.comment()) + "\n"

    def between(self, indent: int) -> str:
        """Lines between two entries."""
        found = ""
        while self.chance(4):
            found += self.one_of(
                "\n",
                "   \n",
                " " * indent + self.comment() + "\n",
                self.spaces() + self.comment() + "\n",
            )
        return found

    # -- texts

    def word(self, value: str, in_flow: bool) -> str:
        """A text on one line."""
        return self.pick(
            value, in_flow, [lambda: self.double(value, ""), lambda: self.single(value, "")]
        )

    def text(self, value: str, in_flow: bool, indent: int) -> str:
        """A text, perhaps on several lines, of which the others are indented."""
        inner = "\n" + " " * (indent + self.number(1, 4))
        return self.pick(
            value,
            in_flow,
            [lambda: self.double(value, inner), lambda: self.single(value, inner)],
            inner,
        )

    def pick(
        self, value: str, in_flow: bool, quoted: list[Callable[[], str]], inner: str = ""
    ) -> str:
        stays = spelled(str(value), in_flow) == value
        if isinstance(value, Text) and stays and not value.quoted:
            return str(value)
        ways = [each() for each in quoted if each()[:1] != "'" or value.isprintable()]
        if stays and not (isinstance(value, Text) and value.quoted):
            ways += [
                str(value),
                str(value),
                self.folded(str(value), inner) if inner and self.chance(4) else str(value),
            ]
        return self.one_of(*ways)

    def folded(self, value: str, inner: str) -> str:
        """Some of the single spaces of a text as ends of lines."""
        words = value.split(" ")
        if (
            not inner
            or "" in words
            or "\n" in value
            or any(each[0] in "#-?:|>%@`&*!,[]{}\"'" for each in words)
        ):
            return value
        return words[0] + "".join((inner if self.chance(3) else " ") + each for each in words[1:])

    def double(self, value: str, inner: str) -> str:
        signs = "".join(
            _SIGNS.get(each)
            or (f"\\U{ord(each):08x}" if self.chance(40) or not each.isprintable() else each)
            for each in value
        )
        if inner and self.chance(4) and "\\" not in signs:
            cut = self.number(0, len(signs))
            return f'"{signs[:cut]}\\{inner}{self.kept(signs[cut:])}"'
        return f'"{self.folded(signs, inner) if self.chance(4) else signs}"'

    @staticmethod
    def kept(text: str) -> str:
        return f"\\{text}" if text.startswith((" ", "\t")) else text

    def single(self, value: str, inner: str) -> str:
        signs = value.replace("'", "''")
        return f"'{self.folded(signs, inner) if self.chance(4) else signs}'"

    def below_a_sign(self, value: str, indent: int) -> str:
        """A text as `|` or `>`, with the end of its last line."""
        step = self.number(1, 4)
        inner = " " * (indent + step)
        folds = self.chance(2) and not value.startswith((" ", "\t")) and "\n" not in value
        lines = (self.folded(value, "\n") if folds else value).removesuffix("\n").split("\n")
        end = "-" if not value.endswith("\n") else self.one_of("", "+")
        begun = value.startswith((" ", "\n")) or self.chance(6)
        sign = (">" if folds else "|") + (f"{step}{end}" if begun else end)
        empty = "" if end == "+" else self.one_of("", "", "\n", inner[:-1] + "\n\n")
        below = "".join(f"{inner}{each}\n" if each else "\n" for each in lines)
        return f"{sign}{self.one_of('', '', ' ', f' {self.comment()}')}\n{below}{empty}"

    # -- in brackets

    def flow(self, tree: Any, indent: int) -> str:
        if tree is None:
            return self.one_of("~", "null")
        if isinstance(tree, str):
            return self.text(tree, True, indent)
        opened, closed = "[]" if isinstance(tree, list) else "{}"
        if isinstance(tree, list):
            inner = [self.flow(each, indent) for each in tree]
        else:
            inner = [
                f"{self.word(name, True)}{self.spaces() if self.odd else ''}:{self.gap(indent, 1)}{self.flow(value, indent)}"
                for name, value in tree.items()
            ]
        found = opened + self.gap(indent)
        for number, each in enumerate(inner):
            comma = "," if number + 1 < len(inner) or (self.odd and self.chance(8)) else ""
            found += each + self.gap(indent) + comma + self.gap(indent)
        return found + closed

    def gap(self, indent: int, least: int = 0) -> str:
        if self.chance(8):
            return f"{self.one_of('', self.spaces(1) + self.comment() if self.chance(2) else '')}\n{' ' * (indent + self.number(1, 4))}"
        return self.spaces(least)

    # -- in lines

    def block(self, tree: Any, indent: int) -> str:
        """Lists and mappings on lines of their own, at `indent`."""
        if not tree:
            return f"{' ' * indent}{self.flow(tree, indent)}\n"
        found = ""
        names = tree.items() if isinstance(tree, dict) else ((None, each) for each in tree)
        for number, (name, value) in enumerate(names):
            found += (self.between(indent) if number else "") + " " * indent
            if name is None:
                found += "-" + self.value(value, indent, in_list=True)
            elif self.odd and self.chance(25):
                found += f"?{self.spaces(1)}{self.word(name, False)}\n{' ' * indent}:" + self.value(
                    value, indent, in_list=False
                )
            else:
                found += f"{self.word(name, False)}{self.one_of('', '', '', ' ')}:" + self.value(
                    value, indent, in_list=False
                )
        return found

    def value(self, tree: Any, indent: int, in_list: bool) -> str:
        """A value behind `name:` or a dash, with the end of the line."""
        if tree is None:
            return self.one_of(self.break_behind(), " ~\n", f" null{self.behind()}\n")
        if isinstance(tree, str):
            plain = isinstance(tree, Text) and not tree.quoted
            if (
                tree.isprintable()
                and tree.strip(" ")
                and tree[-1] != " "
                and not plain
                and self.chance(5)
            ):
                return f" {self.below_a_sign(tree, indent)}"
            written = self.text(tree, False, indent)
            before = self.one_of(
                " ",
                " ",
                "  ",
                "\t" if not in_list else " ",
                f"{self.break_behind()}{' ' * (indent + self.number(1, 3))}",
            )
            return f"{before}{written}{self.behind(apart=written[-1] in chr(34) + chr(39) and written[0] == written[-1])}\n"
        if not tree or self.chance(3):
            before = self.one_of(
                " ",
                "  ",
                f"{self.break_behind()}{' ' * (indent + self.number(1, 3))}"
                if not in_list
                else " ",
            )
            return f"{before}{self.flow(tree, indent)}{self.behind(apart=True)}\n"
        if in_list and self.chance(2):
            step = self.number(1, 4)
            return (" " * step) + self.block(tree, indent + step + 1).lstrip(" ")
        least = 0 if isinstance(tree, list) and not in_list else 1
        return f"{self.break_behind()}{self.between(indent)}" + self.block(
            tree, indent + self.number(least, 4)
        )


def same(one: Any, other: Any) -> bool:
    """Whether two trees are equal, the order of names and whether a text is `unknown` or nobody
    knows included.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[each], other[each]) for each in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    quoted = [
        isinstance(each, Text) and each.quoted and each.strip().lower() == "unknown"
        for each in (one, other)
    ]
    return (
        isinstance(one, str) == isinstance(other, str) and one == other and quoted[0] == quoted[1]
    )


def read(text: str) -> Any:
    """The tree of a text, read as a file is."""
    return load_yaml(text.removeprefix("\ufeff"), "mess.yaml")


WORDS = [
    "good", "the beds is 5", "65..87", "2024-03-01", "012", "yes", "no", "~", "null", "", "a: b", "a, b", "it's", 'say "so"', "[x]", "- x", "-",
    "#1", "x #y", "a#b", "é ü – 😀", "{the trust's name}", "back\\slash", "true", "trailing ", " leading", "key:", "?", "a  b", "*", "100%",
    "%x", "a\nb\n", "two lines\n", "a\n\nb", "unknown words here", Text("unknown"), Text.at("unknown", NOWHERE, quoted=True),
    Text.at("UNKNOWN", NOWHERE, quoted=True), None,
]  # fmt: skip
NAMES = ["a", "b c", "d-e", "12", "f[g]", "x: y", "it's", "unknown"]


def some_tree(random: Random, depth: int = 0) -> Any:
    """A tree of a few words."""
    kind = random.randrange(20)
    if depth and (kind < 9 or depth > 4):
        return WORDS[random.randrange(len(WORDS))]
    most = random.randint(0 if depth else 1, 3)
    if kind < 14:
        return {
            NAMES[random.randrange(len(NAMES))]: some_tree(random, depth + 1) for _ in range(most)
        }
    return [some_tree(random, depth + 1) for _ in range(most)]


def comments(text: str) -> list[str]:
    """The numbers of the comments of a text, in order; those that have become part of a text
    included.
    """
    return re.findall(r"comment (\d+)", text)
