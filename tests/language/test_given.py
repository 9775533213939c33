"""Facts that cases are given: each file is read and laid once, and what comes of it is as if it
were laid wherever it is named.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulewright import InputError, cases
from rulewright.facts import shared_facts
from rulewright.facts.shared_facts import SharedFacts, laid_over
from rulewright.syntax import yaml_loader
from rulewright.syntax.text import Map
from rulewright.syntax.yaml_loader import load_yaml, load_yaml_file

Laid = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, *given: str, own: str = "") -> None:
    """A file of facts that is given others."""
    names = f"given: [{', '.join(given)}]\n" if given else ""
    Path(name).write_text(f"facts: {name}\n{names}{own}\n", "utf-8")


def case(*given: str) -> Map:
    """The facts of a case that is given these files."""
    Path("case.yaml").write_text(f"case: a case\ngiven: [{', '.join(given)}]\n", "utf-8")
    [found] = cases("case.yaml")
    return found.tree


def naively(tree: Map, above: tuple[str, ...] = ()) -> Map:
    """What a case is given, each file read and laid wherever it is named."""
    base = Map()
    for name in tree.get("given", ()):
        assert name not in above
        whole = naively(load_yaml_file(Path(name)), (*above, name))
        base = laid_over(
            Map(
                {
                    word: value
                    for word, value in whole.items()
                    if word not in ("facts", "about", "given")
                }
            ),
            base,
        )
    return laid_over(Map({word: value for word, value in tree.items() if word != "given"}), base)


def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often each file of facts is read from now on."""
    read = shared_facts.read_bytes
    found: dict[str, int] = {}

    def count(path: Path, *others: object) -> bytes:
        found[path.name] = found.get(path.name, 0) + 1
        return read(path, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(shared_facts, "read_bytes", count)
    return found


@pytest.mark.parametrize(
    "names", [lambda n: (f"{n}.yaml", f"{n}.yaml"), lambda n: (f"{n}.yaml", f"again-{n}.yaml")]
)
def test_files_that_fan_out_are_read_once_each(
    names: Callable[[int], tuple[str, str]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Laid wherever they are named, thirty files of two names each would be laid a thousand million
    times.
    """
    for number in range(30):
        for name in {f"{number}.yaml", f"again-{number}.yaml"}:
            write(name, *names(number + 1), own=f"school: {{classes: [{{name: {name}}}]}}")
    for name in ("30.yaml", "again-30.yaml"):
        write(name, own="school: {points: 5}")
    read = counted(monkeypatch)
    found = case("0.yaml")
    assert found["school"]["points"] == "5"
    assert (
        len(found["school"]["classes"])
        == len({each["name"] for each in found["school"]["classes"]})
        >= 30
    )
    assert set(read.values()) == {1}


def test_a_file_is_read_once_for_all_cases_of_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.yaml", own="school: {points: 5}")
    Path("bad.yaml").write_text("facts: [", "utf-8")
    Path("cases.jsonl").write_text(
        '{"case": "x", "given": "a.yaml"}\n' * 50 + '{"case": "y", "given": "bad.yaml"}\n' * 50,
        "utf-8",
    )
    read = counted(monkeypatch)
    with pytest.raises(InputError, match=r"bad\.yaml:2:1: RW105") as error:
        cases("cases.jsonl")
    assert len(error.value.problems) == 1
    assert read == {"a.yaml": 1, "bad.yaml": 1}


def test_a_chain_of_a_thousand_files_is_laid_and_one_more_is_refused(folder: Path) -> None:
    for number in range(1_001):
        write(
            f"{number}.yaml",
            f"{number + 1}.yaml",
            own=f"school: {{classes: [{{name: c{number}}}]}}",
        )
    write("1001.yaml", own="school: {points: 5}")
    found = case("2.yaml")
    assert found["school"]["points"] == "5"
    assert len(found["school"]["classes"]) == 999
    with pytest.raises(
        InputError, match=r"1000\.yaml:2:9: RW102 the case is given more than 1,000 files of facts"
    ):
        case("1.yaml")


def test_a_thousand_files_that_one_case_names_are_laid_and_one_more_is_refused(
    folder: Path,
) -> None:
    for number in range(1_001):
        write(f"{number}.yaml", own=f"school: {{points: {number}}}")
    names = [f"{number}.yaml" for number in range(1_001)]
    assert case(*names[:1_000])["school"]["points"] == "999"
    with pytest.raises(InputError, match="RW102 the case is given more than 1,000 files of facts"):
        case(*names)


def test_laying_that_would_not_end_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file names all that follow: five hundred thousand times a list would be laid over
    one.
    """
    monkeypatch.setattr(shared_facts, "MAX_LAID", 100_000)
    classes = ", ".join(f"{{name: c{number}}}" for number in range(200))
    for number in range(60):
        write(
            f"{number}.yaml",
            *(f"{other}.yaml" for other in range(number + 1, 60)),
            own=f"school: {{classes: [{classes}]}}",
        )
    with pytest.raises(
        InputError, match=r"case\.yaml:2:8: RW102 more than 100,000 facts are laid over each other"
    ):
        case("0.yaml")


def test_facts_of_more_bytes_than_a_file_may_have_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_facts, "MAX_BYTES", 100)
    for number in range(3):
        write(f"{number}.yaml", own=f"school: {{motto: {'x' * 40}}}")
    case("0.yaml")
    with pytest.raises(
        InputError, match="RW102 the facts that are given have more than 100 bytes together"
    ):
        case("0.yaml", "1.yaml", "2.yaml")


def test_files_in_a_circle_are_refused_however_long_it_is(folder: Path) -> None:
    for number in range(40):
        write(f"{number}.yaml", f"{(number + 1) % 40}.yaml", f"{(number + 1) % 40}.yaml")
    with pytest.raises(
        InputError, match=r"39\.yaml:2:9: RW813 the facts of `0\.yaml` are given themselves"
    ):
        case("0.yaml")


SHAPES = st.sampled_from(
    [
        "school: {points: 1}",
        "school: {classes: [{name: a, size: 1}, {name: b}]}",
        "school: {classes: [{name: b, size: 2}]}",
        "school: {motto: {value: x, from: a letter}}",
        "school: {motto: y}",
        "judgements: [{attribute: a, value: 1}]",
        "judgements: [{attribute: A, by: me}]",
        "tags: [one]",
        "tags: [two, three]",
        "as at: 2024-03-01",
        "school: {points: }",
        "supplied: {report: good}",
        "about: nothing",
    ]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_what_is_given_is_what_laying_each_file_wherever_it_is_named_gives(
    folder: Path, data: st.DataObject
) -> None:
    """Any graph of files without circles, named as often as one likes: the later stands above the
    earlier.
    """
    number = data.draw(st.integers(1, 7))
    for each in range(number):
        others = (
            st.lists(st.integers(each + 1, number - 1), max_size=4)
            if each + 1 < number
            else st.just([])
        )
        write(
            f"{each}.yaml", *(f"{other}.yaml" for other in data.draw(others)), own=data.draw(SHAPES)
        )
    names = [
        f"{each}.yaml"
        for each in data.draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=4))
    ]
    text = f"case: a case\ngiven: [{', '.join(names)}]\n{data.draw(SHAPES)}\n"
    own = load_yaml(text, "case.yaml")
    laid = SharedFacts(Path(), "", (os.path.realpath("."),)).under(own)
    assert laid == naively(own)
    assert [getattr(each, "place", None) for each in (laid, *laid.values())] == [
        getattr(each, "place", None) for each in (own, *naively(own).values())
    ]


def test_many_values_in_one_file_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_loader, "MAX_VALUES", 10)
    load_yaml("a: [1, 2, 3, 4, 5, 6, 7]", "a.yaml")
    with pytest.raises(
        InputError, match=r"a\.yaml:1:26: RW102 the file holds more than 10 words and values"
    ):
        load_yaml("a: [1, 2, 3, 4, 5, 6, 7, 8]", "a.yaml")
