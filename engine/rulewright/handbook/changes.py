"""What each amending policy changed: the policy before it and after it, compared where it says that
it changed something.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from rulewright.amendments.chain import AmendedEntry, Assembly, assemble
from rulewright.amendments.entries import EntryTarget, parameter_called
from rulewright.amendments.rows import RowTarget
from rulewright.amendments.targets import target_of
from rulewright.amendments.words import SECTIONS, WordTarget, declared, entities, words_of
from rulewright.compiler.canonical_form import entry, same
from rulewright.compiler.tables import written_rows
from rulewright.ir.entities import is_any_judgement
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.syntax.models import MemberModel, WithdrawModel
from rulewright.syntax.text import key, text_of

from .record import Amendment, ChangeShown, FieldChange, Remark
from .wording import citation_words, cited, clauses, flat, in_a_sentence, joined, named, template

ACTIONS = {
    "replaces": "replaced",
    "repeals": "repealed",
    "restores": "restored",
    "adds": "added",
    "keeps": "repealed, kept transitionally",
    "resumes": "goes on transitionally",
}
LASTING = {"repealed, kept transitionally": "kept", "goes on transitionally": "goes on"}
SAID = {
    "replaced": "changed",
    "added": "added",
    "restored": "restored",
    "set": "set",
}  # in a remark


def amendments(book: Rulebook, policy: str) -> tuple[Amendment, ...]:
    """What each policy of the chain changed, the oldest first. Raises `InputError`."""
    known: dict[str, Amendment] = book.made.setdefault("amendments", {})
    names = reversed(assemble(book, policy).chain)
    for before, after in pairwise(names):
        if after not in known:
            known[after] = _amendment(book, before, after)
    return tuple(known[each] for each in assemble(book, policy).chain[-2::-1])


def _amendment(book: Rulebook, before: str, after: str) -> Amendment:
    shown = tuple(_Comparison(book, assemble(book, before), assemble(book, after)).changes())
    return Amendment(after, title(book, after), before, shown)


def title(book: Rulebook, policy: str) -> str:
    """The title of a policy, or its name where it has none."""
    return text_of(book.policies[policy].title or policy)


def remarks(found: tuple[Amendment, ...]) -> dict[str, list[Remark]]:
    """By entry, what was done to it, the oldest first.

    A row's remark stands at its table, a use's at the use.
    """
    gathered: dict[str, list[Remark]] = {}
    for amendment in found:
        for change in amendment.changes:
            text = (
                f"{LASTING[change.action]} while {change.condition}"
                if change.action in LASTING
                else SAID.get(change.action, "")
            )
            name = change.name
            if not text:
                continue
            if "[" in name:
                name, _, row = name.partition("[")
                text = f"row `{row.removesuffix(']')}` {text}"
            elif "@" in name and "." in name.partition("@")[0]:
                rule, _, suffix = name.partition("@")
                name = f"{rule.rpartition('.')[0]}@{suffix}"
                text = f"`{rule}` {text} here"
            gathered.setdefault(name, []).append(Remark(amendment.policy, amendment.title, text))
    return gathered


class _Comparison:
    """One amending policy: the entries before it and after it."""

    def __init__(self, book: Rulebook, before: Assembly, after: Assembly) -> None:
        self.book, self.before, self.after = book, before, after
        self.model = after.policy

    def changes(self) -> Iterator[ChangeShown]:
        """Everything that the policy changed, in the order in which amendments act."""
        told: set[str] = set()
        own = [each for each in self.after.changes if each.policy == self.model.policy]
        for change in own:
            for shown in self._change(change):
                told.add(shown.name)
                yield shown
        for name, item in self.after.items.items():  # whole parts that the policy names
            if name not in self.before.items and name not in told:
                yield ChangeShown("added", name, about(item))
        yield from self._words(told)
        yield from self._parameters()
        yield from self._published()
        yield from self._lapsed()

    def _change(self, change: AmendedEntry) -> Iterator[ChangeShown]:
        if change.action == "adds" and change.target == "vocabulary":
            return  # its words are told one by one
        if change.action in ("keeps", "resumes"):
            for name in change.expanded:
                conditions = [
                    clause
                    for each in self.model.transitional
                    if change.target in each.rules
                    for clause in clauses(each.while_)
                ]
                words_ = " and ".join(map(in_a_sentence, conditions))
                yield ChangeShown(ACTIONS[change.action], name, self._about(name), condition=words_)
            return
        if change.action == "adds" and change.target not in self.after.items:
            yield ChangeShown("added", change.target, self._member(change.target))
            return
        kept = {
            name
            for each in self.after.changes
            if each.policy == self.model.policy and each.action == "keeps"
            for name in each.expanded
        }
        for name in change.expanded or (change.target,):
            if change.action == "repeals" and name in kept:
                continue  # told as kept
            fields = tuple(
                differences(
                    subject(self.book, self.before, name), subject(self.book, self.after, name)
                )
            )
            action = (
                ACTIONS[change.action] if change.action != "replaces" or fields else "unchanged"
            )
            yield ChangeShown(
                action, name, self._about(name), fields if change.action == "replaces" else ()
            )

    def _member(self, name: str) -> str:
        """Of which set an added member is, and where it comes from."""
        new = [each for each in words(self.after) if each not in words(self.before)]
        sets = [
            owner
            for owner, _, word in (each.rpartition(" > ") for each in new)
            if key(word) == key(name)
        ]
        parts = (
            item
            for items in self.book.parts.values()
            for item in items
            if item.kind == "member" and item.id == name
        )
        own = next(
            (
                each.source
                for each in self.model.adds
                if isinstance(each, MemberModel) and each.member == name
            ),
            None,
        )
        source = _sources(own or next((each.tree.get("source") for each in parts), None))
        return "; ".join([*(f"a {each}" for each in sets), *([source] if source else [])])

    def _about(self, name: str) -> str:
        for assembly in (self.after, self.before):
            item = assembly.items.get(name)
            if item is not None:
                return about(item)
            found = subject(self.book, assembly, name)
            if isinstance(found, dict):
                return text_of(
                    found.get("title") or found.get("about") or found.get("assumed") or ""
                )
        return ""

    def _words(self, told: set[str]) -> Iterator[ChangeShown]:
        """What parts say of the vocabulary: new words and things, and what is declared of the old
        ones otherwise.
        """
        for what, of in (
            ("a kind of thing", things),
            ("a word of the vocabulary", words),
            ("a scale", scales),
            ("a collection", collections),
        ):
            old, new = of(self.before), of(self.after)
            for name, now in new.items():
                if name in told or name.rpartition(" > ")[2] in told:
                    continue
                if name not in old:
                    yield ChangeShown("added", name, what)
                elif fields := tuple(
                    differences(old[name], now, "" if isinstance(now, dict) else what)
                ):
                    yield ChangeShown("replaced", name, what, fields)

    def _parameters(self) -> Iterator[ChangeShown]:
        for name, value in self.model.parameters.items():
            item = parameter_called(self.before, name)
            old = self.before.parameters.get(key(name)) or (
                flat(item.tree.get("value") or item.tree.get("values")) if item else ""
            )
            yield ChangeShown(
                "set",
                str(item.id) if item else str(name),
                about(item) if item else "",
                (FieldChange("value", str(old), text_of(value)),),
            )

    def _published(self) -> Iterator[ChangeShown]:
        for each in self.model.publish:
            yield ChangeShown("published", text_of(each))
        how = (
            self.model.withdraw
            if isinstance(self.model.withdraw, dict)
            else dict.fromkeys(self.model.withdraw)
        )
        for each, when in how.items():
            yield ChangeShown("withdrawn", text_of(each), condition=_once(when))
        for headers in self.model.judged_as_one:
            yield ChangeShown("judged as one", joined(tuple(map(text_of, headers))))
        if self.model.scope is not None:
            yield ChangeShown(
                "replaced",
                "scope",
                fields=(FieldChange("scope", flat(self.before.scope), flat(self.model.scope)),),
            )

    def _lapsed(self) -> Iterator[ChangeShown]:
        for rule, targets in overrides(self.after):
            for target in targets:
                if covers(self.before, rule, target) and not covers(self.after, rule, target):
                    yield ChangeShown(
                        "override lapsed", rule, f"it overrode {target}, which is repealed"
                    )


def _once(when: WithdrawModel | None) -> str:
    """The condition of a withdrawal in a sentence; nothing where it has none."""
    return "; ".join(map(in_a_sentence, clauses(when.once if when is not None else None)))


# -- what a name stands for


def about(item: RulebookEntry) -> str:
    """An entry in a few words."""
    tree = item.tree
    return text_of(tree.get("about") or tree.get("meaning") or tree.get("assumed") or "")


def subject(book: Rulebook, assembly: Assembly, name: str) -> Any:
    """What an amendment's name means: an entry, a row, a rule of a principle, a word, a document;
    else `None`.
    """
    target = target_of(assembly, name)
    if isinstance(target, EntryTarget):
        return entry(assembly.items[target.id], assembly)
    if isinstance(target, RowTarget):
        return _row(book, assembly, target)
    return target.read(assembly) if target is not None else None


def _row(book: Rulebook, assembly: Assembly, row: RowTarget) -> Any:
    """The cells of a row by the columns that people read, and the source of its change."""
    item = assembly.items[row.entry]
    if item.kind != "table":
        return {"test": row.read(assembly)}
    inputs = list(item.tree.get("inputs") or {"input": ""})
    rows = {
        str(cells.get("id") or number): cells
        for number, (_, cells) in enumerate(written_rows(item, book, inputs), 1)
    }
    single = text_of(item.tree.get("input") or "")
    said = {
        single if column == "input" and single else column: content
        for column, content in rows[row.row].items()
        if column != "id"
    }
    changed = assembly.sources_of_changes.get(row.name)
    return said if changed is None else {**said, "source": changed}


def words(assembly: Assembly) -> dict[str, Any]:
    """The attributes and members of a policy's vocabulary, as amendments name them, and how each is
    declared.
    """
    return {
        WordTarget(str(entity), str(word)).name: declared(tree, section, word)
        for entity, tree in entities(assembly).items()
        for section, word in words_of(tree)
    }


def things(assembly: Assembly) -> dict[str, Any]:
    """What is said of each kind of thing besides its words: its main result, what lies below it."""
    return {
        str(name): {each: content for each, content in tree.items() if each not in SECTIONS}
        for name, tree in entities(assembly).items()
    }


def scales(assembly: Assembly) -> dict[str, Any]:
    """The scales, as they are declared."""
    return dict(assembly.vocabulary.get("scales") or {})


def collections(assembly: Assembly) -> dict[str, Any]:
    """The collections, as they are declared."""
    return dict(assembly.vocabulary.get("collections") or {})


def overrides(assembly: Assembly) -> Iterator[tuple[str, list[str]]]:
    """Each rule that overrides others, with the names it gives."""
    for name, item in assembly.items.items():
        yield name, [str(each) for each in item.tree.get("overrides") or ()]
        for rule in item.tree.get("rules") or () if item.kind == "principle" else ():
            yield f"{name}.{rule['rule']}", [str(each) for each in rule.get("overrides") or ()]


def covers(assembly: Assembly, rule: str, target: str) -> bool:
    """Whether the target of an override stands in the policy; judgements may be in any case."""
    if (
        is_any_judgement(target)
        or target in assembly.items
        or target.partition("[")[0] in assembly.items
    ):
        return True
    principles = (target.partition("@")[0].rpartition(".")[::2], (rule.rpartition(".")[0], target))
    for principle, short in principles:
        item = assembly.items.get(principle)
        if (
            item is not None
            and item.kind == "principle"
            and any(each["rule"] == short for each in item.tree["rules"])
        ):
            return True
    return False


# -- old and new


def differences(old: Any, new: Any, above: str = "") -> Iterator[FieldChange]:
    """Field by field what differs, in the order of the new text; what only the old one had comes
    last.
    """
    if not isinstance(old, dict) or not isinstance(new, dict):
        if not same(old, new):
            yield FieldChange(above or "it", flat(old), flat(new))
        return
    for name in [*new, *(each for each in old if each not in new)]:
        before, after = old.get(name), new.get(name)
        if same(before, after):
            continue
        path = f"{above}, {name}" if above else str(name)
        if name == "source":
            yield FieldChange(path, _sources(before), _sources(after))
        elif name == "interpretation" and named(before) != named(after):
            yield FieldChange(path, ", ".join(named(before)), ", ".join(named(after)))
        elif name == "other readings":
            yield from _readings(before or {}, after or {}, above)
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from differences(before, after, path)
        else:
            show = template if name in ("note", "warn") else flat
            yield FieldChange(path, show(before) if before else "", show(after) if after else "")


def _readings(old: dict[Any, Any], new: dict[Any, Any], above: str) -> Iterator[FieldChange]:
    """Other readings by what they mean; of one that means the same, what it does otherwise."""
    for name in [*new, *(each for each in old if each not in new)]:
        before, after = old.get(name) or {}, new.get(name) or {}
        path = f"{above}, reading {name}" if above else f"reading {name}"
        if before and after and same(before.get("meaning"), after.get("meaning")):
            yield from differences(before, after, path)
        else:
            yield FieldChange(
                path,
                *(
                    text_of(each.get("meaning") or flat(each)) if each else ""
                    for each in (before, after)
                ),
            )


def _sources(written: Any) -> str:
    return "; ".join(citation_words(each) for each in cited(written))
