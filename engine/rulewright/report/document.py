"""The report as a document: which sections there are, in which order, and what each says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulewright.decision.outcome import Answer, Decision, FiringShown, InterpretationShown
from rulewright.documents.document import (
    Block,
    Id,
    Line,
    ListEntry,
    Listing,
    Matrix,
    Page,
    Paragraph,
    Section,
    Strong,
    TermList,
)
from rulewright.explain import reasons_page
from rulewright.explain.branches import Branch
from rulewright.explain.page import SECTIONS, ratings, unread_line
from rulewright.explain.sentences import sentence
from rulewright.explain.why_not import page as why_not_page
from rulewright.explain.wording import cited, parameter_words
from rulewright.ir.program import Interpretation
from rulewright.syntax.text import few

from .record import Report
from .robustness import hinging

MOST_NAMED = 3  # published ratings that agree, each in a sentence of its own
NOT_PUBLISHED = dict(SECTIONS)["not published"]
NO_BREAK = "\u00a0\u00a0"


def compose(report: Report) -> Page:
    """The whole report."""
    decision = report.decision
    sections = [
        Section("The rating", "rating", tuple(_rating(report))),
        Section("Why", "why", tuple(_why(report))),
        Section("What stood in the way of a better one", "better", tuple(_better(report))),
        Section("What it hinges on", "hinges", tuple(hinging(report))),
        Section("The services and what was found there", "services", tuple(_services(decision))),
        Section("What was assumed", "assumed", tuple(_assumed(report))),
        Section("Every rule that fired", "rules", tuple(_rules(decision))),
        Section("The documents", "documents", tuple(_documents(report))),
        Section("The record", "record", tuple(_record(report))),
    ]
    return Page(
        _title(report),
        _kind(report),
        _facts(report),
        tuple(each for each in sections if each.blocks),
        report.canonical,
    )


def _title(report: Report) -> str:
    main = report.main
    title = (
        f"{report.decision.entity}: {main.label}, {main.value}"
        if main is not None
        else report.decision.case
    )
    if report.recorded is None or not report.recorded.standing:
        return title
    return f"{title} ({'what-if' if report.recorded.what_if else 'not in effect'})"


def _kind(report: Report) -> str:
    return (
        "Report on a what-if"
        if report.recorded is not None and report.recorded.what_if
        else "Report on a decision"
    )


def _facts(report: Report) -> TermList:
    decision = report.decision
    policy = decision.policy
    pairs: list[tuple[str, Line]] = [("Case", (decision.case,))]
    if decision.about:
        pairs.append(("About", (decision.about,)))
    if report.disclaimer:
        pairs.insert(0, ("Please note", (report.disclaimer,)))
    pairs.append(
        (
            "Policy",
            (policy.title or policy.id, " ", Id(policy.id), f", {policy.status}; {policy.chosen}"),
        )
    )
    pairs.append(("Decided as at", (decision.as_at,)))
    pairs += [("Not a rating", (Strong(reason),)) for reason in decision.not_a_rating]
    if report.recorded is not None and report.recorded.standing:
        pairs.insert(0, ("Not in effect", (Strong(report.recorded.standing),)))
    if report.recorded is not None:
        pairs.append(("Recorded", (f"entry {report.recorded.entry} of {report.recorded.ledger}",)))
    return TermList(tuple(pairs))


# -- the rating and why


def _rating(report: Report) -> Iterator[Block]:
    for number, explanation in enumerate(report.explanations):
        said = sentence(explanation)
        yield Paragraph((Strong(said),) if number == 0 else (said,))
    for notice in report.decision.notices:
        if notice.kind == "warning":
            perhaps = "Perhaps: " if notice.status == "may fire" else ""
            yield Paragraph((f"{perhaps}{_capital(notice.text)}.",), "remark")
    for unread in report.decision.unread:
        if unread.warning:
            yield Paragraph((f"{_capital(unread.warning)}.",), "remark")
    yield from _as_published(report.decision)
    head, rows = ratings(report.decision)
    if rows:
        lines = tuple(((_indented(row[0]),), *((cell or "–",) for cell in row[1:])) for row in rows)
        yield Matrix("All published ratings", ("What is rated", *head[1:]), lines)
    hidden = list(NOT_PUBLISHED(report.decision))
    if hidden:
        yield Paragraph((Strong("Not published"),))
        yield Listing(tuple(_entry(each) for each in hidden))


def _as_published(decision: Decision) -> Iterator[Block]:
    """How the answers compare with the ratings that the case says were published: many that agree
    are told in one sentence.
    """
    agree = [each for each in decision.published if each.verdict == "agrees"]
    together = len(agree) > MOST_NAMED
    if together:
        yield Paragraph(
            (f"{len(agree)} published ratings that the case states agree with the answers here.",)
        )
    for each in decision.published:
        if not (together and each.verdict == "agrees"):
            words = {
                "agrees": "which agrees",
                "differs": f"which differs from {' or '.join(each.outcome)} here",
                "possible": "which is among those possible here",
            }[each.verdict]
            yield Paragraph(
                (f"Published as {each.entity} > {each.attribute}: {each.published}, {words}.",)
            )


def _indented(name: str) -> str:
    """A name that stands as far to the right as what it names lies below the outermost thing."""
    bare = name.lstrip(" ")
    return f"{NO_BREAK * (len(name) - len(bare))}{bare}"


def _why(report: Report) -> Iterator[Block]:
    for number, explanation in enumerate(report.explanations):
        inner = tuple(_titled(reasons_page.sections(explanation)))
        if not inner:
            continue
        if len(report.explanations) == 1:
            yield from inner
        else:
            answer = report.answers[number] if number < len(report.answers) else None
            title = answer.label if answer is not None else explanation.why.attribute
            name = (
                f"{answer.entity} > {title}"
                if answer is not None and answer.entity != report.decision.root
                else title
            )
            yield Section(_capital(name), f"why-{number + 1}", inner)


def _better(report: Report) -> Iterator[Block]:
    if report.better is None:
        return
    yield Paragraph((why_not_page.sentence(report.better),))
    yield from _titled(why_not_page.sections(report.better))


def _titled(branches: Iterable[Branch]) -> Iterator[Block]:
    """Branches with titles: each as a small heading and a list."""
    for branch in branches:
        yield Paragraph((Strong(_capital(branch.text)),))
        if branch.below:
            yield Listing(tuple(_entry(each) for each in branch.below))


def _entry(branch: Branch) -> ListEntry:
    below = (Listing(tuple(_entry(each) for each in branch.below)),) if branch.below else ()
    return ListEntry((branch.text,), below)


# -- the services and the rules


def _services(decision: Decision) -> Iterator[Block]:
    notes = [each for each in decision.notices if each.kind == "note"]
    if notes:
        yield Listing(
            tuple(
                ListEntry(
                    (
                        f"{each.entity}: {'perhaps: ' if each.status == 'may fire' else ''}{each.text}",
                    )
                )
                for each in notes
            )
        )
    below = [
        each
        for each in decision.answers
        if each.published
        and each.main
        and each.entity != decision.root
        and each.entity.rpartition(" > ")[2] not in decision.members
    ]
    by_value: dict[tuple[str, str], list[Answer]] = {}
    for answer in below:
        by_value.setdefault((answer.label, answer.value), []).append(answer)
    rows = [
        (
            (f"{label}: {value}",),
            (str(len(answers)),),
            (", ".join(each.entity for each in answers),),
        )
        for (label, value), answers in sorted(by_value.items())
    ]
    if rows:
        yield Matrix("Ratings below, by their value", ("Rating", "How many", "Of"), tuple(rows))


def _rules(decision: Decision) -> Iterator[Block]:
    written = {(each.entity, each.rule): each.text for each in decision.notices}
    rows = tuple(
        _firing(each, "" if each.attribute else written.get((each.entity, each.rule), ""))
        for each in decision.firings
    )
    if rows:
        yield Paragraph(
            (
                "In the order in which they follow from one another. What may fire hangs on missing facts.",
            )
        )
        yield Matrix(
            "Rules that fired", ("No.", "Where", "Rule", "It says", "Source", "Rests on"), rows
        )


def _firing(firing: FiringShown, written: str) -> tuple[Line, ...]:
    """A rule in a row of the table.

    `written`: what a note or warning came to, its lists filled in.
    """
    where = f"{firing.entity} > {firing.attribute}" if firing.attribute else firing.entity
    says = ("otherwise " if firing.effect == "otherwise" else "") + (written or firing.conclusion)
    if firing.status == "may fire":
        says += " (may fire)"
    if firing.defeated_by:
        says += f" (defeated by {', '.join(firing.defeated_by)})"
    rests_on = ", ".join(firing.interpretations) or "–"
    return (
        (str(firing.number),),
        (where,),
        (Id(firing.rule),),
        (says,),
        (cited(firing.sources) or "–",),
        (rests_on,),
    )


# -- what it rests on, and the record


def _assumed(report: Report) -> Iterator[Block]:
    decision = report.decision
    relied_on = [each for each in decision.interpretations if not each.not_fired]
    if relied_on:
        yield Paragraph((Strong("Where the text does not decide"),))
        yield Listing(tuple(_assumption(each, report) for each in relied_on))
    if report.besides:
        yield Paragraph(
            (
                Strong(
                    "Where the text does not decide, of rules that did not fire and are named above"
                ),
            )
        )
        yield Listing(tuple(_assumption(each, report) for each in report.besides))
    if decision.defaults:
        yield Paragraph((Strong("Where the case says nothing"),))
        yield Listing(
            tuple(
                ListEntry((f"{each.attribute}: {each.value} ({_some(each.entities)})",))
                for each in decision.defaults
            )
        )
    if decision.unread:
        yield Paragraph((Strong("Stated in the case, but not used by this policy"),))
        yield Listing(tuple(ListEntry((unread_line(each, decision),)) for each in decision.unread))
    if decision.supplied:
        yield Paragraph((Strong("Taken from outside; the rules for it were not asked"),))
        yield Listing(
            tuple(
                ListEntry(
                    (
                        f"{each.entity} > {each.attribute}: {each.value}"
                        + (f" (from {each.origin})" if each.origin else ""),
                    )
                )
                for each in decision.supplied
            )
        )


def _assumption(found: InterpretationShown | Interpretation, report: Report) -> ListEntry:
    """An assumption in words; where the other readings were not run, with what they say."""
    because = f" Because {found.because}." if found.because else ""
    resting = few(found.resting, MOST_NAMED) if isinstance(found, InterpretationShown) else ""
    used = f" Used for {resting}." if resting else ""
    others = tuple(
        ListEntry((f"It could also mean: {each.meaning or each.name}.",))
        for each in report.untried.get(found.id, ())
    )
    below = (Listing(others),) if others else ()
    return ListEntry(
        (f"{_capital(found.assumed)} ({found.mark or 'assumed'}).{because}{used} ", Id(found.id)),
        below,
    )


def _some(entities: list[str]) -> str:
    return ", ".join(entities) if len(entities) <= 3 else f"{len(entities)} times"


def _documents(report: Report) -> Iterator[Block]:
    entries = []
    for each in report.documents:
        publisher = f"{each.publisher}, " if each.publisher else ""
        said = f"{each.title}; {publisher}{each.date or 'undated'}; seen {each.seen}. "
        remarks = tuple(
            ListEntry((_capital(remark),)) for remark in report.remarks.get(each.id, [])
        )
        entries.append(
            ListEntry(
                (said, Id(each.id)),
                (Listing(remarks),) if remarks else (),
                anchor=f"document-{each.id}",
            )
        )
    if entries:
        yield Listing(tuple(entries))
    licences = sorted({each.licence for each in report.documents if each.licence})
    for licence in licences:
        yield Paragraph((licence,), "source")


def _record(report: Report) -> Iterator[Block]:
    decision, made = report.decision, report.made_by
    pairs: list[tuple[str, Line]] = [
        ("Program", (Id(decision.program_digest),)),
        ("Case", (Id(decision.case_digest),)),
        (
            "Answered by",
            (
                f"{' and '.join(made.engines)}, version {made.version}"
                + (f"; {made.note}" if made.note else ""),
            ),
        ),
    ]
    pairs += [(f"Not chosen: {each.policy}", (each.reason,)) for each in decision.policy.rejected]
    pairs += [
        (each.name, (parameter_words(each).removeprefix(f"{each.name}: "),))
        for each in decision.parameters
    ]
    if report.recorded is not None:
        pairs += [(name, (value,)) for name, value in report.recorded.facts]
    yield TermList(tuple(pairs))
    yield Paragraph(
        (
            "The whole record of the decision is embedded in this page for machines, as canonical JSON (RFC 8785), in the element "
            "with the id ",
            Id("record-json"),
            ".",
        )
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
