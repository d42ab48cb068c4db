"""Plain text for LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\n": " ",
    }
)


def escape_tex(text: str) -> str:
    """Return ``text`` so that LaTeX shows it as it is."""
    return text.translate(_ESCAPES)


#: Zero-width space: LaTeX may end a line here, and what is copied from the PDF has no hyphen.
BREAK = "\u200b"
_AFTER = re.compile(r"(?<=[_./\\:;,=()\[\]{}|+&?#])(?=\w)|(?<=\w-)(?=\w)|(?<=[a-z0-9])(?=[A-Z])")
_LONG = re.compile(r"\w{24}(?=\w{6})")


def breakable(code: str) -> str:
    """Return code with places for line ends inside of what has no spaces: paths, names, numbers."""
    return _LONG.sub(lambda run: run[0] + BREAK, _AFTER.sub(BREAK, code))


#: A hyphen before a number, but none between two words or numbers.
_MINUS = re.compile(r"(?<![\w)\]])-(?=\.?\d)|(?<=\d[eE])-(?=\d)")


def with_minus_signs(text: str) -> str:
    """Return a table's text with true minus signs: LaTeX ends lines after a hyphen."""
    return _MINUS.sub("\N{MINUS SIGN}", text)


#: How many digits of normal size a line holds: on a page, and on one that is turned.
LINE, TURNED_LINE = 76, 121
#: Commands for smaller sizes, and how wide a digit is then.
SIZES = (("", 1.0), (r"\small", 0.92), (r"\footnotesize", 0.83), (r"\scriptsize", 0.74))
#: What separates two columns, in digits.
GAP = 1.3


@dataclass(frozen=True)
class Fit:
    """How a table fits: a command for its size, on a turned page or not, or not at all.

    A table is ``free`` if no line of its cells need wrap.
    """

    size: str = ""
    turned: bool = False
    fits: bool = True
    free: bool = False


def fit_table(rows: Sequence[Sequence[str]]) -> Fit:
    """Return how a table with these texts in its cells fits on a page.

    A column can be as narrow as its longest word; lines of text wrap.
    """
    needed = _width([[max(text.split(), key=len, default="") for text in row] for row in rows])
    whole = _width(rows)
    for turned, line in ((False, LINE), (True, TURNED_LINE)):
        for size, width in SIZES:
            if needed * width <= line:
                return Fit(size, turned, free=whole * width <= line)
    return Fit(SIZES[-1][0], turned=True, fits=False)


def _width(rows: Sequence[Sequence[str]]) -> float:
    """Return the width of a table whose cells do not wrap."""
    columns = max((len(row) for row in rows), default=0)
    widths = [1] * columns
    for row in rows:
        widths[: len(row)] = [max(pair) for pair in zip(widths, map(len, row), strict=False)]
    return sum(widths) + GAP * columns
