"""Build the EPUB of the book.

examples:
  mmbook epub                     ./book -> ./book/_build/epub
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.cli.build import add_options, sphinx_build, sphinx_options
from sphinx_mmbook.cli.folders import find_book

if TYPE_CHECKING:
    import argparse

__all__ = ["add_options", "run"]


def run(args: argparse.Namespace) -> int:
    """Build, then say where to look."""
    book = find_book(args.book)
    status = sphinx_build(book, "epub", sphinx_options(args))
    if status == 0 and not args.quiet:
        for file in sorted((book / "_build" / "epub").glob("*.epub")):
            print(f"\nThe EPUB is ready:\n  {file}")
    return status
