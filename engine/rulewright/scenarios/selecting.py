"""Which scenarios of a suite are run: by their tags and names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import translate

from rulewright.language.cases import CaseText
from rulewright.language.errors import InputError, Place, Problem, nearest
from rulewright.language.text import key

from .testing import tags_of


def selected(scenarios: Sequence[CaseText], tags: Sequence[str] = (), names: Sequence[str] = ()) -> list[CaseText]:
    """The scenarios that have one of the tags and one of the names; a name may be a part of one, or a pattern with `*` and `?`.

    Raises `InputError` (RW812) when none is left.
    """
    wanted = {key(each) for each in tags}
    tagged = [each for each in scenarios if not wanted or not wanted.isdisjoint(map(key, tags_of(each)))]
    if not tagged:
        known = sorted({tag for each in scenarios for tag in tags_of(each)})
        shown = " or ".join(f"`{each}`" for each in tags)
        raise InputError(Problem(Place(""), "RW812", f"none of {_count(scenarios)} has the tag {shown}",
                                 nearest(tags[0], known) if known else "none has any tag: write `tags: [WORD]` into some"))  # fmt: skip
    patterns = [_pattern(each) for each in names]
    named = [each for each in tagged if not patterns or any(pattern(each.name) for pattern in patterns)]
    if not named:
        shown = " or ".join(f"`{each}`" for each in names)
        of = f"{_count(tagged)} with that tag" if tags else _count(scenarios)
        raise InputError(Problem(Place(""), "RW812", f"none of {of} is called {shown}",
                                 nearest(names[0], [each.name for each in tagged]) or "`*` stands for any text"))  # fmt: skip
    return named


def _count(scenarios: Sequence[CaseText]) -> str:
    return f"{len(scenarios)} scenarios" if len(scenarios) != 1 else "1 scenario"


def _pattern(name: str) -> Callable[[str], bool]:
    if "*" in name or "?" in name:
        whole = re.compile(translate(name.lower().replace("[", "[[]")))
        return lambda text: whole.match(text.lower()) is not None
    return lambda text: key(name) in key(text)
