"""The guidance of March 2024: one rating of the trust, from its well-led quality statements;
services and locations as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .facts import Silent, Thing, Value
from .legacy import Answers, Legacy, once
from .scores import banded, limited, percentage, scores
from .words import ADDITIONAL, OF_SERVICES, QUESTIONS, STATEMENTS, rated

FIRST, READY, RATED = "service assessments first", "ready", "rated"
NOT_PUBLISHED = "not published"


class Guidance(Legacy):
    """The ratings of one case under the guidance of March 2024."""

    # -- services and locations

    def assessed(self, service: Thing, question: Thing, name: str) -> str:
        """The rating by percentage, bands and limiters where there is a percentage, else as it was
        judged.
        """
        percent = self.service_percentage(service, name)
        if percent is None:
            return str(question["judged rating"])
        return limited(banded(percent, self.told), self.scored(service, name), question)

    def scored(self, service: Thing, name: str) -> list[Thing]:
        """The statements on which a service is scored for a key question."""
        return [service.statements[name][each] for each in OF_SERVICES[name]]

    @once
    def service_percentage(self, service: Thing, name: str) -> int | None:
        """The percentage of a key question of a service; none where it has no scores."""
        question = service.questions[name]
        supplied = self.told.supplied.get((question.path, "percentage"))
        if supplied is not None:
            return self.told.reach("percentage: supplied for a service", int(supplied))
        statements = self.scored(service, name)
        if not self.has_scores(statements):
            return None
        return self.told.reach(
            f"percentage: {name} of a service", percentage(scores(statements, question), self.told)
        )

    def has_scores(self, statements: Iterable[Thing]) -> bool:
        """Whether any statement has a score, seen or set from an earlier rating."""
        bare = False
        for each in statements:
            stated = each.stated("score")
            if not stated and "basis" not in each.content:
                continue
            basis = each["basis"]
            if basis == "set from the previous rating" or (stated and basis != "not assessed"):
                return True
            bare = bare or basis != "not assessed"
        if bare:
            raise Silent("whether a key question has scores of which none was seen")
        return False

    def overall_is_the_trusts(self) -> bool:
        """The overall rating of a single location comes from its own five."""
        return False

    # -- what the trust has already

    @once
    def standing(self) -> str | None:
        """The single rating that the trust has before this decision."""
        own = self.trust["earlier trust rating"]
        judged = self.entered(self.trust, "standing trust rating")
        if self.trust.says("ratings withdrawn"):
            raise Silent("what follows when the ratings of a trust were withdrawn")
        merged = [each for each in self.trust.predecessors if rated(each["earlier trust rating"])]
        if judged:
            return self.told.reach("merged: a judgement says which rating stands", judged)
        if rated(own) and merged:
            raise Silent("a trust with a single rating of its own beside those of its predecessors")
        if len(merged) == 1:
            raise Silent("a trust made of several of which one was rated")
        if merged:
            return self.merged_rating()
        if not rated(own) and self.published_before():
            raise Silent("a first single rating that was published and is not stated")
        return own if rated(own) else None

    def merged_rating(self) -> str:
        """Of several single ratings the one that stands, once somebody says so."""
        self.told.reach("merged: several rated trusts")
        stands = self.trust["earlier rating that stands"]
        if not rated(stands):
            raise Silent("a rating that stands after a merger and is outside the scale")
        return str(stands)

    def published_before(self) -> bool:
        """Whether a first single rating was published by the day of the decision."""
        day = self.trust["trust rating published on"]
        return day is not None and day <= self.told.as_at

    # -- services first

    @once
    def up_to_date(self, service: Thing) -> bool:
        """Whether a service was assessed recently enough."""
        day = service["last assessed on"]
        if service.says("assessed under the new framework"):
            if day is None:
                raise Silent("a service never assessed and assessed under the new framework")
            return self.told.reach("up to date: new framework", True)
        if day is not None and self.recent(day):
            return self.told.reach("up to date: within the period", True)
        for question in service.questions.values():
            again = question["last assessed on"]
            if again is not None and self.recent(again):
                if day is None:
                    raise Silent("a service never assessed and a key question of it assessed again")
                return self.told.reach("up to date: one key question assessed again", True)
        return self.told.reach(
            "up to date: never assessed" if day is None else "up to date: no", False
        )

    def recent(self, day: date) -> bool:
        return self.told.lies_within(day, self.told.periods[0])

    def acquired(self, service: Thing) -> bool:
        """Whether a service was acquired lately, by itself or with its location."""
        holder = service.holder
        return self.lately(service) or (
            holder is not None and holder.entity == "location" and self.lately(holder)
        )

    def provided(self, service: Thing) -> bool:
        return service.says("provided") or self.told.reach("service not provided", False)

    @once
    def due(self, service: Thing) -> bool:
        """Whether the assessment of a service should come before that of the trust."""
        if (
            not service.says("core service")
            or not self.provided(service)
            or self.up_to_date(service)
        ):
            return False
        if self.acquired(service):
            raise Silent("whether a service acquired lately is due before the trust")
        kind = service["kind of service"]
        if kind == ADDITIONAL:
            raise Silent("an additional service that is a core service")
        alike = [
            each
            for each in self.told.services
            if each is not service and kind is not None and each["kind of service"] == kind
        ]
        alike = [each for each in alike if self.provided(each) and self.up_to_date(each)]
        if self.told.settings.get("core services counted") == "at each location":
            if any(each.holder is service.holder for each in alike):
                raise Silent("two core services of one kind at one location")
            return True
        if alike and not any(each.says("core service") for each in alike):
            raise Silent("a service of the same kind that is no core service")
        if alike and all(self.acquired(each) for each in alike):
            raise Silent("whether a service acquired lately is enough for its kind")
        return (
            self.told.reach("due: another of its kind is up to date", False)
            if alike
            else self.told.reach("due: yes", True)
        )

    @once
    def stage(self) -> str:
        """Where the trust stands on its way to its single rating."""
        if rated(self.standing()):
            return self.told.reach("stage: rated", RATED)
        if self.told.settings.get("service first") == "advisory":
            return self.told.reach("stage: ready, as services first is advice", READY)
        if self.trust.says("early start because of risk"):
            return self.told.reach("stage: ready early because of risk", READY)
        silent = None
        for each in self.told.services:
            try:
                if self.due(each):
                    return self.told.reach("stage: service assessments first", FIRST)
            except Silent as question:
                silent = question
        if silent is not None:
            raise silent
        return self.told.reach("stage: ready", READY)

    # -- the rating of the trust

    def statements(self) -> list[Thing]:
        return [self.trust.statements["well-led"][each] for each in STATEMENTS["well-led"]]

    @once
    def trust_percentage(self) -> int | None:
        """The percentage of the trust's well-led statements."""
        supplied = self.told.supplied.get(("trust", "well-led percentage"))
        if supplied is not None:
            return self.told.reach("percentage: supplied for the trust", int(supplied))
        return percentage(scores(self.statements(), self.trust.questions["well-led"]), self.told)

    @once
    def single_rating(self) -> str | None:
        """The trust rating; none where it cannot be given yet."""
        judged = self.entered(self.trust, "trust rating") or self.entered(
            self.trust.questions["well-led"]
        )
        if judged:
            return judged
        stage = self.stage()
        if stage == FIRST:
            return None
        bases = [each["basis"] for each in self.statements()]
        if stage == READY:
            if "not assessed" in bases:
                return self.told.reach("first assessment: a statement was not assessed", None)
            if set(bases) != {"assessed"}:
                return self.told.reach("first assessment: scores from before", None)
            self.told.reach("first assessment")
        elif set(bases) == {"not assessed"}:
            if ("trust", "well-led percentage") in self.told.supplied:
                raise Silent(
                    "a percentage from outside of an assessment in which nothing was assessed"
                )
            return self.told.reach("later assessment: nothing assessed again", self.standing())
        else:
            self.told.reach(
                "later assessment"
                if set(bases) == {"assessed"}
                else "later assessment: not all eight anew"
            )
        percent = self.trust_percentage()
        if percent is None:
            raise Silent("a percentage of nothing")
        rating = limited(
            banded(percent, self.told), self.statements(), self.trust.questions["well-led"]
        )
        return self.told.reach(f"trust rating: {rating}", rating)

    @once
    def single_rating_given(self) -> bool:
        """Whether the trust has had its first single rating."""
        return self.published_before() or rated(self.standing()) or rated(self.single_rating())

    @once
    def trust_rating(self, name: str) -> str | None:
        """Well-led of the trust: its single rating, and until it has one the earlier rating."""
        assert name == "well-led"
        rating = self.single_rating()
        if rating is None and not self.single_rating_given():
            return self.told.reach(
                "until the first rating: the earlier well-led stands",
                self.trust.questions[name]["earlier rating"],
            )
        return rating

    def displayed(self, thing: Thing, earlier: str) -> Value:
        """What is shown of a rating that ends with the first single rating."""
        if self.single_rating_given():
            return self.told.reach("withdrawn", NOT_PUBLISHED)
        return self.told.reach("not yet withdrawn", thing[earlier] or "never given")

    # -- all of it

    def of_services(self) -> Answers:
        found = super().of_services()
        for service in self.told.services:
            for name, question in service.questions.items():
                found[question.path, "percentage"] = lambda service=service, name=name: (
                    self.service_percentage(service, name)
                )
            found[service.path, "up to date"] = lambda service=service: _said(
                self.up_to_date(service)
            )
            found[service.path, "assessment due"] = lambda service=service: _said(self.due(service))
        return found

    def of_the_trust(self) -> Answers:
        trust = self.trust
        found: Answers = {
            ("trust", "stage"): self.stage,
            ("trust", "well-led percentage"): self.trust_percentage,
            ("trust", "trust rating"): self.single_rating,
            ("trust", "single rating given"): lambda: _said(self.single_rating_given()),
            ("trust > well-led", "rating"): lambda: self.trust_rating("well-led"),
            ("trust", "overall rating displayed"): lambda: self.displayed(
                trust, "earlier overall rating"
            ),
            ("trust", "combined rating displayed"): lambda: self.displayed(
                trust, "earlier combined rating"
            ),
        }
        for name in QUESTIONS[:4]:
            question = trust.questions[name]
            found[question.path, "rating displayed"] = lambda question=question: self.displayed(
                question, "earlier rating"
            )
        return found


def _said(value: bool) -> Value:
    return "yes" if value else "no"
