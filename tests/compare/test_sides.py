"""What OLD and NEW may be: policies, folders and revisions of git, and what is said of those that
are not there.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_commands import invoke

from .editing import HERE, RULES, edited, edits_of

CASES = str(HERE / "cases.yaml")
EDITS = edits_of(HERE / "a-threshold-a-parameter-and-a-default")
git_is_there = pytest.mark.skipif(shutil.which("git") is None, reason="revisions are read with git")


def git(folder: Path, *arguments: str) -> str:
    named = ("-c", "user.name=A Person", "-c", "user.email=person@example.org")
    return subprocess.run(
        ["git", "-C", str(folder), *named, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two revisions of a rulebook, `before` and `after`; the work tree has a third one that is not
    committed.
    """
    top = tmp_path / "project"
    shutil.copytree(RULES, top / "books" / "rules")
    git(tmp_path, "init", "--quiet", "project")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "as it was")
    git(top, "tag", "before")
    shutil.rmtree(top / "books" / "rules")
    edited(top / "books" / "rules", EDITS)
    git(top, "commit", "--quiet", "--all", "-m", "edited")
    git(top, "branch", "topic/after")
    (top / "books" / "rules" / "vocabulary.yaml").write_text("not: committed\n", "utf-8")
    monkeypatch.chdir(top)
    return top


def from_changes_on(text: str) -> str:
    """All but the two lines that name the sides."""
    return text.split("\n", 2)[2]


@git_is_there
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("before", "HEAD"),
        ("before:", "topic/after:"),
        ("before:books/rules", "HEAD:books/rules/"),
        ("HEAD~1", "HEAD:books/rules"),
    ],
)
def test_revisions_are_compared_without_the_work_tree(
    repository: Path, tmp_path: Path, old: str, new: str
) -> None:
    folder = edited(tmp_path / "new", EDITS)
    said = invoke(f"compare {RULES} {folder} --cases {CASES} --all")
    status = git(repository, "status", "--porcelain")
    result = invoke(f"compare {old} {new} --rules books/rules --cases {CASES} --all")
    assert (result.exit_code, from_changes_on(result.stdout)) == (
        1,
        from_changes_on(said.stdout),
    ), result.stderr
    assert git(repository, "status", "--porcelain") == status


@git_is_there
def test_a_revision_and_a_folder_are_compared(repository: Path, tmp_path: Path) -> None:
    folder = edited(tmp_path / "new", EDITS)
    result = invoke(f"compare HEAD:books/rules {folder} --cases {CASES}")
    assert result.exit_code == 0
    assert result.stdout.startswith("old  HEAD:books/rules: 2 policies\n")


GOOD = "is not a policy of the rulebook `books/good`, and is not a revision"
ANY = "name a commit, a branch or a tag"
A_FILE = "books/rules/vocabulary.yaml"
MIXED = "is a policy, and `HEAD:books/rules` a whole rulebook; name two policies of one rulebook, or two rulebooks"


@git_is_there
@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ("befor HEAD", f"RW831 `befor` {GOOD} of the repository; did you mean `before`?"),
        ("firts HEAD", f"RW831 `firts` {GOOD} of the repository; did you mean `first`?"),
        (
            "nowhere: HEAD",
            f"RW831 `nowhere` is not a revision of the repository; {ANY}; a folder is written with a slash: `./rules`",
        ),
        ("before:nothing HEAD", "RW832 the revision `before` has no folder `nothing`"),
        (
            f"before:{A_FILE} HEAD",
            f"RW832 `{A_FILE}` is a file in the revision `before`; name the folder of a rulebook",
        ),
        (":books/rules HEAD", f"RW831 `` is not a revision; {ANY}"),
        ("-- -x HEAD", f"RW831 `-x` {GOOD}; {ANY}"),
        ("first HEAD:books/rules", f"RW830 `first` {MIXED}"),
    ],
)
def test_a_side_that_is_not_there_is_told(repository: Path, sides: str, message: str) -> None:
    shutil.copytree(RULES, repository / "books" / "good")
    result = invoke(f"compare --rules books/good --cases {CASES} {sides}")
    assert (result.exit_code, result.stdout, result.stderr.strip()) == (2, "", message)


