"""What TeX cannot set in a formula is found without TeX; what it can is left alone."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.references.equations import unmatched
from sphinx_mmbook.core.references.formula_faults import faults, unknown, unknown_names


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"\frac{a", "'{' in this formula has no counterpart; add '}'"),
        (
            r"\begin{cases} a",
            r"'\begin{cases}' in this formula has no counterpart; add '\end{cases}'",
        ),
        (
            r"a \end{cases}",
            r"'\end{cases}' in this formula has no counterpart; add '\begin{cases}'",
        ),
        (r"\left( a", r"'\left' in this formula has no counterpart; add '\right'"),
        (r"\left( a } \right)", "'}' in this formula has no counterpart; add '{'"),
        (
            r"\left( a & b \right)",
            r"'\left' in this formula has no '\right' before the next '&'; add it",
        ),
        (r"\{ \left. a \right| \leftarrow \% \\ % {", ""),
    ],
)
def test_what_has_no_counterpart_is_named_with_it(tex: str, message: str) -> None:
    assert unmatched(tex) == message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("alhpa", r"website and PDF do not know '\alhpa'; did you mean '\alpha'?"),
        ("betax", r"website and PDF do not know '\betax'; did you mean '\beta x'?"),
        ("mathds", r"website and PDF do not know '\mathds'; write '\mathbb'"),
        ("textsc", r"the website does not know '\textsc'; write '\text'"),
        ("gt", r"the PDF does not know '\gt'; write '>'"),
    ],
)
def test_the_advice_on_a_command_is_that_of_the_case(name: str, message: str) -> None:
    found = unknown(name)
    assert found is not None
    assert found[0] == message


def test_a_command_of_a_package_gets_the_package() -> None:
    found = unknown("ce")
    assert found is not None
    assert r"add '\usepackage{mhchem}' to the preamble" in found[0]
    assert found[1], "the website has it"


def test_what_both_know_has_no_fault() -> None:
    tex = (
        r"\begin{pmatrix} \alpha & \mathbb{R} \end{pmatrix} \operatorname*{arg} \bm{x} \text{\foo}"
    )
    assert list(unknown_names(tex, frozenset())) == []
    assert list(faults(tex, False)) == []


@pytest.mark.parametrize(
    "piece", ["a_b_c", "{", "\\text{_", "\\left", "a'", "%", "\\\\", "\\foo", "&"]
)
def test_a_long_formula_takes_no_longer_than_its_length(piece: str) -> None:
    tex = piece * (100_000 // len(piece))
    unmatched(tex)
    for display in (False, True):
        assert sum(1 for _ in faults(tex, display)) <= len(tex)


@pytest.mark.parametrize(
    ("tex", "count"),
    [
        (r"\text{a_1}", 1),
        (r"\text{the $a_1$}", 0),
        (r"\text{the \(a_1\)}", 0),
        (r"\label{eq_1}", 0),
        (r"\ref{a_b}", 0),
    ],
)
def test_an_index_in_text_is_a_fault_and_none_in_a_name(tex: str, count: int) -> None:
    assert len(list(faults(f"x = {tex}", display=True))) == count


@pytest.mark.parametrize(
    ("tex", "display", "lost"),
    [
        ("50% of x", False, True),
        ("50% of x", True, True),
        ("x % a sum", True, False),
        ("x % a sum\n+ y", False, False),
        (r"x \label{a%b}", False, False),
    ],
)
def test_a_percent_sign_is_a_fault_where_no_comment_is_meant(
    tex: str, display: bool, lost: bool
) -> None:
    assert any("begins a comment" in fault.message for fault in faults(tex, display)) == lost
