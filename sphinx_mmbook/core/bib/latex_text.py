r"""The LaTeX that stands in bibliographies, as runs of text: accents, ``\emph``, simple formulas.

A bibliography is shown in HTML, EPUB and text too, so nothing of LaTeX may be left in it. What is
unknown loses its backslash and braces and keeps its text.
"""

from __future__ import annotations

import unicodedata
from typing import Literal, NamedTuple

from sphinx_mmbook.core import expressions as re

Style = Literal["", "emph", "strong", "code", "sup", "sub", "link"]


class Span(NamedTuple):
    """A run of text in one style. ``url`` is the address that a ``link`` leads to."""

    text: str
    style: Style = ""
    url: str = ""


_TOKENS = re.compile(r"\\(?:[a-zA-Z]+\s*|.|$)|[{}$~^_]|--+|``|''|[^\\{}$~^_\-`']+|.", re.DOTALL)
#: What stands in a text that is not what it means.
_SIGNS = re.compile(r"[\\{}$~^_`'\-\n\t]|  ")
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_SYMBOLS = {
    "ss": "ß", "SS": "ẞ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "dj": "đ",
    "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ", "NG": "Ŋ",
    "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textellipsis": "…",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textunderscore": "_", "textbar": "|", "textless": "<", "textgreater": ">",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "copyright": "©",
    "textdegree": "°", "euro": "€", "pounds": "£", "S": "§", "P": "¶", "guillemotleft": "«",
    "guillemotright": "»", "times": "×", "cdot": "·", "infty": "∞", "to": "→", "rightarrow": "→",
    "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "approx": "≈", "sim": "~", "neq": "≠",
    "LaTeX": "LaTeX", "TeX": "TeX", "quad": " ", "ell": "ℓ", "epsilon": "ε",
    "lambda": "λ", "Lambda": "Λ", "textquotesingle": "'", "textquotedbl": '"', "texteuro": "€",
    "textmu": "µ", "in": "∈", "subset": "⊂", "cup": "∪", "cap": "∩", "nabla": "∇", "sum": "∑",
    "sqrt": "√", "leftarrow": "←", "cdots": "⋯", "textasteriskcentered": "∗",
}  # fmt: skip
_STYLES: dict[str, Style] = {
    "emph": "emph", "textit": "emph", "textsl": "emph", "textbf": "strong", "texttt": "code",
    "textsuperscript": "sup", "textsubscript": "sub", "url": "link", "^": "sup", "_": "sub",
}  # fmt: skip
_SWITCHES: dict[str, Style] = {"em": "emph", "it": "emph", "bf": "strong", "tt": "code"}
#: Commands of formulas that change how their argument looks, and nothing else.
_FONTS = {
    "mathcal", "mathbb", "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathfrak", "boldsymbol",
    "bm", "text", "textrm", "operatorname", "mbox", "left", "right", "big", "Big", "bigl", "bigr",
    "hat", "tilde", "bar", "vec",
}  # fmt: skip
#: Commands of one character that do not print it: spaces, hyphenation, formulas.
_PUNCTUATION = dict.fromkeys(",;: \n", " ") | dict.fromkeys("-/()[]!", "")
_QUOTES = {"``": "“", "''": "”", "`": "‘", "'": "’"}


def plain_text(latex: str) -> str:
    """Return ``latex`` as plain text on one line."""
    return "".join(span.text for span in spans(latex)).strip()


def spans(latex: str) -> tuple[Span, ...]:
    """Return ``latex`` as runs of text, without empty ones. Runs in linear time, never fails."""
    if not _SIGNS.search(latex):
        return (Span(latex),) if latex else ()
    reader = _Reader()
    for piece in _TOKENS.findall(latex):
        reader.read(piece)
    return reader.result()


class _Reader:
    """Reads tokens one by one; ``styles`` is the stack of open groups."""

    def __init__(self) -> None:
        self.styles: list[Style] = [""]
        self.runs: list[tuple[Style, list[str]]] = []
        self.pending: Style | None = None  # the style of the group or letter that comes next
        self.accent = ""  # the accent that waits for its letter
        self.math = False

    def read(self, piece: str) -> None:
        if piece == "{":
            self.styles.append(self.styles[-1] if self.pending is None else self.pending)
            self.pending = None
        elif piece == "}":
            if len(self.styles) > 1:
                self.styles.pop()
            self.accent = ""
        elif piece[0] == "\\" and len(piece) > 1:
            self.command(piece[1:].rstrip() or " ")
        elif piece == "$":
            self.math = not self.math
        elif piece in "^_" and self.math:
            self.pending = _STYLES[piece]
        else:
            self.text(self.character(piece))

    def command(self, name: str) -> None:
        if name in _STYLES and name not in "^_":
            self.pending = _STYLES[name]
        elif name in _SWITCHES and len(self.styles) > 1:
            self.styles[-1] = _SWITCHES[name]
        elif name in _ACCENTS and not self.math:
            self.accent = _ACCENTS[name]
        elif name in _SYMBOLS:
            self.text(_SYMBOLS[name])
        elif not name[0].isalpha():
            self.text(_PUNCTUATION.get(name, name))
        elif self.math and name not in _FONTS:
            self.text(_greek(name))
        # Any other command has no meaning outside of LaTeX; its argument is read as text.

    def character(self, piece: str) -> str:
        if self.styles[-1] == "link":
            return piece
        if piece == "~":
            return "\u00a0"
        if piece.startswith("--"):
            return "–" if len(piece) == 2 else "—"
        return _QUOTES.get(piece, piece)

    def text(self, text: str) -> None:
        if self.accent and text:
            base = {"ı": "i", "ȷ": "j"}.get(text[0], text[0])
            text = unicodedata.normalize("NFC", base + self.accent) + text[1:]
            self.accent = ""
        if self.pending is not None and text:
            self.run(self.pending, text[0])
            self.pending, text = None, text[1:]
        self.run(self.styles[-1], text)

    def run(self, style: Style, text: str) -> None:
        if self.runs and self.runs[-1][0] == style:
            self.runs[-1][1].append(text)
        elif text:
            self.runs.append((style, [text]))

    def result(self) -> tuple[Span, ...]:
        joined = ((style, re.sub(r"[ \t\r\n]+", " ", "".join(run))) for style, run in self.runs)
        return tuple(
            Span(text, style, text if style == "link" else "") for style, text in joined if text
        )


def _greek(name: str) -> str:
    r"""Return the letter that ``\name`` is in a formula, or its name."""
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper().removeprefix('VAR')}")
    except KeyError:
        return name