@git_is_there
@pytest.mark.parametrize(
    ("sides", "code", "help"),
    [
        ("first second", "RW831", "another rulebook is named with `--rules`; "),
        ("legacy mine", "RW402", "expected one of `legacy`"),
        ("mine legacy", "RW402", "expected one of `legacy`"),
        ("HEAD mine", "RW831", "another rulebook"),
        ("legcy mine", "RW831", "did you mean `legacy`?"),
    ],
)
def test_where_the_rulebook_was_not_named_it_is_asked_for(
    repository: Path, sides: str, code: str, help: str
) -> None:
    """`mine` is near the branch `main`, which is not what somebody means who has forgotten
    `--rules`.
    """
    git(repository, "branch", "-M", "main")
    result = invoke(f"compare {sides}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{code} `" in result.stderr
    assert "is not a policy of the rulebook" in result.stderr
    assert help in result.stderr
    assert "`--rules`" in result.stderr or help.startswith("did you")


@git_is_there
def test_a_mistake_in_a_revision_is_told_with_its_name(repository: Path) -> None:
    git(repository, "commit", "--quiet", "--all", "-m", "broken")
    result = invoke(f"compare before:books/rules HEAD:books/rules --cases {CASES}")
    assert result.exit_code == 2
    assert result.stderr.startswith("HEAD:books/rules/vocabulary.yaml:1:1: RW")


def test_without_git_a_revision_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = invoke(f"compare HEAD: HEAD: --rules {RULES} --cases {CASES}")
    assert (result.exit_code, result.stderr.strip()) == (
        2,
        "RW831 revisions are read with git, and there is no `git` on this machine; install git, or compare two folders",
    )


def test_one_policy_of_two_rulebooks_is_compared(tmp_path: Path) -> None:
    folder = edited(tmp_path / "new", EDITS)
    result = invoke(f"compare {RULES} {folder} --policy second --cases {CASES}")
    assert "second (proposed)" in result.stdout.splitlines()[0]
    assert "(in " not in result.stdout


def test_policies_that_one_rulebook_lacks_are_named(tmp_path: Path) -> None:
    folder = edited(tmp_path / "new", [])
    (folder / "policies" / "second.yaml").rename(folder / "policies" / "third.yaml")
    text = (folder / "policies" / "third.yaml").read_text("utf-8")
    (folder / "policies" / "third.yaml").write_text(
        text.replace("policy: second", "policy: third"), "utf-8"
    )
    result = invoke(f"compare {RULES} {folder} --cases {CASES}")
    assert result.exit_code == 1
    assert "  + policy third\n  - policy second\n" in result.stdout


def test_a_case_that_does_not_fit_is_told_and_counted(tmp_path: Path) -> None:
    folder = edited(tmp_path / "new", [])
    text = (folder / "vocabulary.yaml").read_text("utf-8")
    (folder / "vocabulary.yaml").write_text(
        text.replace("      small: {yes/no, unless stated: no}\n", ""), "utf-8"
    )
    result = invoke(f"compare {RULES} {folder} --cases {CASES}")
    assert (
        "3 cases: 0 with a difference, 3 without; 1 more cannot be run under both" in result.stdout
    )
    assert "`small` is not an attribute of `trust`" in " ".join(result.stdout.split())


def test_a_policy_whose_seal_is_broken_is_compared_all_the_same(tmp_path: Path) -> None:
    folders = [edited(tmp_path / "old", []), edited(tmp_path / "new", [])]
    assert invoke(f"seal first --rules {folders[0]} --reason 'first use'").exit_code == 0
    shutil.copy(folders[0] / "seals.yaml", folders[1] / "seals.yaml")
    part = folders[1] / "parts" / "rating.yaml"
    part.write_text(part.read_text("utf-8").replace("24 months", "6 months"), "utf-8")
    assert "RW420" in invoke(f"run {CASES} --rules {folders[1]}").stderr
    assert (
        "value: 24 months -> 6 months"
        in invoke(f"compare {folders[0]} {folders[1]} --cases {CASES}").stdout
    )


@git_is_there
@pytest.mark.parametrize("kind", ["blob", "tree"])
def test_what_the_store_lacks_is_told_and_never_fetched(
    repository: Path, tmp_path: Path, kind: str
) -> None:
    """A promisor remote may name any program as its transport: git would run it to fetch what is
    missing.
    """
    ran, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
    program.chmod(0o755)
    for name, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "other"),
        ("remote.other.promisor", "true"),
        ("remote.other.url", str(tmp_path / "project")),
        ("remote.other.uploadpack", str(program)),
        ("core.fsmonitor", str(program)),
        ("core.sshCommand", str(program)),
        ("diff.external", str(program)),
        ("core.alternateRefsCommand", str(program)),
        ("core.pager", str(program)),
    ):
        git(repository, "config", name, value)
    path = "books/rules/vocabulary.yaml" if kind == "blob" else "books/rules"
    lost = git(repository, "rev-parse", f"before:{path}")
    (repository / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    result = invoke(f"compare before:books/rules {RULES} --cases {CASES}")
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("RW83")
    if kind == "blob":
        assert result.stderr == (
            "RW831 the repository does not hold all files of `before:books/rules`; look with `git fsck`, fetch what "
            "is missing with git, and compare again\n"
        )
    assert not ran.exists()


@git_is_there
@pytest.mark.parametrize(
    ("bound", "message"),
    [
        ("MAX_BYTES", "at most 100 are read"),
        (
            "MAX_LISTED",
            "a list of files of more than 100 bytes, at most so many are read",
        ),  # a few trees that name each other list millions
    ],
)
def test_a_revision_is_read_within_bounds(
    repository: Path, monkeypatch: pytest.MonkeyPatch, bound: str, message: str
) -> None:
    monkeypatch.setattr(f"rulewright.compare.revisions.{bound}", 100)
    result = invoke(f"compare before:books/rules {RULES} --cases {CASES}")
    assert result.exit_code == 2
    assert "RW832 `before:books/rules` holds " in result.stderr
    assert message in result.stderr
