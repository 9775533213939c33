"""The ways to a value as lines: what kept each rule from giving it, and what it needs, followed
further down.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.explain.branches import Branch, own_word
from rulewright.explain.reasons_page import listed
from rulewright.explain.record import AttributeSeen, ConditionShown, CountShown
from rulewright.explain.sentences import of_how_many
from rulewright.explain.wording import cited, near, parameter_inside, without_effect
from rulewright.syntax.text import few

from .record import Needed, NotSo, Way

ALIKE = 2  # more attributes than this that need the same are told together
MOST_BELOW = 4  # of what one rule needs otherwise
OBSTACLES = {
    "defeated by": "defeated by", "would be defeated by": "it would be defeated by", "disagrees with": "it disagrees with",
    "would disagree with": "it would disagree with", "limited by": "lowered by the limit",
    "would be limited by": "it would be lowered by the limit", "may be limited by": "a limit may lower it",
    "fires": "another rule fires", "may fire": "another rule may fire",
}  # fmt: skip
THEN: dict[str, str] = {
    **OBSTACLES, "would be defeated by": "it would then be defeated by", "would disagree with": "it would then disagree with",
    "would be limited by": "even then a limit would lower it", "fires": "another rule may then fire",
    "may fire": "another rule may then fire", "may be limited by": "a limit may then lower it",
}  # fmt: skip


def way_branch(way: Way, of: NotSo, everything: bool, top: bool = False) -> Branch:
    """A rule that could have given the value of `of`, what kept it from that and what it needs.
    top: of what was asked about.
    """
    name = f" [{way.rule}]" if way.rule else ""
    word = "otherwise " if way.how == "otherwise" else ""
    branch = Branch(f"{word}{way.conclusion}{name}{_gives(way)}", "rule")
    if top and way.sources:
        branch.add(f"source: {cited(way.sources)}", "quiet")
    for obstacle in way.in_the_way:
        if not obstacle.then:
            line = branch.add(
                f"{OBSTACLES[obstacle.kind]}: {obstacle.conclusion} [{obstacle.rule}]"
            )
            for condition in obstacle.conditions:
                _condition(line, condition, of.entity)
            _needs(line, obstacle.needs, everything)
    for condition in way.failed:
        _condition(branch, condition, of.entity)
    for condition in way.undecided:
        _condition(branch, condition, of.entity)
    if way.met and top and way.status != "fired":
        other = "other " if way.failed or way.undecided else ""
        branch.add(f"{way.met} {other}condition{'s are' if way.met > 1 else ' is'} met", "quiet")
    if way.missing:
        branch.add(f"depends on {few(way.missing)}, not stated", "quiet")
    if not way.gives_it:
        for seen in way.looked_at:
            if not any(
                (each.entity, each.attribute) == (seen.entity, seen.attribute) for each in way.below
            ):
                branch.add(_seen(seen, of.entity), "quiet")
        for count in way.counts:
            _items(branch, count, of.entity)
    _needs(branch, way.needs, everything)
    _then(branch, way, everything)
    return branch


def _needs(branch: Branch, needs: list[Needed], everything: bool) -> None:
    """What has to change, one by one; then the choices there are."""
    alone = [each.not_so for each in needs if each.not_so is not None]
    _each_needed(
        branch, alone, everything, "needed", {id(each.not_so): each.given for each in needs}
    )
    for need in needs:
        if need.of:
            _choice(branch, need, everything)


def _choice(branch: Branch, need: Needed, everything: bool) -> None:
    """A number of several things."""
    number = (
        "any one of these"
        if need.number == 1
        else f"{need.number} of these"
        if not need.every
        else "all of these together"
    )
    line = branch.add(need.words or f"{number} would do", "answer")
    alone = [each.not_so for each in need.of if each.not_so is not None]
    followed = not need.words and need.of[0].not_so is not None and bool(need.of[0].not_so.ways)
    if len(alone) == len(need.of) and not everything and not followed:
        line.text += f": {', '.join(_briefly(alone, wanted=not need.words))}"
        return
    if not everything:
        if followed:
            _each_needed(line, alone[:1], everything, "if it were", {})
        for each in need.of[followed:]:
            line.add(_in_words(each))
        return
    _each_needed(
        line,
        alone,
        everything,
        "" if need.words else "if it were",
        {id(each.not_so): each.given for each in need.of},
    )
    for each in need.of:
        if each.of:
            _choice(line, each, everything)
        elif each.not_so is None and each.words:
            line.add(each.words, "quiet")


def _in_words(need: Needed) -> str:
    """One of several things that would do, on one line."""
    if need.not_so is not None:
        return next(_briefly([need.not_so], wanted=True))
    if not need.of:
        return need.words
    alone = [each.not_so for each in need.of if each.not_so is not None]
    if need.words and len(alone) == len(need.of):
        return f"{need.words}: {', '.join(_briefly(alone, wanted=False))}"
    if (
        need.every
        and len(alone) == len(need.of) > ALIKE
        and len({(each.attribute, each.wanted) for each in alone}) == 1
    ):
        return f"all of these {alone[0].wanted}: {', '.join(_briefly(alone, wanted=False))}"
    together = list(_briefly(alone, wanted=True)) + [
        f"({_in_words(each)})" if each.of else _in_words(each)
        for each in need.of
        if each.not_so is None
    ]
    return (" and " if need.every else " or ").join(together)


def _briefly(needed: list[NotSo], wanted: bool) -> Iterator[str]:
    """Attributes by the steps of their paths that tell them apart, each with its value, and with
    what it would have to be.
    """
    paths = [(*each.entity.split(" > "), each.attribute) for each in needed]
    start = end = 0
    if len(paths) > 1:
        while all(len(each) > start + 1 and each[start] == paths[0][start] for each in paths):
            start += 1
        while all(
            len(each) > start + end + 1 and each[-1 - end] == paths[0][-1 - end] for each in paths
        ):
            end += 1
    for path, each in zip(paths, needed, strict=True):
        name = " > ".join(path[start : len(path) - end])
        yield f"{name}: {each.wanted} (now {each.value})" if wanted else f"{name} ({each.value})"


def _each_needed(
    branch: Branch, needed: list[NotSo], everything: bool, word: str, given: dict[int, str]
) -> None:
    most = len(needed) if everything else MOST_BELOW
    alike: dict[object, list[NotSo]] = {}
    for below in sorted(needed, key=_nearness):
        alike.setdefault(
            (below.entity, below.attribute, below.wanted) if everything else _signature(below), []
        ).append(below)
    groups = list(alike.values())
    for first, *others in groups[:most]:
        line = _below(first, everything, word, given.get(id(first), ""))
        branch.below.append(line)
        # it may need two things of one
        same = list(dict.fromkeys(each.entity for each in others if each.entity != first.entity))
        if same:
            line.add(f"the same of {few(same)}", "quiet")
    if len(groups) > most:
        branch.add(f"and {sum(map(len, groups[most:]))} more (shown with `--all`)", "quiet")


def _then(branch: Branch, way: Way, everything: bool) -> None:
    """What would come of it once all of that is so."""
    for obstacle in way.in_the_way:
        if obstacle.then and obstacle.needs:
            line = branch.add(f"{THEN[obstacle.kind]}: {obstacle.conclusion} [{obstacle.rule}]")
            _needs(line, obstacle.needs, everything)
    if way.impossible:
        branch.add("what it needs cannot all be so", "quiet")
    if way.enough is False and way.would_give and way.needs and way.how != "works it out":
        branch.add(f"with all of that it would still be {' or '.join(way.would_give)}")


def _signature(found: NotSo) -> object:
    """What is told of an attribute further down, but for its entity: where it is the same, it is
    told once.
    """
    if not found.ways or found.seen or any(each.below for each in found.ways):
        return found.entity, found.attribute, found.wanted
    way = found.ways[0]
    failed = tuple(
        (each.text, each.actual, each.needed, bool(each.counts))
        for each in (*way.failed, *way.undecided)
    )
    if way.in_the_way or any(
        counted for *_, counted in failed
    ):  # the items that counted are told, and differ
        return found.entity, found.attribute, found.wanted
    return (
        found.attribute,
        found.value,
        found.wanted,
        way.rule.partition("@")[0],
        failed,
        len(found.ways),
        found.others,
    )


def _handed_on(found: NotSo) -> AttributeSeen | None:
    """The fact behind an attribute of which the nearest rule only hands on that."""
    return (
        found.ways[0].hands_on
        if found.ways and not found.seen and found.judgement is None
        else None
    )


def _gives(way: Way) -> str:
    if way.gives_it or not way.gives:
        return (
            ": it fired"
            if way.status == "fired"
            else ": it may fire"
            if way.status == "may fire"
            else ""
        )
    would = "gives" if way.status == "fired" else "would give"
    worked = f" ({', '.join(way.workings)})" if way.workings else ""
    lowered = f", lowered by {' and '.join(way.lowered_by)}" if way.lowered_by else ""
    return f": it {would} {' or '.join(way.gives)}{worked}{lowered}"


def _nearness(found: NotSo) -> tuple[int, int, int]:
    first = found.ways[0].nearness if found.ways else (0, 0, 0, 0, False, "")
    return (int(not found.ways), first[0], first[2])


def _condition(branch: Branch, condition: ConditionShown, entity: str) -> None:
    mark = {"met": "", "undecided": "undecided: ", "not met": "not met: "}[condition.status]
    text = f"{condition.kind}:" if condition.parts and condition.kind else condition.text
    line = branch.add(
        f"{mark}{text}{_stands(condition)}", "" if condition.status != "met" else "met"
    )
    if condition.because:
        line.add(f"because: {condition.because}", "quiet")
    for part in condition.parts:
        _condition(line, part, entity)
    for seen in condition.looked_at:
        if seen.below is not None:
            line.add(own_word(seen.below), "quiet")
        elif not condition.about:
            line.add(_seen(seen, entity), "quiet")
    for count in condition.counts:
        _items(line, count, entity)


def _stands(condition: ConditionShown) -> str:
    """What was there, and what was needed."""
    if condition.kind == "quantity":
        return f": {of_how_many(condition.counts[0])}" + (
            f", needed {condition.needed}" if condition.status != "met" else ""
        )
    if condition.parts or not condition.actual:
        return ""
    default = (
        " (not stated: the default)"
        if any(each.how == "default" for each in condition.looked_at) and condition.about
        else ""
    )
    given = "".join(f" ({parameter_inside(each)})" for each in condition.parameters)
    needed = f", needed {condition.needed}" if condition.status != "met" else ""
    return f": {condition.actual}{default}{needed}{given}"


def _items(line: Branch, count: CountShown, entity: str) -> None:
    for words, reads in (
        ("counted", count.counted),
        ("perhaps", count.undecided),
        ("not counted", count.not_counted),
        ("passed over", count.passed_over),
    ):
        if reads:
            line.add(f"{words}: {listed(reads, count, entity)}", "quiet")


def _seen(seen: AttributeSeen, entity: str) -> str:
    return f"{near(seen, entity)}: {seen.shown}{_how(seen)}"


def _how(seen: AttributeSeen) -> str:
    if seen.how == "stated":
        return f" ({seen.place}{', from ' + seen.origin if seen.origin else ''})"
    return " (not stated: the default)" if seen.how == "default" else ""


def _below(found: NotSo, everything: bool, word: str, given: str) -> Branch:
    """An attribute further down that is not as needed, and what could have given that."""
    asked = f", {word} {found.wanted}{given}" if word else ""
    branch = Branch(f"{found.entity} > {found.attribute} {_is_value(found)}{asked}", "answer")
    if (
        found.verdict == "it is" and word == "needed"
    ):  # as things are, and it has to be so after the change as well
        branch.text = f"{found.entity} > {found.attribute}: also needed {found.wanted}{given}"
        return branch
    if found.fact is not None:
        branch.text += _how(found.fact)
        return branch
    if found.seen:
        branch.text += " (see above)"
        return branch
    if (handed_on := _handed_on(found)) is not None:
        how = {"missing": ", not stated", "default": ", not stated: the default"}.get(
            handed_on.how, f", stated in {handed_on.place}"
        )
        branch.text += f" ({near(handed_on, found.entity)}{how}) [{found.ways[0].rule}]"
        return branch
    if found.judgement is not None:
        judged = found.judgement
        became = (
            without_effect(judged)
            if judged.overridden
            else f"the rules gave {' or '.join(judged.rules_gave)}"
        )
        branch.add(f"judged by {judged.by} on {judged.on}; {became}")
    if found.origin == "supplied":
        branch.add(
            "supplied from outside"
            + (f" (from {found.supplied_from})" if found.supplied_from else "")
        )
    if not found.ways and found.others:
        rules = "1 rule" if found.others == 1 else f"{found.others} rules"
        branch.add(f"{rules} could give that (shown with `--all`)", "quiet")
        return branch
    if not found.ways and found.origin in ("rules", "otherwise"):
        branch.add("no rule could give that", "quiet")
    for way in found.ways:
        branch.below.append(way_branch(way, found, everything))
    if found.others:
        branch.add(
            f"{found.others} other rule{'s' if found.others > 1 else ''} could give it too, with more to change",
            "quiet",
        )
    return branch


def _is_value(found: NotSo) -> str:
    """`is good`, `has no value`."""
    return "has no value" if found.value == "no value" else f"is {found.value}"
