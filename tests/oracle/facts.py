"""The facts of a case as the oracle reads them: stated, by default, or missing.

A missing fact that matters is asked for by raising `Missing`; `possibilities` answers it in every
way and collects what follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from tests.fuzz.dice import Dice

from .branches import KNOWN
from .days import first_within, months_later, within
from .words import BASES, QUESTIONS, RATINGS, STATEMENTS, TYPES, UNRATED

T = TypeVar("T")
Tree = dict[str, Any]
Fact = tuple[str, str]  # the path of a thing, the name of its fact
Value = str | int | date | None

NO = "no"
YES_NO = ("yes", "no")
ANY_RATING = (*RATINGS, *UNRATED)

# Of each kind of thing its facts: what they may be, and what is assumed where a case is silent
# (`...`: nothing, it is missing).
FACTS: dict[str, dict[str, tuple[Any, Any]]] = {
    "trust": {
        "trust type": (TYPES, ...),
        "specialist": (YES_NO, "no"),
        "single-location trust": (YES_NO, "no"),
        "location ratings published": (YES_NO, ...),
        "use of resources applies": (YES_NO, ...),
        "trust well-led assessed": (YES_NO, "yes"),
        "core services inspected": (YES_NO, "yes"),
        "earlier overall rating": (ANY_RATING, ...),
        "earlier combined rating": (ANY_RATING, ...),
        "use of resources rating": (ANY_RATING, None),
        "earlier trust rating": (ANY_RATING, None),
        "earlier rating that stands": (ANY_RATING, ...),
        "ratings suspended": (YES_NO, "no"),
        "ratings withdrawn": (YES_NO, "no"),
        "trust rating published on": ("date", None),
        "early start because of risk": (YES_NO, "no"),
    },
    "predecessor": {
        "earlier trust rating": (ANY_RATING, ...),
        "earlier overall rating": (ANY_RATING, ...),
    },
    "location": {
        "rated as a location": (YES_NO, None),
        "acquired on": ("date", None),
        "ratings suspended": (YES_NO, "no"),
    },
    "service": {
        "core service": (YES_NO, ...),
        "kind of service": ("kind", None),
        "significantly small": (YES_NO, "no"),
        "acquired on": ("date", None),
        "ratings suspended": (YES_NO, "no"),
        "outside the aggregation": (YES_NO, "no"),
        "site visit made": (YES_NO, "yes"),
        "provided": (YES_NO, "yes"),
        "assessed under the new framework": (YES_NO, "no"),
        "last assessed on": ("date", ...),
    },
    "key question": {
        "judged rating": (ANY_RATING, ...),
        "earlier rating": (ANY_RATING, ...),
        "last assessed on": ("date", None),
        "requirement notice": (YES_NO, "no"),
        "warning notice": (YES_NO, "no"),
        "condition of registration": (YES_NO, "no"),
    },
    "statement": {"score": ((1, 2, 3, 4), ...), "basis": (BASES, "assessed")},
}

NONE_IS = {("service", "last assessed on"): "never", ("trust", "earlier combined rating"): "never given",
           ("predecessor", "earlier trust rating"): "never given",
           ("predecessor", "earlier overall rating"): "never given"}  # fmt: skip  # how a case says so


class Missing(Exception):
    """A fact that matters is missing; `options` are the values that it may have."""

    def __init__(self, fact: Fact, options: tuple[Value, ...]) -> None:
        self.fact, self.options = fact, options
        super().__init__(f"{fact[0]} > {fact[1]}")


class Silent(Exception):
    """A question on which the domain says nothing."""


class Thing:
    """A trust, location, service, key question, statement or predecessor of a case."""

    def __init__(
        self, told: Told, entity: str, path: str, content: Tree, holder: Thing | None = None
    ) -> None:
        self.told, self.entity, self.path, self.content, self.holder = (
            told,
            entity,
            path,
            content,
            holder,
        )
        below = f"{path} > " if holder or entity == "trust" else ""
        self.questions = {
            each: Thing(
                told,
                "key question",
                below + each,
                _long(content.get("key questions", {}).get(each), "judged rating"),
                self,
            )
            for each in (QUESTIONS if entity in ("trust", "location", "service") else ())
        }
        self.statements: dict[str, dict[str, Thing]] = {}
        for question, names in STATEMENTS.items() if entity in ("trust", "service") else ():
            said = content.get(f"{question} quality statements", {})
            self.statements[question] = {
                each: Thing(told, "statement", below + each, _long(said.get(each), "score"), self)
                for each in names
            }
        self.services = [self._child("service", each) for each in content.get("services", [])]
        self.locations = [self._child("location", each) for each in content.get("locations", [])]
        self.predecessors = [
            self._child("predecessor", each) for each in content.get("predecessors", [])
        ]

    def _child(self, entity: str, content: Tree) -> Thing:
        below = f"{self.path} > " if self.entity != "trust" else ""
        return Thing(self.told, entity, below + content["name"], content, self)

    def stated(self, name: str) -> bool:
        """Whether the case itself states the fact: what is assumed of missing facts does not change
        that.
        """
        return self.content.get(name, "unknown") != "unknown"

    def __getitem__(self, name: str) -> Any:
        options, default = FACTS[self.entity][name]
        written = self.content.get(name)
        if written is None and default is not ...:
            return default
        if written is not None and written != "unknown":
            return (
                None
                if written == NONE_IS.get((self.entity, name), "none")
                else _value(written, options)
            )
        fact = self.path, name
        if fact not in self.told.assumed:
            may_be_none = default is None or (self.entity, name) in NONE_IS
            raise Missing(fact, (*self._options(options), *([None] if may_be_none else [])))
        return self.told.assumed[fact]

    def says(self, name: str, value: Value = "yes") -> bool:
        """Whether a fact has a value."""
        return bool(self[name] == value)

    def _options(self, options: Any) -> tuple[Value, ...]:
        if options == "date":
            told = self.told
            edges = {first_within(each, told.as_at) for each in told.periods}
            return tuple(
                sorted(
                    {each for edge in edges for each in (edge - DAY, edge)}
                    | {told.as_at, told.as_at + DAY}
                )
            )
        if options == "kind":
            return tuple(
                sorted(
                    {
                        str(each.content.get("kind of service", "outpatients"))
                        for each in self.told.services
                    }
                    - {"unknown", "none"}
                )
            )
        return tuple(options)


DAY = timedelta(days=1)


def _long(content: Any, name: str) -> Tree:
    """What a case says of a thing; one value alone is that of its main fact."""
    return content if isinstance(content, dict) else {} if content is None else {name: content}


def _value(written: Any, options: Any) -> Value:
    if written == "none":
        return None
    if options == "date":
        return date.fromisoformat(str(written))
    return int(written) if isinstance(options[0], int) else str(written)


class Told:
    """A case, the parameters set for it, what is assumed of its missing facts, and which branches
    of the oracle it reached.
    """

    def __init__(self, tree: Tree, settings: dict[str, str]) -> None:
        self.settings = settings
        self.as_at = date.fromisoformat(tree["as at"])
        self.entered = {
            (each["attribute"].rpartition(" > ")[0], each["attribute"].rpartition(" > ")[2]): each[
                "value"
            ]
            for each in tree.get("judgements", [])
        }
        self.supplied = {
            (path.rpartition(" > ")[0], path.rpartition(" > ")[2]): value
            for path, value in tree.get("supplied", {}).items()
        }
        self.assumed: dict[Fact, Value] = {}
        self.reached: Counter[str] = Counter()
        self.memory: dict[Any, Any] = {}
        self.periods = (self.months("service view period"), self.months("merger exclusion"))
        self.services: list[Thing] = []
        self.trust = Thing(self, "trust", "trust", tree["trust"])
        self.services = [
            *self.trust.services,
            *(service for each in self.trust.locations for service in each.services),
        ]

    def lies_within(self, day: date, months: int) -> bool:
        """Whether a day lies at most that many months before the day of the decision, and not after
        it.
        """
        found = within(day, months, self.as_at)
        if found and months_later(day, months) == self.as_at:
            self.reach("period: its last day")
        elif months_later(day + DAY, months) == self.as_at and not found:
            self.reach("period: the day after")
        return found

    def months(self, parameter: str) -> int:
        """A period of so many months; 24 unless the run says otherwise."""
        return int(self.settings.get(parameter, "24 months").split()[0])

    def reach(self, branch: str, value: T = None) -> T:  # type: ignore[assignment]
        """Count a branch, and pass the value on."""
        assert branch in KNOWN, branch
        self.reached[branch] += 1
        return value


@dataclass
class Possible:
    """What an attribute may be.

    `known`: no missing fact matters. `whole`: every completion was tried.
    """

    values: set[Value] = field(default_factory=set)
    questions: set[str] = field(default_factory=set)
    tried: int = 0
    known: bool = True
    whole: bool = True


def possibilities(told: Told, ask: Callable[[], Value], most: int, dice: Dice) -> Possible:
    """Every value that an attribute has in some completion; of more than `most` completions so many
    are tried, at random.
    """
    found = Possible()
    ways: list[dict[Fact, Value]] = [{}]
    while ways:
        if found.tried >= most:
            found.whole = False
            for _ in range(most):
                _try(told, ask, found, dict(dice.pick(ways)), dice)
            break
        ways += _try(told, ask, found, ways.pop(), None)
    told.assumed, told.memory = {}, {}
    return found


def _try(
    told: Told,
    ask: Callable[[], Value],
    found: Possible,
    assumed: dict[Fact, Value],
    dice: Dice | None,
) -> list[dict[Fact, Value]]:
    """The answer under assumptions; where one more is needed, all ways to make it, or with dice one
    of them at once.
    """
    while True:
        told.assumed, told.memory = assumed, {}
        try:
            found.values.add(ask())
        except Missing as missing:
            found.known = False
            if dice is None:
                return [{**assumed, missing.fact: each} for each in reversed(missing.options)]
            assumed[missing.fact] = dice.pick(missing.options)
            continue
        except Silent as silent:
            found.questions.add(str(silent))
        found.tried += 1
        return []


def things(told: Told) -> Iterator[Thing]:
    """The trust, its locations and its services."""
    yield told.trust
    yield from told.trust.locations
    yield from told.services
