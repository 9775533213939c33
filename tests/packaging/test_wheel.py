"""The wheel and the source distribution, as somebody has them who has nothing else: no compiler, an
empty folder (`make test-wheel`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from rulewright.decision.running import WITHOUT_FORWARD
from rulewright.engines.registry import FORWARD
from tests.docs.pages import Page

ROOT = Path(__file__).parents[2]
TOOLS = (
    "sh",
    "cat",
    "cp",
    "grep",
    "ls",
)  # all that pages call beside `rulewright`, and no compiler

pytestmark = pytest.mark.wheel


def run(
    arguments: list[str], folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


# -- built


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("source")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    (unpacked,) = (each for each in folder.iterdir() if each.is_dir())
    return unpacked


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """The wheel, built of it."""
    dist = source.parent / "dist"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dist)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (found,) = dist.glob("*.whl")
    return found


def test_the_source_distribution_holds_what_the_project_holds(source: Path) -> None:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    kept = {each for each in listed.stdout.splitlines() if (ROOT / each).exists()}
    packed = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    assert packed - {"PKG-INFO"} == kept


@pytest.mark.parametrize(
    "arguments",
    [
        ["ruff", "check", "engine", "tests", "tools", "benchmarks"],
        [
            "pytest",
            "tests/errors/test_codes.py",
            "tests/packaging/test_project.py",
            "tests/scenarios/test_real.py",
            "tests/docs",
        ],
        ["benchmarks.bench", "--help"],
        ["benchmarks.growth", "--help"],
    ],
    ids=lambda each: each[0],
)
def test_what_make_calls_works_in_the_source_distribution(
    arguments: list[str], source: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(source / "engine")}
    more = (
        ["-m", "not slow and not wheel", "-p", "no:cacheprovider"]
        if arguments[0] == "pytest"
        else []
    )
    done = run([sys.executable, "-m", *arguments, *more], source, environment)
    assert done.returncode == 0, done.stdout


def test_what_the_wheel_says_of_itself(wheel: Path) -> None:
    with ZipFile(wheel) as file:
        (name,) = (each for each in file.namelist() if each.endswith("/METADATA"))
        told = message_from_bytes(file.read(name))
        licences = {each.rpartition("/")[2] for each in file.namelist() if "/licenses/" in each}
    assert told["License-Expression"] == "Apache-2.0 AND OGL-UK-3.0"
    assert licences == {"LICENSE", "NOTICE"}
    assert told["Description-Content-Type"] == "text/markdown"
    assert "](docs" not in told.get_payload()
    assert not [
        each
        for each in told.get_all("Requires-Dist", [])
        if "durable" in each and "extra ==" not in each
    ]
    assert {"forward", "signing"} <= set(told.get_all("Provides-Extra", []))


# -- installed


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it and hardly anything on its PATH."""

    environment: dict[str, str]
    package: Path

    def __call__(self, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        return run(["sh", "-c", command], folder, self.environment)

    def contents(self) -> dict[str, bytes]:
        """All files of the package but those that Python compiled."""
        return {
            path.relative_to(self.package).as_posix(): path.read_bytes()
            for path in self.package.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    (folder / "tools").mkdir()
    for tool in TOOLS:
        there = shutil.which(tool)
        assert there is not None
        (folder / "tools" / tool).symlink_to(there)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "RULEWRIGHT", "COV_", "CC"))
    }
    environment |= {
        "PATH": f"{folder / 'venv' / 'bin'}:{folder / 'tools'}",
        "HOME": str(folder),
        "COLUMNS": "80",
        "LOGNAME": "aclerk",
    }
    install = ["python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:", str(wheel)]
    done = run(install, folder, environment | {"HOME": os.environ.get("HOME", "")})
    assert done.returncode == 0, done.stdout
    (package,) = (folder / "venv").glob("lib/python*/site-packages/rulewright")
    return Installed(environment, package)


@dataclass
class AsInstalled(Page):
    """A page whose commands are those that were installed."""

    installed: Installed | None = field(default=None)

    def _command(self, command: str) -> str:
        if command == "echo $?" or command.startswith("cd "):
            return super()._command(command)
        assert self.installed is not None
        done = self.installed(command, Path.cwd())
        self.code = done.returncode
        return done.stdout.replace(f"reference; {WITHOUT_FORWARD};", "reference and forward;")


def test_no_compiler_is_there(installed: Installed) -> None:
    for each in ("cc", "gcc", "clang", "c99"):
        assert shutil.which(each, path=installed.environment["PATH"]) is None


