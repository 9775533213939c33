"""How a command ends that cannot go on: a line on standard error and an exit code, never the one of
a difference found.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.cli import group

ROOT = Path(__file__).parents[2]
FAILING = """
import sys
from rulewright import workbench

def fail(*_arguments, **_options):
    raise {error}

workbench.Rules.__init__ = fail
from rulewright.cli import main
sys.argv = ["rulewright", "policies"]
main()
"""
REPORT = (
    "; this is a fault in Rulewright, please report it: the command, its files, the traceback, which RULEWRIGHT_TRACEBACK=1 shows, "
    "and `rulewright "
)


def failing(error: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command, in which something is raised that nobody foresaw."""
    return subprocess.run(
        [sys.executable, "-c", FAILING.format(error=error)],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "AssertionError('a\\x1b[31mb\\nc')",
            "unexpected failure: AssertionError: a\\x1b[31mb\\nc" + REPORT,
        ),
        (
            "RecursionError('maximum recursion depth exceeded')",
            "unexpected failure: RecursionError: maximum recursion depth exceeded" + REPORT,
        ),
        ("ValueError", "unexpected failure: ValueError" + REPORT),
        ("KeyError('x' * 999)", f"unexpected failure: KeyError: '{'x' * 299}…{REPORT}"),
        ("MemoryError", "the system refused what the command needs: not enough memory\n"),
        (
            "OSError(28, 'No space left on device')",
            "the system refused what the command needs: no space left on device\n",
        ),
    ],
)
def test_an_unexpected_failure_ends_with_70(error: str, said: str) -> None:
    done = failing(error)
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_its_traceback_is_shown_to_who_asks_for_it() -> None:
    done = failing("KeyError('x')", RULEWRIGHT_TRACEBACK="1")
    assert done.returncode == 70
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert ", in fail\n" in done.stderr
    assert "\nKeyError: 'x'\nunexpected failure: KeyError: 'x'; " in done.stderr
    assert "the traceback above" in done.stderr


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            "OSError(36, 'File name too long', 'a' * 90)",
            2,
            f"the system refused `{'a' * 60}…`: file name too long\n",
        ),
        ("KeyboardInterrupt", 130, "interrupted\n"),
        ("SystemExit(143)", 143, ""),
    ],
)
def test_other_ends_have_codes_of_their_own(error: str, code: int, said: str) -> None:
    done = failing(error)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_a_recursion_that_is_too_deep_is_such_a_failure(tmp_path: Path) -> None:
    """Whatever the depth that a command needs: here Python allows hardly any."""
    script = "import sys; from rulewright.cli import main; sys.argv = ['rulewright', 'check']; sys.setrecursionlimit(120); main()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "RULEWRIGHT_CACHE": "off"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 70, done.stderr
    assert done.stderr.startswith("unexpected failure: RecursionError: ")


# -- where the output goes

COMMANDS = [
    ["--help"],
    ["--version"],
    ["run", "--help"],
    ["policies"],
    ["policies", "--json"],
    ["run", "scenarios/examples/example-trust.yaml"],
]


def process(arguments: list[str], **streams: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "rulewright", *arguments], cwd=ROOT, **streams)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_who_stops_reading_is_no_failure(arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    running = process(arguments, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    told = running.communicate()[1]
    assert (running.returncode, told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_output_that_cannot_be_written_is_told_as_such(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        running = process(arguments, stdout=full.fileno(), stderr=subprocess.PIPE)
        told = running.communicate()[1]
    assert (running.returncode, told) == (
        2,
        b"the output cannot be written: no space left on device\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["run", "nowhere.yaml"], 2), (["check", "nowhere"], 2), (["no-such-command"], 2)],
)
def test_where_nothing_can_be_told_the_exit_code_stays(arguments: list[str], code: int) -> None:
    with open("/dev/full", "wb") as full:
        running = process(arguments, stdout=subprocess.DEVNULL, stderr=full.fileno())
        assert running.wait() == code


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_interrupted_before_it_began() -> None:
    script = (
        "import os, signal; from rulewright.cli import main; import sys; sys.argv = ['rulewright', 'policies']; "
        "sys.meta_path.insert(0, type('Interrupting', (), {'find_spec': staticmethod(lambda name, *_: "
        "name == 'rulewright.cli.policies' and os.kill(os.getpid(), signal.SIGINT) or None)})); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (130, "interrupted")


def test_names_that_are_too_long_are_told() -> None:
    for command in (
        ["test"],
        ["properties"],
        ["compare", "legacy", "legacy", "--cases"],
        ["fmt"],
        ["read", "-o"],
    ):
        result = CliRunner().invoke(group, [*command, f"{'a' * 300}.yaml"])
        assert result.exit_code == 2, command
        assert "cannot be written: not" not in result.stderr
        assert "a" * 60 in result.stderr
        assert "output" not in result.stderr
