"""The columns engine: answers without a trail, from a program lowered to look-ups over columns.

`lowering` says which columns a program needs and makes the tables; a printer turns the rules of a
node into code (`printing`, for plain Python); `plain_python` answers one case with it. Printers for
other languages have their place here.
"""

from __future__ import annotations

from .plain_python import evaluate

__all__ = ["evaluate"]
