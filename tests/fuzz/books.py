"""A generated rulebook as trees, written out as YAML."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import yaml

from .words import Tree


def written(tree: Any, **style: Any) -> str:
    """A tree as YAML, one sentence a line."""
    style = {"sort_keys": False, "allow_unicode": True, "width": 100_000, **style}
    return str(yaml.dump(tree, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), **style))


@dataclass
class Book:
    """A generated rulebook: its vocabulary, parts and policy as trees, and CSV files."""

    vocabulary: list[Tree]
    parts: dict[str, list[Tree]]
    policy: Tree
    csv: dict[str, str] = field(default_factory=dict)

    def texts(self, **style: Any) -> dict[str, str]:
        """The files of the rulebook."""
        files = {
            f"words/v{number}.yaml": written(each, **style)
            for number, each in enumerate(self.vocabulary)
        }
        files |= {name: written(items, **style) for name, items in self.parts.items()}
        return (
            files
            | {"policy.yaml": written({**self.policy, "parts": list(self.parts)}, **style)}
            | self.csv
        )

    def copy(self) -> Book:
        return deepcopy(self)
