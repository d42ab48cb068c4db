"""What a page offers to keep: the book as PDF and EPUB, and a chapter as executed notebook."""

from __future__ import annotations

import filecmp
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.core.translations import word
from sphinx_mmbook.ext.adapters.myst_nb import cache_folder

if TYPE_CHECKING:
    from collections.abc import Collection

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: The theme makes its buttons at 501.
BEFORE_THEME, AFTER_THEME = 490, 600
#: Beside the sources, where the theme looks for notebooks.
EXECUTED = "executed"
#: Sphinx writes all pages anew when this changes: a book that has a PDF now has a link on each.
KEY = "mmbook_downloads"


def find_files(app: Sphinx, config: Config) -> None:
    """Note which files of the book stand beside the site; Read the Docs offers its own."""
    if os.environ.get("READTHEDOCS") or Path(app.outdir).name == "epub":
        return
    names = [file.name for file in book_files(app, config) if file.is_file()]
    if names:
        config.html_context = {**config.html_context, KEY: names}


def book_files(app: Sphinx, config: Config) -> list[Path]:
    """Return where builds of the book's PDF and EPUB put them."""
    build = Path(app.outdir).parent
    latex = [Path(document[1]).with_suffix(".pdf") for document in config.latex_documents[:1]]
    return [
        *(build / "latex" / name for name in latex),
        build / "epub" / f"{config.epub_basename}.epub",
    ]


def copy_files(app: Sphinx) -> None:
    """Copy the book's files into the site."""
    if app.builder.format != "html" or Path(app.outdir).name == "epub":
        return
    target = Path(app.outdir) / "_downloads"
    drop_old_files(target, app.config.html_context.get(KEY, ()))
    if KEY not in app.config.html_context:
        return
    target.mkdir(parents=True, exist_ok=True)
    for file in book_files(app, app.config):
        if file.name in app.config.html_context[KEY]:
            copy_changed(file, target / file.name)


def drop_old_files(folder: Path, names: Collection[str]) -> None:
    """Remove the book's files of an earlier name; Sphinx has its own in folders below."""
    for kind in ("pdf", "epub"):
        for file in folder.glob(f"*.{kind}"):
            if file.name not in names:
                file.unlink()


def copy_changed(source: Path, target: Path) -> None:
    """Copy a file unless it is there already: what changes nothing writes nothing."""
    if not (target.exists() and filecmp.cmp(source, target, shallow=False)):
        shutil.copyfile(source, target)


def offer_notebook(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Tell the theme of the page's notebook, with what its code gave."""
    notebook = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    if app.builder.format != "html" or app.builder.name == "epub" or not notebook.is_file():
        return
    if doctree is not None:
        name = f"{EXECUTED}/{pagename}.ipynb"
        # Not at the top: it loads Jupyter's cache, which few pages need.
        from sphinx_mmbook.notebooks.executed import executed  # noqa: PLC0415

        text = executed(notebook, cache_folder(app.env))
        target = Path(app.outdir) / "_sources" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole({target: text})
        context["ipynb_source"] = name


def offer_book(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Add the book to the theme's menu of downloads."""
    language = app.config.language
    for group in context.get("header_buttons") or ():
        if group.get("label") != "download-buttons":
            continue
        for button in group["buttons"]:
            if button["label"] == "download-pdf-button":
                # It opens the browser's own window; the book's PDF comes below.
                button |= {"text": word("print", language), "icon": "fas fa-print"}
        for name in app.config.html_context.get(KEY, ()):
            kind = name.rpartition(".")[2]
            button = {
                "type": "link",
                "url": context["pathto"](f"_downloads/{name}", 1),
                "text": word("book-as", language).format(f".{kind}"),
                "tooltip": word("whole-book", language).format(kind.upper()),
                "icon": "fas fa-book",
                "label": f"download-book-{kind}-button",
            }
            group["buttons"].append(button)


def setup_downloads(app: Sphinx) -> None:
    """Register what pages offer."""
    app.connect("config-inited", find_files, priority=900)
    app.connect("builder-inited", copy_files)
    app.connect("html-page-context", offer_notebook, priority=BEFORE_THEME)
    app.connect("html-page-context", offer_book, priority=AFTER_THEME)
