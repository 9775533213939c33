"""Values of derived attributes that a case brings from outside: supplied, judged, published
before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rulewright.ir.entities import Case, Entity, Fact, Judgement, find
from rulewright.ir.types import parse_date
from rulewright.ir.vocabulary import Attribute, JudgedAsOne, Vocabulary
from rulewright.syntax.errors import InputError, Place, Problems, nearest
from rulewright.syntax.text import Map, Text, key, place_of

from .binding import origin_of, read_value
from .case_texts import CaseText


class OutsideValues:
    """Reads what one case brings from outside."""

    def __init__(
        self,
        text: CaseText,
        vocabulary: Vocabulary,
        problems: Problems,
        judged_as_one: Sequence[JudgedAsOne] = (),
    ) -> None:
        self.text, self.tree = text, text.tree
        self.vocabulary, self.judged_as_one = vocabulary, judged_as_one
        self.problems = problems

    def into(self, case: Case) -> None:
        """Read all of it into the case."""
        self._supplied(case)
        self._judgements(case)
        self._as_one(case)
        self._published(case)

    def _supplied(self, case: Case) -> None:
        for path, value in self._mapping("supplied").items():
            target = self._derived(case, path)
            if target is None:
                continue
            entity, attribute = target
            where = (entity.index, key(attribute.name))
            origin = ""
            if isinstance(value, Map) and "value" in value:
                for word in value.keys() - {"value", "from"}:
                    self.problems.add(
                        "RW503",
                        place_of(word),
                        f"`{word}` is not known in a supplied value",
                        nearest(word, ["value", "from"]),
                    )
                origin, value = origin_of(value.get("from")), value["value"]
            if not isinstance(value, Text):
                fault = "left empty" if value is None else "a list or mapping"
                self.problems.add(
                    "RW503",
                    place_of(value, place_of(path)),
                    f"`{path}` is {fault}",
                    f"expected {attribute.type.expected()}",
                )
                continue
            read = (
                None
                if key(value) == "none"
                else read_value(
                    value, attribute.type, f"`{attribute.name}`", "RW502", self.problems
                )
            )
            if where in case.supplied:
                self.problems.add(
                    "RW509", place_of(path), f"`{path}` is supplied twice", "keep one of them"
                )
            if read is not None or key(value) == "none":
                case.supplied[where] = Fact(read, value.place, origin)

    def _mapping(self, word: str) -> Map:
        value = self.tree.get(word)
        if value is None:
            return Map()
        if not isinstance(value, Map):
            self.problems.add(
                "RW511",
                place_of(value, self.text.place),
                f"`{word}` is not a mapping",
                "write `path: value` lines",
            )
            return Map()
        return value

    def _judgements(self, case: Case) -> None:
        written = self.tree.get("judgements") or []
        if not isinstance(written, list):
            self.problems.add(
                "RW511",
                place_of(written, self.text.place),
                "`judgements` is not a list",
                "write each after a dash",
            )
            return
        for each in written:
            if not isinstance(each, Map):
                self.problems.add(
                    "RW507",
                    place_of(each, place_of(written, self.text.place)),
                    "a judgement is a mapping",
                    "write `attribute`, `value`, `by`, `on` and `reason`",
                )
                continue
            needed = ("attribute", "value", "by", "on", "reason")
            for word in each:
                if word not in needed:
                    self.problems.add(
                        "RW507",
                        place_of(word),
                        f"`{word}` is not known in a judgement",
                        nearest(word, needed),
                    )
            absent = [
                word
                for word in needed
                if not isinstance(each.get(word), Text) or not each[word].strip()
            ]
            if absent:
                self.problems.add(
                    "RW507",
                    place_of(each),
                    f"the judgement lacks {', '.join(f'`{w}`' for w in absent)}",
                    "say what was judged, by whom, when and why",
                )
                continue
            self._judgement(case, each)

    def _judgement(self, case: Case, each: Map) -> None:
        target = self._derived(case, each["attribute"])
        if parse_date(each["on"]) is None:
            self.problems.add(
                "RW502",
                place_of(each["on"]),
                f"`{each['on']}` is not a value of `on`",
                "expected a date such as `2024-03-01`",
            )
        if target is None:
            return
        entity, attribute = target
        where = (entity.index, key(attribute.name))
        if not attribute.may_be_judged:
            self.problems.add(
                "RW508",
                place_of(each["attribute"]),
                f"`{attribute.name}` of a `{entity.type}` may not be judged",
                "only attributes with `may be judged: yes` may",
            )
        if where in case.supplied:
            self.problems.add(
                "RW509",
                place_of(each["attribute"]),
                f"`{each['attribute']}` is both supplied and judged",
                "keep one of them",
            )
        if where in case.judged:
            self.problems.add(
                "RW509",
                place_of(each["attribute"]),
                f"`{each['attribute']}` is judged twice",
                "keep one of them",
            )
        read = read_value(
            each["value"], attribute.type, f"`{attribute.name}`", "RW502", self.problems
        )
        case.judged[where] = Judgement(
            read,
            " ".join(each["by"].split()),
            str(each["on"]),
            " ".join(each["reason"].split()),
            place_of(each["value"]),
        )

    def _as_one(self, case: Case) -> None:
        """A judgement on one of several attributes that are judged as one is a judgement on
        each.
        """
        for group in self.judged_as_one:
            places = [
                (self._holder(case, entity, member), attribute)
                for entity, member, attribute in group.attributes
            ]
            there = {
                (holder.index, attribute): f"{holder.path} > {self._name(holder, attribute)}"
                for holder, attribute in places
                if holder
            }
            self._supplied_as_one(case, there, group)
            judged = sorted(
                (at for at in there if at in case.judged), key=lambda at: case.judged[at].place
            )
            for at in judged[1:]:
                self._twice(
                    case.judged[at].place,
                    f"`{there[at]}` is judged",
                    there[judged[0]],
                    case.judged[judged[0]].place,
                    group,
                )
            for other in [each for each in there if each not in case.judged] if judged else ():
                at = judged[0]
                if other in case.supplied:
                    self._twice(
                        case.supplied[other].place,
                        f"`{there[other]}` is supplied",
                        there[at],
                        case.judged[at].place,
                        group,
                    )
                case.judged[other] = replace(case.judged[at], as_one_with=there[at])

    def _supplied_as_one(
        self, case: Case, there: dict[tuple[int, str], str], group: JudgedAsOne
    ) -> None:
        """A value that is supplied for one of them is that of each."""
        supplied = sorted(
            (at for at in there if at in case.supplied), key=lambda at: case.supplied[at].place
        )
        for at in supplied[1:]:
            self._twice(
                case.supplied[at].place,
                f"`{there[at]}` is supplied",
                there[supplied[0]],
                case.supplied[supplied[0]].place,
                group,
                "supplied",
            )
        for other in (
            [each for each in there if each not in case.supplied]
            if supplied and not any(at in case.judged for at in there)
            else ()
        ):
            case.supplied[other] = replace(
                case.supplied[supplied[0]], as_one_with=there[supplied[0]]
            )

    def _twice(
        self,
        place: Place,
        what: str,
        other: str,
        first: Place,
        group: JudgedAsOne,
        how: str = "judged",
    ) -> None:
        self.problems.add(
            "RW509",
            place,
            f"{what}, and `{other}` is {how} in line {first.line}: `{group.policy}` has these two "
            "judged as one",
            "keep one of them",
        )

    def _holder(self, case: Case, entity: str, member: str) -> Entity | None:
        """The outermost entity, or a fixed member of it; none where the case need not hold such
        members.
        """
        if not entity:
            return case.root
        return next(
            (each for each in case.root.children.get(entity, ()) if each.member == member), None
        )

    def _name(self, holder: Entity, attribute: str) -> str:
        return self.vocabulary.entities[holder.type].attributes[attribute].name

    def _published(self, case: Case) -> None:
        seen: set[tuple[int, str]] = set()
        for path, value in self._mapping("published").items():
            if path == "on":
                if not isinstance(value, Text) or parse_date(value) is None:
                    shown = f"`{value}`" if isinstance(value, Text) else "this"
                    self.problems.add(
                        "RW502",
                        place_of(value, place_of(path)),
                        f"{shown} is not a value of `on`",
                        "expected a date such as `2024-03-01`",
                    )
                case.published_on = str(value)
                continue
            target = self._derived(case, path)
            if target is not None and not isinstance(value, Text):
                fault = "left empty" if value is None else "a list or mapping"
                self.problems.add(
                    "RW503",
                    place_of(value, place_of(path)),
                    f"`{path}` is {fault}",
                    f"expected {target[1].type.expected()}",
                )
            elif target is not None:
                at = (target[0].index, key(target[1].name))
                if at in seen:
                    self.problems.add(
                        "RW509", place_of(path), f"`{path}` is published twice", "keep one of them"
                    )
                read = read_value(
                    value, target[1].type, f"`{target[1].name}`", "RW502", self.problems
                )
                seen.add(at)
                case.published.append((*at, read))
        case.published.sort(key=lambda each: each[:2])

    def _derived(self, case: Case, path: Text) -> tuple[Entity, Attribute] | None:
        try:
            entity, attribute = find(case, path, self.vocabulary)
        except InputError as error:
            self.problems.take(error)
            return None
        if attribute.given:
            self.problems.add(
                "RW507",
                place_of(path),
                f"`{attribute.name}` is given, not derived",
                f"state it among the facts of `{entity.path}`",
            )
            return None
        return entity, attribute
