"""A rulebook as it was in a revision of git: read from the object store into a folder of its own,
the work tree untouched.

The repository may come from a stranger. Git is run so that nothing in the repository's own
configuration starts a program or reaches a network: no transport is allowed, no hook and no monitor
of files runs, and what the store lacks is not fetched.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Timer

from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.files import KINDS, MAX_FILES
from rulewright.syntax.files import MAX_BYTES_OF_A_RULEBOOK as MAX_BYTES

_FILE, _RUNNABLE = "100644", "100755"
MAX_LISTED = 10_000_000  # bytes of names
_SECONDS = 60  # git reads its own store; what takes longer waits for something else
_CONFINED = {
    "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "GIT_PAGER": "cat", "GIT_EXTERNAL_DIFF": "",
}  # fmt: skip
_FETCH = "look with `git fsck`, fetch what is missing with git, and compare again"
_SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.alternateRefsCommand=",
    "core.askPass=",
    "core.sshCommand=false",
    "protocol.allow=never",
    "diff.external=",
    "gc.auto=0",
    "maintenance.auto=false",
)


@dataclass(frozen=True)
class Revision:
    """A commit of the repository that holds a folder. top: its work tree; folder: the rulebook in
    it, `` for the whole.
    """

    named: str
    commit: str
    top: Path
    folder: str

    @property
    def shown(self) -> str:
        """How messages call it."""
        return f"{self.named}:{self.folder}"


def find(named: str, folder: str, near: Path) -> Revision:
    """The revision called `named`; `folder` lies in the repository that `near` is in; without it,
    it is `near` itself.

    Raises `InputError`: RW831 where there is no git, no repository or no such revision, RW832 where
    the revision has no such folder.
    """
    wrong = f"`{named}` cannot be a revision: the folder of the rulebook is in no repository of git"
    top = Path(
        _git(
            near if near.is_dir() else Path.cwd(), "rev-parse", "--show-toplevel", wrong=wrong
        ).strip()
    )
    commit = _commit(top, named)
    inside = folder.strip("/") if folder else _inside(near, top, named)
    inside = "" if inside == "." else inside
    found = _git(
        top, "cat-file", "-t", f"{commit}:{inside}", wrong=_no_folder(named, inside), code="RW832"
    ).strip()
    if found != "tree":
        raise InputError(
            Problem(
                Place(""),
                "RW832",
                f"`{inside}` is a file in the revision `{named}`",
                "name the folder of a rulebook",
            )
        )
    return Revision(named, commit, top, inside)


def write(revision: Revision, into: Path) -> None:
    """Write the files of the rulebook into an empty folder. Raises `InputError` (RW831, RW832)."""
    listed = _listed(revision)
    entries = [line.split("\t", 1) for line in listed.split("\0") if line]
    files = [(meta.split(), name) for meta, name in entries]
    wanted = [
        (how, name)
        for how, name in files
        if how[0] in (_FILE, _RUNNABLE) and _plain(name) and name.endswith(KINDS)
    ]
    if len(wanted) > MAX_FILES:
        raise _too_large(revision, f"{len(wanted):,} files, at most {MAX_FILES:,}")
    size = sum(int(how[3]) for how, _ in wanted if how[3].isdigit())
    if size > MAX_BYTES:
        raise _too_large(revision, f"files of {size:,} bytes, at most {MAX_BYTES:,}")
    content = _contents(revision, [how[2] for how, _ in wanted])
    for (_, name), data in zip(wanted, content, strict=True):
        path = into.joinpath(*PurePosixPath(name).parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _listed(revision: Revision) -> str:
    """The files of the rulebook as `ls-tree` lists them, as long as the list is of sensible length.

    Raises `InputError` (RW831, RW832).
    """
    what = ("ls-tree", "-r", "-l", "-z", "--full-tree", f"{revision.commit}:{revision.folder}")
    with subprocess.Popen(
        _command(revision.top, what),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | _CONFINED,
    ) as git:
        assert git.stdout is not None
        patience = Timer(_SECONDS, git.kill)
        patience.start()
        try:
            found = git.stdout.read(MAX_LISTED + 1)
            if (
                len(found) > MAX_LISTED
            ):  # a few trees that name each other often list files without end
                git.kill()
        finally:
            patience.cancel()
    if len(found) > MAX_LISTED:
        raise _too_large(
            revision, f"a list of files of more than {MAX_LISTED:,} bytes, at most so many"
        )
    if git.returncode:
        raise InputError(Problem(Place(""), "RW831", _lacking(revision), _FETCH))
    return found.decode("utf-8", "replace")


def _too_large(revision: Revision, what: str) -> InputError:
    return InputError(
        Problem(
            Place(""),
            "RW832",
            f"`{revision.shown}` holds {what} are read",
            "name the folder of a rulebook",
        )
    )


def _lacking(revision: Revision) -> str:
    return f"the repository does not hold all files of `{revision.shown}`"


def _plain(name: str) -> bool:
    return not any(each in ("", "..") or each.startswith(".") for each in PurePosixPath(name).parts)


def _commit(top: Path, named: str) -> str:
    if not named or named.startswith("-"):
        raise InputError(
            Problem(
                Place(""),
                "RW831",
                f"`{named}` is not a revision",
                "name a commit, a branch or a tag",
            )
        )
    help = _near(top, named)
    return _git(
        top,
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{named}^{{commit}}",
        wrong=f"`{named}` is not a revision of the repository",
        help=help,
    ).strip()


def _near(top: Path, named: str) -> str:
    names = _git(
        top, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags"
    ).split()
    near = nearest(named, names)
    return (
        near
        if near.startswith("did you mean")
        else "name a commit, a branch or a tag; a folder is written with a slash: `./rules`"
    )


def _inside(folder: Path, top: Path, named: str) -> str:
    try:
        return folder.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        raise InputError(
            Problem(
                Place(""),
                "RW832",
                f"the rulebook `{folder}` lies outside the repository",
                f"write `{named}:FOLDER`",
            )
        ) from None


def _no_folder(named: str, folder: str) -> str:
    return f"the revision `{named}` has no folder `{folder}`"


def _contents(revision: Revision, objects: list[str]) -> list[bytes]:
    """The bytes of several objects, in one run."""
    done = _run(
        revision.top, ("cat-file", "--batch"), "".join(f"{each}\n" for each in objects).encode()
    )
    raw, found, at = done.stdout, [], 0
    for each in objects:
        header, _, _ = raw[at : at + 200].partition(b"\n")
        named, _, kind = header.decode("ascii", "replace").partition(" ")
        if done.returncode or named != each or not kind.startswith("blob "):
            raise InputError(Problem(Place(""), "RW831", _lacking(revision), _FETCH))
        begin = at + len(header) + 1
        at = begin + int(kind.removeprefix("blob ")) + 1
        found.append(raw[begin : at - 1])
    return found


def _git(
    folder: Path, *arguments: str, wrong: str = "", help: str = "", code: str = "RW831"
) -> str:
    done = _run(folder, arguments)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(
            Problem(
                Place(""),
                code,
                wrong
                or f"git cannot read the repository: {said[0] if said else 'no reason given'}",
                help,
            )
        )
    return done.stdout.decode("utf-8", "replace")


def _command(folder: Path, arguments: tuple[str, ...]) -> list[str]:
    settings = [part for each in _SETTINGS for part in ("-c", each)]
    return ["git", "-C", str(folder), *settings, *arguments]


def _run(
    folder: Path, arguments: tuple[str, ...], given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            _command(folder, arguments),
            input=given,
            capture_output=True,
            check=False,
            env=os.environ | _CONFINED,
            timeout=_SECONDS,
        )
    except FileNotFoundError:
        raise InputError(
            Problem(
                Place(""),
                "RW831",
                "revisions are read with git, and there is no `git` on this machine",
                "install git, or compare two folders",
            )
        ) from None
    except subprocess.TimeoutExpired:
        raise InputError(
            Problem(
                Place(""),
                "RW831",
                f"git did not answer within {_SECONDS} seconds",
                "see whether `git log` works in that folder, or compare two folders",
            )
        ) from None
