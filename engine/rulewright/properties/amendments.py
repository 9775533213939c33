"""What is declared of a policy, asked of the policies that amend it: does a better fact still never
give a worse rating?

Asked are the `monotone` properties that are expected to hold. What the amendment took away is left
out of a property's space; where it changes nothing that a rating follows from, what was proved of
the amended policy holds. A policy that has properties of its own about an attribute is not asked
those of others about it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from rulewright.compiler.changed_policy import Base
from rulewright.ir.digest import digest_of_parts
from rulewright.ir.nodes import NodeKey
from rulewright.ir.traversal import parameters_in
from rulewright.lint.cache import kept
from rulewright.lint.compiled import Compiled
from rulewright.syntax.errors import EngineError, InputError, Place, Problem
from rulewright.syntax.text import Map, Seq, Text, key, place_of
from rulewright.syntax.yaml_loader import read_text
from rulewright.workbench import Rules

from .checker import check_posed
from .files import Declared, load_properties
from .reader import Posed, pose
from .record import Checked

CODE = "RW731"
MOST_FACTS = 200  # that a rating may depend on, of one property
MOST_PROPERTIES = 8  # of one amendment


@dataclass
class Looked:
    """What was found, and notes on what was not looked at, with the reason."""

    problems: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class AmendedProperty:
    """A property read against the policy that it is declared of."""

    declared: Declared
    posed: Posed

    @property
    def about(self) -> tuple[str, str]:
        """The kind of thing and the attribute that it is about."""
        assert self.posed.at is not None
        return self.posed.case.entities[self.posed.at[0]].type, self.posed.at[1]


def check_amendments(rules: Rules, policies: Sequence[Compiled], files: Iterable[Path]) -> Looked:
    """Ask the properties in these files, each declared of a policy of the rulebook, of the policies
    that amend it.

    Raises `InputError` with what is wrong in the shape of a file of properties.
    """
    found = Looked()
    paths = [each for each in files if os.path.exists(each)]
    if not paths:
        return found
    named: dict[
        tuple[str, str], Declared
    ] = {}  # a file beside the rulebook may be a copy of a shipped one
    for each in load_properties(paths):
        if each.kind == "monotone" and str(each.policy) in rules.book.policies:
            named.setdefault((str(each.policy), key(each.name)), each)
    declared = list(named.values())
    own = _by_policy(
        rules, declared, found, {name for policy in policies for name in policy.assembly.chain[1:]}
    )
    texts = sha256("\0".join(read_text(each.path) for each in declared).encode()).hexdigest()
    for policy in policies:
        asked = _inherited(policy, own)
        if asked:
            looked = kept(policy, f"properties {texts}", partial(_look, rules, policy, asked))
            found.problems += looked.problems
            found.left_out += looked.left_out
    return found


def _by_policy(
    rules: Rules, declared: list[Declared], found: Looked, amended: set[str]
) -> dict[str, list[AmendedProperty]]:
    own: dict[str, list[AmendedProperty]] = {}
    unread: dict[str, list[Declared]] = {}
    for each in declared:
        try:
            own.setdefault(str(each.policy), []).append(AmendedProperty(each, pose(rules, each)))
        except InputError:
            unread.setdefault(str(each.policy), []).append(each)
    for policy, several in unread.items():
        if policy in amended:
            found.left_out.append(
                Problem(
                    place_of(rules.book.policies[policy].policy),
                    CODE,
                    f"what is declared of `{policy}` in "
                    f"`{several[0].file}` was not asked of the policies that amend it: it cannot be read",
                    f"see `rulewright properties{_file(several[0])} --policy {policy}`",
                    "note",
                )
            )
    return own


def _inherited(policy: Compiled, own: dict[str, list[AmendedProperty]]) -> list[AmendedProperty]:
    """The properties of the policies that this one amends, the nearest first, about what no nearer
    one has any.
    """
    settled = {each.about for each in own.get(policy.name, [])}
    found: list[AmendedProperty] = []
    for name in policy.assembly.chain[1:] if own else ():
        theirs = own.get(name, [])
        found += [
            each
            for each in theirs
            if each.about not in settled and each.declared.model.expected == "yes"
        ]
        settled |= {each.about for each in theirs}
    return found


def _look(rules: Rules, policy: Compiled, asked: list[AmendedProperty]) -> Looked:
    found, looked, broken = Looked(), 0, set[tuple[str, str]]()
    for each in sorted(asked, key=lambda one: len(one.posed.space.values)):
        whose = str(each.declared.policy)
        if each.about in broken:
            continue  # one pair of cases shows it
        base = policy.named[whose].base if whose in policy.named else None
        posed = adapted(rules, each.declared, policy.name)
        if (
            base is None
            or posed is None
            or _withdrawn(policy, posed)
            or _same(base, policy.base, posed, each.posed)
        ):
            continue
        if _facts(policy.base, posed) > MOST_FACTS or looked == MOST_PROPERTIES:
            why = (
                f"more than {MOST_PROPERTIES} properties"
                if looked == MOST_PROPERTIES
                else f"it depends on more than {MOST_FACTS} facts"
            )
            found.left_out.append(_left_out(policy.assembly.policy.policy, each.declared, why))
            continue
        looked += 1
        try:
            record = check_posed(posed).record
            if (
                record.verdict == "does not hold"
                and check_posed(each.posed).record.verdict == "holds"
            ):
                found.problems.append(_problem(policy, whose, record))
                broken.add(each.about)
            elif record.verdict == "undecided":
                found.left_out.append(
                    _left_out(policy.assembly.policy.policy, each.declared, record.undecided)
                )
        except (InputError, EngineError) as error:
            found.left_out.append(
                _left_out(
                    policy.assembly.policy.policy, each.declared, str(error).partition("\n")[0]
                )
            )
    return found


def _problem(policy: Compiled, whose: str, record: Checked) -> Problem:
    shown = record.counterexamples[0]
    changed = " and ".join(
        f"`{each.entity} > {each.attribute}` from {each.value} to {each.better}"
        for each in shown.raised
    )
    one, other = shown.gives[0], shown.better_gives[0]
    return Problem(
        place_of(policy.assembly.policy.policy),
        CODE,
        f"`{policy.name}` breaks a property of `{whose}`, `{record.property}`: changing {changed}, which is better, "
        f"changes `{one.entity} > {one.attribute}` from {one.value} to {other.value}, which is worse",
        f"change the amendment, or declare the property for `{policy.name}` with `expected: no` and `because`",
        "warning",
    )


def _left_out(policy: Text, declared: Declared, why: str) -> Problem:
    return Problem(
        place_of(policy),
        CODE,
        f"whether `{policy}` keeps the property `{declared.name}` was not looked at: {why}",
        f"ask it by itself: `rulewright properties{_file(declared)} --policy {policy}`",
        "note",
    )


def _file(declared: Declared) -> str:
    """The file, where it is named from here; the shipped ones need no name."""
    return "" if Path(declared.file).is_absolute() else f" {declared.file}"


# -- what the amendment took away


def adapted(rules: Rules, declared: Declared, policy: str) -> Posed | None:
    """The property read against another policy, without what that one does not have; nothing where
    too little is left.
    """
    found: Declared | None = replace(declared, policy=Text.at(policy, declared.place))
    while found is not None:
        try:
            return pose(rules, found)
        except InputError as error:
            found = _without(found, {each.place for each in error.problems})
    return None


def _without(declared: Declared, places: set[Place]) -> Declared | None:
    """The property without the words at these places; nothing where none of them can go."""
    space, model = declared.space, declared.model
    opened = space.open if isinstance(space.open, dict) else dict.fromkeys(space.open)
    kept_open = {word: values for word, values in opened.items() if place_of(word) not in places}
    better = {word: how for word, how in model.better.items() if place_of(word) not in places}
    facts = {word: _pruned(tree, places) for word, tree in (space.model_extra or {}).items()}
    if not kept_open or (len(kept_open), len(better), facts) == (
        len(opened),
        len(model.better),
        dict(space.model_extra or {}),
    ):
        return None
    copied = space.model_copy(update={"open": kept_open})
    object.__setattr__(copied, "__pydantic_extra__", facts)
    return replace(declared, model=model.model_copy(update={"better": better}), space=copied)


def _pruned(tree: Any, places: set[Place]) -> Any:
    """Facts without those at these places."""
    if isinstance(tree, Map):
        found = Map(
            {
                word: _pruned(each, places)
                for word, each in tree.items()
                if place_of(word) not in places and not _at(each, places)
            }
        )
        found.place = tree.place
        return found
    if isinstance(tree, list):
        several = Seq(_pruned(each, places) for each in tree if not _at(each, places))
        several.place, several.flow = place_of(tree), getattr(tree, "flow", False)
        return several
    return tree


def _at(value: Any, places: set[Place]) -> bool:
    return isinstance(value, Text) and value.place in places


def _withdrawn(policy: Compiled, posed: Posed) -> bool:
    """Whether the policy no longer publishes what the property is about."""
    return _node(posed) in policy.withdrawn


# -- what a rating follows from


def _same(base: Base, amended: Base, posed: Posed, before: Posed) -> bool:
    """Whether the rating follows in the same way from the same facts as in the policy of which the
    property was proved.
    """
    facts = [
        {(each.case.entities[index].path, name) for index, name in each.space.values}
        for each in (before, posed)
    ]
    return facts[0] == facts[1] and _meaning(base, before) == _meaning(amended, posed)


def _meaning(base: Base, posed: Posed) -> str:
    behind = _behind(base, _node(posed))
    nodes = [base.nodes[each] for each in sorted(behind) if each in base.nodes]
    program = base.program
    named = sorted(
        parameters_in(
            *((rule.conditions, rule.value) for node in nodes for rule in node.every_rule)
        )
    )
    parameters = [(name, program.parameters[name].values) for name in named]
    kinds = sorted({each.entity for each in behind})
    words = [
        (each, program.vocabulary.entities[each.entity].attributes[each.attribute])
        for each in sorted(behind)
        if each not in base.nodes
    ]
    members = [(name, program.vocabulary.entities[name].members) for name in kinds]
    return digest_of_parts(tuple(nodes), parameters, words, members)


def _behind(base: Base, node: NodeKey) -> set[NodeKey]:
    found, waiting = {node}, [node]
    while waiting:
        new = base.needs.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _facts(base: Base, posed: Posed) -> int:
    """How many open facts the rating may depend on."""
    read = {(each.entity, each.attribute) for each in _behind(base, _node(posed))}
    return sum(
        1 for index, name in posed.space.values if (posed.case.entities[index].type, name) in read
    )


def _node(posed: Posed) -> NodeKey:
    assert posed.at is not None
    entity = posed.case.entities[posed.at[0]]
    return NodeKey(entity.type, entity.parent_type, entity.member, posed.at[1])
