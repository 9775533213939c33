"""Nothing that strangers wrote acts on a terminal: names, tags, sheets, ledgers and words of the
command line, through every command.

A rulebook, cases, scenarios and a ledger whose names hold escape codes, marks of direction and
characters without a width are given to every command, as text and as JSON; into a pipe, and on a
terminal, where our own colours are what is left.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result

from rulewright.cli import COMMANDS, group
from rulewright.syntax.errors import InputError
from rulewright.syntax.visible import visible, visible_lines
from rulewright.workbench import Rules, cases
from tests.workbooks import workbook

COMMON = Path(__file__).parents[1] / "errors" / "common"
RED, BLINK, TITLE, TURN, CSI = "\x1b[31m", "\x1b[5m", "\x1b]0;owned\x07", "\u202e", "\x9b"
RULES, CASE, SCENARIOS, LEDGER, BROKEN = (
    f"ru{RED}les",
    f"ca{CSI}5mse.yaml",
    f"sc{TURN}enarios.yaml",
    f"{BLINK}d.ledger",
    f"b{RED}.yaml",
)
SHEETS, PROPERTIES, TABLE, HOLDS = f"c{RED}.xlsx", f"p{RED}.yaml", f"t{RED}.csv", f"h{RED}.yaml"
NAME = "an\\u200bexample [red]trust[/red] \\U000e0041"
STRICTER = """\
policy: stricter
title: "st\\u200bricter [link=https://example.org]here[/link]"
status: proposed
amends: example
replaces: {"stages[ready]": 150 or more, "stages[not ready]": up to 149}
"""
PROPERTY = """\
as at: 2024-03-01
properties:
  - property: "reach\\u200bed"
    policy: example
    space: {open: {beds: [50, 120]}, trust: {}}
    reachable: stage
"""
PART = """
- rule: noted
  of: trust
  when: the beds is at least 1
  note: "be\\u200bds: [bold]{the services}"
- {parameter: "fe\\u200bw", value: 3, meaning: "\\u2060few"}
- {interpretation: "read\\u200b", assumed: "as\\u2060sumed", because: why, other readings: {other: {replaces: {"fe\\u200bw": 2}}}}
"""


def changed(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which every name acts on a terminal that is shown it."""
    monkeypatch.setenv("RULEWRIGHT_RULES", RULES)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(COMMON / "rules", RULES)
    for name in ("vocabulary", "sources", "policy"):
        Path(RULES, f"{name}.yaml").rename(Path(RULES, f"{BLINK}{name}.yaml"))
    changed(
        Path(RULES, f"{BLINK}vocabulary.yaml"),
        ("overall rating: {rating,", 'overall rating: {rating, label: "[red]over\\u200ball",'),
    )
    changed(
        Path(RULES, f"{BLINK}sources.yaml"),
        ("An example", '"An\\u200b example'),
        ("of guidance", 'of guidance"'),
    )
    with Path(RULES, "part.yaml").open("a", encoding="utf-8") as part:
        part.write(PART)
    Path(RULES, "stricter.yaml").write_text(STRICTER, "utf-8")
    shutil.copy(COMMON / "case.yaml", CASE)
    changed(Path(CASE), ("case: an example trust", f'case: "{NAME}"'))
    shutil.copy(COMMON / "scenarios.yaml", SCENARIOS)
    shutil.copy(SCENARIOS, HOLDS)
    changed(
        Path(SCENARIOS),
        ("overall rating: inadequate", "overall rating: good"),
        ("the worst", "the wo\u200brst"),
    )
    Path(BROKEN).write_text("case: x\nas at: !!%1b%5b31m y\n", "utf-8")
    Path(PROPERTIES).write_text(PROPERTY, "utf-8")
    Path(SHEETS).write_bytes(
        workbook(f"= case\ncase | x\nas at | 2024-03-01\n= sheet {CSI}31m {TURN}\nname | beds\n")
    )
    Path(TABLE).write_text("input,then\nup to 49,not ready\n50 or more,ready\n", "utf-8")
    assert invoke("run", CASE, "--record", LEDGER, "--recorded-by", "A. Clerk").exit_code == 0
    forge(Path(LEDGER))
    return tmp_path


