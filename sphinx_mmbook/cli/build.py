"""Build the website of the book.

Warnings count as errors, since each is a fault that a reader would see; all pages are built before
the command fails.

examples:
  mmbook build                    ./book -> ./book/_build/html
  mmbook build --lenient          exit status 0 in spite of warnings
  mmbook build --all              build all pages anew; keeps the outputs of notebooks
  mmbook build -- -t draft        options after -- go to sphinx-build
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.cli.child import SPHINX, run_to_end
from sphinx_mmbook.cli.folders import CommandRefused, add_book_option, find_book
from sphinx_mmbook.core.book.book import stored_results
from sphinx_mmbook.core.book.conf_file import read_conf
from sphinx_mmbook.core.rules.book.setting_up import faults_of_extensions, theme_missing

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

#: So many results are named.
FEW = 3


def add_options(parser: argparse.ArgumentParser, also: str = "") -> None:
    """Add the options that all builds share; what is built can be something else ``also``."""
    add_book_option(parser, also)
    parser.add_argument("--lenient", action="store_true", help="do not fail because of warnings")
    parser.add_argument("--all", action="store_true", help="build all pages, not only changed ones")
    parser.add_argument("-q", "--quiet", action="store_true", help="print only warnings and errors")
    parser.add_argument("-j", "--jobs", default="auto", help="processes to use (default: auto)")
    # What stands after "--"; ``main`` fills it.
    parser.set_defaults(sphinx=[])


def sphinx_options(args: argparse.Namespace) -> list[str]:
    """Return the options of sphinx-build that the arguments stand for."""
    options = ["-j", args.jobs]
    options += [] if args.lenient else ["-W", "--keep-going"]
    options += ["-a", "-E"] if args.all else []
    options += ["-q"] if args.quiet else []
    return [*options, *args.sphinx]


def sphinx_build(book: Path, builder: str, options: list[str]) -> int:
    """Run sphinx-build in a process of its own; return its exit status.

    :raises CommandRefused: for a ``conf.py`` of which Sphinx would die with a traceback.
    """
    refuse_conf(book, builder)
    build = book / "_build"
    command = [*SPHINX, "-b", builder, "-d", str(build / "doctrees")]
    command += [*options, str(book), str(build / builder)]
    # A debugger asks at the terminal.
    asks = not {"-P", "--pdb"}.isdisjoint(options)
    return run_to_end(command, terminal=asks).returncode


def refuse_conf(book: Path, builder: str) -> None:
    """Refuse a ``conf.py`` that is not Python, or names extensions or a theme that are not there.

    :raises CommandRefused: with the line and what to do.
    """
    settings = read_conf(book)
    faults = [fault for fault in settings.findings if fault.level == "error"]
    faults = faults or [*faults_of_extensions(book, settings.extensions)]
    if builder == "html":  # no other output has that theme
        faults += theme_missing(book, settings)
    if faults:
        raise CommandRefused("\n".join(f"{fault.location}: {fault.message}" for fault in faults))


def stale_results(book: Path) -> str:
    """Return the stored results that are not up to date, the first few, as a reader is told."""
    stale = [stored.path for stored in stored_results(book) if stored.is_outdated]
    more = f" and {len(stale) - FEW} more" if len(stale) > FEW else ""
    return ", ".join(stale[:FEW]) + more


def run(args: argparse.Namespace) -> int:
    """Build, then say where to look."""
    book = find_book(args.book)
    status = sphinx_build(book, "html", sphinx_options(args))
    if stale := stale_results(book):
        print(f"\nOut of date: {stale} ('mmbook results status' says why, 'results run' mends it)")
    page = (book / "_build" / "html" / "index.html").resolve()
    if status == 0 and not args.quiet:
        print(f"\nThe book is ready; open in your browser:\n  {page.as_uri()}")
    return status
