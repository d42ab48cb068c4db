"""Keeps code and tables inside of the page of the PDF."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.output.formula_macros import brace_scripts
from sphinx_mmbook.core.output.tex import Fit, breakable, fit_table, with_minus_signs
from sphinx_mmbook.core.references.equations import unmatched
from sphinx_mmbook.ext.adapters.sphinx import columns_that_wrap
from sphinx_mmbook.ext.guard import on_element
from sphinx_mmbook.ext.positions import location_of_node
from sphinx_mmbook.ext.report import report
from sphinx_mmbook.ext.table_building import LONG_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

#: After references have their text.
AFTER_REFERENCES = 600
FORMULAS = (nodes.math, nodes.math_block)
#: What is not text in the book's language.
NO_TEXT = (nodes.literal, *FORMULAS, nodes.raw, nodes.reference)

TOO_WIDE = (
    "table with {} columns is too wide for a page of the PDF, even turned and in small print; "
    "leave out columns or make two tables"
)


class BreakCode(SphinxPostTransform):
    """Lets lines end inside of long names and paths in the text."""

    default_priority = AFTER_REFERENCES
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the inline code of the book."""
        for literal in self.document.findall(nodes.literal):
            for text in list(literal.findall(nodes.Text)):
                text.parent.replace(text, nodes.Text(breakable(text)))


class KeepNumbers(SphinxPostTransform):
    """Keeps the minus signs of numbers in tables on the line of their number."""

    default_priority = AFTER_REFERENCES
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the cells of the book's tables."""
        for cell in self.document.findall(nodes.entry):
            for text in list(cell.findall(nodes.Text)):
                if not isinstance(text.parent, NO_TEXT) and (new := with_minus_signs(text)) != text:
                    text.parent.replace(text, nodes.Text(new))


class BraceScripts(SphinxPostTransform):
    """Puts braces where LaTeX needs them in formulas and MathJax does not."""

    # Before formulas of titles get their plain form.
    default_priority = AFTER_REFERENCES - 1
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the formulas of the book."""
        for formula in [n for n in self.document.findall(nodes.Element) if isinstance(n, FORMULAS)]:
            if fault := unmatched(formula.astext()):
                self.show_source(formula, fault)
                continue
            tex = brace_scripts(formula.astext(), self.config.mmbook_macros)
            if tex != formula.astext():
                formula.children = []
                formula.append(nodes.Text(tex))

    def show_source(self, formula: nodes.Element, fault: str) -> None:
        """Show the TeX of a formula that LaTeX would never get out of."""
        at = location_of_node(self.env, formula)
        report(self.env, Finding(at, "formula-unmatched", fault))
        shown: nodes.Element = nodes.literal("", formula.astext())
        if isinstance(formula, nodes.math_block):
            shown = nodes.paragraph("", "", shown, ids=formula["ids"])
        formula.replace_self(shown)


class PrintAsMyst(SphinxPostTransform):
    """Prints MyST's boxes of tasks, which are HTML, and drops its line above a page's footnotes."""

    default_priority = AFTER_REFERENCES
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the boxes, and the lines between paragraphs."""
        for box in list(self.document.findall(nodes.raw)):
            if "task-list-item-checkbox" in box.astext():
                sign = r"\(\boxtimes\) " if "checked=" in box.astext() else r"\(\square\) "
                box.replace_self(nodes.raw("", sign, format="latex"))
        for line in list(self.document.findall(nodes.transition)):
            if "footnotes" in line["classes"]:
                line.parent.remove(line)


