"""`rulewright fmt`: the house style for rulebooks, cases and scenarios."""

from __future__ import annotations

from pathlib import Path

import click

from rulewright.syntax.errors import InputError, lines

from .common import DIFFERENT, FINE, WRONG_INPUT, handled, rules_option
from .terminal import say, say_text


@click.command("fmt", short_help="Format YAML files, keeping every comment")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@rules_option
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Write nothing; exit code 1 when a file is not in style.",
)
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@handled
def command(files: tuple[Path, ...], rules: Path | None, only_check: bool, diff: bool) -> int:
    """Bring FILES (YAML files and folders; default: the rulebook) into the house style, comments
    kept.
    """
    from rulewright.editing.formatter import formatted, yaml_files
    from rulewright.syntax.shipped import RULEBOOK, data_folder

    paths = list(yaml_files(files or [rules or data_folder() / RULEBOOK]))
    changed = wrong = 0
    for path, within in paths:
        try:
            file = formatted(path, within)
            if not file.changed:
                continue
            if diff:
                say_text(file.difference())
            elif not only_check:
                file.write()
        except InputError as error:
            wrong += 1
            for line in lines(error.problems):
                say(line, err=True)
            continue
        changed += 1
        if not diff:
            say(f"{'would format' if only_check else 'formatted'} {path.as_posix()}")
    dry = only_check or diff
    left = f", {wrong} left alone" if wrong else ""
    say(
        f"{changed or 'no'} file{'' if changed == 1 else 's'} {'to format' if dry else 'formatted'}, "
        f"{len(paths) - changed - wrong} in style already{left}"
    )
    if wrong:
        return WRONG_INPUT
    return DIFFERENT if only_check and changed else FINE
