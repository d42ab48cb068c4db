"""The ``{stored-table}`` directive: a table from a file of the chapter's ``results/``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.finding import BookError, Finding, Location
from sphinx_mmbook.core.paths import inside_book, locate
from sphinx_mmbook.core.results.fault import ResultFault
from sphinx_mmbook.core.results.layout import parse_layout
from sphinx_mmbook.core.results.read import Request, read_table
from sphinx_mmbook.core.results.table import FormattedTable, format_table
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

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
        frame = read_table(Request(path, target, at, element, limit))
        try:
            return format_table(frame, parse_layout(self.options))
        except ResultFault as fault:
            raise BookError(Finding(at, fault.rule, f"'{target}' {fault.text}")) from None

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
        node = nodes.table(classes=["stored-table", "booktabs", *self.options.get("class", [])])
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
        group += [nodes.colspec(colwidth=1) for _ in table.header]
        head = [
            self.inline(text) if authored else [nodes.Text(text)] if text else []
            for text, authored in zip(table.header, table.authored, strict=True)
        ]
        body = [[[nodes.Text(cell)] if cell else [] for cell in row] for row in table.rows]
        group += nodes.thead("", row_node(head, table.align))
        group += nodes.tbody("", *[row_node(row, table.align) for row in body])
        return group

    def inline(self, text: str) -> list[nodes.Node]:
        """Return text that the author wrote, read as Markdown."""
        parsed, messages = self.parse_inline(text)
        return [*parsed, *messages]


def row_node(cells: Sequence[Sequence[nodes.Node]], align: Sequence[str]) -> nodes.row:
    """Return one row; the classes ``mmbook-left``, ``-center`` and ``-right`` align its cells."""
    row = nodes.row()
    for content, side in zip(cells, align, strict=True):
        entry = nodes.entry(classes=[f"mmbook-{side}"])
        entry += nodes.paragraph("", "", *content)
        row += entry
    return row


def latex_columns(table: FormattedTable) -> str:
    """Return the columns in the language of Sphinx's ``tabularcolumns``."""
    widths = [max(map(len, column), default=0) for column in zip(*table.rows, strict=True)]
    long = [width > LONG_CELL for width in widths] or [False] * len(table.header)
    total = sum(widths)
    if any(long) and len(table.rows) > LONG_TABLE:
        return "".join(rf"\X{{{max(width, 1)}}}{{{total}}}" for width in widths)
    return "".join(
        "L" if wide and side == "left" else side[0]
        for wide, side in zip(long, table.align, strict=True)
    )


def fault_box(finding: Finding) -> nodes.error:
    """Return what a page shows in place of a table that cannot be made."""
    return nodes.error("", nodes.paragraph("", finding.message), classes=["mmbook-fault"])


def setup_stored_table(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("stored-table", StoredTable)
