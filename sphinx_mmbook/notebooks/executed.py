"""A page's notebook with the outputs of its run, for readers who want to go on with it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jupyter_cache import get_cache
from nbformat import v4

from sphinx_mmbook.notebooks.cache import exists

if TYPE_CHECKING:
    from pathlib import Path

#: Among the kernel's metadata of a page whose outputs are frozen: their hash.
FROZEN = "mmbook_frozen"
#: Among the kernel's metadata of every other page: its path, so that each page has its own outputs
#: in the cache, also if another has the same code but other data.
PAGE = "mmbook_page"


def executed(notebook: Path, cache: Path) -> str:
    """Return the text of a notebook with its outputs from the folder ``cache``.

    ``notebook`` is what MyST-NB writes for a page: it has the outputs only if the page was run
    without a cache. Then, and if the cache has none, it stays without.
    """
    merged = v4.reads(notebook.read_text("utf-8"))
    if exists(cache):
        with suppress(KeyError):
            _, merged = get_cache(cache).merge_match_into_notebook(merged)
    merged.metadata.get("kernelspec", {}).pop(FROZEN, None)
    merged.metadata.get("kernelspec", {}).pop(PAGE, None)
    for number, cell in enumerate(merged.cells, 1):
        # Random names and times would make each build another.
        if "id" in cell:
            cell.id = f"cell-{number}"
        cell.metadata.pop("execution", None)
    written: str = v4.writes(merged)  # not judged by the schema again: 2 ms for each cell
    return written
