"""Write the summary of a pull request: words, figures, findings and run time of changed chapters.

The summary is Markdown; run times are those of the last build. It tells, and never fails because
of findings.

examples:
  mmbook summary                                     all chapters
  mmbook summary --changed-since origin/main         those that a branch changes
  mmbook summary book --preview https://example.org  with links to the pages of a site
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import add_book_option, find_book

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Set

    from sphinx_mmbook.core.book.book import Book


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the summary."""
    add_book_option(parser)
    parser.add_argument("--changed-since", metavar="REV", help="only what changed since REV")
    parser.add_argument("--preview", metavar="URL", default="", help="address of the built site")


def run(args: argparse.Namespace) -> int:
    """Print the table; return the exit status."""
    from sphinx_mmbook.core.book.book import load_book  # noqa: PLC0415
    from sphinx_mmbook.core.checking.judge import judge  # noqa: PLC0415
    from sphinx_mmbook.core.checking.pull_request import as_markdown, summaries  # noqa: PLC0415
    from sphinx_mmbook.core.files.git import GitError  # noqa: PLC0415

    book = load_book(find_book(args.book))
    try:
        changed = changed_since(book, args.changed_since)
    except GitError as error:
        print(f"mmbook summary: {error}", file=sys.stderr)
        return 2
    rows = summaries(book, judge(book), run_times(book), changed)
    print(as_markdown(rows, args.preview), end="")
    return 0


def changed_since(book: Book, revision: str | None) -> Set[str] | None:
    """Return the paths of the book that changed since a revision; None without one.

    :raises GitError: if git does not know.
    """
    if revision is None:
        return None
    from sphinx_mmbook.core.files.git import (  # noqa: PLC0415
        changed_paths,
        repository_of,
        start_of,
    )

    repository = repository_of(book.folder)
    return changed_paths(repository, start_of(repository, revision))


def run_times(book: Book) -> Mapping[str, float]:
    """Return the seconds that notebooks took, by the paths of their pages."""
    folder = book.folder / "_build" / ".jupyter_cache"
    if not (folder / "global.db").is_file():
        return {}
    from sphinx_mmbook.notebooks.cache import RunCache  # noqa: PLC0415 -- imports Jupyter

    prefix = f"{book.folder.as_posix()}/"
    times = RunCache(folder).times().items()
    return {uri.replace("\\", "/").removeprefix(prefix): seconds for uri, seconds in times}
