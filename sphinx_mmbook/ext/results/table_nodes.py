"""Formatted tables as docutils nodes, which every writer sets as a table of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_mmbook.ext.guard import on_element
from sphinx_mmbook.ext.table_building import latex_columns, make_entry, make_table, verbatim

if TYPE_CHECKING:
    from sphinx import addnodes
    from sphinx.application import Sphinx

    from sphinx_mmbook.core.results.tables.table_text import FormattedTable, TableCell

Inline = Callable[[str], list[nodes.Node]]

#: Blanks as wide as a digit and as a point.
FIGURE_SPACE, PUNCTUATION_SPACE = "\u2007", "\u2008"


def table_nodes(
    table: FormattedTable, inline: Inline, classes: Sequence[str]
) -> tuple[addnodes.tabular_col_spec, nodes.table]:
    """Return what tells LaTeX of the columns, and the table, without caption and label.

    ``inline`` reads the author's Markdown.
    """
    widths = text_widths(table)
    head, body = (
        [_row(row, table.align, inline) for row in part] for part in (table.head, table.body)
    )
    columns = latex_columns(widths, table.align, len(body), long="longtable" in classes)
    classes = ["stored-table", "booktabs", "colwidths-auto", *classes]
    return make_table(head, body, widths, columns, classes)


def note_nodes(table: FormattedTable, note: str, inline: Inline) -> list[nodes.Node]:
    """Return what stands under the table: the author's note, and what explains marks."""
    found: list[nodes.Node] = []
    if note:
        found.append(nodes.paragraph(note, "", *inline(note), classes=["mmbook-table-note"]))
    if table.notes:
        text = " ".join(table.notes)
        marks = nodes.paragraph("", text, support_smartquotes=False, classes=["mmbook-table-note"])
        found.append(marks)
    return found


def _row(cells: Sequence[TableCell], align: Sequence[str], inline: Inline) -> list[nodes.entry]:
    row: list[nodes.entry] = []
    column = 0
    for cell in cells:
        side = "left" if cell.heading else align[column] if cell.width == 1 else "center"
        row.append(make_entry(_content(cell, inline, italic=cell.heading), side, cell.width))
        row[-1]["classes"] += ["mmbook-group"] if cell.width > 1 else []
        column += cell.width
    return row


def _content(cell: TableCell, inline: Inline, *, italic: bool) -> nodes.paragraph:
    if not (cell.authored or cell.bold or cell.unit or cell.pad or italic):
        return verbatim(cell.text)
    paragraph = nodes.paragraph("", support_smartquotes=False)
    text: list[nodes.Node] = inline(cell.text) if cell.authored else [nodes.Text(cell.text)]
    if cell.bold or italic:
        text = [(nodes.strong if cell.bold else nodes.emphasis)("", "", *text)]
    paragraph += text
    if cell.unit:
        paragraph += [nodes.Text(" ("), *inline(cell.unit), nodes.Text(")")]
    if cell.pad:
        blanks = "".join(PUNCTUATION_SPACE if sign in ".," else FIGURE_SPACE for sign in cell.pad)
        paragraph += nodes.inline("", blanks, classes=["mmbook-pad"], pad=cell.pad)
    return paragraph


def text_widths(table: FormattedTable) -> list[int]:
    """Return the widths of the columns in characters."""
    widths = [3] * len(table.align)
    for row in (*table.head, *table.body):
        if len(row) == len(widths):
            widths = [max(pair) for pair in zip(widths, map(_width, row), strict=True)]
    return widths


def _width(cell: TableCell) -> int:
    """Return the width of a cell in plain text, where bold is written as ``**bold**``."""
    unit = len(cell.unit) + 3 if cell.unit else 0
    return len(cell.text) + unit + len(cell.pad) + 4 * cell.bold + 2


class TablesInLatex(SphinxPostTransform):
    """Changes what LaTeX cannot set: spaces that few fonts have, and headings of groups of rows."""

    default_priority = 400
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the tables of the page."""
        for table in self.document.findall(nodes.table):
            if "stored-table" not in table["classes"]:
                continue
            with on_element(self.env, table, "a table"):
                self.change(table)

    def change(self, table: nodes.table) -> None:
        """Change one table."""
        for node in list(table.findall(nodes.inline)):
            if "pad" in node:
                safe = node["pad"].replace("%", r"\%")
                blank = nodes.raw("", rf"\phantom{{{safe}}}", format="latex", pad=node["pad"])
                node.replace_self(blank)
        for body in table.findall(nodes.tbody):
            for row in body.findall(nodes.row):
                entries = list(row.findall(nodes.entry))
                if len(entries) == 1 and "morecols" in entries[0]:
                    flatten(row, entries[0])


def flatten(row: nodes.row, entry: nodes.entry) -> None:
    """Let a cell that spans all columns stand in the first and overlap the others.

    Sphinx would align it as the last column.
    """
    empty = entry.attributes.pop("morecols")
    content = next(entry.findall(nodes.paragraph))
    content.insert(0, nodes.raw("", r"\rlap{", format="latex"))
    content.append(nodes.raw("", "}", format="latex"))
    row += [nodes.entry("", nodes.paragraph()) for _ in range(empty)]


def setup_table_nodes(app: Sphinx) -> None:
    """Register what LaTeX needs."""
    app.add_post_transform(TablesInLatex)
