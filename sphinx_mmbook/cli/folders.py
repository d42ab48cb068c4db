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
        help="the folder with the book's conf.py (default: this folder, ./book, or above)",
    )


def add_book_flag(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the book, for commands whose arguments are something else."""
    help_text = "the book's folder (default: this folder, ./book, or above)"
    parser.add_argument("--book", type=Path, help=help_text)


def find_book(named: Path | None) -> Path:
    """Return the book's folder: the one named, this one, ``book`` in it, or one above.

    :raises SystemExit: with status 2 if no ``conf.py`` is there.
    """
    # Students work in their chapter's folder.
    candidates = [named] if named else [Path(), Path("book"), *Path.cwd().parents]
    for folder in candidates:
        if (folder / "conf.py").is_file():
            return folder
    where = f"in '{named}'" if named else "here, in ./book or above"
    print(f"mmbook: there is no conf.py {where}; name the book's folder", file=sys.stderr)
    raise SystemExit(2)