def test_the_first_steps_of_the_readme(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = installed.contents()
    page = AsInstalled(ROOT / "README.md", installed=installed)
    page.run()
    assert not page.differences, "\n\n".join(page.differences)
    assert installed.contents() == before


REFUSED = {
    "new policy mine --amends legacy": "policies/mine.yaml",
    "new rule staffing.short --of service": "parts/staffing.yaml",
    "set title=Other --policy guidance-2024-03": "policies/guidance-2024-03.yaml",
    "set 'service view period=36 months' --in parts/service-first.yaml": "parts/service-first.yaml",
    "seal legacy --reason 'as adopted' --sealed-by me": "seals.yaml",
    "table import bands.csv trust-bands": "",
    "copy {rules}/mine": "mine",
    "new case any -o {rules}/any.yaml": "any.yaml",
    "read -o {rules}/policy.md": "policy.md",
    "table export trust-bands -o {rules}/bands.csv": "bands.csv",
    "copy {rules}/../../../cli/mine": "../../../cli/mine",
    "new case any -o {rules}/../../../any.yaml": "../../../any.yaml",
    "run {rules}/../../scenarios/examples/example-trust.yaml --record {rules}/../../../l.ledger --recorded-by A": "../../../l.ledger",
}


def test_what_is_installed_is_never_written_to(installed: Installed, tmp_path: Path) -> None:
    before = installed.contents()
    rules = installed.package / "_data" / "rules" / "cqc"
    assert installed("rulewright table export trust-bands -o bands.csv", tmp_path).returncode == 0
    (tmp_path / "bands.csv").write_text(
        (tmp_path / "bands.csv").read_text("utf-8").replace("38", "37").replace("39", "38"), "utf-8"
    )
    for command, file in REFUSED.items():
        done = installed(f"rulewright {command.format(rules=rules)}", tmp_path)
        told = (
            f"{rules / file}: RW438 `{rules / file}` cannot be written: it is part of the installed package; "
            "make a copy with `rulewright copy DIR`, and work there\n"
        )
        assert (done.returncode, done.stdout) == (2, told), command
        assert installed.contents() == before, command
    done = installed(
        f"rulewright fmt && printf ' ' >> {rules}/vocabulary.yaml && rulewright fmt", tmp_path
    )
    assert done.returncode == 2, done.stdout
    assert f"RW438 `{rules}/vocabulary.yaml` cannot be written" in done.stdout
    (rules / "vocabulary.yaml").write_bytes(before["_data/rules/cqc/vocabulary.yaml"])


def test_in_a_copy_everything_works_without_naming_it(installed: Installed, tmp_path: Path) -> None:
    before = installed.contents()
    work = tmp_path / "my work"
    assert installed("rulewright copy 'my work'", tmp_path).returncode == 0
    for command, code, said in (
        (
            "run scenarios/examples/example-trust.yaml",
            0,
            f"answered by reference; {WITHOUT_FORWARD}; program",
        ),
        ("check", 0, "no errors"),
        ("fmt --check", 0, "no files to format"),
        (
            "new policy mine --amends legacy",
            0,
            "wrote rules/cqc/policies/mine.yaml\nnext: say what changes: `rulewright set 'TARGET=VALUE' "
            "--policy mine`",
        ),
        (
            "set 'use of resources since=2019-04-01' --policy mine",
            0,
            "rules/cqc/policies/mine.yaml:",
        ),
        ("new rule staffing.short --of service", 0, "wrote rules/cqc/parts/staffing.yaml"),
        ("seal mine --reason 'as adopted' --sealed-by me", 0, "rules/cqc/seals.yaml"),
        ("read mine", 0, "2019-04-01"),
        ("test --name 'use of resources'", 0, " passed, 0 failed"),
        ("code rw301", 0, "# RW301: an unknown word\n"),
        ("copy .", 2, "RW430 there is already `rules` in `.`; choose another folder"),
        (
            "run scenarios/examples/example-trust.yaml --engine forward",
            3,
            f"RW604 {FORWARD.missing}; `pip install 'rulewright[forward]'`",
        ),
    ):
        done = installed(f"rulewright {command}", work)
        assert done.returncode == code, (command, done.stdout)
        assert said in done.stdout, (command, done.stdout)
    (work / "scenarios" / "examples" / "example-trust.yaml").unlink()
    one = installed("rulewright test --json", work).stdout.count("\n")
    shutil.rmtree(work / "scenarios" / "legacy")
    assert (
        installed("rulewright test --json", work).stdout.count("\n") < one
    )  # they are its own scenarios
    assert installed.contents() == before


def test_nothing_is_left_of_it(wheel: Path, installed: Installed, tmp_path: Path) -> None:
    """The last test of all: what pip knows of is all that there is."""
    assert installed("python -c 'import rulewright'", tmp_path).returncode == 0
    assert installed("pip uninstall --quiet --yes rulewright", tmp_path).returncode == 0
    assert not installed.package.exists()
    assert installed("python -c 'import rulewright'", tmp_path).returncode == 1
