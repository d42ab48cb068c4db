"""Run the code of chapters, as a build would before it reads them, or say why it would run.

A chapter runs if its code, its kernel, Python, a package that it imports, a module of the book, or
a file that it read last time has changed. Comments, captions, labels and prose do not count. What
its code reads without Python knowing (in C, or in another process) is declared in the front matter:
'mmbook: {depends: ["data/*.parquet"]}'. Outputs go to the cache, from which the next build takes
them. Chapters run at the same time, the longest first.

examples:
  mmbook run                      all chapters that have to run
  mmbook run my-chapter           one chapter, if it has to
  mmbook run my-chapter --again   in any case
  mmbook run --why my-chapter     say what has changed, and run nothing
  mmbook run --check-determinism  run all twice, and compare what they put out
  mmbook run --executor dask --scheduler tcp://cluster:8786
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.child import read_pages
from sphinx_mmbook.cli.cluster_options import add_cluster_options, scheduler_of
from sphinx_mmbook.cli.folders import add_book_flag, find_book, pages_named

if TYPE_CHECKING:
    import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the chapters and the book."""
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="a chapter's folder or page")
    parser.add_argument("--why", action="store_true", help="say why they would run; 1 if one would")
    parser.add_argument("--again", action="store_true", help="run also what is up to date")
    parser.add_argument(
        "-j", "--jobs", type=int, default=0, metavar="N",
        help="run so many at the same time (default: what the book sets, or the machine bears)",
    )  # fmt: skip
    parser.add_argument(
        "--check-determinism", action="store_true",
        help="run each twice, and say which cells put out something else the second time",
    )  # fmt: skip
    add_cluster_options(parser)
    add_book_flag(parser)


def run(args: argparse.Namespace) -> int:
    """Run; return 1 if a chapter fails, 2 if one is not there."""
    book = find_book(args.book).resolve()
    pages = pages_named(book, args.chapters)
    scheduler = scheduler_of(args)
    order = {"pages": pages, "why": args.why, "again": args.again, "jobs": max(args.jobs, 0)}
    order["twice"] = args.check_determinism
    options = ["-D", f"mmbook_scheduler={scheduler}"] if scheduler else []
    said = {"MMBOOK_RUN": json.dumps(order), **({"MMBOOK_SHIP": "1"} if args.ship else {})}
    return read_pages(book, said, *options)
