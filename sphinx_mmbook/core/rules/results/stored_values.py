"""Rules on what pages ask of stored results: options, columns, rows, and where a number stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.lookup import path_from
from sphinx_mmbook.core.files.paths import is_within
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.references.shown_files import SHOW_RESULTS
from sphinx_mmbook.core.results.values.fault import ResultFault, missing_extra
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.results.tables.layout import Layout
    from sphinx_mmbook.core.results.tables.row_selection import Selection

#: A role in a table of pipes whose format has a bar that is not escaped.
_BAR = re.compile(r"(\{stored\}`[^`|]*[^`|\\\s])\s*\|\s*([^`|\s]+)\s*`")
_ROLE = re.compile(r"\{stored\}`")


@rule("error", of_file=True)
def result_option(book: Book) -> Iterator[Finding]:
    """An option of ``{stored-table}`` and its relatives cannot be understood.

    Bad: ``:columns: acuracy`` where the column is ``accuracy``; ``:colums: accuracy``

    Good: ``:columns: accuracy``

    Why: the page shows a box in place of the table, or leaves the option out. The build reports it
    as well; of Excel, NumPy and NetCDF files, only the build.
    """
    for page, element in book.elements("directive"):
        if element.name not in SHOW_RESULTS:
            continue
        yield from _unknown(book, element)
        options = {option.name: option.text for option in element.options}
        try:
            _try(book, page, element, options)
        except ResultFault as fault:
            target = f"'{element.text.strip()}'" if element.text.strip() else "this table"
            rule = fault.rule if fault.rule == "result-too-large" else "result-option"
            yield Finding(element.at, rule, f"{target} {fault.text}", "error")


def _unknown(book: Book, element: Element) -> Iterator[Finding]:
    one = book.vocabulary.directive(element.name)
    known = one.options if one else {}
    for option in element.options if one else ():
        if option.name and option.name not in known:
            text = f"{{{element.name}}} has no option '{option.name}'"
            yield found(option.at, text + (did_you_mean(option.name, known) or "; leave it out"))


def _try(book: Book, page: Page, element: Element, options: Mapping[str, str]) -> None:
    """Read the options as the build does, and look for the columns that they name.

    :raises ResultFault: if one of them does not fit.
    """
    # Only books that show results wait for these.
    from sphinx_mmbook.core.results.head import cells_of  # noqa: PLC0415
    from sphinx_mmbook.core.results.model_comparison import parse_comparison  # noqa: PLC0415
    from sphinx_mmbook.core.results.request import reader_of  # noqa: PLC0415
    from sphinx_mmbook.core.results.tables.layout import parse_layout  # noqa: PLC0415
    from sphinx_mmbook.core.results.tables.row_selection import parse_selection  # noqa: PLC0415

    if element.name == "stored-models":
        parse_comparison(options)
        if not (element.text + element.body).strip():
            raise ResultFault("result-option", "names no model; write a file in each line")
    if element.name != "stored-table":
        return
    layout, selection = parse_layout(options), parse_selection(options)
    rows = options.get("header-rows", "1")
    header_rows = int(rows) if rows.isdecimal() and 0 < int(rows) < 100 else 1
    file = _file(book, page, element.text.strip())
    if file:
        reader_of(file.suffix)
    cells: Any = file and cells_of(file, header_rows, options.get("element", ""))
    if cells is not None:
        _fit(cells, layout, selection)


def _fit(cells: Any, layout: Layout, selection: Selection) -> None:
    """Look for the columns that options name, and at the size of the table.

    :raises ResultFault: if one is not there, or the table too large.
    """
    from sphinx_mmbook.core.results.tables.columns import Columns  # noqa: PLC0415
    from sphinx_mmbook.core.results.tables.row_selection import numbered  # noqa: PLC0415
    from sphinx_mmbook.core.results.tables.table_text import check_shape  # noqa: PLC0415

    columns = Columns(cells, layout.columns)
    shown = columns.chosen(layout)
    groups = [] if layout.group_by is None else [layout.group_by]
    pairs = (*layout.formats, *layout.units, *layout.best, *selection.sort)
    for name in (*(pair[0] for pair in pairs), *(layout.thousands or ()), *groups):
        columns.position(name)
    if selection.where:
        columns.of_condition(selection.where)
    elif cells.known:
        rows = len(numbered(range(len(cells)), selection, len(cells)))
        check_shape(rows, len({*shown} - {*map(columns.position, groups)}), layout)


@rule("error", of_file=True)
def result_value(book: Book) -> Iterator[Finding]:
    """A ``{stored}`` role names a row or column that is not there.

    Bad: ``{stored}`results/accuracy.csv#clipp,top1` ``

    Good: ``{stored}`results/accuracy.csv#clip,top1` ``; a row by its position is ``#[4],top1``

    Why: the text would have a gap where a number should be. The build reports it as well; of Excel,
    NumPy and NetCDF files, and of rows of Parquet files, only the build.
    """
    for page, element in book.elements("role"):
        if element.name == "stored":
            try:
                _look_up(book, page, element.text)
            except ResultFault as fault:
                target = element.text.partition("#")[0].strip()
                yield found(element.at, f"'{target}' {fault.text}")
    yield from _not_installed(book)


def _not_installed(book: Book) -> Iterator[Finding]:
    """Yield the models of R that cannot be shown, since what computes their p-values is missing."""
    for use in book.results_shown:
        from sphinx_mmbook.core.results.head import lacks_scipy  # noqa: PLC0415 -- see above

        file = _file(book, use.page, use.target)
        if file and lacks_scipy(file):
            fault = missing_extra("scipy", "r")
            yield Finding(use.at, fault.rule, f"'{use.target}' {fault.text}", "error")


def _look_up(book: Book, page: Page, text: str) -> None:
    """Look for the row and column of a role.

    :raises ResultFault: if they are not there.
    """
    from sphinx_mmbook.core.results.head import check_value  # noqa: PLC0415 -- see above
    from sphinx_mmbook.core.results.request import reader_of  # noqa: PLC0415
    from sphinx_mmbook.core.results.value_lookup import parse_references  # noqa: PLC0415

    references = parse_references(text)
    if file := _file(book, page, references[0].target):
        reader_of(file.suffix)
        check_value(file, references)


def _file(book: Book, page: Page, target: str) -> Path | None:
    """Return the file that a page names; None if it is not there, or no file of the book."""
    path = path_from(page.path, target)
    known = book.files.get(path)
    if known is None or (known.is_link and not is_within(book.folder, path)):
        return None
    return book.folder / path if (book.folder / path).is_file() else None


@rule("error")
def result_role(book: Book) -> Iterator[Finding]:
    """A ``{stored}`` role is used where it is not read: in a formula, or with a bar in a table.

    Bad: ``| {stored}`results/a.csv#clip,top1|.1%` |``; ``$x = {stored}`a.csv#b,c`$``

    Good: ``| {stored}`results/a.csv#clip,top1 as .1%` |``; ``$x =$ {stored}`a.csv#b,c` ``

    Why: a bar ends the cell of a table, and a formula is LaTeX: readers see the role itself.
    """
    for page in book.pages.values():
        if "{stored}" not in page.source.text:
            continue
        for element in page.of("math"):
            if _ROLE.search(element.body):
                text = "a role is not read inside of a formula; end the formula before it"
                yield found(element.at, text)
        for element in page.of("table"):
            at = element.at
            while page.line(at).strip():
                for match in _BAR.finditer(page.line(at)):
                    place = at._replace(column=match.start() + 1)
                    new = f"{match[1]} as {match[2]}`"
                    text = f"the bar before '{match[2]}' ends the cell of the table; write '{new}'"
                    yield found(place, text, Edit(place, match[0], new))
                at = at._replace(line=at.line + 1)
