"""The small language of a directive's options: parts with commas between, names perhaps quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Quoted pieces may hold commas and equal signs.
PART = re.compile(r'(?:"[^"]*"|[^",])+')
PIECE = re.compile(r'"([^"]*)"|([^"=]+)|(=)')


def pairs(value: str) -> Iterator[tuple[str, str | None]]:
    """Yield the comma-separated parts of ``value``: ``(name, None)`` or ``(name, after =)``."""
    for part in PART.findall(value):
        if not part.strip():
            continue
        sides = [""]
        for quoted, bare, equals in PIECE.findall(part.strip()):
            if equals and len(sides) == 1:
                sides.append("")
            else:
                sides[-1] += quoted or bare or equals
        left, right = sides[0].strip(), sides[1].strip() if len(sides) == 2 else None
        yield left, right


def names(value: str) -> tuple[str, ...]:
    """Return the comma-separated names in ``value``."""
    return tuple(left if right is None else f"{left}={right}" for left, right in pairs(value))


def signed_names(value: str) -> tuple[tuple[str, bool], ...]:
    """Return names, and for each whether a minus stands before it: ``"-top1, name"``."""
    found = []
    for name in names(value):
        found.append((name[1:].strip(), True) if name.startswith("-") else (name, False))
    return tuple(found)