class FitTables(SphinxPostTransform):
    """Sets wide tables smaller, or on a turned page; keeps lines whole where there is room."""

    default_priority = AFTER_REFERENCES
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the tables of the book."""
        for table in list(self.document.findall(nodes.table)):
            with on_element(self.env, table, "a table"):
                self.fit(table)

    def fit(self, table: nodes.table) -> None:
        """Let one table fit the page."""
        rows = [[printed(cell) for cell in row] for row in table.findall(nodes.row)]
        fit = fit_table(rows)
        if not fit.fits:
            message = TOO_WIDE.format(max(len(row) for row in rows))
            report(self.env, Finding(location_of_node(self.env, table), "table-too-wide", message))
        if not fit.free and let_wrap(table, rows):
            fit = replace(fit, free=True)
        if next(table.findall(nodes.image), None):
            # As wide as who knows.
            fit = replace(fit, free=False)
        spans = any("morecols" in cell for cell in head_cells(table))
        # A table in a table cannot be turned.
        if (spans or fit != Fit()) and not isinstance(table.parent, nodes.entry):
            self.wrap(table, fit, r"\mmbookspan" if spans else "")

    def wrap(self, table: nodes.table, fit: Fit, span: str) -> None:
        """Put LaTeX's commands around a table."""
        begin, end = (r"\begin{landscape}", r"\end{landscape}") if fit.turned else ("", "")
        tight = r"\mmbooktight" if fit.size or fit.turned else ""
        free = r"\mmbookfree" if fit.free else ""
        before = nodes.raw("", rf"{begin}\begingroup{fit.size}{tight}{free}{span}", format="latex")
        after = nodes.raw("", rf"\par\endgroup{end}", format="latex")
        index = table.parent.index(table)
        # A note stands on the page of its table, also on one that is turned.
        notes = notes_of(table) if fit.turned else []
        table.parent.insert(index + 1 + len(notes), after)
        table.parent.insert(index, before)


def let_wrap(table: nodes.table, rows: list[list[str]]) -> bool:
    """Let cells have several lines in the PDF; return whether columns of words keep their width."""
    if len({len(row) for row in rows}) > 1:  # cells over several columns
        return False
    has_blanks = [any(" " in text for text in column) for column in zip(*rows, strict=True)]
    before = reversed(table.parent.children[: table.parent.index(table)])
    around = takewhile(lambda node: not isinstance(node, nodes.table), before)
    for spec in (node for node in around if isinstance(node, addnodes.tabular_col_spec)):
        spec["spec"] = columns_that_wrap(spec["spec"], has_blanks)
        return False
    blocks = {type(block) for cell in table.findall(nodes.entry) for block in cell.children}
    given = {"colwidths-given", "longtable"} & {*table["classes"]} or len(rows) > LONG_TABLE
    inner = isinstance(table.parent, nodes.entry) or any(table.findall(nodes.image))
    if given or inner or not any(has_blanks) or not blocks <= {nodes.paragraph}:
        return False
    columns = "".join("T" if wraps else "l" for wraps in has_blanks)
    table.parent.insert(table.parent.index(table), addnodes.tabular_col_spec(spec=columns))
    return True


def printed(cell: nodes.Node) -> str:
    """Return what LaTeX prints of a cell: of a space that aligns numbers what it is as wide as."""
    parts = []
    for text in cell.findall(nodes.Text):
        is_raw = isinstance(text.parent, nodes.raw)
        parts.append(text.parent.get("pad", "") if is_raw else text.astext())
    return " ".join("".join(parts).split())


class KeepNotes(SphinxPostTransform):
    """Keeps the notes of a table, and the source of a figure, on its page."""

    default_priority = AFTER_REFERENCES - 1
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Go through the tables and figures of the book."""
        for figure in list(self.document.findall(nodes.figure)):
            for note in notes_of(figure):
                note.parent.remove(note)
                figure.append(nodes.legend("", note))
        for table in list(self.document.findall(nodes.table)):
            if notes_of(table):
                mark = nodes.raw("", r"\mmbooknoted", format="latex")
                table.parent.insert(table.parent.index(table), mark)
        for group in self.document.findall(nodes.tgroup):
            if isinstance(group[-1], nodes.thead):  # Sphinx puts footnotes into a table's body
                cells = (nodes.entry() for _ in range(group["cols"]))
                group.append(nodes.tbody("", nodes.row("", *cells)))


def notes_of(table: nodes.table | nodes.figure) -> list[nodes.Node]:
    """Return the notes that stand below a table or figure."""
    below = table.parent.children[table.parent.index(table) + 1 :]
    classes = {"mmbook-table-note", "mmbook-source"}
    paragraphs = takewhile(lambda node: isinstance(node, nodes.paragraph), below)
    return list(takewhile(lambda node: not classes.isdisjoint(node["classes"]), paragraphs))


def head_cells(table: nodes.table) -> Iterator[nodes.entry]:
    """Iterate over the cells of a table's head."""
    for head in table.findall(nodes.thead):
        yield from head.findall(nodes.entry)


def setup_latex_fit(app: Sphinx) -> None:
    """Register what keeps the PDF inside of its pages."""
    app.add_post_transform(BreakCode)
    app.add_post_transform(BraceScripts)
    app.add_post_transform(KeepNumbers)
    app.add_post_transform(PrintAsMyst)
    app.add_post_transform(KeepNotes)
    app.add_post_transform(FitTables)
