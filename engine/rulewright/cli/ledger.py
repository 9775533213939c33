"""`rulewright ledger`: decisions on record, listed, shown, verified, made again, checked again,
exported, their head signed.
"""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

import click

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.workbench import Rules

from .common import DIFFERENT, FINE, handled, json_option
from .ledger_options import entry_option, ledger_argument, open_ledger, told_where_broken
from .ledger_recheck import recheck
from .numbers import WholeNumber
from .outputs import form_of, write_output
from .terminal import say, say_all, say_json

path = click.Path(path_type=Path)
NOTED = 5  # clocks that were wrong, told one by one
EXPORTS = {"jsonl": (".jsonl",), "prov": (".prov", ".jsonld")}  # the endings of each form


@click.group("ledger", short_help="Keep decisions on record and verify them")
def command() -> None:
    """Decisions on record: an append-only file, chained, that anybody can verify and make again."""


command.add_command(recheck)


@command.command("list", short_help="List entries, all or those with some words")
@ledger_argument
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@json_option
@handled
@told_where_broken
def list_entries(ledger: Path, words: tuple[str, ...], as_json: bool) -> int:
    """List the entries, or those in which all of the WORDS occur: what was recorded when, of which
    case, with which ratings.
    """
    from rulewright.ledger.listing import lines, listing
    from rulewright.ledger.records import report

    with open_ledger(ledger) as opened, opened.snapshot():
        entries = listing(opened, words)
        if as_json:
            found = say_all((report(each.to_json()) for each in entries), say_json)
        else:
            found = say_all(chain.from_iterable(map(lines, entries)))
    if words and not found and not as_json:
        say("no entry matches all these words")
    return FINE


@command.command("show", short_help="Show one entry and its decision")
@ledger_argument
@click.argument("number", metavar="N", type=WholeNumber(1, 2**63 - 1))
@click.option(
    "--all", "everything", is_flag=True, help="Explain everything, not only what decided."
)
@click.option(
    "--rules", type=path, help="Folder of the rulebook, to try its other readings on the case."
)
@json_option
@handled
@told_where_broken
def show(ledger: Path, number: int, everything: bool, rules: Path | None, as_json: bool) -> int:
    """Show entry N: who recorded it and why, then the decision as it was."""
    from rulewright.decision.outcome import MadeBy, Outcome, plain
    from rulewright.ledger.entry_report import agreeing, readings_of_entry
    from rulewright.ledger.envelope import named, overtaken, standing
    from rulewright.ledger.records import report, shown

    from .outcomes import write_outcome

    with open_ledger(ledger) as opened:
        entry = opened.readable(opened.genuine(number))
        later, set_back = opened.successor(number), opened.set_back(entry)
        readings, why_untried = (
            (None, "") if rules is None else readings_of_entry(opened, entry, Rules(rules))
        )
    envelope = entry.envelope
    if why_untried:
        say(f"note: other readings were not tried: {why_untried}", err=True)
    if as_json:
        say_json(report(shown(entry, later.number if later else None, readings)))
        return FINE
    say(
        f"entry {number}: {named(envelope.kind, envelope.supersedes)}"
        + (f", {overtaken(later)}" if later else "")
    )
    approved = f", approved by {envelope.approved_by}" if envelope.approved_by else ""
    say(f"recorded at {envelope.recorded_at} by {envelope.recorded_by}{approved}")
    if set_back:
        say(f"note: {set_back}")
    if envelope.reason:
        say(f"reason: {envelope.reason}")
    say(entry.hash, "")
    if not_in_effect := standing(envelope, later):
        say(f"NOT IN EFFECT: {not_in_effect}", "")
    made = envelope.made_by
    with agreeing(number, str(ledger)):
        write_outcome(
            Outcome(entry.decision, MadeBy(**plain(made), rules={}, facts=[]), readings=readings),
            everything,
        )
    return FINE


@command.command("verify", short_help="Check every digest and the chain")
@ledger_argument
@click.option(
    "--head",
    "published",
    metavar="FILE",
    type=path,
    help="A head that was published: the ledger must go on from it.",
)
@click.option("--key", metavar="PUB", type=path, help="The public key of whoever signed the head.")
@json_option
@handled
@told_where_broken
def verify(ledger: Path, published: Path | None, key: Path | None, as_json: bool) -> int:
    """Check every digest and the chain. No rulebook is needed."""
    from rulewright.ledger.heads import Head, proved
    from rulewright.ledger.records import Verified, report

    if key is not None and published is None:
        raise InputError(
            Problem(Place(""), "RW916", "a key is given, and no head", "give `--head FILE` too")
        )
    head: Head | None = None
    if published is not None:
        from rulewright.ledger.signatures import published_head

        head = published_head(published, key)
    with open_ledger(ledger) as opened:
        verified = opened.verification(head)
    found, signed, set_back = (
        verified.head,
        key is not None,
        [each.number for each in verified.set_back],
    )
    if not as_json:
        say(proved(found, head, signed))
        for each in verified.set_back[:NOTED]:
            say(str(each.problem(str(ledger))), err=True)
        if len(set_back) > NOTED:
            say(
                f"and {len(set_back) - NOTED:,} more entries have a time before that of the entry before",
                err=True,
            )
    elif head is None:
        say_json(report(Verified(True, found.to_json(), set_back=set_back)))
    else:
        newer = found.entries - head.entries
        say_json(
            report(
                Verified(
                    True,
                    found.to_json(),
                    compared_with=head.to_json(),
                    signed=signed,
                    newer=newer,
                    set_back=set_back,
                )
            )
        )
    return FINE


