"""The ``{stored-table}`` directive: a table from a file of the chapter's ``results/``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.paths import inside_book, locate
from sphinx_mmbook.core.results.read import Request
from sphinx_mmbook.core.results.show import show_table
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

    from sphinx_mmbook.core.finding import Finding
    from sphinx_mmbook.core.results.table import FormattedTable

#: In LaTeX, a column with a longer cell breaks its lines. From 31 rows on Sphinx sets a table that
#: breaks across pages, whose columns need a width.
LONG_CELL = 30
LONG_TABLE = 30


class StoredTable(SphinxDirective):
    """Shows a stored result as a table.

    Example::

        ```{stored-table} results/iris.csv
        :label: tbl-iris
        :caption: Sepal length explained by the other measurements
        :columns: =Term, Estimate, Std. Error=SE, t value
        :digits: 4, t value=3
        ```
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, object]] = {  # type: ignore[assignment]
        "label": directives.unchanged_required,
        "name": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "columns": directives.unchanged_required,
        "digits": directives.unchanged_required,
        "align": directives.unchanged_required,
        "missing": directives.unchanged,
        "element": directives.unchanged_required,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        """Return the table, or where one would be, what is wrong with it."""
        try:
            table = self.formatted()
        except BookError as error:
            report(self.env, error.finding)
            return [fault_box(error.finding)]
        spec = addnodes.tabular_col_spec()
        spec["spec"] = latex_columns(table)
        return [spec, self.table_node(table)]

    def formatted(self) -> FormattedTable:
        """Read the file and format it.

        :raises BookError: if that cannot be done.
        """
        target, at = self.arguments[0].strip(), self.place()
        page = self.env.doc2path(self.env.docname, base=False).as_posix()
        # Also a missing file: when it appears, the page must be read again.
        self.env.note_dependency(locate(self.env.srcdir, page, target, at))
        path = inside_book(self.env.srcdir, page, target, at, "result-missing")
        element, limit = self.options.get("element", ""), self.config.mmbook_result_max_bytes
        return show_table(Request(path, target, at, element, limit), self.options)

    def place(self) -> Location:
        """Return where the directive stands; in a notebook, MyST-NB counts 10,000 lines a cell."""
        source, line = self.get_source_info()
        path = Path(source)
        if path.is_relative_to(self.env.srcdir):
            path = path.relative_to(self.env.srcdir)
        cell = 0
        if path.suffix == ".ipynb":
            cell, line = divmod(line, 10_000)
        return Location(path.as_posix(), line, cell=cell)

    def table_node(self, table: FormattedTable) -> nodes.table:
        """Return the table with caption and label."""
        # The widths in characters are for the text writer; browsers and LaTeX know better.
        classes = ["stored-table", "booktabs", "colwidths-auto", *self.options.get("class", [])]
        node = nodes.table(classes=classes)
        self.set_source_info(node)
        if caption := self.options.get("caption"):
            title = nodes.title(caption, "", *self.inline(caption))
            self.set_source_info(title)
            node += title
        node += self.group_node(table)
        self.options["name"] = self.options.get("label", self.options.get("name"))
        if self.options["name"]:
            self.add_name(node)
        return node

    def group_node(self, table: FormattedTable) -> nodes.tgroup:
        """Return columns, head and body."""
        group = nodes.tgroup(cols=len(table.header))
        group += [nodes.colspec(colwidth=min(width, LONG_CELL)) for width in text_widths(table)]
        head = [
            self.inline(text) if authored else text
            for text, authored in zip(table.header, table.authored, strict=True)
        ]
        group += nodes.thead("", row_node(head, table.align))
        group += nodes.tbody("", *[row_node(row, table.align) for row in table.rows])
        return group

    def inline(self, text: str) -> list[nodes.Node]:
        """Return text that the author wrote, read as Markdown."""
        parsed, messages = self.parse_inline(text)
        return [*parsed, *messages]


def row_node(cells: Sequence[str | list[nodes.Node]], align: Sequence[str]) -> nodes.row:
    """Return one row; the classes ``mmbook-left``, ``-center`` and ``-right`` align its cells."""
    row = nodes.row()
    for cell, side in zip(cells, align, strict=True):
        content = plain(cell) if isinstance(cell, str) else nodes.paragraph("", "", *cell)
        row += nodes.entry("", content, classes=[f"mmbook-{side}"])
    return row


def plain(text: str) -> nodes.paragraph:
    """Return text as it is: two hyphens stay two, a quotation mark keeps its form."""
    return nodes.paragraph("", text, support_smartquotes=False)


def text_widths(table: FormattedTable) -> list[int]:
    """Return the widths of the columns in characters."""
    return [max(map(len, column)) + 2 for column in zip(table.header, *table.rows, strict=True)]


def latex_columns(table: FormattedTable) -> str:
    """Return the columns in the language of Sphinx's ``tabularcolumns``."""
    widths = text_widths(table)
    columns = ""
    for width, side in zip(widths, table.align, strict=True):
        if width <= LONG_CELL or side != "left":
            columns += side[0]
        elif len(table.rows) <= LONG_TABLE:
            columns += "L"  # breaks lines as the page needs it; only for tables of one page
        else:
            columns += rf"\X{{{width}}}{{{sum(widths)}}}"
    return columns


def fault_box(finding: Finding) -> nodes.error:
    """Return what a page shows in place of a table that cannot be made."""
    return nodes.error("", plain(finding.message), classes=["mmbook-fault"])


def setup_stored_table(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("stored-table", StoredTable)
