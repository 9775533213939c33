"""The outcome of a run as text for a person: ratings first, then why, then what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rulewright.decision.outcome import (
    Answer,
    Decision,
    InterpretationShown,
    OtherReading,
    Outcome,
    Unread,
)
from rulewright.syntax.text import few

from .branches import Branch, tree
from .recorder import ExplanationRecorder
from .wording import judged_by, of_judgement

MOST_CHANGES = 4  # of one reading
MOST_RESTING = 3  # on one interpretation


def ratings(decision: Decision) -> tuple[list[str], list[list[str]]]:
    """The published answers as a table: a row for each entity, a column for each attribute or fixed
    member.
    """
    by_entity: dict[str, list[Answer]] = {}
    for answer in decision.answers:
        by_entity.setdefault(answer.entity, []).append(answer)
    rows: dict[str, dict[str, str]] = {}
    columns: dict[str, None] = {}
    for entity, answers in by_entity.items():
        shown = [each for each in answers if each.published]
        holder, _, member = entity.rpartition(" > ")
        for answer in shown:
            is_member = member in decision.members and bool(holder) and len(shown) == 1
            row, column = (holder, member) if is_member else (entity, answer.label)
            columns.setdefault(column)
            rows.setdefault(row, {})[column] = answer.value
    own = [column for column in columns if column not in decision.members]
    ordered = own + [column for column in columns if column not in own]
    order = {entity: index for index, entity in enumerate(by_entity)}
    table = [
        [_indented(row, decision), *(rows[row].get(column, "") for column in ordered)]
        for row in sorted(rows, key=lambda each: order.get(each, 0))
    ]
    return ["", *ordered], table


def _indented(path: str, decision: Decision) -> str:
    if path == decision.root:
        return decision.entity
    steps = path.split(" > ")
    return "  " * (len(steps) - 1) + steps[-1]


def head(outcome: Outcome) -> list[str]:
    """What was decided, under which policy; what it must not be taken for."""
    decision = outcome.decision
    policy = decision.policy
    title = f"{policy.title} ({policy.id})" if policy.title else policy.id
    how = f"{policy.status}; {policy.chosen}; decided as at {decision.as_at}"
    lines = [
        decision.case,
        *([decision.about] if decision.about else []),
        f"policy: {title}, {how}",
    ]
    return lines + stamps(decision)


def stamps(decision: Decision) -> list[str]:
    """What it must not be taken for."""
    return [f"NOT A RATING: {reason}" for reason in decision.not_a_rating]


def why(decision: Decision, everything: bool = False) -> list[Branch]:
    """Why the outermost entity's published answers are what they are; or, where it has none, each
    first one below.
    """
    recorder = ExplanationRecorder(decision, everything)
    published = [each for each in decision.answers if each.published]
    first = [each for each in published if each.entity == decision.root] or published
    if everything:
        first = published
    return [tree(recorder.why(each)) for each in first]


def rests_on(outcome: Outcome, everything: bool = False) -> Iterator[Branch]:
    """Warnings, notes, judgements, what was withdrawn, published, supplied, missing, assumed: each
    under its title.
    """
    if outcome.readings is not None:
        yield other_readings(outcome.readings, outcome.decision, everything)
    for title, section in SECTIONS:
        lines = list((IN_FULL.get(title, section) if everything else section)(outcome.decision))
        if lines:
            yield Branch(title, "head", lines)


def other_readings(
    readings: list[OtherReading], decision: Decision, everything: bool = False
) -> Branch:
    """The other readings that would change something: first those that change the outermost
    entity's main result.

    Before others come those that touch few answers: what concerns every thing in the case says
    least about each.
    """
    main = next(
        (each.attribute for each in decision.answers if each.main and each.entity == decision.root),
        "",
    )
    telling = [each for each in readings if each.changes]
    first = [
        each
        for each in telling
        if any((c.entity, c.attribute) == (decision.root, main) for c in each.changes)
    ]
    counted = f", {len(first)} of them the {main} of {decision.entity}" if main and first else ""
    branch = Branch(
        f"other readings: {len(telling)} of {len(readings)} would change an answer{counted}", "head"
    )
    for each in sorted(
        telling,
        key=lambda each: (each not in first, len(each.changes), each.interpretation, each.reading),
    ):
        line = branch.add(
            f"{each.reading}: {each.meaning} (instead of {each.interpretation}, {each.mark})",
            "rule",
        )
        most = len(each.changes) if everything else MOST_CHANGES
        for change in each.changes[:most]:
            name = f"{change.entity} > {change.attribute}" if change.attribute else change.label
            line.add(f"{name}: {' or '.join(change.then)}, instead of {' or '.join(change.here)}")
        if len(each.changes) > most:
            line.add(f"and {len(each.changes) - most} more (shown with `--all`)", "quiet")
    return branch


def _warnings(decision: Decision) -> Iterator[Branch]:
    yield from _notices(decision, "warning")
    yield from (Branch(each.warning) for each in decision.unread if each.warning)


def _notes(decision: Decision) -> Iterator[Branch]:
    yield from _notices(decision, "note")


def _notices(decision: Decision, kind: str) -> Iterator[Branch]:
    for notice in decision.notices:
        if notice.kind == kind:
            perhaps = "perhaps: " if notice.status == "may fire" else ""
            yield Branch(f"{notice.entity}: {perhaps}{notice.text} [{notice.rule}]")


def _judgements(decision: Decision) -> Iterator[Branch]:
    for answer in decision.answers:
        judged = answer.judgement
        if judged is not None:
            line = Branch(
                f"{answer.entity} > {answer.attribute}: {answer.value}{'; ' if judged.overridden else ', '}{judged_by(judged)}"
            )
            for said in of_judgement(judged):
                line.add(said)
            yield line


def _not_published(decision: Decision) -> Iterator[Branch]:
    for each in decision.not_published:
        until = (
            f"; until then, as given under the earlier approach: {each.given_earlier}"
            if each.given_earlier
            else ""
        )
        cited = ", ".join(" ".join(filter(None, (s.document, s.section))) for s in each.sources)
        words = {
            "withdrawn": "withdrawn",
            "undecided": "perhaps withdrawn",
            "not yet": "to be withdrawn",
        }[each.status]
        yield Branch(
            f"{each.entity} > {each.label}: {words} by {each.withdrawn_by}{until}"
            + (f" - {cited}" if cited else "")
        )


def _published(decision: Decision) -> Iterator[Branch]:
    for each in decision.published:
        here = " or ".join(each.outcome)
        verdict = {
            "agrees": "agrees",
            "differs": f"differs: here {here}",
            "possible": f"is among those possible: {here}",
        }[each.verdict]
        yield Branch(f"{each.entity} > {each.attribute}: {each.published} {verdict}")


def _supplied(decision: Decision) -> Iterator[Branch]:
    for each in decision.supplied:
        yield Branch(
            f"{each.entity} > {each.attribute}: {each.value}"
            + (f" (from {each.origin})" if each.origin else "")
        )


def _missing(decision: Decision) -> Iterator[Branch]:
    for each in decision.missing:
        yield Branch(f"{each.entity} > {each.attribute}")


def _defaults(decision: Decision) -> Iterator[Branch]:
    for each in decision.defaults:
        yield Branch(f"{each.attribute}: {each.value} ({few(each.entities, 3)})")


def _unread(decision: Decision) -> Iterator[Branch]:
    for each in decision.unread:
        yield Branch(unread_line(each, decision))


def _unread_in_full(decision: Decision) -> Iterator[Branch]:
    for each in decision.unread:
        line = Branch(unread_line(each, decision))
        if len(each.facts) > 1:
            line.below = [
                Branch(f"{fact.entity} > {fact.attribute}: {fact.value}") for fact in each.facts
            ]
        yield line


def unread_line(unread: Unread, decision: Decision) -> str:
    """The stated facts of one attribute that nothing reads: a single one with its value, several by
    the things that they are of.
    """
    if len(unread.facts) == 1:
        fact = unread.facts[0]
        return f"{unread.attribute}: {fact.value} ({fact.entity})"
    things = dict.fromkeys(_thing(fact.entity, decision) for fact in unread.facts)
    return f"{unread.attribute}: {len(unread.facts)} facts of {few(list(things), 3)}"


def _thing(path: str, decision: Decision) -> str:
    """The thing that a case lists, of a path that may go on to its fixed members."""
    holder, _, member = path.rpartition(" > ")
    return _thing(holder, decision) if holder and member in decision.members else path


def _interpretations(decision: Decision) -> Iterator[Branch]:
    of_silent = [each for each in decision.interpretations if each.not_fired]
    yield from _interpreted([each for each in decision.interpretations if not each.not_fired])
    if of_silent:
        yield Branch(
            f"and {len(of_silent)} behind rules that did not fire and might have changed an answer (shown with `--all`)",
            "quiet",
        )


def _interpretations_in_full(decision: Decision) -> Iterator[Branch]:
    yield from _interpreted(decision.interpretations)


def _interpreted(interpretations: list[InterpretationShown]) -> Iterator[Branch]:
    for each in interpretations:
        line = Branch(f"{each.id} ({each.mark or 'assumed'}): {each.assumed}")
        if each.resting:
            line.add(f"used for: {few(each.resting, MOST_RESTING)}", "quiet")
        if each.not_fired:
            line.add(
                f"behind rules that did not fire: {few(each.not_fired, MOST_RESTING)}", "quiet"
            )
        yield line


def _rejected(decision: Decision) -> Iterator[Branch]:
    by_reason: dict[str, list[str]] = {}
    for each in decision.policy.rejected:
        by_reason.setdefault(each.reason, []).append(each.policy)
    for reason, policies in by_reason.items():
        yield Branch(f"{', '.join(policies)}: {reason}")


def _settings(decision: Decision) -> Iterator[Branch]:
    for each in decision.parameters:
        if each.set:
            yield Branch(f"{each.name}: {each.value}")


UNREAD = "stated, but not used by this policy"
RELIED_ON = "interpretations relied on"
SECTIONS: tuple[tuple[str, Callable[[Decision], Iterator[Branch]]], ...] = (
    ("warnings", _warnings),
    ("notes", _notes),
    ("judgements", _judgements),
    ("not published", _not_published),
    ("published ratings", _published),
    ("supplied from outside", _supplied),
    ("missing facts that matter", _missing),
    ("defaults relied on", _defaults),
    (UNREAD, _unread),
    (RELIED_ON, _interpretations),
    ("policies not chosen", _rejected),
    ("parameters set for this run", _settings),
)
IN_FULL = {UNREAD: _unread_in_full, RELIED_ON: _interpretations_in_full}  # with `--all`


def table_lines(columns: list[str], rows: list[list[str]]) -> list[str]:
    """A table in plain text, its columns aligned."""
    widths = [max(len(row[i]) for row in [columns, *rows]) for i in range(len(columns))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [columns, *rows]
    ]
