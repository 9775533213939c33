"""Source trees in words: conditions as clauses, conclusions, cells of tables, dates, and anything
flat on one line.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from rulewright.ir.nodes import Citation
from rulewright.syntax.text import text_of

from .record import Clause, ConclusionShown

FORMS = ("then", "otherwise", "limit", "note", "warn")
KINDS = ("any of", "none of", "all of")
_HOLE = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(?<=\S)\s*\.\.\s*(?=\S)")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def clauses(written: Any) -> tuple[Clause, ...]:
    """The conditions under `when` or `unless`: one, or a list, nested as they were written."""
    if written is None:
        return ()
    return tuple(_clause(each) for each in (written if isinstance(written, list) else [written]))


def _clause(written: Any) -> Clause:
    if isinstance(written, str):
        return Clause(text_of(written))
    if not isinstance(written, dict):  # read as a model
        written = {
            name: getattr(written, name.replace(" ", "_"), None)
            for name in (*KINDS, "condition", "because")
        }
    if written.get("condition"):
        return Clause(text_of(written["condition"]), because=text_of(written["because"]))
    kind = next(each for each in KINDS if written.get(each))
    return Clause(kind=kind, parts=clauses(written[kind]))


def in_a_sentence(clause: Clause) -> str:
    """A condition within a sentence, without its reason: those that it joins behind its kind."""
    return clause.text or f"{clause.kind} ({'; '.join(map(in_a_sentence, clause.parts))})"


def conclusions(tree: Any) -> tuple[ConclusionShown, ...]:
    """What a rule concludes, in a fixed order of the forms."""
    found = []
    for form in FORMS:
        written = tree.get(form)
        for each in written if isinstance(written, list) else [] if written is None else [written]:
            found.append(
                ConclusionShown(form, template(each) if form in ("note", "warn") else text_of(each))
            )
    return tuple(found)


def template(text: str) -> str:
    """A note with what is filled in between square brackets."""
    return _HOLE.sub(lambda found: f"[{text_of(found[1])}]", text_of(text))


def header(text: str) -> str:
    """Of what a rule is, without the article: `key question of a service, except well-led`."""
    return re.sub(r"^(a|an|the|each|every) ", "", text_of(text))


def cell(text: str) -> str:
    """A cell in words: `63..87` is `63 to 87`, and `-` is `any`."""
    words = text_of(text)
    if words in ("-", "any"):
        return "any"
    return _RANGE.sub(" to ", words.removeprefix("one of "))


def day(text: str) -> str:
    """A date as one says it: `1 March 2024`; other text as it is."""
    found = _DATE.match(text.strip())
    if found is None:
        return text
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return text
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}"


def period(since: str, until: str, dated: bool = True) -> str:
    """From when until when, the end not included; empty where a policy has no dates."""
    start = "" if since in ("", "unknown") else f"from {day(since)}"
    end = f"up to and including {day(_day_before(until))}" if until else ""
    if not dated and not start and not end:
        return ""
    return ", ".join(each for each in (start or "since before all records", end) if each)


def _day_before(text: str) -> str:
    try:
        return (date.fromisoformat(text.strip()) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return text


def joined(names: tuple[str, ...]) -> str:
    """`a, b and c`; with a semicolon where a name has a comma of its own."""
    if any("," in each for each in names):
        return "; ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def flat(value: Any) -> str:
    """Any piece of a source tree on one line, for comparing old and new."""
    if value is None:
        return ""
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, list):
        return "; ".join(flat(each) for each in value)
    if isinstance(value, dict):
        if "document" in value:
            return citation_words(cited([value])[0])
        if set(value) == {"condition", "because"}:
            return f"{flat(value['condition'])} (because {flat(value['because'])})"
        return ", ".join(
            str(name) if each is None else f"{name}: {_inner(each)}" for name, each in value.items()
        )
    if not hasattr(value, "model_fields"):
        return flat(str(value))
    return flat({name.replace("_", " "): each for name, each in value if each and name != "place_"})


def _inner(value: Any) -> str:
    return f"({flat(value)})" if isinstance(value, dict | list) else flat(value)


def citation_words(citation: Citation, document: str = "") -> str:
    """A citation on one line; `document`: the title to show instead of the id.

    Without a document, what is said in its place.
    """
    if not citation.document:
        return citation.note
    place = [f"section {citation.section}"] if citation.section else []
    place += [f"paragraph {citation.paragraph}"] if citation.paragraph else []
    mark = f" ({citation.mark})" if citation.mark else ""
    note = f": {citation.note}" if citation.note else ""
    return ", ".join([document or citation.document, *place]) + mark + note


def cited(written: Any) -> tuple[Citation, ...]:
    """The citations under `source`, from a source tree or from a model."""
    if written is None:
        return ()
    found = []
    for each in written if isinstance(written, list) else [written]:
        get = each.get if isinstance(each, dict) else lambda name, of=each: getattr(of, name)
        found.append(
            Citation(
                *(
                    text_of(get(name) or "")
                    for name in ("document", "section", "paragraph", "mark", "note")
                )
            )
        )
    return tuple(found)


def named(written: Any) -> tuple[str, ...]:
    """The interpretation that an entry rests on: its name, or the id of one that is written out."""
    if written is None:
        return ()
    if isinstance(written, dict):
        return (str(written["id"]),)
    return (str(written if isinstance(written, str) else written.id),)


def sentence(text: str) -> str:
    """`text` with a capital letter."""
    return text[:1].upper() + text[1:]
