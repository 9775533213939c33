"""Some inputs of strangers, and whether the campaign sees what it is there to see."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from rulewright.cli import policies
from tests.errors.test_errors import ODD
from tests.fuzz.dice import seeded

from .calls import PLAUSIBLE, findings, parameters, targets
from .campaign import place_in_memory
from .findings import Finding, found, judged, made_small
from .galleries import COMMON, TESTS, laid
from .inputs import Input, made
from .recipes import OF_ONE_COMMAND, PARAMETERS, POOLS, Names, command_line, commands, pool_of
from .runner import Runner
from .seeds import seeds

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="processes are watched by means of Linux"
)
SEED = "tests"
INPUTS = range(60)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with place_in_memory() as base:
        yield Runner(base)


@pytest.mark.untraced
@pytest.mark.parametrize("number", INPUTS)
def test_an_input_is_answered_as_it_should(number: int, runner: Runner) -> None:
    assert [each.show() for each in found(made(f"{SEED}/{number}"), runner)] == []


def test_calls_of_the_python_interface_raise_nothing_unforeseen() -> None:
    assert list(findings(SEED, range(20))) == []


# -- what is run


def test_every_option_of_every_command_has_a_recipe() -> None:
    pools = {pool_of(name, each) for name, command in commands().items() for each in command.params}
    assert pools - {None} == set(POOLS)


def test_no_recipe_is_of_an_option_that_is_not_there() -> None:
    there = {str(each.name) for command in commands().values() for each in command.params}
    of_commands = {
        f"{name} {each.name}" for name, command in commands().items() for each in command.params
    }
    assert set(PARAMETERS) <= there
    assert set(OF_ONE_COMMAND) <= of_commands


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_command_line_is_one_that_click_reads(name: str) -> None:
    names = Names(laid(("", COMMON)))
    command = commands()[name]
    for number in range(20):
        words = command_line(name, names, seeded(number))[len(name.split()) :]
        if not any(
            re.match(r"-\d", each) for each in words
        ):  # click takes a number below zero for an option
            command.make_parser(click.Context(command)).parse_args(words)


def test_every_parameter_of_the_python_interface_has_a_recipe() -> None:
    assert {each.name for target in targets().values() for each in parameters(target)} == set(
        PLAUSIBLE
    )


def test_the_same_number_gives_the_same_input() -> None:
    for number in range(40):
        assert made(f"again/{number}") == made(f"again/{number}")


def test_what_is_not_spoiled_ends_as_the_gallery_says(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.fuzz.strangers.runner.CPU", 60
    )  # every line is counted here, which takes its time; how it ends is asked
    for kind in ("errors", "suites", "commands", "lookups"):
        for seed in seeds()[kind][:: len(seeds()[kind]) // 5]:
            codes = re.findall(
                r"^exit code (\d)$", (TESTS / seed.name / "expected.txt").read_text("utf-8"), re.M
            )
            if (
                seed.name.removeprefix("errors/") not in ODD
                and len(codes) == len(seed.lines()) == 1
            ):
                assert runner.run(seed.files(), seed.lines()[0]).code == int(codes[0]), seed.name


# -- what is seen


def fails() -> None:
    raise KeyError("x")


def prints_a_code() -> None:
    click.echo("\x1b[31mred")


def writes_and_refuses() -> None:
    Path("written.txt").write_text("x", "utf-8")
    click.echo("RW101 no", err=True)
    sys.exit(2)


def writes() -> None:
    Path("written.txt").write_text("x", "utf-8")


def leaves_a_file() -> None:
    Path(tempfile.mkstemp()[1]).write_text("x", "utf-8")


def removes_a_file() -> None:
    Path("case.yaml").unlink()


def waits() -> None:
    time.sleep(60)


def takes_memory() -> None:
    bytearray(400_000_000)[::4096] = bytes(-(-400_000_000 // 4096))


def ends_itself() -> None:
    os.kill(os.getpid(), signal.SIGUSR2)


def refuses_without_a_word() -> None:
    sys.exit(2)


def ends_unexpectedly() -> None:
    sys.exit(70)


@pytest.mark.parametrize(
    ("does", "cause"),
    [
        (fails, "traceback: KeyError in cli/__init__.py"),
        (prints_a_code, "a C0 control is printed: policies output"),
        (writes_and_refuses, "bad input, and yet something is written: policies"),
        (writes, "changes what it should not: policies"),
        (leaves_a_file, "left behind: policies"),
        (removes_a_file, "a file is gone: policies"),
        (waits, "hangs: cli/__init__.py"),
        (takes_memory, "takes too much memory: policies"),
        (ends_itself, "is ended by signal 12: policies"),
        (refuses_without_a_word, "exit code 2 without a word: policies"),
        (ends_unexpectedly, "exit code 70: policies"),
    ],
)
def test_what_must_not_be_is_seen(
    does: Callable[[], None], cause: str, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies.command, "callback", lambda **_: does())
    monkeypatch.setattr("tests.fuzz.strangers.runner.IDLE", 0.3)
    # a process that is forked begins with as much
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    monkeypatch.setattr("tests.fuzz.strangers.oracle.MEMORY", here + 200_000_000)
    seen = found(
        Input("x/1", "errors/common", laid(("", COMMON)), ["policies", "--rules", "rules"]), runner
    )
    assert len(seen) == 1
    assert seen[0].fault.cause.startswith(cause)


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0,
    reason="whoever is no administrator cannot do harm to the system",
)
def test_a_command_of_an_administrator_writes_nowhere_else(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = TESTS / "written-by-a-stranger"
    monkeypatch.setattr(policies.command, "callback", lambda **_: there.write_text("x", "utf-8"))
    run = runner.run(laid(("", COMMON)), ["policies", "--rules", "rules"])
    assert not there.exists()
    assert b"read-only file system" in run.errors.lower()


def test_a_change_of_meaning_and_a_lost_comment_are_seen(runner: Runner) -> None:
    files = laid(("", COMMON))
    part = files["rules/part.yaml"]
    assert isinstance(part, bytes)
    given = Input(
        "x/1", "errors/common", {**files, "rules/part.yaml": part + b"#s1\n"}, ["fmt", "rules"]
    )
    run = runner.run(given.files, given.arguments)
    otherwise = {
        **run.after,
        "rules/part.yaml": ("file", part.replace(b"100 or more", b"101 or more")),
    }
    assert part != otherwise["rules/part.yaml"][1]
    causes = {
        each.fault.cause
        for each in judged(
            given, run.__class__(**{**vars(run), "code": 0, "after": otherwise}), runner
        )
    }
    assert causes == {"fmt loses or doubles a comment", "fmt changes what is meant"}


def test_a_finding_is_made_small_and_kept(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails_on_a_word(**_: object) -> None:
        if "beds" in Path("case.yaml").read_text("utf-8"):
            raise KeyError("beds")

    monkeypatch.setattr(policies.command, "callback", fails_on_a_word)
    [finding] = found(
        Input("x/1", "errors/common", laid(("", COMMON)), ["policies", "--rules", "rules"]), runner
    )
    small = made_small(finding, runner)
    assert isinstance(small, Finding)
    assert (list(small.given.files), small.given.arguments) == (["case.yaml"], ["policies"])
    assert str(small.given.files["case.yaml"]).count("\\n") == 0
    small.keep(tmp_path)
    [kept] = tmp_path.glob("*/finding.txt")
    assert "python -m tests.fuzz.strangers again x/1" in kept.read_text("utf-8")
    assert (kept.parent / "work/case.yaml").exists()
