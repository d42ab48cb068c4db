"""Which lines of a file, or of a block of code, a directive shows, and what it asks for in vain.

As Sphinx chooses them: ``sphinx.directives.code``, which needs its environment.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Options that exclude each other.
_EITHER = (
    ("lineno-match", ("lineno-start", "append", "prepend")),
    ("start-after", ("start-at",)),
    ("end-before", ("end-at",)),
    ("diff", ("pyobject", "lineno-start", "lineno-match", "lines",
              "start-after", "start-at", "end-before", "end-at")),
)  # fmt: skip


def asked_in_vain(what: str, text: str, options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the options that ask for what a text has not, with what to say of each."""
    for one, others in _EITHER:
        for other in others if one in options else ():
            if other in options:
                yield other, f"'{one}' and '{other}' exclude each other; delete one of them"
    if "diff" in options:
        return
    lines = text.splitlines()
    if (name := options.get("pyobject")) and (span := _span(text, name)) != (0, 0):
        if span is None:
            yield "pyobject", f"{what} has no function or class '{name}'; write one that it has"
            return
        lines = lines[span[0] - 1 : span[1]]
    for name in ("start-at", "start-after", "end-at", "end-before"):
        if asked := options.get(name):
            at = next((n for n, line in enumerate(lines) if asked in line
                       and (n or name != "end-before")), None)  # fmt: skip
            if at is None:
                yield name, f"{what} has no text '{asked}'; write one that it has"
                return
            begin, end = at + (name[-2:] != "at"), at + (name[-2:] == "at")
            lines = lines[begin:] if name[0] == "s" else lines[:end]
    yield from _numbered(what, lines, options)


def _numbered(
    what: str, lines: Sequence[str], options: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the options that name lines by numbers which are not there."""
    for name in ("lines", "dedent", "emphasize-lines"):
        asked = options.get(name, "")
        numbers = numbers_of(asked, len(lines)) if name != "dedent" else []
        has = f"{what} has {len(lines)} lines, but '{name}: {asked}'"
        if any(number > len(lines) for number in numbers):
            yield name, f"{has}; write lines that it has"
        elif name == "lines" and numbers:
            lines = [lines[number - 1] for number in numbers if number > 0]
        elif name == "dedent" and asked.isdecimal() and any(o[: int(asked)].strip() for o in lines):
            yield name, f"'dedent: {asked}' cuts off text of {what}; write a smaller number"


def numbers_of(asked: str, count: int) -> list[int]:
    """Return the lines that a text such as ``1-3, 5-`` names, of so many."""
    found: list[int] = []
    for part in asked.split(","):
        if match := re.fullmatch(r"(\d{0,9})\s*(?:(-)\s*(\d{0,9}))?", part.strip()):
            begin = int(match[1] or 1)
            end = int(match[3] or max(begin, count)) if match[2] else begin
            found += (
                range(begin, min(end, max(begin, count + 1)) + 1) if match[1] or match[3] else ()
            )
    return found


def _span(text: str, name: str) -> tuple[int, int] | None:
    """Return the lines of a function or class; ``(0, 0)`` if that is hard to say."""
    try:
        body: Sequence[ast.AST] = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return (0, 0)
    span = None
    for word in name.split("."):
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        named = [node for node in body if isinstance(node, kinds) and node.name == word]
        if not named:
            return (0, 0) if re.search(rf"\b(?:def|class)\s+{re.escape(word)}\b", text) else None
        body = named[-1].body if isinstance(named[-1], ast.ClassDef) else []
        first = min((one.lineno for one in named[-1].decorator_list), default=named[-1].lineno)
        span = (first, named[-1].end_lineno or first)
    return span
