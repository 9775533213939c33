"""A rulebook, cases, scenarios and a ledger in which every word that somebody can choose tries to
act.

They are the rulebook and the schools of `tests/handbook`, transformed: names of the vocabulary,
ids, documents and policies get markup behind them wherever they stand, and free text gets all that
`LIVE` holds.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

HANDBOOK = Path(__file__).parents[1] / "handbook"
LIVE = (
    '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "javascript:alert(1)", "</script><script>alert(1)</script>", "</style><b>",
    "]]><x>", "<!-- ", "--><svg/onload=alert(1)>", "</title></head><body onload=alert(1)>", "[x](javascript:alert(1))", "![y](data:,1)", "<https://evil.example>",
    "`a` `` b ``` c", "| a | b |", "\\", "&lt;img src=x&gt;", "&#x3c;img&#62;", "*em* _em_ ~~s~~", "{{7*7}} ${7*7} %7*7%",
)  # fmt: skip
TEXT = " ".join(LIVE)
LINES = f" {TEXT}\n\n# x\n\n<img src=x onerror=alert(1)>\n- y\n> z\n===\n    code\n=1+1\n"
THING = TEXT.replace(
    ">", ""
)  # behind the name of a thing, in which `>` is not allowed; a browser would end the tags further on
# behind a name that conditions and paths are written with: without quotation marks and `>`
NAME = "<img src=x onerror=alert(1)"
ID = '"><i onclick=alert(1)>'

NAMES = (
    "school", "schools", "class", "classes", "subject", "subjects", "pupils", "kind", "closed on", "inspected on", "share of trained staff",
    "remark", "spare word", "size", "staff rating", "overall rating", "visit due", "class rating", "subject rating", "given mark",
    "head teacher",
    "rating", "ratings", "poor", "fair", "fine", "superb", "not rated", "day", "boarding", "small", "middle", "large", "reading", "sums",
    "music", "strictness", "strict", "lenient", "few pupils", "enough", "rated", "nil", "Ratings", "Visits", "Opening", "Sizes",
    "Marks",
)  # fmt: skip
IDS = (
    "worst-of", "visits.due", "visits.not-due", "visits.noted", "overall.closed", "overall.staff", "overall.boarding", "subject.judged",
    "subject.no-head", "last.size", "sizes", "staffing", "well-staffed", "boarding-half", "half", "few-is-a-class", "few-is-ten",
    "sizes-by-pupils", "closed-is-closed", "second-dates", "guide", "letter", "rumour", "nothing", "capped",
)  # fmt: skip
POLICIES = ("first", "second", "third", "fourth")  # words that other texts hold too
FREE = (
    "about",
    "meaning",
    "title",
    "publisher",
    "licence",
    "version seen",
    "label",
    "because",
    "assumed",
    "topic",
    "disclaimer",
    "reason",
    "no other reading because",
    "approved by",
    "by",
)

# What the handbook's rulebook does not say, put into its files; `mark` is a word of the language
# too, so the attribute gets a longer name.
CHANGED = (
    (
        r"(?<=main attribute: )mark$|(?<=^      )mark(?=: )|(?<=rating is the )mark$|(?<=show )mark(?= as given)|(?<=subject > )mark(?=: )",
        "given mark",
    ),
    (r"^    plural: schools$", "    plural: schools\n    meaning: a place to learn"),
    (r"spare word: yes/no", "spare word: {yes/no, none is: nil}"),
    (
        r"\Ascales:",
        "collections: {fine classes of the school: its classes where class rating is fine}\nscales:",
    ),
    (
        r"^title: Ratings of schools, amended$",
        "title: Ratings of schools, amended\ndisclaimer: It is no rating.",
    ),
    (
        r"^  meaning: how late a visit may be$",
        "  meaning: how late a visit may be\n  about: said of visits",
    ),
    (r"^      meaning: ten are few$", "      meaning: ten are few\n      repeals: [visits.noted]"),
)
_BEHIND = {**dict.fromkeys(NAMES, NAME), **dict.fromkeys(IDS, ID)}
_NAMED = re.compile(
    r"(?<![\w-])("
    + "|".join(map(re.escape, sorted(_BEHIND, key=len, reverse=True)))
    + r")(?![\w-])"
)
_POLICY = re.compile(r"\b(" + "|".join(POLICIES) + r")\b")


def named(text: str) -> str:
    """A text in which every name of the rulebook is its hostile self."""
    if (
        text == "a collection of ratings"
    ):  # of which a principle knows the singular, and that with an `s`
        text = "a collection of rating"
    if text in POLICIES:
        return text + ID
    if text.startswith("encoded by "):
        text = _POLICY.sub(lambda found: found[0] + ID, text)
    return _NAMED.sub(lambda found: found[0] + _BEHIND[found[0]], text)


def hostile(tree: Any, under: str = "") -> Any:
    """A tree of YAML in which every word that somebody can choose tries to act."""
    if isinstance(tree, dict):
        return dict(_entry(each, value, under) for each, value in tree.items())
    if isinstance(tree, list):
        return [hostile(each) for each in tree]
    text = tree if under == "hit" else named(tree)  # `first` is a word of the language there
    if under == "date" and not tree[0].isdigit():
        return text + TEXT
    if under in FREE:
        return text + LINES
    return text + {
        "case": f" {TEXT}",
        "name": f" {THING}",
        "paragraph": NAME,
        "note": f" {NAME}{ID}",
        "warn": f" {NAME}{ID}",
    }.get(under, "")


def _entry(name: str, value: Any, under: str) -> tuple[str, Any]:
    if value == "":  # a name alone: of a type, or of what is withdrawn
        return (named(name), {}) if under == "withdraw" else ("type", named(name))
    return name if name in (*FREE, "under reading") else named(name) + (
        NAME if under == "paragraphs" else ""
    ), hostile(value, name)


class _Plain(yaml.SafeDumper):
    """Writes words as they are, without quotation marks where they need none: quoted, some would
    have another meaning.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def written(tree: Any) -> str:
    return str(yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10_000))


