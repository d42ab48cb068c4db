"""Text, code and tables for LaTeX."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.output.tex import BREAK, Fit, breakable, escape_tex, fit_table


def test_specials_are_escaped() -> None:
    assert escape_tex("100 % & a_b {x} #1 $2 ~ ^ \\") == (
        r"100 \% \& a\_b \{x\} \#1 \$2 \textasciitilde{} \textasciicircum{} \textbackslash{}"
    )


def test_code_can_break_after_signs_and_in_long_runs() -> None:
    assert breakable("a_b.c/d") == f"a_{BREAK}b.{BREAK}c/{BREAK}d"
    assert breakable("someName") == f"some{BREAK}Name"
    assert breakable("short word") == "short word"
    assert max(len(part) for part in breakable("x" * 100).split(BREAK)) <= 30


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (2, Fit(free=True)),
        (10, Fit(free=True)),
        (12, Fit(r"\footnotesize", free=True)),
        (16, Fit(turned=True, free=True)),
        (40, Fit(r"\scriptsize", turned=True, fits=False)),
    ],
)
def test_wide_tables_shrink_then_turn_then_give_up(columns: int, expected: Fit) -> None:
    assert fit_table([["123456"] * columns]) == expected


def test_text_wraps_so_only_words_count() -> None:
    assert fit_table([["a long text of many words that can wrap " * 5] * 3]) == Fit()
    assert fit_table([["Speciesversicolor", "Std. Error"]]) == Fit(free=True)
    assert fit_table([]) == Fit(free=True)
    assert fit_table([["", ""]]) == Fit(free=True)
