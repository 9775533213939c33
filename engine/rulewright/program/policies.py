"""Policies: composed of parts, or amending one another as legislation does.

`assemble` gives the entries of one policy after all amendments. An amendment names what it changes: a rule, table, row,
principle, rule of a principle, one use of it, parameter, part, vocabulary member or attribute, source, interpretation.
Repeals come first, then replacements, then additions. A pattern (`aggregation@trust.*`) stands for all it matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from rulewright.language.errors import InputError, Place, Problem, Problems, nearest
from rulewright.language.lexer import Lexicon
from rulewright.language.models import (
    DocumentModel,
    MemberModel,
    PolicyModel,
    PrincipleRuleModel,
    ReadingModel,
    VocabularyModel,
    WithdrawModel,
)  # fmt: skip
from rulewright.language.reading import read_as
from rulewright.language.rulebook import Item, Rulebook, as_seq, read_items
from rulewright.language.text import Map, Text, key, place_of

_ROW = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\]]+)\]$")


@dataclass
class Change:
    """What an amendment did: for readers of the policy."""

    policy: str
    action: str  # replaces, repeals, adds, keeps
    target: str
    expanded: tuple[str, ...] = ()


@dataclass
class Assembly:
    """The entries of one policy, amendments applied."""

    policy: PolicyModel
    chain: tuple[str, ...] = ()  # the policy, what it amends, and so on
    items: dict[str, Item] = field(default_factory=dict)
    local: dict[tuple[str, str], Map | None] = field(default_factory=dict)  # (use, rule) -> its own version or repealed
    vocabulary: Map = field(default_factory=Map)
    documents: dict[str, DocumentModel] = field(default_factory=dict)
    parameters: dict[str, Text] = field(default_factory=dict)
    publish: list[Text] = field(default_factory=list)
    withdraw: dict[Text, tuple[str, WithdrawModel]] = field(default_factory=dict)
    scope: Any = None
    changes: list[Change] = field(default_factory=list)
    repealed: dict[str, str] = field(default_factory=dict)  # id or word -> its kind
    repealed_at: dict[str, Place] = field(default_factory=dict)  # and where it says so


def assemble(book: Rulebook, policy: str, reading: ReadingModel | None = None, place: Place | None = None) -> Assembly:
    """The entries of `policy`, or of `policy` under another reading. Raises `InputError` (RW4xx)."""
    found = _assemble(book, policy, (), place)
    if reading is not None:
        _amend(found, reading.replaces, reading.repeals, reading.adds, "another reading", book, Problems())
    _still_used(found)
    return found


def _assemble(book: Rulebook, name: str, above: tuple[str, ...], place: Place | None) -> Assembly:
    model = book.policies.get(name)
    if model is None:
        raise InputError(Problem(place or Place(book.shown), "RW402", f"`{name}` is not a policy of this rulebook",
                                 nearest(name, book.policies)))  # fmt: skip
    if name in above:
        circle = " -> ".join((*above, name))
        raise InputError(Problem(place_of(model.policy), "RW403", f"policies amend one another in a circle: {circle}",
                                 "take one `amends` away, and name `parts` instead"))  # fmt: skip
    problems = Problems()
    if model.amends is not None:
        found = _assemble(book, str(model.amends), (*above, name), place_of(model.amends))
        found.policy, found.chain = model, (name, *found.chain)
    else:
        found = Assembly(model, (name,), vocabulary=_whole_vocabulary(book), documents=dict(book.documents))
    _parts(found, model, book, problems)
    kept = _keep_transitional(found, model, problems)
    _amend(found, model.replaces, model.repeals, list(model.adds), name, book, problems, set(kept))
    _while(found, kept)
    for word, value in model.parameters.items():
        target = next((i for i in found.items.values() if i.kind == "parameter" and key(i.id) == key(word)), None)
        if target is None:
            names = [str(i.id) for i in found.items.values() if i.kind == "parameter"]
            problems.add("RW404", place_of(word), f"`{word}` is not a parameter of this policy", nearest(word, names))
        else:
            found.parameters[key(word)] = value
    found.publish += model.publish
    withdrawn = model.withdraw if isinstance(model.withdraw, dict) else dict.fromkeys(model.withdraw)
    for header, how in withdrawn.items():
        found.withdraw[header] = (name, how or WithdrawModel())
    if model.scope is not None:
        found.scope = model.scope
    problems.stop_if_any()
    return found


def _whole_vocabulary(book: Rulebook) -> Map:
    whole = Map()
    for tree in book.vocabulary_trees:
        for section, content in tree.items():
            if isinstance(content, dict):
                into = whole.setdefault(section, Map())
                for name, declared in content.items():
                    into[Text.at(name, place_of(name)) if name in into else name] = declared
    copied: Map = _copied(whole)
    return copied


def _parts(found: Assembly, model: PolicyModel, book: Rulebook, problems: Problems) -> None:
    for index, part in enumerate(model.parts):
        if part in model.parts[:index]:
            problems.add("RW405", place_of(part), f"the part `{part}` is named twice", "keep one of them")
            continue
        _add_part(found, part, book, problems, str(model.policy), quiet=True)


def _add_part(found: Assembly, part: Text, book: Rulebook, problems: Problems, policy: str, quiet: bool = False) -> None:
    if str(part) not in book.parts:
        problems.add("RW405", place_of(part), f"`{part}` is not a part of this rulebook", nearest(part, book.parts))
        return
    for item in book.parts[str(part)]:
        _add(found, item, problems)
        if not quiet:
            found.changes.append(Change(policy, "adds", str(item.id)))


def _add(found: Assembly, item: Item, problems: Problems) -> None:
    if item.kind == "vocabulary":
        _merge_into(found.vocabulary, item.tree)
    elif item.kind == "member":
        _add_member(found, item, problems)
    elif str(item.id) in found.items:
        first = found.items[str(item.id)].place
        problems.add("RW401", item.place, f"the id `{item.id}` is there twice", f"first in {first}")
    else:
        found.items[str(item.id)] = item
        found.repealed.pop(str(item.id), None)


def _add_member(found: Assembly, item: Item, problems: Problems) -> None:
    model = read_as(MemberModel, item.tree, item.place.file)
    entity = _entity_tree(found, model.of)
    if entity is None or not entity.get("members"):
        fixed = [str(name) for name, tree in found.vocabulary.get("entities", {}).items() if tree.get("members")]
        problems.add("RW406", place_of(model.of), f"`{model.of}` is not a fixed set of members", nearest(model.of, fixed))
        return
    members = entity["members"]
    after = next((i for i, each in enumerate(members) if model.after and key(each) == key(model.after)), None)
    if model.after and after is None:
        problems.add("RW406", place_of(model.after),
                     f"`{model.after}` is not a member of `{model.of}`", nearest(model.after, members))  # fmt: skip
    members.insert(len(members) if after is None else after + 1, model.member)


def _keep_transitional(found: Assembly, model: PolicyModel, problems: Problems) -> dict[str, list[Text]]:
    """Rules that go on while a condition holds, with the condition: the repeals pass over them."""
    kept: dict[str, list[Text]] = {}
    for each in model.transitional:
        for target in each.rules:
            matched = [i for i in found.items.values() if i.kind in ("rule", "table", "use") and _matches(i.id, target)]
            if not matched:
                problems.add("RW407", place_of(target), f"there is no rule `{target}` to keep", nearest(target, found.items))
            for item in matched:
                kept.setdefault(str(item.id), []).append(each.while_)
            found.changes.append(Change(str(model.policy), "keeps", str(target), tuple(str(i.id) for i in matched)))
    return kept


def _while(found: Assembly, kept: dict[str, list[Text]]) -> None:
    """The rules that go on get their condition, whatever else the amendment did to them."""
    for name, conditions in kept.items():
        item = found.items.get(name)
        if item is not None:
            tree = _copied(item.tree)
            tree[Text("when")] = as_seq(tree.get("when")) + conditions
            found.items[name] = replace(item, tree=tree)


def _amend(found: Assembly, replaces: dict[Text, Any], repeals: list[Text], adds: list[Any], policy: str, book: Rulebook,
           problems: Problems, kept: set[str] | None = None) -> None:  # fmt: skip
    stop = not problems.found
    for target in repeals:
        _repeal(found, target, policy, problems, kept or set())
    # what changes one use of a principle goes on top of what changes all of them, in whatever order they are written
    for target, content in sorted(replaces.items(), key=lambda each: "@" in each[0]):
        _replace(found, target, content, policy, problems)
    for each in adds:
        try:
            _adopt(found, each, policy, book, problems)
        except InputError as error:
            problems.take(error)
    if stop:
        problems.stop_if_any()


def _adopt(found: Assembly, each: Any, policy: str, book: Rulebook, problems: Problems) -> None:
    if isinstance(each, Text):
        _add_part(found, each, book, problems, policy)
        return
    tree = each if isinstance(each, Map) else _tree_of(found.policy, each, book)
    for item in read_items([tree], policy, tree.place.file):
        _add(found, item, problems)
        found.changes.append(Change(policy, "adds", str(item.id)))


def _tree_of(policy: PolicyModel, model: Any, book: Rulebook) -> Map:
    """The tree that an inline entry of a policy was read from."""
    from rulewright.language.loading import load_yaml

    file = model.place_.file
    whole = load_yaml(book.texts[file.removeprefix(book.shown + "/")], file)
    return next(each for each in whole["adds"] if isinstance(each, Map) and each.place == model.place_)


# -- repeals ----------------------------------------------------------------------------------------------------------


def _repeal(found: Assembly, target: Text, policy: str, problems: Problems, kept: set[str]) -> None:
    names: list[str] = []
    before = dict(found.repealed)
    for item in [i for i in found.items.values() if _matches(i.id, target) or _matches(i.part, target)]:
        names.append(str(item.id))
        if str(item.id) not in kept:
            del found.items[str(item.id)]
            found.repealed[str(item.id)] = item.kind
            found.local = {place: own for place, own in found.local.items() if place[0] != str(item.id)}
    row = _ROW.match(target)
    if row and not names:
        names = _repeal_rows(found, row["table"], row["row"])
    if not names or "*" in target:
        names += _repeal_inner(found, target)
    if not names and " > " in target:
        names = _repeal_word(found, target)
    if not names and str(target) in found.documents:
        del found.documents[str(target)]
        found.repealed[str(target)] = "document"
        names = [str(target)]
    if not names:
        problems.add("RW408", place_of(target), f"there is nothing called `{target}` to repeal", _near_target(found, target))
    for name in found.repealed.keys() - before.keys():
        found.repealed_at[name] = place_of(target)
    found.changes.append(Change(policy, "repeals", str(target), tuple(names)))


def _matches(identity: str, target: str) -> bool:
    return identity == target or ("*" in target and fnmatchcase(str(identity), str(target)))


def _repeal_rows(found: Assembly, table: str, row: str) -> list[str]:
    item = found.items.get(table)
    if item is None or item.kind != "table":
        return []
    rows = item.tree["rows"]
    if isinstance(rows, dict):
        gone = [each for each in rows if _matches(key(each), key(row) if "*" not in row else row)]
        left: Any = Map({k: v for k, v in rows.items() if k not in gone})
    elif isinstance(rows, list):
        named = [each if "id" in each else Map({Text("id"): Text(str(n)), **each}) for n, each in enumerate(rows, 1)]
        gone = [each["id"] for each in named if _matches(str(each["id"]), row)]
        left = [each for each in named if each["id"] not in gone]
    else:
        return []
    if gone:
        tree = _copied(item.tree)
        tree[Text("rows")] = left
        found.items[table] = replace(item, tree=tree)
    return [f"{table}[{each}]" for each in gone]


def _repeal_inner(found: Assembly, target: Text) -> list[str]:
    """A rule of a principle (`aggregation.inadequate`), in all uses or in one (`…@location.key-question`)."""
    names: list[str] = []
    for item in list(found.items.values()):
        if item.kind == "principle":
            tree = _copied(item.tree)
            gone = [r for r in tree["rules"] if _matches(f"{item.id}.{r['rule']}", target)]
            if gone:
                tree[Text("rules")] = [r for r in tree["rules"] if r not in gone]
                found.items[str(item.id)] = replace(item, tree=tree)
                names += [f"{item.id}.{r['rule']}" for r in gone]
        elif item.kind == "use" and "@" in target:
            principle, _, suffix = item.id.partition("@")
            owner = found.items.get(principle)
            for r in owner.tree["rules"] if owner and owner.kind == "principle" else []:
                if _matches(f"{principle}.{r['rule']}@{suffix}", target):
                    found.local[(str(item.id), str(r["rule"]))] = None
                    names.append(f"{principle}.{r['rule']}@{suffix}")
    return names


def _repeal_word(found: Assembly, target: Text) -> list[str]:
    """A vocabulary member or attribute: `key question > caring`."""
    owner, _, word = target.partition(" > ")
    entity = _entity_tree(found, owner)
    if entity is None:
        return []
    members = entity.get("members") or []
    for index, each in enumerate(members):
        if key(each) == key(word):
            del members[index]
            found.repealed[key(word)] = "member"
            return [str(target)]
    for section in ("given", "derived"):
        for each in list(entity.get(section) or {}):
            if key(each) == key(word):
                del entity[section][each]
                found.repealed[key(word)] = "attribute"
                return [str(target)]
    return []


def _entity_tree(found: Assembly, name: str) -> Map | None:
    entities = found.vocabulary.get("entities", {})
    return next((tree for each, tree in entities.items() if key(each) == key(name)), None)


# -- replacements -----------------------------------------------------------------------------------------------------


def _replace(found: Assembly, target: Text, content: Any, policy: str, problems: Problems) -> None:
    if content is None:
        problems.add("RW409", place_of(target), f"`{target}` is replaced by nothing", "to take it away name it under `repeals`")
        return
    names = _replaced(found, target, content, problems)
    if not names and any(each.place == place_of(content, place_of(target)) for each in problems.found):
        pass  # the replacement itself was wrong
    elif not names and _is_there(found, target):
        shape = "a list" if isinstance(content, list) else "a mapping" if isinstance(content, dict) else f"`{content}`"
        problems.add("RW409", place_of(content, place_of(target)), f"`{target}` cannot be replaced by {shape}",
                     "a row or a member is replaced by text, a rule by a mapping of the fields that change")  # fmt: skip
    elif not names:
        problems.add("RW408", place_of(target), f"there is nothing called `{target}` to replace", _near_target(found, target))
    found.changes.append(Change(policy, "replaces", str(target), tuple(names)))


def _replaced(found: Assembly, target: Text, content: Any, problems: Problems) -> list[str]:
    row = _ROW.match(target)
    if row:
        return _replace_row(found, row["table"], row["row"], content, problems)
    matched = [i for i in found.items.values() if _matches(i.id, target)]
    for item in matched:
        new = content
        if item.kind == "parameter" and isinstance(content, Text):
            new = Map({Text("value"): content})
        if not isinstance(new, dict):
            problems.add("RW409", place_of(content, place_of(target)), f"`{target}` is a {item.kind}: name the fields that change",
                         "write them as a mapping")  # fmt: skip
            continue
        if item.kind in new and new[item.kind] != item.id:
            problems.add("RW409", place_of(new[item.kind], place_of(target)), f"`{target}` would get another name",
                         "repeal it, and add it under the other name")  # fmt: skip
            continue
        if item.kind == "parameter":
            found.parameters.pop(key(item.id), None)
        if item.kind == "parameter" and ("value" in new) != ("values" in new):
            item = replace(item, tree=Map({k: v for k, v in item.tree.items() if k not in ("value", "values")}))
        found.items[str(item.id)] = replace(item, tree=_merged(item.tree, new))
        _validate(found.items[str(item.id)], problems)
    names = [str(i.id) for i in matched]
    if not names or "*" in target:
        names += _replace_inner(found, target, content, problems)
    return names or _replace_other(found, target, content, problems)


def _replace_row(found: Assembly, table: str, row: str, content: Any, problems: Problems) -> list[str]:
    item = found.items.get(table)
    if item is None or item.kind != "table":
        return []
    tree = _copied(item.tree)
    rows = tree["rows"]
    if isinstance(rows, dict) and isinstance(content, Text):
        for each in rows:
            if key(each) == key(row):
                rows[each] = content
                found.items[table] = replace(item, tree=tree)
                return [f"{table}[{each}]"]
    elif isinstance(rows, list) and isinstance(content, dict):
        for index, each in enumerate(rows):
            if str(each.get("id", index + 1)) == row:
                rows[index] = _merged(each, content)
                found.items[table] = replace(item, tree=tree)
                return [f"{table}[{row}]"]
    elif isinstance(rows, Text):
        cells = dict(content) if isinstance(content, dict) else {}
        if cells:
            changed = tree.setdefault(Text("changed rows"), Map())
            changed[Text.at(row, place_of(content))] = content
            found.items[table] = replace(item, tree=tree)
            return [f"{table}[{row}]"]
    return []


def _replace_inner(found: Assembly, target: Text, content: Any, problems: Problems) -> list[str]:
    names: list[str] = []
    for item in list(found.items.values()):
        if item.kind == "principle":
            tree = _copied(item.tree)
            for index, r in enumerate(tree["rules"]):
                if _matches(f"{item.id}.{r['rule']}", target) and isinstance(content, dict):
                    tree["rules"][index] = _merged(r, content)
                    names.append(f"{item.id}.{r['rule']}")
            if names:
                found.items[str(item.id)] = replace(item, tree=tree)
                _validate(found.items[str(item.id)], problems)
        elif item.kind == "use" and "@" in target:
            principle, _, suffix = item.id.partition("@")
            owner = found.items.get(principle)
            for r in owner.tree["rules"] if owner and owner.kind == "principle" else []:
                if _matches(f"{principle}.{r['rule']}@{suffix}", target) and isinstance(content, dict):
                    own = _merged(found.local.get((str(item.id), str(r["rule"]))) or r, content)
                    found.local[(str(item.id), str(r["rule"]))] = own
                    _noted(problems, partial(read_as, PrincipleRuleModel, own, item.place.file))
                    names.append(f"{principle}.{r['rule']}@{suffix}")
    return names


def _replace_other(found: Assembly, target: Text, content: Any, problems: Problems) -> list[str]:
    """A vocabulary word, a source, an interpretation written inside a rule."""
    owner, _, word = target.partition(" > ")
    entity = _entity_tree(found, owner) if word else None
    if entity is not None:
        for index, each in enumerate(entity.get("members") or []):
            if key(each) == key(word) and isinstance(content, Text):
                entity["members"][index] = content
                found.repealed[key(word)] = "member"
                return [str(target)]
        for section in ("given", "derived"):
            for each in entity.get(section) or {}:
                if key(each) == key(word):
                    declared = entity[section][each]
                    entity[section][each] = _merged(declared, content) if isinstance(declared, dict) and isinstance(content, dict) else content
                    return [str(target)]
    if str(target) in found.documents and isinstance(content, dict):
        old = found.documents[str(target)]
        kept = {k: v for k, v in old.model_dump(by_alias=True, exclude_none=True).items() if k not in content}
        whole = Map({**{Text(k): v for k, v in kept.items()}, **content})
        whole.place = place_of(content)
        _noted(problems, lambda: found.documents.update({str(target): read_as(DocumentModel, whole, place_of(target).file)}))
        return [str(target)]
    for item in list(found.items.values()):
        inner = item.tree.get("interpretation")
        if isinstance(inner, dict) and inner.get("id") == target and isinstance(content, dict):
            tree = _copied(item.tree)
            tree[Text("interpretation")] = _merged(inner, content)
            found.items[str(item.id)] = replace(item, tree=tree)
            _validate(found.items[str(item.id)], problems)
            return [str(target)]
    return []


def _validate(item: Item, problems: Problems) -> None:
    _noted(problems, lambda: list(read_items([item.tree], item.part, item.place.file)))


def _noted(problems: Problems, read: Callable[[], Any]) -> None:
    try:
        read()
    except InputError as error:
        problems.take(error)


def _merged(old: dict[Any, Any], new: dict[Any, Any]) -> Map:
    """`old` with the fields of `new`; what is not named stays. Conclusions exclude one another."""
    result: Map = _copied(old)
    conclusions = ("then", "otherwise", "limit", "note", "warn")
    if any(each in new for each in conclusions) and any(each in old for each in conclusions):
        for each in [k for k in result if k in conclusions]:
            del result[each]
    for name, content in new.items():
        before = result.get(name)
        if isinstance(before, dict) and isinstance(content, dict):
            content = _merged(before, content) if isinstance(before, Map) else content
        if content is None and name in result:
            del result[name]
        else:
            result[name] = content
    return result


def _merge_into(whole: dict[Any, Any], more: dict[Any, Any]) -> None:
    for name, content in more.items():
        existing = next((each for each in whole if key(each) == key(name)), None)
        if existing is None:
            whole[name] = _copied(content)
        elif isinstance(whole[existing], dict) and isinstance(content, dict):
            _merge_into(whole[existing], content)
        elif isinstance(whole[existing], list) and isinstance(content, list):
            whole[existing].extend(each for each in content if each not in whole[existing])
        else:
            whole[existing] = content


def _copied(value: Any) -> Any:
    """A copy of the mappings and lists of a tree; the text in it is shared."""
    if isinstance(value, Map):
        new = Map({k: _copied(v) for k, v in value.items()})
        new.place = value.place
        return new
    if isinstance(value, list):
        sequence = as_seq([_copied(each) for each in value])
        sequence.place = place_of(value)
        sequence.flow = getattr(value, "flow", False)
        return sequence
    return value


def _near_target(found: Assembly, target: str) -> str:
    close = nearest(target, _targets(found))
    return close if close.startswith("did you mean") else ""


def _is_there(found: Assembly, target: str) -> bool:
    """Whether something of that name could be replaced."""
    return target in _targets(found)


def _targets(found: Assembly) -> list[str]:
    """Everything that an amendment may name."""
    names = list(found.items) + list(map(str, found.documents))
    for item in found.items.values():
        if item.kind == "principle":
            names += [f"{item.id}.{r['rule']}" for r in item.tree["rules"]]
        rows = item.tree.get("rows")
        if isinstance(rows, dict):
            names += [f"{item.id}[{row}]" for row in rows]
        elif isinstance(rows, list):
            names += [f"{item.id}[{row.get('id', number)}]" for number, row in enumerate(rows, 1)]
        elif item.kind == "use" and "@" in item.id:
            principle, _, suffix = item.id.partition("@")
            owner = found.items.get(principle)
            rules = owner.tree["rules"] if owner and owner.kind == "principle" else []
            names += [f"{principle}.{rule['rule']}@{suffix}" for rule in rules]
    for entity, tree in found.vocabulary.get("entities", {}).items():
        for word in (*(tree.get("members") or ()), *(tree.get("given") or ()), *(tree.get("derived") or ())):
            names.append(f"{entity} > {word}")
    return names


# -- what is repealed and still used ----------------------------------------------------------------------------------


def _still_used(found: Assembly) -> None:
    """Raises RW410 for each principle, parameter or word that is repealed while something uses it."""
    problems = Problems()
    where = place_of(found.policy.policy)
    for name, kind in found.repealed.items():
        if kind not in ("principle", "parameter", "member", "attribute", "interpretation", "document"):
            continue
        users = sorted(str(i.id) for i in found.items.values() if _uses(i, name, kind))
        if kind == "attribute" and not users:
            continue
        if users and not (kind in ("member", "attribute") and _still_declared(found, name)):
            listed = ", ".join(f"`{each}`" for each in users)
            problems.add("RW410", found.repealed_at.get(name, where), f"`{name}` is repealed and still used by {listed}",
                         "repeal or replace these too")  # fmt: skip
    problems.stop_if_any()


def _still_declared(found: Assembly, word: str) -> bool:
    for tree in found.vocabulary.get("entities", {}).values():
        words = [*(tree.get("members") or []), *(tree.get("given") or {}), *(tree.get("derived") or {})]
        if any(key(each) == word for each in words):
            return True
    return False


def _uses(item: Item, name: str, kind: str) -> bool:
    if kind == "principle":
        return item.kind == "use" and item.id.partition("@")[0] == name
    if kind == "document":
        cited = [tree.get("source") for tree in (item.tree, *(item.tree.get("rules") or () if item.kind == "principle" else ()))]
        return any(each.get("document") == name for source in cited for each in as_seq(source))
    if kind == "interpretation":
        return any(name in as_seq(tree.get("interpretation")) for tree in (item.tree, *(item.tree.get("rules") or ())))
    lexicon = Lexicon([name])
    sections = ("of", "when", "unless", "then", "otherwise", "limit", "note", "warn", "input", "inputs", "let", "rules")
    takes = [v for k, v in item.tree.items() if item.kind == "use" and k not in ("use", "source", "interpretation", "about")]
    return any(_mentions(each, lexicon) for each in [*(item.tree.get(s) for s in sections), *takes])


def _mentions(value: Any, lexicon: Lexicon) -> bool:
    if isinstance(value, dict):
        return any(_mentions(each, lexicon) for each in value.values())
    if isinstance(value, list):
        return any(_mentions(each, lexicon) for each in value)
    return isinstance(value, str) and any(token.type == "NAME" for token in lexicon.tokens(value))


def vocabulary_model(found: Assembly, file: str) -> VocabularyModel:
    """The vocabulary of a policy, amendments applied, as a model."""
    return read_as(VocabularyModel, found.vocabulary, file)
