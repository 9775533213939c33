"""Two people who change one file at once: both changes are there, or one is refused; none is
lost.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.syntax import file_writer
from rulewright.syntax.errors import InputError
from rulewright.syntax.file_writer import read_again, replace_file

COMMON = Path(__file__).parent / "common" / "rules"
ROUNDS = 20
fcntl = pytest.importorskip("fcntl")


def refused(change: Callable[[], None]) -> str:
    """What is said of a change that is refused; nothing of one that is made."""
    try:
        change()
    except InputError as error:
        return str(error)
    return ""


def test_who_comes_second_is_told_although_both_have_read_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are let to where the file is written, as far as they come."""
    file = tmp_path / "part.yaml"
    file.write_bytes(b"before\n")
    both, write = Barrier(2, timeout=0.5), file_writer.write_whole

    def slow(path: Path, content: bytes, shown: str | None = None) -> None:
        with suppress(BrokenBarrierError):
            both.wait()  # never met where one has to wait for the other
        write(path, content, shown)

    monkeypatch.setattr(file_writer, "write_whole", slow)
    with ThreadPoolExecutor(2) as pool:
        said = list(
            pool.map(
                lambda new: refused(lambda: replace_file(file, b"before\n", new, "part.yaml")),
                (b"one\n", b"other\n"),
            )
        )
    (told,) = filter(None, said)
    assert told.startswith("part.yaml: RW435 the file was changed by somebody else meanwhile")
    assert file.read_bytes() == (b"one\n" if said[1] else b"other\n")


def test_a_lock_that_is_held_is_waited_for_and_then_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_writer, "_LONGEST_WAIT", 0.05)
    file = tmp_path / "part.yaml"
    file.write_bytes(b"before\n")
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(
        InputError,
        match="RW435 somebody else is writing into its folder; nothing was written; try again",
    ):
        replace_file(file, b"before\n", b"after\n", "part.yaml")
    assert file.read_bytes() == b"before\n"
    os.close(held)
    replace_file(file, b"before\n", b"after\n", "part.yaml")
    assert file.read_bytes() == b"after\n"
    assert os.listdir(tmp_path) == ["part.yaml"]


def test_a_system_without_locks_still_compares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    file = tmp_path / "part.yaml"
    file.write_bytes(b"before\n")
    replace_file(file, b"before\n", b"after\n", "part.yaml")
    assert file.read_bytes() == b"after\n"
    with pytest.raises(InputError, match="RW435"):
        replace_file(file, b"before\n", b"again\n", "part.yaml")


def test_a_file_that_would_be_too_large_to_be_read_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_writer, "MAX_BYTES", 10)
    file = tmp_path / "part.yaml"
    file.write_bytes(b"before\n")
    with pytest.raises(InputError, match="RW102 the file would have 11 bytes, at most 10 are read"):
        replace_file(file, b"before\n", b"longer than\n"[:11], "part.yaml")
    assert file.read_bytes() == b"before\n"


def test_a_file_that_is_another_text_by_now_is_not_taken_for_the_one_that_was_read(
    tmp_path: Path,
) -> None:
    file = tmp_path / "part.yaml"
    file.write_bytes(b"\xef\xbb\xbfone\n")
    assert read_again(file, "one\n", "part.yaml") == b"\xef\xbb\xbfone\n"
    with pytest.raises(InputError, match="RW435"):
        read_again(file, "other\n", "part.yaml")


def in_a_process(arguments: list[str], start: int) -> tuple[int, int]:
    """A process that waits for the start, gives one command, and writes what that answers; its
    number and where to read.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    try:
        os.read(start, 1)
        result = CliRunner().invoke(group, arguments)
        os.write(writing, f"{result.exit_code} {result.output}".encode())
    finally:
        os._exit(0)


def at_once(commands: list[list[str]]) -> list[str]:
    """What commands answer that are given at the same moment, each by a process of its own."""
    start, gun = os.pipe()
    children = [in_a_process([*command, "--rules", "rules"], start) for command in commands]
    os.write(gun, b"x" * len(children))
    answers = []
    for process, reading in children:
        with os.fdopen(reading) as file:
            answers.append(file.read())
        os.waitpid(process, 0)
    os.close(start)
    os.close(gun)
    return answers


GIVEN = "input,then\nup to 38,poor\n39..64,fair\n65..87,good\n88 or more,excellent\n"
PAIRS = {
    "two values": [(["set", "view period=36 months", "--in", "rules.yaml"], "rules.yaml", "36 months"),
                   (["set", "school.recent.about=other words", "--in", "rules.yaml"], "rules.yaml", "other words")],
    "a value and a table": [(["set", "bands.about=other words", "--in", "bands.yaml"], "bands.yaml", "other words"),
                            (["table", "import", "given.csv", "bands"], "bands.yaml", "65..87")],
    "two seals": [(["seal", "plain", "--reason", "first"], "seals.yaml", "first"),
                  (["seal", "mine", "--reason", "second"], "seals.yaml", "second")],
    "a rule and a value": [(["new", "rule", "one.more", "--of", "school", "--part", "rules.yaml"], "rules.yaml", "one.more"),
                           (["set", "view period=36 months", "--in", "rules.yaml"], "rules.yaml", "36 months")],
}  # fmt: skip


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="needs two processes that begin at the same moment"
)
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("pair", PAIRS)
def test_no_change_is_lost(pair: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("given.csv").write_text(GIVEN, "utf-8")
    for _ in range(ROUNDS // len(PAIRS)):
        shutil.rmtree("rules", ignore_errors=True)
        shutil.copytree(COMMON, "rules")
        answers = at_once([command for command, _, _ in PAIRS[pair]])
        for answer, (_, file, words) in zip(answers, PAIRS[pair], strict=True):
            there = words in (Path("rules") / file).read_text("utf-8")
            assert there == answer.startswith("0 "), answers
            assert there or answer.startswith(
                f"2 rules/{file}: RW435 the file was changed by somebody else meanwhile"
            ), answers
        assert any(answer.startswith("0 ") for answer in answers)
        assert not [
            path
            for path in Path("rules").rglob("*")
            if path.name.startswith(".") or "lock" in path.name
        ]
