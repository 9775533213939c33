"""An explanation on one page, from its record alone: the sentence, what decided, what did not, and
what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulewright.decision.outcome import JudgedShown
from rulewright.syntax.text import few

from .branches import Branch, of_a_fact, own_word, plain_lines
from .record import (
    Assumption,
    AttributeSeen,
    ConditionShown,
    CountShown,
    Explained,
    Explanation,
    Part,
    Role,
)
from .sentences import because, is_value, numbers, of_how_many, sentence
from .wording import (
    cited,
    headline,
    hidden_headline,
    items,
    judged_by,
    near,
    of_item,
    of_judgement,
    parameter_inside,
    parameter_words,
)

MARKS = {"met": "", "undecided": "undecided: ", "not met": "not met: "}
SAME = 3  # more items than this are not listed where all have one value
TITLES: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("decided by", ("decided",)), ("may be decided by", ("may decide",)), ("lowered by the limit", ("limited",)),
    ("perhaps lowered by the limit", ("may limit",)), ("rules that disagree", ("disagreed",)), ("defeated", ("defeated",)),
    ("fired without effect", ("without effect",)),
)  # fmt: skip
MAY_FIRE = "may fire, and whether it does makes no difference"


def page(explanation: Explanation) -> list[str]:
    """The page, line by line, without the colours of a terminal."""
    lines = head(explanation)
    for branch in sections(explanation):
        lines += ["", *plain_lines(branch)]
    return lines


def head(explanation: Explanation) -> list[str]:
    """What was asked, the sentence, and under which policy."""
    asked = explanation.asked
    lines = [
        hidden_headline(explanation.why, explanation.withdrawn) or headline(explanation.why),
        sentence(explanation),
        "",
        f"case: {asked.case}",
        *([asked.about] if asked.about else []),
        f"policy: {asked.under}",
    ]
    if explanation.published is not None:
        verdict = {"agrees": "agrees", "differs": "differs", "possible": "is among those possible"}[
            explanation.published.verdict
        ]
        lines.append(f"published rating: {explanation.published.published}, which {verdict}")
    return lines + [f"NOT A RATING: {reason}" for reason in asked.not_a_rating]


def sections(explanation: Explanation) -> Iterator[Branch]:
    """What follows the head, each under its title."""
    withdrawn = explanation.withdrawn
    if withdrawn is not None:
        until = (
            f"; until then, as given under the earlier approach: {withdrawn.given_earlier}"
            if withdrawn.given_earlier
            else ""
        )
        words = {
            "withdrawn": "withdrawn",
            "undecided": "perhaps withdrawn",
            "not yet": "to be withdrawn",
        }[withdrawn.status]
        source = f" - {cited(withdrawn.sources)}" if withdrawn.sources else ""
        yield Branch(
            "not published", "head", [Branch(f"{words} by {withdrawn.withdrawn_by}{until}{source}")]
        )
        if withdrawn.status == "withdrawn":
            return
    found = explanation.why
    if found.fact is not None:
        yield Branch("a fact of the case", "head", [Branch(of_a_fact(found.fact))])
    if found.origin == "supplied":
        origin = f", from {found.supplied_from}" if found.supplied_from else ""
        yield Branch(f"supplied from outside{origin}; its rules were not asked", "head")
    yield from _judged(found)
    judged = found.judgement is not None and not found.judgement.overridden
    for title, roles in TITLES:
        title = (
            f"what the rules gave was {title}"
            if judged and title in ("decided by", "lowered by the limit")
            else title
        )
        parts = [each for each in (*found.parts, *found.considered) if each.role in roles]
        open_ones = [
            each for each in parts if each.role == "without effect" and each.status == "may fire"
        ]
        fired = [each for each in parts if each not in open_ones]
        for named, of in ((title, fired), (MAY_FIRE, open_ones)):
            if of:
                yield Branch(named, "head", [_rule(each, found) for each in of])
    yield from _silent(found)
    if found.missing:
        yield Branch(
            "missing facts that it depends on", "head", [Branch(each) for each in found.missing]
        )
    yield from _rests_on(found, explanation)


def _judged(found: Explained) -> Iterator[Branch]:
    if found.judgement is not None:
        yield judgement(found.judgement)


def judgement(judged: JudgedShown) -> Branch:
    """A judgement under its title: who judged, when and why, and what became of it."""
    return Branch(
        "judged",
        "head",
        [
            Branch(each)
            for each in (judged_by(judged).removeprefix("judged "), *of_judgement(judged))
        ],
    )


def _silent(found: Explained) -> Iterator[Branch]:
    """Limits that did not act and rules that did not fire."""
    silent = [each for each in found.considered if each.role == "did not fire"]
    for title, of in (
        ("limits that did not act", [each for each in silent if each.effect == "limit"]),
        (
            "would have overridden it, but did not fire",
            [each for each in silent if each.effect != "limit" and each.overrides],
        ),
        (
            "did not fire",
            [each for each in silent if each.effect != "limit" and not each.overrides],
        ),
    ):
        if of:
            yield Branch(title, "head", [_rule(each, found) for each in of])


def _rule(part: Part, found: Explained) -> Branch:
    """A rule with its conditions, and the items that they counted."""
    word = "otherwise " if part.effect == "otherwise" else ""
    branch = Branch(
        f"{word}{part.conclusion} [{part.rule}]", "rule" if part.role != "did not fire" else ""
    )
    if part.sources and part.role != "did not fire":
        branch.add(f"source: {cited(part.sources)}", "quiet")
    if part.defeated_by:
        branch.add(f"defeated by {', '.join(part.defeated_by)}", "quiet")
    if part.rests_on and part.role != "did not fire":
        branch.add(
            f"rests on the interpretation {', '.join(each.id for each in part.rests_on)}", "quiet"
        )
    for parameter in part.parameters:
        branch.add(parameter_words(parameter), "quiet")
    for condition in part.conditions:
        _condition(branch, condition, found.entity, part.role == "did not fire")
    for read in part.looked_at:
        branch.add(_looked(read, found.entity), "quiet")
    for count in part.counts:
        _items(branch, count, found.entity)
    return branch


def _condition(branch: Branch, condition: ConditionShown, entity: str, failing_only: bool) -> None:
    if failing_only and condition.status == "met":
        return
    text = f"{condition.kind}:" if condition.parts and condition.kind else condition.text
    line = branch.add(
        f"{MARKS[condition.status]}{text}{_stands(condition)}",
        "met" if condition.status == "met" else "",
    )
    if condition.because:
        line.add(f"because: {condition.because}", "quiet")
    if condition.period:
        line.add(condition.period, "quiet")
    for part in condition.parts:
        _condition(line, part, entity, failing_only=False)
    for read in condition.looked_at:
        if read.below is not None and read.below.kind == "own word":
            line.add(own_word(read.below), "quiet")
    for count in condition.counts if condition.kind != "comparison" or not failing_only else ():
        _items(line, count, entity, short=failing_only)


def _stands(condition: ConditionShown) -> str:
    """What was there."""
    if condition.kind == "quantity":
        return f": {of_how_many(condition.counts[0])}" + (
            f", needed {condition.needed}" if condition.status != "met" else ""
        )
    if condition.parts:
        return ""
    if condition.kind:
        own = [
            f"the {each.attribute} is {each.shown}"
            for each in condition.looked_at
            if not condition.about or (each.below is None and each.how == "default")
        ]
        default = (
            " (not stated: the default)"
            if condition.about and any(each.how == "default" for each in condition.looked_at)
            else ""
        )
        formula = f" ({'; '.join(own)})" if own and not condition.about else ""
        given = "".join(f" ({parameter_inside(each)})" for each in condition.parameters)
        return f": {condition.actual}{default}{formula}{given}"
    return numbers(condition)


def _items(line: Branch, count: CountShown, entity: str, short: bool = False) -> None:
    """The items of a count; `short`: not those that did not count."""
    for words, reads in (
        ("counted", count.counted),
        ("perhaps", count.undecided),
        ("not counted", count.not_counted),
        ("passed over", count.passed_over),
    ):
        if reads and not (short and words == "not counted"):
            line.add(f"{words}: {listed(reads, count, entity)}", "quiet")


def listed(reads: list[AttributeSeen], count: CountShown, entity: str) -> str:
    """The items of a count; where many have one value, their number and that value."""
    values = {of_item(each) for each in reads}
    if (
        len(reads) > SAME
        and len(values) == 1
        and len(reads) == len(count.counted) + len(count.not_counted) + len(count.undecided)
    ):
        return f"all {len(reads)} ({values.pop()})" if values != {""} else f"all {len(reads)}"
    return ", ".join(items(reads, count, entity))


def _looked(read: AttributeSeen, entity: str) -> str:
    how = {"default": " (not stated: the default)", "missing": ""}.get(read.how, "")
    return f"{near(read, entity)}: {read.shown}{how}"


# -- what it rests on


def _rests_on(found: Explained, explanation: Explanation) -> Iterator[Branch]:
    below = list(_below(found))
    if below:
        yield Branch("which rests on", "head", [_line(each, explanation) for each in below])
    facts = list(_facts(found))
    if facts:
        yield Branch("facts", "head", list(_fact_lines(facts)))
    assumptions = _assumptions((found, *below))
    silent = _assumptions_of_silent((found, *below))
    if assumptions:
        yield Branch(
            "interpretations",
            "head",
            [Branch(f"{each.id} ({each.mark}): {each.assumed}") for each in assumptions.values()],
        )
    silent = {name: each for name, each in silent.items() if name not in assumptions}
    if silent:
        lines = [Branch(f"{each.id} ({each.mark}): {each.assumed}") for each in silent.values()]
        yield Branch("interpretations of the rules that did not fire", "head", lines)


def _assumptions_of_silent(explained: Iterable[Explained]) -> dict[str, Assumption]:
    """The interpretations of rules that might have changed an answer and did not fire."""
    return {
        each.id: each
        for one in explained
        for part in one.considered
        if part.role == "did not fire"
        for each in part.rests_on
    }


def _assumptions(explained: Iterable[Explained]) -> dict[str, Assumption]:
    """The interpretations behind answers: of the rules that had a part, and of parameters that
    decided what fired and what did not.
    """
    found: dict[str, Assumption] = {}
    for one in explained:
        for part in one.parts:
            found |= {each.id: each for each in part.rests_on}
        for part in (*one.parts, *one.considered):
            told = [
                each
                for each in part.conditions
                if part.role != "did not fire" or each.status != "met"
            ]
            found |= {each.id: each for condition in told for each in condition.every_assumption}
    return found


def _below(found: Explained) -> Iterator[Explained]:
    """Every answer that was explained below, in order, but for those that only hand on a fact."""
    for seen in _seen(found):
        below = seen.below
        if below is not None and below.kind == "derived" and not below.seen:
            if not below.passes_on:
                yield below
            yield from _below(below)


def _seen(found: Explained) -> Iterator[AttributeSeen]:
    """What the rules that had a part looked at, items of counts too; of `otherwise`, what kept the
    others from firing.
    """
    for part in found.parts:
        yield from part.looked_at
        for count in part.counts:
            yield from _of_count(count)
        yield from _of_conditions(part.conditions)
    for part in found.considered if found.otherwise or found.none_fired else ():
        yield from _of_conditions([each for each in part.conditions if each.status != "met"])


def _of_conditions(conditions: list[ConditionShown]) -> Iterator[AttributeSeen]:
    for condition in conditions:
        yield from condition.looked_at
        for count in condition.counts:
            yield from _of_count(count)
        yield from _of_conditions(condition.parts)


def _of_count(count: CountShown) -> Iterator[AttributeSeen]:
    for seen in (*count.counted, *count.undecided, *count.not_counted, *count.passed_over):
        yield seen
        yield from seen.left_out_by


def _line(found: Explained, explanation: Explanation) -> Branch:
    """An answer further down in one line: its value, its reasons, its rules."""
    rules = [each.rule for each in found.parts]
    asked = explanation.asked
    named = f" [{', '.join(rules)}]" if rules else ""
    return Branch(
        f"{found.entity} > {found.attribute} {is_value(found)}{because(found, asked.root, asked.entity, follow=False)}{named}"
    )


def _facts(found: Explained) -> Iterator[AttributeSeen]:
    """The facts on the way, each once."""
    met: dict[tuple[str, str], AttributeSeen] = {}

    def gather(one: Explained) -> None:
        for seen in _seen(one):
            if seen.how in ("stated", "default"):
                met.setdefault((seen.entity, seen.attribute), seen)
            if seen.below is not None and not (seen.below.seen and not seen.below.passes_on):
                gather(seen.below)

    gather(found)
    yield from met.values()


def _fact_lines(facts: list[AttributeSeen]) -> Iterator[Branch]:
    alike: dict[tuple[str, str], list[str]] = {}
    for seen in facts:
        if seen.how == "stated":
            where = f" ({seen.place}{', from ' + seen.origin if seen.origin else ''})"
            yield Branch(f"{seen.entity} > {seen.attribute}: {seen.shown}{where}", "quiet")
        else:
            alike.setdefault((seen.attribute, seen.shown), []).append(seen.entity)
    for (attribute, value), entities in alike.items():
        if len(entities) == 1:
            yield Branch(f"{entities[0]} > {attribute}: {value} (not stated: the default)", "quiet")
        else:
            yield Branch(
                f"{attribute}: {value} (not stated: the default) of {few(entities, 3)}", "quiet"
            )
