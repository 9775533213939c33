"""Which entries cite which paragraphs, in all policies of a rulebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rulewright.amendments.chain import Assembly
from rulewright.amendments.rules_of_principles import RuleOfUse, principle_of, rules_of
from rulewright.syntax.errors import Place
from rulewright.syntax.paragraphs import paragraph_key
from rulewright.syntax.text import key, place_of

from .compiled import Compiled


@dataclass(frozen=True, slots=True)
class Citing:
    """One citation. `name`: of the entry, or of the policy; `paragraph`: its key, empty where none
    is named.
    """

    name: str
    document: str
    paragraph: str
    shown: str
    place: Place
    says: bool = True  # not an interpretation, which may speak of any paragraph


def citing(policies: list[Compiled]) -> tuple[Citing, ...]:
    """Every citation of every policy, those that several policies share once."""
    return tuple(dict.fromkeys(each for policy in policies for each in _of(policy.assembly)))


def names(policies: list[Compiled]) -> set[str]:
    """Everything that may be said to encode a paragraph: entries, rules of principles and their
    uses, rows, policies.
    """
    found: set[str] = set()
    for policy in policies:
        found |= {
            policy.name,
            *(each.rule.written for each in policy.written),
            *(each.name for each in policy.written),
        }
        found |= {name for name, _, _ in _sources(policy.assembly)}
    return found


def _of(assembly: Assembly) -> Iterator[Citing]:
    for name, source, place in _sources(assembly):
        for each in source if isinstance(source, list) else [source] if source is not None else []:
            get = each.get if isinstance(each, dict) else lambda field, of=each: getattr(of, field)
            section, paragraph = str(get("section") or ""), get("paragraph")
            shown = paragraph_key(section, str(paragraph)) if paragraph is not None else ""
            where = place_of(paragraph, place_of(get("document"), place))
            item = assembly.items.get(name)
            says = item is None or item.kind != "interpretation"
            yield Citing(
                name, str(get("document")), key(shown) if shown else "", shown, where, says
            )


def _sources(assembly: Assembly) -> Iterator[tuple[str, Any, Place]]:
    """Each name with its source: of a rule of a principle its own, else that of its use, else that
    of the principle.
    """
    policy = assembly.policy
    yield str(policy.policy), policy.source, place_of(policy.policy)
    for each in assembly.shown:
        if each.withdrawn is not None:
            yield each.policy, each.withdrawn.source, place_of(each.header)
    for name, item in assembly.items.items():
        tree = item.tree
        yield name, tree.get("source"), item.place
        for rule in tree.get("rules") or () if item.kind == "principle" else ():
            yield f"{name}.{rule['rule']}", rule.get("source") or tree.get("source"), item.place
        principle = principle_of(assembly, name) if item.kind == "use" else None
        for rule in rules_of(assembly, name) if principle is not None else ():
            rule_here = RuleOfUse(name, rule)
            trees = (rule_here.read(assembly), tree, principle.tree if principle else None)
            if rule_here.applies(assembly):
                sources = (one.get("source") for one in trees if one)
                yield rule_here.name, next(filter(None, sources), None), item.place
