"""What is compared: two policies of one rulebook, or two rulebooks, each a folder or a revision of
git.

How an argument is read hangs on its form first, so that nothing is guessed:

1. with a colon, `REV:FOLDER`: a revision, and the folder of the rulebook in its repository (`REV:`:
the folder of the rulebook in use); 2. with a slash or backslash, `.` or `..`: a folder; 3. the name
of a policy of the rulebook in use: that policy; 4. anything else: a revision, of the folder of the
rulebook in use.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rulewright.compiler.compiler import compile_policy
from rulewright.ir.program import Program
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem, nearest, no_policy
from rulewright.workbench import Rules

from .revisions import find, write


@dataclass(frozen=True)
class ComparisonSide:
    """A rulebook, and the one policy of it that is compared, if any. named: as it was asked for;
    commit: of a revision.
    """

    named: str
    rules: Rules
    policy: str | None = None
    commit: str = ""

    @property
    def policies(self) -> list[str]:
        """The policies that are compared."""
        return (
            [self.policy] if self.policy is not None else [each.id for each in self.rules.policies]
        )

    def status(self, policy: str) -> str:
        return next(each.status for each in self.rules.policies if each.id == policy)

    def program(self, policy: str) -> Program:
        """A policy, compiled; one whose seal is broken too, since comparing is what one does before
        sealing. Raises `InputError`.
        """
        try:
            return self.rules.program(policy)
        except InputError as error:
            if any(each.code != "RW420" for each in error.problems):
                raise
            return compile_policy(self.rules.book, policy)


@contextmanager
def sides(
    old: str, new: str, rules: Path | None = None, policy: str | None = None
) -> Iterator[tuple[ComparisonSide, ComparisonSide]]:
    """The two sides, as they are named on the command line; what is read from git is there as long
    as the context.

    `rules`: the folder of the rulebook in use. `policy`: of two rulebooks the one policy that is
    compared. Raises `InputError`: RW402, RW830 (a policy on one side only), RW831 and RW832
    (revisions).
    """
    with ExitStack() as stack:
        used = _in_use(rules) if _may_be_a_policy(old) or _may_be_a_policy(new) else None
        beside = any(_is_policy(each, used) for each in (old, new))
        found = [_side(each, rules, used, beside, stack) for each in (old, new)]
        yield _checked(found[0], found[1], policy)


def _in_use(rules: Path | None) -> Rules | InputError:
    """The rulebook in use, or why it cannot be read: revisions of it may be fine."""
    try:
        return Rules(rules)
    except InputError as error:
        return error


def _may_be_a_policy(named: str) -> bool:
    return ":" not in named and not _is_folder(named)


def _is_folder(named: str) -> bool:
    return "/" in named or "\\" in named or named in (".", "..")


def _is_policy(named: str, used: Rules | InputError | None) -> bool:
    return (
        _may_be_a_policy(named)
        and isinstance(used, Rules)
        and any(each.id == named for each in used.policies)
    )


def _side(
    named: str, rules: Path | None, used: Rules | InputError | None, beside: bool, stack: ExitStack
) -> ComparisonSide:
    """One side; `beside`: the other one, or this one, is a policy of the rulebook in use."""
    if ":" in named:
        revision, _, folder = named.partition(":")
        return _revision(named, revision, folder, rules, stack)
    if _is_folder(named):
        return ComparisonSide(named, Rules(Path(named)))
    if isinstance(used, Rules) and _is_policy(named, used):
        return ComparisonSide(named, used, named)
    try:
        return _revision(named, named, "", rules, stack)
    except InputError as error:
        raise _neither(named, rules, used, beside, error) from None


def _neither(
    named: str, rules: Path | None, used: Rules | InputError | None, beside: bool, error: InputError
) -> InputError:
    """The error for a name that is no policy either; it may be one of a rulebook that cannot be
    read, or was not named.
    """
    problem = error.problems[0]
    if isinstance(used, InputError) and problem.code == "RW831":
        return used
    if not isinstance(used, Rules) or problem.code != "RW831":
        return error
    policies = [each.id for each in used.policies]
    near = nearest(named, policies)
    if beside:  # a policy is compared with a policy
        return no_policy(named, policies, used.shown, NOWHERE)
    reason = problem.message.removeprefix(f"`{named}` ")
    others = ["another rulebook is named with `--rules`"] if rules is None else []
    help = (
        near
        if near.startswith("did you mean")
        else "; ".join(filter(None, [*others, problem.help]))
    )
    return InputError(
        Problem(
            Place(""),
            "RW831",
            f"`{named}` is not a policy of the rulebook `{used.shown}`, and {reason}",
            help,
        )
    )


def _revision(
    named: str, revision: str, folder: str, rules: Path | None, stack: ExitStack
) -> ComparisonSide:
    near = Path.cwd() if folder else rules if rules is not None else Rules().root
    found = find(revision, folder, near)
    into = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rulewright-")))
    write(found, into)
    return ComparisonSide(named, Rules(into, found.shown), commit=found.commit)


def _checked(
    old: ComparisonSide, new: ComparisonSide, policy: str | None
) -> tuple[ComparisonSide, ComparisonSide]:
    one = [each for each in (old, new) if each.policy is not None]
    if len(one) == 1:
        other = new if one[0] is old else old
        raise InputError(
            Problem(
                Place(""),
                "RW830",
                f"`{one[0].named}` is a policy, and `{other.named}` a whole rulebook",
                "name two policies of one rulebook, or two rulebooks",
            )
        )
    if policy is None:
        return old, new
    if one:
        raise InputError(
            Problem(
                Place(""),
                "RW830",
                "`--policy` chooses among the policies of two rulebooks, and two policies are named",
                "leave `--policy` out",
            )
        )
    for each in (old, new):
        if policy not in each.policies:
            raise no_policy(policy, each.policies, each.rules.shown, Place(""))
    return ComparisonSide(old.named, old.rules, policy, old.commit), ComparisonSide(
        new.named, new.rules, policy, new.commit
    )
