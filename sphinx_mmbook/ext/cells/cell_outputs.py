"""Outputs of code cells as figures and tables of the book: captioned, numbered, to be referred to.

What MyST-NB makes of a cell, ``adapters.myst_nb`` tells. A displayed object is there in all its
formats, of which a post-transform keeps the one that the output can use.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.pages.cell_options import CellOptions
from sphinx_mmbook.core.translations import word
from sphinx_mmbook.ext.adapters.myst import parse_line
from sphinx_mmbook.ext.adapters.myst_nb import (
    bundles,
    cell_and_line,
    elements,
    format_of,
    is_part,
    part_of,
)
from sphinx_mmbook.ext.cells.cell_tables import find_table, html_paragraphs, table_nodes
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import on_element
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.config import Config

IMAGES = ("image/", "application/pdf")
#: How interactive figures come.
DRAWINGS = ("text/html", "application/vnd.jupyter.widget-view+json", "application/javascript")
#: What Python says of an object that does not say it better.
_REPR = re.compile(r"<[\w.]+ .*>|<[\w.]+>", re.DOTALL)
WIDGETS = "application/vnd.jupyter.widget-view+json"


class ShowCells(SphinxTransform):
    """Gives each cell's outputs their form; before all that resolves names and references."""

    default_priority = 8

    def apply(self, **kwargs: Any) -> None:
        """Go through the cells of a page."""
        options = book_domain(self.env).cells.get(self.env.current_document.docname, {})
        cells = [node for node in self.document.findall(nodes.container) if is_part(node, "code")]
        for node in cells:
            with on_element(self.env, node, "the output of a code cell"):
                CellShaper(
                    self, node, options.get(node["cell_index"], CellOptions())
                ).apply_options()


