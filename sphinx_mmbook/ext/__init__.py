"""The thin Sphinx layer: one file per feature, each with its own ``setup_x(app)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sphinx_mmbook import __version__
from sphinx_mmbook.ext.advice import setup_advice
from sphinx_mmbook.ext.build_folder import setup_build_folder
from sphinx_mmbook.ext.cells.cell_outputs import setup_cells
from sphinx_mmbook.ext.citations.bibliographies import setup_citations
from sphinx_mmbook.ext.config import setup_config
from sphinx_mmbook.ext.domain import BookDomain
from sphinx_mmbook.ext.guard import Guarded
from sphinx_mmbook.ext.latex.book_data import setup_latex_data
from sphinx_mmbook.ext.latex.document import setup_latex
from sphinx_mmbook.ext.latex.fitting import setup_latex_fit
from sphinx_mmbook.ext.latex.source_marks import setup_source_marks
from sphinx_mmbook.ext.numbers.equation_links import setup_equation_links
from sphinx_mmbook.ext.numbers.equations import setup_equations
from sphinx_mmbook.ext.numbers.links import setup_links
from sphinx_mmbook.ext.numbers.numbering import setup_numbering
from sphinx_mmbook.ext.outputs.ask_first import setup_ask_first
from sphinx_mmbook.ext.outputs.downloads import setup_downloads
from sphinx_mmbook.ext.outputs.epub import setup_epub
from sphinx_mmbook.ext.outputs.images import setup_images
from sphinx_mmbook.ext.outputs.outside import setup_outside
from sphinx_mmbook.ext.outputs.site import setup_site
from sphinx_mmbook.ext.outputs.subfigures import setup_subfigures
from sphinx_mmbook.ext.pages.byline import setup_byline
from sphinx_mmbook.ext.pages.chapter_parser import setup_parser
from sphinx_mmbook.ext.pages.check import setup_check
from sphinx_mmbook.ext.pages.execution import setup_execution
from sphinx_mmbook.ext.pages.faulty_pages import setup_faulty_pages
from sphinx_mmbook.ext.pages.freezing import setup_freezing
from sphinx_mmbook.ext.pages.label_option import setup_label_option
from sphinx_mmbook.ext.pages.rewriting import setup_rewriting
from sphinx_mmbook.ext.pages.running import setup_running
from sphinx_mmbook.ext.pages.title_formulas import setup_title_formulas
from sphinx_mmbook.ext.results.read_ahead import setup_stored
from sphinx_mmbook.ext.results.results_list import setup_results_list
from sphinx_mmbook.ext.results.source_notes import setup_provenance
from sphinx_mmbook.ext.serial import setup_serial
from sphinx_mmbook.ext.speed.compiled_templates import setup_compiled_templates
from sphinx_mmbook.ext.speed.figure_numbers import setup_figure_numbers
from sphinx_mmbook.ext.speed.garbage_collection import setup_garbage_collection
from sphinx_mmbook.ext.speed.kept_code import setup_kept_code
from sphinx_mmbook.ext.speed.kept_trees import setup_kept_trees
from sphinx_mmbook.ext.speed.notebook_schema import setup_notebook_schema
from sphinx_mmbook.ext.speed.numbered_references import setup_numbered_references
from sphinx_mmbook.ext.speed.sidebar import setup_sidebar
from sphinx_mmbook.ext.speed.unchanged_numbers import setup_unchanged_numbers
from sphinx_mmbook.ext.speed.unchanged_site import setup_unchanged_site
from sphinx_mmbook.ext.speed.unparsed_bibliography import setup_unparsed_bibliography

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from sphinx_mmbook.notebooks.early import EarlyParent

#: What a book is made of besides ourselves.
EXTENSIONS = ("myst_nb", "sphinxcontrib.bibtex", "sphinx_copybutton")

FEATURES: tuple[Callable[..., None], ...] = (
    setup_build_folder,
    setup_serial,
    setup_config,
    setup_advice,
    setup_faulty_pages,
    setup_check,
    setup_byline,
    setup_site,
    setup_subfigures,
    setup_links,
    setup_equations,
    setup_equation_links,
    setup_images,
    setup_outside,
    setup_ask_first,
    setup_latex,
    setup_latex_data,
    setup_latex_fit,
    setup_source_marks,
    setup_epub,
    setup_downloads,
    setup_numbering,
    setup_rewriting,
    setup_title_formulas,
    setup_stored,
    setup_provenance,
    setup_results_list,
    setup_parser,
    setup_label_option,
    setup_execution,
    setup_running,
    setup_freezing,
    setup_cells,
    setup_citations,
    setup_garbage_collection,
    setup_kept_trees,
    setup_notebook_schema,
    setup_figure_numbers,
    setup_unchanged_numbers,
    setup_numbered_references,
    setup_sidebar,
    setup_kept_code,
    setup_unchanged_site,
    setup_unparsed_bibliography,
    setup_compiled_templates,
)  # fmt: skip


def setup(app: Sphinx, early: EarlyParent) -> ExtensionMetadata:
    """Register everything. A book's ``conf.py`` names only ``sphinx_mmbook``."""
    for extension in EXTENSIONS:
        app.setup_extension(extension)
    app.add_domain(BookDomain)
    guarded = cast("Sphinx", Guarded(app))
    for setup_feature in FEATURES:
        runs = setup_feature in (setup_execution, setup_running)
        setup_feature(guarded, *[early] * runs)
    return {
        "version": __version__,
        "env_version": 5,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
