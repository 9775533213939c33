"""Every test runs with a cache of programs that is not the user's own."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
CACHE = tempfile.TemporaryDirectory(
    prefix="rulewright-tests-"
)  # of this worker alone, and gone with it
os.environ["RULEWRIGHT_CACHE"] = CACHE.name
os.environ.pop("RULEWRIGHT_RULES", None)
settings.register_profile(
    "untimed", deadline=None
)  # how long an example takes depends on what else the machine does
settings.load_profile("untimed")
gc.set_threshold(100_000, 20, 20)  # as the command has it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test with many cases only the first is measured for coverage: the others take the same
    lines with other data.

    Where they do not, such as in tests of commands and of mistakes, the test is marked
    `each_case_traced`.
    """
    seen: set[str] = set()
    for item in items:
        test = item.nodeid.partition("[")[0]
        if test in seen and not item.get_closest_marker("each_case_traced"):
            item.add_marker("untraced")
        seen.add(test)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A test marked `untraced` is not measured: other tests reach the same lines, and tracing would
    double its time or worse.

    (The plugin's own `no_cover` leaves the tracer installed in a worker, so nothing is gained by it
    there.)
    """
    if not item.get_closest_marker("untraced"):
        return (yield)
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in outputs are those that somebody sees who works in the project's folder."""
    monkeypatch.chdir(ROOT)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Writing beyond that many bytes of a file fails, as on a full disk.

    For this process, so only around what is tested: not in a fixture, while pytest itself writes to
    where its output goes.
    """
    resource = pytest.importorskip("resource")  # not on Windows
    _, most = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
