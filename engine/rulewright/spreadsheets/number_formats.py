"""What a spreadsheet shows for a value: it is read only under a format that is known to show just
that value.

Formats can hide a value, round it, put words round it or show another one, and programs differ in
how. So this is a list of what is read, and everything else is refused.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
             14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
             22: "m/d/yyyy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@"}  # fmt: skip
LONGEST = 255  # characters of a number format, as in a spreadsheet program
_ITSELF = ("general", "@", "")
_NUMBER = re.compile(r"(?:#,##)?0(?:\.(?P<decimals>0+))?\Z")
_PERCENTAGE = re.compile(r"0(?:\.(?P<decimals>0+))?%\Z")
_LOCALE = re.compile(r"\[\$-(?:[0-9a-f]{1,4}|[a-z]{2}-[a-z]{2}|x-sysdate)\]")
_TIME = re.compile(r"[\\, ]*h{1,2}:mm(?::ss)?(?: ?am/pm)?\Z")
_DATE_WORDS = re.compile(r"y+|m+|d+")
_BETWEEN = re.compile(r'(?:[-/., ]|\\[-/., ]|"[-/., ]+")*')
_DAY, _MONTH, _YEAR, _WEEKDAY = (
    {"d", "dd"},
    {"m", "mm", "mmm", "mmmm"},
    {"yy", "yyyy"},
    {"ddd", "dddd"},
)
_SHORT_YEARS = range(1930, 2030)  # which `24` is meant by two figures
_TRUE_OR_FALSE = '"true";"true";"false"'
_TEXT = re.compile(r"(?:\[[a-z]+\]|_.|\* )*@(?:_.|\* )*\Z")
_GENERAL_SHOWS = 11  # characters; a longer number is shown rounded
_LONGEST_SHOWN = 60


class NotShownSo(Exception):
    """The cell shows something else than it holds: the message, and what to do."""

    def __init__(
        self,
        message: str,
        help: str = "write it as text: give the cell the format Text, and type what is meant",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def format_code(identity: int, declared: dict[int, str]) -> str:
    """The number format of that id: the workbook's own, or one of those that every spreadsheet
    program knows.
    """
    return declared.get(identity) or _BUILT_IN.get(identity, f"number {identity}")


def written(number: str, code: str, days_from_1904: bool) -> str:
    """The characters of a number or date as the cell shows it: `62.5`, `2024-03-01`, never the
    noise of a binary fraction.

    Raises `NotShownSo` for every format that is not known to show the number, or a whole day.
    Raises `ValueError` when `number` is none.
    """
    value = float(number)
    if not isfinite(value) or "_" in number:
        raise ValueError(number)
    digits = _plain_digits(value)
    if code.lower() in _ITSELF:
        if len(digits.lstrip("-")) > _GENERAL_SHOWS:
            raise NotShownSo(f"the cell holds `{digits}`, which is too long to be shown whole")
        return digits
    if plain := _NUMBER.match(code):
        shown = _rounded(Decimal(digits), plain["decimals"])
        if Decimal(shown) != Decimal(digits):
            raise NotShownSo(
                f"the cell shows `{shown}` and holds `{digits}`",
                "write the number that is meant, in the format Text or General",
            )
        return digits
    if percentage := _PERCENTAGE.match(code):
        shown = _rounded(Decimal(digits) * 100, percentage["decimals"])
        raise NotShownSo(
            f"the cell shows the percentage `{shown}%` and holds `{digits}`",
            "give it the format Text, and write the number alone",
        )
    if _of_a_day(code):
        return _checked_year(_day(value, digits, days_from_1904), code)
    if value != int(value) and _TIME.search(code.lower()):
        raise NotShownSo(
            "the cell holds a time of day", "write the day alone, such as `2024-03-01`"
        )
    raise _shown_in(digits, code)


def written_day(written: str, code: str) -> str:
    """A day that the file itself holds as `2024-03-01`.

    Raises `NotShownSo`, `ValueError` (no day).
    """
    day, _, time = written.partition("T")
    if time.strip("0:.Z"):
        raise NotShownSo(
            "the cell holds a time of day", "write the day alone, such as `2024-03-01`"
        )
    found = date.fromisoformat(day).isoformat()
    if not _of_a_day(code):
        raise _shown_in(found, code)
    return _checked_year(found, code)


def refuse_another_text(text: str, code: str) -> None:
    """Raises `NotShownSo` for a format that hides a text, or puts something round it."""
    sections = _sections(code.lower())
    of_text = (
        sections[3] if len(sections) > 3 else next((each for each in sections if "@" in each), "@")
    )
    if of_text != "general" and not _TEXT.match(of_text):
        raise _shown_in(" ".join(text.split())[:_LONGEST_SHOWN], code)


def _sections(code: str) -> list[str]:
    """The parts of a format, with semicolons between them: those that are followed by an even
    number of quotation marks.
    """
    pieces = code.split('"')
    apart = (
        each.replace(";", "\0") if (len(pieces) - number) % 2 == 0 else each
        for number, each in enumerate(pieces, 1)
    )
    return '"'.join(apart).split("\0")


def refuse_another_boolean(word: str, code: str) -> None:
    """Raises `NotShownSo` for a format under which TRUE or FALSE may be shown as something else."""
    if code.lower() not in (*_ITSELF, _TRUE_OR_FALSE):
        raise _shown_in(word, code)


def _shown_in(value: str, code: str) -> NotShownSo:
    return NotShownSo(
        f"the cell holds `{value}` and shows it in the format `{' '.join(code.split())[:_LONGEST_SHOWN]}`"
    )


def _plain_digits(value: float) -> str:
    """Fifteen significant digits, as many as spreadsheets show, without an exponent."""
    text = f"{Decimal(f'{value:.15g}'):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _rounded(number: Decimal, decimals: str | None) -> str:
    places = len(decimals or "")
    whole, _, fraction = f"{number:f}".partition(".")
    if len(fraction) <= places:
        return f"{number:.{places}f}"
    return str(
        Decimal(f"{whole}.{fraction[: places + 1]}").quantize(
            Decimal(1).scaleb(-places), ROUND_HALF_UP
        )
    )


def _of_a_day(code: str) -> bool:
    """Whether a format shows a day whole: year, month and day, perhaps the weekday and a time, and
    nothing else.
    """
    bare = _TIME.sub("", _LOCALE.sub("", code.lower(), count=1).removesuffix(";@"))
    words = _DATE_WORDS.findall(bare)
    kinds = [
        next((n for n, kind in enumerate((_DAY, _MONTH, _YEAR, _WEEKDAY)) if word in kind), None)
        for word in words
    ]
    between = all(_BETWEEN.fullmatch(each) for each in _DATE_WORDS.split(bare))
    return (
        between and None not in kinds and len(set(kinds)) == len(kinds) and {0, 1, 2} <= set(kinds)
    )


def _checked_year(day: str, code: str) -> str:
    if "yyyy" not in code.lower() and int(day[:4]) not in _SHORT_YEARS:
        raise NotShownSo(f"the cell holds the day `{day}` and shows two figures of its year")
    return day


def _day(value: float, digits: str, days_from_1904: bool) -> str:
    if value != int(value):
        raise NotShownSo(
            "the cell holds a time of day", "write the day alone, such as `2024-03-01`"
        )
    days = int(value)
    # before it some programs count a 29 February 1900 that there never was
    first = 1 if days_from_1904 else 61
    if not first <= days <= 2_958_465:
        raise NotShownSo(
            f"the cell holds `{digits}` in the format of a date",
            "write a day such as `2024-03-01`, in the format Text",
        )
    start = date(1904, 1, 1) if days_from_1904 else date(1899, 12, 30)
    return (start + timedelta(days)).isoformat()
