"""See that the built site is whole: each page of the book is there, and each label has its anchor.

Run it after 'mmbook build'. Exit status: 0 whole, 1 something is missing, 2 nothing was built.

examples:
  mmbook verify                       ./book/_build/html
  mmbook verify --site public         the site in another folder
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import add_book_option, find_book

if TYPE_CHECKING:
    import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the book and the site."""
    add_book_option(parser)
    where = "folder of the site (default: _build/html in the book)"
    parser.add_argument("--site", type=Path, metavar="DIR", help=where)


def run(args: argparse.Namespace) -> int:
    """Compare, print what is missing, and return the exit status."""
    from sphinx_mmbook.core.book.book import load_book  # noqa: PLC0415
    from sphinx_mmbook.core.book.built_site import missing_in_site  # noqa: PLC0415

    book = load_book(find_book(args.book))
    site = args.site or book.folder / "_build" / "html"
    if not (site / f"{book.settings.root}.html").is_file():
        print(f"mmbook verify: there is no site in '{site}'; build it first", file=sys.stderr)
        return 2
    missing = list(missing_in_site(book, site))
    for at, what in missing:
        print(f"{at}: {what}", file=sys.stderr)
    if not missing:
        print(f"{len(book.pages)} pages and {len(book.facts.labels())} labels are in the site")
    return int(bool(missing))
