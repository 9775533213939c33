"""What a policy publishes and what it no longer publishes, in words: of each attribute the last
statement of the chain.
"""

from __future__ import annotations

from rulewright.amendments.chain import Assembly
from rulewright.compiler.conclusions import read_attribute_header
from rulewright.ir.nodes import NodeKey
from rulewright.ir.program import Program
from rulewright.syntax.lexer import Lexicon
from rulewright.syntax.text import key, text_of

from .connections import in_words
from .record import Withdrawn


def showings(assembly: Assembly, program: Program) -> tuple[tuple[str, ...], tuple[Withdrawn, ...]]:
    """What is published, and what is withdrawn; nothing under the first where everything that rules
    conclude is published.
    """
    vocabulary = program.vocabulary
    gone = {
        NodeKey(kind.entity, kind.parent, kind.member, each.attribute)
        for each in program.withdrawals
        for kind in each.kinds
    }
    lexicon = Lexicon(list(vocabulary.names()))
    published: list[str] = []
    for header in assembly.publish:
        attribute, kinds = read_attribute_header(header, vocabulary, lexicon)
        nodes = {
            NodeKey(kind.entity, kind.parent, kind.member, key(attribute.name)) for kind in kinds
        }
        left = nodes - gone
        published += (
            [text_of(header)]
            if left == nodes
            else [f"the {each}" for each in in_words(left, vocabulary)]
        )
    withdrawn = []
    for each in program.withdrawals:
        earlier = next(
            (
                entity.attributes[each.until_then].name
                for entity in vocabulary.entities.values()
                if each.until_then in entity.attributes
            ),
            "",
        )
        shown = f"the {earlier} is shown as it was given earlier" if earlier else ""
        once, because = (each.once.text, each.once.because) if each.once is not None else ("", "")
        withdrawn.append(Withdrawn(each.text, each.policy, once, because, shown, each.citations))
    return tuple(dict.fromkeys(published)), tuple(withdrawn)
