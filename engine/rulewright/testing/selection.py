"""Which scenarios of a suite are run: by their tags and names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.text import fits, key

from .runner import tags_of
from .suite import checks_of


def selected(
    scenarios: Sequence[CaseText],
    tags: Sequence[str] = (),
    names: Sequence[str] = (),
    policy: str | None = None,
) -> list[CaseText]:
    """The scenarios that have one of the tags and one of the names; a name may be a part of one, or
    a pattern with `*` and `?`.

    Raises `InputError` (RW812) when a name is empty, when none is left, or when none says anything
    of the policy asked for.
    """
    if not all(map(key, names)):
        raise InputError(
            Problem(
                Place(""),
                "RW812",
                "the name of scenarios that is asked for is empty",
                "write a part of a name, or leave `--name` out to run all",
            )
        )
    wanted = {key(each) for each in tags}
    tagged = [
        each for each in scenarios if not wanted or not wanted.isdisjoint(map(key, tags_of(each)))
    ]
    if not tagged:
        known = sorted({tag for each in scenarios for tag in tags_of(each)})
        shown = " or ".join(f"`{each}`" for each in tags)
        raise InputError(
            Problem(
                Place(""),
                "RW812",
                f"no scenario (of {len(scenarios)}) has the tag {shown}",
                nearest(tags[0], known)
                if known
                else "none has any tag: write `tags: [WORD]` into some",
            )
        )
    patterns = [_pattern(each) for each in names]
    named = [
        each for each in tagged if not patterns or any(pattern(each.name) for pattern in patterns)
    ]
    if not named:
        shown = " or ".join(f"`{each}`" for each in names)
        of = f"{len(tagged)} with that tag" if tags else str(len(scenarios))
        near = nearest(names[0], [each.name for each in tagged])
        raise InputError(
            Problem(
                Place(""),
                "RW812",
                f"no scenario (of {of}) is called {shown}",
                near
                if near.startswith("did you mean")
                else "write a part of the name; `*` stands for any text",
            )
        )
    if policy is not None and not any(_says_something(each, policy) for each in named):
        raise InputError(
            Problem(
                Place(""),
                "RW812",
                f"no scenario (of {len(named)}) says what comes out under `{policy}`",
                f"write `expect`, or `under: {{{policy}: …}}`",
            )
        )
    return named


def _says_something(scenario: CaseText, policy: str) -> bool:
    try:
        return bool(checks_of(scenario, policy))
    except InputError:  # told when it is run
        return True


def _pattern(name: str) -> Callable[[str], bool]:
    if "*" in name or "?" in name:
        return lambda text: fits(text.lower(), name.lower())
    return lambda text: key(name) in key(text)
