"""Mutating a rulebook: verdicts, samples, several processes, what is remembered, and interrupts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from rulewright.cli import group
from rulewright.coverage import holes
from rulewright.mutation.record import Mutation
from rulewright.mutation.render import lines
from rulewright.mutation.runner import mutate
from rulewright.mutation.selection import is_named
from rulewright.schemas import schemas
from rulewright.suggest.runner import NOT_FOUND, as_file, search, suggest
from rulewright.suggest.suggestion import Suggestion
from rulewright.suggest.uncovered import suggest_for_holes
from rulewright.syntax.errors import InputError
from rulewright.testing.processes import on_cores
from rulewright.testing.runner import load_scenarios
from rulewright.workbench import Rules

COMMON = Path(__file__).parents[2] / "errors" / "common"
SCENARIOS = """
- case: a ready trust with a good and a poor service
  as at: 2024-03-01
  trust:
    beds: 100
    services:
      - name: Maternity
        key questions: {safe: good, effective: good, "capable, compassionate and inclusive leaders": good}
      - name: Surgery
        key questions: {safe: good, effective: inadequate, "capable, compassionate and inclusive leaders": good}
  expect:
    overall rating: inadequate
    trust > stage: ready
"""


@pytest.fixture(autouse=True)
def _without_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")


NONE_FOR_LATER = "no scenario is written for `later` (write `policy: later` in one), so nothing holds it to account\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(COMMON / "rules", tmp_path / "rules")
    (tmp_path / "scenarios.yaml").write_text(SCENARIOS, "utf-8")
    return tmp_path


def run(folder: Path, **options: object) -> Mutation:
    return mutate(Rules(folder / "rules"), load_scenarios([folder / "scenarios.yaml"]), **options)  # type: ignore[arg-type]


def told(found: Mutation) -> list[tuple[str, str]]:
    return [
        (each.verdict, each.sentence.removeprefix("no scenario notices if "))
        for each in found.mutants
    ]


def test_the_verdicts_on_a_small_rulebook(folder: Path) -> None:
    found = run(folder, workers=1)
    noticed = [what for verdict, what in told(found) if verdict == "noticed"]
    assert "`lowest` becomes `highest` in the formula of `trust.lowest`" in noticed
    assert (
        "`stages[not ready]` ends at `100` instead of `99`, and `stages[ready]` begins at `101` instead of `100`"
        in noticed
    )
    unnoticed = {what for verdict, what in told(found) if verdict in ("survives", "undecided")}
    assert (
        "`stages[not ready]` ends at `98` instead of `99`, and `stages[ready]` begins at `99` instead of `100`"
        in unnoticed
    )
    assert found.score == pytest.approx(100 * len(noticed) / (len(noticed) + len(unnoticed)))


def test_what_check_refuses_does_not_count(folder: Path) -> None:
    found = run(folder, workers=1, only=["stages"])
    refused = {
        what: each.because
        for each in found.mutants
        if each.verdict == "refused"
        for _, what in told(Mutation([each], 0, 0))
    }
    assert refused["`stages[ready]` is deleted"].startswith(
        "no row of `stages` holds for 100..5000"
    )
    assert refused[
        "`the beds is up to 99` becomes `the beds is up to 98` in `stages[not ready]`"
    ].startswith("no row of `stages` holds for 99")
    overlapping = refused[
        "`the beds is up to 99` becomes `the beds is up to 100` in `stages[not ready]`"
    ]
    assert overlapping == "the rows `not ready` and `ready` of `stages` both hold for 100"
    assert found.told == len(found.mutants) - len(refused)
    assert (
        f"; {len(refused)} more that `check` refuses do not count; score " in list(lines(found))[-1]
    )


def test_several_processes_find_what_one_finds(folder: Path) -> None:
    assert run(folder, workers=2) == run(folder, workers=1)


def test_a_sample_is_the_seed_s(folder: Path) -> None:
    one, again, other = (run(folder, workers=1, sample=5, seed=seed) for seed in (1, 1, 2))
    assert len(one.mutants) == 5
    assert one == again
    assert told(one) != told(other)


def test_only_rules_of_a_pattern(folder: Path) -> None:
    assert {each.rule for each in run(folder, workers=1, only=["stages*"]).mutants} == {
        "stages[not ready]",
        "stages[ready]",
    }
    for wrong in ("stage", "stages[r]", "", "stages[rd]"):
        told = rf"RW821 no rule that the scenarios run is called `{re.escape(wrong)}`"
        with pytest.raises(InputError, match=told):
            suggest_for_holes(
                Rules(folder / "rules"),
                load_scenarios([folder / "scenarios.yaml"]),
                only=[wrong],
                workers=1,
            )
        with pytest.raises(InputError, match=told):
            run(folder, only=[wrong])


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("stages[ready]", {"stages[ready]"}),
        ("stages", {"stages[not ready]", "stages[ready]"}),
        ("stages[*]", {"stages[not ready]", "stages[ready]"}),
        ("stages[read?]", {"stages[ready]"}),
        ("trust.*", {"trust.lowest"}),
    ],
)
def test_a_rule_is_named_as_it_is_written_or_by_its_table(
    name: str, rules: set[str], folder: Path
) -> None:
    assert {each.rule for each in run(folder, workers=1, only=[name]).mutants} == rules


def test_a_principle_is_named_for_all_its_rules() -> None:
    assert is_named("aggregation.good", ["aggregation"])
    assert not is_named("aggregations.good", ["aggregation"])


def test_an_interrupt_keeps_what_was_learnt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(folder, workers=1)
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(folder / "cache"))

    def interrupted(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    stopped = run(folder, workers=1, progress=interrupted)
    assert stopped.stopped
    assert stopped.count("not tried") == len(whole.mutants) - 3
    counted: list[int] = []
    assert run(folder, workers=1, progress=lambda done, total: counted.append(total)) == whole
    assert counted == [len(whole.mutants) - 3] * (len(whole.mutants) - 3)
    counted.clear()
    assert run(folder, workers=1, progress=lambda done, total: counted.append(total)) == whole
    assert counted == []


def test_an_edit_forgets_what_was_learnt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(folder / "cache"))
    before = run(folder, workers=1)
    path = folder / "scenarios.yaml"
    path.write_text(
        path.read_text("utf-8")
        .replace("beds: 100", "beds: 99")
        .replace("stage: ready", "stage: not ready"),
        "utf-8",
    )
    after = run(folder, workers=1)
    assert told(before) != told(after)
    part = folder / "rules" / "part.yaml"
    text = part.read_text("utf-8")
    assert "up to 99" in text
    part.write_text(
        text.replace("up to 99", "up to 199").replace("100 or more", "200 or more"), "utf-8"
    )
    assert any("up to 198" in what for _, what in told(run(folder, workers=1)))


def test_the_command_says_it_in_words_and_as_json(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    shown = CliRunner().invoke(
        group,
        ["mutate", "scenarios.yaml", "--rules", "rules", "--workers", "1", "--fail-under", "100"],
    )
    assert shown.exit_code == 1
    assert "no scenario notices these" in shown.stdout
    assert "rules/part.yaml:" in shown.stdout
    as_json = CliRunner().invoke(
        group, ["mutate", "scenarios.yaml", "--rules", "rules", "--workers", "1", "--json"]
    )
    assert as_json.exit_code == 0
    found = json.loads(as_json.stdout)
    Draft202012Validator(schemas()["mutation"]).validate(found)
    counted = [each for each in found["mutants"] if each["verdict"] != "refused"]
    assert f"{len(counted)} mutants, 1 check in 1 scenario" in shown.stdout


def test_a_suggested_scenario_closes_its_hole(folder: Path) -> None:
    """With the suggestions among the scenarios, all hold, and what they were made for is
    noticed.
    """
    rules, texts = Rules(folder / "rules"), load_scenarios([folder / "scenarios.yaml"])
    before = run(folder, workers=1)
    found = suggest(rules, texts, workers=1)
    assert found.suggestions
    (folder / "holes.yaml").write_text("\n".join(as_file(found)) + "\n", "utf-8")
    both = load_scenarios([folder / "scenarios.yaml", folder / "holes.yaml"])
    after = mutate(Rules(folder / "rules"), both, workers=1)
    assert after.broken == []
    assert after.count("noticed") > before.count("noticed")
    closed = {what for each in found.suggestions for what in (each.about, *each.also)}
    assert closed <= {what for verdict, what in told(after) if verdict == "noticed"}
    assert {what for verdict, what in told(after) if verdict in ("survives", "undecided")} <= set(
        found.without
    )
    for each in found.suggestions:
        Draft202012Validator(schemas()["suggestion"]).validate(each.to_json())


def test_a_search_says_of_what_is_undecided_whether_a_case_tells_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    before = {each.sentence: each for each in run(folder, workers=1).mutants}
    after = {each.sentence: each for each in run(folder, workers=1, search=search).mutants}
    assert before.keys() == after.keys()
    moved = {what for what, each in after.items() if each.verdict != before[what].verdict}
    assert moved
    assert all(
        (before[what].verdict, after[what].verdict) == ("undecided", "survives")
        and after[what].because
        for what in moved
    )
    left = [each for each in after.values() if each.verdict == "undecided"]
    assert all(each.because == NOT_FOUND for each in left)
    shown = CliRunner().invoke(
        group, ["mutate", "scenarios.yaml", "--rules", "rules", "--workers", "1", "--search"]
    )
    assert shown.stdout.count("a case tells it (`rulewright suggest` writes it): under ") == len(
        moved
    )


def test_what_a_search_found_is_not_told_where_none_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(folder / "cache"))
    before = invoked("mutate").stdout
    searched = invoked("mutate", "--search").stdout
    assert searched != before
    assert (invoked("mutate").stdout, invoked("mutate", "--search").stdout) == (before, searched)


def with_an_amendment(folder: Path) -> None:
    (folder / "rules" / "policies").mkdir()
    (folder / "rules" / "policies" / "later.yaml").write_text(
        'policy: later\nstatus: proposed\namends: example\nreplaces: {"stages[not ready]": up to 199, "stages[ready]": 200 or more}\n',
        "utf-8",
    )


def test_what_an_amendment_says_that_no_scenario_runs_under_counts_as_not_noticed(
    folder: Path,
) -> None:
    before = run(folder, workers=1)
    with_an_amendment(folder)
    found = run(folder, workers=1)
    own = [each for each in found.mutants if each.policies == ["later"]]
    assert {
        "`later` replaces no row of `stages`",
        "`stages[not ready]` ends at `200` instead of `199`, and `stages[ready]` begins at `201` "
        "instead of `200`",
    } <= {each.sentence.removeprefix("no scenario notices if ") for each in own}
    assert {each.verdict for each in own} == {"undecided", "refused"}
    waiting = sum(each.verdict == "undecided" for each in own)
    assert (found.not_run, found.told) == (["later"], before.told + waiting)
    assert (
        f"no scenario runs under `later`: {waiting} mutants of what it says alone are not noticed"
        in list(lines(found))
    )
    assert run(folder, workers=1, policy="example").not_run == []


def test_of_an_amendment_what_it_changes_itself_comes_first(folder: Path) -> None:
    with_an_amendment(folder)
    (folder / "scenarios.yaml").write_text(SCENARIOS.replace("100", "300"), "utf-8")
    found = run(folder, workers=1, policy="later")
    rules = [each.rule for each in found.mutants]
    assert [each.own for each in found.mutants] == [
        each.startswith(("stages", "later")) for each in rules
    ]
    assert [each.own for each in found.mutants] == sorted(
        (each.own for each in found.mutants), reverse=True
    )
    assert {each.partition("[")[0] for each in rules} == {
        "later",
        "stages",
        "service.lowest",
        "trust.lowest",
    }
    own = [each for each in found.mutants if each.own and each.verdict != "refused"]
    noticed = sum(each.verdict == "noticed" for each in own)
    told = f"of these, {len(own)} mutants of what `later` itself changes: {noticed} noticed"
    assert any(line.startswith(told) for line in lines(found))
    assert not any(
        "itself changes" in line
        for line in lines(run(folder, workers=1, policy="later", only=["stages", "later"]))
    )
    assert not any(each.own for each in run(folder, workers=1, policy="example").mutants)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), NONE_FOR_LATER),
        (("--policy", "later"), NONE_FOR_LATER),
        (("--policy", "later", "--rule", "later"), NONE_FOR_LATER),
        (("--policy", "example", "--rule", "trust.lowest"), ""),
    ],
)
def test_a_gate_does_not_pass_on_a_policy_that_no_scenario_speaks_of(
    options: tuple[str, ...], told: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with_an_amendment(folder)
    path = folder / "scenarios.yaml"
    path.write_text(SCENARIOS.replace("100", "300"), "utf-8")
    shown = invoked("mutate", *options, "--fail-under", "1")
    assert (shown.exit_code, shown.stderr) == (1 if told else 0, told)


def test_a_gate_does_not_pass_where_no_mutant_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("rulewright.mutation.verdict.proved_equal", lambda *_: "so it is")
    monkeypatch.setattr(
        "rulewright.mutation.verdict.Noticing.noticed",
        lambda self, _: setattr(self, "parted", None),
    )
    shown = invoked("mutate", "--fail-under", "0")
    assert (shown.exit_code, shown.stderr) == (1, "no mutant counts, so there is no score\n")
    assert "score" not in shown.stdout


def test_scenarios_that_name_rules_of_another_policy_are_counted_and_notice_nothing(
    folder: Path,
) -> None:
    (folder / "rules" / "policies").mkdir()
    (folder / "rules" / "policies" / "later.yaml").write_text(
        "policy: later\nstatus: proposed\namends: example\nrepeals: [trust.lowest]\n", "utf-8"
    )
    path = folder / "scenarios.yaml"
    another = SCENARIOS.replace("a ready trust", "another ready trust").replace(
        "overall rating: inadequate", "because: service.lowest"
    )
    path.write_text(
        SCENARIOS.replace("trust > stage: ready", "because: trust.lowest") + another, "utf-8"
    )
    found = run(folder, workers=1, policy="later")
    assert (found.broken, found.borrowed, found.not_run) == ([], 1, ["later"])
    assert {each.by.partition(": ")[2] for each in found.mutants if each.verdict == "noticed"} == {
        "another ready trust with a good and a poor service"
    }
    assert "1 check of other policies does not hold under `later`, and so notices nothing" in list(
        lines(found)
    )


def test_where_the_changes_that_a_case_tells_give_different_things_each_says_what() -> None:
    def shown(then_also: str) -> str:
        scenario = "# tells it if a\n- case: c\n  expect:\n    # to be confirmed: good under the present rules, inadequate with the change\n"
        return Suggestion(
            "c", "a", "", "p", "good", "inadequate", scenario, ["b"], [then_also]
        ).text

    assert (
        shown("inadequate")
        == """# tells it if b
