"""MyST-NB's parser for a book: it knows cell options, and no broken page stops it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from docutils import nodes
from myst_nb.core.read import is_myst_markdown_notebook
from myst_nb.sphinx_ import Parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.pages.cell_options import cell_options, missing_notebook_header
from sphinx_mmbook.core.pages.stub import stub
from sphinx_mmbook.ext.adapters.myst_nb import PageNotebook, read_notebook
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.pages.cell_options import CellOptions
    from sphinx_mmbook.ext.adapters.myst_nb import PageNotebook

_OPTIONS = re.compile(r"^#\||\{code-cell\}[^\n]*\n\s*(:|---)", re.MULTILINE)


def options_of(page: PageNotebook) -> dict[int, CellOptions]:
    """Return the options of all code cells that have any, by the cell's index."""
    found = {}
    for index, cell in enumerate(page.notebook.cells):
        if cell.cell_type == "code":
            options = cell_options(cell.source, cell.metadata, page.location(index))
            if options != cell_options("", {}):
                found[index] = options
    return found


class ChapterParser(Parser):  # type: ignore[misc]
    """Reads pages as MyST-NB does, and notes the options of their cells.

    The options must come from here: a cell whose source is not shown leaves no trace of them.
    """

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page; what MyST-NB cannot read becomes a finding and a box on the page."""
        env: BuildEnvironment = document.settings.env
        docname = env.current_document.docname
        path = env.doc2path(docname, base=False).as_posix()
        try:
            note_cells(env, docname, inputstring)
            super().parse(inputstring, document)
        except SphinxError:
            raise
        except Exception as error:
            finding = Finding(Location(path, 1), "notebook", _fault(path, error))
            report(env, finding)
            document.attributes.pop("nb_renderer", None)
            document.children = []
            markdown = PurePosixPath(path).with_suffix(".md").as_posix()
            MystParser.parse(self, stub(markdown, finding), document)


class IdleCodeCell(SphinxDirective):
    """A ``{code-cell}`` that is none: on a page without notebook header, or inside a block."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Show the code."""
        docname = self.env.current_document.docname
        path = self.env.doc2path(docname, base=False).as_posix()
        # The notes of a page without notebook header have one finding for all its cells.
        if "nb_renderer" in self.state.document.attributes:
            message = (
                "this code cell stands inside another block, so it is not run; move it out of the "
                "list, note or quotation to the left margin"
            )
            report(self.env, Finding(Location(path, self.lineno), "code-cell-nested", message))
        code = "\n".join(self.content)
        return [nodes.literal_block(code, code, language="python")]


def note_cells(env: BuildEnvironment, docname: str, text: str) -> None:
    """Remember the options of a page's cells; report faults in them, and cells nobody runs."""
    path = env.doc2path(docname, base=False).as_posix()
    if not path.endswith(".md") or is_myst_markdown_notebook(text):
        page = read_notebook(env, docname, text) if _may_have_options(path, text) else None
        options = options_of(page) if page else {}
        if options:
            book_domain(env).note_cells(docname, options)
        findings = [finding for cell in options.values() for finding in cell.findings]
    else:
        found = missing_notebook_header(path, text, {})
        findings = [found] if found else []
    for finding in findings:
        report(env, finding)


def _may_have_options(path: str, text: str) -> bool:
    """Return whether a second look at the cells can find anything; most pages have no options."""
    if path.endswith(".md"):
        return bool(_OPTIONS.search(text))
    return any(word in text for word in ("#|", "label", "caption", "width", "alt"))


def _fault(path: str, error: Exception) -> str:
    """Say why a page cannot be read, and what to do."""
    line = (str(error).strip().splitlines() or [""])[0][:300]
    advice = "check its front matter, above all 'kernelspec: {name: python3}'"
    if path.endswith(".ipynb"):
        advice = "open and save it in a current Jupyter"
    return f"this notebook cannot be read ({type(error).__name__}: {line}); {advice}"


def setup_parser(app: Sphinx) -> None:
    """Put the parser in the place of MyST-NB's."""
    app.add_source_parser(ChapterParser, override=True)
    app.add_directive("code-cell", IdleCodeCell, override=True)
