"""Show the book in the browser and build it again whenever a file is saved.

Errors and warnings of a saved page appear on the page, and in a few lines here. Ctrl-C ends it.

examples:
  mmbook live                     build ./book, serve it on this machine, open the browser
  mmbook live --port 8080         on another port
  mmbook live --no-open           leave the browser alone
"""

from __future__ import annotations

import socket
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.child import stopped_by_signals
from sphinx_mmbook.cli.folders import add_book_option, find_book

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the preview."""
    add_book_option(parser)
    port = "port to serve on; 0 takes a free one (default: 8000)"
    parser.add_argument("--port", type=int, default=8000, help=port)
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    if not all(find_spec(name) for name in ("starlette", "uvicorn", "watchfiles")):
        print('mmbook: the preview needs: pip install "sphinx-mmbook[live]"', file=sys.stderr)
        return 2
    book = find_book(args.book)
    if not 0 <= args.port < 1 << 16:
        print(f"mmbook: there is no port {args.port}; name one up to 65535", file=sys.stderr)
        return 2
    try:
        with socket.create_server(("127.0.0.1", args.port)) as server:
            port: int = server.getsockname()[1]
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        hint = "another preview may be running; name another port with --port"
        message = f"mmbook: port {args.port} cannot be used ({reason}); {hint}"
        print(message, file=sys.stderr)
        return 2
    return serve(book, port, args.no_open)


def serve(book: Path, port: int, no_open: bool) -> int:
    """Build the book, serve it, and open the browser."""
    import asyncio  # noqa: PLC0415 -- other commands do not pay for it
    import webbrowser  # noqa: PLC0415

    from sphinx_mmbook.preview.server import Preview  # noqa: PLC0415
    from sphinx_mmbook.preview.worker import absolute  # noqa: PLC0415

    address = f"http://127.0.0.1:{port}/"

    def ready() -> None:
        print(f"The book is at {address} once it is built; Ctrl-C ends the preview.", flush=True)
        if not no_open:
            webbrowser.open(address)

    async def main() -> None:
        await Preview(absolute(book), lambda text: print(text, flush=True)).serve(port, ready)

    try:
        with stopped_by_signals():
            asyncio.run(main())
    except KeyboardInterrupt:
        print("\nThe preview has ended.")
    return 0