# tells it if a
- case: c
  expect:
    # to be confirmed: good under the present rules, inadequate with each of these changes
"""
    )
    assert (
        shown("outstanding")
        == """# tells it if b: then outstanding
# tells it if a: then inadequate
- case: c
  expect:
    # to be confirmed: good under the present rules, the above with each change
"""
    )


def test_what_is_said_of_each_change_that_a_suggestion_tells_is_so(folder: Path) -> None:
    (folder / "rules" / "part.yaml").write_text(
        "- table: bands\n  of: trust\n  input: the beds\n  then: the overall rating\n"
        "  rows: {inadequate: up to 9, requires improvement: 10..19, good: 20 or more}\n",
        "utf-8",
    )
    (folder / "scenarios.yaml").write_text(
        "- case: c\n  as at: 2024-03-01\n  trust: {beds: 15}\n  expect: {overall rating: requires improvement}\n",
        "utf-8",
    )
    (folder / "rules" / "sources.yaml").unlink()
    rules, texts = Rules(folder / "rules"), load_scenarios([folder / "scenarios.yaml"])
    found = suggest(rules, texts, workers=1)
    alone = {each.sentence: each for each in run(folder, workers=1, search=search).mutants}
    several = [each for each in found.suggestions if each.also]
    assert any(set(each.then_also) != {each.then} for each in several)
    for each in several:
        for what, then in zip([*each.also, each.about], [*each.then_also, each.then], strict=True):
            told = (
                f"under {each.policy}, {each.now} under the present rules, {then} with the change"
            )
            assert alone[f"no scenario notices if {what}"].because == told


def test_a_suggestion_for_a_hole_covers_it(folder: Path) -> None:
    rules, texts = Rules(folder / "rules"), load_scenarios([folder / "scenarios.yaml"])
    before = holes(rules, texts)
    found = suggest_for_holes(rules, texts, workers=1)
    assert found.suggestions
    (folder / "holes.yaml").write_text("\n".join(as_file(found)) + "\n", "utf-8")
    after = holes(rules, load_scenarios([folder / "scenarios.yaml", folder / "holes.yaml"]))
    closed = sum(1 + len(each.also) for each in found.suggestions)
    assert len(before) - len(after) >= closed
    assert len(after) <= len(found.without)


def interrupted_after(number: int, monkeypatch: pytest.MonkeyPatch, asked: int = 1) -> None:
    """Let an interrupt come when so many pieces are done of the first or second work that is
    divided among cores.
    """
    calls = count(1)

    def until(*arguments: Any) -> Iterator[tuple[int, Any]]:
        last = next(calls) == asked
        for done, each in enumerate(on_cores(*arguments)):
            if last and done == number:
                raise KeyboardInterrupt
            yield each

    monkeypatch.setattr("rulewright.mutation.runner.on_cores", until)


def invoked(*words: str) -> Result:
    return CliRunner().invoke(
        group, [*words, "scenarios.yaml", "--rules", "rules", "--workers", "1"]
    )


def test_an_interrupted_run_claims_no_score_and_nothing_kept_that_is_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")
    waiting = len(run(folder, workers=1).mutants)
    interrupted_after(0, monkeypatch)
    shown = invoked("mutate")
    assert shown.exit_code == 130
    assert (
        shown.stdout
        == f"0 mutants, 1 check in 1 scenario: 0 noticed, 0 not noticed\ninterrupted: {waiting} mutants not tried yet\n"
    )
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(folder / "cache"))
    interrupted_after(0, monkeypatch)
    assert (
        invoked("mutate").stdout.splitlines()[-1]
        == f"interrupted: {waiting} mutants not tried yet; the next run goes on from here"
    )


def test_an_interrupt_before_anything_is_known_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.chdir(folder)
    monkeypatch.setattr("rulewright.mutation.runner.trials_of", interrupted)
    shown = invoked("mutate")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize(("options", "number"), [((), 1), (("--uncovered",), 1)])
def test_an_interrupted_search_for_suggestions_writes_what_was_found(
    options: tuple[str, ...], number: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    interrupted_after(number, monkeypatch, asked=1 if options else 2)
    shown = invoked("suggest", "-o", "found.yaml", *options)
    assert shown.exit_code == 130
    assert re.fullmatch(
        rf"interrupted: {number} of \d+ changes looked at", shown.stderr.splitlines()[-1]
    )
    assert load_scenarios([folder / "found.yaml"])


def test_a_search_for_suggestions_interrupted_at_once_does_not_say_that_all_is_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    interrupted_after(0, monkeypatch)
    shown = invoked("suggest")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (
        130,
        "",
        "interrupted before the first change was looked at\n",
    )


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (".", "RW438 `.` cannot be written: it is a folder; name a file in it"),
        ("rules", "RW438 `rules` cannot be written: it is a folder; name a file in it"),
        (
            "scenarios.yaml",
            "RW430 there is already a file `scenarios.yaml`; choose another name, or edit that file",
        ),
        (
            "scenarios.yaml/new.yaml",
            "RW438 `scenarios.yaml` is a file, not a folder; choose another folder",
        ),
    ],
)
def test_where_no_suggestions_can_be_written_none_are_looked_for(
    output: str, told: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    shown = invoked("suggest", "-o", output, "--policy", "nope")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr == f"{output.removesuffix('/new.yaml')}: {told}\n"


def test_suggestions_are_printed_as_json_or_written_as_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    shown = invoked("suggest", "--json", "-o", "new.yaml")
    assert (shown.exit_code, shown.stdout, (folder / "new.yaml").exists()) == (2, "", False)
    assert (
        "`--json` is printed and `--output` writes a scenario file; give one of them"
        in shown.stderr
    )
