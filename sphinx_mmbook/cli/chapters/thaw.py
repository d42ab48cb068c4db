"""Run a chapter's code in each build again: removes what 'mmbook freeze' wrote.

examples:
  mmbook thaw chapters/my-chapter
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import add_book_flag, find_book, pages_named
from sphinx_mmbook.core.provenance.frozen_file import frozen_files

if TYPE_CHECKING:
    import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the chapters and the book."""
    parser.add_argument("chapters", nargs="+", metavar="CHAPTER", help="a chapter's folder or page")
    add_book_flag(parser)


def run(args: argparse.Namespace) -> int:
    """Remove frozen outputs; return 2 if a chapter is not there."""
    book = find_book(args.book).resolve()
    pages = pages_named(book, args.chapters)
    for page in pages:
        # The file that speaks of all others goes first: without it there is nothing frozen.
        files = sorted(frozen_files(book, page), key=lambda file: file.suffix != ".json")
        for file in files:
            file.unlink()
        if files:
            with suppress(OSError):  # other pages have theirs there
                files[0].parent.rmdir()
        print(f"{page}: {'its code runs again' if files else 'nothing is frozen'}")
    return 0
