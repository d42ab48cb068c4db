"""Remove all that builds have made, also the outputs of notebooks.

examples:
  mmbook clean                    remove ./book/_build
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import add_book_option, find_book

if TYPE_CHECKING:
    import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the book."""
    add_book_option(parser)


def run(args: argparse.Namespace) -> int:
    """Remove ``_build``; of a link, the link alone."""
    build = find_book(args.book) / "_build"
    if build.is_symlink():
        build.unlink()  # what it leads to may be anything
    elif build.is_dir():
        shutil.rmtree(build)
    return 0
