"""The files that commands write: the form follows from the name of the file, and each file written
is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.file_writer import refuse_unwritable, write_whole

from .terminal import say

Endings = Mapping[str, Sequence[str]]  # of each form; an ending of several is that of the first
YAML: Endings = {"yaml": (".yaml", ".yml")}


def form_of(output: Path, what: str, endings: Endings, asked: str | None = None) -> str:
    """The form of a file that is called `what`: the one that was asked for, or else the one of its
    ending.

    A name without an ending fits every form, and so does a pipe; the first form is the usual one.
    Raises `InputError` (RW641) where the ending is not that of the form, or is that of none.
    """
    ending = output.suffix.lower()
    forms = [asked] if asked else [form for form, known in endings.items() if ending in known]
    if not ending or (output.exists() and not output.is_file()):
        return asked or next(iter(endings))
    if not forms or ending not in endings[forms[0]]:
        known = [each for form in forms or endings for each in endings[form]]
        in_form = f" in the form {asked}" if asked else ""
        raise _not_the_name(
            output, f"{what}{in_form}", f"let it end in {_either(dict.fromkeys(known))}"
        )
    return forms[0]


def refuse_no_page(output: Path) -> None:
    """Raises `InputError`: RW438 where the file cannot be written, RW641 where it is not the name
    of a page.
    """
    refuse_unwritable(output)
    if output.name == ".html":
        raise _not_the_name(output, "page", "put a name before `.html`")
    if output.suffix.lower() != ".html":
        raise _not_the_name(output, "page", "let it end in `.html`")


def write_output(
    output: Path, content: str | bytes | Iterable[bytes], quietly: bool = False
) -> None:
    """Write a file and say so: `quietly` where the output proper is for a machine.

    Raises `InputError` (RW438).
    """
    write_whole(output, content.encode() if isinstance(content, str) else content)
    wrote(output, quietly)


def wrote(output: Path | str, quietly: bool = False) -> None:
    """Say that a file was written."""
    say(f"wrote {output}", err=quietly)


def _not_the_name(output: Path, what: str, help: str) -> InputError:
    return InputError(Problem(Place(""), "RW641", f"`{output}` is not the name of a {what}", help))


def _either(words: Mapping[str, None]) -> str:
    *others, last = (f"`{each}`" for each in words)
    return f"{', '.join(others)} or {last}" if others else last
