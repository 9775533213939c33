"""Reading files: regular ones only, never more than the limit and one byte, never outside the
folder, and all of it in one place.
"""

from __future__ import annotations

import ast
import os
import socket
import threading
from pathlib import Path

import pytest

from rulewright import InputError, Rules, cases
from rulewright.syntax import files
from rulewright.syntax.files import (
    RefusedFile,
    begins,
    content,
    contents,
    folders,
    lies_in,
    read_bytes,
)

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "engine" / "rulewright"
OPENS = {  # which modules may open a file, and what they open
    "syntax/files.py": "whatever is read",
    "syntax/cache.py": "what this program keeps itself",
    "syntax/file_writer.py": "what is written",
    "syntax/parser.py": "a part of the package",
    "documents/html.py": "a part of the package",
    "cli/code.py": "a part of the package",
    "cli/endings.py": "nothing",
    "ledger/signatures.py": "keys that are written",
}


def test_no_other_module_opens_a_file() -> None:
    assert {
        path.relative_to(ENGINE).as_posix() for path in ENGINE.rglob("*.py") if _opens(path)
    } == OPENS.keys()


def _opens(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            if (
                node.func.attr in ("fdopen", "read_bytes", "read_text", "open")
                and named != "Ledger"
                and not _of_archive(node.func.value)
            ):
                return True
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "open"
        ):
            return True
    return False


def _of_archive(value: ast.expr) -> bool:
    """`self._zip.open`: a part of a file that was read."""
    return isinstance(value, ast.Attribute) and value.attr == "_zip"


def test_at_most_the_limit_and_one_byte_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sparse file takes no room on the disk, and would take three gigabytes of memory."""
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    asked: list[int] = []
    first = files._first

    def noted(path: Path, length: int, how: int = 0) -> tuple[bytes, int]:
        asked.append(length)
        return first(path, length, how)

    monkeypatch.setattr(files, "_first", noted)
    monkeypatch.setattr(files.content, "__defaults__", (None, 1_000))
    with pytest.raises(
        InputError, match="RW102 the file has 3,000,000,000 bytes, at most 1,000 are read"
    ):
        read_bytes(path, "big.csv")
    (tmp_path / "part.yaml").write_text("- parameter: p\n  value: 1\n", "utf-8")
    with pytest.raises(InputError, match="RW102 the file has 3,000,000,000 bytes"):
        Rules(tmp_path)
    assert set(asked) == {1_001}


@pytest.mark.parametrize("size", [0, 1, 9, 10])
def test_a_file_up_to_the_limit_is_read_whole(size: int, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * size)
    assert content(tmp_path / "a", most=10) == b"x" * size


def test_a_file_that_is_larger_than_it_says_is_read_to_the_limit() -> None:
    """The system makes such files as they are read, and says that they have no bytes."""
    path = Path("/proc/self/status")
    if not path.exists():
        pytest.skip("no such files on this system")
    assert b"Name:" in content(path)
    with pytest.raises(RefusedFile, match="has more than 20 bytes, at most 20 are read"):
        content(path, most=20)


def test_a_pipe_that_comes_in_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody exchanges the file after it was looked at: what was opened is looked at again, and
    opening does not wait.
    """
    path, look = tmp_path / "a.yaml", os.stat
    os.mkfifo(path)
    (tmp_path / "file").write_text("x")
    monkeypatch.setattr(os, "stat", lambda _path: look(tmp_path / "file"))
    said: list[str] = []

    def read() -> None:
        try:
            content(path)
        except RefusedFile as error:
            said.append(str(error))

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    reading.join(30)
    assert said == ["is a pipe, not a file"]


def test_what_is_no_file_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
    for name, what in {
        "pipe": "is a pipe",
        "socket": "is a socket",
        "/dev/zero": "is a device",
        ".": "is a folder",
        "x" * 300: "name too long",
        "none": "no such file",
    }.items():
        for read in (content, lambda path: begins(path, 16)):
            with pytest.raises(RefusedFile, match=what) as error:
                read(Path(name))
            assert error.value.missing == (name == "none")


def test_a_folder_holds_what_lies_below_it_and_no_link_that_leads_out(tmp_path: Path) -> None:
    inside, outside = tmp_path / "a", tmp_path / "ab"
    for each in (inside / "b", outside):
        each.mkdir(parents=True)
        (each / "file").write_text("x")
    (inside / "link").symlink_to("b/file")
    (inside / "out").symlink_to("../ab/file")
    (inside / "folder").symlink_to("../ab")
    (inside / "nowhere").symlink_to("../ab/none")
    (tmp_path / "also").symlink_to("a")
    for named in (inside, tmp_path / "also"):
        within = folders([named])
        held = {
            name: lies_in(named / name, within)
            for name in (
                "b/file",
                "link",
                "out",
                "folder/file",
                "nowhere",
                "../ab/file",
                "../a/b/file",
                "none",
                ".",
            )
        }
        assert held == {
            "b/file": True,
            "link": True,
            "out": False,
            "folder/file": False,
            "nowhere": False,
            "../ab/file": False,
            "../a/b/file": True,
            "none": True,
            ".": False,
        }
        assert content(named / "link", within) == b"x"
        with pytest.raises(RefusedFile, match="is a link that leads out of its folder"):
            content(named / "out", within)
    assert folders([inside / "link", inside]) == folders([inside])


def test_a_link_that_comes_in_the_place_of_a_file_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody exchanges the file after it was found to lie in the folder."""
    (tmp_path / "a").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "a" / "file").symlink_to("../secret")
    monkeypatch.setattr(files, "lies_in", lambda _path, _within: True)
    monkeypatch.setattr(os.path, "realpath", str)
    with pytest.raises(RefusedFile, match="cannot be read"):
        content(tmp_path / "a" / "file", (str(tmp_path / "a"),))


def test_the_files_of_a_rulebook_come_with_what_is_wrong_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    Path("secret.yaml").write_text("salary: 30000\n")
    Path("rules/a.yaml").write_text("- parameter: p\n  value: 1\n")
    Path("rules/b.yaml").symlink_to("../secret.yaml")
    Path("rules/c.yaml").symlink_to("a.yaml")
    found = dict(contents(Path("rules"), "rules"))
    assert found["a.yaml"] == found["c.yaml"] == b"- parameter: p\n  value: 1\n"
    assert str(found["b.yaml"]).startswith(
        "rules/b.yaml: RW124 `rules/b.yaml` is a link that leads out of its folder"
    )
    with pytest.raises(InputError, match="RW124"):
        Rules("rules")


def test_a_rulebook_that_was_compiled_is_refused_once_a_file_in_it_is_a_link_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file was empty before, and nothing named it."""
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    rules = tmp_path / "rules"
    rules.mkdir()
    for path in (ROOT / "tests" / "errors" / "common" / "rules").iterdir():
        (rules / path.name).write_bytes(path.read_bytes())
    (rules / "more.xlsx").write_bytes(b"")
    [case] = cases(ROOT / "tests" / "errors" / "common" / "case.yaml")
    Rules(rules).run(case)
    (rules / "more.xlsx").unlink()
    (rules / "more.xlsx").symlink_to("/etc/hostname")
    with pytest.raises(InputError, match=r"RW124 `rules/more\.xlsx` is a link"):
        Rules(rules).run(case)
