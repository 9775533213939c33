"""A ledger as W3C PROV, in PROV-JSONLD: which firing of which rule made which rating, of which
facts.

Answers and facts are entities, firings activities, the program a plan, engines and people agents;
an entry is an entity of its own, a collection of its answers, and a correction is its revision.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rulewright.decision.outcome import ConditionMet, Count, FiringShown, Read

from .entries import Entry

if TYPE_CHECKING:
    from .ledger import Ledger

CONTEXT = [{"rw": "urn:rulewright:"}, "https://openprovenance.org/prov-jsonld/context.jsonld"]


def prov_lines(ledger: Ledger) -> Iterator[str]:
    """The lines of one JSON-LD document.

    Each entry is checked. Raises `Broken`, `InputError` (RW912).
    """
    yield '{"@context":' + _json(CONTEXT) + ',"@graph":['
    before = ""
    told: set[str] = set()
    for entry in ledger.checked():
        for each in _about(ledger.readable(entry), told):
            yield before + _json(each)
            before = ","
    yield "]}"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _about(entry: Entry, told: set[str]) -> Iterator[dict[str, Any]]:
    envelope, decision = entry.envelope, entry.decision
    here = _entry(entry.number)
    program = _name("program", entry.program_digest)
    engine = _name("engine", f"{envelope.made_by.version} {' and '.join(envelope.made_by.engines)}")
    yield from _once(
        told,
        program,
        _thing(
            "Entity", program, ["prov:Plan"], policy=decision.policy.id, title=decision.policy.title
        ),
    )
    yield from _once(
        told,
        engine,
        _thing(
            "Agent",
            engine,
            ["prov:SoftwareAgent"],
            version=envelope.made_by.version,
            engines=" and ".join(envelope.made_by.engines),
        ),
    )
    yield _thing(
        "Entity",
        here,
        ["prov:Collection"],
        kind=envelope.kind,
        case=decision.case,
        hash=entry.hash,
        decision=envelope.decision,
        recordedAt=envelope.recorded_at,
        reason=envelope.reason,
    )
    for person, role in (
        (envelope.recorded_by, "recorded by"),
        (envelope.approved_by, "approved by"),
    ):
        if person:
            agent = _name("person", person)
            yield from _once(told, agent, _thing("Agent", agent, ["prov:Person"], name=person))
            yield {
                "@type": "Attribution",
                "entity": here,
                "agent": agent,
                "rw:role": [{"@value": role}],
            }
    if envelope.supersedes is not None:
        yield {
            "@type": "Derivation",
            "generatedEntity": here,
            "usedEntity": _entry(envelope.supersedes),
            "type": ["prov:Revision"],
        }
    known: set[str] = set()
    for answer in decision.answers:
        rating = _place(entry.number, answer.entity, answer.attribute)
        known.add(rating)
        yield _thing(
            "Entity", rating, [], status=answer.status, value=answer.value, label=answer.label
        )
        yield {"@type": "Membership", "collection": here, "entity": [rating]}
        deciding = {*answer.decided_by, *answer.limited_by}
        for firing in decision.firings:
            if (firing.entity, firing.attribute) == (
                answer.entity,
                answer.attribute,
            ) and firing.rule in deciding:
                yield {
                    "@type": "Generation",
                    "entity": rating,
                    "activity": _firing(entry.number, firing),
                }
    for firing in decision.firings:
        activity = _firing(entry.number, firing)
        yield _thing(
            "Activity",
            activity,
            [],
            rule=firing.rule,
            status=firing.status,
            conclusion=firing.conclusion,
        )
        yield {"@type": "Association", "activity": activity, "agent": engine, "plan": program}
        used: set[str] = set()
        for read in _reads(firing):
            fact = _place(entry.number, read.entity, read.attribute)
            if fact not in known:
                known.add(fact)
                yield _thing("Entity", fact, [], value=read.shown)
            if fact not in used:
                used.add(fact)
                yield {"@type": "Usage", "activity": activity, "entity": fact}


def _reads(firing: FiringShown) -> Iterator[Read]:
    yield from firing.reads
    yield from _counted(firing.counts)
    for condition in firing.conditions:
        yield from _looked_at(condition)


def _looked_at(condition: ConditionMet) -> Iterator[Read]:
    yield from condition.reads
    yield from _counted(condition.counts)
    for part in condition.parts:
        yield from _looked_at(part)


def _counted(counts: list[Count]) -> Iterator[Read]:
    for count in counts:
        yield from (*count.counted, *count.not_counted, *count.passed_over, *count.undecided)


def _once(told: set[str], name: str, thing: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if name not in told:
        told.add(name)
        yield thing


def _thing(kind: str, name: str, types: list[str], /, **said: str) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": kind, "@id": name}
    if types:
        found["type"] = types
    return found | {f"rw:{word}": [{"@value": value}] for word, value in said.items() if value}


def _name(*steps: str) -> str:
    return "rw:" + "/".join(quote(each, safe="-._~:") for each in steps)


def _entry(number: int) -> str:
    return _name("entry", str(number))


def _place(number: int, entity: str, attribute: str) -> str:
    return _name("entry", str(number), f"{entity} > {attribute}")


def _firing(number: int, firing: FiringShown) -> str:
    return _name("entry", str(number), "firing", str(firing.number))
