"""Options of the commands that can run code on a Dask cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import CommandRefused

if TYPE_CHECKING:
    import argparse


def add_cluster_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a cluster."""
    parser.add_argument(
        "--executor", choices=("local", "dask"), help="run on this machine, or on a Dask cluster"
    )
    parser.add_argument(
        "--scheduler", default="", metavar="ADDRESS",
        help="address of the Dask scheduler, such as tcp://localhost:8786",
    )  # fmt: skip
    parser.add_argument(
        "--ship", action="store_true",
        help="send the book's files to the workers even if they see them on a shared disk",
    )  # fmt: skip


def scheduler_of(args: argparse.Namespace) -> str:
    """Return the address of the scheduler, empty for this machine.

    :raises CommandRefused: if the options do not fit.
    """
    if args.executor == "dask" and not args.scheduler:
        raise CommandRefused("name the Dask scheduler: --scheduler tcp://localhost:8786")
    return "" if args.executor == "local" else str(args.scheduler)
