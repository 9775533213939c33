"""What the built package says of itself beside `pyproject.toml`: where the project is found, and
the README with links that lead there.

A link of the README to a file of the project leads nowhere from a package index. Where `repository`
is set in `pyproject.toml` it becomes a link to that file there, and else plain text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"\[([^\]]+)\]\((?!https?://)([^)\s]+)\)")


class Metadata(MetadataHookInterface):
    """Called by hatchling when it builds."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the README and the addresses."""
        repository = str(self.config["repository"])
        text = (Path(self.root) / "README.md").read_text("utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": readme(text, repository)}
        metadata["urls"] = urls(repository)


def urls(repository: str) -> dict[str, str]:
    """The addresses of the project's pages."""
    pages = {"Source": "", "Documentation": "docs/README.md", "Changelog": "CHANGELOG.md"}
    return {name: _address(repository, page) for name, page in pages.items()} if repository else {}


def readme(text: str, repository: str) -> str:
    """The README as a package index shows it."""
    return _LINK.sub(
        lambda link: f"[{link[1]}]({_address(repository, link[2])})" if repository else link[1],
        text,
    )


def _address(repository: str, page: str) -> str:
    home = repository.rstrip("/")
    return (
        home
        if not page
        else f"{home}{page}"
        if page.startswith("#")
        else f"{home}/blob/main/{page}"
    )
