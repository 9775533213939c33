"""How a command ends that cannot go on: with a message and an exit code, which is never that of a
difference found.
"""

from __future__ import annotations

import os
import platform
import sys
import traceback
from contextlib import suppress

import click

from rulewright.syntax.errors import EngineError, InputError, lines
from rulewright.syntax.visible import visible
from rulewright.version import __version__

from .terminal import say

FINE, DIFFERENT, WRONG_INPUT, REFUSED, UNEXPECTED, INTERRUPTED = 0, 1, 2, 3, 70, 130
# an environment variable: set to `1`, an unexpected failure shows its traceback
TRACEBACK = "RULEWRIGHT_TRACEBACK"
_PRINTING = ("click.utils", "rich.console")


def code_after(error: BaseException) -> int:
    """The exit code after an error that is foreseen, told on standard error.

    Raises any other again.
    """
    match error:
        case InputError():
            for line in lines(error.problems):
                _tell(line)
            return WRONG_INPUT
        case EngineError():
            _tell(f"the engine refused to answer: {error}")
            return REFUSED
        case click.ClickException():
            with suppress(OSError):
                error.show()
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            _tell("interrupted")
            return INTERRUPTED
        case BrokenPipeError() if _while_printing(error):
            print_nothing_more()
            return FINE
        case OSError() if _while_printing(error):
            print_nothing_more()
            _tell(f"the output cannot be written: {_reason(error)}")
            return WRONG_INPUT
        case OSError() if error.filename is not None:
            _tell(
                f"the system refused `{_shortened(os.fsdecode(error.filename), 60)}`: {_reason(error)}"
            )
            return WRONG_INPUT
    raise error


def unexpected(error: BaseException) -> int:
    """The exit code after any other error: what it was, and what a report of it should hold."""
    what = f"{type(error).__name__}: {_shortened(str(error))}".removesuffix(": ")
    shown = os.environ.get(TRACEBACK) == "1"
    if shown:
        _tell("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, MemoryError | OSError):
        reason = "not enough memory" if isinstance(error, MemoryError) else _reason(error)
        _tell(f"the system refused what the command needs: {reason}")
        return UNEXPECTED
    again = "the traceback above" if shown else f"the traceback, which {TRACEBACK}=1 shows"
    made_with = f"rulewright {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    _tell(
        f"unexpected failure: {what}; this is a fault in Rulewright, please report it: the command, its files, {again}, and `{made_with}`"
    )
    return UNEXPECTED


def _while_printing(error: OSError) -> bool:
    """Whether it is standard output or error that failed, and not some file."""
    return any(
        frame.f_globals.get("__name__") in _PRINTING
        for frame, _ in traceback.walk_tb(error.__traceback__)
    )


def print_nothing_more() -> None:
    """Nobody takes what is still to be printed: let it go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(text: str) -> None:
    """Print on standard error; where that cannot be written the exit code has to do."""
    with suppress(OSError):
        say(*text.split("\n"), err=True)


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()


def _shortened(text: str, most: int = 300) -> str:
    """The beginning of it, as one line."""
    return visible(text if len(text) <= most else f"{text[:most]}…")
