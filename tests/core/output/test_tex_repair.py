"""The book's LaTeX without a block that LaTeX cannot set."""

from __future__ import annotations

from sphinx_mmbook.core.output.tex_repair import without_block

TEX = r"""\documentclass{book}
%
% mmbook: a.md:1
\chapter{A \(\foo\)}
\label{\detokenize{a:sec-a}}\label{\detokenize{a::doc}}
%
% mmbook: a.md:3
\begin{equation}\label{equation:a:eq-b}
b
\end{equation}
\begin{quote}
%
% mmbook: a.md:5

\sphinxAtStartPar
Text \foo
\end{quote}
%
% mmbook: a.md:9

\sphinxAtStartPar
Last.
"""


def line_of(text: str) -> int:
    return TEX[: TEX.index(text)].count("\n") + 1


def test_a_formula_leaves_its_number_and_label() -> None:
    mended = without_block(TEX, line_of("b\n\\end{eq"), "lost")
    assert r"\refstepcounter{equation}\label{equation:a:eq-b}\itshape\sloppy a.md:3: lost" in mended
    assert r"\begin{equation}" not in mended


def test_what_is_around_a_block_goes_on() -> None:
    mended = without_block(TEX, line_of("Text"), "lost")
    assert mended.count(r"\begin{quote}") == mended.count(r"\end{quote}") == 2
    assert "Text" not in mended and "Last." in mended


def test_what_a_block_begins_and_ends_itself_goes_with_it() -> None:
    inner = TEX.replace("Text \\foo", "\\begin{center}\nText \\foo\n\\end{center}")
    mended = without_block(inner, line_of("Text"), "lost")
    assert mended.count(r"\begin{quote}") == mended.count(r"\end{quote}") == 2
    assert "center" not in mended and "Last." in mended


def test_a_heading_stays_a_heading() -> None:
    mended = without_block(TEX, line_of(r"\chapter"), "lost")
    assert r"\chapter{a.md:1: lost}\label{\detokenize{a:sec-a}}" in mended


def test_the_preamble_is_no_block() -> None:
    assert without_block(TEX, 1, "lost") == ""
