"""Pages of the documentation as a test runs them: their blocks, in order, in a folder that holds a
copy of the project's rules.

What a page may hold:

- a ```` ```console ```` block: `$ command` lines, each followed by its exact output. A line `...`
  stands for any lines cut out, and a line that ends in ` …` for a line cut short. `$ echo $?` shows
  the exit code of the command before.
- `<!-- file: PATH -->` above a block writes the block to that file (a workbook is made of its text,
  see `tests.workbooks`), `<!-- append: PATH -->` adds it to the file's end; `<!-- edit: PATH -->`
  above a ```` ```diff ```` block changes the file.
- a ```` ```yaml part ```` block (or `vocabulary`, `sources`, `policy`, `seals`, `case`) without
  such a line is read as that; a part is compiled against the vocabulary that the page wrote to
  `example/`, a case is read against it.
- a ```` ```python ```` block of doctests; what one block names the next one knows.
- `$ cd FOLDER` goes into a folder, for the rest of the page.
- every other block, such as ```` ```sh ```` or ```` ```text ````, is shown only.

Digests are compared like everything else: times, names and versions are the same in every run. An
edit of the rules changes some.

`RULEWRIGHT_REWRITE=1` writes the outputs that came into the page: `pytest tests/docs` with it, and
the change is there to review.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from rulewright.cli import group
from rulewright.compiler.compiler import compile_policy
from rulewright.decision.running import WITHOUT_FORWARD
from rulewright.facts.cases import CaseText, bind_case
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.rulebook.vocabulary import build_vocabulary
from rulewright.syntax.errors import Problems
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import (
    CaseModel,
    PolicyModel,
    SealsModel,
    SourcesModel,
    VocabularyModel,
)
from rulewright.syntax.yaml_loader import load_yaml
from tests.workbooks import workbook

ROOT = Path(__file__).parents[2]
CUT = "..."
SHORT = " …"
POLICY = "policy: p\nstatus: in force\nin force: {from: unknown}\nparts: [part.yaml]\n"
MODELS = {
    "vocabulary": VocabularyModel,
    "sources": SourcesModel,
    "policy": PolicyModel,
    "seals": SealsModel,
}

_FENCE = re.compile(r"(?P<indent> *)```(?P<info>.*)$")
_DIRECTIVE = re.compile(r"<!-- (?P<word>file|append|edit): (?P<path>\S+) -->$")
_INTO = re.compile(r" > [\w./-]+$")


@dataclass
class Block:
    """A fenced block: its first word, what follows it, its lines, and the file that it is written
    to.
    """

    kind: str
    about: str
    line: int  # of its first line, counted from 0
    lines: list[str]
    directive: str = ""
    path: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening is None:
            at += 1
            continue
        directive = _DIRECTIVE.match(lines[at - 1].strip()) if at else None
        end = next(i for i in range(at + 1, len(lines)) if lines[i].strip() == "```")
        kind, _, about = opening["info"].strip().partition(" ")
        inner = [each.removeprefix(opening["indent"]) for each in lines[at + 1 : end]]
        found.append(
            Block(
                kind,
                about.strip(),
                at + 1,
                inner,
                *((directive["word"], directive["path"]) if directive else ("", "")),
            )
        )
        at = end + 1
    return found


@dataclass
class Page:
    """One page, run block by block in the present folder."""

    path: Path
    differences: list[str] = field(default_factory=list)
    code: int = 0
    names: dict[str, Any] = field(default_factory=dict)

    def run(self, rewrite: bool = False) -> None:
        """Run every block, and note what came out otherwise; or write it into the page."""
        text = self.path.read_text("utf-8")
        lines = text.splitlines()
        changed: list[tuple[Block, list[str]]] = []
        for block in blocks(text):
            came = self._block(block)
            if came is not None and came != block.lines:
                changed.append((block, came))
        if rewrite:
            for block, came in reversed(changed):
                lines[block.line : block.line + len(block.lines)] = came
            self.path.write_text("\n".join(lines) + "\n", "utf-8")
            return
        for block, came in changed:
            shown = "\n".join(came)
            self.differences.append(
                f"{self.path.relative_to(ROOT)}:{block.line + 1}: what came is\n{shown}"
            )

    def _block(self, block: Block) -> list[str] | None:
        """What the block should hold, where that can be told."""
        where = f"{self.path.name}, line {block.line}"
        if block.directive == "edit":
            edit(Path(block.path), block.lines, where)
        elif block.directive:
            Path(block.path).parent.mkdir(parents=True, exist_ok=True)
            if block.path.endswith(".xlsx"):
                Path(block.path).write_bytes(workbook(block.text))
                return None
            with Path(block.path).open(
                "a" if block.directive == "append" else "w", encoding="utf-8"
            ) as file:
                file.write(block.text)
        elif block.kind == "console":
            return self._console(block)
        elif block.kind == "python":
            return self._python(block)
        elif block.kind == "yaml" and block.about:
            read_yaml(block, where)
        elif block.kind in ("yaml", "diff"):
            raise AssertionError(f"{where}: say what this block is, or which file it goes to")
        return None

    # -- commands

    def _console(self, block: Block) -> list[str]:
        steps: list[tuple[str, list[str]]] = []
        for line in block.lines:
            if line.startswith("$ "):
                steps.append((line, []))
            else:
                steps[-1][1].append(line)
        came: list[str] = []
        for command, expected in steps:
            output = self._command(command.removeprefix("$ ").strip())
            got = output.rstrip("\n").splitlines()
            came += [command, *(expected if holds(expected, got) else recut(expected, got))]
        return came

    def _command(self, command: str) -> str:
        if command == "echo $?":
            return str(self.code)
        if command.startswith("cd "):
            os.chdir(command.removeprefix("cd "))
            return ""
        if command.startswith("make "):
            command = recipe(command.removeprefix("make "))
        first, bar, rest = command.partition(" | ")
        first, into, file = first.partition(" > ") if _INTO.search(first) else (first, "", "")
        first, both, _ = first.partition(" 2>&1")
        if not first.startswith("rulewright "):
            done = subprocess.run(
                ["sh", "-c", command], capture_output=True, text=True, check=False
            )
            self.code = done.returncode
            return done.stdout + done.stderr
        result = CliRunner().invoke(group, shlex.split(first)[1:], prog_name="rulewright")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        self.code = result.exit_code
        output = result.output.replace(f"reference; {WITHOUT_FORWARD};", "reference and forward;")
        if into:
            Path(file).write_text(output.replace(result.stderr, ""), "utf-8")
            return result.stderr
        # as in a shell, the code is that of the last command, and mistakes do not go through the
        # pipe
        if bar:
            rest = rest.replace("python ", f"{shlex.quote(sys.executable)} ", 1)
            beside = "" if both else result.stderr
            done = subprocess.run(
                ["sh", "-c", rest],
                input=output if both else result.stdout,
                capture_output=True,
                text=True,
                check=False,
            )
            self.code, output = done.returncode, beside + done.stdout + done.stderr
        return output

    def _python(self, block: Block) -> list[str] | None:
        test = doctest.DocTestParser().get_doctest(
            block.text, self.names, self.path.name, str(self.path), block.line
        )
        if not test.examples:
            exec(compile(block.text, str(self.path), "exec"), self.names)
            return None
        runner = _Keeping(optionflags=doctest.ELLIPSIS)
        runner.run(test, clear_globs=False, out=lambda _: None)
        self.names.update(test.globs)
        lines = list(block.lines)
        for example, got in reversed(runner.failed):
            start = example.lineno + example.source.count("\n")
            lines[start : start + example.want.count("\n")] = got.rstrip("\n").splitlines()
        return lines


class _Keeping(doctest.DocTestRunner):
    """Keeps what came where it is not what was wanted."""

    def __init__(self, optionflags: int) -> None:
        super().__init__(verbose=False, optionflags=optionflags)
        self.failed: list[tuple[doctest.Example, str]] = []

    def report_failure(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        self.failed.append((example, got))

    def report_unexpected_exception(
        self, out: Any, test: Any, example: doctest.Example, exc_info: Any
    ) -> None:
        raise exc_info[1]


def recipe(target: str) -> str:
    """What `make TARGET` runs, when that is one `rulewright` command."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    found = re.search(
        rf"^{re.escape(target)}:.*\n\t@?\$\(BIN\)/(rulewright .*)$", makefile, re.MULTILINE
    )
    assert found, f"`make {target}` is not one rulewright command"
    return found[1]


