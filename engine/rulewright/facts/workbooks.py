"""Cases from a workbook: one sheet for each kind of thing, one row for each thing.

The sheet `case` says what the case is; `supplied`, `judgements`, `published` and `expect` hold what
a case file holds under these words. Every other sheet is named after an entity type (singular or
plural): a column for its name, one for each thing above it, one for each attribute; fixed members
have a sheet of their own, or a column for their main attribute. A blank cell is a fact that nobody
saw. Which sheets and columns there may be is known once the policy is chosen, so the tree that a
YAML file would give is made in two steps.
"""

from __future__ import annotations

from dataclasses import dataclass

from rulewright.ir.vocabulary import Vocabulary
from rulewright.spreadsheets.workbooks import Sheet, Workbook
from rulewright.syntax.errors import InputError, Place, Problem, Problems
from rulewright.syntax.text import Map, Seq, Text, key, place_of

from .case_texts import WORDS, CaseText
from .sheets import PAIRS, SHEETS, SheetReader

JUDGEMENT = ("attribute", "value", "by", "on", "reason")
_SEVERAL = ("because", "and not")  # an expectation that may stand in several rows


@dataclass(frozen=True)
class WorkbookCase(CaseText):
    """A case in a workbook: `tree` holds what the sheet `case` and its like say, the facts wait for
    a vocabulary.
    """

    workbook: Workbook

    def against(self, vocabulary: Vocabulary, problems: Problems) -> CaseText:
        """The whole tree. Notes RW106 (twice), RW501 (an unknown column), RW512 (an unknown sheet),
        RW513 (an unknown parent).
        """
        facts = SheetReader(self.workbook, vocabulary, problems).read()
        tree = Map({**self.tree, Text.at(vocabulary.root.name, facts.place): facts})
        tree.place = place_of(self.tree)
        return CaseText(tree, self.file)


def case_of_workbook(data: bytes, file: str) -> WorkbookCase:
    """The case of a workbook.

    Raises `InputError`: RW114 to RW117 (it cannot be read), RW500 (no case), RW106 (twice).
    """
    return case_of(Workbook(data, file))


def case_of(book: Workbook) -> WorkbookCase:
    """The case of an open workbook. Raises `InputError` as `case_of_workbook` does."""
    file, problems = book.file, Problems()
    found: dict[str, Sheet] = {}
    for name in book.names:
        try:
            sheet = book.sheet(name)
        except InputError as error:
            problems.take(error)
            continue
        word = next((each for each in SHEETS if key(each) == key(name)), "")
        if word in found:
            problems.add(
                "RW512",
                Place(sheet.file),
                f"`{name}` is the second sheet `{word}`",
                f"the first is `{found[word].name}`",
            )
        elif word:
            found[word] = sheet
    problems.stop_if_any()
    if "case" not in found:
        raise InputError(
            Problem(
                Place(file),
                "RW500",
                "the workbook has no sheet `case`",
                "add one with two columns: `case` beside its name, `as at` beside the date",
            )
        )
    tree = _pairs(found["case"], problems)
    for word in [each for each in tree if key(each) in map(key, (*PAIRS, "judgements"))]:
        problems.add(
            "RW512",
            place_of(word),
            f"`{word}` stands in a sheet of its own",
            f"add a sheet `{word}`",
        )
    if not isinstance(tree.get("case"), Text):
        problems.add(
            "RW500",
            tree.place,
            "the case has no name",
            "write `case` into the first column and the name beside it",
        )
    for word in PAIRS:
        if word in found and (pairs := _pairs(found[word], problems)):
            tree[Text.at(word, pairs.place)] = pairs
    if "judgements" in found and (judged := _judgements(found["judgements"])):
        tree[Text.at("judgements", judged.place)] = judged
    problems.stop_if_any()
    return WorkbookCase(tree, file, book)


def _pairs(sheet: Sheet, problems: Problems) -> Map:
    """The rows of a sheet with two columns: a word or path, and its value.

    In the sheet `case` a word without a value is left out.
    """
    found = Map()
    found.place = Place(sheet.file)
    seen: dict[str, Text] = {}
    for number, cells in sheet.rows():
        if [key(cells.get(each, "")) for each in (1, 2)] in (["field", "value"], ["path", "value"]):
            continue
        for column in sorted(cells.keys() - {1, 2}):
            problems.add(
                "RW116",
                place_of(cells[column]),
                f"the cell holds `{cells[column]}`, and this sheet has two columns",
                "empty the cell",
            )
        if 1 not in cells:
            problems.add(
                "RW116",
                sheet.place(number, 2),
                f"the cell holds `{cells.get(2, '')}`, and nothing stands before it",
                "write into the first column what it is",
            )
        elif 2 not in cells:
            if key(sheet.name) in map(
                key, PAIRS
            ):  # in the sheet `case` what is blank is not stated
                problems.add(
                    "RW116",
                    sheet.place(number, 2),
                    f"the cell beside `{cells[1]}` is blank",
                    "write a value, or delete the row",
                )
        else:
            word = cells[1]
            word = Text.at(
                next((each for each in (*WORDS, *_SEVERAL, "on") if key(each) == key(word)), word),
                word.place,
            )
            if word in _SEVERAL and key(sheet.name) == "expect":
                several: Seq = found.setdefault(word, Seq())
                several.place = several.place if several else word.place
                several.append(cells[2])
                continue
            first = seen.setdefault(key(word), word)
            if first is not word:
                problems.add(
                    "RW106", word.place, f"`{word}` stands twice", f"the first is in {first.place}"
                )
            found[word] = cells[2]
    return found


def _judgements(sheet: Sheet) -> Seq:
    (_, header), *rows = sheet.table()
    words = [
        Text.at(next((each for each in JUDGEMENT if key(each) == key(word)), word), word.place)
        for word in header
    ]
    found = Seq()
    found.place = Place(sheet.file)
    for place, cells in rows:
        judgement = Map({word: cell for word, cell in zip(words, cells, strict=True) if cell})
        judgement.place = place
        found.append(judgement)
    return found
