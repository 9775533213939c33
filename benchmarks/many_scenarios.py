"""Many scenarios: the shipped ones, again and again under other names, with other names of trusts.

python benchmarks/many_scenarios.py FOLDER [NUMBER]     writes them python
benchmarks/many_scenarios.py --measure [NUMBER]  writes them aside and measures running and
collecting them
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import count
from pathlib import Path

from rulewright.syntax.shipped import data_folder
from rulewright.testing.runner import load_scenarios, scenario_files

_NAME = re.compile(r"^((?:- )?case: *)(.+?)( *)$", re.MULTILINE)


def write(folder: Path, number: int = 5_000) -> int:
    """Write at least `number` scenarios to a folder, and say how many there are."""
    shipped = [
        each.path
        for each in scenario_files([data_folder() / "scenarios"])
        if each.path.suffix == ".yaml"
    ]
    counts = {path: len(load_scenarios([path])) for path in shipped}
    written = 0
    for round_, path in ((number, path) for number in count() for path in shipped):
        if written >= number:
            return written
        target = folder / f"round-{round_}" / path.relative_to(data_folder() / "scenarios")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_NAME.sub(partial(_renamed, round_), path.read_text("utf-8")), "utf-8")
        written += counts[path]
    return written


def _renamed(number: int, found: re.Match[str]) -> str:
    name = found[2]
    quote = name[-1] if name[-1:] in "\"'" and name[:1] == name[-1:] else ""
    return f"{found[1]}{name[: len(name) - len(quote)]} ({number}){quote}{found[3]}"


def measure(number: int) -> None:
    """Run them on all cores and on one engine, and collect them in pytest: seconds, and seconds of
    all cores together.

    Python keeps what it compiled, as it does on a machine where it is at home: each command is
    begun once before it is measured.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as compiled:
        there = write(Path(folder), number)
        environment = {
            **os.environ,
            "PYTEST_ADDOPTS": "-p no:cacheprovider",
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": compiled,
        }
        (Path(folder) / "pytest.ini").write_text(
            "[pytest]\nrulewright_scenarios = *.yaml\n", "utf-8"
        )
        python = [sys.executable, "-m"]
        few = str(next(Path(folder).rglob("example-trust.yaml")))
        for what, command in (
            (
                f"rulewright test, {there:,} scenarios, both engines",
                [*python, "rulewright", "test", folder],
            ),
            (
                "  on the reference engine alone",
                [*python, "rulewright", "test", "--engine", "reference", folder],
            ),
            (
                "  collected by pytest",
                [
                    *python,
                    "pytest",
                    "--collect-only",
                    "-qq",
                    "--rootdir",
                    folder,
                    "-c",
                    f"{folder}/pytest.ini",
                    folder,
                ],
            ),
        ):
            subprocess.run(
                [*command[:-1], few], check=True, stdout=subprocess.DEVNULL, env=environment
            )
            before, start = _used(), time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
            print(
                f"{what:<72} {time.perf_counter() - start:8.1f} s   {_used() - before:8.1f} s of all cores"
            )


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    amount = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    if sys.argv[1] == "--measure":
        measure(amount)
    else:
        print(write(Path(sys.argv[1]), amount))
