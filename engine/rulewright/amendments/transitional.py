"""Transitional rules: what is repealed, and goes on while conditions on the case hold.

Rules that an earlier policy of the chain has repealed return as `restores` brings them back, and
are repealed once more, but for what goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from rulewright.rulebook.rulebook import RulebookEntry, as_seq
from rulewright.syntax.errors import Place, Problems
from rulewright.syntax.models import AllOf, AnyOf, NoneOf, PolicyModel, Reasoned
from rulewright.syntax.text import Map, Text, place_of, text_of

from .assembly import AmendedEntry, Assembly
from .entries import EntryTarget
from .interpretations import interpretations_written_in
from .remaining_uses import used_by
from .repeals import put_back, repeal, repealer
from .rows import ROW
from .rules_of_principles import RuleOfPrinciple, RuleOfUse, RuleWithin
from .target import Gone, Lasting, near_target
from .targets import names_of_targets

Written = Text | Map
"""A condition as it is written in a rule: a sentence, one with its reason, or `any of`, `none of`,
`all of`."""
LASTING = ("rule", "table", "use")
"""The kinds of entry that can go on."""


@dataclass(frozen=True)
class Line:
    """One line of `transitional`. name: of what goes on; written: what the line calls it."""

    name: str
    written: Text
    conditions: list[Written]


@dataclass
class Transition:
    """What goes on while conditions hold: what a policy repeals itself, and what one that it amends
    has repealed.
    """

    repealed_here: dict[Lasting, Line] = field(default_factory=dict)
    resumed: dict[Lasting, Line] = field(default_factory=dict)


# -- what the lines name


def keep(assembly: Assembly, model: PolicyModel, problems: Problems) -> Transition:
    """What goes on while conditions hold: the repeals pass over it.

    The conditions are kept apart from its text.
    """
    transition = Transition()
    for each in model.transitional:
        conditions = as_written(each.while_)
        for written in each.rules:
            _keep(assembly, model, written, conditions, transition, problems)
    return transition


def _keep(
    assembly: Assembly,
    model: PolicyModel,
    written: Text,
    conditions: list[Written],
    transition: Transition,
    problems: Problems,
) -> None:
    there = _standing(assembly, written)
    before = [
        each
        for each in _repealed_before(assembly, written)
        if each not in there or _goes_on(assembly, each)
    ]
    if there and before and _repeals_one_of(assembly, model, there):
        before = []  # the line means what this policy repeals
    if not there and not before:
        problems.add(
            "RW407",
            place_of(written),
            f"there is no rule `{written}` to keep",
            _help(assembly, written),
        )
    own = [each for each in there if each not in before]
    for target in own:
        transition.repealed_here.setdefault(target, Line(target.name, written, conditions))
        assembly.going_on[target] = [*assembly.going_on.get(target, ()), *conditions]
    for target in before:
        line = transition.resumed.get(target, Line(target.name, written, []))
        transition.resumed[target] = replace(line, conditions=[*line.conditions, *conditions])
    for action, targets in (("keeps", own), ("resumes", before)):
        if targets or (action == "keeps" and not before):
            names = tuple(each.name for each in targets)
            assembly.changes.append(AmendedEntry(str(model.policy), action, str(written), names))


def _standing(assembly: Assembly, written: str) -> list[Lasting]:
    """What a line names of what the policy has."""
    entries: list[Lasting] = [
        each for each in EntryTarget.named(assembly, written) if each.kind_in(assembly) in LASTING
    ]
    if entries and "*" not in written:
        return entries
    rules = [*RuleOfPrinciple.named(assembly, written), *RuleOfUse.named(assembly, written)]
    return [*entries, *(each for each in rules if each.applies(assembly))]


def _repealed_before(assembly: Assembly, written: str) -> list[Lasting]:
    """What a line names of all that a policy of the chain has repealed."""
    called = [each for each, _ in _gone(assembly) if each.is_called(written)]
    entries: list[Lasting] = [each for each in called if isinstance(each, EntryTarget)]
    if entries and "*" not in written:
        return entries
    rules = [each for each in called if isinstance(each, RuleOfPrinciple)]
    of_uses = [
        each
        for each in (_rules_of_uses(assembly) if "@" in written else ())
        if each.is_called(written) and any(_gone_with(assembly, each))
    ]
    return [*entries, *rules, *of_uses]


def _gone(assembly: Assembly) -> Iterator[tuple[Lasting, Gone]]:
    """What was repealed and can go on."""
    for gone in assembly.gone.values():
        target = gone.target
        if isinstance(target, RuleWithin) or (
            isinstance(target, EntryTarget) and gone.content.kind in LASTING
        ):
            yield target, gone


def _rules_of_uses(assembly: Assembly) -> Iterator[RuleOfUse]:
    """The rules of uses, those that were repealed too: there, in all uses, or with the use."""
    for use in [name for name, item in _entries(assembly).items() if item.kind == "use"]:
        yield from (RuleOfUse(use, rule) for rule in _rules(assembly, use.partition("@")[0]))


def _entries(assembly: Assembly) -> dict[str, RulebookEntry]:
    """Entries, those that were repealed too."""
    gone = (each for each in assembly.gone.values() if isinstance(each.target, EntryTarget))
    return {**{each.name: each.content for each in gone}, **assembly.items}


def _rules(assembly: Assembly, principle: str) -> list[str]:
    """The rules of a principle, those that were repealed too."""
    item = _entries(assembly).get(principle)
    there = item.tree["rules"] if item is not None and item.kind == "principle" else ()
    gone = [
        target.rule
        for target, _ in _gone(assembly)
        if isinstance(target, RuleOfPrinciple) and target.principle == principle
    ]
    return list(dict.fromkeys([*(str(each["rule"]) for each in there), *gone]))


def _gone_with(assembly: Assembly, wanted: Lasting) -> list[Gone]:
    """What was repealed and has to return so that this goes on, from the outside in."""
    found = [gone for target, gone in _gone(assembly) if target.covers(wanted)]
    return sorted(found, key=lambda gone: _DEPTH.index(type(gone.target)))


_DEPTH = (EntryTarget, RuleOfPrinciple, RuleOfUse)


def _goes_on(assembly: Assembly, target: Lasting) -> bool:
    """Whether it goes on already: by itself, with what it is in, or in some uses."""
    return any(
        each.covers(target) or (isinstance(target, RuleOfPrinciple) and target.covers(each))
        for each in assembly.going_on
    )


def _repeals_one_of(assembly: Assembly, model: PolicyModel, targets: list[Lasting]) -> bool:
    """Whether a policy repeals one of these itself."""
    trial = assembly.copy()
    for written in model.repeals:
        repeal(trial, written, str(model.policy), Problems())
    repealed = {name for each in trial.changes[len(assembly.changes) :] for name in each.expanded}
    return any(each.name in repealed for each in targets)


def _help(assembly: Assembly, written: Text) -> str:
    row = ROW.match(written)
    if row and row["table"] in assembly.items:
        return (
            f"a row goes on with its table: repeal `{row['table']}`, keep it, and add its successor"
        )
    return (
        near_target(written, [*names_of_targets(assembly), *assembly.gone])
        or "name a rule, table or use of the amended policy"
    )


# -- what was repealed before, and returns


def resume(assembly: Assembly, transition: Transition, problems: Problems) -> None:
    """Bring back what goes on though it was repealed before, each while its conditions hold.

    What is there goes on as it is.
    """
    wanted: dict[Lasting, list[Written]] = {}
    back: dict[str, Gone] = {}
    for target, line in transition.resumed.items():
        principle = target.inside.partition("@")[0]
        gone = _gone_with(assembly, target)
        if not gone:
            problems.add(
                "RW407",
                place_of(line.written),
                f"`{line.name}` is restored, so there is nothing to go on",
                "name it in one of the two",
            )
        elif assembly.repealed.get(principle) == "principle":
            _cannot_go_on_without(assembly, line, principle, problems)
        else:
            wanted[target] = line.conditions
            back |= {each.name: each for each in gone}
    order = sorted(back.values(), key=lambda each: not each.target.restored_first)
    targets = [each.target for each in order if isinstance(each.target, Lasting)]
    before = {
        target: conditions
        for target, conditions in assembly.going_on.items()
        if any(each.covers(target) for each in targets)
    }
    for target, gone_ in zip(targets, order, strict=True):
        changed = replace(gone_, **target.as_it_goes_on(assembly, gone_, before))
        put_back(assembly, changed, Text(gone_.name), problems)
    lasting = wanted | {
        target: conditions
        for target, conditions in before.items()
        if not any(each.covers(target) for each in wanted)
    }
    assembly.going_on |= lasting
    for target in targets:
        target.remove(assembly, lasting)


def nothing_missing(assembly: Assembly, transition: Transition, problems: Problems) -> None:
    """What goes on though it was repealed before may need what was repealed with it (RW407)."""
    for target, line in transition.resumed.items():
        alone = _alone(assembly, target)
        if alone is None:
            continue
        for each in used_by(assembly, alone):
            _cannot_go_on_without(assembly, line, each, problems)
        for interpretation, other in _written_out_elsewhere(assembly, alone):
            problems.add(
                "RW407",
                place_of(line.written),
                f"`{line.name}` cannot go on without the interpretation `{interpretation}`, "
                f"which is written out in `{other}`, and that is repealed",
                f"restore `{other}`, or add the interpretation",
            )


def _alone(assembly: Assembly, target: Lasting) -> RulebookEntry | None:
    """The entry that goes on; of a rule within another entry that rule alone."""
    item = assembly.items.get(target.inside)
    if item is None or not isinstance(target, RuleWithin):
        return item
    return replace(item, kind="rule", tree=target.read(assembly) or Map())


def _written_out_elsewhere(assembly: Assembly, item: RulebookEntry) -> Iterator[tuple[str, str]]:
    """The interpretations that an entry names, each with the entry that holds it, where that was
    repealed.
    """
    there = {str(each.id) for each in assembly.items.values() if each.kind == "interpretation"}
    there = there.union(
        *(interpretations_written_in(each.tree) for each in assembly.items.values())
    )
    for name in as_seq(item.tree.get("interpretation")):
        if isinstance(name, str) and str(name) not in there:
            yield from (
                (str(name), gone.name)
                for gone in assembly.gone.values()
                if isinstance(gone.target, EntryTarget)
                and name in interpretations_written_in(gone.content.tree)
            )


def _cannot_go_on_without(assembly: Assembly, line: Line, name: str, problems: Problems) -> None:
    """Note what is missing (RW407): something that was repealed."""
    problems.add(
        "RW407",
        place_of(line.written),
        f"`{line.name}` cannot go on without `{name}`, which "
        f"`{repealer(assembly, name) or assembly.policy.policy}` has repealed",
        f"restore it: `restores: [{name}]`",
    )


# -- what goes on


def only_repealed_goes_on(
    assembly: Assembly, kept: dict[Lasting, Line], policy: str, problems: Problems
) -> None:
    """What was not repealed has nothing to go on after: its condition would only narrow it."""
    own = [each for each in assembly.changes if each.policy == policy and each.action == "repeals"]
    if not all(each.expanded for each in own):
        return  # the repeal is reported to be wrong
    repealed = {name for each in own for name in each.expanded}
    told = set[Text]()
    for target, line in kept.items():
        principle = target.inside.partition("@")[0]
        whole = {target.name, target.inside}
        if isinstance(target, RuleWithin):
            whole.add(RuleOfPrinciple(principle, target.rule).name)
        if isinstance(target, RuleWithin) and principle in repealed:
            problems.add(
                "RW407",
                place_of(line.written),
                f"`{line.name}` cannot go on without `{principle}`, which is repealed",
                "repeal its other rules, or its uses, one by one",
            )
        elif not repealed & whole and line.written not in told:
            problems.add(
                "RW407",
                place_of(line.written),
                f"`{line.name}` is not repealed, so there is nothing to go on",
                f"repeal it and add its successor, with `unless: {as_one(line.conditions)}`",
            )
            told.add(line.written)


def go_on(assembly: Assembly) -> None:
    """What goes on gets its conditions, whatever the amendments did to its text."""
    for target, conditions in sorted(
        assembly.going_on.items(), key=lambda each: "@" in each[0].inside
    ):
        if target.inside in assembly.items:
            target.add_conditions(assembly, conditions)


# -- conditions as written


def as_written(conditions: Any) -> list[Written]:
    """The conditions under `while`, as they would stand under `when` of a rule."""
    return [_as_written(each) for each in as_seq(conditions)]


def _as_written(condition: Any) -> Written:
    if isinstance(condition, Text):
        return condition
    if isinstance(condition, Reasoned):
        return _placed(
            {"condition": condition.condition, "because": condition.because}, condition.place_
        )
    assert isinstance(condition, AnyOf | NoneOf | AllOf)
    kind = (
        "any of"
        if isinstance(condition, AnyOf)
        else "none of"
        if isinstance(condition, NoneOf)
        else "all of"
    )
    return _placed(
        {kind: as_seq([_as_written(each) for each in getattr(condition, kind.replace(" ", "_"))])},
        condition.place_,
    )


def _placed(fields: dict[str, Any], place: Place) -> Map:
    tree = Map({Text(name): content for name, content in fields.items()})
    tree.place = place
    return tree


def as_one(conditions: list[Written]) -> str:
    """Several conditions as one, as YAML on one line, without their reasons: what does not hold
    under it goes for all of them.
    """
    if len(conditions) == 1:
        return _on_one_line(conditions[0])
    return f"{{all of: [{', '.join(map(_on_one_line, conditions))}]}}"


def _on_one_line(condition: Written) -> str:
    if isinstance(condition, Text):
        return text_of(condition)
    if "condition" in condition:
        return text_of(condition["condition"])
    ((kind, inner),) = condition.items()
    return f"{{{kind}: [{', '.join(map(_on_one_line, inner))}]}}"
