"""Keep a chapter's outputs in its folder, for computers that cannot run its code.

Writes what the code puts out to frozen/ beside the page: a file of text, and the pictures. Commit
them. From then on nothing runs the page, here or where the website is built, so it needs neither
its kernel nor its packages or data. If its code changes, the page and the check say so: freeze it
again. Code is run unless its outputs are known from a build. If it fails, nothing is written.

In the front matter, 'mmbook: {freeze: auto}' runs the code once it has changed, 'freeze: false' in
any case; 'freeze: true' runs nothing even if nothing is frozen yet.

examples:
  mmbook freeze chapters/my-chapter
  mmbook freeze my-chapter --again   run the code in any case
  mmbook thaw my-chapter             run it in each build again
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.child import read_pages
from sphinx_mmbook.cli.folders import add_book_flag, find_book, pages_named
from sphinx_mmbook.core.provenance.frozen_file import frozen_files, frozen_path

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the chapters and the book."""
    parser.add_argument("chapters", nargs="+", metavar="CHAPTER", help="a chapter's folder or page")
    parser.add_argument("--again", action="store_true", help="run the code also if nothing changed")
    add_book_flag(parser)


def run(args: argparse.Namespace) -> int:
    """Freeze; return 1 if a chapter fails, 2 if one is not there."""
    book = find_book(args.book).resolve()
    pages = pages_named(book, args.chapters)
    before = {page: _contents(book, page) for page in pages}
    order = {"MMBOOK_FREEZE": json.dumps(pages)}
    order |= {"MMBOOK_FREEZE_AGAIN": "1"} if args.again else {}
    status = read_pages(book, order)
    for page in pages:
        print(_said(book, page, before[page]))
    return status


def _contents(book: Path, page: str) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in frozen_files(book, page)}


def _said(book: Path, page: str, before: dict[str, bytes]) -> str:
    """Return what has become of a page's outputs."""
    now = _contents(book, page)
    if now == before:
        return f"{page}: {'its outputs are frozen as they were' if now else 'nothing is frozen'}"
    size = sum(map(len, now.values())) / 1000
    pictures = f" and {len(now) - 1} picture{'s' * (len(now) > 2)}" if len(now) > 1 else ""
    return f"{page}: wrote {frozen_path(page)}{pictures}, {size:,.0f} kB; commit them"
