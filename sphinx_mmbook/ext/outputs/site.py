"""The website: our style sheet, MathJax from the site itself, a page's own authors."""

from __future__ import annotations

import filecmp
import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util.fileutil import copy_asset

from sphinx_mmbook.core.output.formula_macros import mathjax_macros
from sphinx_mmbook.ext.adapters.sphinx import copy_notebook_style_first, is_set, set_where_unset
from sphinx_mmbook.ext.domain import book_domain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from sphinx_mmbook.core.people.chapter_metadata import Chapter

STATIC = Path(__file__).parent / "static"
#: The theme of a book that names none, and the one for which there is a style sheet.
THEME = "sphinx_book_theme"

#: MathJax 4, as .ci/take_mathjax.py has taken it from its archive; docs/decisions.md says why.
MATHJAX = Path(__file__).parent / "mathjax"
MATHJAX_PATH = "mathjax/tex-chtml-nofont.js"

#: Fonts from the site. Screen readers get MathML; the menu offers speech, whose megabyte is loaded
#: by those who ask for it. Links in formulas keep to harmless addresses.
MATHJAX_SETTINGS: dict[str, Any] = {
    "loader": {
        "load": ["ui/safe"],
        "paths": {"fonts": "[mathjax]/fonts"},
        # The font has its own version number.
        "versionWarnings": False,
    },
    "output": {"font": "mathjax-tex"},
    "tex": {
        "autoload": {"bbm": [], "bboldx": [], "dsfont": []},
        # What the PDF knows as well: mmbookfonts.sty.
        "macros": {"bm": [r"\boldsymbol{#1}", 1]},
    },
    "options": {
        "menuOptions": {
            "settings": {
                "assistiveMml": True, "enrich": False, "speech": False, "braille": False,
                "inTabOrder": False,
            }
        }
    },
}  # fmt: skip


def set_look(app: Sphinx, config: Config) -> None:
    """Give a book that says nothing of its look the one that books have."""
    if not is_set(config, "html_theme_options"):  # they are another theme's
        set_where_unset(config, {"html_theme": THEME})
    # Not "… documentation"; and not the author whom Sphinx makes up.
    set_where_unset(config, {"html_title": config.project, "author": ""})


def use_own_files(app: Sphinx) -> None:
    """Let pages load style and MathJax from the site; a built site asks nothing of other hosts."""
    app.config.html_static_path.append(str(STATIC))
    app.add_css_file("mmbook.css")
    if app.config.html_theme == THEME:
        app.add_css_file("mmbook-book-theme.css")
    set_where_unset(app.config, {"mathjax_path": MATHJAX_PATH})
    settings: dict[str, Any] = {}
    if app.config.mathjax_path == MATHJAX_PATH:
        app.add_js_file("formulas.js")
        settings = MATHJAX_SETTINGS
    if macros := mathjax_macros(app.config.mmbook_macros):
        settings = merged(settings, {"tex": {"macros": macros}})
    if settings:
        # Sphinx before 9 has only the older name, whose value MathJax 4 understands as well.
        name = "mathjax4_config" if "mathjax4_config" in app.config else "mathjax3_config"
        said = app.config[name] or app.config.mathjax3_config or {}
        app.config[name] = merged(settings, said)


def merged(ours: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Return our settings of MathJax, and what conf.py says instead of and beside them."""
    both = {**ours, **said}
    for name in ours.keys() & said.keys():
        if isinstance(ours[name], dict) and isinstance(said[name], dict):
            both[name] = merged(ours[name], said[name])
        elif isinstance(ours[name], list) and isinstance(said[name], list):
            both[name] = ours[name] + said[name]
    return both


def copy_mathjax(app: Sphinx) -> None:
    """Copy MathJax into the site, once.

    Before pages are written: Sphinx adds a checksum to its address only if the file is there.
    """
    if app.builder.name == "epub" or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "mathjax"
    if app.config.mathjax_path == MATHJAX_PATH and not same_version(target):
        shutil.rmtree(target, ignore_errors=True)
        copy_asset(MATHJAX, target)


def same_version(target: Path) -> bool:
    """Say whether a site that is built again has this MathJax."""
    name = Path(MATHJAX_PATH).name
    return (target / name).is_file() and filecmp.cmp(MATHJAX / name, target / name, shallow=False)


def page_metadata(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Give a chapter's page its own authors, where the theme names those of the book.

    The Sphinx Book Theme prints them, and the title above a printed page, as markup.
    """
    if isinstance(title := context.get("pagetitle"), str):
        context["pagetitle"] = escape(title)
    chapter = book_domain(app.env).chapters.get(pagename)
    if chapter is None:
        return
    authors = [credit.person.name for credit in chapter.credits if credit.role == "authors"]
    if authors:
        context["author"] = escape(", ".join(authors))
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
    app.connect("config-inited", set_look, priority=90)
    app.connect("builder-inited", use_own_files)
    app.connect("builder-inited", copy_notebook_style_first)
    app.connect("builder-inited", copy_mathjax)
    # After the theme, which writes conf.py's author over ours.
    app.connect("html-page-context", page_metadata, priority=900)
