"""A page's notebook with the outputs of its run, for readers who want to go on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
from jupyter_cache import get_cache

from sphinx_mmbook.notebooks.cache import exists

if TYPE_CHECKING:
    from pathlib import Path


def executed(notebook: Path, cache: Path) -> str:
    """Return the text of a notebook with its outputs from the folder ``cache``.

    ``notebook`` is what MyST-NB writes for a page: it has the outputs only if the page was run
    without a cache. Then, and if the cache has none, it is returned as it is.
    """
    text = notebook.read_text("utf-8")
    if not exists(cache):
        return text
    try:
        _, merged = get_cache(cache).merge_match_into_notebook(nbformat.reads(text, as_version=4))
    except KeyError:
        return text
    written: str = nbformat.writes(merged)
    return written
