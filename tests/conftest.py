"""Every test runs without the user's own cache of programs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
os.environ["RULEWRIGHT_CACHE"] = "off"
os.environ.pop("RULEWRIGHT_RULES", None)


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in outputs are those that somebody sees who works in the project's folder."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file can become longer than 1,024 bytes, as if the disk were full then."""
    with no_file_longer_than(1024):
        yield


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Writing beyond that many bytes of a file fails, as on a full disk."""
    resource = pytest.importorskip("resource")  # not on Windows
    _, most = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
