"""Where a book is and where its output goes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


class CommandRefused(Exception):
    """What the user asked for cannot be done; the message says why, and what to do instead."""


def add_book_option(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names the book."""
    parser.add_argument(
        "book",
        nargs="?",
        type=Path,
        help="the folder with the book's conf.py (default: this folder, or ./book)",
    )


def find_book(named: Path | None) -> Path:
    """Return the book's folder: the one named, this one, or ``book`` in it.

    :raises SystemExit: with status 2 if no ``conf.py`` is there.
    """
    candidates = [named] if named else [Path(), Path("book")]
    for folder in candidates:
        if (folder / "conf.py").is_file():
            return folder
    where = f"in '{named}'" if named else "here or in ./book"
    print(f"mmbook: there is no conf.py {where}; name the book's folder", file=sys.stderr)
    raise SystemExit(2)


def book_around() -> Path | None:
    """Return the book that this folder is in, if it is in one: students work in their chapter."""
    return next((f for f in Path.cwd().parents if (f / "conf.py").is_file()), None)
