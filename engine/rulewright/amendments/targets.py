"""Everything that an amendment may name."""

from __future__ import annotations

from .assembly import Assembly
from .interpretations import interpretations_written_in
from .rows import all_row_names


def targets(found: Assembly) -> list[str]:
    """The name of each entry, row, rule of a principle or of one use, interpretation written out in
    one, word, and document.
    """
    names = [*found.items, *map(str, found.documents), *all_row_names(found)]
    names += sorted(
        set[str]().union(*(interpretations_written_in(item.tree) for item in found.items.values()))
    )
    for item in found.items.values():
        if item.kind == "principle":
            names += [f"{item.id}.{r['rule']}" for r in item.tree["rules"]]
        elif item.kind == "use" and "@" in item.id:
            principle, _, suffix = item.id.partition("@")
            owner = found.items.get(principle)
            rules = owner.tree["rules"] if owner and owner.kind == "principle" else []
            names += [f"{principle}.{rule['rule']}@{suffix}" for rule in rules]
    for entity, tree in found.vocabulary.get("entities", {}).items():
        for word in (
            *(tree.get("members") or ()),
            *(tree.get("given") or ()),
            *(tree.get("derived") or ()),
        ):
            names.append(f"{entity} > {word}")
    return names