def read(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)


def rulebook() -> dict[str, str]:
    """The files of the rulebook."""
    found = {}
    for path in sorted((HANDBOOK / "rulebook").rglob("*.*")):
        name, text = (
            named(path.relative_to(HANDBOOK / "rulebook").as_posix()),
            path.read_text("utf-8"),
        )
        for old, new in CHANGED:
            text = re.sub(old, new, text, flags=re.MULTILINE)
        if path.suffix == ".csv":
            rows = io.StringIO()
            csv.writer(rows, lineterminator="\n").writerows(
                [[named(cell) for cell in row] for row in csv.reader(io.StringIO(text))]
            )
            found[name] = rows.getvalue()
        else:
            found[name] = written(hostile(read(text)))
            if name == "policies/second.yaml":
                found[name] = found[name].replace("status: superseded", "status: in force")
    return found


BESIDE = f"""
about: what is asked
source: {{document: letter, section: Marks, paragraph: 3, mark: assumed, note: said}}
tags: [{json.dumps(TEXT)}]
supplied: {{staff rating: {{value: fine, from: {json.dumps(THING)}}}}}
judgements: [{{attribute: overall rating, value: fair, by: somebody, on: 2019-05-01, reason: why}}]
published: {{overall rating: fine, on: 2019-05-30}}
policy: first
under: {{third: {{staff rating: fine}}}}
under reading: {{few-is-ten: {{staff rating: fine}}}}
"""
EXCEPTIONS = """
exceptions:
  - {rule: visits.due, condition: the size is small, never: met, because: nobody is}
  - {rule: overall.closed, never: takes effect, because: none is closed}
"""


def schools() -> list[Any]:
    """The scenarios: two as they are, of which one does not hold, one with much beside its facts,
    one under a later policy.
    """
    first, second = (
        hostile(each) for each in read((HANDBOOK / "scenarios" / "schools.yaml").read_text("utf-8"))
    )
    second["expect"] = hostile({"because": ["worst-of.poor@school"], "overall rating": "poor"})
    later = {
        **first,
        "case": f"later {TEXT}",
        "as at": "2021-06-01",
        "expect": hostile({"staff rating": "fine"}),
    }
    return [
        first,
        second,
        later,
        {**hostile(read(BESIDE)), **first, "case": f"with judgements {TEXT}"},
    ]


def case() -> dict[str, Any]:
    """A case in which much is said beside the facts."""
    return {
        name: each
        for name, each in schools()[-1].items()
        if not name.startswith(("expect", "under"))
    }


def exceptions() -> Any:
    """What no scenario is asked to cover."""
    return hostile(read(EXCEPTIONS))
