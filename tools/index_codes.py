"""Keeps `docs/codes/` in step with the gallery of mistakes: the examples of the pages, and the
index of all codes.

Below a line `<!-- example: CODE/case -->` a page shows the wrong file of that case of
`tests/errors/` and what the command line answers; this script writes both, and
`docs/codes/README.md`, a table of all pages by series.

    python tools/index_codes.py            # writes what has changed
    python tools/index_codes.py --check    # exit code 1 when something would change
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "codes"
GALLERY = ROOT / "tests" / "errors"
COMMAND = "rulewright run case.yaml --rules rules"  # where a case of the gallery has no `command`
MOST_LINES = 25
SERIES = {
    "1": "Files and their shape", "2": "The vocabulary", "3": "Rules", "4": "Policies and amendments", "5": "Cases",
    "6": "Commands and engines", "7": "Checks of a rulebook", "8": "Scenarios", "9": "The ledger",
}  # fmt: skip
_EXAMPLE = re.compile(r"(<!-- example: (?P<case>\S+) -->\n).*?(?=\n## |\Z)", re.DOTALL)
_TITLE = re.compile(r"# (RW\d{3}): (.+)\n")


def example(case: str) -> str:
    """The wrong files of a case of the gallery and the answer, as Markdown."""
    folder = GALLERY / case
    shown = []
    for path in sorted(
        p for p in folder.rglob("*") if p.is_file() and p.name not in ("command", "expected.txt")
    ):
        kind = {".yaml": "yaml", ".csv": "csv", ".json": "json"}.get(path.suffix, "text")
        lines = path.read_text("utf-8").splitlines()
        if len(lines) > MOST_LINES:
            lines = [*lines[:MOST_LINES], "…"]
        shown.append(
            f"`{path.relative_to(folder).as_posix()}`:\n\n```{kind}\n"
            + "\n".join(lines)
            + "\n```\n"
        )
    answer = (folder / "expected.txt").read_text("utf-8").rstrip("\n").splitlines()
    shown.append("```text\n" + "\n".join(answer) + "\n```\n")
    return "\n".join(shown)


def page(text: str) -> str:
    """A page with its examples as the gallery has them now."""
    return _EXAMPLE.sub(lambda found: f"{found[1]}\n{example(found['case'])}", text)


def titles() -> dict[str, str]:
    """The short name of each code that has a page."""
    found = {}
    for path in sorted(PAGES.glob("RW*.md")):
        title = _TITLE.match(path.read_text("utf-8"))
        if title is None or title[1] != path.stem:
            raise SystemExit(f"{path}: the first line is not `# {path.stem}: NAME`")
        found[path.stem] = title[2]
    return found


def index() -> str:
    """The page that lists all codes."""
    named = titles()
    lines = [
        "# Codes",
        "",
        "Every mistake and every finding of a check has a stable code, and each code has a page: what it means, an example,",
        "and what to do. A message is written `FILE:LINE:COLUMN: CODE what is wrong; what to do`.",
        "",
        "Written by `python tools/index_codes.py`; a test keeps it and the examples of the pages up to date.",
    ]
    for digit, series in SERIES.items():
        codes = {code: name for code, name in named.items() if code[2] == digit}
        if codes:
            lines += ["", f"## {series}", "", "| code | |", "| --- | --- |"]
            lines += [f"| [{code}]({code}.md) | {name} |" for code, name in codes.items()]
    return "\n".join(lines) + "\n"


def changes() -> dict[Path, str]:
    """The files that are out of date, with what they should hold."""
    wanted = {path: page(path.read_text("utf-8")) for path in sorted(PAGES.glob("RW*.md"))}
    wanted[PAGES / "README.md"] = index()
    return {
        path: text
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    }


def main() -> int:
    found = changes()
    for path, text in found.items():
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
    return 1 if found and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
