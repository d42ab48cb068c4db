"""Regular expressions as in ``re``, each compiled when it is first asked for a match.

``from sphinx_mmbook.core import expressions as re`` gives a module these. Of the 800 of a check,
500 are asked nothing in a book without the faults that they find; to compile them takes 50 ms. The
``re`` of a match is the compiled one: compare its ``pattern`` with that of an expression.
"""

from __future__ import annotations

import re
from re import (
    ASCII,
    DOTALL,
    IGNORECASE,
    MULTILINE,
    UNICODE,
    VERBOSE,
    I,
    M,
    Match,
    Pattern,
    error,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)
from typing import Any, AnyStr, cast

__all__ = [
    "ASCII", "DOTALL", "IGNORECASE", "MULTILINE", "UNICODE", "VERBOSE", "I", "M", "Match",
    "Pattern", "compile", "error", "escape", "findall", "finditer", "fullmatch", "match", "search",
    "split", "sub",
]  # fmt: skip


class Expression:
    """A pattern that is not compiled yet: it has ``pattern``, and gets the rest when asked."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        """Return what the compiled pattern has by that name, and keep it."""
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.__dict__[name] = getattr(re.compile(self.pattern, self._flags), name)
        return value


def compile(pattern: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """Return an expression; one that cannot be compiled raises ``re.error`` when first used."""
    return cast("Pattern[AnyStr]", Expression(pattern, flags))
