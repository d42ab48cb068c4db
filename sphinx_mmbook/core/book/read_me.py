"""What Sphinx would take for pages, but is not: read-me files, unless a toctree names them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.paths import folders_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READ_ME = "README.md"

#: A line of a toctree, or of the file of sphinx_external_toc, that names a read-me file.
_ENTRY = re.compile(
    r"^[ \t]*+(?:- )?(?:(?:file|root): *|[^\n<>]*<)?(?P<name>[\w./-]*\bREADME)(?:\.md)?>? *$",
    re.MULTILINE,
)
#: What can hold a toctree, and how large it may be to be looked through.
_SUFFIXES, _MAX_BYTES = (".md", ".rst", ".ipynb", "_toc.yml"), 2**20


def read_mes(book: Path) -> tuple[str, ...]:
    """Return the patterns of ``exclude_patterns`` for the read-me files that are not pages."""
    files = [prefix + name for prefix, _, names in folders_of(book) for name in names]
    found = {path for path in files if posixpath.basename(path) == READ_ME}
    named = {name for path in files for name in _named(book, path)} if found else set()
    return tuple(sorted(found - named)) if found & named else (READ_ME, f"**/{READ_ME}")


def _named(book: Path, path: str) -> Iterator[str]:
    """Yield the read-me files that the toctrees of a page name."""
    file = book / path
    if not path.endswith(_SUFFIXES) or not file.is_file() or file.stat().st_size > _MAX_BYTES:
        return
    text = file.read_bytes().decode("utf-8", "replace")
    if "toctree" in text or path.endswith("_toc.yml"):
        for match in _ENTRY.finditer(text):
            folder = "" if match["name"].startswith("/") else posixpath.dirname(path)
            yield posixpath.normpath(posixpath.join(folder, match["name"].lstrip("/") + ".md"))
