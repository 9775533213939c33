"""Under which headings the entries of a policy stand: the topics of its parts, in the order in which it names them."""

from __future__ import annotations

from rulewright.language.models import ITEMS
from rulewright.language.rulebook import Item, Rulebook
from rulewright.program.nouns import text_of
from rulewright.program.policies import Assembly

from .wording import sentence

Heading = tuple[str, str]  # the title, and what it is about


def headings(book: Rulebook, assembly: Assembly) -> dict[str, Heading]:
    """For each entry of a policy, by its id, the heading that it stands under. Headings of one title are one."""
    found: dict[str, Heading] = {}
    for items in book.parts.values():
        for heading, item in under_topics(items, _of_file(items[0].part) if items else ("", "")):
            found[str(item.id)] = heading
    for name in reversed(assembly.chain):
        model = book.policies[name]
        heading = (f"Added by {text_of(model.title or name)}", "")
        for each in model.adds:
            kind = next((kind for kind, form in ITEMS.items() if isinstance(each, form)), "")
            if kind == "topic":
                heading = (text_of(getattr(each, kind)), text_of(getattr(each, "about", None) or ""))
            elif kind:
                found[str(getattr(each, kind))] = heading
    return found


def under_topics(items: list[Item], heading: Heading) -> list[tuple[Heading, Item]]:
    """Each entry of a part with the topic before it, or with the heading of the part."""
    found = []
    for item in items:
        if item.kind == "topic":
            heading = (text_of(item.id), text_of(item.tree.get("about") or ""))
        elif item.kind != "vocabulary":
            found.append((heading, item))
    return found


def _of_file(part: str) -> Heading:
    name = part.rpartition("/")[2].rpartition(".")[0]
    return sentence(name.replace("-", " ").replace("_", " ")), ""
