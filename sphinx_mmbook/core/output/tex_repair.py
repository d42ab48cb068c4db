"""A book's LaTeX without the block that LaTeX stops at, so that all others still become a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.output.tex import escape_tex
from sphinx_mmbook.core.output.tex_log import location_of, marks_of

if TYPE_CHECKING:
    from sphinx_mmbook.core.finding import Location

_ENVIRONMENT = re.compile(r"\\(begin|end)\{([A-Za-z]+\*?)\}")
_LABEL = re.compile(r"\\label\{(?:\\detokenize\{[^{}]*\}|[^{}]*)\}")
_HEADING = re.compile(r"^\\(part|chapter|(?:sub)*section|(?:sub)?paragraph)\*?\{", re.MULTILINE)


def without_block(tex: str, line: int, note: str) -> str:
    """Return the text of a ``.tex`` file with a note in place of the block at a line.

    The block's labels stay, and it still counts, so that all numbers and references are what they
    were. Returns the empty string if the line is in no block, such as in the preamble.
    """
    lines = tex.splitlines()
    starts = [number for number, _, text in marks_of(tex) if not text]
    begin = max((number for number in starts if number <= line), default=0)
    if not begin:
        return ""
    end = min((number for number in starts if number > line), default=len(lines)) - 1
    end = _before_unmatched_end(lines, begin, end)
    at = location_of(line, marks_of(tex))
    if line > end or at is None:
        return ""
    kept = [*lines[:begin], *_stand_in("\n".join(lines[begin:end]), at, note), *lines[end:]]
    return "\n".join(kept) + "\n"


def _before_unmatched_end(lines: list[str], begin: int, end: int) -> int:
    """Return where the block that starts at line ``begin`` ends: what is around it goes on."""
    depth = 0
    for number in range(begin, end):
        for token in _ENVIRONMENT.finditer(lines[number]):
            depth += 1 if token[1] == "begin" else -1
            if depth < 0:
                return number
    return end


def _stand_in(block: str, at: Location, note: str) -> list[str]:
    """Return the lines that take a block's place."""
    labels = "".join(dict.fromkeys(_LABEL.findall(block)))
    text = escape_tex(f"{at}: {note}")
    if heading := _HEADING.search(block):
        return [rf"\{heading[1]}{{{text}}}{labels}", ""]
    counter = ""
    if "equation:" in labels:
        counter = "equation"
    elif r"\caption" in block:
        counter = "figure" if r"\begin{figure}" in block else "table"
    step = rf"\refstepcounter{{{counter}}}" if counter else r"\phantomsection"
    return ["", rf"\begin{{quote}}{step}{labels}\itshape\sloppy {text}\end{{quote}}", ""]