@command.command("replay", short_help="Make recorded decisions again and compare them")
@ledger_argument
@entry_option
@json_option
@handled
@told_where_broken
def replay(ledger: Path, numbers: tuple[int, ...], as_json: bool) -> int:
    """Make each decision again from its stored program and case, with both engines, and compare
    every byte.
    """
    from rulewright.ledger.records import report

    count = different = 0
    with open_ledger(ledger) as opened:
        for each in opened.replay(numbers or None):
            count += 1
            different += not each.same
            if as_json:
                say_json(report(each))
            elif not each.same:
                say(
                    f"{opened.shown}: RW914 entry {each.number}, `{each.case}`: {each.difference}",
                    err=True,
                )
    if not as_json:
        say(f"{count - different:,} of {count:,} made again, the same in every byte")
    return DIFFERENT if different else FINE


@command.command("export", short_help="Write all entries in a public form")
@ledger_argument
@click.option(
    "--as",
    "form",
    type=click.Choice(list(EXPORTS)),
    help="JSON lines, complete; or W3C PROV as JSON-LD (default: as the file's name ends, else jsonl).",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=path,
    help="The file to write (default: print): `.jsonl`, `.prov` or `.jsonld`.",
)
@handled
@told_where_broken
def export(ledger: Path, form: str | None, output: Path | None) -> int:
    """Write all entries in a public form; first the ledger is verified."""
    from rulewright.ledger.export import json_lines
    from rulewright.ledger.provenance import prov_lines
    from rulewright.syntax.file_writer import refuse_unwritable

    if output is not None:
        refuse_unwritable(output)
        form = form_of(output, "ledger export", EXPORTS, form)
    with open_ledger(ledger) as opened, opened.snapshot():
        opened.verify()  # what is passed on would be taken for what was recorded
        lines = (prov_lines if form == "prov" else json_lines)(opened)
        if output is None:
            say_all(lines, say_json)
        else:
            write_output(output, (f"{line}\n".encode() for line in lines))
    return FINE


@command.command("head", short_help="Print the number of entries and the last hash")
@ledger_argument
@click.option(
    "--sign",
    "key",
    metavar="KEY",
    type=path,
    help="Print it signed with this private key, as `ledger sign` does.",
)
@json_option
@handled
@told_where_broken
def head(ledger: Path, key: Path | None, as_json: bool) -> int:
    """Print how many entries there are and the hash of the last: published, it fixes them all."""
    with open_ledger(ledger) as opened:
        found = opened.verify()  # a head of a broken ledger would vouch for it
    if key is not None:
        from rulewright.ledger.signatures import sign

        say_json(_json(sign(found, key)))
    else:
        say(found.bytes().decode() if as_json else str(found))
    return FINE


@command.command("sign", short_help="Sign the head")
@ledger_argument
@click.option(
    "--key",
    metavar="KEY",
    type=path,
    required=True,
    help="The private key, as `ledger keygen` makes one.",
)
@click.option(
    "-o", "--output", metavar="FILE", type=path, help="The file to write (default: print)."
)
@handled
@told_where_broken
def sign_head(ledger: Path, key: Path, output: Path | None) -> int:
    """Sign the head: a DSSE envelope around an in-toto statement, with Ed25519."""
    from rulewright.ledger.signatures import sign

    with open_ledger(ledger) as opened:
        signed = _json(sign(opened.verify(), key))
    if output is None:
        say_json(signed)
        return FINE
    write_output(output, f"{signed}\n")
    return FINE


@command.command("keygen", short_help="Make a pair of keys")
@click.argument("name", metavar="NAME", type=path)
@handled
def keygen(name: Path) -> int:
    """Make a pair of keys: NAME.key, for the signer alone, and NAME.pub, for everybody."""
    from rulewright.ledger.signatures import make_keys

    private, public = make_keys(name)
    say(f"wrote {private}, which only you may read, and {public}, which you publish")
    return FINE


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
