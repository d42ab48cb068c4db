"""Show the book in the browser and build it again whenever a file is saved.

examples:
  mmbook live                     build ./book and serve it on this machine
  mmbook live --port 8080         on another port
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import add_book_option, find_book

if TYPE_CHECKING:
    import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the preview."""
    add_book_option(parser)
    parser.add_argument("--port", type=int, default=8000, help="port to serve on (default: 8000)")
    parser.add_argument("--open", action="store_true", help="open the browser at once")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    if not find_spec("sphinx_autobuild"):
        print('mmbook: the preview needs: pip install "sphinx-mmbook[live]"', file=sys.stderr)
        return 2
    book = find_book(args.book)
    build = book / "_build"
    command = [sys.executable, "-m", "sphinx_autobuild", "--port", str(args.port), "-j", "auto"]
    command += ["--open-browser"] if args.open else []
    command += ["--ignore", str(build.resolve() / "*"), "-d", str(build / "doctrees")]
    return subprocess.run([*command, str(book), str(build / "html")], check=False).returncode  # noqa: S603
