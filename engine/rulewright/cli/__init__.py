"""The commands of `rulewright`: one module each, imported only when its command is used."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from rulewright.syntax.visible import visible
from rulewright.version import __version__

COMMANDS = (
    "run", "why", "why-not", "what-if", "difference", "report",
    "check", "test", "coverage", "mutate", "suggest", "compare", "properties", "seal",
    "read", "policies", "rules", "rule", "parameters", "interpretations", "sources", "words",
    "copy", "new", "fmt", "set", "table", "ledger", "code",
)  # fmt: skip


class Commands(click.Group):
    """The group of commands, loaded when needed: `rulewright run` must start fast."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"rulewright.cli.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """As click does it; what it says of the command line is made visible, and who stops reading
        it is no failure.
        """
        with told_visibly(), _until_nobody_reads():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, context: click.Context) -> Any:
        """As click does it; what it says of the command line is made visible, and who stops reading
        it is no failure.
        """
        with told_visibly(), _until_nobody_reads():
            return super().invoke(context)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it; an unknown command is told with the nearest one, and an option given
        twice is refused.
        """
        try:
            name, command, rest = super().resolve_command(context, args)
        except click.UsageError as error:
            from rulewright.syntax.errors import nearest

            near = nearest(args[0], COMMANDS)
            if not near.startswith("did you mean"):
                raise
            raise click.UsageError(
                f"{error.message} {near[0].upper()}{near[1:]}", context
            ) from None
        if (
            command is not None and not context.resilient_parsing
        ):  # the shell completes what is not written to the end
            refuse_repeated(command, click.Context(command, info_name=name, parent=context), rest)
        return name, command, rest


@contextmanager
def told_visibly() -> Iterator[None]:
    """An error of usage repeats words of the command line, which a script may have from a
    stranger.
    """
    try:
        yield
    except click.ClickException as error:
        error.message = visible(error.message)  # type: ignore[misc]  # which click means to stay, and nothing else leads into what it shows
        raise


def refuse_repeated(command: click.Command, context: click.Context, args: list[str]) -> None:
    """Refuse an option that takes one value and is given twice: else the last one would hold, and
    nobody be told.
    """
    if isinstance(command, click.Group):
        inner = command.get_command(context, args[0]) if args else None
        if inner is not None:
            refuse_repeated(
                inner, click.Context(inner, info_name=args[0], parent=context), args[1:]
            )
        return
    given = command.make_parser(context).parse_args(list(args))[2]
    for each in given:
        if (
            isinstance(each, click.Option)
            and not (each.multiple or each.is_flag or each.count)
            and given.count(each) > 1
        ):
            raise click.UsageError(
                f"`{max(each.opts, key=len)}` is given {given.count(each)} times; give it once",
                context,
            )


@contextmanager
def _until_nobody_reads() -> Iterator[None]:
    """Click itself would end with exit code 1, that of a difference."""
    try:
        yield
    except BrokenPipeError:
        from .endings import print_nothing_more

        print_nothing_more()
        raise click.exceptions.Exit(0) from None


EPILOG = """\
Exit codes: 0 fine (an undetermined rating too), 1 expectations not met or differences found, 2 the input is wrong, 3 the
engine refused (rules in conflict, or the engines disagree), 70 an unexpected failure.
"""


@click.group(cls=Commands, epilog=EPILOG)
@click.version_option(__version__, prog_name="rulewright")
def group() -> None:
    """A workbench for rating policy: run cases through a rulebook and see why."""


def _ended(_number: int, _frame: object) -> None:
    """Somebody ends the process: what it began (other processes, folders put aside) is ended with
    it.
    """
    sys.exit(143)


def main() -> None:
    """The entry point of the `rulewright` command."""
    gc.set_threshold(100_000, 20, 20)  # most runs are over before there is anything to collect
    signal.signal(signal.SIGTERM, _ended)
    sys.exit(_exit_code())


def _exit_code() -> int:
    """Run the command of this process; whatever happens, its exit code says which kind of end it
    was.
    """
    try:
        return int(group.main(prog_name="rulewright", standalone_mode=False) or 0)
    except (Exception, KeyboardInterrupt) as error:
        from .endings import code_after, unexpected

        try:
            return code_after(error)
        except Exception as failure:
            return unexpected(failure)


__all__ = ["group", "main"]