def forge(path: Path) -> None:
    """Put what acts into an entry, every digest computed anew: the ledger is consistent with
    itself.
    """

    def digest(content: bytes) -> str:
        return "sha256:" + hashlib.sha256(content).hexdigest()

    def canonical(content: object) -> bytes:
        return json.dumps(
            content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()

    with sqlite3.connect(path, isolation_level=None) as ledger:
        triggers = ledger.execute(
            "select name, sql from sqlite_schema where type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            ledger.execute(f"drop trigger {name}")
        envelope, decision = map(
            json.loads,
            ledger.execute("select envelope, decision from entries where number = 1").fetchone(),
        )
        decision["case"] = f"forged{TITLE}{RED}\n2  a line of its own"
        decision["answers"][0]["label"] = f"label{TITLE}"
        stored = canonical(decision)
        envelope |= {
            "recorded by": f"A{TITLE}{RED}",
            "approved by": f"B{TURN}",
            "reason": "a\nb",
            "decision": digest(stored),
        }
        said = canonical(envelope)
        ledger.execute(
            "update entries set envelope = ?, hash = ?, decision = ? where number = 1",
            (said, digest(said), stored),
        )
        for _, text in triggers:
            ledger.execute(text)
    ledger.close()


def invoke(*arguments: str) -> Result:
    result = CliRunner().invoke(group, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# Of each command what it is asked, and a piece of what it then shows; None: it shows no word of a
# stranger's.
ASKED: dict[str, list[tuple[tuple[str, ...], str | None]]] = {
    "run": [
        ((CASE,), "an\\u200bexample [red]trust[/red] \\U000e0041"),
        ((BROKEN,), "b\\x1b[31m.yaml:2:8: RW109 a tag (`!!\\x1b[31m`)"),
        ((SHEETS,), "c\\x1b[31m.xlsx!sheet \\x9b31m \\u202e: RW512"),
        (("no\x1b[0m.yaml",), "no\\x1b[0m.yaml: RW101"),
        ((CASE, "--only", "sta\x9bge"), "`sta\\x9bge`"),
        ((CASE, "--record", LEDGER, "--recorded-by", "C"), "\\x1b[5md.ledger: entry 2"),
    ],
    "why": [((CASE, "stage"), "ca\\x9b5mse.yaml:6:9"), ((CASE, "stage", "--as", "tree"), None)],
    "why-not": [((CASE, "stage", "not ready"), None)],
    "what-if": [
        ((CASE, "stage", "--to", "not ready"), None),
        ((CASE, "stage", "--set", f"x{RED}=y"), "x\\x1b[31m"),
    ],
    "difference": [((CASE, CASE), "an\\u200bexample")],
    "report": [
        ((CASE, "-o", f"o{RED}.html"), "wrote o\\x1b[31m.html"),
        ((LEDGER, "--entry", "1", "-o", "e.html"), "RW914"),
    ],
    "check": [((), "ru\\x1b[31mles/part.yaml")],
    "test": [
        ((SCENARIOS,), "sc\\u202eenarios.yaml:1:9: the wo\\u200brst"),
        ((SCENARIOS, "--format", "junit"), "the wo\\u200brst"),
        ((SCENARIOS, "--format", "github"), "the wo\\u200brst"),
    ],
    "coverage": [((HOLDS, "--policy", "example"), "ru\\x1b[31mles")],
    "mutate": [((HOLDS, "--policy", "example"), "ru\\x1b[31mles")],
    "suggest": [((HOLDS, "--policy", "example", "--uncovered"), None)],
    "compare": [
        (("example", "stricter", "--cases", CASE), "an\\u200bexample"),
        ((f"HE{RED}AD", f"./{RULES}"), "RW831"),
    ],
    "properties": [((PROPERTIES,), "reach\\u200bed")],
    "seal": [
        (("stricter", "--reason", "because"), "ru\\x1b[31mles"),
        (("nobo\x1b[0mdy", "--reason", "x"), "nobo\\x1b[0mdy"),
    ],
    "read": [((), "An\\\\u200b example"), (("stricter",), "# st\\\\u200bricter \\[link=")],
    "policies": [((), "st\\u200bricter [link=https://example.org]")],
    "rules": [((), None)],
    "rule": [(("noted",), "be\\\\u200bds"), (("nobo\x1b[0mdy",), "nobo\\x1b[0mdy")],
    "parameters": [((), "fe\\u200bw")],
    "interpretations": [((), "# As\\\\u2060sumed `read\\u200b`")],
    "sources": [((), "An\\u200b example")],
    "words": [((), None), (("overall",), "over\\u200ball")],
    "copy": [
        (
            (f"c{RED}",),
            "copied the rulebook, its scenarios and properties, and the schemas into c\\x1b[31m",
        )
    ],
    "code": [(("RW101",), None), ((f"x{RED}",), "there is no code `x\\x1b[31m`")],
    "new policy": [((f"n{RED}", "--amends", "example"), "n\\x1b[31m")],
    "new rule": [((f"n{RED}", "--of", "trust"), "n\\x1b[31m")],
    "new case": [(("x", "-o", f"n{RED}.yaml"), "wrote n\\x1b[31m.yaml\nnext: ")],
    "new scenario": [(("x", "-o", f"n{RED}.yaml"), "wrote n\\x1b[31m.yaml\nnext: ")],
    "fmt": [
        ((), "ru\\x1b[31mles"),
        (("--diff", BROKEN), "b\\x1b[31m.yaml"),
        ((f"gone{TURN}",), "gone\\u202e"),
    ],
    "set": [
        (("fe\u200bw=4", "--in", "part.yaml"), "fe\\u200bw"),
        ((f"x{RED}=1", "--in", "part.yaml"), "x\\x1b[31m"),
        (("fe\u200bw=5", "--in", "part.yaml", "--diff"), "fe\\u200bw"),
    ],
    "table export": [(("stages", "-o", f"o{RED}.csv"), "o\\x1b[31m.csv")],
    "table import": [((TABLE, "stages"), "ru\\x1b[31mles")],
    "table template": [(("-o", f"o{RED}.xlsx"), "o\\x1b[31m.xlsx")],
    "ledger list": [
        ((LEDGER,), "forged\\x1b]0;owned\\x07\\x1b[31m\\n2  a line of its own, as at 2024-03-01\n")
    ],
    "ledger show": [
        ((LEDGER, "1"), "by A\\x1b]0;owned\\x07\\x1b[31m, approved by B\\u202e\nreason: a\\nb\n")
    ],
    "ledger verify": [((LEDGER,), None), ((f"no{RED}",), "no\\x1b[31m")],
    "ledger replay": [((LEDGER,), "\\x1b[5md.ledger: RW914 entry 1, `an\\u200bexample")],
    "ledger recheck": [((LEDGER,), "forged\\x1b]0;owned")],
    "ledger export": [((LEDGER,), "A\\u001b]0;owned\\u0007\\u001b[31m")],
    "ledger head": [((LEDGER,), None)],
    "ledger sign": [((LEDGER, "--key", f"no{RED}"), "no\\x1b[31m")],
    "ledger keygen": [((f"k{RED}",), "k\\x1b[31m.key")],
}


def leaves(command: click.Command, name: str) -> Iterator[str]:
    """The names of a command, or of the commands that it groups."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            assert inner is not None
            yield from leaves(inner, f"{name} {each}".strip())
    else:
        yield name


def test_every_command_is_asked() -> None:
    assert {*leaves(group, "")} == {*ASKED}
    assert {each.partition(" ")[0] for each in ASKED} == {*COMMANDS}


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, asked in ASKED.items() for number in range(len(asked))],
)
def test_what_a_command_shows_of_strangers_is_written_out(
    name: str, number: int, strange: Path
) -> None:
    arguments, piece = ASKED[name][number]
    result = invoke(*name.split(), *arguments)
    for shown in (result.stdout, result.stderr):
        assert visible_lines(shown) == shown
    assert piece is None or piece in result.stdout + result.stderr


NAMED = NAME.encode().decode("unicode_escape")


@pytest.mark.parametrize(
    ("arguments", "path", "value"),
    [
        (("run", CASE, "--json"), ("decision", "case"), NAMED),
        (("run", CASE, "--only", "stage", "--json"), ("case",), NAMED),
        (("why", CASE, "stage", "--as", "json"), ("asked", "case"), NAMED),
        (
            ("policies", "--json"),
            ("title",),
            "st\u200bricter [link=https://example.org]here[/link]",
        ),
        (("test", SCENARIOS, "--json"), ("scenario",), "the wo\u200brst service counts"),
        (("ledger", "list", LEDGER, "--json"), ("envelope", "recorded by"), f"A{TITLE}{RED}"),
    ],
    ids=lambda each: each[0],
)
def test_json_says_exactly_what_was_written(
    arguments: tuple[str, ...], path: tuple[str, ...], value: str, strange: Path
) -> None:
    result = invoke(*arguments)
    assert visible_lines(result.stdout) == result.stdout
    found: object = json.loads(result.stdout.splitlines()[-1])
    for name in path:
        assert isinstance(found, dict)
        found = found[name]
    assert found == value


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", CASE, f"--no{RED}such"),
        (f"--no{RED}such",),
        (f"ru{RED}n",),
        ("words", "--rules"),
        ("run",),
        ("ledger", "show", LEDGER, f"1{RED}"),
        ("run", CASE, "--engine", f"both{TURN}"),
        ("seal", "a", f"b{CSI}5m"),
        ("run", CASE, "--as-at", f"2024{RED}"),
    ],
)
def test_what_an_error_of_usage_repeats_is_written_out(
    arguments: tuple[str, ...], strange: Path
) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert visible_lines(result.stderr) == result.stderr


def test_the_names_of_branches_are_written_out(strange: Path) -> None:
    for arguments in (
        ("init", "-q", "-b", f"ma{TURN}in"),
        ("add", "."),
        ("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x"),
    ):
        subprocess.run(["git", *arguments], check=True, capture_output=True)
    assert "did you mean `ma\\u202ein`" in invoke("compare", "mai", f"./{RULES}").stderr


def test_the_shell_is_offered_no_name_that_acts(strange: Path) -> None:
    Path(RULES, "odd.yaml").write_text(
        'policy: "od\\u200bd"\nstatus: proposed\namends: example\n', "utf-8"
    )
    offered = ShellComplete(group, {}, "rulewright", "_RULEWRIGHT_COMPLETE").get_completions(
        ["run", "--policy"], ""
    )
    assert {each.value: each.help for each in offered} == {
        "example": "",
        "stricter": "st\\u200bricter [link=https://example.org]here[/link]",
    }
    assert "od\u200bd" in [each.id for each in Rules(RULES).policies]


def test_the_text_of_an_error_is_what_is_shown_and_its_problems_hold_what_was_written(
    strange: Path,
) -> None:
    with pytest.raises(InputError) as raised:
        cases(BROKEN)
    assert str(raised.value) == visible(str(raised.value))
    assert [each.place.file for each in raised.value.problems] == [BROKEN]
    assert RED in raised.value.problems[0].message


# -- on a terminal

OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\[K|\x1b\[\?25[hl]|\x1b\[[0-9]*[A-Z]|\r\n|\r")


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """What a terminal is sent."""
    pty = pytest.importorskip("pty")  # not on Windows
    here, there = pty.openpty()
    environment = {
        **os.environ,
        "TERM": "xterm-256color",
        "COLUMNS": "200",
        "LINES": "50",
        "NO_COLOR": "",
    }
    command = [sys.executable, "-m", "rulewright", *arguments]
    running = subprocess.Popen(
        command, cwd=folder, stdin=there, stdout=there, stderr=there, env=environment
    )
    os.close(there)
    sent = b""
    while True:
        try:
            piece = os.read(here, 65536)
        except OSError:  # the other end was closed
            piece = b""
        if not piece:
            break
        sent += piece
    running.wait()
    os.close(here)
    return sent.decode()


@pytest.mark.parametrize(
    ("arguments", "pieces"),
    [
        (
            ("run", CASE),
            [
                "an\\u200bexample [red]trust[/red] \\U000e0041",
                "\x1b[1m",
                "[red]over\\u200ball",
                "be\\u200bds: [bold]Maternity, Surgery",
                "\u2514",
            ],
        ),
        (("why", CASE, "stage"), ["ca\\x9b5mse.yaml:6:9", "\x1b[1"]),
        (("what-if", CASE, "stage"), ["looking for changes of trust > stage"]),
        (
            ("ledger", "show", LEDGER, "1"),
            [
                "by A\\x1b]0;owned\\x07\\x1b[31m, approved by B\\u202e",
                "forged\\x1b]0;owned\\x07\\x1b[31m\\n2  a line",
                "label\\x1b]0;owned\\x07",
                "\x1b[1m",
            ],
        ),
        (("ledger", "list", LEDGER), ["forged\\x1b]0;owned\\x07"]),
        (("run", BROKEN), ["b\\x1b[31m.yaml:2:8: RW109 a tag (`!!\\x1b[31m`) is not allowed"]),
        (("test", SCENARIOS, HOLDS), ["sc\\u202eenarios.yaml:1:9: the wo\\u200brst"]),
        (("mutate", HOLDS, "--policy", "example"), ["ru\\x1b[31mles"]),
    ],
    ids=lambda each: each[0],
)
def test_a_terminal_is_sent_no_codes_but_ours(
    arguments: tuple[str, ...], pieces: list[str], strange: Path
) -> None:
    sent = on_a_terminal(strange, *arguments)
    assert not [each for each in pieces if each not in sent]
    left = OURS.sub("", sent)
    assert visible_lines(left) == left
    assert not re.search(r"\x1b\[[0-9;]*\b5m|\x1b\[31m", sent), "colours of a stranger's choice"
