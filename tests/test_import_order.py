"""Rooms of the package are read in the order in which they depend on each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "engine" / "rulewright"
ORDER = (
    "version", "syntax", "ir", "spreadsheets", "facts", "documents", "rulebook", "amendments",
    "compiler", "lint", "editing", "engines", "decision", "solver", "explain", "report",
    "arguments", "workbench", "tables", "ledger", "testing", "coverage", "properties",
    "mutation", "suggest", "handbook", "compare", "schemas", "cli", "__main__",
)  # fmt: skip


def modules() -> dict[str, Path]:
    named = {
        path.relative_to(PACKAGE.parent).with_suffix(""): path for path in PACKAGE.rglob("*.py")
    }
    return {".".join(name.parts).removesuffix(".__init__"): path for name, path in named.items()}


MODULES = modules()


def imports(name: str, anywhere: bool) -> Iterator[str]:
    """The modules of the package that one imports: when it is loaded, or `anywhere` in it."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree) if anywhere else tree.body:
        if isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            for each in node.names:
                found = f"{base}.{each.name}" if f"{base}.{each.name}" in MODULES else base
                if found in MODULES and found != name:
                    yield found


def test_no_import_runs_up() -> None:
    def place(name: str) -> int:
        return ORDER.index(name.split(".")[1])

    assert {name.split(".")[1] for name in MODULES if "." in name} == {*ORDER}
    up = [
        f"{name} imports {each}"
        for name in MODULES
        if "." in name
        for each in imports(name, anywhere=True)
        if "." in each and place(each) > place(name)
    ]
    assert not up


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: set(imports(name, anywhere=False)) for name in MODULES}
    TopologicalSorter(graph).prepare()  # raises `CycleError`, which names the circle
