"""Warnings of Sphinx, docutils, MyST-Parser and MyST-NB in a page, and what an author does then.

Most of these faults are found by rules of ours, in the author's words and with the place: then the
other's warning would only repeat it. What remains is printed with our advice after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FILE = Path(__file__).with_name("upstream.toml")
#: What a warning speaks of: in quotes, or in Sphinx's words without any.
_QUOTED = re.compile(
    r"['\"‘“]([^'\"‘’“”\n]+)['\"’”]"
    r"|(?:duplicate label |not assigned: |readable: (?:\S*/)?)([^\s,/]+)"
)
#: The line that a warning names may be the first of the block in which ours stands.
NEAR = 4


@dataclass(frozen=True)
class Upstream:
    """A kind of warning; ``upstream.toml`` says what its fields mean."""

    type: str
    advice: str
    words: str = ""
    said_there: Sequence[str] = ()
    said_anywhere: Sequence[str] = ()
    is_note: bool = False
    is_of_label: bool = False

    @property
    def rules(self) -> list[str]:
        """The rules that say the same."""
        return [*self.said_anywhere, *self.said_there]


@cache
def warnings() -> tuple[Upstream, ...]:
    """Return all kinds of warnings, in the order of the table."""
    import tomllib  # noqa: PLC0415 -- builds ask, and a check loads its module

    table = tomllib.loads(FILE.read_text("utf-8"))
    return tuple(Upstream(**entry) for entry in table["warning"])


@cache
def warned_of() -> frozenset[str]:
    """Return the rules on faults of which others warn, too."""
    return frozenset(rule for one in warnings() for rule in one.rules)


def kind_of(warning_type: str, message: str) -> Upstream | None:
    """Return what kind of warning this is, ``None`` if we say nothing of it."""
    types = (warning_type, warning_type.partition(".")[0])
    return next((one for one in warnings() if one.type in types and one.words in message), None)


def quoted(message: str) -> set[str]:
    """Return the words that a warning speaks of."""
    spoken = (one or other for one, other in _QUOTED.findall(message))
    return {word for word in spoken if len(word) > 1}


def is_said(kind: Upstream, message: str, line: int, ours: Iterable[tuple[int, str, str]]) -> bool:
    """Whether findings of the same page, as line, rule and message, say the same already."""
    words = quoted(message)
    for at, rule, text in ours:
        near = not line or line <= at <= line + NEAR or rule in kind.said_anywhere
        if rule in kind.rules and (near or any(word in text for word in words)):
            return True
    return False
