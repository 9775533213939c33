"""Replacements: an amendment names the fields that change; what it does not name stays.

The order in which they are written has no effect: no field is set by two of them, and the names of
each are those that stood before all of them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from rulewright.language.errors import Problems
from rulewright.language.models import DocumentModel, PolicyModel, PrincipleRuleModel, ReadingModel
from rulewright.language.reading import read_as
from rulewright.language.shapes import space_behind_colon
from rulewright.language.text import Map, Text, key, place_of
from rulewright.program.parameter_types import keeps_its_type

from .assembly import ROW, Assembly, Change, copied, matches, merged, near_target, noted, validate
from .declarations import fields_of_declaration, redeclared
from .fields import Field, Replaced, fields_set, none_twice
from .replaced_interpretations import another_interpretation
from .replacing_rows import fields_of_entry, replace_row, with_rows
from .sources import Carrying
from .targets import targets


def replace_all(
    found: Assembly, model: PolicyModel | ReadingModel, policy: str, problems: Problems
) -> None:
    """All that an amendment replaces. Notes what is wrong with it (RW408, RW409, RW419)."""
    _none_twice(found, model, problems)
    earlier = len(found.changes)
    for target, content in sorted(model.replaces.items(), key=lambda each: _turn(each[0])):
        before = found.standing()
        replace_in(found, target, content, policy, problems)
        if isinstance(model, PolicyModel) and not problems.found:
            Carrying(before, found, model, target, content).carry()
    written = [str(target) for target in sorted(model.replaces, key=lambda each: "@" in each)]
    found.changes[earlier:] = sorted(
        found.changes[earlier:], key=lambda each: written.index(each.target)
    )


def _turn(target: Text) -> tuple[bool, bool, str]:
    """What changes one use of a principle goes on top of what changes all; patterns of rows stand
    for the rows that were there.
    """
    return "@" in target, ROW.match(target) is None, str(target)


def _none_twice(found: Assembly, model: PolicyModel | ReadingModel, problems: Problems) -> None:
    """Each replacement by itself, on the entries as they were before all of them."""
    own = model.parameters if isinstance(model, PolicyModel) else {}
    if len(model.replaces) + len(own) < 2 or not model.replaces:
        return
    entries = [
        replace_in(found.copy(), target, content, "", Problems())
        for target, content in model.replaces.items()
    ]
    parameters = [item for item in found.items.values() if item.kind == "parameter"]
    entries += [
        [Field((str(item.id), "value"), str(item.id), (), place_of(word))]
        for word in own
        for item in parameters
        if key(item.id) == key(word)
    ]
    none_twice(entries, problems)


def replace_in(
    found: Assembly, target: Text, content: Any, policy: str, problems: Problems
) -> list[Field]:
    """One replacement; the fields that it sets. Notes what is wrong with it (RW408, RW409)."""
    if content is None:
        problems.add(
            "RW409",
            place_of(target),
            f"`{target}` is replaced by nothing",
            space_behind_colon(target) or "to take it away name it under `repeals`",
        )
        return []
    names = _replaced(found, target, content, problems)
    if not names and any(
        each.place == place_of(content, place_of(target)) for each in problems.found
    ):
        pass  # the replacement itself was wrong
    elif not names and target in targets(found):
        shape = (
            "a list"
            if isinstance(content, list)
            else "lines `name: value`"
            if isinstance(content, dict)
            else f"`{content}`"
        )
        problems.add(
            "RW409",
            place_of(content, place_of(target)),
            f"`{target}` cannot be replaced by {shape}",
            "a row or a member is replaced by text, a rule by lines `name: value` for the fields that change",
        )
    elif not names:
        problems.add(
            "RW408",
            place_of(target),
            f"there is nothing called `{target}` to replace",
            near_target(target, targets(found)),
        )
    found.changes.append(Change(policy, "replaces", str(target), tuple(names)))
    return [field for fields in names.values() for field in fields]


def _replaced(found: Assembly, target: Text, content: Any, problems: Problems) -> Replaced:
    row = ROW.match(target)
    if row:
        return replace_row(found, target, row["table"], row["row"], content, problems)
    names: Replaced = {}
    for item in [i for i in found.items.values() if matches(i.id, target)]:
        names[str(item.id)] = []
        new = content
        if item.kind == "parameter" and isinstance(content, Text):
            new = Map({Text("value"): content})
        if not isinstance(new, dict):
            problems.add(
                "RW409",
                place_of(content, place_of(target)),
                f"`{target}` is a {item.kind}: name the fields that change",
                "write them as lines `name: value` below it",
            )
            continue
        if item.kind in new and new[item.kind] != item.id:
            problems.add(
                "RW409",
                place_of(new[item.kind], place_of(target)),
                f"`{target}` would get another name",
                "repeal it, and add it under the other name",
            )
            continue
        names[str(item.id)] += fields_of_entry(found, item, new, place_of(target))
        if not another_interpretation(found, item.tree, new, problems):
            continue
        if item.kind == "parameter" and not keeps_its_type(item.tree, new, problems):
            continue
        if item.kind == "parameter" and ("value" in new or "values" in new):
            found.parameters.pop(key(item.id), None)
        if item.kind == "parameter" and ("value" in new) != ("values" in new):
            item = replace(
                item, tree=Map({k: v for k, v in item.tree.items() if k not in ("value", "values")})
            )
        if item.kind == "table":
            whole = with_rows(found, item, new, problems)
            if whole is None:
                continue
            new = whole
        found.items[str(item.id)] = replace(item, tree=merged(item.tree, new))
        validate(found.items[str(item.id)], problems)
    if not names or "*" in target:
        names |= _replace_inner(found, target, content, problems)
    return names or _replace_other(found, target, content, problems)


def _replace_inner(found: Assembly, target: Text, content: Any, problems: Problems) -> Replaced:
    names: Replaced = {}
    for item in list(found.items.values()):
        if item.kind == "principle":
            tree = copied(item.tree)
            for index, r in enumerate(tree["rules"]):
                name = f"{item.id}.{r['rule']}"
                if matches(name, target) and isinstance(content, dict):
                    field = Field(
                        (str(item.id), "rules", str(r["rule"])), name, (), place_of(target)
                    )
                    names[name] = list(fields_set(field, r, content))
                    if another_interpretation(found, r, content, problems):
                        tree["rules"][index] = merged(r, content)
            if names:
                found.items[str(item.id)] = replace(item, tree=tree)
                validate(found.items[str(item.id)], problems)
        elif item.kind == "use" and "@" in target:
            principle, _, suffix = item.id.partition("@")
            owner = found.items.get(principle)
            for r in owner.tree["rules"] if owner and owner.kind == "principle" else []:
                name, where = f"{principle}.{r['rule']}@{suffix}", (str(item.id), str(r["rule"]))
                if matches(name, target) and isinstance(content, dict):
                    before = found.local.get(where) or r
                    names[name] = list(
                        fields_set(
                            Field((where[0], "rules", where[1]), name, (), place_of(target)),
                            before,
                            content,
                        )
                    )
                    found.local[where] = own = merged(before, content)
                    noted(problems, partial(read_as, PrincipleRuleModel, own, item.place.file))
    return names


def _replace_other(found: Assembly, target: Text, content: Any, problems: Problems) -> Replaced:
    """A vocabulary word, a source, an interpretation written inside a rule."""
    owner, _, word = target.partition(" > ")
    entity = found.own_entity(owner) if word else None
    whole_word = Field((f"{key(owner)} > {key(word)}",), str(target), (), place_of(target))
    if entity is not None:
        for index, each in enumerate(entity.get("members") or []):
            if key(each) == key(word) and isinstance(content, Text):
                entity["members"][index] = content
                found.repealed[key(word)] = "member"
                return {str(target): [whole_word]}
        for section in ("given", "derived"):
            for each in entity.get(section) or {}:
                if key(each) == key(word):
                    declared = entity[section][each]
                    if not isinstance(content, dict):
                        entity[section][each] = content
                        return {str(target): [whole_word]}
                    entity[section][each] = copied(redeclared(declared, content))
                    return {
                        str(target): list(
                            fields_set(whole_word, {}, fields_of_declaration(content))
                        )
                    }
    if str(target) in found.documents and isinstance(content, dict):
        old = found.documents[str(target)]
        kept = {
            k: v
            for k, v in old.model_dump(by_alias=True, exclude_none=True).items()
            if k not in content
        }
        whole = Map({**{Text(k): v for k, v in kept.items()}, **content})
        whole.place = place_of(content)
        noted(
            problems,
            lambda: found.documents.update(
                {str(target): read_as(DocumentModel, whole, place_of(target).file)}
            ),
        )
        return {
            str(target): list(
                fields_set(Field((str(target),), str(target), (), place_of(target)), {}, content)
            )
        }
    for item in list(found.items.values()):
        inner = item.tree.get("interpretation")
        if isinstance(inner, dict) and inner.get("id") == target and isinstance(content, dict):
            tree = copied(item.tree)
            tree[Text("interpretation")] = merged(inner, content)
            found.items[str(item.id)] = replace(item, tree=tree)
            validate(found.items[str(item.id)], problems)
            field = Field((str(item.id), "interpretation"), str(target), (), place_of(target))
            return {str(target): list(fields_set(field, inner, content))}
    fields = (
        _replace_in_principles(found, target, content, problems)
        if isinstance(content, dict)
        else []
    )
    return {str(target): fields} if fields else {}


def _replace_in_principles(
    found: Assembly, target: Text, content: dict[Any, Any], problems: Problems
) -> list[Field]:
    """An interpretation written inside a rule of a principle, and in what a use has of its own in
    place of that rule.
    """
    fields: list[Field] = []
    for item in [each for each in found.items.values() if each.kind == "principle"]:
        tree = copied(item.tree)
        for index, rule in enumerate(item.tree["rules"]):
            inner = rule.get("interpretation")
            if isinstance(inner, dict) and inner.get("id") == target:
                tree["rules"][index] = merged(rule, Map({Text("interpretation"): content}))
                field = Field(
                    (str(item.id), "rules", str(rule["rule"]), "interpretation"),
                    str(target),
                    (),
                    place_of(target),
                )
                fields += fields_set(field, inner, content)
        if fields:
            found.items[str(item.id)] = replace(item, tree=tree)
            validate(found.items[str(item.id)], problems)
            break
    for place, own in list(found.local.items()):
        inner = own.get("interpretation") if own is not None else None
        if own is not None and isinstance(inner, dict) and inner.get("id") == target:
            found.local[place] = merged(own, Map({Text("interpretation"): content}))
    return fields
