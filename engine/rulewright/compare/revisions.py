"""A rulebook as it was in a revision of git: read from the object store into a folder of its own, the work tree untouched."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rulewright.language.errors import InputError, Place, Problem, nearest
from rulewright.language.files import MAX_FILES

_FILE, _RUNNABLE = "100644", "100755"


@dataclass(frozen=True)
class Revision:
    """A commit of the repository that holds a folder. top: its work tree; folder: the rulebook in it, `` for the whole."""

    named: str
    commit: str
    top: Path
    folder: str

    @property
    def shown(self) -> str:
        """How messages call it."""
        return f"{self.named}:{self.folder}"


def find(named: str, folder: str, near: Path) -> Revision:
    """The revision called `named`; `folder` lies in the repository that `near` is in; without it, it is `near` itself.

    Raises `InputError`: RW831 where there is no git, no repository or no such revision, RW832 where the revision has no such folder.
    """
    wrong = f"`{named}` cannot be a revision: the folder of the rulebook is in no repository of git"
    top = Path(_git(near if near.is_dir() else Path.cwd(), "rev-parse", "--show-toplevel", wrong=wrong).strip())
    commit = _commit(top, named)
    inside = folder.strip("/") if folder else _inside(near, top, named)
    inside = "" if inside == "." else inside
    found = _git(top, "cat-file", "-t", f"{commit}:{inside}", wrong=_no_folder(named, inside), code="RW832").strip()
    if found != "tree":
        raise InputError(Problem(Place(""), "RW832", f"`{inside}` is a file in the revision `{named}`", "name the folder of a rulebook"))
    return Revision(named, commit, top, inside)


def write(revision: Revision, into: Path) -> None:
    """Write the files of the rulebook into an empty folder. Raises `InputError` (RW831, RW832)."""
    listed = _git(revision.top, "ls-tree", "-r", "-z", "--full-tree", f"{revision.commit}:{revision.folder}")
    entries = [line.split("\t", 1) for line in listed.split("\0") if line]
    files = [(meta.split(" "), name) for meta, name in entries]
    wanted = [(how[2], name) for how, name in files if how[0] in (_FILE, _RUNNABLE) and _plain(name)]
    if len(wanted) > MAX_FILES:
        many = f"`{revision.shown}` holds {len(wanted):,} files, at most {MAX_FILES:,} are read"
        raise InputError(Problem(Place(""), "RW832", many, "name the folder of a rulebook"))
    content = _contents(revision.top, [each for each, _ in wanted])
    for (_, name), data in zip(wanted, content, strict=True):
        path = into.joinpath(*PurePosixPath(name).parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _plain(name: str) -> bool:
    return not any(each in ("", "..") or each.startswith(".") for each in PurePosixPath(name).parts)


def _commit(top: Path, named: str) -> str:
    if not named or named.startswith("-"):
        raise InputError(Problem(Place(""), "RW831", f"`{named}` is not a revision", "name a commit, a branch or a tag"))
    help = _near(top, named)
    return _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{named}^{{commit}}",
                wrong=f"`{named}` is not a revision of the repository", help=help).strip()  # fmt: skip


def _near(top: Path, named: str) -> str:
    names = _git(top, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags").split()
    near = nearest(named, names)
    return near if near.startswith("did you mean") else "name a commit, a branch or a tag; a folder is written with a slash: `./rules`"


def _inside(folder: Path, top: Path, named: str) -> str:
    try:
        return folder.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        raise InputError(Problem(Place(""), "RW832", f"the rulebook `{folder}` lies outside the repository",
                                 f"write `{named}:FOLDER`")) from None  # fmt: skip


def _no_folder(named: str, folder: str) -> str:
    return f"the revision `{named}` has no folder `{folder}`"


def _contents(top: Path, objects: list[str]) -> list[bytes]:
    """The bytes of several objects, in one run."""
    raw = _run(top, ("cat-file", "--batch"), "".join(f"{each}\n" for each in objects).encode()).stdout
    found, at = [], 0
    for _ in objects:
        end = raw.index(b"\n", at)
        size = int(raw[at:end].split(b" ")[2])
        found.append(raw[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return found


def _git(folder: Path, *arguments: str, wrong: str = "", help: str = "", code: str = "RW831") -> str:
    done = _run(folder, arguments)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(Problem(Place(""), code, wrong or f"git cannot read the repository: {said[0] if said else 'no reason given'}", help))
    return done.stdout.decode("utf-8", "replace")


def _run(folder: Path, arguments: tuple[str, ...], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise InputError(Problem(Place(""), "RW831", "revisions are read with git, and there is no `git` on this machine",
                                 "install git, or compare two folders")) from None  # fmt: skip
