"""What two policies say otherwise, in words: old beside new.

Layout, comments and order do not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulewright.amendments.assembly import Assembly, Showing
from rulewright.amendments.documents import DocumentTarget
from rulewright.amendments.interpretations import interpretations_in_entries
from rulewright.amendments.rules_of_principles import RuleOfUse
from rulewright.compiler.canonical_form import entry
from rulewright.handbook.changes import collections, differences, scales, things, words
from rulewright.handbook.wording import (
    citation_words,
    cited,
    clauses,
    conclusions,
    flat,
    in_a_sentence,
    joined,
    named,
)
from rulewright.rulebook.rulebook import RulebookEntry, as_seq
from rulewright.rulebook.same_text import same
from rulewright.syntax.text import text_of

from .record import Action, Change, FieldDifference

Entries = dict[tuple[str, str], Any]  # by kind and name


def changes(old: Assembly, new: Assembly) -> list[Change]:
    """Every entry, word, document and line of two policies that is not the same, by kind and name.

    Raises `InputError`.
    """
    before, after = _said(old), _said(new)
    _cite_rows_that_changed(before, after, old, new)
    if old.policy.policy == new.policy.policy:
        for said, assembly in ((before, old), (after, new)):
            said.update(
                {
                    ("policy", str(assembly.policy.policy)): _heading(assembly),
                    **_own_interpretation(assembly),
                }
            )
    found: list[Change] = []
    for kind, name in dict.fromkeys((*before, *after)):
        sides = [("table", name.partition("[")[0]) in each for each in (before, after)]
        if kind != "row" or all(sides):  # the rows of a table that one side lacks are told with it
            found += _change(kind, name, before.get((kind, name)), after.get((kind, name)))
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(found, key=lambda each: (order[each.kind], each.name))


KINDS = ("policy", "scope", "rule", "table", "row", "principle", "rule of a principle", "use", "rule of a use", "parameter",
         "interpretation", "published", "withdrawn", "judged as one", "kind of thing", "member", "word", "scale", "collection",
         "document")  # fmt: skip


def _cite_rows_that_changed(before: Entries, after: Entries, old: Assembly, new: Assembly) -> None:
    """Beside the cells of a row that is another one its source: that of the amendment that changed
    it, else that of its table.
    """
    for kind, name in [each for each in after if each[0] == "row" and each in before]:
        cells = before[kind, name], after[kind, name]
        if not same(*cells):
            before[kind, name], after[kind, name] = (
                {**each, "source": source} if (source := _source_of_row(assembly, name)) else each
                for each, assembly in zip(cells, (old, new), strict=True)
            )


def _source_of_row(assembly: Assembly, name: str) -> Any:
    return assembly.sources_of_changes.get(name) or assembly.items[name.partition("[")[0]].tree.get(
        "source"
    )


def _change(kind: str, name: str, old: Any, new: Any) -> Iterator[Change]:
    if old is None or new is None:
        action: Action = "added" if old is None else "removed"
        content = new if old is None else old
        yield Change(f"{kind} {name}", kind, name, action, _about(content), _whole(content, action))
        return
    if kind == "table":
        old, new = (
            {name: each for name, each in one.items() if name != "rows"} for one in (old, new)
        )
    fields = [
        FieldDifference(each.name, each.old, each.new)
        for each in differences(_in_order(old), _in_order(new))
        if each.old != each.new
    ]
    if fields:
        yield Change(f"{kind} {name}", kind, name, "changed", _about(new), fields)


_IN_ANY_ORDER = (
    "when",
    "unless",
    "overrides",
    "any of",
    "all of",
    "none of",
    "source",
    "has many",
    "has",
    "one of",
    "where",
)


def _in_order(tree: Any, name: str = "") -> Any:
    """A tree in which lists stand in a fixed order, where their order says nothing."""
    if isinstance(tree, Mapping):
        return {each: _in_order(content, str(each)) for each, content in tree.items()}
    if isinstance(tree, list):
        found = [_in_order(each) for each in tree]
        return sorted(found, key=flat) if name in _IN_ANY_ORDER else found
    return tree


def _about(content: Any) -> str:
    if not isinstance(content, Mapping):
        return ""
    return text_of(
        content.get("about")
        or content.get("meaning")
        or content.get("assumed")
        or content.get("title")
        or ""
    )


_TOLD_APART = ("about", "meaning", "assumed", "title")
_NAMES = ("rule", "table", "principle", "use", "parameter", "id")


def _whole(content: Any, action: Action) -> list[FieldDifference]:
    """What an entry that one side lacks says, in a few fields."""
    if not isinstance(content, Mapping):
        said = [("it", flat(content))] if content else []
    else:
        said = (
            [("when", "; ".join(map(in_a_sentence, clauses(content.get("when")))))]
            if content.get("when")
            else []
        )
        said += (
            [("unless", "; ".join(map(in_a_sentence, clauses(content.get("unless")))))]
            if content.get("unless")
            else []
        )
        said += [(each.form, each.text) for each in conclusions(content)]
        told = {
            *_TOLD_APART,
            *_NAMES,
            "when",
            "unless",
            "then",
            "otherwise",
            "limit",
            "note",
            "warn",
        }
        for name, each in content.items():
            if name == "source":
                said.append(("source", "; ".join(citation_words(one) for one in cited(each))))
            elif name == "interpretation":
                said.append(("interpretation", ", ".join(named(each))))
            elif name not in told and each:
                said.append((str(name), flat(each)))
    return [
        FieldDifference(name, "", text) if action == "added" else FieldDifference(name, text, "")
        for name, text in said
        if text
    ]


def _heading(assembly: Assembly) -> dict[str, str]:
    """What a policy says of itself."""
    model = assembly.policy
    dates = model.in_force
    said = {
        "title": model.title,
        "about": model.about,
        "status": model.status,
        "amends": model.amends,
        "in force from": dates.from_ if dates else None,
        "in force until": dates.until if dates else None,
    }
    return {name: text_of(text) for name, text in said.items() if text}


def texts(*assemblies: Assembly) -> dict[str, str]:
    """What each entry says, on one line, in all of these policies: to look for words in it."""
    found: dict[str, list[str]] = {}
    for assembly in assemblies:
        for item in assembly.items.values():
            found.setdefault(str(item.id), []).append(
                flat({name: each for name, each in item.tree.items() if name != "interpretation"})
            )
    return {name: " ".join(said) for name, said in found.items()}


# -- what a policy says, by kind and name


def _said(assembly: Assembly) -> Entries:
    found: Entries = {}
    for item in assembly.items.values():
        found.update(_entry(item, assembly))
    for where, own in assembly.local.items():
        found["rule of a use", RuleOfUse(*where).name] = (
            own if own is not None else {"it": "does not hold here"}
        )
    found.update(_interpretations(assembly))
    found.update(_vocabulary(assembly))
    for each in DocumentTarget.every(assembly):
        found["document", each.name] = {
            name: content
            for name, content in each.read(assembly).items()
            if name not in ("document", "paragraphs")
        }
    for showing in assembly.shown:
        found.update(_shown(showing))
    for _, headers in assembly.judged_as_one:
        found["judged as one", joined(tuple(sorted(map(text_of, headers))))] = {
            "it": "judged as one"
        }
    if assembly.scope is not None:
        found["scope", "of the policy"] = {
            "scope": "; ".join(map(in_a_sentence, clauses(assembly.scope)))
        }
    return found


def _entry(item: RulebookEntry, assembly: Assembly) -> Entries:
    name = str(item.id)
    tree = (
        _without(entry(item, assembly), "other readings") if item.kind != "interpretation" else {}
    )
    if item.kind == "interpretation":
        return {}  # told with those that are written inside entries
    if item.kind == "table":
        rows = {
            ("row", f"{name}[{row}]"): cells if isinstance(cells, Mapping) else {"row": cells}
            for row, cells in tree["rows"].items()
        }
        order = (
            {"rows in this order": ", ".join(map(str, tree["rows"]))}
            if text_of(tree.get("hit") or "") == "first"
            else {}
        )
        return {("table", name): tree | order, **rows}
    if item.kind == "principle":
        rules = {
            ("rule of a principle", f"{name}.{rule['rule']}"): _without(rule)
            for rule in tree["rules"]
        }
        return {
            ("principle", name): {
                each: content for each, content in tree.items() if each != "rules"
            },
            **rules,
        }
    return {(item.kind, name): tree}


def _without(tree: Mapping[Any, Any], *more: str) -> dict[Any, Any]:
    """An entry; an interpretation that is written out in it is named only, because it is told by
    itself.
    """
    found = {name: content for name, content in tree.items() if name not in more}
    if "interpretation" in found:
        found["interpretation"] = ", ".join(named_ones(found["interpretation"]))
    return found


def named_ones(written: Any) -> Iterator[str]:
    """The names of interpretations, written out or not."""
    for each in as_seq(written):
        yield from named(each)


def _interpretations(assembly: Assembly) -> Entries:
    return {
        ("interpretation", str(each.id)): {
            name: content
            for name, content in each.tree.items()
            if name not in ("id", "interpretation")
        }
        for each in interpretations_in_entries(assembly)
    }


def _own_interpretation(assembly: Assembly) -> Entries:
    """The interpretation that a policy itself rests on, where it is written out there."""
    own = assembly.policy.interpretation
    if own is None or isinstance(own, str):
        return {}
    tree = own.model_dump(by_alias=True, exclude_none=True, exclude={"place_"})
    return {
        ("interpretation", str(own.id)): {
            name: content for name, content in tree.items() if name != "id" and content
        }
    }


def _vocabulary(assembly: Assembly) -> Entries:
    found: Entries = {("kind of thing", name): tree for name, tree in things(assembly).items()}
    for name, tree in words(assembly).items():
        found["member" if set(tree) == {"member"} else "word", name] = tree
    found.update({("scale", str(name)): tree for name, tree in scales(assembly).items()})
    found.update(
        {("collection", str(name)): {"is": tree} for name, tree in collections(assembly).items()}
    )
    return found


def _shown(showing: Showing) -> Entries:
    """A line under `publish`, or what is withdrawn; a later policy of the chain has the last
    word.
    """
    header = text_of(showing.header)
    if showing.withdrawn is None:
        return {("published", header): {"it": "published"}}
    how = showing.withdrawn
    once = "; ".join(map(in_a_sentence, clauses(how.once))) if how.once is not None else ""
    sources = "; ".join(citation_words(each) for each in cited(how.source))
    said = {"once": once, "until then": text_of(how.until_then or ""), "sources": sources}
    return {
        ("withdrawn", header): {
            "it": "withdrawn",
            **{name: text for name, text in said.items() if text},
        }
    }
