"""The parsers of a book's pages: they know cell options, and no broken page stops them."""

from __future__ import annotations

import binascii
import errno
import re
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from docutils import nodes
from nbformat import validate
from sphinx.errors import ExtensionError
from sphinx.parsers import RSTParser
from sphinx.util.docutils import SphinxDirective

from sphinx_mmbook.core.finding import FAILED, Finding, Location
from sphinx_mmbook.core.pages.cell_options import CellOptions, cell_options
from sphinx_mmbook.core.pages.stub import stub
from sphinx_mmbook.ext.adapters.myst import (
    confine_substitutions,
    parse_markdown,
    register_restructured,
)
from sphinx_mmbook.ext.adapters.myst_nb import (
    NotebookParser,
    PageNotebook,
    forget_renderer,
    is_markdown_notebook,
    read_notebook,
    refuse_language,
)
from sphinx_mmbook.ext.adapters.sphinx import (
    wrap_post_transforms,
    wrap_transforms,
    wrapped_directives,
)
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import guarded_directive, guarded_transform, unforeseen
from sphinx_mmbook.ext.pages.half_letters import mend_attributes, setup_half_letters
from sphinx_mmbook.ext.pages.outside_files import refused, setup_outside_files
from sphinx_mmbook.ext.positions import location_of
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from docutils.parsers.rst import Directive
    from docutils.statemachine import StringList
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_OPTIONS = re.compile(r"^#\||\{code-cell\}[^\n]*\n\s*(:|---)", re.MULTILINE)


TOO_DEEP = (
    "what stands here is nested too deeply, or includes itself; take the '{include}' of this page, "
    "or most of the brackets and quotations, out"
)

#: MyST-Parser asks, up to Python 3.13, whether there is such a file, and gets an exception.
TOO_LONG = "a link here is longer than the name of any file (255 characters); correct or shorten it"


def options_of(page: PageNotebook) -> dict[int, CellOptions]:
    """Return the options of all code cells that have any, by the cell's index."""
    found = {}
    for index, cell in enumerate(page.notebook.cells):
        if cell.cell_type == "code":
            options = cell_options(cell.source, cell.metadata, page.location(index))
            if options != cell_options("", {}):
                found[index] = options
    return found


class ChapterParser(NotebookParser):  # type: ignore[misc]
    """Reads pages as MyST-NB does, and notes the options of their cells.

    The options must come from here: a cell whose source is not shown leaves no trace of them.
    """

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page; what MyST-NB cannot read becomes a finding and a box on the page."""
        env: BuildEnvironment = document.settings.env
        try:
            wrap_transforms(document, guarded_transform)
            note_cells(env, env.current_document.docname, inputstring)
            with wrapped_directives(guarded):
                super().parse(inputstring, document)
            if "eval-rst" in inputstring or "include" in inputstring:
                register_restructured(document)
            if "language" in inputstring:
                refuse_language(document)
            mend_attributes(document, inputstring)
        except Exception as error:
            empty(document, error, inputstring)


class PlainParser(RSTParser):
    """Reads reStructuredText as Sphinx does."""

    def parse(self, inputstring: str | StringList, document: nodes.document) -> None:
        """Parse a page; what makes a directive fail becomes a finding and a box on the page."""
        try:
            wrap_transforms(document, guarded_transform)
            with wrapped_directives(guarded):
                super().parse(inputstring, document)
            mend_attributes(document, str(inputstring))
        except Exception as error:
            empty(document, error)


@cache
def guarded(directive: type[Directive]) -> type[Directive]:
    """Return a directive, also another extension's, that shows a box if it fails."""
    return directive if hasattr(directive, "guarded") else guarded_directive(directive, refused)


def empty(document: nodes.document, error: Exception, text: str = "") -> None:
    """Leave nothing of a page but a box that says why; ``text`` is that of a Markdown page."""
    env: BuildEnvironment = document.settings.env
    docname = env.current_document.docname
    path = env.doc2path(docname, base=False).as_posix()
    at = location_of(env, str(env.doc2path(docname)), document.current_line or 1)
    # Sphinx wraps what a handler of an event raises, as one of include-read may here.
    if isinstance(getattr(error, "orig_exc", error), RecursionError):
        finding = Finding(at, FAILED, TOO_DEEP)
    elif isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        finding = Finding(at, FAILED, TOO_LONG)
    else:
        finding = broken_notebook(env, docname, text, error) or unforeseen(
            at, "what stands here", error
        )
    report(env, finding)
    forget_renderer(document)
    document.children = []
    # Labels lead nowhere now; substitutions, which are made again, would be there twice.
    for known in (document.nametypes, document.nameids, document.ids, document.substitution_defs):
        known.clear()
    getattr(document, "names", {}).clear()  # of docutils 0.23
    document.substitution_names.clear()
    markdown = PurePosixPath(path).with_suffix(".md").as_posix()
    parse_markdown(stub(markdown, finding, env.config.language), document)


class IdleCodeCell(SphinxDirective):
    """Shows the code of a cell that is not run: no notebook header, or inside another block.

    The check has said so.
    """

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Show the code."""
        code = "\n".join(self.content)
        return [nodes.literal_block(code, code, language="python")]


def note_cells(env: BuildEnvironment, docname: str, text: str) -> None:
    """Remember the options of a page's cells."""
    path = env.doc2path(docname, base=False).as_posix()
    if path.endswith(".md") and not is_markdown_notebook(text):
        return
    page = read_notebook(env, docname, text) if _may_have_options(path, text) else None
    options = options_of(page) if page else {}
    if page and path.endswith(".md"):
        book_domain(env).parsed_last = (docname, text, page.starts())
    if options:
        book_domain(env).note_cells(docname, options)


def _may_have_options(path: str, text: str) -> bool:
    """Return whether a second look at the cells can find anything; most pages have no options."""
    if path.endswith(".md"):
        return bool(_OPTIONS.search(text))
    return any(word in text for word in ("#|", "label", "caption", "width", "alt"))


def broken_notebook(
    env: BuildEnvironment, docname: str, text: str, failed: Exception
) -> Finding | None:
    """Return what is wrong with a page if it is not the notebook that it should be.

    ``failed`` is what its reading died of: a picture among its outputs, perhaps.
    """
    path = env.doc2path(docname, base=False).as_posix()
    try:
        page = read_notebook(env, docname, text) if text else None
        if page:
            options_of(page)
        if page and path.endswith(".ipynb"):
            validate(page.notebook)
        if page and isinstance(failed, binascii.Error | TypeError | UnicodeError):
            raise failed
    except Exception as error:
        line = (str(error).strip().splitlines() or [""])[0][:300]
        advice = "check its front matter, above all 'kernelspec: {name: python3}'"
        if path.endswith(".ipynb"):
            advice = "open and save it in a current Jupyter"
        elif isinstance(error, ExtensionError):
            advice = "install what it names, or correct nb_custom_formats in conf.py"
        message = f"this notebook cannot be read ({type(error).__name__}: {line}); {advice}"
        return Finding(Location(path, 1), "notebook", message)
    return None


def setup_parser(app: Sphinx) -> None:
    """Put the parsers in the place of MyST-NB's and Sphinx's."""
    confine_substitutions()
    app.add_source_parser(ChapterParser, override=True)
    app.add_source_parser(PlainParser, override=True)
    app.add_directive("code-cell", IdleCodeCell, override=True)
    # When all extensions have registered theirs.
    app.connect("builder-inited", lambda app: wrap_post_transforms(app, guarded_transform), 999)
    setup_half_letters(app)
    setup_outside_files(app)
