"""An explanation as a tree of lines, from the outcome alone; writers turn it into plain text or a terminal's tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rulewright.engines.outcome import Answer, ConditionMet, Count, Decision, FiringShown, Read


@dataclass
class Branch:
    """A line and the lines below it. `tone`: how a terminal shows it (`answer`, `rule`, `met`, `quiet` or plain)."""

    text: str
    tone: str = ""
    below: list[Branch] = field(default_factory=list)

    def add(self, text: str, tone: str = "") -> Branch:
        """A new line below this one."""
        branch = Branch(text, tone)
        self.below.append(branch)
        return branch


def plain_lines(branch: Branch, indent: str = "") -> Iterator[str]:
    """The tree in plain text: unwrapped, two spaces a level."""
    yield indent + branch.text
    for each in branch.below:
        yield from plain_lines(each, indent + "  ")


class Explainer:
    """Explains answers of one decision. What was explained once is referred to afterwards."""

    def __init__(self, decision: Decision, everything: bool = False) -> None:
        self.decision = decision
        self.everything = everything
        self.answers = {(each.entity, each.attribute): each for each in decision.answers}
        self.firings: dict[tuple[str, str], list[FiringShown]] = {}
        for firing in decision.firings:
            self.firings.setdefault((firing.entity, firing.attribute), []).append(firing)
        self.explained: set[tuple[str, str]] = set()
        self.relied: dict[str, list[str]] = {}
        for default in decision.defaults:
            for path in default.entities:
                self.relied.setdefault(path, []).append(default.attribute)

    def why(self, answer: Answer) -> Branch:
        """Why an attribute has its value (or cannot be told)."""
        return self._why(answer.entity, answer.attribute)

    def _why(self, entity: str, attribute: str) -> Branch:
        answer = self.answers.get((entity, attribute))
        branch = Branch(headline(entity, attribute, answer, self.firings.get((entity, attribute), [])), "answer")
        if (entity, attribute) in self.explained:
            branch.text += " (see above)"
            return branch
        self.explained.add((entity, attribute))
        entered = self._entered(entity, attribute, answer)
        if entered is not None:
            branch.text += entered
            return branch
        if answer is not None:
            self._origin(branch, answer)
        for firing in self._shown(entity, attribute, answer):
            self._firing(branch, firing)
        if answer is not None and answer.missing:
            branch.add(f"hangs on {few(answer.missing)}, not stated", "quiet")
        return branch

    def _entered(self, entity: str, attribute: str, answer: Answer | None) -> str | None:
        """Where one rule only passes on a fact that people entered, that is said in the same line."""
        firings = self.firings.get((entity, attribute), [])
        if self.everything or answer is None or answer.judgement or answer.origin == "supplied" or len(firings) != 1:
            return None
        only = firings[0]
        if only.conditions or only.effect != "value" or len(only.reads) != 1 or only.status != "fired" or only.interpretations:
            return None
        read = only.reads[0]
        if (read.entity, read.attribute) in self.answers:
            return None
        stated = "not stated" if read.values == ["missing"] else "not stated: the default" if self._is_default(read) else "entered"
        return f" ({near(read, entity)}, {stated}) [{only.rule}]"

    def _origin(self, branch: Branch, answer: Answer) -> None:
        if answer.origin == "supplied":
            branch.add("supplied from outside; its rules were not asked", "quiet")
        if answer.judgement is not None:
            judged = answer.judgement
            branch.add(f"judged by {judged.by} on {judged.on}: {judged.reason}", "rule")
            branch.add(f"the rules gave {' or '.join(judged.rules_gave)}", "quiet")
            for limit in judged.passes_limits:
                branch.add(f"the judgement passes the limit {limit}", "quiet")
        if answer.status == "conflict" and answer.in_conflict:
            branch.add(f"rules disagree: {', '.join(answer.in_conflict)}", "rule")

    def _shown(self, entity: str, attribute: str, answer: Answer | None) -> list[FiringShown]:
        found = self.firings.get((entity, attribute), [])
        if self.everything or answer is None:
            return found
        wanted = {*answer.decided_by, *answer.limited_by, *answer.in_conflict}
        return [each for each in found if each.rule in wanted]

    def _firing(self, branch: Branch, firing: FiringShown) -> None:
        verb = {"fired": "", "may fire": "may fire: "}[firing.status]
        cited = "; ".join(" ".join(filter(None, (s.document, s.section, s.paragraph and f"paragraph {s.paragraph}",
                                                 s.mark and f"({s.mark})"))) for s in firing.sources)  # fmt: skip
        text = f"{verb}{firing.conclusion} [{firing.rule}]" + (f" - {cited}" if cited else "")
        if firing.effect == "otherwise":
            text = f"otherwise {text}"
        rule = branch.add(text, "rule")
        if firing.defeated_by:
            rule.add(f"defeated by {', '.join(firing.defeated_by)}", "quiet")
        if firing.interpretations:
            rule.add(f"rests on the interpretation {', '.join(firing.interpretations)}", "quiet")
        for condition in firing.conditions:
            self._condition(rule, condition, firing.entity)
        for read in firing.reads:
            self._read(rule, read, firing.entity)
        for number, count in enumerate(firing.counts):
            if count not in firing.counts[:number]:  # the sum and the number of the same items
                self._count(rule, count, firing.entity)

    def _condition(self, branch: Branch, condition: ConditionMet, entity: str) -> None:
        mark = {"met": "", "undecided": "undecided: ", "not met": "not met: "}[condition.status]
        line = branch.add(f"{mark}{condition.text}", "met" if condition.status == "met" else "quiet")
        for part in condition.parts:
            self._condition(line, part, entity)
        for read in condition.reads:
            self._read(line, read, entity)
        for count in condition.counts:
            self._count(line, count, entity)

    def _read(self, branch: Branch, read: Read, entity: str) -> None:
        key = (read.entity, read.attribute)
        if key in self.answers:
            branch.below.append(self._why(*key))
        elif key in self.firings:
            self._own_word(branch, read)
        else:
            default = " (not stated: the default)" if self._is_default(read) else ""
            branch.add(f"{near(read, entity)}: {read.shown}{default}", "quiet")

    def _is_default(self, read: Read) -> bool:
        """Whether nobody stated it, and a default of the vocabulary stands in."""
        return any(words.startswith(f"{read.attribute} of ") for words in self.relied.get(read.entity, ()))

    def _own_word(self, branch: Branch, read: Read) -> None:
        """A principle's own word: in one line, with the condition that gave it."""
        firings = [each for each in self.firings[read.entity, read.attribute] if not each.defeated_by]
        conditions = " or ".join(condition.text for each in firings for condition in each.conditions)
        counts = [count for each in firings[:1] for condition in each.conditions for count in condition.counts]
        numbers = []
        for count in counts:
            surely, perhaps = len(count.counted), len(count.undecided)
            numbers.append(f"{surely}" if not perhaps else f"{surely} to {surely + perhaps}")
        number = f" ({', '.join(numbers)})" if numbers else ""
        branch.add(f"{read.attribute}: {read.shown}" + (f", as {conditions}{number}" if conditions else ""), "quiet")

    def _count(self, branch: Branch, count: Count, entity: str) -> None:
        for words, reads in (("counted", count.counted), ("perhaps", count.undecided), ("not counted", count.not_counted),
                             ("passed over", count.passed_over)):  # fmt: skip
            if reads:
                listed = ", ".join(items(reads, count, entity))
                line = branch.add(f"{words}: {listed}", "quiet" if words != "counted" else "")
                if words in ("counted", "perhaps"):
                    self._entered_alike(line, reads)
        for read in (*count.counted, *count.undecided, *(count.not_counted if self.everything else ())):
            key = (read.entity, read.attribute)
            if key in self.answers and key not in self.explained:
                branch.below.append(self._why(read.entity, read.attribute))


    def _entered_alike(self, line: Branch, reads: list[Read]) -> None:
        """What was only entered, for several things of a list: said once, their values stand in the list."""
        entered: dict[str, list[Read]] = {}
        for read in reads:
            tail = self._entered(read.entity, read.attribute, self.answers.get((read.entity, read.attribute)))
            if tail is not None:
                entered.setdefault(tail, []).append(read)
        for tail, alike in entered.items():
            if len(alike) > 1:
                which = "each" if len(alike) == len(reads) else f"{len(alike)} of these"
                line.add(f"{which}: {tail.replace('(', '', 1).replace(')', '', 1).strip()}", "quiet")
                self.explained.update((read.entity, read.attribute) for read in alike)


