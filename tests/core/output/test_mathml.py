"""Formulas as MathML: well-formed and safe for any input."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.output.mathml import FormulaError, mathml


@pytest.mark.parametrize(
    "tex",
    [
        "a = b",
        r"\text{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
        r"\begin{align} a &= b \tag{2.1}\\ &= c \tag{2.2} \end{align}",
        r"\begin{aligned} a &< b \\ c & d \end{aligned}",
        r"\begin{gather} a \\ b \end{gather}",
        r"\begin{cases}1 & x>0\\0&\text{else}\end{cases}",
        r"\begin{equation*}\begin{split}a\end{split}\tag{A}\end{equation*}",
    ],
)
def test_formulas_are_well_formed(tex: str) -> None:
    root = ET.fromstring(mathml(tex, {}, display=True))
    assert root.tag.endswith("math")
    assert root.get("display") == "block"
    assert "&" not in "".join(root.itertext())


def test_numbers_stand_after_their_row() -> None:
    text = mathml(r"\begin{align} a &= b \tag{2.1}\\ &= c \tag{2.2} \end{align}", {})
    assert text.index("(2.1)") < text.index("<mi>c</mi>") < text.index("(2.2)")


def test_text_is_escaped_and_links_are_dropped() -> None:
    assert "<script" not in mathml(r"\text{<script>alert(1)</script>}", {})
    assert "javascript" not in mathml(r"\href{javascript:alert(1)}{x}", {})


def test_named_operators_show_no_star() -> None:
    assert "*" not in mathml(r"\operatorname*{arg\,min}_x f", {})


def test_what_cannot_be_converted_says_so() -> None:
    with pytest.raises(FormulaError):
        mathml(r"\left( a", {})


@pytest.mark.parametrize("tex", [r"\frac{a}", r"\displaystyle ^^5cinput"])
def test_an_incomplete_element_is_no_formula(tex: str) -> None:
    with pytest.raises(FormulaError, match="incomplete"):
        mathml(tex, {})


@given(st.text(alphabet=st.sampled_from("ab\\{}^_&<>$% \n\"'\x00\x1b"), max_size=30))
def test_any_text_is_xml_or_an_error(tex: str) -> None:
    with suppress(FormulaError):
        ET.fromstring(mathml(tex, {}))
