"""RW725: an amendment takes words away and leaves behind a set of things that nothing reads any
more.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.amendments.words import OfVocabulary
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import Text, place_of

from .compiled import Compiled

CODE = "RW725"


def sets_left_behind(policy: Compiled) -> Iterator[Problem]:
    """Things that rules of the amended policy read, and none of this one, though it repeals words
    of the vocabulary.

    An amendment that repeals rules only, and leaves all words as they were, may mean cases to be
    written as before.
    """
    words = _words_repealed(policy)
    if policy.amended is None or not words:
        return
    left = _unread(policy) - _unread(policy.amended)
    for entity in sorted(
        (policy.program.vocabulary.entities[each] for each in left), key=lambda each: each.name
    ):
        yield Problem(
            place_of(words[0]),
            CODE,
            f"under `{policy.name}` no rule reads the {entity.plural} any more, "
            "so what a case states of them has no effect",
            f"repeal `{entity.name}` too",
            "warning",
        )


def _unread(policy: Compiled) -> set[str]:
    """The entity types of which nothing is read, whatever they lie below."""
    idle, vocabulary = policy.program.idle, policy.program.vocabulary
    return {
        name
        for name, _ in idle
        if all((name, parent) in idle for parent in vocabulary.parents(name))
    }


def _words_repealed(policy: Compiled) -> list[Text]:
    """The lines under `repeals` that name words of the vocabulary."""
    gone = {
        each.name for each in policy.assembly.gone.values() if isinstance(each.target, OfVocabulary)
    }
    own = {
        each.target
        for each in policy.assembly.changes
        if each.policy == policy.name
        and each.action == "repeals"
        and gone.intersection(each.expanded)
    }
    return [each for each in policy.assembly.policy.repeals if str(each) in own]
