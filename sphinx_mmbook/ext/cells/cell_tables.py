"""Data frames that a cell displays become tables of the book, in every output.

Jupyter gives HTML, which LaTeX cannot use, and Sphinx can neither caption nor number. Only text is
taken from it. Format: pandas' ``DataFrame.to_html`` and ``Styler.to_html``; polars' is alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, Tag
from docutils import nodes

from sphinx_mmbook.ext.table_building import latex_columns, make_entry, make_table, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What ends a line of text.
BLOCKS = ("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote")
UNSEEN = ("script", "style", "svg", "noscript", "template")
#: No cell spans more; a number beyond is a fault in the HTML.
MOST_SPAN = 1000
#: What a program shows as a table has less; a hostile output may keep a build busy for hours.
MOST_TAGS, MOST_DEPTH, MOST_CELLS = 400_000, 60, 100_000
_NUMBER = re.compile(
    r"[-+\u2212]?(?:\d++(?>(?:[,\u202f' ]+\d++)*)(?:\.\d+)?|\.\d+)([eE][-+]?\d+)?\s?%?|-?inf"
)
#: What stands for no value says nothing about its column.
_NOTHING = frozenset(
    {"", "-", "\u2013", "\u2014", "...", "\u2026", "nan", "nat", "none", "<na>", "null"}
)


@dataclass(frozen=True)
class Cell:
    """A cell of an HTML table in its place on the grid; ``width`` columns, ``height`` rows."""

    text: str
    column: int
    width: int
    height: int
    is_head: bool


@dataclass(frozen=True)
class Grid:
    """The rows of an HTML table: those of its head, and the others."""

    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    columns: int
    note: str = ""


def find_table(html: str, *, any_table: bool = False) -> Grid | None:
    """Return the first data frame in HTML, or with ``any_table`` the first table."""
    if "<table" not in html or "<script" in html:  # interactive tables stay what they are
        return None
    soup = _parsed(html)
    table = soup and (soup.find("table") if any_table else soup.find("table", class_="dataframe"))
    if not soup or table is None or table.find("table"):
        return None
    rows = table.find_all("tr")
    parts = [
        [row for row in rows if bool(row.find_parent("thead")) is head] for head in (True, False)
    ]
    if len(rows) * _columns(rows) > MOST_CELLS:
        return None
    head, body = _lift_names(_lay_out(parts[0])), _lay_out(parts[1])
    columns = max((cell.column + cell.width for row in (*head, *body) for cell in row), default=0)
    # What pandas and polars say of the size of a table that is not shown in full.
    around = [tag for tag in soup.find_all(["p", "small"]) if not tag.find_parent("table")]
    note = " ".join(filter(None, map(_text, around)))
    return Grid(head, body, columns, note) if columns and body else None


def _columns(rows: Sequence[Tag]) -> int:
    """Return at least how many columns the cells of these rows may take."""
    cells = ((_span(cell, "colspan") for cell in row.find_all(["th", "td"])) for row in rows)
    return max(map(sum, cells), default=0)


def _parsed(html: str) -> BeautifulSoup | None:
    """Return parsed HTML, unless it is too long or too deep for anybody's table."""
    if html.count("<") > MOST_TAGS:
        return None
    soup = BeautifulSoup(html, "html.parser")
    depth = {id(soup): 0}
    for tag in soup.descendants:
        if isinstance(tag, Tag):
            depth[id(tag)] = depth[id(tag.parent)] + 1
            if depth[id(tag)] > MOST_DEPTH:
                return None
    return soup


def html_paragraphs(html: str) -> list[str]:
    """Return the text of HTML, block by block; none if it only draws or runs something."""
    soup = _parsed(html)
    paragraphs = "".join(_pieces(soup)).split("\n\n") if soup else []
    return [text for part in paragraphs if (text := " ".join(part.split()))]


def _pieces(parent: Tag) -> Iterator[str]:
    for child in parent.children:
        if not isinstance(child, Tag):
            if type(child) in (NavigableString, CData):
                yield str(child)
        elif child.name not in UNSEEN:
            yield from _pieces(child)
            if child.name in BLOCKS:
                yield "\n\n"


