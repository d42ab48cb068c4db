"""Who stores a result: the program, its chapter and its book."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx_mmbook.core.files.paths import book_above
from sphinx_mmbook.core.provenance.hashing import PAGES
from sphinx_mmbook.core.provenance.opened import is_own
from sphinx_mmbook.core.provenance.sidecar import SUFFIX, chapter_of

#: When this was imported, the program had been read by Python already.
STARTED = time.time()
#: What Windows does not allow in names, and what separates the parts of ``{stored}`x.csv#a|.1f` ``.
_UNUSABLE = re.compile(r'[\\:*?"<>|#`\x00-\x1f]')


class StoreError(ValueError):
    """A result cannot be stored as asked; the message says why, and what to do."""


@dataclass(frozen=True)
class Caller:
    """Where a result is stored from. All paths are absolute and free of links.

    ``script`` is the program or page, None if it is not in the book; ``changed`` tells whether it
    was saved again while it ran.
    """

    book: Path
    chapter: Path
    script: Path | None = None
    changed: bool = False

    def path_of(self, target: str | os.PathLike[str], kind: str) -> Path:
        """Return the path that ``target``, from the chapter's folder, names.

        :raises StoreError: if a result lies outside of the chapter, or an input outside of the
            book, or the name of a result is one that not every computer or page can use.
        """
        if kind == "result":
            _check_name(target)
        limit = self.chapter if kind == "result" else self.book
        path = (self.chapter / os.fspath(target)).resolve()
        if path == limit or not path.is_relative_to(limit):
            where = "chapter's folder" if kind == "result" else "book"
            advice = f"write for example 'results/{path.name}'"
            if kind == "input":
                advice = "copy it into the book, or declare a list of its checksums instead"
            raise StoreError(f"the {kind} '{target}' is outside of the {where}; {advice}")
        if kind == "result" and path.is_dir():
            raise StoreError(f"'{target}' is a folder; name a file, as 'results/accuracy.csv'")
        return path


def _check_name(target: Any) -> None:
    """Refuse a result's name that would not work on another computer, or in a page."""
    if not isinstance(target, str | os.PathLike):
        raise StoreError("the path comes second: store(table, 'results/accuracy.csv')")
    name = os.fspath(target).replace(os.sep, "/").rpartition("/")[2]
    if _UNUSABLE.search(name) or name.startswith(".") or name.endswith((" ", ".")):
        raise StoreError(
            f"'{name}' is not a name for a result; use letters, digits, '-', '_' and '.' "
            "after the first letter, and '/' between folders"
        )
    if name.endswith(SUFFIX):
        raise StoreError(f"'{name}' is the name of a provenance file; choose another ending")


def find_caller(file: str, script: str | os.PathLike[str] | None) -> Caller:
    """Return who stores: ``script`` if named, else the program that runs, else ``file``.

    ``file`` is where the calling code stands.

    :raises StoreError: if ``script`` does not exist.
    """
    here = Path.cwd().resolve()
    if script is not None:
        named = (here / os.fspath(script)).resolve()
        if not named.is_file():
            raise StoreError(f"the script '{script}' does not exist; write its path from {here}")
        return _caller(here, named)
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    candidates = [Path(main).resolve()] if main else []
    candidates += [page for page in [_page(here)] if page]
    candidates += [Path(file).resolve()]
    for candidate in candidates:
        found = _caller(here, candidate)
        if found.script:
            return found
    return _caller(here, None)


def _caller(here: Path, script: Path | None) -> Caller:
    """Return the caller for a script, which is left out if it is not in the book."""
    book = (book_above(script) if script else None) or book_above(here) or here
    if script is None or not is_own(book, script):
        return Caller(book, chapter_of(book, here / "x"))
    chapter = chapter_of(book, script)
    # A program that several chapters share runs in the folder of the one it works for.
    if here.is_relative_to(book) and here != book and chapter_of(book, here / "x") == here:
        chapter = here
    changed = script.suffix not in PAGES and script.stat().st_mtime > STARTED
    return Caller(book, chapter, script, changed)


def _page(here: Path) -> Path | None:
    """Return the notebook that runs, as far as Jupyter tells, else the chapter in this folder."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    told = os.environ.get("JPY_SESSION_NAME") or shell.user_ns.get("__vsc_ipynb_file__") or ""
    named = [here / Path(str(told)).name] if told else []
    pages = [*named, *(here / f"index{suffix}" for suffix in PAGES)]
    return next((page for page in pages if page.is_file()), None)
