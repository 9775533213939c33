"""Names, lists and citations in the lines of an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rulewright.decision.outcome import JudgedShown, NotPublished, ParameterShown, Source
from rulewright.syntax.text import few

from .record import AttributeSeen, CountShown, Explained


class NamedAttribute(Protocol):
    """An attribute of an entity."""

    @property
    def entity(self) -> str: ...

    @property
    def attribute(self) -> str: ...


def headline(found: Explained) -> str:
    """`Maternity > safe > rating: good`."""
    value = f"undetermined: {found.value}" if found.status == "undetermined" else found.value
    return f"{found.entity} > {found.attribute}: {value}"


def hidden_headline(found: NamedAttribute, withdrawn: NotPublished | None) -> str:
    """The headline of what is not published, or shown as it was given earlier; empty for anything
    else.
    """
    if withdrawn is not None and withdrawn.status == "withdrawn":
        return f"{found.entity} > {found.attribute}: not published"
    if withdrawn is not None and withdrawn.given_earlier:
        earlier = "not stated" if withdrawn.given_earlier == "missing" else withdrawn.given_earlier
        return f"{found.entity} > {found.attribute}: {earlier}, as given under the earlier approach"
    return ""


def near(read: NamedAttribute, entity: str) -> str:
    """The attribute, with its entity where that is not the rule's own."""
    return read.attribute if read.entity == entity else f"{read.entity} > {read.attribute}"


def items(reads: Sequence[AttributeSeen], count: CountShown, entity: str) -> list[str]:
    """The items of a count by the steps of their paths that tell them apart."""
    whole = [
        each.entity.split(" > ")
        for each in (*count.counted, *count.not_counted, *count.passed_over, *count.undecided)
    ]
    start = 0
    while all(len(steps) > start + 1 and steps[start] == whole[0][start] for steps in whole) and (
        len(whole) > 1 or start == 0
    ):
        start += 1
    end = 0
    while (
        all(
            len(steps) > start + end + 1 and steps[-1 - end] == whole[0][-1 - end]
            for steps in whole
        )
        and len(whole) > 1
    ):
        end += 1
    named = []
    for read in reads:
        steps = read.entity.split(" > ")
        name = (
            " > ".join(steps[start : len(steps) - end])
            if len(whole) > 1
            else read.entity.removeprefix(f"{entity} > ")
        )
        named.append(f"{name} ({said})" if (said := of_item(read)) else name)
    return named


def of_item(read: AttributeSeen) -> str:
    """What is told of an item of a count: its value, and what leaves it out."""
    said = [read.shown] if read.values else []
    said += [
        f"{each.attribute if read.entity.startswith(each.entity) else f'{each.entity} > {each.attribute}'}: {each.shown}"
        for each in read.left_out_by
    ]
    return "; ".join(said)


def judged_by(judged: JudgedShown) -> str:
    """`judged by the panel on 2024-04-01: seen on site`; with the value, where the answer is not
    surely that.
    """
    value = f" {judged.value}" if judged.value else ""
    return f"judged{value} by {judged.by} on {judged.on}: {judged.reason}"


def of_judgement(judged: JudgedShown) -> list[str]:
    """What else there is to say of a judgement: whether it has effect, what the rules gave, the
    limits that it passes.
    """
    said = [f"judged as one with {judged.as_one_with}"] if judged.as_one_with else []
    said += [without_effect(judged)] if judged.overridden else []
    said += (
        [f"the rules gave {' or '.join(judged.rules_gave)}"]
        if judged.overridden != "yes" and not judged.as_one_with
        else []
    )
    return said + [f"the judgement goes above the limit {limit}" for limit in judged.passes_limits]


def without_effect(judged: JudgedShown) -> str:
    """That a judgement has no effect, or may have none, and why."""
    override = "overrides" if len(judged.overridden_by) == 1 else "override"
    if judged.overridden == "yes":
        return f"the judgement has no effect: {few(judged.overridden_by)} {override} any judgement"
    return f"the judgement may have no effect: {few(judged.overridden_by)} may fire, and {override} any judgement"


def cited(sources: Sequence[Source]) -> str:
    """Citations on one line."""
    return "; ".join(
        " ".join(
            filter(
                None,
                (
                    s.document,
                    s.section,
                    s.paragraph and f"paragraph {s.paragraph}",
                    s.mark and f"({s.mark})",
                ),
            )
        )
        or s.note
        for s in sources
    )


def parameter_words(parameter: ParameterShown) -> str:
    """`service view period: 12 months (set for this run)`."""
    said = "set for this run" if parameter.set else parameter.remark
    return f"{parameter.name}: {parameter.value}" + (f" ({said})" if said else "")


def parameter_inside(parameter: ParameterShown) -> str:
    """The same between brackets: that it was set for this run is said at the head."""
    return f"{parameter.name}: {parameter.value}" + (
        f", {parameter.remark}" if parameter.remark else ""
    )


def of_thing(path: str, root: str, name: str) -> str:
    """A path as one says it, innermost first: `safe of Maternity of Torbay Hospital`."""
    if path == root:
        return name
    steps = path.split(" > ")
    if steps[0] == root:
        steps[0] = name
    return " of ".join(reversed(steps))
