"""What is kept between runs: as it was when it is read, data only, and the user's own only."""

from __future__ import annotations

import json
import os
import pickle
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright import Rules
from rulewright.handbook.cache import handbook
from rulewright.ir.pairs import Pairs
from rulewright.syntax import cache
from rulewright.syntax.errors import InputError, Place
from rulewright.syntax.packing import UnreadableValue, pack, unpack
from rulewright.syntax.text import Boolean, Map, Scalar, Seq, Text

PLAIN = st.none() | st.booleans() | st.integers() | st.text() | st.fractions()
PLACES = st.builds(Place, st.text(), st.integers(0), st.integers(0))
TEXTS = st.builds(
    lambda kind, *rest, quoted: kind.at(*rest, quoted=quoted),
    st.sampled_from([Text, Scalar, Boolean]),
    st.text(),
    PLACES,
    quoted=st.booleans(),
)
HASHABLE: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        PLAIN
        | PLACES
        | TEXTS
        | st.lists(HASHABLE, max_size=3).map(tuple)
        | st.frozensets(HASHABLE, max_size=3)
    )
)


def seq(items: list[Any], place: Place, flow: bool) -> Seq:
    found = Seq(items)
    found.place, found.flow = place, flow
    return found


def mapped(items: dict[Any, Any], place: Place) -> Map:
    found = Map(items)
    found.place = place
    return found


VALUES: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        HASHABLE
        | st.lists(VALUES, max_size=3)
        | st.dictionaries(HASHABLE, VALUES, max_size=3)
        | st.builds(seq, st.lists(VALUES, max_size=3), PLACES, st.booleans())
        | st.builds(mapped, st.dictionaries(TEXTS, VALUES, max_size=3), PLACES)
    )
)


def everything(value: Any) -> Any:
    """A value with its types, places and quotation marks, which `==` does not see."""
    kind = type(value).__name__
    if isinstance(value, Text):
        return kind, str(value), value.place, value.quoted
    if isinstance(value, dict):
        return (
            kind,
            getattr(value, "place", None),
            [(everything(name), everything(each)) for name, each in value.items()],
        )
    if isinstance(value, list | tuple):
        return (
            kind,
            getattr(value, "place", None),
            getattr(value, "flow", None),
            list(map(everything, value)),
        )
    if isinstance(value, set | frozenset):
        return kind, {repr(everything(each)) for each in value}
    if isinstance(value, Pairs):
        return kind, value.partners
    if hasattr(value, "__dataclass_fields__"):
        return kind, [everything(getattr(value, each)) for each in value.__dataclass_fields__]
    return kind, value


@given(VALUES)
def test_what_was_packed_is_unpacked_as_it_was(value: Any) -> None:
    assert everything(unpack(pack(value))) == everything(value)


@pytest.mark.parametrize("policy", ["legacy", "guidance-2024-03", "better-regulation-2026"])
def test_programs_readings_and_handbooks_are_unpacked_as_they_were(policy: str) -> None:
    rules = Rules()
    for value in (
        rules.policies,
        rules.program(policy),
        rules.readings(policy),
        handbook(rules, policy),
    ):
        assert everything(unpack(pack(value))) == everything(value)


def test_pairs_of_many_rules_are_unpacked_as_they_were() -> None:
    pairs = Pairs((1 << 20_000, 0, 5))
    assert unpack(pack((pairs, -(2**64)))) == (pairs, -(2**64))


def test_what_is_shared_stays_shared() -> None:
    place = Place("a file", 1, 1)
    one, other = unpack(pack([(place, place), [place]]))
    assert one[0] is one[1] is other[0]


class Other:
    """No data."""


@pytest.mark.parametrize(
    "value",
    [Other(), len, b"bytes", Path("x"), Other],
    ids=["object", "function", "bytes", "path", "class"],
)
def test_what_is_no_data_is_not_packed(value: object) -> None:
    with pytest.raises(TypeError):
        pack([value])


FOREIGN = [
    "os:system",
    "rulewright.cli.__main__:main",
    "rulewright.syntax.__main__:x",
    "rulewright.workbench:Rules",
    "rulewright.syntax.cache:kept",
    "rulewright.syntax.cache:_Opened",
    "rulewright.syntax.nothing:X",
    "x",
]


@pytest.mark.parametrize("name", FOREIGN)
def test_nothing_is_made_but_data_of_the_package(name: str) -> None:
    with pytest.raises(UnreadableValue):
        unpack(json.dumps([[[name]], [name], [], [[0]]]).encode())


@given(st.data())
def test_damaged_bytes_are_refused_or_read_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(
        pack([Text.at("a", Place("f", 1, 2)), {"b": (Fraction(1, 2), None)}, Place("g")])
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(UnreadableValue):
        unpack(bytes(content))


# -- the folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kept"
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(folder))
    cache.keep("key", "what", ["as it was"])
    assert cache.kept("key", "what") == ["as it was"]
    return folder


def the_file(folder: Path) -> Path:
    [found] = folder.iterdir()
    return found


def test_nobody_else_may_read_or_write_what_is_kept(place: Path) -> None:
    assert place.stat().st_mode & 0o077 == 0
    assert the_file(place).stat().st_mode & 0o077 == 0


def test_a_pickle_is_not_run(place: Path, tmp_path: Path) -> None:
    class Runs:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "ran"),)

    path = the_file(place)
    head = path.read_bytes().partition(b"\n")[0]
    for content in (pickle.dumps(Runs()), head + b"\n" + pickle.dumps(Runs())):
        path.write_bytes(content)
        assert cache.kept("key", "what") is None
    assert not (tmp_path / "ran").exists()


def a_link(path: Path) -> None:
    path.rename(path.parent.parent / "elsewhere")
    path.symlink_to(path.parent.parent / "elsewhere")


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_file_for_everybody(path: Path) -> None:
    path.chmod(0o666)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [a_link, a_pipe, a_file_for_everybody, a_folder])
def test_only_a_file_of_ones_own_is_read(place: Path, change: Any) -> None:
    change(the_file(place))
    assert cache.kept("key", "what") is None


def test_a_file_under_another_name_is_not_read(place: Path) -> None:
    path = the_file(place)
    cache.keep("key", "other", ["another"])
    [other] = [each for each in place.iterdir() if each != path]
    path.replace(other)
    assert cache.kept("key", "other") is None


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only an administrator can give files to another account"
)
def test_what_another_account_wrote_is_not_read(place: Path) -> None:
    os.chown(the_file(place), 65534, 65534)
    assert cache.kept("key", "what") is None
    os.chown(place, 65534, 65534)
    for asked in (lambda: cache.kept("key", "what"), lambda: cache.keep("key", "what", 1)):
        with pytest.raises(InputError, match="RW119"):
            asked()


def test_a_folder_that_everybody_may_write_into_is_refused(place: Path) -> None:
    place.chmod(0o777)
    with pytest.raises(InputError, match="RW119"):
        cache.kept("key", "what")


def test_without_the_variable_a_folder_of_somebody_else_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RULEWRIGHT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache.keep("key", "what", 1)
    (tmp_path / "rulewright").chmod(0o777)
    assert cache.kept("key", "what") is None
    cache.keep("key", "other", 1)
    assert len(list((tmp_path / "rulewright").iterdir())) == 1


def test_what_an_ended_run_left_is_cleared(place: Path) -> None:
    old, new = place / "x.1.new", place / "x.2.new"
    for path in (old, new):
        path.write_bytes(b"half a val")
    os.utime(old, (0, 0))
    cache.keep("key", "other", 1)
    assert (old.exists(), new.exists()) == (False, True)
