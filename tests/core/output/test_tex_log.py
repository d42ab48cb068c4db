"""LaTeX's log and notes, read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.output.tex_aux import (
    chapter_anchor,
    page_range,
    read_labels,
)
from sphinx_mmbook.core.output.tex_log import error_line, findings, location_of, mark, marks_of

TEX = rf"""\documentclass{{book}}
{mark(Location("a.md", 7))}
\section{{One}}
{mark(Location("chapters/x y/index.md", 40))}

\sphinxAtStartPar
first line
second \foo line
{mark(Location("n.ipynb", 5, cell=3))}
\begin{{equation}}
"""


def line_of(words: str) -> int:
    return next(n for n, line in enumerate(TEX.splitlines(), 1) if words in line)


def test_a_line_of_a_paragraph_is_its_line_in_the_chapter() -> None:
    marks = marks_of(TEX)
    assert location_of(line_of("first"), marks) == Location("chapters/x y/index.md", 40)
    assert location_of(line_of("second"), marks) == Location("chapters/x y/index.md", 41)
    assert location_of(line_of("One"), marks) == Location("a.md", 7)
    assert location_of(line_of("equation"), marks) == Location("n.ipynb", 5, cell=3)
    assert location_of(1, marks) is None


def test_what_follows_a_paragraph_is_not_beyond_the_end_of_its_page() -> None:
    """An address in the works cited was told at line 262 of a page of 170."""
    marks = marks_of(
        f"{mark(Location('a.md', 170))}\n\n\\sphinxAtStartPar\nlast\n\n\nworks\n\n\ncited\n"
    )
    assert {location_of(line, marks) for line in (5, 8, 11)} == {Location("a.md", 170)}


@pytest.mark.parametrize(
    "said",
    [
        "LaTeX Error: File `luatex85.sty' not found.",
        "Package sphinx Error: ** With this LuaTeX (115),Sphinx requires luatex85.sty **.",
    ],
)
def test_a_package_that_latex_lacks_is_named_with_where_to_get_it(said: str) -> None:
    """With latex_engine = 'lualatex', Debian's texlive-luatex is needed."""
    log = f"book.tex:7: {said}\n\nl.7 \n"
    (finding,) = findings(log, TEX, "book.tex")
    assert "lacks its package 'luatex85'" in finding.message
    assert finding.message.endswith("from texlive-luatex")


@pytest.mark.parametrize(
    "at", [Location("a.md"), Location("a.md", 1), Location("x y.ipynb", 5, cell=3)]
)
def test_a_mark_is_read_as_it_was_written(at: Location) -> None:
    ((line, found, text),) = marks_of("text" + mark(at))
    assert (line, found, text) == (2, at, False)


def test_undefined_command_is_named() -> None:
    line = line_of("second")
    log = (
        f"./book.tex:{line}: Undefined control sequence.\n<recent> x\nl.{line} second \\foo\n line"
    )
    (finding,) = findings(log, TEX, "book.tex")
    assert str(finding) == (
        r"chapters/x y/index.md:41: error: undefined command \foo; "
        "correct it, or define it for LaTeX [mmbook.latex-error]"
    )


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("./book.tex:{n}: LaTeX Error: Bad math.\nl.{n} x $", "LaTeX says: Bad math, at 'x $'"),
        ("./book.tex:{n}: Missing $ inserted.", "LaTeX says: Missing $ inserted"),
        (r"Overfull \hbox (23.4pt too wide) in paragraph at lines {n}--{n}", "23 pt too wide"),
        (r"Overfull \vbox (9.0pt too high) detected at line {n}", "9 pt too high"),
        ("LaTeX Warning: Reference `a' on page 3 undefined on input line {n}.", "`a' on page 3"),
    ],
)
def test_what_latex_complains_of_is_placed(log: str, said: str) -> None:
    (finding,) = findings(log.replace("{n}", str(line_of("first"))), TEX, "book.tex")
    assert said in finding.message
    assert finding.location == Location("chapters/x y/index.md", 40)


def test_what_nobody_sees_is_not_said() -> None:
    assert findings(r"Overfull \hbox (4.9pt too wide) detected at line 9", TEX, "book.tex") == []


def test_errors_in_other_files_stay_there() -> None:
    (finding,) = findings("./own.sty:3: Undefined control sequence.", TEX, "book.tex")
    assert finding.location == Location("own.sty", 3)


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ("./book.tex:7: Missing $ inserted.\n./book.tex:9: Bad math.", 7),
        ("./own.sty:3: Undefined control sequence.\n./book.tex:9: Bad math.", 0),
        ("LaTeX Warning: Reference `a' on page 3 undefined on input line 8.", 0),
        ("", 0),
    ],
)
def test_the_line_at_which_latex_stopped_is_that_of_its_first_error(log: str, line: int) -> None:
    assert error_line(log, "book.tex") == line


@given(st.text(), st.text())
def test_any_log_is_read(log: str, tex: str) -> None:
    findings(log, tex, "book.tex")


AUX = r"""
\newlabel{preface::doc}{{}{v}{Preface}{chapter*.3}{}}
\newlabel{chapters/x/index::doc}{{5}{27}{From {text} to image}{chapter.5}{}}
\newlabel{chapters/x/index:fig-a}{{5.1}{28}{A figure\relax }{figure.caption.7}{}}
\newlabel{works:ref-a}{{}{55}{Works}{section*.9}{}}
"""


def test_labels_have_number_page_and_anchor() -> None:
    labels = read_labels(AUX)
    assert (labels["chapters/x/index:fig-a"].number, labels["preface::doc"].page) == ("5.1", "v")
    assert chapter_anchor(labels, "chapters/x/index") == "chapter.5"
    assert chapter_anchor(labels, "chapters/y/index") == ""


def test_a_chapter_ends_where_the_next_thing_begins() -> None:
    assert page_range(3, [1, 9, 5], 20) == range(3, 5)
    assert page_range(9, [1, 9, 5], 20) == range(9, 20)
