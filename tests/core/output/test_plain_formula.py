"""Formulas as plain text, and a book's own commands for them."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.output.formula_macros import (
    brace_scripts,
    definitions,
    faults_of_macros,
    mathjax_macros,
)
from sphinx_mmbook.core.output.plain_formula import plain_formula
from sphinx_mmbook.core.output.tex import with_minus_signs

MACROS = {
    "R": r"\mathbb{R}",
    "norm": r"\lVert #1 \rVert",
    "maps": r"\R^{#1} \to \R^{#2}",
}


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\alpha", "α"),
        (r"\sum_{i=1}^n \infty", "∑ᵢ₌₁ⁿ∞"),
        (r"\frac{1}{\norm{x}^2}", "1/(‖x‖²)"),
        (r"\maps{n}{m}", "ℝⁿ→ℝᵐ"),
        (r"\hat{x}", "x\u0302"),
        (r"f'", "f′"),
        (r"\log p(x)", "log p(x)"),
        (r"\mathcal{L}_{\text{CLIP}}", "ℒ_CLIP"),
        (r"\mathbf{x}", "x"),
        (r"\sqrt{x+1}", "√(x+1)"),
        (r"\left(", r"\left("),
    ],
)
def test_a_formula_has_a_plain_form(tex: str, text: str) -> None:
    assert plain_formula(tex, MACROS) == text


def test_macros_are_written_for_each_program() -> None:
    assert definitions({"norm": "|#1|"}) == r"\newcommand{\norm}[1]{|#1|}"
    assert mathjax_macros(MACROS)["norm"] == [r"\lVert #1 \rVert", 1]
    assert mathjax_macros(MACROS)["R"] == r"\mathbb{R}"


@pytest.mark.parametrize("macros", [["R"], {"R2": "x"}, {"R": 1}, {"R": "#0"}, {"R": "{x"}])
def test_a_faulty_macro_is_told(macros: object) -> None:
    (fault,) = faults_of_macros(macros)
    assert fault.startswith("mmbook_macros")


@pytest.mark.parametrize("tex", [r"\{ #1 \}", r"\#", "x"])
def test_braces_and_signs_that_are_printed_are_no_faults(tex: str) -> None:
    assert faults_of_macros({"R": tex}) == []


def test_an_index_made_by_a_command_gets_braces() -> None:
    assert (
        brace_scripts(r"x_\mathcal{D}^\R + a_\alpha{b}", MACROS)
        == r"x_{\mathcal{D}}^{\R} + a_\alpha{b}"
    )
    assert brace_scripts(r"x^\norm{y}_i", MACROS) == r"x^{\norm{y}}_i"


@pytest.mark.parametrize(
    ("text", "printed"), [("-2.5", "−2.5"), ("1e-5", "1e−5"), ("2-5", "2-5"), ("CLIP-2", "CLIP-2")]
)
def test_only_hyphens_of_numbers_become_minus_signs(text: str, printed: str) -> None:
    assert with_minus_signs(text) == printed
