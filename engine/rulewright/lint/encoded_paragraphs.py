"""RW721: a paragraph that is said to be encoded by a rule that is not there, or that does not cite
it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Problem, nearest
from rulewright.syntax.paragraphs import read_fate
from rulewright.syntax.text import key, place_of

from .citations import citing, names
from .compiled import Compiled

CODE = "RW721"


def encoded_paragraphs(policy: Compiled) -> Iterator[Problem]:
    """The names after `encoded by`.

    Nothing is said while a policy of the rulebook does not compile.
    """
    if not (policy.is_first and policy.all_compile):
        return
    known = names(policy.policies)
    cited = {(each.name, each.document, each.paragraph) for each in citing(policy.policies)}
    for document, listed in policy.book.documents.items():
        for paragraph, text in listed.paragraphs.items():
            fate = read_fate(text)
            for name in fate.rules if fate is not None else ():
                place = place_of(text, place_of(paragraph))
                if name not in known:
                    yield Problem(
                        place,
                        CODE,
                        f"`{paragraph}` of `{document}` is said to be encoded by `{name}`, which no policy has",
                        nearest(name, known),
                    )
                elif (
                    not {
                        (each, document, key(paragraph)) for each in (name, name.partition("[")[0])
                    }
                    & cited
                ):
                    yield Problem(
                        place,
                        CODE,
                        f"`{name}` is said to encode `{paragraph}` of `{document}` and does not cite it",
                        "add the paragraph to its `source`, or take its name out here",
                    )
