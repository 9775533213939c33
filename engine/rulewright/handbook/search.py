"""Finding one thing of a rulebook by its name, in every policy in which it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.text import key

from .names import entry_of, together
from .record import (
    Connection,
    Handbook,
    HandbookEntry,
    InterpretationCard,
    ParameterCard,
    with_inner,
)

Card = HandbookEntry | ParameterCard | InterpretationCard


@dataclass(frozen=True, slots=True)
class Standing:
    """A policy in which something stands, or from which it was repealed, and what amendments did to
    it there.
    """

    policy: str
    stands: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Something in one policy: the card, and how it stands to everything else."""

    policy: str
    name: str
    card: Card
    overridden_by: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    connection: Connection = Connection()
    standing: tuple[Standing, ...] = ()
    scenarios: tuple[str, ...] | None = None


def find(books: dict[str, Handbook], policy: str, name: str) -> SearchResult:
    """What `name` stands for in a policy; a trail's id of one fixed member is the rule as written.

    Raises `InputError` (RW612), which names the nearest, or a policy that has it.
    """
    book = books[policy]
    name = book.spellings.get(name, name)
    card = _card(book, name)
    if card is None:
        elsewhere = [each for each, other in books.items() if _card(other, name) is not None]
        known = list(names(book))
        word = _word(book, name)
        if elsewhere:
            help = f"it stands in {', '.join(f'`{each}`' for each in elsewhere)}; use `--policy`"
        else:
            help = (
                f"it is a word of the vocabulary: `rulewright words '{word}'`"
                if word
                else nearest(name, known)
            )
        raise InputError(
            Problem(Place(""), "RW612", f"there is nothing called `{name}` in `{policy}`", help)
        )
    standing = tuple(
        found for each in books.values() if (found := _standing(each, name)) is not None
    )
    if not isinstance(card, HandbookEntry):
        rests = card.interpretations if isinstance(card, ParameterCard) else ()
        return SearchResult(policy, name, card, rests_on=rests, standing=standing)
    return SearchResult(
        policy,
        name,
        card,
        _overridden_by(book, name),
        _rests_on(book, name, card),
        _connection(book, card, name),
        standing,
    )


def names(book: Handbook) -> dict[str, None]:
    """Everything in a policy that can be asked about, in the order of the document."""
    found: dict[str, None] = {}
    for entry in with_inner(book.entries):
        found[entry.id] = None
        found.update(
            (f"{entry.id}[{row.id}]", None) for row in (entry.grid.rows if entry.grid else ())
        )
    for entry in book.entries:
        if entry.kind == "use":
            found.update((each, None) for each in book.connections if entry_of(each) == entry.id)
    found.update((each.id, None) for each in book.parameters)
    found.update((each.id, None) for each in book.interpretations)
    return found


def _card(book: Handbook, name: str) -> Card | None:
    for entry in with_inner(book.entries):
        if entry.id == name:
            return entry
        row = (
            name[len(entry.id) + 1 : -1]
            if entry.grid and name.startswith(f"{entry.id}[") and name.endswith("]")
            else ""
        )
        if row and entry.grid:
            kept = tuple(each for each in entry.grid.rows if key(each.id) == key(row))
            if kept:
                only = replace(entry.grid, rows=(replace(kept[0], citations=()),))
                return replace(
                    entry,
                    id=f"{entry.id}[{kept[0].id}]",
                    grid=only,
                    citations=kept[0].citations or entry.citations,
                )
    own: tuple[Card, ...] = (*book.parameters, *book.interpretations)
    return next((each for each in own if key(each.id) == key(name)), None) or _rule_of_a_use(
        book, name
    )


def _rule_of_a_use(book: Handbook, name: str) -> HandbookEntry | None:
    """`aggregation.good@service`: the rule of the principle, seen at one use."""
    rule, at, _ = name.partition("@")
    use = next((each for each in book.entries if at and each.id == entry_of(name)), None)
    inner = next((each for each in with_inner(book.entries) if each.id == rule), None)
    if use is None or inner is None or rule in use.dropped:
        return None
    principle = next(
        (each.of_change for each in book.entries if each.id == use.id.partition("@")[0]), ()
    )
    cited = dict.fromkeys((*(inner.citations or use.citations), *use.of_change, *principle))
    return replace(
        inner,
        id=name,
        of=use.of,
        when=(*inner.when, *use.when),
        unless=(*inner.unless, *use.unless),
        remarks=(*inner.remarks, *use.remarks),
        citations=tuple(cited),
    )


def _word(book: Handbook, name: str) -> str:
    """A thing, a member or an attribute of that name, also as amendments name it: `key question >
    safe`.
    """
    wanted = key(name.rpartition(" > ")[2])
    known = (word for thing in book.things for word in (thing.name, *thing.members))
    return next(
        (each for each in (*known, *(each.name for each in book.words)) if key(each) == wanted), ""
    )


def _overridden_by(book: Handbook, name: str) -> tuple[str, ...]:
    """The entries that go before it.

    Inside a principle rules call one another by their short names.
    """
    wanted = {
        name,
        entry_of(name),
        name.partition("@")[0],
        name.partition("@")[0].rpartition(".")[0],
    } - {""}
    found = []
    for entry in with_inner(book.entries):
        inside = entry.id.partition("@")[0].rpartition(".")[0]
        if (
            wanted & {*entry.overrides, *(f"{inside}.{each}" for each in entry.overrides if inside)}
            and entry.id != name
        ):
            found.append(entry.id)
    return tuple(found)


def _rests_on(book: Handbook, name: str, card: HandbookEntry) -> tuple[str, ...]:
    """Its own interpretations, those of its use and of its principle, and of the rules written
    inside it.
    """
    whole = {
        name,
        entry_of(name),
        name.partition("@")[0],
        name.partition("@")[0].rpartition(".")[0],
    }
    near = [
        each
        for each in with_inner(book.entries)
        if each.id in whole or each.id.rpartition(".")[0] == name
    ]
    return tuple(dict.fromkeys(each for entry in (card, *near) for each in entry.interpretations))


def _connection(book: Handbook, card: HandbookEntry, name: str) -> Connection:
    own = [
        each
        for each in book.connections
        if name in (each, entry_of(each), each.partition("@")[0])
        or (card.kind == "principle" and each.startswith(f"{name}."))
        or (card.grid is not None and each == card.id)
    ]
    return together(book.connections, own)


def _about(changed: str, own: str, card: Card | None) -> bool:
    """Whether a change is one of this thing, or of a row or a rule inside it."""
    inside = isinstance(card, HandbookEntry) and (
        entry_of(changed) == own or (card.kind == "principle" and changed.startswith(f"{own}."))
    )
    return changed == own or inside


def _standing(book: Handbook, name: str) -> Standing | None:
    card = _card(book, name)
    own = card.id if card is not None else name
    said = tuple(
        f"{'' if each.name == own else f'`{each.name}` '}{each.action} by {amendment.policy}"
        for amendment in book.amendments
        for each in amendment.changes
        if _about(each.name, own, card)
    )
    if card is None and not said:
        return None
    return Standing(book.policy, card is not None, said)