class CellShaper:
    """One cell and its options."""

    def __init__(self, transform: SphinxTransform, cell: nodes.container, options: CellOptions):
        self.env = transform.env
        self.document = transform.document
        self.cell = cell
        self.options = options

    def apply_options(self) -> None:
        """Strip the options from the source; make figure, table or anchor."""
        self.trim_source()
        output = part_of(self.cell, "code_output")
        tables = self.tables(output) if output else []
        images = [node for node in bundles(output) if is_image(node)] if output else []
        if output:
            self.replace_html(output)
        removed = {"tag_remove-output", "tag_remove_output"} & set(self.cell["classes"])
        if not self.options.captioned or removed:
            self.describe_images(images, self.options.alt)
            self.anchor()
        elif self.wants_table(bool(images), bool(tables)):
            self.caption_table(tables, output)
        else:
            self.caption_figure(images or self.drawings(output), output)

    def wants_table(self, images: bool, tables: bool) -> bool:
        """Return whether the caption is for a table."""
        options = self.options
        if options.fig_cap and options.tbl_cap:
            return options.label.startswith("tbl")
        if options.fig_cap or options.tbl_cap:
            return bool(options.tbl_cap)
        return tables and (not images or options.label.startswith("tbl"))

    # Source

    def trim_source(self) -> None:
        """Take the option lines out of the source that is shown, or all of it if it is not."""
        source = part_of(self.cell, "code_source")
        if source is None:
            return
        block = next(source.findall(nodes.literal_block), None)
        if block is not None and self.options.lines:
            text = "\n".join(block.astext().split("\n")[self.options.lines :])
            block.children = []
            block.rawsource = text
            block += nodes.Text(text)
        if not self.options.echo or (block is not None and not block.astext().strip()):
            self.cell.remove(source)

    # Outputs

    def tables(self, output: nodes.Element) -> list[nodes.table]:
        """Turn data frames into tables; return them in order."""
        wanted = bool(self.options.tbl_cap or self.options.caption)
        found = []
        for bundle in bundles(output):
            html, plain = format_of(bundle, "text/html"), format_of(bundle, "text/plain")
            if html is None or format_of(bundle, WIDGETS) is not None:
                continue
            text = html.astext()
            if grid := find_table(text, any_table=wanted and not is_image(bundle)):
                shown, table = table_nodes(grid)
                self.copy_source(table)
                bundle.replace_self(shown)
                found.append(table)
            elif plain is not None and (grid := find_table(text, any_table=True)):
                # Its HTML stays, with its colours; other outputs would show '<Styler at 0x…>'.
                plain.children = []
                plain += table_nodes(grid)[0]
        return found

    def replace_html(self, output: nodes.Element) -> None:
        """Say what an output is that only a browser shows, where the output has no browser.

        LaTeX would print '<IPython.core.display.HTML object>', or all numbers of a Plotly figure.
        """
        for bundle in bundles(output):
            html, plain = format_of(bundle, "text/html"), format_of(bundle, "text/plain")
            if html is None:
                continue
            paragraphs = html_paragraphs(html.astext())
            html["mmbook_script"] = not paragraphs
            if plain is None:
                plain = nodes.container(mime_type="text/plain")
                bundle.append(plain)
            elif paragraphs and not _REPR.fullmatch(plain.astext().strip()):
                continue
            if not paragraphs:
                paragraphs = [word("in-browser", self.env.config.language)]
            plain.children = []
            for text in paragraphs:
                paragraph = nodes.paragraph("", text, support_smartquotes=False)
                self.copy_source(paragraph)
                plain += paragraph

    def drawings(self, output: nodes.Element | None) -> list[nodes.Element]:
        """Return what a cell shows by HTML, scripts or widgets, such as a Plotly figure."""
        found = bundles(output) if output else []
        return [node for node in found if any(format_of(node, kind) for kind in DRAWINGS)]

    def describe_images(self, images: Sequence[nodes.Element], alt: str) -> None:
        """Give images their alternative text and width."""
        for bundle in images:
            for image in bundle.findall(nodes.image):
                if alt:
                    image["alt"] = alt
                if self.options.width:
                    image["width"] = self.options.width.replace(" ", "")

    def caption_figure(self, images: Sequence[nodes.Element], output: nodes.Element | None) -> None:
        """Wrap all images of the cell into one figure."""
        figure = nodes.figure()
        self.copy_source(figure)
        if images:
            images[0].replace_self(figure)
            for later in images[1:]:
                output.remove(later)  # type: ignore[union-attr]
            figure += list(images)
        else:
            self.replace_missing(figure, "figure", output)
        text = self.options.fig_cap or self.options.caption
        caption = nodes.caption(text, "", *self.rendered(text).children)
        self.copy_source(caption)
        figure += caption
        self.describe_images(images, self.options.alt or caption.astext())
        self.name(figure)

    def caption_table(self, tables: Sequence[nodes.table], output: nodes.Element | None) -> None:
        """Give the first data frame its title."""
        if tables:
            table = tables[0]
        else:
            table = nodes.table(classes=["colwidths-auto"])
            self.copy_source(table)
            self.replace_missing(table, "table", output)
        text = self.options.tbl_cap or self.options.caption
        table.insert(0, nodes.title(text, "", *self.rendered(text).children))
        self.copy_source(table[0])
        self.name(table)

    def replace_missing(self, node: nodes.Element, kind: str, output: nodes.Element | None) -> None:
        """Put a figure or table that the cell did not make on the page: its number must not move.

        A cell that ran gets a finding; one that did not has had one where the run failed.
        """
        reason = "not-run"
        if self.cell["exec_count"] is not None and not has_error(output):
            what = f"no {kind}" if not self.options.caption else "neither figure nor table"
            message = f"this cell has a caption but shows {what}; let its last line show one"
            report(self.env, Finding(self.location(), "cell-without-output", message))
            reason = "not-shown"
        language = self.env.config.language
        text = word(f"no-{kind}", language) + word(reason, language)
        content = nodes.paragraph("", text, classes=["mmbook-missing"])
        if isinstance(node, nodes.table):
            row = nodes.row("", nodes.entry("", content))
            node += nodes.tgroup("", nodes.colspec(colwidth=40), nodes.tbody("", row), cols=1)
        else:
            node += content
        parent = self.cell if output is None else output
        parent += node

    # Names and places

    def name(self, node: nodes.Element) -> None:
        """Make the label the node's name, and its anchor what a link can have."""
        if not self.options.label:
            return
        if anchor := nodes.make_id(self.options.label):
            node["ids"].append(anchor)
        node["names"].append(nodes.fully_normalize_name(self.options.label))
        self.document.note_explicit_target(node, node)

    def anchor(self) -> None:
        """Put the label, if any, before the cell as ``(label)=`` does; it has no number."""
        if not self.options.label:
            return
        target = nodes.target()
        self.copy_source(target)
        self.cell.parent.insert(self.cell.parent.index(self.cell), target)
        self.name(target)

    def copy_source(self, node: nodes.Node) -> None:
        """Note where a node comes from, for the messages of others."""
        node.source, node.line = self.cell.source, self.cell.line

    def location(self) -> Location:
        """Return the location of the cell's label, else of the cell."""
        if self.options.label_at:
            return self.options.label_at
        docname = self.env.current_document.docname
        path = self.env.doc2path(docname, base=False).as_posix()
        line = self.cell.line or 0
        if path.endswith(".ipynb"):
            return Location(path, 1, cell=cell_and_line(line)[0])
        return Location(path, line)

    def rendered(self, text: str) -> nodes.Element:
        """Return inline MyST as the children of an element."""
        holder = nodes.inline()
        self.copy_source(holder)
        parse_line(self.env, self.document, text, self.cell.line or 0, holder)
        return holder


def is_image(bundle: nodes.Element) -> bool:
    """Return whether an object is a picture."""
    return any(str(node.get("mime_type", "")).startswith(IMAGES) for node in elements(bundle))


def has_error(output: nodes.Element | None) -> bool:
    """Return whether a cell shows an error."""
    return output is not None and any(
        "traceback" in node["classes"] for node in output if isinstance(node, nodes.literal_block)
    )


def prefer_drawings(app: Sphinx, config: Config) -> None:
    """Let LaTeX take drawings, which are converted, rather than their pixels or their name."""
    ours = ("latex", "image/svg+xml", 15)
    config.nb_mime_priority_overrides = [ours, *config.nb_mime_priority_overrides]


def setup_cells(app: Sphinx) -> None:
    """Register the transform."""
    app.connect("config-inited", prefer_drawings)
    app.add_transform(ShowCells)
