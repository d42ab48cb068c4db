"""The side bar that a build has compared with the theme's is kept for the next: 0.1 s of an edit.

It stays the same as long as all of which it is made does: order, titles and numbers of chapters,
the settings of the site, and who makes it. As JSON, in the folder of the doctrees.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook import __version__
from sphinx_mmbook.core.files.paths import plain_bytes
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.ext.toctrees import chapter_outline

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "mmbook-sidebar.json"
#: The largest file that is read: 30 kB are the bar of 100 chapters.
MOST = 10 * 2**20

#: What the theme made for a page, the address of that page, and how many levels are open.
Bar = tuple[str, str, int]


def read_bars(app: Sphinx) -> dict[str, Bar]:
    """Return what is kept, by the options of the theme; nothing if it is of another book."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        kept = json.loads(plain_bytes(Path(app.doctreedir, NAME), MOST))
        if kept["state"] == state_of(app, chapter_outline(app.env)):
            return {
                key: (str(html), str(page), int(levels))
                for key, (html, page, levels) in kept["bars"].items()
            }
    return {}


def write_bars(app: Sphinx, bars: dict[str, Bar]) -> None:
    """Keep side bars for the next build."""
    text = json.dumps({"state": state_of(app, chapter_outline(app.env)), "bars": bars})
    with suppress(OSError):  # a full disk is told elsewhere
        write_whole({Path(app.doctreedir, NAME): text})


def state_of(app: Sphinx, *shown: object) -> str:
    """Return a digest of all that is made of what is ``shown``: by whom, with what settings."""
    versions = sorted((name, extension.version) for name, extension in app.extensions.items())
    build = app.builder.build_info  # type: ignore[attr-defined]
    settings = (build.config_hash, build.tags_hash)
    made_of = repr((__version__, versions, settings, shown))
    return blake2b(made_of.encode("utf-8", "replace"), digest_size=16).hexdigest()
