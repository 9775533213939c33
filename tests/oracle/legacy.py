"""The aggregated ratings: of services, of locations, of the trust, and the combined rating with use
of resources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from .aggregation import aggregated, combined
from .facts import Silent, Thing, Told, Value
from .words import QUESTIONS, rated

USE_OF_RESOURCES_SINCE = date(2018, 3, 5)
NOTICES = ("requirement notice", "warning notice", "condition of registration")

Answers = dict[tuple[str, str], Callable[[], Value]]
F = TypeVar("F", bound=Callable[..., Any])


def once(work_out: F) -> F:
    """Work something out once for each completion of a case."""

    @wraps(work_out)
    def remembered(self: Any, *about: Any) -> Any:
        memory, key = self.told.memory, (work_out, *about)
        if key not in memory:
            memory[key] = work_out(self, *about)
        return memory[key]

    return remembered  # type: ignore[return-value]


class Legacy:
    """The ratings of one case under the policy of aggregated ratings."""

    def __init__(self, told: Told) -> None:
        self.told, self.trust = told, told.trust

    def entered(self, thing: Thing, attribute: str = "rating") -> str | None:
        """A value that was judged or supplied: it stands in place of what the rules give."""
        place = thing.path, attribute
        if place in self.told.entered:
            return self.told.reach("judged", self.told.entered[place])
        return self.told.supplied.get(place)

    # -- services

    @once
    def service_rating(self, service: Thing, name: str) -> str | None:
        """A key question of a service."""
        question = service.questions[name]
        return self.entered(question) or self.rated_service(service, question, name)

    def rated_service(self, service: Thing, question: Thing, name: str) -> str | None:
        """The same without a judgement: as the inspectors gave it, if they were there, else as it
        was before.
        """
        if service.says("site visit made", "no"):
            if any(question.says(each) for each in NOTICES):
                raise Silent("what enforcement does where no site visit was made")
            return self.told.reach(
                "no site visit: the earlier rating stands", question["earlier rating"]
            )
        return self.enforced(question, lambda: self.assessed(service, question, name))

    def assessed(self, service: Thing, question: Thing, name: str) -> str:
        """What the inspectors gave a key question of a service."""
        return str(question["judged rating"])

    def enforced(self, question: Thing, rating: Callable[[], str]) -> str:
        """What enforcement makes of a rating."""
        for each in ("warning notice", "condition of registration"):
            if question.says(each):
                return self.told.reach(f"enforcement: {each}", "inadequate")
        if question.says("requirement notice") and rating() in ("good", "outstanding"):
            return self.told.reach("enforcement: requirement notice", "requires improvement")
        return rating()

    @once
    def service_overall(self, service: Thing) -> str:
        """The overall rating of a service, from its own five."""
        return self.entered(service, "overall rating") or self.aggregated(
            self.service_rating(service, each) for each in QUESTIONS
        )

    def aggregated(self, ratings: Iterator[str | None]) -> str:
        return aggregated(ratings, self.told)

    def counts(self, service: Thing) -> bool:
        """Whether the ratings of a service count in those above it, apart from acquisitions."""
        for each in ("significantly small", "ratings suspended", "outside the aggregation"):
            if service.says(each):
                return self.told.reach(f"service left out: {each}", False)
        return True

    def lately(self, thing: Thing) -> bool:
        """Whether a service or location was acquired so recently that it is left out at trust
        level.
        """
        day = thing["acquired on"]
        if day is None:
            return False
        if day > self.told.as_at:
            return self.told.reach("acquired: not yet", False)
        return (
            self.told.reach("acquired: lately", True)
            if self.told.lies_within(day, self.told.periods[1])
            else False
        )

    # -- locations

    @once
    def location_rated(self, location: Thing) -> bool:
        """Whether a location has ratings."""
        if self.trust.stated("trust type") and not self.trust.says("trust type", "combined"):
            return self.trust.says("trust type", "acute")
        own = location["rated as a location"]
        if own is not None:
            return self.told.reach(
                "location: rated by its own statement"
                if own == "yes"
                else "location: unrated by its own statement",
                own == "yes",
            )
        return self.told.reach(
            "location: the trust decides", self.trust.says("location ratings published")
        )

    def alone(self) -> bool:
        """Whether this is an acute trust with a single location."""
        if not self.trust.says("single-location trust") or not self.trust.says(
            "trust type", "acute"
        ):
            return False
        if len(self.trust.locations) > 1:
            raise Silent("several locations of a single-location trust")
        return True

    @once
    def location_rating(self, location: Thing, name: str) -> str | None:
        """A key question of a location."""
        entered = self.entered(location.questions[name])
        if not self.location_rated(location):
            return self.told.reach(
                "location: unrated, and judged without effect" if entered else "location: unrated",
                None,
            )
        if name == "well-led" and self.alone():
            if entered:
                raise Silent("a judgement on well-led of a single location")
            return self.told.reach(
                "single location: well-led is the trust's", self.trust_rating(name)
            )
        return entered or self.aggregated(
            self.service_rating(each, name) for each in location.services if self.counts(each)
        )

    @once
    def location_overall(self, location: Thing) -> str | None:
        """The overall rating of a location."""
        if not self.location_rated(location):
            return None
        entered = self.entered(location, "overall rating")
        if self.overall_is_the_trusts():
            if entered:
                raise Silent("a judgement on the overall rating of a single location")
            return self.told.reach("single location: overall is the trust's", self.trust_overall())
        return entered or self.aggregated(
            self.location_rating(location, each) for each in QUESTIONS
        )

    def overall_is_the_trusts(self) -> bool:
        return self.alone()

    # -- the trust

    def units(self, name: str) -> Iterator[str | None]:
        """The ratings of one key question that count for the trust."""
        for location in self.trust.locations:
            if not self.location_rated(location):
                yield from self.each_by_itself(location, name)
            elif location.says("ratings suspended"):
                self.told.reach("location left out: suspended")
            elif self.lately(location):
                self.told.reach("location left out: acquired lately")
            else:
                yield self.location_rating(location, name)
        for service in self.trust.services:
            if self.counts(service) and not self.lately(service):
                yield self.service_rating(service, name)

    def each_by_itself(self, location: Thing, name: str) -> Iterator[str | None]:
        """The services of a location without ratings: each counts for the trust by itself."""
        for service in location.services:
            if location.says("ratings suspended"):
                raise Silent("suspended ratings of a location that has none")
            if self.counts(service) and not self.lately(service) and not self.lately(location):
                yield self.told.reach(
                    "service below an unrated location counts by itself",
                    self.service_rating(service, name),
                )

    @once
    def trust_rating(self, name: str) -> str | None:
        """A key question of the trust."""
        question = self.trust.questions[name]
        entered = self.entered(question)
        if entered or name != "well-led":
            return entered or self.aggregated(self.units(name))
        if self.trust.says("trust well-led assessed"):
            return str(question["judged rating"])
        return self.told.reach("trust: the earlier well-led stands", question["earlier rating"])

    def updated(self) -> bool:
        """Whether the overall rating of the trust is made anew."""
        return self.trust.says("trust well-led assessed") and self.trust.says(
            "core services inspected"
        )

    @once
    def trust_overall(self) -> str:
        """The overall rating of the trust."""
        entered = self.entered(self.trust, "overall rating")
        if entered:
            return entered
        if not self.updated():
            return self.told.reach(
                "trust: the earlier overall stands", self.trust["earlier overall rating"]
            )
        return self.aggregated(self.trust_rating(each) for each in QUESTIONS)

    def combined_here(self) -> bool:
        """Whether quality and use of resources combine at a trust like this."""
        if self.told.as_at < USE_OF_RESOURCES_SINCE:
            return self.told.reach("combined: before use of resources was assessed", False)
        if self.trust.stated("trust type") and not self.trust.says("trust type", "combined"):
            return self.trust.says("trust type", "acute") and self.trust.says("specialist", "no")
        here = self.trust.says("use of resources applies")
        if here and self.trust.says("specialist"):
            raise Silent("use of resources of a specialist trust whose type does not decide it")
        return self.told.reach(
            "combined: judged to apply" if here else "combined: judged not to apply", here
        )

    @once
    def combined_rating(self) -> str | None:
        """The combined rating of quality and use of resources."""
        entered = self.entered(self.trust, "combined rating")
        if entered:
            return entered
        if not self.combined_here():
            return None
        if not self.updated():
            if ("trust", "overall rating") in self.told.entered:
                raise Silent(
                    "the combined rating beside an overall rating that is judged and not updated"
                )
            return self.told.reach(
                "combined: the earlier one stands", self.trust["earlier combined rating"]
            )
        six = [
            self.trust["use of resources rating"],
            *(self.trust_rating(each) for each in QUESTIONS),
        ]
        if not all(map(rated, six)):
            return self.told.reach("combined: not all six on the scale", None)
        return combined(six, self.told)

    def special_measures(self) -> str:
        """Whether special measures would normally be considered."""
        ratings = [self.trust_rating(each) for each in QUESTIONS]
        considered = ratings[-1] == "inadequate" and ratings.count("inadequate") >= 2
        return self.told.reach("special measures", "yes") if considered else "no"

    # -- all of it

    def answers(self) -> Answers:
        """Everything that is compared, by path and attribute."""
        return {**self.of_services(), **self.of_locations(), **self.of_the_trust()}

    def of_services(self) -> Answers:
        found: Answers = {}
        for service in self.told.services:
            for name, question in service.questions.items():
                found[question.path, "rating"] = lambda service=service, name=name: (
                    self.service_rating(service, name)
                )
            found[service.path, "overall rating"] = lambda service=service: self.service_overall(
                service
            )
        return found

    def of_locations(self) -> Answers:
        found: Answers = {}
        for location in self.trust.locations:
            for name, question in location.questions.items():
                found[question.path, "rating"] = lambda location=location, name=name: (
                    self.location_rating(location, name)
                )
            found[location.path, "overall rating"] = lambda location=location: (
                self.location_overall(location)
            )
        return found

    def of_the_trust(self) -> Answers:
        found: Answers = {
            (question.path, "rating"): lambda name=name: self.trust_rating(name)
            for name, question in self.trust.questions.items()
        }
        found["trust", "overall rating"] = self.trust_overall
        found["trust", "combined rating"] = self.combined_rating
        found["trust", "special measures considered"] = self.special_measures
        return found
