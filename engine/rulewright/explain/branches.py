"""An explanation as a tree of lines, from its record alone; writers turn it into plain text or a
terminal's tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rulewright.syntax.text import few

from .record import AttributeSeen, ConditionShown, CountShown, Explained, Part
from .sentences import of_how_many
from .wording import cited, headline, items, judged_by, near, of_judgement, parameter_words


@dataclass
class Branch:
    """A line and the lines below it.

    `tone`: how a terminal shows it (`answer`, `rule`, `met`, `quiet` or plain).
    """

    text: str
    tone: str = ""
    below: list[Branch] = field(default_factory=list)

    def add(self, text: str, tone: str = "") -> Branch:
        """A new line below this one."""
        branch = Branch(text, tone)
        self.below.append(branch)
        return branch


def plain_lines(branch: Branch, indent: str = "") -> Iterator[str]:
    """The tree in plain text: unwrapped, two spaces a level."""
    yield indent + branch.text
    for each in branch.below:
        yield from plain_lines(each, indent + "  ")


def tree(found: Explained) -> Branch:
    """Why an attribute has its value: the rules that had a part, what they looked at, and why that
    is so.
    """
    branch = Branch(headline(found), "answer")
    if found.seen:
        branch.text += " (see above)"
        return branch
    if found.passes_on:
        branch.text += entered(found)
        return branch
    if found.fact is not None:
        branch.add(of_a_fact(found.fact), "quiet")
    _origin(branch, found)
    for part in found.parts:
        _part(branch, part, found.entity)
    if found.missing:
        branch.add(f"depends on {few(found.missing)}, not stated", "quiet")
    if found.none_fired:
        branch.add("no rule gives it a value", "quiet")
    listed: set[frozenset[tuple[str, ...]]] = set()
    for part in found.considered:
        if (found.otherwise or found.none_fired) and part.role == "did not fire":
            branch.below.append(_silent(part, found.entity, listed))
        else:
            _part(branch, part, found.entity)
    return branch


def _silent(part: Part, entity: str, listed: set[frozenset[tuple[str, ...]]]) -> Branch:
    """A rule that did not fire, on one line where there is nothing more to tell. listed: the items
    that the rules before it looked at.
    """
    branch = Branch(f"did not fire: {part.conclusion} [{part.rule}]", "quiet")
    for condition in part.conditions:
        if condition.status != "met":
            _condition(branch, condition, entity, listed)
    if not any(each.below for each in branch.below):
        branch.text += f": {'; '.join(each.text for each in branch.below)}"
        branch.below = []
    return branch


def entered(found: Explained) -> str:
    """Where one rule only passes on a fact that people entered, that is said in the same line."""
    only = found.parts[0]
    read = only.looked_at[0]
    how = {"missing": "not stated", "default": "not stated: the default"}.get(read.how, "entered")
    return f" ({near(read, found.entity)}, {how}) [{only.rule}]"


def of_a_fact(seen: AttributeSeen) -> str:
    """Where a fact comes from."""
    if seen.how == "missing":
        return "not stated in the case"
    if seen.how == "default":
        return "not stated in the case: the default"
    return f"stated in {seen.place}" + (f", from {seen.origin}" if seen.origin else "")


def _origin(branch: Branch, found: Explained) -> None:
    if found.origin == "supplied":
        origin = f" ({found.supplied_from})" if found.supplied_from else ""
        branch.add(f"supplied from outside{origin}; its rules were not asked", "quiet")
    if found.judgement is not None:
        branch.add(judged_by(found.judgement), "rule")
        for said in of_judgement(found.judgement):
            branch.add(said, "quiet")
    if found.in_conflict:
        branch.add(f"rules disagree: {', '.join(found.in_conflict)}", "rule")


def _part(branch: Branch, part: Part, entity: str) -> None:
    verb = {"fired": "", "may fire": "may fire: ", "did not fire": "did not fire: "}[part.status]
    text = f"{verb}{part.conclusion} [{part.rule}]" + (
        f" - {cited(part.sources)}" if part.sources else ""
    )
    if part.effect == "otherwise":
        text = f"otherwise {text}"
    rule = branch.add(text, "quiet" if part.status == "did not fire" else "rule")
    if part.defeated_by:
        rule.add(f"defeated by {', '.join(part.defeated_by)}", "quiet")
    if part.rests_on:
        rule.add(
            f"rests on the interpretation {', '.join(each.id for each in part.rests_on)}", "quiet"
        )
    for parameter in part.parameters:
        rule.add(parameter_words(parameter), "quiet")
    for condition in part.conditions:
        _condition(rule, condition, entity)
    for read in part.looked_at:
        _read(rule, read, entity)
    for count in part.counts:
        _count(rule, count, entity)


def _condition(
    branch: Branch,
    condition: ConditionShown,
    entity: str,
    listed: set[frozenset[tuple[str, ...]]] | None = None,
) -> None:
    mark = {"met": "", "undecided": "undecided: ", "not met": "not met: "}[condition.status]
    counts = condition.counts
    if listed is not None and (again := [each for each in counts if each.identity in listed]):
        counts = [each for each in counts if each not in again]
    number = (
        ""
        if counts == condition.counts
        else f" ({', '.join(of_how_many(each) for each in condition.counts)})"
    )
    line = branch.add(
        f"{mark}{condition.text}{number}", "met" if condition.status == "met" else "quiet"
    )
    if condition.because:
        line.add(f"because: {condition.because}", "quiet")
    if condition.period:
        line.add(condition.period, "quiet")
    for inner in condition.parts:
        _condition(line, inner, entity, listed)
    for parameter in condition.parameters:
        line.add(parameter_words(parameter), "quiet")
    for read in condition.looked_at:
        if counts or not condition.counts or read.below is None or read.below.kind != "own word":
            _read(line, read, entity)
    for count in counts:
        _count(line, count, entity)
    if listed is not None:
        listed.update(each.identity for each in counts)


def _read(branch: Branch, read: AttributeSeen, entity: str) -> None:
    if read.below is not None and read.below.kind == "own word":
        branch.add(own_word(read.below), "quiet")
    elif read.below is not None:
        branch.below.append(tree(read.below))
    else:
        default = " (not stated: the default)" if read.how == "default" else ""
        origin = f" (from {read.origin})" if read.origin else ""
        branch.add(f"{near(read, entity)}: {read.shown}{default}{origin}", "quiet")


def own_word(found: Explained) -> str:
    """A principle's own word: in one line, with the condition that gave it."""
    parts = [each for each in found.parts if each.role != "defeated"]
    conditions = " or ".join(condition.text for each in parts for condition in each.conditions)
    numbers = [
        count.number
        for each in parts[:1]
        for condition in each.conditions
        for count in condition.counts
    ]
    number = f" ({', '.join(numbers)})" if numbers else ""
    unsourced = "".join(
        f" - {source.note}" for each in parts for source in each.sources if not source.document
    )
    return (
        f"{found.attribute}: {found.value}"
        + (f", as {conditions}{number}" if conditions else "")
        + unsourced
    )


