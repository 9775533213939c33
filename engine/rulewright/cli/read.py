"""`rulewright read`: a policy as a document."""

from __future__ import annotations

from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, complete_policies, handled, rules_option
from .outputs import form_of, write_output
from .terminal import say_text

ENDINGS = {"markdown": (".md",), "html": (".html",)}


@click.command("read", short_help="Show a policy as a document")
@click.argument("policy", required=False, shell_complete=complete_policies)
@rules_option
@click.option(
    "--as",
    "form",
    type=click.Choice(list(ENDINGS)),
    help="The form (default: as the file's name ends, else markdown).",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file: `.md` or `.html`.",
)
@handled
def command(policy: str | None, rules: Path | None, form: str | None, output: Path | None) -> int:
    """Show POLICY (default: the one in force) with all amendments applied, as a document to
    proof-read and hand on.
    """
    from rulewright.handbook.cache import handbook
    from rulewright.handbook.default import policy_meant
    from rulewright.handbook.document import compose
    from rulewright.syntax.file_writer import refuse_unwritable

    if output is not None:
        refuse_unwritable(output)
        form = form_of(output, "document", ENDINGS, form)
    book = Rules(rules)
    document = compose(handbook(book, policy_meant(book, policy)))
    if form == "html":
        from rulewright.documents.html import html as write
    else:
        from rulewright.documents.markdown import markdown as write
    text = write(document)
    if output is None:
        say_text(text)
    else:
        write_output(output, text)
    return FINE
