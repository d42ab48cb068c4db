"""The website: our style sheet, MathJax from the site itself, a page's own authors."""

from __future__ import annotations

from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError
from sphinx.util.fileutil import copy_asset

from sphinx_mmbook.ext.adapters.sphinx import copy_notebook_style_first, set_where_unset
from sphinx_mmbook.ext.domain import book_domain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

    from sphinx_mmbook.core.people.chapter_metadata import Chapter

STATIC = Path(__file__).parent / "static"

#: What of MathJax a page can ask for: the program, fonts, TeX extensions, speech for readers.
MATHJAX_PARTS = ("tex-chtml.js", "output/chtml", "input/tex/extensions", "a11y", "sre", "ui")


def mathjax_folder() -> Path:
    """Return the folder of the MathJax 3 that ``sphinx-mathjax-offline`` brings."""
    # The package's name has hyphens, so it cannot be imported by a statement.
    spec = find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise ExtensionError("MathJax is missing: pip install sphinx-mathjax-offline")
    return Path(spec.origin).parent / "static" / "mathjax"


def use_own_files(app: Sphinx) -> None:
    """Let pages load style and MathJax from the site; a built site asks nothing of other hosts."""
    app.config.html_static_path.append(str(STATIC))
    app.add_css_file("mmbook.css")
    set_where_unset(app.config, {"mathjax_path": "mathjax/tex-chtml.js"})


def copy_mathjax(app: Sphinx) -> None:
    """Copy MathJax into the site, once.

    Before pages are written: Sphinx adds a checksum to its address only if the file is there.
    """
    if app.builder.name == "epub" or app.builder.format != "html":
        return
    if not app.config.mathjax_path.startswith("mathjax/"):
        return
    source, target = mathjax_folder(), Path(app.outdir) / "_static" / "mathjax"
    for part in MATHJAX_PARTS:
        if not (target / part).exists():
            folder = target / part if (source / part).is_dir() else (target / part).parent
            copy_asset(source / part, folder)


def page_metadata(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Give a chapter's page its own authors, where the theme names those of the book."""
    chapter = book_domain(app.env).chapters.get(pagename)
    if chapter is None:
        return
    authors = [credit.person.name for credit in chapter.credits if credit.role == "authors"]
    if authors:
        context["author"] = ", ".join(authors)
    context["metatags"] = context.get("metatags", "") + meta_tags(chapter, authors)


def meta_tags(chapter: Chapter, authors: list[str]) -> str:
    """Return the ``<meta>`` elements of a chapter."""
    tags = [("author", name) for name in authors]
    if chapter.abstract:
        tags.append(("description", " ".join(chapter.abstract.split())))
    if chapter.keywords:
        tags.append(("keywords", ", ".join(chapter.keywords)))
    return "".join(f'<meta name="{name}" content="{escape(text)}" />\n' for name, text in tags)


def setup_site(app: Sphinx) -> None:
    """Register the site's files and metadata."""
    app.connect("builder-inited", use_own_files)
    app.connect("builder-inited", copy_notebook_style_first)
    app.connect("builder-inited", copy_mathjax)
    # After the theme, which writes conf.py's author over ours.
    app.connect("html-page-context", page_metadata, priority=900)
