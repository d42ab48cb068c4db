"""Formulas: numbers as LaTeX gives them, whatever the author wrote around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.references.equations import equation, parse_display

ALIGN = r"""
\begin{align}
a &= b \label{eq-x} \\
  &= c \\[2pt]
  &= d \notag \\
e &= \begin{cases} 1 \\ 2 \end{cases} \label{eq-y}
\end{align}
"""


def test_each_row_has_a_number_but_for_notag() -> None:
    found = equation(ALIGN, bare=True)
    assert (found.labels, found.wrapped) == (("eq-x", "", "eq-y"), False)
    assert found.tex((r"\tag{1}", r"\tag{2}", r"\tag{3}")) == (
        "\\begin{align}\na &= b\\tag{1}\\\\\n  &= c\\tag{2}\\\\[2pt]\n  &= d \\notag\\\\\n"
        "e &= \\begin{cases} 1 \\\\ 2 \\end{cases}\\tag{3}\n\\end{align}"
    )


def test_labels_inside_of_dollars_number_the_rows_too() -> None:
    assert equation(ALIGN).labels == ("eq-x", "", "eq-y")


def test_dollars_have_no_number_without_label() -> None:
    found = equation(r"\begin{align} a \\ b \end{align}")
    assert (found.labels, found.wrapped) == ((), False)
    assert found.tex() == r"\begin{align*} a \\ b \end{align*}"


def test_label_outside_makes_one_number_of_all_rows() -> None:
    found = equation(r"\begin{align} a \\ b \notag \end{align}", "eq-x")
    assert (found.labels, found.wrapped) == (("eq-x",), True)
    assert found.tex() == r"\begin{aligned} a \\ b \end{aligned}"


def test_equation_and_multline_have_one_number() -> None:
    found = equation(r"\begin{equation} a \label{eq-x} \end{equation}", bare=True)
    assert (found.labels, found.wrapped, found.tex().strip()) == (("eq-x",), True, "a")
    found = equation(r"\begin{multline} a \\ b \end{multline}", bare=True)
    assert (found.labels, found.wrapped) == (("",), False)


def test_starred_has_no_number() -> None:
    for name in ("equation*", "align*", "multline*"):
        assert equation(rf"\begin{{{name}}} a \end{{{name}}}", bare=True).labels == ()


def test_last_line_end_makes_no_row() -> None:
    assert equation(r"\begin{gather} a \\ b \\ \end{gather}", bare=True).labels == ("", "")


def test_alignat_keeps_its_argument() -> None:
    found = equation(r"\begin{alignat}{2} a &= b & c \end{alignat}", bare=True)
    assert found.tex().startswith(r"\begin{alignat}{2} a")
    assert equation(r"\begin{alignat}{2} a \end{alignat}", "eq-x").tex() == (
        r"\begin{alignedat}{2} a \end{alignedat}"
    )


def test_comments_and_empty_lines_are_dropped() -> None:
    text = "\\begin{align}\na % \\label{no}\n\n\\\\ b 50\\% \n% gone\n\\end{align}"
    found = equation(text, bare=True)
    assert found.labels == ("", "")
    assert "\n\n" not in found.tex() and "%" in found.tex() and "no" not in found.tex()


def test_own_tag_stands_outside_of_the_rows() -> None:
    assert equation(r"a \\ b \tag{A}").tex() == (
        r"\begin{equation*}\begin{split}a \\ b\end{split}\tag{A}\end{equation*}"
    )
    assert equation(r"\begin{align} a \tag{A} \\ b \end{align}", bare=True).labels == ("",)


@pytest.mark.parametrize(
    "tex", ["a = b", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"a \begin{align} b"]
)
def test_other_formulas_stay_as_they_are(tex: str) -> None:
    assert (equation(tex, "eq-x").pieces, equation(tex, "eq-x").wrapped) == ((tex,), True)
    assert equation(tex).labels == ()


def test_environment_that_does_not_close_is_none() -> None:
    assert parse_display(r"\begin{align} { a \end{align}") is None
    assert parse_display(r"\begin{align} a } \end{align}") is None


@given(
    st.lists(
        st.sampled_from(
            [
                r"\\",
                r"\label{x}",
                "{",
                "}",
                r"\begin{align}",
                r"\end{align}",
                "&",
                "%",
                "\n",
                r"\tag{1}",
                "a",
                r"\begin{cases}",
                r"\end{cases}",
                r"\notag",
            ]
        )
    )
)
def test_any_formula_gives_one_mark_for_each_label(parts: list[str]) -> None:
    for bare in (False, True):
        found = equation(" ".join([r"\begin{align}", *parts, r"\end{align}"]), bare=bare)
        if found.wrapped:
            assert len(found.labels) <= 1
            continue
        assert len(found.pieces) == len(found.labels) + 1
        assert found.tex(("@",) * len(found.labels)).count("@") == len(found.labels)
