"""Formulas as plain text, for places that show nothing else: bookmarks, window titles, menus.

Made from the same MathML as the EPUB's formulas. pylatexenc (2.10) was tried: it writes ``∑_i=1^n``
and knows no macros of a book.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.output.mathml import FormulaError, mathml_element

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

_ABOVE = str.maketrans("0123456789+−-=()dikmnt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵈⁱᵏᵐⁿᵗ")
_BELOW = str.maketrans("0123456789+−-=()aeijkmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ")
#: What stands above a letter, as characters that combine with it.
_ACCENTS = str.maketrans("^~¯ˉ‾→˙", "\u0302\u0303\u0304\u0304\u0304\u20d7\u0307")
#: Bold and slanted letters, which few fonts of menus have.
_STYLED = re.compile(r"[\U0001d400-\U0001d7ff]")


def plain_formula(tex: str, macros: Mapping[str, str]) -> str:
    """Return TeX as text, such as "α₁/2"; the TeX itself where it cannot be read."""
    try:
        text = _text(mathml_element(tex, macros))
    except FormulaError:
        return tex
    text = _STYLED.sub(lambda letter: normalize("NFKC", letter[0]), text)
    return " ".join(text.split())


def _text(element: Element) -> str:
    parts = [_text(part) for part in element]
    match element.tag, parts:
        case "mfrac", [above, below]:
            return f"{_group(above)}/{_group(below)}"
        case "msqrt", _:
            return f"√{_group(''.join(parts))}"
        case "msub" | "munder", [base, below]:
            return base + _script(below, _BELOW, "_")
        case "mover", [base, above] if len(base) == len(above) == 1:
            return base + above.translate(_ACCENTS)
        case "msup", [base, above] if set(above) == {"′"}:
            return base + above
        case "msup" | "mover", [base, above]:
            return base + _script(above, _ABOVE, "^")
        case "msubsup" | "munderover", [base, below, above]:
            return base + _script(below, _BELOW, "_") + _script(above, _ABOVE, "^")
        case "mspace" | "mtr", _:
            return f" {''.join(parts)} "
    text = element.text or ""
    # A name such as "log" and the letter after it are two words.
    return f" {text} " if element.tag == "mi" and len(text) > 1 else text + "".join(parts)


def _group(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _script(text: str, table: dict[int, int], sign: str) -> str:
    small = all(ord(character) in table for character in text)
    return text.translate(table) if small else sign + _group(text)
