"""An explanation in one sentence, from its record alone; and each condition in a few words with
what was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rulewright.decision.outcome import JudgedShown
from rulewright.ir.phrases import turned
from rulewright.syntax.text import few

from .record import ConditionShown, CountShown, Explained, Explanation, Part
from .wording import cited, of_thing, parameter_inside, without_effect

MOST = 3  # clauses of one kind in a sentence
FOLLOWED = 3  # copies of copies


def sentence(explanation: Explanation) -> str:
    """Why, in one sentence."""
    found, entity = explanation.why, explanation.asked.entity
    root = explanation.asked.root
    subject = f"the {found.label or found.attribute} of {of_thing(found.entity, root, entity)}"
    withdrawn = explanation.withdrawn
    if withdrawn is not None and withdrawn.status == "withdrawn":
        source = f" ({cited(withdrawn.sources)})" if withdrawn.sources else ""
        return _capital(
            f"{subject} is not published: {withdrawn.withdrawn_by} withdrew it{source}."
        )
    if withdrawn is not None and withdrawn.given_earlier:
        perhaps = (
            "may have been withdrawn by now"
            if withdrawn.status == "undecided"
            else "is to be withdrawn"
        )
        earlier = (
            "which the case does not state"
            if withdrawn.given_earlier == "missing"
            else withdrawn.given_earlier
        )
        return _capital(
            f"{subject} is shown as given under the earlier approach, {earlier}: it {perhaps} by {withdrawn.withdrawn_by}."
        )
    return _capital(f"{subject} {is_value(found)}{because(found, root, entity)}.")


def stamped(explanation: Explanation) -> str:
    """The sentence as it is told by itself: what it must not be taken for comes first."""
    reasons = explanation.asked.not_a_rating
    return (
        f"NOT A RATING ({'; '.join(reasons)}): {sentence(explanation)}"
        if reasons
        else sentence(explanation)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def is_value(found: Explained) -> str:
    """`is good`, `has no value`, `is not determined (good or outstanding)`."""
    if found.status == "conflict":
        return "has no value"
    if found.status == "undetermined":
        return f"is not determined ({found.value} is possible)"
    if found.value == "no value":
        return "has no value"
    return f"is {found.value}"


def because(found: Explained, root: str, entity: str, follow: bool = True) -> str:
    """The reason of an answer, with the comma before it; empty where there is nothing to say.

    `follow`: where it is copied from.
    """
    return _because(found, root, entity, follow) + overridden(found.judgement)


def overridden(judged: JudgedShown | None) -> str:
    """That a judgement has no effect, or may have none; empty where it has."""
    if judged is None or not judged.overridden:
        return ""
    return f"; {judged.by} judged {judged.value} on {judged.on}, but {without_effect(judged)}"


def _because(found: Explained, root: str, entity: str, follow: bool) -> str:
    if found.fact is not None:
        fact = found.fact
        origin = f", from {fact.origin}" if fact.origin else ""
        return {
            "missing": ": the case does not state it",
            "default": ": the case does not state it, and this is the default",
            "": "",
        }.get(fact.how, f", as the case states{origin}")
    if found.judgement is not None and not found.judgement.overridden:
        judged = found.judgement
        one = (
            f" of {judged.as_one_with}, which is judged as one with it"
            if judged.as_one_with
            else ""
        )
        return (
            f", because {judged.by} judged so on {judged.on} ({judged.reason}){one}; the rules gave {' or '.join(judged.rules_gave)}"
            + (
                f", and the judgement goes above the limit {few(judged.passes_limits)}"
                if judged.passes_limits
                else ""
            )
        )
    if found.origin == "supplied":
        origin = f" (from {found.supplied_from})" if found.supplied_from else ""
        return f", because it was supplied from outside{origin}"
    if found.status == "conflict" or found.in_conflict:
        said = [
            f"{part.rule} gives {' or '.join(part.gives)}"
            for part in found.parts
            if part.role == "disagreed"
        ]
        return (
            f", because rules disagree: {', '.join(said)}"
            if said
            else ", because it rests on a value about which rules disagree"
        )
    if found.status == "undetermined":
        return (
            f", because {few(found.missing, MOST)} {'is' if len(found.missing) == 1 else 'are'} not stated"
            if found.missing
            else ""
        )
    reasons = [
        *reasons_of(found, 0 if follow else FOLLOWED),
        *(_not_limited(found) if follow else ()),
    ]
    return f", because {series(reasons)}" if reasons else ""


def reasons_of(found: Explained, depth: int = 0) -> list[str]:
    """What the rules that decided rest on; a copied value is followed to the rule that gave it."""
    limited = _limited(found)
    if limited:
        return limited
    reasons = []
    for part in [each for each in found.parts if each.role == "decided"][:1]:
        if part.effect == "otherwise":
            reasons += _nothing_else(found)
        reasons += [phrase(each) for each in part.conditions]
        copied = [
            each.below
            for each in part.looked_at
            if each.below is not None and each.below.kind == "derived"
        ]
        if len(part.looked_at) == 1 and not part.counts and copied and part.effect != "otherwise":
            below = copied[0]
            if below.entity != found.entity:  # its conditions are about another thing
                reasons.append(f"{below.entity} > {below.attribute} {is_value(below)}")
                continue
            further = reasons_of(below, depth + 1) if depth < FOLLOWED and not below.seen else []
            reasons += further or [f"the {below.attribute} {is_value(below)}"]
        elif part.looked_at or part.counts:
            reasons += _worked_out(found, part)
    if found.none_fired:
        failed = _failures(sorted(_others(found), key=_nearness))
        reasons.append("no rule gives it a value" + (f" ({'; '.join(failed)})" if failed else ""))
    may = [each for each in found.parts if each.role == "may decide"]
    if may and not any(each.role == "decided" for each in found.parts):
        named = few(list(dict.fromkeys(each.conclusion for each in may)), MOST)
        reasons.append(f"whatever the missing facts are, what decides gives that ({named})")
    return _once(reasons)


def _once(reasons: list[str]) -> list[str]:
    """Each reason once; that something is known goes without saying where its value is told."""
    told = list(dict.fromkeys(reasons))
    return [
        each
        for each in told
        if not (
            each.endswith(" is known")
            and any(
                other is not each and other.startswith(each.removesuffix("known")) for other in told
            )
        )
    ]


def _limited(found: Explained) -> list[str]:
    """The limits that acted, and what was given without them."""
    given = list(
        dict.fromkeys(
            value
            for each in found.parts
            if each.role in ("decided", "may decide")
            for value in each.gives
        )
    )
    lowered = f" lowers it from {' or '.join(given)}" if given else " lowers it"
    return [
        f"the limit “{each.conclusion}”{lowered}"
        + (f": {series([phrase(c) for c in each.conditions])}" if each.conditions else "")
        for each in found.parts
        if each.role == "limited"
    ]


def _not_limited(found: Explained) -> list[str]:
    """The limits that would have lowered the value and did not act, each with what failed."""
    silent = [
        each for each in found.considered if each.effect == "limit" and each.role == "did not fire"
    ]
    if not silent or any(each.role == "limited" for each in found.parts):
        return []
    said = [failing(next(c for c in each.conditions if c.status != "met")) for each in silent]
    return [f"no limit lowers it ({'; '.join(list(dict.fromkeys(said))[:MOST])})"]


def _nothing_else(found: Explained) -> list[str]:
    """Why `otherwise` holds."""
    others = sorted((each for each in _others(found) if each.gives != found.values), key=_nearness)
    if not others:
        return ["nothing else is laid down"]
    return (
        [f"no rule gives another value ({'; '.join(said)})"]
        if (said := _failures(others))
        else ["no other rule fires"]
    )


def _others(found: Explained) -> list[Part]:
    """The rules that might have given a value and did not."""
    return [each for each in found.considered if each.effect == "value"]


def _nearness(part: Part) -> tuple[int, int, str]:
    """Rules that came near first: fewest failed conditions, then fewest steps."""
    failed = [each for each in part.conditions if each.status == "not met"]
    return (len(failed), sum(each.steps for each in failed), part.rule)


def _failures(parts: Iterable[Part]) -> list[str]:
    said = []
    for part in parts:
        failed = [each for each in part.conditions if each.status == "not met"]
        said += [failing(failed[0])] if failed else []
    return list(dict.fromkeys(said))[:MOST]


def _worked_out(found: Explained, part: Part) -> list[str]:
    """A formula, or a value that is handed on from a fact."""
    if (
        len(part.looked_at) == 1
        and not part.counts
        and (found.values == part.looked_at[0].values or found.value == "no value")
    ):
        seen = part.looked_at[0]
        how = {"default": "by default", "missing": "which is not stated"}.get(
            seen.how, "as entered"
        )
        return [f"the {seen.attribute} is {seen.shown}, {how}"]
    looked = [f"{each.attribute} {each.shown}" for each in part.looked_at]
    formula = part.conclusion.removeprefix(f"the {found.attribute} is ")
    return [f"it is calculated as {formula}{_in_brackets([*looked, *part.workings])}"]


# -- conditions in a few words


def phrase(condition: ConditionShown) -> str:
    """A condition that holds, with what was there: `the well-led percentage is 69 (63..87)`."""
    if condition.status != "met":
        return failing(condition)
    if condition.kind == "comparison" and (left := _left(condition)):
        plain = (
            condition.needed == condition.actual
            or " or " in condition.needed
            or condition.needed.startswith(("not ", "neither "))
        )
        asked = "" if plain else f" ({_lies(condition.needed)})"
        return f"{left} {_is(condition.actual)}{asked}"
    if condition.kind == "known":
        return condition.text
    if condition.kind == "any of":
        return phrase(next(each for each in condition.parts if each.status == "met"))
    if condition.kind == "all of":
        return series([phrase(each) for each in condition.parts])
    if condition.kind == "none of":
        return series([failing(each) for each in condition.parts])
    return f"{condition.text}{numbers(condition)}"


def failing(condition: ConditionShown) -> str:
    """A condition that does not hold, with what was there instead: `the stage is ready, not
    rated`.
    """
    if condition.status == "undecided":
        if condition.about and condition.actual == "missing":
            return f"{condition.about} is not stated"
        if condition.parts:
            return series([failing(each) for each in condition.parts if each.status == "undecided"])
        return f"it is not certain that {condition.text}{numbers(condition)}"
    if condition.kind == "comparison" and (left := _left(condition)):
        negated_already = condition.needed.startswith(("not ", "neither "))
        period = f" ({condition.period})" if condition.period else ""
        return (
            f"{left} {_is(condition.actual)}"
            + ("" if negated_already else f", not {_lies(condition.needed)}")
            + period
        )
    if condition.kind == "known" and condition.about:
        return f"{condition.about} is {'not known' if condition.needed == 'known' else 'known'}"
    if condition.kind in ("any of", "all of"):
        return series([failing(each) for each in condition.parts if each.status != "met"])
    if condition.kind == "none of":
        return series([phrase(each) for each in condition.parts if each.status == "met"])
    if condition.kind == "quantity":
        return negated(condition)
    return f"not {condition.text}{numbers(condition)}"


def _left(condition: ConditionShown) -> str:
    """What is compared, in words; of a formula the words before what it is compared with."""
    end = f" is {condition.needed}"
    return condition.about or (
        condition.text.removesuffix(end) if condition.text.endswith(end) else ""
    )


def negated(condition: ConditionShown) -> str:
    """A quantity that does not hold, said the other way round: `fewer than 2 of the ratings are
    good (1 of 5)`.
    """
    text, number = condition.text, condition.actual
    if text.startswith("at least 1 of ") and number == "0":
        return f"none of {text.removeprefix('at least 1 of ')}"
    if text.startswith("none of ") and number[:1].isdigit():  # `2`, or `2 to 3`
        rest = text.removeprefix("none of ")
        plural = (
            rest.replace(" is ", " are ", 1).replace(" has ", " have ", 1)
            if number != "1"
            else rest
        )
        return f"{number} of {plural}"
    return f"{turned(text) or f'not {text}'}{numbers(condition)}"


def numbers(condition: ConditionShown) -> str:
    """How many counted, of how many, and the numbers that were compared with: ` (3 of 5; the
    threshold is 2)`.
    """
    said = []
    if condition.kind == "quantity":
        said = [of_how_many(condition.counts[0])]
    elif condition.actual:
        said = [condition.actual]
    said += [
        f"the {each.attribute} is {each.shown}"
        for each in condition.looked_at
        if not condition.about
    ]
    said += map(parameter_inside, condition.parameters)
    return _in_brackets(said, "; ")


def of_how_many(count: CountShown) -> str:
    """`3 of 5`, and how many were passed over."""
    passed = f" and {len(count.passed_over)} passed over" if count.passed_over else ""
    return f"{count.number} of {count.asked}{passed}"


def _lies(needed: str) -> str:
    return f"within {needed}" if ".." in needed else needed


def _is(actual: str) -> str:
    return (
        "has no value"
        if actual == "no value"
        else "is not stated"
        if actual == "missing"
        else f"is {actual}"
    )


def _in_brackets(said: Sequence[str], between: str = ", ") -> str:
    return f" ({between.join(said)})" if said else ""


def series(clauses: Sequence[str]) -> str:
    """`a, b and c`; with a comma before *and* where a clause has one of its own."""
    if len(clauses) < 2:
        return "".join(clauses)
    between = ", " if any("," in each for each in clauses) else " "
    return f"{', '.join(clauses[:-1])}{between}and {clauses[-1]}"