def _count(branch: Branch, count: CountShown, entity: str) -> None:
    for words, reads in (
        ("counted", count.counted),
        ("perhaps", count.undecided),
        ("not counted", count.not_counted),
        ("passed over", count.passed_over),
    ):
        if reads:
            line = branch.add(
                f"{words}: {', '.join(items(reads, count, entity))}",
                "quiet" if words != "counted" else "",
            )
            if words != "not counted":
                _entered_alike(line, reads)
    alone = _alone(count)
    for read in (*count.counted, *count.undecided, *count.not_counted, *count.passed_over):
        if read.below is not None and (
            not read.below.passes_on or (id(read) in alone and not read.below.seen)
        ):
            branch.below.append(tree(read.below))
    for read in (*count.undecided, *count.passed_over):
        branch.below += [
            tree(each.below)
            for each in read.left_out_by
            if each.below is not None and not each.below.seen
        ]


def _tails(reads: list[AttributeSeen]) -> dict[str, list[AttributeSeen]]:
    found: dict[str, list[AttributeSeen]] = {}
    for read in reads:
        if read.below is not None and read.below.passes_on:
            found.setdefault(entered(read.below), []).append(read)
    return found


def _entered_alike(line: Branch, reads: list[AttributeSeen]) -> None:
    """What was only entered, for several things of a list: said once, their values stand in the
    list.
    """
    for tail, alike in _tails(reads).items():
        if len(alike) > 1:
            which = "each" if len(alike) == len(reads) else f"{len(alike)} of these"
            line.add(f"{which}: {tail.replace('(', '', 1).replace(')', '', 1).strip()}", "quiet")


def _alone(count: CountShown) -> set[int]:
    """What was only entered, and is like nothing else in its list: it gets a line of its own."""
    return {
        id(alike[0])
        for reads in (count.counted, count.undecided, count.not_counted, count.passed_over)
        for alike in _tails(reads).values()
        if len(alike) == 1
    }
