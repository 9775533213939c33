"""Cases made by chance: trusts with locations and services, complete as far as the domain asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.fuzz.dice import Dice

from .days import first_within
from .facts import Tree
from .words import ADDITIONAL, KINDS, OF_SERVICES, QUESTIONS, RATINGS, STATEMENTS, TYPES, UNRATED

LEGACY, GUIDANCE = "legacy", "guidance-2024-03"
DAY = timedelta(days=1)
PLACES = ("North Hospital", "South Hospital", "East Hospital", "West Hospital")
# how often each rating is given: inadequate, requires improvement, good, outstanding, none of them
MOODS = (
    (30, (4, 20, 66, 6, 4)),
    (20, (15, 40, 38, 2, 5)),
    (20, (2, 6, 44, 44, 4)),
    (10, (40, 30, 20, 5, 5)),
    (10, (2, 10, 30, 8, 50)),
    (10, (20, 20, 20, 20, 20)),
)
HANDS = (  # how often each score is given, 1 to 4
    (35, (2, 10, 63, 25)),
    (20, (5, 45, 45, 5)),
    (15, (40, 40, 15, 5)),
    (20, (3, 4, 10, 83)),
    (10, (25, 25, 25, 25)),
)


@dataclass
class Asked:
    """A case, the policy that it is for, and parameters set for the run.

    `complete`: nothing was taken away from it.
    """

    tree: Tree
    policy: str
    settings: dict[str, str] = field(default_factory=dict)
    complete: bool = True


def case(dice: Dice, policy: str) -> Asked:
    """A complete case for a policy."""
    return Author(dice, policy).case()


class Author:
    """Whoever writes one case: what its ratings and scores are like stays the same throughout."""

    def __init__(self, dice: Dice, policy: str) -> None:
        self.dice, self.policy = dice, policy
        self.mood, self.hand = dice.weighted(MOODS), dice.weighted(HANDS)
        self.settings = self.parameters()
        self.as_at = self.day_of_decision()
        self.type: str | None = dice.weighted(
            ((50, "acute"), *((8, each) for each in TYPES[1:4]), (14, "combined"), (12, None))
        )
        self.said: list[Tree] = []  # judgements
        self.supplied: Tree = {}
        self.large = False  # nine units and more, of which no statements are scored

    def parameters(self) -> dict[str, str]:
        chance = self.dice.chance
        found = {"merger exclusion": self.dice.pick(("6 months", "12 months"))} if chance(6) else {}
        if self.policy == GUIDANCE:
            found |= {"service first": "advisory"} if chance(6) else {}
            found |= (
                {"service view period": self.dice.pick(("12 months", "36 months"))}
                if chance(6)
                else {}
            )
            found |= {"core services counted": "at each location"} if chance(8) else {}
        return found

    def day_of_decision(self) -> date:
        dice = self.dice
        if self.policy == GUIDANCE:
            edges = (date(2024, 3, 1), date(2026, 2, 28), date(2028, 2, 29))
            return (
                dice.pick(edges) if dice.chance(15) else date(2024, 3, 2) + dice.below(1000) * DAY
            )
        if dice.chance(12):
            return dice.pick(
                (date(2018, 3, 4), date(2018, 3, 5), date(2024, 2, 29), date(2023, 2, 28))
            )
        return date(2018, 1, 1) + dice.below(2200) * DAY

    # -- values

    def rating(self) -> str:
        found: str | None = self.dice.weighted(tuple(zip(self.mood, (*RATINGS, None), strict=True)))
        return found or self.dice.pick(UNRATED)

    def score(self) -> int:
        return self.dice.weighted(tuple(zip(self.hand, (1, 2, 3, 4), strict=True)))

    def flag(self, thing: Tree, name: str, percent: int, value: str = "yes") -> bool:
        """Say something of a thing that often; else sometimes say the opposite, mostly nothing."""
        if self.dice.chance(percent):
            thing[name] = value
            return True
        if self.dice.chance(8):
            thing[name] = "no" if value == "yes" else "yes"
        return False

    def day(self, parameter: str) -> str:
        """A day near the edges of a period, or anywhere."""
        dice = self.dice
        edge = first_within(int(self.settings.get(parameter, "24 months").split()[0]), self.as_at)
        days: tuple[tuple[int, Callable[[], date]], ...] = (
            (12, lambda: edge),
            (10, lambda: edge - DAY),
            (6, lambda: self.as_at),
            (6, lambda: self.as_at + DAY),
            (36, lambda: edge + dice.below(365) * DAY),
            (30, lambda: edge - dice.below(2000) * DAY),
        )
        return dice.weighted(days)().isoformat()

    # -- the case

    def case(self) -> Asked:
        dice = self.dice
        trust: Tree = {"name": "Example Trust"}
        tree: Tree = {"case": "a generated case", "as at": self.as_at.isoformat(), "trust": trust}
        if self.type:
            trust["trust type"] = self.type
        open_type = self.type in (None, "combined")
        if open_type or dice.chance(5):
            trust["location ratings published"] = dice.pick(("yes", "yes", "no"))
        self.flag(trust, "specialist", 10)
        self.flag(trust, "ratings suspended", 4)
        alone = self.flag(trust, "single-location trust", 22 if self.type == "acute" else 6)
        many = self.large = dice.chance(8)
        places = 1 if alone else 0 if dice.chance(15) else dice.number(1, 3)
        if many and not alone and dice.chance(50):
            places, many = dice.number(9, 11), False
        trust["locations"] = [
            self.location(each, places, many and each == 0) for each in range(places)
        ]
        trust["services"] = self.services(
            dice.number(9, 11) if many and not places else dice.number(0, 2 if places else 5)
        )
        for name in ("locations", "services"):
            if not trust[name]:
                del trust[name]
        if self.policy == LEGACY:
            self.aggregated(trust, open_type)
        else:
            self.single(trust)
        self.judge(trust, alone)
        if self.said:
            tree["judgements"] = self.said
        if self.supplied:
            tree["supplied"] = self.supplied
        return Asked(tree, self.policy, self.settings)

    def location(self, number: int, of: int, many: bool) -> Tree:
        dice = self.dice
        found: Tree = {"name": PLACES[number] if of <= len(PLACES) else f"Hospital {number + 1}"}
        if self.type in (None, "combined"):
            said = dice.pick(("yes", "no", "none", ""))
        else:
            said = dice.pick(("yes", "no")) if dice.chance(4) else ""
        if said:
            found["rated as a location"] = said
        if dice.chance(22):
            found["acquired on"] = self.day("merger exclusion")
        if (
            self.type == "acute" or said == "yes" or dice.chance(3)
        ):  # ratings that a location has not are hardly ever suspended
            self.flag(found, "ratings suspended", 10)
        services = self.services(
            dice.number(9, 10) if many else dice.number(1, 2) if of > 4 else dice.number(0, 4)
        )
        return found | ({"services": services} if services else {})

    def services(self, number: int) -> list[Tree]:
        pool = [*KINDS[self.type or "acute"], ADDITIONAL, *KINDS["acute"]][:number]
        kinds = [*self.dice.shuffled(pool), *(ADDITIONAL for _ in range(number - len(pool)))]
        return [self.service(f"Service {each + 1}", kind) for each, kind in enumerate(kinds)]

    def service(self, name: str, kind: str) -> Tree:
        dice = self.dice
        found: Tree = {"name": name}
        for each, percent in (("significantly small", 8), ("outside the aggregation", 6)):
            if self.flag(found, each, percent):
                found[f"{each} because"] = "as the case says"
        self.flag(found, "ratings suspended", 6)
        if dice.chance(14):
            found["acquired on"] = self.day("merger exclusion")
        visited = not self.flag(found, "site visit made", 8 if self.policy == LEGACY else 2, "no")
        if self.policy == GUIDANCE:
            self.framework(found, kind)
        found["key questions"] = {each: self.question(found, each, visited) for each in QUESTIONS}
        return found

    def framework(self, service: Tree, kind: str) -> None:
        """What the guidance asks of a service: its kind, and when it was assessed."""
        dice = self.dice
        service["core service"] = "no" if kind == ADDITIONAL else "yes"
        if dice.chance(92):
            service["kind of service"] = kind
        self.flag(service, "provided", 8, "no")
        never = dice.chance(6)
        if not never:
            self.flag(service, "assessed under the new framework", 30)
        recent = (
            date.fromisoformat(self.day("service view period"))
            if dice.chance(45)
            else self.as_at - dice.below(400) * DAY
        ).isoformat()
        service["last assessed on"] = "never" if never else recent

    def question(self, service: Tree, name: str, visited: bool) -> Tree | str:
        dice = self.dice
        found: Tree = {"judged rating": self.rating()}
        if not visited or dice.chance(10):
            found["earlier rating"] = self.rating()
        enforced = [
            self.flag(found, each, percent)
            for each, percent in (
                ("requirement notice", 6),
                ("warning notice", 3),
                ("condition of registration", 2),
            )
        ]
        if self.policy == GUIDANCE:
            if service["last assessed on"] != "never" and dice.chance(4):
                found["last assessed on"] = self.day("service view period")
            if self.large:
                pass
            elif dice.chance(14):
                found |= self.scores(service, f"{name} quality statements", OF_SERVICES[name])
            elif dice.chance(4):
                found["supplied"] = str(dice.pick((25, 38, 39, 62, 63, 87, 88, 100)))
                self.scores(service, f"{name} quality statements", OF_SERVICES[name])
            if name == "well-led" and "well-led quality statements" in service and dice.chance(20):
                # not one of those for services
                service["well-led quality statements"][STATEMENTS["well-led"][7]] = self.score()
        plain = set(found) == {"judged rating"} and not any(enforced)
        return found["judged rating"] if plain else found

    def scores(
        self,
        holder: Tree,
        name: str,
        statements: tuple[str, ...],
        first: bool = False,
        rated: bool = False,
    ) -> Tree:
        """Score statements; what else has to be said of their key question."""
        dice = self.dice
        way = dice.weighted(
            (
                (55, "assessed"),
                (10, "carried over"),
                (14, "set from the previous rating"),
                (13, "not assessed"),
                (8, "mixed"),
            )
        )
        if first and dice.chance(45):
            way = "assessed"
        share = dice.pick((15, 40, 100))
        if rated and dice.chance(15):
            way, share = "not assessed", 100
        found: Tree = {}
        for each in statements:
            basis = (
                dice.pick(
                    ("assessed", "carried over", "set from the previous rating", "not assessed")
                )
                if way == "mixed"
                else way
            )
            basis = basis if way == "mixed" or dice.chance(share) else "assessed"
            score = (
                {}
                if basis in ("not assessed", "set from the previous rating")
                else {"score": self.score()}
            )
            found[each] = (
                score["score"]
                if basis == "assessed" and dice.chance(85)
                else {**score, "basis": basis}
            )
        holder[name] = found
        from_before = any(
            isinstance(each, dict) and each["basis"] == "set from the previous rating"
            for each in found.values()
        )
        return {"earlier rating": self.dice.pick(RATINGS)} if from_before else {}

    # -- what the trust says of itself

    def aggregated(self, trust: Tree, open_type: bool) -> None:
        dice = self.dice
        trust["earlier overall rating"] = self.rating()
        trust["earlier combined rating"] = "never given" if dice.chance(10) else self.rating()
        self.flag(trust, "trust well-led assessed", 14, "no")
        self.flag(trust, "core services inspected", 12, "no")
        if dice.chance(80):
            trust["use of resources rating"] = self.rating()
        if open_type or dice.chance(5):
            trust["use of resources applies"] = dice.pick(("yes", "no"))
        trust["key questions"] = {
            "well-led": {"judged rating": self.rating(), "earlier rating": self.rating()}
        }
        if dice.chance(25):
            self.supplied = {
                f"trust > {each}": self.rating()
                for each in (f"{name} > rating" for name in QUESTIONS[:4])
            }

    def single(self, trust: Tree) -> None:
        dice = self.dice
        trust["earlier overall rating"] = self.rating()
        trust["earlier combined rating"] = "never given" if dice.chance(10) else self.rating()
        trust["key questions"] = {each: {"earlier rating": self.rating()} for each in QUESTIONS}
        rated = self.earlier(trust)
        more = self.scores(
            trust,
            "well-led quality statements",
            STATEMENTS["well-led"],
            first=not rated,
            rated=bool(rated),
        )
        if more:
            trust["key questions"]["well-led"]["earlier rating"] = rated or more["earlier rating"]
        if dice.chance(8):
            self.supplied["trust > well-led percentage"] = str(
                dice.pick((20, 38, 39, 62, 63, 87, 88, 95))
            )
        if self.flag(trust, "early start because of risk", 10):
            trust["early start reason"] = "a cluster of serious incidents"
        if dice.chance(30):
            trust["service findings"] = [
                {
                    "name": "Waits",
                    "considered by": "the panel",
                    "considered on": self.as_at.isoformat(),
                }
            ]
        self.flag(
            trust, "trust well-led assessed", 4, "no"
        )  # of the aggregated ratings, and without effect
        self.flag(trust, "core services inspected", 4, "no")
        if rated and dice.chance(4):
            trust["ratings withdrawn"] = "yes"
        for path, service in _paths(trust):
            for name, question in service["key questions"].items():
                if isinstance(question, dict) and "supplied" in question:
                    self.supplied[f"{path} > {name} > percentage"] = question.pop("supplied")

    def earlier(self, trust: Tree) -> str | None:
        """What single rating the trust has had, if any."""
        dice = self.dice
        way = dice.weighted(((52, "none"), (30, "rated"), (4, "outside the scale"), (14, "merged")))
        rating = dice.pick(RATINGS)
        if way == "rated":
            trust["earlier trust rating"] = rating
        elif way == "outside the scale":
            trust["earlier trust rating"] = dice.pick(UNRATED)
        elif way == "merged":
            trust["predecessors"] = [
                self.predecessor(each)
                for each in ("One Trust", "Other Trust", "Third Trust")[: dice.number(2, 3)]
            ]
            if dice.chance(5):
                trust["earlier trust rating"] = rating
            if (
                sum(each.get("earlier trust rating") in RATINGS for each in trust["predecessors"])
                < 2
            ):
                return None
            if dice.chance(35):
                self.judgement("trust > standing trust rating", rating)
            else:
                trust["earlier rating that stands"] = rating
        if dice.chance(6):
            trust["trust rating published on"] = self.day("service view period")
        return rating if way in ("rated", "merged") else None

    def predecessor(self, name: str) -> Tree:
        found: Tree = {"name": name, "earlier overall rating": self.rating()}
        found["earlier trust rating"] = (
            self.dice.pick(RATINGS) if self.dice.chance(78) else "never given"
        )
        return found

    # -- judgements

    def judge(self, trust: Tree, alone: bool) -> None:
        """Now and then a judgement in place of what the rules give."""
        dice = self.dice
        if not dice.chance(26):
            return
        things = [
            *_paths(trust),
            *((each["name"], each) for each in trust.get("locations", []) for _ in range(4)),
        ]
        for _ in range(dice.number(1, 2)):
            path = dice.pick(things)[0] if things else ""
            if path and dice.chance(74):
                attribute = (
                    f"{path} > overall rating"
                    if dice.chance(30)
                    else f"{path} > {dice.pick(QUESTIONS)} > rating"
                )
                self.judgement(attribute, self.rating())
            elif self.policy == LEGACY:
                names = (
                    "overall rating",
                    "combined rating",
                    *(f"{each} > rating" for each in QUESTIONS),
                )
                self.judgement(f"trust > {dice.pick(names)}", self.rating())
            else:
                self.judgement(
                    f"trust > {dice.pick(('trust rating', 'well-led > rating'))}",
                    dice.pick(RATINGS),
                )

    def judgement(self, attribute: str, value: str) -> None:
        trust_rating = ("trust > trust rating", "trust > well-led > rating")
        taken = {each["attribute"] for each in self.said} | self.supplied.keys()
        if attribute in taken or (
            self.policy == GUIDANCE and attribute in trust_rating and taken & set(trust_rating)
        ):
            return
        self.said.append(
            {
                "attribute": attribute,
                "value": value,
                "by": "the panel",
                "on": self.as_at.isoformat(),
                "reason": "as recorded",
            }
        )


def _paths(trust: Tree) -> list[tuple[str, Tree]]:
    """The services of a trust, with their paths."""
    below = [
        (f"{place['name']} > {each['name']}", each)
        for place in trust.get("locations", [])
        for each in place.get("services", [])
    ]
    return below + [(each["name"], each) for each in trust.get("services", [])]
