"""Give a chapter's folder another name, and change every path to it.

Links, toctrees, figures, programs and CODEOWNERS follow; labels and citations stay as they are.
All is changed, or nothing.

examples:
  mmbook rename image-to-text captioning               the chapter in chapters/image-to-text
  mmbook rename image-to-text captioning --dry-run     show what would change
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import add_book_flag, find_book, refusing

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add both names."""
    parser.add_argument("old", metavar="OLD", help="the chapter: name or path of its folder")
    parser.add_argument("new", metavar="NEW", help="new name: lower-case letters, digits, hyphens")
    parser.add_argument("--dry-run", action="store_true", help="show what would change")
    add_book_flag(parser)


def run(args: argparse.Namespace) -> int:
    """Rename; return the exit status: 0 done, 1 done but faulty, 2 refused."""
    from sphinx_mmbook.core.changing.chapter_folder import ChangeRefused  # noqa: PLC0415

    with refusing("nothing was changed", ChangeRefused):
        return rename(find_book(args.book), args)


def rename(folder: Path, args: argparse.Namespace) -> int:
    """Change the book, and say what was changed."""
    from sphinx_mmbook.core.book.book import load_book  # noqa: PLC0415
    from sphinx_mmbook.core.changing.chapter_folder import folder_of  # noqa: PLC0415
    from sphinx_mmbook.core.changing.renaming import renaming  # noqa: PLC0415
    from sphinx_mmbook.core.checking.baseline import fingerprint  # noqa: PLC0415
    from sphinx_mmbook.core.checking.judge import judge  # noqa: PLC0415
    from sphinx_mmbook.core.files.changes import carry_out  # noqa: PLC0415

    book = load_book(folder)
    chapter = folder_of(book, args.old)
    changes, places = renaming(chapter, args.new)
    before = [] if args.dry_run else judge(book)
    if not args.dry_run:
        carry_out(chapter.top, changes)
    ((old, new),) = changes.moves
    print(f"{old} -> {new}")
    for place in places:
        line = chapter.texts[place.path].splitlines()[place.line - 1].strip()
        print(f"{place.path}:{place.line}: {line[:100]}")
    if args.dry_run:
        return 0
    names = (chapter.path, new.removeprefix(f"{chapter.inner}/"))
    known = {tuple(text.replace(*names) for text in fingerprint(fault)) for fault in before}
    now = (fault for fault in judge(load_book(folder)) if fault.level != "info")
    faults = [fault for fault in now if fingerprint(fault) not in known]
    for fault in faults:
        print(fault, file=sys.stderr)
    return int(bool(faults))
