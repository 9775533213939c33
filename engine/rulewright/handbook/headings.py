"""Under which headings the entries of a policy stand: the topics of its parts, in the order in
which it names them.
"""

from __future__ import annotations

from rulewright.amendments.chain import Assembly
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.syntax.models import ITEMS
from rulewright.syntax.text import text_of

from .wording import sentence

Heading = tuple[str, str]  # the title, and what it is about


def headings(book: Rulebook, assembly: Assembly) -> dict[str, Heading]:
    """The heading that each entry of a policy stands under, by its id, in the order of the
    document.

    That is the order of the parts, the amended policy's first. Headings of one title are one
    heading.
    """
    found: dict[str, Heading] = {}
    for name in reversed(assembly.chain):
        model = book.policies[name]
        own = (f"Added by {text_of(model.title or name)}", "")
        for part in (*model.parts, *model.adds):
            kind = next((kind for kind, form in ITEMS.items() if isinstance(part, form)), "")
            if isinstance(part, str):
                for heading, item in under_topics(book.parts[str(part)], of_file(part)):
                    found[str(item.id)] = heading
            elif kind == "topic":
                own = (text_of(getattr(part, kind)), text_of(getattr(part, "about", None) or ""))
            elif kind:
                found[str(getattr(part, kind))] = own
    return {name: heading for name, heading in found.items() if name in assembly.items}


def under_topics(
    items: list[RulebookEntry], heading: Heading
) -> list[tuple[Heading, RulebookEntry]]:
    """Each entry of a part with the topic before it, or with the heading of the part."""
    found = []
    for item in items:
        if item.kind == "topic":
            heading = (text_of(item.id), text_of(item.tree.get("about") or ""))
        elif item.kind != "vocabulary":
            found.append((heading, item))
    return found


def of_file(part: str) -> Heading:
    """The heading of a part without topics."""
    name = part.rpartition("/")[2].rpartition(".")[0]
    return sentence(name.replace("-", " ").replace("_", " ")), ""
