"""The command line, ``mmbook``: one file per command.

Each command module has ``NAME``, a docstring whose first line is its help, ``add_options(parser)``
and ``run(args) -> exit status``.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from sphinx_mmbook import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("build", "check", "results", "pdf", "epub", "live", "clean")

EXAMPLES = """\
examples:
  mmbook build              build the website of the book in ./book (or here)
  mmbook live               build it, show it, and build again whenever a file is saved
  mmbook pdf                build the PDF
  mmbook results run        make stored results again whose programs have changed
  mmbook build --help       more about a command
"""


def make_parser(only: str = "") -> argparse.ArgumentParser:
    """Return the parser of all commands, or of the one that is named: imports cost time."""
    parser = argparse.ArgumentParser(
        prog="mmbook",
        description="Write a book together: build, preview and check a seminar book.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mmbook {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in (only,) if only in COMMANDS else COMMANDS:
        module = import_module(f"sphinx_mmbook.cli.{name}")
        summary, _, rest = (module.__doc__ or "").partition("\n")
        command = commands.add_parser(
            name,
            help=summary.rstrip("."),
            description=summary,
            epilog=rest.strip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_options(command)
        command.set_defaults(run=module.run)
    return parser


def entry() -> NoReturn:
    """Run as a program of its own, and leave without taking a whole book apart in memory."""
    prepare_streams()
    status = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except OSError as error:
        print(f"mmbook: the output cannot be written: {error.strerror}", file=sys.stderr)
        status = 2
    os._exit(status)


def prepare_streams() -> None:
    """Let nothing that is printed fail: letters that a terminal lacks are written as escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status."""
    try:
        args = parsed(list(sys.argv[1:] if argv is None else argv))
        status: int = args.run(args)
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, for example `head`, has gone
        return 141
    return status


def parsed(words: list[str]) -> argparse.Namespace:
    """Return the arguments of a command line."""
    # argparse cannot tell an optional argument from what follows "--".
    end = words.index("--") if "--" in words else len(words)
    gc.disable()  # what is imported stays
    parser = make_parser(words[0] if words else "")
    gc.enable()
    args = parser.parse_args(words[:end])
    if words[end + 1 :]:
        if not hasattr(args, "sphinx"):
            parser.error(f"'{args.command}' takes no options for sphinx-build behind --")
        args.sphinx = words[end + 1 :]
    return args
