"""One command line run in a folder, in a process of its own that has all modules already, within
limits of time and memory.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import io
import os
import pkgutil
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import rulewright
from rulewright import workbench
from rulewright.syntax import shipped

from .workspace import Contents, Files, contents, lay, marks

ROOT = Path(__file__).parents[3]
CPU = 10  # seconds
WALL = 120  # seconds: others may use the machine
IDLE = 3  # seconds without computing, after which a process waits for what never comes
MEMORY = 1 << 30  # bytes
ADDRESSES = 3 << 29  # bytes: what is reserved is more than what is used
LARGEST_FILE = 200 << 20
ENDED = "ended by"  # what is answered begins so where the process was ended
UNEXPECTED = 99  # the exit code of a run that ended in an exception


@dataclass(frozen=True)
class Run:
    """How a command ended, what it printed, used and left. `ended_by`: the signal that ended it."""

    code: int
    ended_by: int
    output: bytes
    errors: bytes
    trace: str
    seconds: float
    memory: int
    before: Contents
    after: Contents
    left: tuple[str, ...]  # in the folder for temporary files
    shipped: tuple[str, ...]  # files of the shipped rulebook and scenarios that are otherwise


class Runner:
    """A place to run commands in. `base`: an empty folder of its own."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.place = base / "input" / "work"
        self.temporary = base / "temporary"
        self.cache = base / "cache"
        self.shipped = base / "shipped"
        self._ship()
        self._compiled: list[tuple[str, Path]] = []
        _import_all()
        self._compile()

    def _ship(self) -> None:
        """A copy of what is shipped, as if it were installed: nothing in the project is at risk."""
        shutil.rmtree(self.shipped, ignore_errors=True)
        for each in (
            "rules",
            "schemas",
            "scenarios/examples",
            "properties",
            shipped.PAGES_OF_CODES,
        ):
            shutil.copytree(ROOT / each, self.shipped / each)
        self._untouched = marks(self.shipped)

    def _compile(self) -> None:
        """Compile the shipped policies once; every input finds them in its own cache."""
        self.ask(
            lambda: [
                workbench.Rules().program(each.id).digest for each in workbench.Rules().policies
            ],
            {},
        )
        self.cache.rename(self.base / "compiled")
        self._compiled = [(each.name, each) for each in sorted((self.base / "compiled").iterdir())]

    def run(self, files: Files, arguments: list[str], real: bool = False) -> Run:
        """The command in a folder with these files.

        `real`: as a process that begins from nothing.
        """
        self._empty()
        lay(files, self.place)
        before = contents(self.place)
        code, ended_by, used = self._process(
            lambda: _answer(arguments), arguments if real else None
        )
        marked = marks(self.shipped)
        touched = [
            name
            for name in {*marked, *self._untouched}
            if marked.get(name) != self._untouched.get(name)
        ]
        if touched:
            self._ship()
        output, errors, trace = (
            (self.base / each).read_bytes() for each in ("output", "errors", "trace")
        )
        left = tuple(sorted(contents(self.temporary)))
        beside = tuple(
            f"../{name}" for name in contents(self.place.parent) if name.split("/")[0] != "work"
        )
        return Run(
            code,
            ended_by,
            output,
            errors,
            trace.decode("utf-8", "replace"),
            used.ru_utime + used.ru_stime,
            used.ru_maxrss * 1024,
            before,
            contents(self.place),
            left + beside,
            tuple(sorted(touched)),
        )

    def ask(self, question: Callable[[], object], files: Files) -> str:
        """What Python makes of a folder: the text of the answer, or of the exception, or how the
        process was ended.
        """
        self._empty()
        lay(files, self.place)
        code, ended_by, _ = self._process(lambda: _say(question), None)
        said = (self.base / "output").read_text("utf-8", "replace")
        trace = (self.base / "trace").read_text("utf-8", "replace")
        return said if code == 0 else f"{ENDED} {ended_by or code}\n{said}\n{trace}"

    def _empty(self) -> None:
        for each in (self.place.parent, self.temporary, self.cache):
            shutil.rmtree(each, ignore_errors=True)
            each.mkdir(parents=True, mode=0o700)
        for name, compiled in self._compiled:
            os.link(compiled, self.cache / name)

    def _process(
        self, action: Callable[[], int], real: list[str] | None
    ) -> tuple[int, int, resource.struct_rusage]:
        streams = [
            os.open(self.base / each, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            for each in ("output", "errors", "trace")
        ]
        child = os.fork()
        if child == 0:
            self._become(action, real, streams)
        for each in streams:
            os.close(each)
        status, used = _awaited(child)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # what it may have started
        ended = os.waitstatus_to_exitcode(status)
        return (ended, 0, used) if ended >= 0 else (-1, -ended, used)

    def _become(
        self, action: Callable[[], int], real: list[str] | None, streams: list[int]
    ) -> NoReturn:
        code = UNEXPECTED
        try:
            os.setsid()
            _confine(self.base)
            os.chdir(self.place)
            self._surround()
            _limit()
            for each, number in zip(streams, (1, 2, 3), strict=True):
                os.dup2(each, number)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            if real is not None:
                os.execv(
                    sys.executable,
                    [
                        sys.executable,
                        "-m",
                        "tests.fuzz.strangers.process",
                        str(self.shipped),
                        *real,
                    ],
                )
            sys.stdin, sys.stdout = (
                os.fdopen(0, encoding="utf-8"),
                Terminal(os.fdopen(1, "wb"), "utf-8"),
            )
            sys.stderr = Terminal(os.fdopen(2, "wb"), "utf-8", "backslashreplace")
            faulthandler.register(signal.SIGXCPU, 3, all_threads=False, chain=True)
            faulthandler.register(signal.SIGALRM, 3, all_threads=False, chain=True)
            code = action()
        except BaseException:
            os.write(3, traceback.format_exc().encode("utf-8", "replace"))
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            os._exit(code)

    def _surround(self) -> None:
        """What a command sees beside its folder: nothing of the user's, and a copy of what is
        shipped.
        """
        for name in ("RULEWRIGHT_RULES", "COLUMNS", "XDG_CACHE_HOME"):
            os.environ.pop(name, None)
        os.environ |= {
            "TMPDIR": str(self.temporary),
            "HOME": str(self.temporary / "home"),
            "LOGNAME": "aclerk",
            "TERM": "dumb",
            "RULEWRIGHT_TRACEBACK": "1",
            "RULEWRIGHT_CACHE": str(self.cache),
            "PYTHONPATH": f"{ROOT}/engine:{ROOT}",
        }
        tempfile.tempdir = None
        shipped.INSTALLED = shipped.PACKAGE = self.shipped


def _awaited(child: int) -> tuple[int, resource.struct_rusage]:
    """How a process ended, and what it used.

    One that waits for something for long, and computes nothing, is ended.
    """
    spent, since, pause = -1.0, time.monotonic(), 0.001
    while True:
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            return status, used
        time.sleep(pause)
        pause = min(0.02, pause * 1.5)
        if time.monotonic() - since > IDLE:
            if spent == (spent := _spent(child)):
                os.kill(child, signal.SIGALRM)
            since = time.monotonic()


def _spent(child: int) -> float:
    """How long a process and those that it started have computed, in the system's own unit; another
    number each time one could go on.
    """
    found = 0.0
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            fields = each.read_text().rpartition(")")[2].split()
            if int(fields[2]) == child:  # its group
                found += (
                    int(fields[11])
                    + int(fields[12])
                    + (0 if fields[0] == "S" else time.monotonic())
                )
    return found


class Terminal(io.TextIOWrapper):
    """A terminal, so that nothing is taken out of what is printed; it is one that can show neither
    colours nor trees.
    """

    def isatty(self) -> bool:
        return True


def _import_all() -> None:
    """What one process has imported, all that begin from it have."""
    for each in pkgutil.walk_packages(rulewright.__path__, "rulewright."):
        if not each.name.endswith(("plugin", "__main__")):
            import_module(each.name)
    gc.collect()
    gc.freeze()


_NEW_MOUNTS, _READ_ONLY, _REMOUNT, _BIND, _ALL_BELOW, _PRIVATE = (
    0x20000,
    1,
    32,
    4096,
    16384,
    1 << 18,
)  # of Linux


def _confine(folder: Path) -> None:
    """Let an administrator's process write nowhere but in a folder; whoever is none cannot do harm
    to the system anyway.
    """
    if os.geteuid() != 0:
        return
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(_NEW_MOUNTS) != 0:
        return  # no argument names anything outside the folder, so that this is the second guard
    own, nothing = os.fsencode(folder), ctypes.c_void_p(None)
    system.mount(nothing, b"/", nothing, ctypes.c_ulong(_ALL_BELOW | _PRIVATE), nothing)
    system.mount(own, own, nothing, ctypes.c_ulong(_BIND), nothing)
    for each in (b"/", b"/dev", b"/dev/shm", b"/tmp"):
        system.mount(nothing, each, nothing, ctypes.c_ulong(_REMOUNT | _BIND | _READ_ONLY), nothing)


def _limit() -> None:
    for what, soft, hard in (
        (resource.RLIMIT_CPU, CPU, CPU + 2),
        (resource.RLIMIT_AS, ADDRESSES, ADDRESSES),
        (resource.RLIMIT_FSIZE, LARGEST_FILE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))
    signal.alarm(WALL)


def _answer(arguments: list[str]) -> int:
    """The exit code of the command, as `rulewright` has it."""
    from rulewright.cli import main

    sys.argv = ["rulewright", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    return 0


def _say(question: Callable[[], object]) -> int:
    print(question())
    return 0
