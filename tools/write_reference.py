"""Writes `docs/fields.md`: every field of every file that people write, the words of conditions and
their grammar.

All of it comes from where it is defined: the models (`syntax/models.py`), the keywords
(`syntax/lexer.py`) and the grammar (`syntax/grammar.lark`).

    python tools/write_reference.py            # writes the page
    python tools/write_reference.py --check    # exit code 1 when it would change
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from rulewright.syntax import models, scenario_models
from rulewright.syntax.lexer import KEYWORDS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "fields.md"
GRAMMAR = ROOT / "engine" / "rulewright" / "syntax" / "grammar.lark"

HEAD = """# Fields, words and grammar

What may stand where, in short. What it means, with examples: [the language](language.md); exactly:
[semantics](semantics.md). The same as JSON Schemas, for editors: `schemas/` ([how to use them](editors.md)). All messages:
[codes](codes/README.md).

Written by `python tools/write_reference.py` from the models and the grammar that read the files; a test keeps it up to date.
"""

CHAPTERS: dict[str, dict[str, type[BaseModel]]] = {
    "Parts": {
        "Rule": models.RuleModel, "Table": models.TableModel, "Principle": models.PrincipleModel,
        "Rule of a principle": models.PrincipleRuleModel, "Word of a principle": models.LetModel,
        "Table of a word": models.LetTableModel, "Use": models.UseModel, "Parameter": models.ParameterModel,
        "Member": models.MemberModel, "Topic": models.TopicModel, "Interpretation": models.InterpretationItem,
        "Interpretation, written out in a rule": models.InterpretationModel, "Other reading": models.ReadingModel,
        "Citation": models.CitationModel, "All of": models.AllOf, "Any of": models.AnyOf, "None of": models.NoneOf,
        "Condition with a reason": models.Reasoned,
    },
    "Vocabulary": {
        "Vocabulary file": models.VocabularyModel, "Scale": models.ScaleModel, "Entity": models.EntityModel,
        "Attribute": models.AttributeModel,
    },
    "Policies": {
        "Policy": models.PolicyModel, "Dates": models.InForceModel, "Withdrawal": models.WithdrawModel,
        "Transition": models.TransitionalModel,
    },
    "Sources": {"Sources file": models.SourcesModel, "Document": models.DocumentModel},
    "Cases and scenarios": {
        "Case": models.CaseModel, "Supplied value": models.SuppliedModel,
        "Judgement": models.JudgementModel,
        "Table of scenarios": scenario_models.ScenarioTableModel, "Shared facts": scenario_models.FactsModel,
    },
    "Coverage": {"Exceptions file": models.ExceptionsModel, "Exception": models.ExceptionModel},
    "Seals": {"Seals file": models.SealsModel, "Seal": models.SealModel, "Earlier seal": models.EarlierSealModel},
}  # fmt: skip
BESIDE = {  # what stands beside the fields, under names that a rulebook chooses
    models.UseModel: "Besides, each input of the principle by its name.",
    models.CaseModel: "Besides, the facts, under the name of the outermost entity (such as `trust`).",
    scenario_models.ScenarioTableModel: "Besides, the facts that all rows share.",
    scenario_models.FactsModel: "Besides, the facts.",
}


def page() -> str:
    """The page as it should be."""
    lines = [HEAD]
    for chapter, forms in CHAPTERS.items():
        lines += [f"## {chapter}", ""]
        for name, form in forms.items():
            lines += [
                f"### {name}",
                "",
                " ".join((form.__doc__ or "").split()),
                "",
                *_fields(form),
                "",
            ]
            lines += [BESIDE[form], ""] if form in BESIDE else []
    return "\n".join([*lines, *_words(), "", *_grammar()]) + "\n"


# -- fields


def _fields(form: type[BaseModel]) -> list[str]:
    form.model_rebuild()  # conditions nest: their models name one another before they are there
    rows = ["| field | holds | required | meaning |", "| --- | --- | --- | --- |"]
    own = form.__annotations__  # first what makes it what it is, then what it shares with others
    for name, field in sorted(form.model_fields.items(), key=lambda each: each[0] not in own):
        if name != "place_":
            shown = field.alias or name.replace("_", " ")
            wanted = "yes" if field.is_required() else ""
            rows.append(
                f"| `{shown}` | {_type(field.annotation)} | {wanted} | {field.description or ''} |"
            )
    return rows


NAMED = [
    (models.ConditionModel, "[condition](#words-of-conditions)"),
    (models.ItemModel, "entry of a part"),
]


def _type(form: Any) -> str:
    """A type in words, with a link where it has a section of its own."""
    for known, words in NAMED:
        if form in (known, get_args(known)[0]):
            return words
    origin, inside = get_origin(form), get_args(form)
    if origin is Annotated:
        return _type(inside[0])
    if origin in (Union, UnionType):
        lists = [each for each in inside if get_origin(_bare(each)) is list]
        words = list(
            dict.fromkeys(
                _type(each) for each in inside if each is not NoneType and each not in lists
            )
        )
        for each in lists:
            item = _type(get_args(_bare(each))[0])
            words.append("list of these" if words == [item] else f"list of: {item}")
        return " or ".join(words)
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in inside)
    if origin is list:
        return f"list of: {_type(inside[0])}"
    if origin is dict:
        return f"`NAME`: {_type(inside[1])}"
    names = {each: name for forms in CHAPTERS.values() for name, each in forms.items()}
    if form in names:
        return f"[{names[form].lower()}](#{re.sub(r'[^a-z -]', '', names[form].lower()).replace(' ', '-')})"
    return {models.Text: "text", models.Scalar: "value", Any: "anything"}[form]


def _bare(form: Any) -> Any:
    """A type without what is annotated to it."""
    return get_args(form)[0] if get_origin(form) is Annotated else form


# -- words and grammar

_DEFINITION = re.compile(r"^[?!]?(?P<name>_?[a-z_]+): (?P<first>.+(?:\n +\| .+)*)$", re.MULTILINE)


def _alternatives() -> dict[str, list[str]]:
    """The forms of each rule of the grammar, as the grammar's file has them."""
    found = {}
    for rule in _DEFINITION.finditer(GRAMMAR.read_text("utf-8")):
        text = re.sub(r"\n +\| ", "\n", rule["first"])
        forms = [
            each
            for line in text.split("\n")
            for each in (line.split(" | ") if line.count("->") > 1 else [line])
        ]
        found[rule["name"]] = [re.sub(r"\s*->.*$", "", each).strip() for each in forms]
    return found


