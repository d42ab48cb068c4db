"""Paragraphs, read without asking every rule of the parser about every line of prose.

A line that begins with a letter begins no list, fence, quote, …; markdown-it-py asks some twenty
rules all the same, and twice. For 100 synthetic chapters (2.8 MB of prose) this takes parsing from
1.0 to 0.6 s and ``mmbook check`` from 3.0 to 2.6 s; a book of 100 kB does not notice. Wherever
anything else could be meant, the parser's own rules decide; a test compares the tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

#: What begins a line that can change what the line before it is: to a heading, table or term.
_UNDER = frozenset("-=|:~")


def paragraphs_plugin(md: MarkdownIt) -> None:
    """Make a paragraph the first guess where a block begins with a letter."""
    md.block.ruler.before(md.block.ruler.get_all_rules()[0], "letters", paragraph)


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the paragraph at line ``start``, as ``markdown_it.rules_block.paragraph`` does.

    Does nothing if it does not begin with a letter, or may be something else.
    """
    if silent or not _first(state, start).isalpha() or state.is_code_block(start):
        return False
    after = _after(state, start, end) if end == state.lineMax else 0
    text = state.getLines(start, after, state.blkIndent, False).strip(" \t\n")
    # Which other spaces are cut off depends on the parser's version.
    if not text or text[-1].isspace():
        return False
    for kind, tag, nesting in _TOKENS:
        token = state.push(kind, tag, nesting)
        token.map = [start, after] if nesting >= 0 else None
        if not nesting:
            token.content, token.children = text, []
    state.line = after
    return True


_TOKENS: tuple[tuple[str, str, Literal[-1, 0, 1]], ...] = (
    ("paragraph_open", "p", 1),
    ("inline", "", 0),
    ("paragraph_close", "p", -1),
)


def _after(state: StateBlock, start: int, end: int) -> int:
    """Return the line after the paragraph at ``start``; 0 if it may be something else."""
    source, begins, shifts, ends = state.src, state.bMarks, state.tShift, state.eMarks
    line = start + 1
    while line < end:
        at = begins[line] + shifts[line]
        if at >= ends[line]:
            break
        sign = source[at]
        if not sign.isalpha():
            if sign in _UNDER:
                return 0
            if _interrupts(state, line, end):
                break
        line += 1
    # A term may have a blank line before its definition.
    is_term = line == start + 1 < end - 1 and _first(state, line + 1) in _UNDER
    return 0 if is_term else line


def _interrupts(state: StateBlock, line: int, end: int) -> bool:
    """Whether another block begins at a line of a paragraph."""
    # Neither a deeply indented line nor one that goes on with a quote's paragraph is a new block.
    if state.sCount[line] - state.blkIndent > 3 or state.sCount[line] < 0:
        return False
    state.parentType = "paragraph"
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules("paragraph"))


def _first(state: StateBlock, line: int) -> str:
    """Return the first character of a line, nothing if the line is blank."""
    at = state.bMarks[line] + state.tShift[line]
    return state.src[at] if at < state.eMarks[line] else ""
