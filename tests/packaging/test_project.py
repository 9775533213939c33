"""What the project says of itself in a package, and what its tests may be asked for. (`test_wheel`
tries the package.)
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
HOME = "https://example.org/rulewright"
LINK = re.compile(r"\]\(([^)]*)\)")


@pytest.fixture(scope="module")
def metadata() -> ModuleType:
    """`tools/package_metadata.py`, which is no package."""
    found = importlib.util.spec_from_file_location(
        "package_metadata", ROOT / "tools" / "package_metadata.py"
    )
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_without_an_address_nothing_leads_nowhere(metadata: ModuleType) -> None:
    page = metadata.readme((ROOT / "README.md").read_text("utf-8"), "")
    assert [each for each in LINK.findall(page) if not each.startswith("https://")] == []
    assert "see NOTICE." in page
    assert metadata.urls("") == {}


def test_with_an_address_every_link_leads_there(metadata: ModuleType) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    links = LINK.findall(metadata.readme(text, f"{HOME}/"))
    assert f"{HOME}/blob/main/docs/commands.md" in links
    assert f"{HOME}#what-the-fuzzer-tries-to-break" in links
    assert len(links) == len(LINK.findall(text))
    assert all(each.startswith("https://") for each in links)
    assert metadata.urls(HOME)["Changelog"] == f"{HOME}/blob/main/CHANGELOG.md"


def test_only_an_extra_is_built_from_source() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert not [each for each in project["dependencies"] if "durable" in each]
    assert [each for each in project["optional-dependencies"]["forward"] if "durable" in each]
    assert "rulewright[forward,signing]" in project["optional-dependencies"]["dev"]
    assert project["license"] == "Apache-2.0 AND OGL-UK-3.0"


def test_the_output_of_tests_may_go_into_a_file(tmp_path: Path) -> None:
    """Also of those in which no file can grow, however long the output is already."""
    log = tmp_path / "log"
    log.write_bytes(b"." * 5_000)
    tests = [
        "tests/ledger/test_reliability.py",
        "tests/editing/test_new_case.py",
        "tests/ledger/test_heads.py",
    ]
    with log.open("ab") as file:
        command = [
            sys.executable,
            "-m",
            "pytest",
            *tests,
            "-k",
            "full_disk",
            "-p",
            "no:cacheprovider",
            "-v",
        ]
        done = subprocess.run(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, log.read_text("utf-8")
    assert " passed" in log.read_text("utf-8")
