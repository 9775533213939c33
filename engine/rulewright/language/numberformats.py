"""What a spreadsheet shows for a number: a value is read only where the cell shows just that value."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite

_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
             14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
             22: "m/d/yy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
             48: "##0.0E+0", 49: "@"}  # fmt: skip
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)  # what a format shows beside the number
_PLAIN = re.compile(r"(?:#,##)?[#0]*(?:\.(?P<decimals>[0#]+))?\Z")
_SHOWN_BESIDE = re.compile(r'"[^"]*[^\s"][^"]*"|\\[^\s\\-]|[€$£¥%]|\[\$[^-\]]')


class NotShownSo(Exception):
    """The cell shows something else than it holds: the message, and what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def format_code(identity: int, declared: dict[int, str]) -> str:
    """The number format of that id: the workbook's own, or one of those that every spreadsheet program knows."""
    return declared.get(identity) or _BUILT_IN.get(identity, "General" if identity < 27 or identity > 58 else "yyyy-mm-dd")


def written(number: str, code: str, days_from_1904: bool) -> str:
    """The characters of a number or date as the cell shows it: `62.5`, `2024-03-01`, never the noise of a binary fraction.

    Raises `NotShownSo` for a percentage, a rounded number, a time of day, a currency: there the cell shows one thing and
    holds another. Raises `ValueError` when `number` is none.
    """
    value = float(number)
    if not isfinite(value):
        raise ValueError(number)
    digits = _plain_digits(value)
    section = code.split(";", maxsplit=1)[0]
    bare = _SILENT.sub("", section).strip()
    if section in ("General", "@", "") or bare.lower() == "general":
        return digits
    if re.search("[ymdhs]", bare, re.IGNORECASE) and "#" not in bare and "0" not in bare.replace(".0", ""):
        return _day(value, digits, days_from_1904)
    if "%" in bare:
        raise NotShownSo(f"the cell shows the percentage `{_plain_digits(value * 100)}%` and holds `{digits}`",
                         "give it the format Text, and write the number alone")  # fmt: skip
    plain = _PLAIN.match(bare)
    if plain is None or _SHOWN_BESIDE.search(section):
        raise NotShownSo(f"the cell holds `{digits}` and shows it in the format `{code}`", "give it the format Text or General")
    shown = f"{Decimal(digits):.{len(plain['decimals'] or '')}f}"
    if Decimal(shown) != Decimal(digits):
        raise NotShownSo(f"the cell shows `{shown}` and holds `{digits}`", "write the number that is meant, in the format Text or General")
    return digits


def _plain_digits(value: float) -> str:
    """Fifteen significant digits, as many as spreadsheets show, without an exponent."""
    text = f"{Decimal(f'{value:.15g}'):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _day(value: float, digits: str, days_from_1904: bool) -> str:
    if value != int(value):
        raise NotShownSo("the cell holds a time of day", "write the day alone, such as `2024-03-01`")
    days = int(value)
    if days_from_1904:
        start = date(1904, 1, 1)
    elif days < 61:  # spreadsheets count a 29 February 1900 that there never was
        start = date(1899, 12, 31)
    else:
        start = date(1899, 12, 30)
    if days == 60 and not days_from_1904:
        raise NotShownSo("the cell shows 29 February 1900, a day that there was not", "write another day")
    if not 1 <= days <= 2_958_465:
        raise NotShownSo(f"the cell holds `{digits}` in the format of a date", "write a day such as `2024-03-01`, in the format Text")
    return (start + timedelta(days)).isoformat()