# -- expected and got


def same(expected: str, got: str) -> bool:
    """Whether two lines agree, digests too: what goes into them (times, names, versions) is the
    same in every run.
    """
    if expected.endswith(SHORT):
        return got.startswith(expected.removesuffix(SHORT))
    return expected == got


def holds(expected: list[str], got: list[str]) -> bool:
    """Whether the output is as expected, where a line `...` stands for any lines."""
    if not expected:
        return not got
    if expected[0].strip() == CUT:
        return any(holds(expected[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and same(expected[0], got[0]) and holds(expected[1:], got[1:])


def recut(expected: list[str], got: list[str]) -> list[str]:
    """The output, cut where the expected one was cut: of each piece the lines that are most like
    those shown before.
    """
    if not any(each.strip() == CUT for each in expected):
        return [_shortened(old, new) for old, new in zip(expected, got, strict=False)] + got[
            len(expected) :
        ]
    pieces: list[list[str]] = [[]]
    marks: list[str] = []
    for line in expected:
        if line.strip() == CUT:
            marks.append(line)
            pieces.append([])
        else:
            pieces[-1].append(line)
    found, at = [], 0
    for number, piece in enumerate(pieces):
        if number == 0 or not piece:
            start = at
        elif number == len(pieces) - 1:
            start = max(at, len(got) - len(piece))
        else:
            last = max(at, len(got) - len(piece))
            start = max(
                range(at, last + 1), key=lambda i: (_likeness(piece, got[i : i + len(piece)]), -i)
            )
        shown = got[start : start + len(piece)]
        found += [_shortened(old, new) for old, new in zip(piece, shown, strict=False)]
        at = start + len(shown)
        if number < len(marks):
            found.append(marks[number])
    return found


def _shortened(old: str, new: str) -> str:
    """The new line, cut short at about the length at which the old one was."""
    if not old.endswith(SHORT) or len(new) <= len(old):
        return new
    return new[: new.rfind(" ", 0, len(old))] + SHORT


def _likeness(one: list[str], other: list[str]) -> float:
    return sum(
        1.0 if same(a, b) else SequenceMatcher(None, a, b).quick_ratio() / 2
        for a, b in zip(one, other, strict=False)
    )


# -- files


def edit(path: Path, lines: list[str], where: str) -> None:
    """Change a file as a diff says: lines with `-` go, lines with `+` come, all others must be
    there.
    """
    old = "\n".join(each[1:] for each in lines if not each.startswith("+"))
    new = "\n".join(each[1:] for each in lines if not each.startswith("-"))
    text = path.read_text("utf-8")
    assert text.count(old + "\n") == 1, (
        f"{where}: these lines stand {text.count(old)} times in {path}:\n{old}"
    )
    path.write_text(text.replace(old + "\n", new + "\n"), "utf-8")


def read_yaml(block: Block, where: str) -> None:
    """A block that goes to no file: read as what it is said to be, a part compiled, a case
    bound.
    """
    kind = block.about.split(" ")[0]
    tree = load_yaml(block.text, where)
    words = Path("example/vocabulary.yaml")
    if kind == "part":
        texts = {
            "part.yaml": block.text,
            "policy.yaml": POLICY,
            "vocabulary.yaml": words.read_text("utf-8"),
        }
        others = {
            each.name: each.read_text("utf-8")
            for each in Path("example").glob("*")
            if each.name in ("sources.yaml", "bands.csv")
        }
        compile_policy(rulebook_from_texts(texts | others), "p")
    elif kind == "case":
        problems = Problems()
        vocabulary = build_vocabulary(
            [
                read_as(
                    VocabularyModel, load_yaml(words.read_text("utf-8"), "vocabulary"), "vocabulary"
                )
            ],
            problems,
        )
        problems.stop_if_any()
        for each in tree if isinstance(tree, list) else [tree]:
            read_as(CaseModel, each, where)
            bind_case(CaseText(each, where), vocabulary)
    else:
        read_as(MODELS[kind], tree, where)


REWRITE = os.environ.get("RULEWRIGHT_REWRITE") == "1"
