"""What only the build finds: code cells that cannot be run, or fail.

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
def notebook_header(book: Book) -> Iterable[Finding]:
    """A page has code cells, but nothing that makes it a notebook.

    Bad: a ``{code-cell}`` on a page whose front matter has no ``file_format``

    Good: ``file_format: mystnb`` and ``kernelspec: {name: python3}`` in the front matter

    Why: the cells are shown, but not run.
    """
    return ()


@rule("error", only_build=True)
def code_cell_nested(book: Book) -> Iterable[Finding]:
    """A code cell stands inside another block.

    Bad: a ``{code-cell}`` in a list, a note or a quotation

    Good: the same at the left margin

    Why: MyST-NB runs only cells that stand by themselves.
    """
    return ()


@rule("error", only_build=True)
def cell_option(book: Book) -> Iterable[Finding]:
    """An option of a code cell is misspelt, or has a value that does not fit.

    Bad: ``#| lable: fig-loss``

    Good: ``#| label: fig-loss``

    Why: the figure would have no number, and nobody would know why.
    """
    return ()


@rule("error", only_build=True)
def cell_without_output(book: Book) -> Iterable[Finding]:
    """A cell with a label or caption has no output that could carry it.

    Bad: ``#| label: fig-loss`` in a cell that draws nothing

    Good: a last line that shows the figure or table; for tables ``#| tbl-cap:``

    Why: references to the label lead nowhere.
    """
    return ()


@rule("error", only_build=True)
def cell_error(book: Book) -> Iterable[Finding]:
    """A cell ends with an error.

    Bad: ``1 / 0``

    Good: the cell mended; or tagged ``raises-exception`` where the error is what it shows

    Why: the page has the error in place of its results. The other pages are built all the same.
    """
    return ()


@rule("error", only_build=True)
def cell_timeout(book: Book) -> Iterable[Finding]:
    """A cell takes too long.

    Bad: a training of an hour in a chapter

    Good: a program that stores its result; or ``mystnb: {execution_timeout: 600}`` in the front
    matter

    Why: nobody could build the book.
    """
    return ()


@rule("error", only_build=True)
def kernel_missing(book: Book) -> Iterable[Finding]:
    """A chapter asks for a kernel that is not installed.

    Bad: ``kernelspec: {name: my-env}``

    Good: ``kernelspec: {name: python3}``

    Why: nobody else has the kernel of that name, so the chapter does not run.
    """
    return ()


@rule("error", only_build=True)
def kernel_start(book: Book) -> Iterable[Finding]:
    """A kernel does not start.

    Bad: an environment in which ``ipykernel`` is broken

    Good: ``pip install --force-reinstall ipykernel``

    Why: the chapter does not run.
    """
    return ()


@rule("error", only_build=True)
def kernel_died(book: Book) -> Iterable[Finding]:
    """A kernel died while it ran a cell.

    Bad: more memory asked for than there is; a crash in compiled code

    Good: a smaller example, or a program outside of the book that stores its result

    Why: the chapter has no results from that cell on. The other pages are built all the same.
    """
    return ()


@rule("error", only_build=True)
def page_failed(book: Book) -> Iterable[Finding]:
    """Something on a page made the extension, or another one, fail.

    Bad: a directive of another extension that ends with an error of its own

    Good: the directive mended or taken out

    Why: the page has a box in its place. The other pages are built all the same.
    """
    return ()
