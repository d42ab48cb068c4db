"""What only the build finds: results that cannot be shown, and what LaTeX cannot set.

These are rules like all others: one name, a level that the book can change, a text that explains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core.rules.registry import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding


@rule("error", only_build=True)
def result_extra(book: Book) -> Iterable[Finding]:
    """A stored result has a format whose reader is not installed.

    Bad: ``results/accuracy.parquet`` without pyarrow

    Good: ``pip install "sphinx-mmbook[parquet]"``, as the message says; or a CSV file

    Why: the page shows a box in place of the table.
    """
    return ()


@rule("error", only_build=True)
def result_format(book: Book) -> Iterable[Finding]:
    """A stored result holds no table, number or figure that can be shown.

    Bad: a ``.pkl`` file, which can run code on whoever opens it; a list of lists of lists

    Good: ``store(table, "results/accuracy.csv")``

    Why: the page shows a box in place of the table.
    """
    return ()


@rule("error", only_build=True)
def result_too_large(book: Book) -> Iterable[Finding]:
    """A stored result is larger than a page of a book can use.

    Bad: a table of 200,000 rows

    Good: a summary; or the rows that matter, with ``:rows: 1-20`` or ``:where:``

    Why: no browser opens a page of that size in time, and nobody reads it.
    """
    return ()


@rule("error", only_build=True)
def result_option(book: Book) -> Iterable[Finding]:
    """An option of ``{stored-table}`` and its relatives cannot be understood.

    Bad: ``:columns: acuracy`` where the column is ``accuracy``

    Good: ``:columns: accuracy``

    Why: the page shows a box in place of the table.
    """
    return ()


@rule("error", only_build=True)
def result_value(book: Book) -> Iterable[Finding]:
    """A ``{stored}`` role names a row or column that is not there.

    Bad: ``{stored}`results/accuracy.csv#clipp,top1` ``

    Good: ``{stored}`results/accuracy.csv#clip,top1` ``

    Why: the text would have a gap where a number should be.
    """
    return ()


@rule("warning", only_build=True)
def missing_program(book: Book) -> Iterable[Finding]:
    """A program that converts pictures for an output is not installed.

    Bad: an SVG in a book whose PDF is built on a machine without ``rsvg-convert``

    Good: ``apt-get install librsvg2-bin``, as the message says

    Why: the output has the picture's alternative text in its place.
    """
    return ()


@rule("warning", only_build=True)
def glyph_missing(book: Book) -> Iterable[Finding]:
    """No font of the PDF has a character.

    Bad: an emoji in the text of a chapter

    Good: a word for it; or a font that has it, named by ``latex_elements`` in ``conf.py``

    Why: the PDF would have a gap, and LaTeX says so in its log only.
    """
    return ()


@rule("warning", only_build=True)
def glyph_direction(book: Book) -> Iterable[Finding]:
    """The PDF does not set text that runs from right to left.

    Bad: a sentence in Arabic or Hebrew

    Good: the sentence as a picture, or a transcription

    Why: the letters would stand in the wrong order.
    """
    return ()


@rule("warning", only_build=True)
def table_too_wide(book: Book) -> Iterable[Finding]:
    """A table is wider than a page of the PDF.

    Bad: a table of forty columns

    Good: ``:columns:`` with those that matter, or ``:transpose:``

    Why: its right part would be cut off.
    """
    return ()


@rule("error", only_build=True)
def epub_page(book: Book) -> Iterable[Finding]:
    """A page contains HTML that no reader of EPUB understands.

    Bad: an output of a cell with ``<svg xlink:href="#a">``, where nothing says what ``xlink`` is

    Good: a figure; or HTML whose tags are closed and whose names are known

    Why: readers of EPUB refuse the page, so a note stands in its place. Open tags, ``<br>`` and
    the like are mended without a word.
    """
    return ()


@rule("error", only_build=True)
def latex_error(book: Book) -> Iterable[Finding]:
    r"""LaTeX stops at an error.

    Bad: ``$\frac{1}{2$``

    Good: ``$\frac{1}{2}$``

    Why: there is no PDF. The message names the chapter and line.
    """
    return ()


@rule("warning", only_build=True)
def latex_undefined(book: Book) -> Iterable[Finding]:
    r"""LaTeX does not know what a reference refers to.

    Bad: ``\ref{fig:loss}`` in raw LaTeX

    Good: ``{numref}`fig-loss` ``

    Why: the PDF has two question marks in its place.
    """
    return ()


@rule("warning", only_build=True)
def latex_overfull(book: Book) -> Iterable[Finding]:
    r"""A line or formula of the PDF goes far beyond the margin.

    Bad: a formula of two hundred signs without a place to break

    Good: ``\begin{align}`` with several lines

    Why: its end is cut off in print.
    """
    return ()
