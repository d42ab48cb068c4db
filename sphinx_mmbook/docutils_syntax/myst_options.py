"""Which line of a directive's options MyST-Parser cannot read, by its own reader of them."""

from __future__ import annotations

from myst_parser.parsers.options import TokenizeError, options_to_tokens


def line_at_fault(text: str) -> int | None:
    """Return the line because of which no option of the block is read; lines count from 0."""
    lines = text.split("\n")
    try:
        tokens, _ = options_to_tokens(text)
    except TokenizeError as error:
        line: int = (error.context_mark or error.problem_mark).line
        if error.problem == "expected ':' after key" and not error.problem_mark.column:
            # It has looked for the colon up to the next text.
            return max((n for n in range(min(line, len(lines))) if lines[n].strip()), default=line)
        return line
    return next((key.start.line for key, _ in tokens if not key.value), None)
