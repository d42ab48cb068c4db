"""Tables as docutils nodes, which every writer sets as a table of its own: their one maker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx import addnodes

Rows = Iterable[Sequence[nodes.entry]]

#: In LaTeX, a column with a longer cell breaks its lines. From 31 rows on Sphinx sets a table that
#: breaks across pages, whose columns need a width.
LONG_CELL, LONG_TABLE = 30, 30


def verbatim(text: str) -> nodes.paragraph:
    """Return text as it is: two hyphens stay two, a quotation mark keeps its form."""
    return nodes.paragraph("", text, support_smartquotes=False)


def make_entry(
    content: nodes.paragraph, side: str = "", width: int = 1, height: int = 1
) -> nodes.entry:
    """Return a cell over some columns and rows; a class such as ``mmbook-left`` aligns it."""
    entry = nodes.entry("", content, classes=[f"mmbook-{side}"] if side else [])
    if height > 1:
        entry["morerows"] = height - 1
    if width > 1:
        entry["morecols"] = width - 1
    return entry


def make_table(
    head: Rows, body: Rows, widths: Sequence[int], columns: str, classes: Sequence[str]
) -> tuple[addnodes.tabular_col_spec, nodes.table]:
    """Return what tells LaTeX of the columns, and the table, without caption and label.

    ``widths`` are in characters: they are for the text writer; browsers and LaTeX know better.
    """
    table = nodes.table(classes=list(classes))
    group = nodes.tgroup(cols=len(widths))
    group += [nodes.colspec(colwidth=min(width, LONG_CELL)) for width in widths]
    parts = [[nodes.row("", *row) for row in rows] for rows in (head, body)]
    group += [nodes.thead("", *parts[0])] if parts[0] else []
    group += nodes.tbody("", *parts[1])
    table += group
    spec = addnodes.tabular_col_spec()
    spec["spec"] = columns
    return spec, table


def latex_columns(widths: Sequence[int], sides: Sequence[str], rows: int, *, long: bool) -> str:
    """Return the columns in the language of Sphinx's ``tabularcolumns``; ``long`` breaks pages."""
    columns = ""
    for width, side in zip(widths, sides, strict=True):
        if width <= LONG_CELL or side != "left":
            columns += side[0]
        elif rows <= LONG_TABLE and not long:
            columns += "L"  # breaks lines as the page needs it; only for tables of one page
        else:
            columns += rf"\X{{{width}}}{{{sum(widths)}}}"
    return columns