def headline(entity: str, attribute: str, answer: Answer | None, firings: list[FiringShown]) -> str:
    """`Maternity > safe > rating: good`."""
    if answer is not None:
        value = answer.value
        if answer.status == "undetermined":
            value = f"undetermined: {value}"
    else:
        given = list(dict.fromkeys(v for each in firings if not each.defeated_by for v in each.gives))
        value = " or ".join(given) or "no value"
    return f"{entity} > {attribute}: {value}"


def near(read: Read, entity: str) -> str:
    """The attribute, with its entity where that is not the rule's own."""
    return read.attribute if read.entity == entity else f"{read.entity} > {read.attribute}"


def items(reads: list[Read], count: Count, entity: str) -> list[str]:
    """The items of a count by the steps of their paths that tell them apart."""
    whole = [each.entity.split(" > ") for each in (*count.counted, *count.not_counted, *count.passed_over, *count.undecided)]
    start = 0
    while all(len(steps) > start + 1 and steps[start] == whole[0][start] for steps in whole) and (len(whole) > 1 or start == 0):
        start += 1
    end = 0
    while all(len(steps) > start + end + 1 and steps[-1 - end] == whole[0][-1 - end] for steps in whole) and len(whole) > 1:
        end += 1
    named = []
    for read in reads:
        steps = read.entity.split(" > ")
        name = " > ".join(steps[start : len(steps) - end]) if len(whole) > 1 else read.entity.removeprefix(f"{entity} > ")
        named.append(f"{name} ({read.shown})" if read.values else name)
    return named


def few(names: list[str], most: int = 4) -> str:
    """A list of names, cut where it is long."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