def _lift_names(head: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Put the names of an index, which pandas gives a row of their own, into the row above.

    Only where that row has room for them, that is, where the columns have no name.
    """
    if len(head) < 2 or any(cell.height > 1 for cell in head[-2]):
        return head
    above = {cell.column: cell for cell in head[-2]}
    names = [cell for cell in head[-1] if cell.text]
    free = all(
        column.text == "" and column.width == column.height == 1
        for name in names
        if (column := above.get(name.column, name))
    )
    leading = names == list(head[-1][: len(names)]) and 0 < len(names) < len(head[-1])
    if not (free and leading):
        return head
    above |= {name.column: name for name in names}
    return (*head[:-2], tuple(above[column] for column in sorted(above)))


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name, "1"))
    return min(max(int(value), 1), MOST_SPAN) if value.isascii() and value.isdigit() else 1


def _lay_out(rows: Sequence[Tag]) -> tuple[tuple[Cell, ...], ...]:
    """Find the column of each cell: those that hang down from rows above come first."""
    laid_out: list[tuple[Cell, ...]] = []
    hanging: dict[int, int] = {}  # column -> rows that a cell above still takes
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        column = 0
        taken = {column for column, left in hanging.items() if left > 0}
        hanging = {column: left - 1 for column, left in hanging.items() if left > 0}
        for tag in row.find_all(["th", "td"]):
            while column in taken:
                column += 1
            width = _span(tag, "colspan")
            while width > 1 and any(column + step in taken for step in range(width)):
                width -= 1
            height = min(_span(tag, "rowspan"), len(rows) - number)
            cells.append(Cell(_text(tag), column, width, height, tag.name == "th"))
            hanging |= {column + step: height - 1 for step in range(width)}
            column += width
        laid_out.append(tuple(cells))
    return tuple(laid_out)


def table_nodes(grid: Grid, classes: Sequence[str] = ()) -> tuple[list[nodes.Node], nodes.table]:
    """Return the nodes that show a table, and among them the table, for caption and label."""
    sides = [
        "right" if column in numeric_columns(grid) else "left" for column in range(grid.columns)
    ]
    widths, rows = _widths(grid), len(grid.head) + len(grid.body)
    head = [_row(row, sides, "") for row in _full(grid.head, grid)]
    body = [_row(row, sides, "stub") for row in _full(grid.body, grid)]
    columns = latex_columns(widths, sides, rows, long=False)
    classes = ["dataframe", "booktabs", "colwidths-auto", *classes]
    spec, table = make_table(head, body, widths, columns, classes)
    stubs = _stubs(grid)
    for node in list(table.findall(nodes.colspec))[:stubs]:
        # Sphinx's LaTeX writer asks whether a column has "stub", whatever it says.
        node["stub"] = 1
    shown: list[nodes.Node] = [spec, table]
    if grid.note:
        shown.append(nodes.paragraph("", grid.note, classes=["mmbook-table-note"]))
    return shown, table


def numeric_columns(grid: Grid) -> frozenset[int]:
    """Return the columns whose body cells are all numbers, apart from missing values."""
    texts: dict[int, list[str]] = {}
    for row in grid.body:
        for cell in row:
            if not cell.is_head and cell.width == 1 and cell.text.lower() not in _NOTHING:
                texts.setdefault(cell.column, []).append(cell.text)
    return frozenset(c for c, found in texts.items() if all(map(_NUMBER.fullmatch, found)))


def _stubs(grid: Grid) -> int:
    """Return how many columns at the left are headings of their rows.

    docutils' HTML writer counts a row's entries, not its columns, so it takes the wrong entries for
    headings where a cell hangs down: such tables have none.
    """
    if any(cell.height > 1 for row in grid.body for cell in row):
        return 0
    heads = [sum(cell.width for cell in row if cell.is_head) for row in grid.body]
    return heads[0] if len(set(heads)) == 1 and heads[0] < grid.columns else 0


def _widths(grid: Grid) -> list[int]:
    """Return the widths of the columns in characters."""
    widths = [3] * grid.columns
    for row in (*grid.head, *grid.body):
        for cell in row:
            if cell.width == 1:
                widths[cell.column] = max(widths[cell.column], len(cell.text) + 2)
    return widths


def _full(rows: tuple[tuple[Cell, ...], ...], grid: Grid) -> list[tuple[Cell, ...]]:
    """Fill rows that are too short with empty cells; writers fail on holes."""
    taken: set[tuple[int, int]] = set()
    full = []
    for number, row in enumerate(rows):
        for cell in row:
            taken |= {
                (number + down, cell.column + step)
                for down in range(cell.height)
                for step in range(cell.width)
            }
        holes = [column for column in range(grid.columns) if (number, column) not in taken]
        blanks = [Cell("", column, 1, 1, False) for column in holes]
        full.append(tuple(sorted([*row, *blanks], key=lambda cell: cell.column)))
    return full


def _row(cells: tuple[Cell, ...], sides: Sequence[str], head_class: str) -> list[nodes.entry]:
    row = []
    for cell in cells:
        side = sides[cell.column] if cell.width == 1 else "left"
        row.append(make_entry(verbatim(cell.text), side, cell.width, cell.height))
        row[-1]["classes"] += [head_class] if cell.is_head and head_class else []
    return row
