"""Remove a chapter: its folder, its lines in toctrees, and people whom no other page credits.

Refuses, and says why, if anything refers to the chapter. What is removed lies in _build/removed/
until 'mmbook clean'; with Git it is in the history, too.

examples:
  mmbook remove example                 the chapter in chapters/example
  mmbook remove example --dry-run       show what would go, and what refers to it
  mmbook remove example --force         in spite of what refers to it: 'mmbook check' names that
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import add_book_flag, find_book, refusing

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from sphinx_mmbook.core.changing.removing import Removal


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the chapter."""
    parser.add_argument("chapter", metavar="CHAPTER", help="name or path of its folder")
    parser.add_argument("--force", action="store_true", help="in spite of what refers to it")
    parser.add_argument("--keep-people", action="store_true", help="leave the files of its people")
    parser.add_argument("--dry-run", action="store_true", help="show what would be removed")
    add_book_flag(parser)


def run(args: argparse.Namespace) -> int:
    """Remove; return the exit status: 0 done, 1 something refers to it, 2 refused."""
    from sphinx_mmbook.core.changing.chapter_folder import ChangeRefused  # noqa: PLC0415

    with refusing("nothing was removed", ChangeRefused):
        return remove(find_book(args.book), args)


def remove(folder: Path, args: argparse.Namespace) -> int:
    """Change the book, and say what is gone."""
    from sphinx_mmbook.core.book.book import load_book  # noqa: PLC0415
    from sphinx_mmbook.core.changing.chapter_folder import folder_of  # noqa: PLC0415
    from sphinx_mmbook.core.changing.removing import removal  # noqa: PLC0415
    from sphinx_mmbook.core.files.changes import carry_out  # noqa: PLC0415

    book = load_book(folder)
    planned = removal(folder_of(book, args.chapter), keep_people=args.keep_people)
    for at, what in planned.needed:
        print(f"{at}: {what}", file=sys.stderr)
    if planned.needed and not args.force:
        count = len(planned.needed)
        print(
            f"mmbook remove: nothing was removed: {count} place(s) need the chapter; change them "
            "first, or say --force",
            file=sys.stderr,
        )
        return 1
    if not args.dry_run:
        carry_out(book.folder, planned.changes)
    tell(planned, args.dry_run)
    return 0


def tell(planned: Removal, dry_run: bool) -> None:
    """Print what is removed, what is changed, and where the removed files lie."""
    gone, other = ("would remove", "would change") if dry_run else ("removed", "changed")
    for old, new in planned.changes.moves:
        print(f"{gone} {old}" if dry_run else f"{gone} {old} (it lies in {new})")
    for path in planned.changes.texts:
        print(f"{other} {path}")
    for at, what in planned.noted:
        print(f"look at {at}: it {what}")
