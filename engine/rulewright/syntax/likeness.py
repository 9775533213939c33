"""Which of many names are most like a word that is none of them.

How like two names are is what `difflib` says, which looks for what they have in common piece by
piece, as people do, and takes its time. `rapidfuzz` says in a thousandth of that time how like they
are at most: only the likeliest are held against the word.
"""

from __future__ import annotations

from collections.abc import Iterable

_MOST_HELD = 10
_ROUNDING = 1e-9  # the two libraries work out the same ratio differently
_LONGEST = 200  # letters: what is longer is no misspelt name


def most_alike(word: str, names: Iterable[str], most: int, least: float) -> list[str]:
    """At most so many names, the likest first, that are `least` like the word (1: the same, 0:
    nothing in common).
    """
    if len(word) > _LONGEST:
        return []
    from difflib import SequenceMatcher  # here, because only mistakes need them

    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extract

    likely = extract(
        word,
        list(names),
        scorer=Indel.normalized_similarity,
        limit=_MOST_HELD,
        score_cutoff=max(0.0, least - 0.001),
    )
    found: list[tuple[float, str]] = []
    matcher = SequenceMatcher()
    matcher.set_seq2(word)
    for name, at_most, _ in likely:
        if len(found) >= most and found[most - 1][0] > at_most + _ROUNDING:
            break
        matcher.set_seq1(name)
        ratio = matcher.ratio()
        if ratio >= least:
            found = sorted([*found, (ratio, name)], reverse=True)
    return [name for _, name in found[:most]]
