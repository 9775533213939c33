"""A ready scenario that tells a mutant from the rules as they are, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rulewright.decision.outcome import plain
from rulewright.facts.cases import CaseText
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.text import Map, Seq, Text
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.syntax.yaml_text import yaml_lines

from .divergence import Divergence
from .shrinker import short

SCHEMA = "rulewright/suggestion/1"
_INDENT = 2
_WIDTH = 110


@dataclass(slots=True)
class Suggestion:
    """A scenario for a mutant.

    about: the change that it tells, in words; also: others that it tells too. now, then: what the
    expectation names, with the rules as they are and with the change; then_also: with each of the
    others. scenario: an entry of a scenario file, for the change alone.
    """

    name: str
    about: str
    place: str
    policy: str
    now: str
    then: str
    scenario: str
    also: list[str] = field(default_factory=list)
    then_also: list[str] = field(default_factory=list)
    schema: str = SCHEMA

    @property
    def body(self) -> str:
        """The scenario without its name and comments."""
        lines = (
            each
            for each in self.scenario.split("\n")
            if not each.lstrip().startswith("#") and not each.startswith("- case:")
        )
        return "\n".join(lines)

    @property
    def text(self) -> str:
        """The scenario, with all that it tells above it; where these changes do not all give the
        same, with what each gives.
        """
        if not self.also:
            return self.scenario
        differ = set(self.then_also) != {self.then}
        above = [
            f"tells it if {what}" + f": then {then}" * differ
            for what, then in zip(self.also, self.then_also, strict=True)
        ]
        above.append(f"tells it if {self.about}" + f": then {self.then}" * differ)
        rest = self.scenario.removeprefix(_lines(f"tells it if {self.about}"))
        with_each = (
            "the above with each change" if differ else f"{self.then} with each of these changes"
        )
        rest = rest.replace(
            _lines(_to_be_confirmed(self.now, f"{self.then} with the change"), 4),
            _lines(_to_be_confirmed(self.now, with_each), 4),
            1,
        )
        return "".join(map(_lines, above)) + rest

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, in the order of `schemas/suggestion.json`."""
        found: dict[str, Any] = plain(self)
        return {"schema": found.pop("schema"), **found}


def expectation(parting: Divergence) -> tuple[Map, str, str]:
    """What the scenario expects, and the value with the rules as they are and with the change, in
    words.
    """
    if parting.word == "value":
        now, then = " or ".join(parting.now), " or ".join(parting.then)
        if len(parting.now) == 1:
            return Map({Text(parting.path): Text(parting.now[0])}), now, then
        return (
            Map(
                {
                    Text(parting.path): Map(
                        {Text("one of"): Seq([Text(each) for each in parting.now])}
                    )
                }
            ),
            now,
            then,
        )
    fires, does_not = f"{parting.rule} fires", f"{parting.rule} does not fire"
    word = parting.word if parting.fires else "and not"
    expected = Map({Text(word): Seq([Text(parting.rule)])})
    return expected, *((fires, does_not) if parting.fires else (does_not, fires))


def written(name: str, what: str, tree: Map, parting: Divergence, vocabulary: Vocabulary) -> str:
    """The scenario as YAML: an entry of a list, its expectation marked as to be confirmed."""
    expected, now, then = expectation(parting)
    whole = Map({Text("case"): Text(name), Text("tags"): Seq([Text("suggested")]), **tree})
    lines = list(yaml_lines(short(whole, vocabulary), _INDENT, _WIDTH))
    lines[0] = f"- {lines[0].lstrip()}"
    return (
        "\n".join([*_comment(f"tells it if {what}"), *lines, *_expected(expected, now, then)])
        + "\n"
    )


def _comment(text: str, indent: int = 0) -> Iterator[str]:
    begun = f"{' ' * indent}#"
    line = begun
    for word in text.split():
        if len(line) + len(word) > 118:
            yield line
            line = begun
        line += f" {word}"
    yield line


def _lines(text: str, indent: int = 0) -> str:
    return "".join(f"{line}\n" for line in _comment(text, indent))


def _to_be_confirmed(now: str, with_the_change: str) -> str:
    return f"to be confirmed: {now} under the present rules, {with_the_change}"


def _expected(expected: Map, now: str, then: str) -> Iterator[str]:
    yield "  expect:"
    yield from _comment(_to_be_confirmed(now, f"{then} with the change"), 4)
    yield from yaml_lines(expected, 4, _WIDTH)


def read_again(scenario: str) -> CaseText:
    """The scenario as a case file holds it. Raises `InputError`."""
    return CaseText(load_yaml(scenario, "suggested")[0], "suggested")
