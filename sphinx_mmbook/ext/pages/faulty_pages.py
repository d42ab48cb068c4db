"""Pages of which a build has warned are read again by the next one, which then says so again.

Sphinx warns of a page when it reads or writes it. A second build of an unchanged book would
succeed over all faults; and a page whose fault lies outside of it, a package that is not installed,
would stay as it is when the fault is mended.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sphinx_mmbook.core.checking.upstream import warned_of
from sphinx_mmbook.core.files.paths import plain_bytes
from sphinx_mmbook.ext.adapters.sphinx import see_warnings
from sphinx_mmbook.ext.domain import book_domain

if TYPE_CHECKING:
    import logging

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: Beside the doctrees; what is said while pages are written comes after Sphinx has saved its own.
NAME = "mmbook-faulty.json"
MOST = 10_000_000
#: Line and, in our own warnings, column.
_LINE = re.compile(r"(?::(?:\d{1,9}|<unknown>)){1,2}\Z")


class FaultyPages:
    """The places of which this build warns, and the pages of which the last one did."""

    def __init__(self) -> None:
        self.places: set[str] = set()

    def see(self, record: logging.LogRecord) -> bool:
        """Remember the file that a warning names, as Sphinx has written it out; let it pass."""
        self.places.add(_LINE.sub("", str(getattr(record, "location", None) or "")))
        return True

    def outdated(self, app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
        """Return the pages to read again."""
        self.places.clear()
        with suppress(OSError, ValueError, TypeError, RecursionError):
            named = json.loads(plain_bytes(Path(app.doctreedir, NAME), MOST))
            return sorted(env.found_docs.intersection(named))
        return []

    def pages(self, env: BuildEnvironment) -> set[str]:
        """Return the pages at fault; for another file, those of the folder around it."""
        found: set[str] = set()
        domain = book_domain(env)
        # Of these others would warn, while the page is written perhaps, were ours not said first.
        said = {one[0] for one in [*domain.reported, *domain.silenced] if one[2] in warned_of()}
        for place in filter(None, {*self.places, *(str(env.srcdir / path) for path in said)}):
            name = str(env.path2doc(place) or place)
            if name in env.found_docs:
                found.add(name)
            elif Path(place).is_file():
                folders: defaultdict[PurePosixPath, set[str]] = defaultdict(set)
                for page in env.found_docs:
                    folders[PurePosixPath(page).parent].add(page)
                around = PurePosixPath(os.path.relpath(place, env.srcdir)).parents
                found |= next((folders[one] for one in around if one in folders), set())
        return found

    def save(self, app: Sphinx, _error: Exception | None) -> None:
        """Write them down for the next build."""
        if getattr(app, "env", None) is None:
            return
        file, pages = Path(app.doctreedir, NAME), self.pages(app.env)
        with suppress(OSError):  # a full disk is told elsewhere
            if pages:
                file.write_text(json.dumps(sorted(pages)), "utf-8")
            else:
                file.unlink(missing_ok=True)


def setup_faulty_pages(app: Sphinx) -> None:
    """Register the events."""
    faulty = FaultyPages()
    see_warnings(faulty.see)
    app.connect("env-get-outdated", faulty.outdated)
    app.connect("build-finished", faulty.save)
