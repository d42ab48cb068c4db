"""The book as EPUB: metadata that the format asks for, and formulas that show without a script."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from docutils import nodes
from sphinx.builders.epub3 import Epub3Builder
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.output.epub_file import correct_epub
from sphinx_mmbook.core.output.mathml import FormulaError, mathml
from sphinx_mmbook.ext.adapters.sphinx import is_set, set_where_unset
from sphinx_mmbook.ext.domain import book_domain
from sphinx_mmbook.ext.guard import on_element
from sphinx_mmbook.ext.numbers.equation_links import equation_number
from sphinx_mmbook.ext.outputs.xhtml import make_well_formed
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

STATIC = Path(__file__).parent / "epub_static"
STYLE = "mmbook-epub.css"
#: The theme's style, that of code, and ours. Readers choke on the syntax of others.
KEPT = frozenset({"epub.css", "pygments.css", STYLE})

#: The name of Sphinx's index, as a page and as a label.
INDEX = "genindex"
#: After the numbers are in the formulas, and after all references are resolved.
AFTER_REFERENCES = 500


def set_epub_defaults(app: Sphinx, config: Config) -> None:
    """Fill in what conf.py left open from what it says of the book."""
    author = config.author or config.project
    name = f"book-{uuid5(NAMESPACE_URL, config.project + config.author)}"
    defaults: dict[str, Any] = {
        # Addresses after each link make a page of text hard to read.
        "epub_show_urls": "no",
        "epub_description": config.project,
        # The format wants to know who made it.
        "epub_author": author,
        "epub_publisher": author,
        "epub_contributor": author,
        # The format wants the same name in two places, of which one must be an XML id.
        "epub_identifier": name,
        "epub_uid": name,
    }
    set_where_unset(config, defaults)
    if not config.copyright and not config.epub_copyright:
        # The format asks for one, and a book without it still belongs to its authors.
        config.epub_copyright = author
    config.epub_css_files = [*config.epub_css_files, STYLE]
    # Sphinx keeps this where a setting has changed, and then wonders what it is.
    config.epub_exclude_files = [*config.epub_exclude_files, ".buildinfo.bak"]


def leave_empty_index_out(app: Sphinx, env: BuildEnvironment) -> None:
    """Make no page of an empty index, unless conf.py asks for it or a page leads there."""
    if isinstance(app.builder, Epub3Builder) and not is_set(app.config, "epub_use_index"):
        pages = [*book_domain(env).facts.values()]
        used = any(env.domains.index_domain.entries.values())
        used |= any(to.target == INDEX for facts in pages for to in facts.references)
        used |= any(INDEX in tree.body for facts in pages for tree in facts.toctrees)
        app.builder.use_index &= used


def drop_old_books(app: Sphinx) -> None:
    """Remove EPUBs of other names: Sphinx would wonder at the file in each later build."""
    if app.builder.name == "epub":
        for file in Path(app.outdir).glob("*.epub"):
            if file.stem != app.config.epub_basename:
                file.unlink()


def before_epub_check(app: Sphinx) -> None:
    """Spare a book without version the warning; nobody needs one for an EPUB."""
    if app.builder.name == "epub":
        app.config.html_static_path = [*app.config.html_static_path, str(STATIC)]
        if not app.config.version:
            app.config.version = " "


def after_epub_check(app: Sphinx) -> None:
    """Take back the version, which would make the next build of another kind read all pages."""
    if app.builder.name == "epub":
        app.config.version = app.config.version.strip()


def keep_book_styles(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Leave style sheets and scripts that are made for browsers out of the EPUB's pages."""
    if app.builder.name == "epub":
        sheets = [sheet for sheet in context["css_files"] if Path(sheet.filename).name in KEPT]
        context["css_files"], context["script_files"] = sheets, []


class DropScripts(SphinxPostTransform):
    """Drops outputs of cells that are nothing without scripts, which few readers run.

    Another form of the output is shown instead, at least a sentence.
    """

    # Before MyST-NB chooses among the forms (4).
    default_priority = 3
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        """Go through the outputs of the page."""
        for form in list(self.document.findall(nodes.container)):
            if form.get("mmbook_script"):
                form.parent.remove(form)


class MathToMathML(SphinxPostTransform):
    """Replaces formulas by MathML: few readers of EPUB run scripts."""

    default_priority = AFTER_REFERENCES
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        """Go through all formulas of the page."""
        for node in list(self.document.findall(nodes.math)):
            with on_element(self.env, node, "a formula"):
                node.replace_self(self.formula(node.astext(), display=False))
        for block in list(self.document.findall(nodes.math_block)):
            with on_element(self.env, block, "a formula"):
                block.replace_self(self.display(block))

    def display(self, block: nodes.math_block) -> nodes.container:
        """Return a formula that stands by itself, with its number."""
        box = nodes.container(classes=["math"], ids=block["ids"])
        if block.astext().strip():
            box += self.formula(self.block_tex(block), display=True)
        if block.get("number") and block.astext().strip():
            number = equation_number(self.env, block["docname"], block["ids"][0])
            box += nodes.inline("", f"({number})", classes=["eqno"])
        return box

    def block_tex(self, block: nodes.math_block) -> str:
        """Return a formula's TeX as one display; Sphinx takes empty lines for line ends."""
        parts = [part for part in block.astext().split("\n\n") if part.strip()]
        tex = r"\\".join(parts)
        if r"\\" in tex and not block.get("nowrap"):
            return rf"\begin{{split}}{tex}\end{{split}}"
        return tex

    def formula(self, tex: str, display: bool) -> nodes.Node:
        """Return a formula as MathML, or its TeX where that cannot be made."""
        try:
            return nodes.raw("", mathml(tex, self.config.mmbook_macros, display), format="html")
        except FormulaError:
            return nodes.raw("", f"<code>{escape(tex)}</code>", format="html")


def finish_epub(app: Sphinx, error: Exception | None) -> None:
    """Correct the packed file."""
    if error is None and app.builder.name == "epub":
        broken = correct_epub(Path(app.outdir) / f"{app.config.epub_basename}.epub")
        for name, fault in broken.items():
            at = Location(app.env.doc2path(name.removesuffix(".xhtml"), base=False).as_posix(), 1)
            report(app.env, Finding(at, "epub-page", f"this page is not valid XML: {fault}"))


def setup_epub(app: Sphinx) -> None:
    """Register the EPUB."""
    app.connect("config-inited", set_epub_defaults, priority=100)
    # Sphinx checks the settings at 500.
    app.connect("builder-inited", before_epub_check, priority=400)
    app.connect("builder-inited", after_epub_check, priority=600)
    app.connect("builder-inited", drop_old_books)
    app.connect("env-updated", leave_empty_index_out)
    app.connect("html-page-context", keep_book_styles, priority=950)
    app.connect("html-page-context", make_well_formed, priority=950)
    app.add_post_transform(DropScripts)
    app.add_post_transform(MathToMathML)
    app.connect("build-finished", finish_epub, priority=900)
