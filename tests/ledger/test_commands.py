"""`rulewright run --record` and `rulewright ledger`, as they are used."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.ledger import Ledger, clock
from rulewright.ledger.heads import Head
from tests import records

REM = "scenarios/real/2024-25/REM.yaml"


@pytest.fixture(autouse=True)
def _at_a_time_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", records.ticking())


def invoke(command: str, folder: Path) -> Result:
    result = CliRunner().invoke(
        group, shlex.split(command.replace("LEDGER", str(folder / "l.ledger")))
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def entries(folder: Path) -> int:
    path = folder / "l.ledger"
    if not path.exists():
        return 0
    with Ledger.open(path, append=False) as ledger:
        return ledger.verify().entries


def test_a_run_is_recorded_listed_shown_and_made_again(tmp_path: Path) -> None:
    run = invoke(
        f"run {REM} scenarios/examples/example-trust.yaml --record LEDGER --recorded-by 'A. Clerk' --approved-by 'B. Chair'",
        tmp_path,
    )
    assert run.exit_code == 0
    assert [line[: line.index(", sha")] for line in run.stdout.splitlines()[-2:]] == [
        f"recorded in {tmp_path}/l.ledger: entry {number}" for number in (1, 2)
    ]
    invoke(
        f"run {REM} --record LEDGER --recorded-by 'A. Clerk' --kind suspended --supersedes 1 --reason 'an appeal'",
        tmp_path,
    )
    assert invoke("ledger list LEDGER", tmp_path).stdout == (
        "1  2024-03-01T09:30:00Z  decision  REM, well-led, May 2025, as at 2025-05-30  (suspended by entry 3)\n"
        "   trust rating (well-led): requires improvement or good (not in effect)\n"
        "2  2024-03-01T09:30:00Z  decision  Example Trust, its first trust-level assessment (fictional), as at 2025-05-30\n"
        "   trust rating (well-led): good\n"
        "3  2024-03-01T09:30:01Z  suspension of entry 1  REM, well-led, May 2025, as at 2025-05-30\n"
        "   trust rating (well-led): requires improvement or good (not in effect)\n"
    )
    shown = invoke("ledger show LEDGER 3", tmp_path).stdout.splitlines()
    assert shown[:3] == [
        "entry 3: suspension of entry 1",
        "recorded at 2024-03-01T09:30:01.000000Z by A. Clerk",
        "reason: an appeal",
    ]
    again = invoke(f"run {REM}", tmp_path).stdout.splitlines()
    assert shown[5] == "NOT IN EFFECT: this entry suspends entry 1: an appeal"
    assert shown[7:] == [line for line in again if "supplied in" not in line], (
        "the decision is shown as when it was run"
    )
    first = invoke("ledger show LEDGER 1", tmp_path).stdout.splitlines()
    assert first[0] == "entry 1: decision, suspended by entry 3"
    assert first[1] == "recorded at 2024-03-01T09:30:00.000000Z by A. Clerk, approved by B. Chair"
    assert len(invoke("ledger show LEDGER 2 --all", tmp_path).stdout) > len(
        invoke("ledger show LEDGER 2", tmp_path).stdout
    )
    assert (
        invoke("ledger replay LEDGER", tmp_path).stdout
        == "3 of 3 made again, the same in every byte\n"
    )
    assert (
        invoke("ledger replay LEDGER --entry 2", tmp_path).stdout
        == "1 of 1 made again, the same in every byte\n"
    )
    with Ledger.open(tmp_path / "l.ledger", append=False) as ledger:
        assert invoke("ledger verify LEDGER", tmp_path).stdout == (
            f"consistent with itself: {ledger.head()}; not compared with a published head\n"
        )


def test_what_is_said_as_json(tmp_path: Path) -> None:
    run = invoke(f"run {REM} --json --record LEDGER --recorded-by 'A. Clerk'", tmp_path)
    assert json.loads(run.stdout)["schema"] == "rulewright/outcome/1"
    assert run.stderr.startswith("recorded in ")
    [listed] = map(json.loads, invoke("ledger list LEDGER --json", tmp_path).stdout.splitlines())
    shown = json.loads(invoke("ledger show LEDGER 1 --json", tmp_path).stdout)
    assert listed == {"schema": "rulewright/listed-entry/1"} | {
        each: shown[each] for each in ("hash", "envelope", "superseded by")
    } | {
        "overtaken": "",
        "stands": True,
        "case": "REM, well-led, May 2025",
        "entity": "REM",
        "as at": "2025-05-30",
        "policy": "guidance-2024-03",
        "ratings": [{"label": "trust rating (well-led)", "value": "requires improvement or good"}],
        "same case": [],
    }
    assert {each: shown[each]["schema"] for each in ("decision", "case", "terms")} == {
        "decision": "rulewright/decision/2",
        "case": "rulewright/stored-case/1",
        "terms": "rulewright/terms/1",
    }
    head = json.loads(invoke("ledger head LEDGER --json", tmp_path).stdout)
    assert head == {"schema": "rulewright/head/1", "entries": 1, "hash": shown["hash"]}
    assert json.loads(invoke("ledger verify LEDGER --json", tmp_path).stdout) == {
        "schema": "rulewright/verified/1",
        "intact": True,
        "head": head,
    }
    [again] = map(json.loads, invoke("ledger replay LEDGER --json", tmp_path).stdout.splitlines())
    assert again["same"] is True
    (tmp_path / "head").write_text(json.dumps({**head, "entries": 2}))
    broken = invoke(f"ledger verify LEDGER --json --head {tmp_path}/head", tmp_path)
    assert broken.exit_code == 1
    assert json.loads(broken.stdout) == {
        "schema": "rulewright/verified/1",
        "intact": False,
        "entry": 2,
        "what": "it is not there: the published head counts 2 entries, the ledger 1",
    }


def test_a_head_that_was_signed_is_gone_on_from(tmp_path: Path) -> None:
    invoke(f"run {REM} --record LEDGER --recorded-by 'A. Clerk'", tmp_path)
    office = tmp_path / "office"
    assert invoke(f"ledger keygen {office}", tmp_path).exit_code == 0
    assert (
        invoke(f"ledger sign LEDGER --key {office}.key -o {tmp_path}/head", tmp_path).stdout
        == f"wrote {tmp_path}/head\n"
    )
    printed = invoke(f"ledger head LEDGER --sign {office}.key", tmp_path).stdout
    assert (
        printed
        == (tmp_path / "head").read_text()
        == invoke(f"ledger sign LEDGER --key {office}.key", tmp_path).stdout
    )
    invoke(f"run {REM} --record LEDGER --recorded-by 'A. Clerk'", tmp_path)
    verified = invoke(f"ledger verify LEDGER --head {tmp_path}/head --key {office}.pub", tmp_path)
    assert verified.stdout.endswith("; entry 1 matches the signed head; entry 2 is newer\n")
    assert verified.exit_code == 0


@pytest.mark.parametrize(
    ("published", "entries", "said"),
    [
        (0, 3, "the published head covers no entry; entries 1 to 3 are newer"),
        (1, 3, "entry 1 matches the published head; entries 2 to 3 are newer"),
        (2, 3, "entries 1 to 2 match the published head; entry 3 is newer"),
        (3, 3, "entries 1 to 3 match the published head; no entry is newer"),
        (0, 0, "the published head covers no entry; no entry is newer"),
    ],
)
def test_what_was_compared_with_a_head_is_told_from_what_is_newer(
    published: int, entries: int, said: str, tmp_path: Path
) -> None:
    records.ledger_of(tmp_path / "l.ledger", published)
    (tmp_path / "head").write_text(invoke("ledger head LEDGER --json", tmp_path).stdout)
    with Ledger.open(
        tmp_path / "l.ledger", clock=records.ticking(datetime(2025, 1, 1, tzinfo=UTC))
    ) as ledger:
        for score in range(published, entries):
            ledger.append(records.answered(score), recorded_by="A. Clerk")
        head = ledger.head()
    verify = f"ledger verify LEDGER --head {tmp_path}/head"
    assert invoke(verify, tmp_path).stdout == f"consistent with itself: {head}; {said}\n"
    told = json.loads(invoke(f"{verify} --json", tmp_path).stdout)
    assert (told["compared with"], told["newer"]) == (
        json.loads((tmp_path / "head").read_text()),
        entries - published,
    )


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("", [1, 2, 3]),
        ("REM", [1, 3]),
        ("rem 2025-05-30", [1, 3]),
        ("fictional", [2]),
        ("guidance-2024-03 good", [1, 2, 3]),
        ("'(well-led): good'", [2]),
        ("suspended", [1, 3]),
        ("'an appeal'", [3]),
        ("'b. chair'", [1, 2]),
        ("'not in effect'", [1, 3]),
        ("outstanding", []),
        ("REM fictional", []),
    ],
)
def test_entries_are_looked_for_by_what_is_said_of_them(
    words: str, numbers: list[int], tmp_path: Path
) -> None:
    invoke(
        f"run {REM} scenarios/examples/example-trust.yaml --record LEDGER --recorded-by 'A. Clerk' --approved-by 'B. Chair'",
        tmp_path,
    )
    invoke(
        f"run {REM} --record LEDGER --recorded-by 'A. Clerk' --kind suspended --supersedes 1 --reason 'an appeal'",
        tmp_path,
    )
    found = invoke(f"ledger list LEDGER {words} --json", tmp_path)
    assert [json.loads(line)["envelope"]["number"] for line in found.stdout.splitlines()] == numbers
    shown = invoke(f"ledger list LEDGER {words}", tmp_path)
    assert [
        int(line.split()[0]) for line in shown.stdout.splitlines() if line[:1].isdigit()
    ] == numbers
    assert (shown.stdout == "no entry matches all these words\n") == (not numbers)
    assert found.exit_code == shown.exit_code == 0


@pytest.mark.parametrize("form", ["jsonl", "prov"])
def test_an_export_is_printed_or_written(form: str, tmp_path: Path) -> None:
    invoke(f"run {REM} --record LEDGER --recorded-by 'A. Clerk'", tmp_path)
    printed = invoke(f"ledger export LEDGER --as {form}", tmp_path).stdout
    assert (
        invoke(f"ledger export LEDGER --as {form} -o {tmp_path}/export", tmp_path).stdout
        == f"wrote {tmp_path}/export\n"
    )
    assert (tmp_path / "export").read_text("utf-8") == printed


def test_a_case_of_several_that_is_wrong_keeps_all_from_being_recorded(tmp_path: Path) -> None:
    result = invoke(
        f"run {REM} tests/cli/undated.yaml {REM} --record LEDGER --recorded-by 'A. Clerk'", tmp_path
    )
    assert result.exit_code == 2
    assert "RW414" in result.stderr
    assert "RW910 nothing was recorded" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_conflict_is_shown_and_not_recorded(tmp_path: Path) -> None:
    command = "run tests/cli/conflict.yaml --rules tests/cli/conflicting --record LEDGER --recorded-by 'A. Clerk'"
    result = invoke(command, tmp_path)
    assert result.exit_code == 3
    assert "RW910 nothing was recorded" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_a_rating_is_recorded_as_a_what_if_only(tmp_path: Path) -> None:
    run = (
        f"run {REM} --set 'service view period=12 months' --record LEDGER --recorded-by 'A. Clerk'"
    )
    assert "RW907" in invoke(run, tmp_path).stderr
    assert list(tmp_path.iterdir()) == []
    assert invoke(f"{run} --kind what-if", tmp_path).exit_code == 0
    assert invoke("ledger replay LEDGER", tmp_path).exit_code == 0
    assert (
        "NOT A RATING: parameters were set for this run"
        in invoke("ledger show LEDGER 1", tmp_path).stdout
    )


def test_what_a_policy_gives_outside_its_dates_is_recorded_as_a_what_if_only(
    tmp_path: Path,
) -> None:
    run = f"run {REM} --only 'trust > overall rating' --policy legacy --record LEDGER --recorded-by 'A. Clerk'"
    refused = invoke(run, tmp_path)
    assert refused.exit_code == 2
    assert (
        "is not a rating: the policy `legacy` was not in force on 2025-05-30; record it with `--kind what-if`"
        in refused.stderr
    )
    assert list(tmp_path.iterdir()) == []
    assert invoke(f"{run} --kind what-if", tmp_path).exit_code == 0
    assert invoke("ledger replay LEDGER", tmp_path).exit_code == 0


def test_what_is_shown_of_it_does_not_change_what_is_recorded(tmp_path: Path) -> None:
    for options in ("", "--only 'trust rating' --all", "--readings --json"):
        assert (
            invoke(
                f"run {REM} {options} --record LEDGER --recorded-by 'A. Clerk'", tmp_path
            ).exit_code
            == 0
        )
    with Ledger.open(tmp_path / "l.ledger", append=False) as ledger:
        assert len({each.decision_bytes for each in ledger.entries()}) == 1


def test_who_records_is_the_user_unless_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "aclerk")
    invoke(f"run {REM} --record LEDGER", tmp_path)
    with Ledger.open(tmp_path / "l.ledger", append=False) as ledger:
        assert ledger.entry(1).envelope.recorded_by == "aclerk"
    import getpass

    def nobody() -> str:
        raise OSError("no user")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert "give `--recorded-by NAME`" in invoke(f"run {REM} --record LEDGER", tmp_path).stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes of the shell")
def test_where_the_output_goes_nowhere_nothing_is_recorded_and_that_is_said(tmp_path: Path) -> None:
    run = [
        sys.executable,
        "-m",
        "rulewright",
        "run",
        REM,
        "--record",
        str(tmp_path / "l.ledger"),
        "--recorded-by",
        "A. Clerk",
    ]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(run, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.returncode == 2
    assert "RW910 nothing was recorded, since the output could not be written" in done.stderr
    assert entries(tmp_path) == 0


def test_the_same_run_has_the_same_decision_in_another_process(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = [
            sys.executable,
            "-m",
            "rulewright",
            "run",
            REM,
            "--record",
            str(tmp_path / "l.ledger"),
            "--recorded-by",
            "A. Clerk",
        ]
        subprocess.run(run, env=environment, check=True, stdout=subprocess.DEVNULL)
    with Ledger.open(tmp_path / "l.ledger", append=False) as ledger:
        first, second = ledger.entries()
        assert first.decision_bytes == second.decision_bytes
        assert (first.case_bytes, first.terms_bytes, first.program_digest) == (
            second.case_bytes,
            second.terms_bytes,
            second.program_digest,
        )


def test_an_empty_ledger_has_a_head(tmp_path: Path) -> None:
    Ledger.open(tmp_path / "l.ledger").close()
    assert invoke("ledger head LEDGER", tmp_path).stdout == "0 entries, no hash\n"
    assert invoke("ledger verify LEDGER", tmp_path).stdout == (
        "consistent with itself: 0 entries, no hash; not compared with a published head\n"
    )
    assert invoke("ledger list LEDGER", tmp_path).stdout == ""


@pytest.mark.parametrize(
    "command",
    [
        "verify LEDGER",
        "verify LEDGER --json",
        "head LEDGER",
        "sign LEDGER --key KEY",
        "replay LEDGER",
    ],
)
def test_a_broken_ledger_is_neither_signed_nor_made_again(command: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(records.ledger_of(tmp_path / "l.ledger"))
    connection.execute("DROP TRIGGER entries_stay")
    connection.close()
    invoke(f"ledger keygen {tmp_path}/office", tmp_path)
    result = invoke(f"ledger {command}".replace("KEY", f"{tmp_path}/office.key"), tmp_path)
    assert result.exit_code == 1
    assert "`entries_stay` of the file was taken away" in result.output


def tampered(folder: Path, statement: str) -> None:
    """A ledger of two decisions and the quashing of the first, one row of it changed by other
    means, its guards put back.
    """
    with Ledger.open(folder / "l.ledger") as ledger:
        for score in (0, 1):
            ledger.append(records.answered(score), recorded_by="A. Clerk")
        ledger.append(
            records.answered(0),
            recorded_by="A. Clerk",
            kind="quashed",
            reason="judgement of the court",
            supersedes=1,
        )
        ledger.append(records.answered(8), recorded_by="A. Clerk")
    connection = sqlite3.connect(folder / "l.ledger", isolation_level=None)
    guards = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    for _, guard in guards:
        connection.execute(guard)
    connection.close()


FORGED = "UPDATE entries SET decision = CAST(replace(decision, 'scored 1', 'scored 9') AS BLOB) WHERE number = {}"
RECORD = f"run {REM} --only 'trust rating' --record LEDGER --recorded-by 'A. Clerk'"


@pytest.mark.parametrize(
    "command",
    [
        "ledger list LEDGER",
        "ledger show LEDGER 2",
        "ledger export LEDGER",
        "ledger export LEDGER --as prov",
        "report LEDGER --entry 2 -o PAGE.html",
    ],
)
def test_an_entry_that_was_changed_is_not_shown_as_what_was_recorded(
    command: str, tmp_path: Path
) -> None:
    tampered(tmp_path, FORGED.format(2))
    result = invoke(command.replace("PAGE", str(tmp_path / "page")), tmp_path)
    assert result.exit_code == 1
    assert (
        "RW913 entry 2: the decision is not what the envelope's digest says; the ledger is not as it was recorded"
        in result.stderr
    )
    assert "scored 9" not in result.stdout
    assert not (tmp_path / "page.html").exists()


def test_what_lies_before_a_changed_entry_is_listed_and_the_rest_is_not(tmp_path: Path) -> None:
    tampered(tmp_path, FORGED.format(2))
    assert invoke("ledger list LEDGER", tmp_path).stdout == (
        "1  2024-03-01T09:30:00Z  decision  a thing that scored 0, as at 2021-04-01  (quashed by entry 3)\n"
        "   result: bad (not in effect)\n"
    )
    *_, last = invoke("ledger list LEDGER --json", tmp_path).stdout.splitlines()
    assert json.loads(last) == {
        "schema": "rulewright/verified/1",
        "intact": False,
        "entry": 2,
        "what": "the decision is not what the envelope's digest says",
    }


def test_of_a_forged_ledger_other_entries_are_shown_unless_the_forgery_touches_them(
    tmp_path: Path,
) -> None:
    tampered(tmp_path, FORGED.format(2))
    assert invoke("ledger show LEDGER 1", tmp_path).exit_code == 0
    assert invoke("ledger show LEDGER 4", tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("change", "number", "said"),
    [
        (
            "UPDATE entries SET supersedes = NULL WHERE number = 3",
            1,
            "entry 3: its row says that it supersedes nothing",
        ),
        (
            "UPDATE entries SET supersedes = 2 WHERE number = 3",
            2,
            "entry 3: its row says that it supersedes entry 2",
        ),
        (
            "UPDATE entries SET terms = x'7b7d' WHERE number = 3",
            1,
            "entry 3: the terms are not what the envelope's digest says",
        ),
        (
            "DELETE FROM entries WHERE number = 1",
            2,
            "entry 1: it is not there; the next entry is numbered `2`",
        ),
        (
            "UPDATE entries SET hash = upper(hash) WHERE number = 1",
            2,
            "entry 2: it does not follow entry 1",
        ),
        (
            "UPDATE entries SET envelope = x'7b7d' WHERE number = 3",
            2,
            "entry 3: the envelope does not say in which form it is",
        ),
    ],
)
def test_what_overtook_an_entry_and_what_lies_beside_it_is_checked_with_it(
    change: str, number: int, said: str, tmp_path: Path
) -> None:
    tampered(tmp_path, change)
    result = invoke(f"ledger show LEDGER {number}", tmp_path)
    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            FORGED.replace("scored 1", "scored 8").format(4),
            "RW913 entry 4: the decision is not what the envelope's digest says",
        ),
        (
            "UPDATE entries SET hash = upper(hash) WHERE number = 3",
            "RW913 entry 4: it does not follow entry 3",
        ),
    ],
)
def test_nothing_is_recorded_after_an_entry_that_was_changed(
    change: str, said: str, tmp_path: Path
) -> None:
    tampered(tmp_path, change)
    result = invoke(RECORD, tmp_path)
    assert result.exit_code == 1
    assert said in result.stderr
    assert (
        "RW910 nothing was recorded, since what it would follow is not as it was recorded"
        in result.stderr
    )
    with Ledger.open(tmp_path / "l.ledger", append=False) as ledger:
        assert ledger.head().entries == 4


def test_what_was_changed_is_not_superseded(tmp_path: Path) -> None:
    tampered(tmp_path, FORGED.format(2))
    assert invoke(RECORD, tmp_path).exit_code == 0, (
        "the last entry is whole: `verify` tells of the others"
    )
    quashing = invoke(f"{RECORD} --kind quashed --supersedes 2 --reason 'a judgement'", tmp_path)
    assert quashing.exit_code == 1
    assert "RW913 entry 2: the decision is not what the envelope's digest says" in quashing.stderr


def test_a_report_of_a_decision_that_comes_out_otherwise_ends_as_a_replay_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.ledger_of(tmp_path / "l.ledger", 1)
    monkeypatch.setattr("rulewright.ledger.ledger.decision_bytes", lambda _: b"another")
    result = invoke(f"report LEDGER --entry 1 -o {tmp_path}/page.html", tmp_path)
    assert result.exit_code == 1
    assert "RW914 entry 1 does not come out as it was recorded" in result.stderr


def test_what_is_taken_back_is_of_the_same_case(tmp_path: Path) -> None:
    invoke(RECORD, tmp_path)
    other = "run scenarios/examples/example-trust.yaml --only 'trust rating' --record LEDGER --recorded-by 'A. Clerk' --supersedes 1"
    refused = invoke(f"{other} --kind quashed --reason 'judgement of the court'", tmp_path)
    assert refused.exit_code == 2
    assert (
        "RW909 entry 1 is of another case, `REM, well-led, May 2025` of `REM`, not `Example Trust, its first trust-level assessment "
        "(fictional)` of `Example Trust`"
    ) in refused.stderr
    assert entries(tmp_path) == 1
    refused = invoke(f"{other} --kind correction --reason 'the wrong trust'", tmp_path)
    assert refused.exit_code == 2
    assert (
        "RW909 entry 1 decides on `REM`, and this correction on `Example Trust`; name an entry on `Example Trust`; if the name itself "
        "was wrong, quash entry 1 and record a decision"
    ) in refused.stderr
    assert entries(tmp_path) == 1
    renamed = tmp_path / "renamed.yaml"
    renamed.write_text(
        Path(REM)
        .read_text("utf-8")
        .replace("REM, well-led, May 2025", "REM, well-led, spring 2025"),
        "utf-8",
    )
    assert (
        invoke(
            RECORD.replace(REM, str(renamed))
            + " --supersedes 1 --kind correction --reason 'the name'",
            tmp_path,
        ).exit_code
        == 0
    )


def test_a_case_that_stands_already_is_told_when_it_is_recorded_again(tmp_path: Path) -> None:
    assert invoke(RECORD, tmp_path).stderr == ""
    said = (
        "note: the same case stands already as entry {0}, decided as at 2025-05-30 under guidance-2024-03: trust rating (well-led) "
        "requires improvement or good"
    )
    note = said + "; to correct that entry, record with `--kind correction --supersedes {0}`\n"
    assert invoke(RECORD, tmp_path).stderr == note.format(1)
    assert (
        invoke(f"{RECORD} --kind quashed --supersedes 1 --reason 'a judgement'", tmp_path).stderr
        == ""
    )
    assert invoke(RECORD, tmp_path).stderr == note.format(2)
    later = f"{RECORD} --as-at 2025-06-30"
    assert invoke(later, tmp_path).stderr == said.format(2) + "\n", (
        "another date is another question: nothing to correct"
    )
    assert "stands already as entry 5, decided as at 2025-06-30" in invoke(later, tmp_path).stderr


def test_decisions_on_the_same_case_are_listed_with_one_another(tmp_path: Path) -> None:
    for options in ("", "", "--kind what-if", "--kind correction --supersedes 1 --reason mistyped"):
        assert invoke(f"{RECORD} {options}", tmp_path).exit_code == 0
    listed = [
        json.loads(line)
        for line in invoke("ledger list LEDGER --json", tmp_path).stdout.splitlines()
    ]
    assert [each["same case"] for each in listed] == [[], [4], [], [2]]
    lines = [
        line
        for line in invoke("ledger list LEDGER", tmp_path).stdout.splitlines()
        if "same case" in line
    ]
    assert lines == [f"   the same case is also decided by entry {number}" for number in (4, 2)]


@pytest.mark.parametrize("kind", ["decision", "what-if"])
def test_any_entry_may_give_a_reason(kind: str, tmp_path: Path) -> None:
    assert invoke(f"{RECORD} --kind {kind} --reason 'after the visit'", tmp_path).exit_code == 0
    assert invoke("ledger verify LEDGER", tmp_path).exit_code == 0
    assert "reason: after the visit\n" in invoke("ledger show LEDGER 1", tmp_path).stdout


def test_the_head_of_another_ledger_is_told_to_be_perhaps_that(tmp_path: Path) -> None:
    for name, count in (("l", 2), ("other", 2), ("longer", 3)):
        records.ledger_of(tmp_path / f"{name}.ledger", count)
    with Ledger.open(tmp_path / "l.ledger", append=False) as ledger:
        head = ledger.head()
    for name, published in (
        ("other", Head(2, f"sha256:{'0' * 64}")),
        ("longer", Head(3, f"sha256:{'0' * 64}")),
    ):
        (tmp_path / f"{name}.head").write_bytes(published.bytes())
        assert published != head
        result = invoke(f"ledger verify LEDGER --head {tmp_path}/{name}.head", tmp_path)
        assert result.exit_code == 1
        assert result.stderr.endswith(
            "; the ledger is not as it was published, or the head is that of another ledger\n"
        )


def test_a_report_on_a_what_if_is_headed_so(tmp_path: Path) -> None:
    for number, kind, headed in (
        (1, "what-if", "Report on a what-if"),
        (2, "decision", "Report on a decision"),
    ):
        assert invoke(f"{RECORD} --kind {kind}", tmp_path).exit_code == 0
        assert (
            invoke(f"report LEDGER --entry {number} -o {tmp_path}/page.html", tmp_path).exit_code
            == 0
        )
        page = (tmp_path / "page.html").read_text("utf-8")
        assert headed in page
        assert ("(what-if)</h1>" in page) == (kind == "what-if")


@pytest.mark.parametrize("name", ["''", ".", "..", "/"])
def test_keys_need_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(f"ledger keygen {name}", tmp_path)
    assert result.exit_code == 2
    assert "is not the name of a pair of keys; name them, for instance `office`" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_report_on_an_entry_does_not_tell_where_the_recorder_keeps_the_file(
    tmp_path: Path,
) -> None:
    records.ledger_of(tmp_path / "l.ledger", 1)
    assert invoke(f"report LEDGER --entry 1 -o {tmp_path}/page.html", tmp_path).exit_code == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "entry 1 of l.ledger" in page
    assert str(tmp_path) not in page


# -- clocks


def at_times(folder: Path, monkeypatch: pytest.MonkeyPatch, *times: str) -> list[Result]:
    """Runs recorded while the clock stood so."""
    results = []
    for each in times:
        monkeypatch.setattr(clock, "now", lambda each=each: datetime.fromisoformat(each))
        results.append(invoke(RECORD.replace("A. Clerk", f"at {each}"), folder))
    return results


def test_a_clock_that_was_wrong_once_does_not_close_a_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = (
        "2024-03-01T09:30:00Z",
        "2099-01-01T00:00:00Z",
        "2024-03-01T09:31:00Z",
        "2024-03-01T09:32:00Z",
    )
    results = at_times(tmp_path, monkeypatch, *times)
    assert [result.exit_code for result in results] == [0, 0, 0, 0]
    wrong = (
        "RW906 entry 3 is recorded at `2024-03-01T09:31:00.000000Z`, and entry 2 before it at `2099-01-01T00:00:00.000000Z`: one of the "
        "two clocks was wrong; entries are in the order of their numbers, whatever their times\n"
    )
    assert [wrong in result.stderr for result in results] == [False, False, True, False]
    verified = invoke("ledger verify LEDGER", tmp_path)
    assert (verified.exit_code, verified.stderr) == (0, f"{tmp_path}/l.ledger: {wrong}")
    assert json.loads(invoke("ledger verify LEDGER --json", tmp_path).stdout)["set back"] == [3]
    listed = invoke("ledger list LEDGER", tmp_path).stdout.splitlines()
    assert [line for line in listed if "clock" in line] == [
        "   recorded after entry 2, whose time is 2099-01-01T00:00:00Z: one of the two clocks was wrong"
    ]
    assert [
        json.loads(line).get("set back")
        for line in invoke("ledger list LEDGER --json", tmp_path).stdout.splitlines()
    ] == [None, None, "2099-01-01T00:00:00.000000Z", None]
    note = "note: entry 3 is recorded at `2024-03-01T09:31:00.000000Z`, and entry 2 before it at `2099-01-01T00:00:00.000000Z`: "
    assert (
        invoke("ledger show LEDGER 3", tmp_path).stdout.splitlines()[2]
        == f"{note}one of the two clocks was wrong"
    )
    assert "clock" not in invoke("ledger show LEDGER 4", tmp_path).stdout
    assert invoke(f"report LEDGER --entry 3 -o {tmp_path}/page.html", tmp_path).exit_code == 0
    assert "one of the two clocks was wrong" in (tmp_path / "page.html").read_text("utf-8")
    assert invoke("ledger replay LEDGER", tmp_path).exit_code == 0


def test_two_machines_whose_clocks_differ_a_little_append_to_one_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = ("2024-03-01T09:30:00.3Z", "2024-03-01T09:30:00Z") * 3
    assert [result.exit_code for result in at_times(tmp_path, monkeypatch, *times)] == [0] * 6
    assert invoke("ledger verify LEDGER", tmp_path).stderr == ""
    assert "clock" not in invoke("ledger list LEDGER", tmp_path).stdout


def test_of_many_clocks_that_were_wrong_the_first_are_told_one_by_one(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.ledger", clock=lambda: next(moments)) as ledger:
        moments = iter(records.START + timedelta(hours=hours % 2) for hours in range(1, 21))
        for _ in range(20):
            ledger.append(records.answered(), recorded_by="A. Clerk")
    told = invoke("ledger verify LEDGER", tmp_path).stderr.splitlines()
    assert [line.partition("RW906 ")[2][:8] for line in told] == [
        "entry 2 ",
        "entry 4 ",
        "entry 6 ",
        "entry 8 ",
        "entry 10",
        "",
    ]
    assert told[-1] == "and 5 more entries have a time before that of the entry before"
