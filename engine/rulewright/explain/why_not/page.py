"""Why an attribute does not have a value, as text, from its record alone."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.explain.branches import Branch, of_a_fact, plain_lines
from rulewright.explain.reasons_page import judgement
from rulewright.explain.sentences import failing, overridden, phrase, series
from rulewright.explain.wording import cited, hidden_headline, of_thing
from rulewright.syntax.text import few

from .record import NotSo, Obstacle, Way, WhyNot
from .ways_page import OBSTACLES, THEN, way_branch


def page(found: WhyNot, everything: bool = False) -> list[str]:
    """The page, line by line, without the colours of a terminal."""
    lines = head(found)
    for branch in sections(found, everything):
        lines += ["", *plain_lines(branch)]
    return lines


def head(found: WhyNot) -> list[str]:
    """What was asked, the sentence, and under which policy."""
    asked = found.asked
    return [
        hidden_headline(found.why_not, found.withdrawn) or _headline(found.why_not),
        sentence(found),
        "",
        f"case: {asked.case}",
        *([asked.about] if asked.about else []),
        f"policy: {asked.under}",
        *(f"NOT A RATING: {reason}" for reason in asked.not_a_rating),
    ]


def _headline(found: NotSo) -> str:
    asked = {"it is": "the value asked about", "possible": f"{found.wanted} is possible"}.get(
        found.verdict, _not_wanted(found)
    )
    return f"{found.entity} > {found.attribute}: {found.value}, {asked}"


def _not_wanted(found: NotSo) -> str:
    """`not good`, `not “not rated”`."""
    wanted = f"“{found.wanted}”" if found.wanted.startswith("not ") else found.wanted
    return "not without a value" if found.wanted == "no value" else f"not {wanted}"


def sentence(found: WhyNot) -> str:
    """The answer in one sentence."""
    why, asked = found.why_not, found.asked
    text = f"the {why.label or why.attribute} of {of_thing(why.entity, asked.root, asked.entity)}"
    return f"{text[:1].upper()}{text[1:]} {_said(found)}."


def _said(found: WhyNot) -> str:
    why, withdrawn = found.why_not, found.withdrawn
    if withdrawn is not None and withdrawn.status == "withdrawn":
        source = f" ({cited(withdrawn.sources)})" if withdrawn.sources else ""
        return f"is not published at all: {withdrawn.withdrawn_by} withdrew it{source}"
    if withdrawn is not None and withdrawn.given_earlier:
        earlier = (
            "which the case does not state"
            if withdrawn.given_earlier == "missing"
            else withdrawn.given_earlier
        )
        return f"is shown as given under the earlier approach, {earlier}, until {withdrawn.withdrawn_by} withdraws it"
    if why.verdict == "it is":
        return f"is {why.wanted}" if why.wanted != "no value" else "has no value"
    if why.verdict == "possible" and why.fact is not None:
        return f"may be {why.wanted}: the case does not state it"
    if why.verdict == "possible":
        verb = "is" if len(why.missing) == 1 else "are"
        may = "may have no value" if why.wanted == "no value" else f"may be {why.wanted}"
        return f"{may}: {why.value} is possible, because {few(why.missing, 3)} {verb} not stated"
    if why.verdict == "conflict":
        rules = (
            f"the rules {' and '.join(why.in_conflict)} disagree"
            if why.in_conflict
            else "it rests on a value about which rules disagree"
        )
        return f"has no value: {rules}"
    value = "has no value" if why.value == "no value" else f"is {why.value}"
    return f"{value}, {_not_wanted(why)}{_why(why)}"


def _why(why: NotSo) -> str:
    return _reason(why) + overridden(why.judgement)


def _reason(why: NotSo) -> str:
    if why.judgement is not None and not why.judgement.overridden:
        judged = why.judgement
        gave = ", which is what was asked" if why.rules_gave_it else ""
        return f": {judged.by} judged so on {judged.on}; the rules gave {' or '.join(judged.rules_gave)}{gave}"
    if why.origin == "supplied":
        return ": it was supplied from outside" + (
            f" (from {why.supplied_from})" if why.supplied_from else ""
        )
    if why.fact is not None:
        return f": it is a fact, {of_a_fact(why.fact)}"
    if not why.ways:
        return ": no rule of the policy could give that"
    return f": {nearest_reason(why.ways[0])}"


def nearest_reason(way: Way) -> str:
    """What kept the nearest rule from giving it; followed to where the value comes from, if the
    rule only hands it on.
    """
    said = [failing(each) for each in (*way.failed, *way.undecided)]
    standing = sorted(
        (each for each in way.in_the_way if each.stands and not each.then),
        key=lambda each: each.kind.startswith("may"),
    )
    said += [_obstacle(each) for each in standing]
    then = [
        f"{THEN[each.kind]}: {each.conclusion}"
        for each in way.in_the_way
        if each.then and each.needs
    ]
    below = next((each for each in way.below if each.ways and not each.seen), None)
    if not way.gives_it and not way.lowered_by and not said and below is not None:
        return "; ".join([nearest_reason(below.ways[0]), *then])
    if not way.gives_it and not way.lowered_by:
        said.append(_other_value(way))
    more = f" (and {len(said) - 2} more)" if len(said) > 2 else ""
    return (
        "; ".join([*said[:2], *then[:1]]) + more
        if said or then
        else f"{way.conclusion}, but that did not decide"
    )


def _other_value(way: Way) -> str:
    """What the rule gives instead; of one that did not fire, what it would have given."""
    value = " or ".join(way.gives)
    if way.status == "fired":
        return f"{way.conclusion}, and that is {value}"
    if way.status == "may fire":
        return f"a rule that may fire gives {value} ({way.conclusion})"
    return f"the rule, which did not fire, would have given {value} ({way.conclusion})"


def _obstacle(obstacle: Obstacle) -> str:
    """What stands in the way, and since when: of a rule that only may, what is not certain."""
    status = "undecided" if obstacle.kind.startswith("may") else "met"
    holding = [each for each in obstacle.conditions if each.status == status]
    since = f", since {series([phrase(each) for each in holding])}" if holding else ""
    return f"{OBSTACLES[obstacle.kind]}: {obstacle.conclusion}{since}"


def sections(found: WhyNot, everything: bool = False) -> Iterator[Branch]:
    """What follows the head, each under its title."""
    withdrawn, why = found.withdrawn, found.why_not
    if withdrawn is not None:
        words = {
            "withdrawn": "withdrawn",
            "undecided": "perhaps withdrawn",
            "not yet": "to be withdrawn",
        }[withdrawn.status]
        source = f" - {cited(withdrawn.sources)}" if withdrawn.sources else ""
        line = Branch(
            "not published", "head", [Branch(f"{words} by {withdrawn.withdrawn_by}{source}")]
        )
        shown = withdrawn.given_earlier
        line.add(
            f"shown instead, as given under the earlier approach: {shown}"
            if shown
            else "nothing is shown instead"
        )
        yield line
        if withdrawn.status == "withdrawn":
            return
    if why.judgement is not None:
        yield judgement(why.judgement)
    if why.missing:
        yield Branch("facts that are not stated", "head", [Branch(each) for each in why.missing])
    if why.ways:
        stands = why.judgement is not None and not why.judgement.overridden
        given = (
            "the judgement would stand; what could make the rules give"
            if stands
            else "what could give"
        )
        title = f"{given} {why.wanted}" + (", nearest first" if len(why.ways) > 1 else "")
        yield Branch(
            title, "head", [way_branch(each, why, everything, top=True) for each in why.ways]
        )
