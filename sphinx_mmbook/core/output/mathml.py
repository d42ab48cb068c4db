"""Formulas as MathML, for readers that run no scripts."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.output.formula_macros import definitions

if TYPE_CHECKING:
    from collections.abc import Mapping

# The converter sets "split" as a table, and these, which mean the same, not at all.
_ALIGNED = re.compile(
    r"\\(begin|end)\{(?:align|aligned|alignedat|alignat|flalign)\*?\}(?:\{\d+\})?"
)
_GATHERED = re.compile(r"\\(begin|end)\{(?:gather|gathered|multline)\*?\}")
_AROUND = re.compile(r"\\(?:begin|end)\{(?:equation|displaymath)\*?\}")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
#: Elements that must have so many parts; the converter writes what was typed, ``\\frac{a}`` too.
CHILDREN = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3,
    "munderover": 3,
}  # fmt: skip
# What no XML may contain.
_CONTROLS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FormulaError(ValueError):
    """A formula that the converter does not understand."""


def mathml(tex: str, macros: Mapping[str, str], display: bool = False) -> str:
    """Return TeX as a MathML element, as text; numbers given by ``\\tag`` stand after their row.

    :raises FormulaError: with the reason.
    """
    return tostring(mathml_element(tex, macros, display), encoding="unicode")


def mathml_element(tex: str, macros: Mapping[str, str], display: bool = False) -> Element:
    """Return TeX as a MathML element; ``macros`` are the book's own commands.

    :raises FormulaError: with the reason.
    """
    # 3 MB in memory, which a website does not need.
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415

    tex = _CONTROLS.sub("", tex)
    tex = _AROUND.sub("", _TAG.sub(r"\\qquad\\text{(\1)}", tex))
    # The star says where limits go; the converter would show it.
    tex = tex.replace(r"\operatorname*", r"\operatorname")
    tex = _ALIGNED.sub(r"\\\1{split}", _GATHERED.sub(r"\\\1{matrix}", tex))
    used = macros if any(f"\\{name}" in tex for name in macros) else {}
    try:
        element = convert_to_element(
            definitions(used) + tex, display="block" if display else "inline"
        )
    except Exception as error:  # The converter raises what its own parts raise.
        raise FormulaError(type(error).__name__) from error
    for part in element.iter():
        if len(part) != CHILDREN.get(part.tag, len(part)):
            raise FormulaError(f"{part.tag} is incomplete")
        _make_safe(part)
    return element


def _make_safe(element: Element) -> None:
    """Turn the converter's entities into characters, so that all of them are escaped in writing."""
    element.text = unescape(element.text) if element.text else element.text
    element.tail = unescape(element.tail) if element.tail else element.tail
    for name in list(element.attrib):
        if name == "href" or name.startswith("on"):
            del element.attrib[name]
