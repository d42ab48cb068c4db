"""The contents of a page, as its theme shows them beside it, are kept: 0.05 s of an edit.

The theme asks for two selectors of CSS (``generate_toc_html`` in
``pydata_sphinx_theme/toctree.py``, read in 0.20), for which soupsieve compiles its grammar in each
process. What it makes depends on a page's headings and on settings; while these are the same, so
is that. It is kept beside the page's tree, since processes that write pages have nothing to send.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bs4

from sphinx_mmbook.core.files.paths import plain_bytes
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.ext.speed.kept_sidebars import MOST, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

MODULE = "pydata_sphinx_theme.toctree"
#: After the name of the page, in the folder of the doctrees.
SUFFIX = ".contents.json"


def keep_contents(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Replace the theme's function in the context of a page of the book."""
    theme: Any = context.get("generate_toc_html")
    is_theirs = getattr(theme, "__module__", "") == MODULE and app.builder.name == "html"
    if app.config.mmbook_speedups and is_theirs and doctree and "toc" in context:
        file = Path(app.doctreedir, pagename + SUFFIX)
        shown = context["toc"], context.get("theme_show_toc_level"), bs4.__version__

        @cache
        def contents(kind: str = "html") -> object:
            return kept(file, state_of(app, *shown), theme) if kind == "html" else theme(kind)

        context["generate_toc_html"] = contents


def kept(file: Path, state: str, make: Callable[[], object]) -> str:
    """Return what is kept in a file, or else make it and keep it."""
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        found = json.loads(plain_bytes(file, MOST))
        if found["state"] == state:
            return str(found["html"])
    html = str(make())
    with suppress(OSError):  # a full disk is told elsewhere
        write_whole({file: json.dumps({"state": state, "html": html})})
    return html
