"""Numbers that options take: what is no number is told in plain words."""

from __future__ import annotations

import math
from typing import Any

import click


class _AnyWholeNumber(click.types.IntParamType):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return int(value)
        except ValueError:
            self.fail(f"`{value}` is not a whole number", param, ctx)


ANY_WHOLE_NUMBER = _AnyWholeNumber()


class WholeNumber(click.IntRange):
    """A whole number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Raises `click.BadParameter`."""
        return super().convert(ANY_WHOLE_NUMBER.convert(value, param, ctx), param, ctx)


class BoundedNumber(click.FloatRange):
    """A number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Raises `click.BadParameter`."""
        try:
            if not math.isfinite(float(value)):
                raise ValueError
        except ValueError:
            self.fail(f"`{value}` is not a number", param, ctx)
        return super().convert(value, param, ctx)