def _spellings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, token in KEYWORDS.items():
        found.setdefault(token, []).append(word)
    return found


PLAIN = {
    "NAME": "NAME", "NUMBER": "NUMBER", "DATE": "DATE", "STRING": '"TEXT"', "RPAR": ")", "MINUS": "-", "DOTS": "..", "POSSESSIVE": "'s",
    "UNKNOWN": "", "COMMA": ",",
}  # fmt: skip


def _readable(form: str) -> str:
    """A form of the grammar with keywords as they are written."""
    spelled = _spellings()

    def word(found: re.Match[str]) -> str:
        text = found["word"]
        if text in PLAIN or text in spelled:
            shown = PLAIN.get(text) or spelled[text][0]
        else:
            shown = "is" if text == "_is" else f"<{text.replace('_', ' ')}>"
        return f"[{shown}]" if found["may"] else shown

    form = re.sub(r"\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\?", r"[\1]", form)
    return " ".join(re.sub(r"\b(?P<word>_?[A-Za-z][A-Za-z_]*)(?P<may>\??)", word, form).split())


def _words() -> list[str]:
    """The table of all keywords, with every way to write them and the rules of the grammar where
    they stand.
    """
    rules = _alternatives()
    lines = [
        "## Words of conditions",
        "",
        "Capitals, kinds of dashes and of spaces make no difference. The last column names forms of the",
        "[grammar](#grammar).",
        "",
        "| word | also written | stands in |",
        "| --- | --- | --- |",
    ]
    for token, words in sorted(_spellings().items(), key=lambda each: each[1][0]):
        places = [
            name.strip("_").replace("_", " ")
            for name, forms in rules.items()
            if any(re.search(rf"\b{token}\b", each) for each in forms)
        ]
        others = ", ".join(f"`{each}`" for each in words[1:])
        lines.append(f"| `{words[0]}` | {others} | {', '.join(dict.fromkeys(places))} |")
    return lines


def _grammar() -> list[str]:
    """The grammar, form by form."""
    rules = _alternatives()
    lines = [
        "## Grammar",
        "",
        "`<…>` is another form of this list, `[…]` may be left out, `(…)*` may come again, `|` stands between choices. `NAME` is a",
        "word of the vocabulary, a parameter, or a value.",
        "",
        "```text",
    ]
    for name, forms in rules.items():
        if not name.startswith("_"):
            lines.append(f"{name.replace('_', ' ')}")
            lines += [f"    {_readable(each)}" for each in forms]
    return [*lines, "```"]


def main() -> int:
    wanted = page()
    changed = not PAGE.exists() or PAGE.read_text("utf-8") != wanted
    if changed and "--check" not in sys.argv:
        PAGE.write_text(wanted, "utf-8")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
