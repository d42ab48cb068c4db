"""The command line, ``mmbook``: one file per command.

Each command module has ``NAME``, a docstring whose first line is its help, ``add_options(parser)``
and ``run(args) -> exit status``.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sphinx_mmbook import __version__
from sphinx_mmbook.cli.folders import CommandRefused, reason_of
from sphinx_mmbook.core.escapes import visible
from sphinx_mmbook.core.suggestions import did_you_mean, quoted_list

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Command -> the module that does it.
COMMANDS = {
    "new": "new", "build": "build", "live": "live", "check": "check", "results": "results",
    "run": "chapters.run", "freeze": "chapters.freeze", "thaw": "chapters.thaw",
    "rename": "chapters.rename", "remove": "chapters.remove", "update": "new.update",
    "pdf": "pdf", "epub": "epub", "clean": "clean", "doctor": "machine.doctor",
    "completion": "machine.completion", "summary": "hosting.summary", "verify": "hosting.verify",
    "release": "hosting.release",
}  # fmt: skip

EXAMPLES = """\
examples:
  mmbook new book our-book  begin a book
  mmbook build              build the website of the book in ./book (or here)
  mmbook live               build it, show it, and build again whenever a file is saved
  mmbook pdf                build the PDF
  mmbook results run        make stored results again whose programs have changed
  mmbook doctor             what this machine lacks, and how to get it
  mmbook build --help       more about a command
"""
IN_A_BOOK = """\
This is a book. What next?
  mmbook live        show it in the browser, built again whenever a file is saved
  mmbook check       find its faults in a second
  mmbook build       build the website
  mmbook new chapter SLUG --title TITLE --author NAME
  mmbook --help      all commands"""
BESIDE = """\
The book is in '{folder}'. What next?
  cd {folder}
  mmbook live        show it in the browser, built again whenever a file is saved
  mmbook --help      all commands"""
NOWHERE = """\
There is no book here. What next?
  mmbook new book our-book      begin one
  mmbook doctor                 see whether this machine has what a book needs
  mmbook --help                 all commands"""


def make_parser(only: str = "") -> argparse.ArgumentParser:
    """Return the parser of all commands, or of the one that is named: imports cost time."""
    parser = argparse.ArgumentParser(
        prog="mmbook",
        description="Write a book together: build, preview and check a seminar book.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mmbook {__version__}")
    # With its name given, argparse does not measure the terminal to find it.
    commands = parser.add_subparsers(
        prog="mmbook", dest="command", metavar="COMMAND", required=True
    )
    for name in (only,) if only in COMMANDS else COMMANDS:
        module = import_module(f"sphinx_mmbook.cli.{COMMANDS[name]}")
        summary, _, rest = (module.__doc__ or "").partition("\n")
        command = commands.add_parser(
            name,
            help=summary.rstrip("."),
            description=summary,
            epilog=rest.strip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_options(command)
        command.set_defaults(run=module.run, parser=command)
    return parser


def entry() -> NoReturn:
    """Run as a program of its own, and leave without taking a whole book apart in memory."""
    prepare_streams()
    status = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # as in ``main``; short output is written only now
        status = 141
    except OSError as error:
        print(f"mmbook: the output cannot be written: {error.strerror}", file=sys.stderr)
        status = 2
    os._exit(status)


#: What we ourselves tell a terminal: colours, and to clear the line or all.
_OURS = re.compile(r"(\r\x1b\[K|\x1b\[2J\x1b\[H|\x1b\[[\d;]*m|\n)")


class Terminal(io.TextIOWrapper):
    """A terminal that obeys nobody else: names of files and lines of pages are spelt out."""

    def write(self, text: str) -> int:
        """Write a text whose orders are ours."""
        parts = _OURS.split(text)
        return super().write("".join(p if i % 2 else visible(p) for i, p in enumerate(parts)))


def prepare_streams() -> None:
    """Let nothing that is printed fail, or tell the terminal what strangers want.

    Letters that a terminal lacks are written as escapes.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif stream.isatty():
            encoding, buffer = stream.encoding, stream.detach()
            new = Terminal(buffer, encoding, "backslashreplace", line_buffering=True)
            setattr(sys, name, new)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what could stand here
        complete()
    if not words:
        print(next_steps(Path.cwd()))
        return 0
    try:
        args = parsed(words)
        status: int = args.run(args)
    except CommandRefused as error:
        print(f"mmbook {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, for example `head`, has gone
        return 141
    except OSError as error:  # a full disk, a folder that is read-only
        print(f"mmbook {args.command}: {reason_of(error)}", file=sys.stderr)
        return 2
    return status


def complete() -> NoReturn:
    """Answer a shell that has what ``mmbook completion`` prints."""
    from argcomplete import autocomplete  # noqa: PLC0415 -- no other call needs it

    autocomplete(make_parser())
    raise SystemExit(0)


def next_steps(here: Path) -> str:
    """Return what to do next: in a book, beside one, or where there is none."""
    if any((top / "conf.py").is_file() for top in (here, here / "book", *here.parents)):
        return IN_A_BOOK
    beside = sorted(here.glob("*/book/conf.py")) or sorted(here.glob("*/conf.py"))
    if beside:
        return BESIDE.format(folder=beside[0].relative_to(here).parts[0])
    return NOWHERE


def unknown(word: str) -> str:
    """Return what is wrong with a word that is not a command; nothing if it is one."""
    if word in COMMANDS or word.startswith("-"):
        return ""
    near = did_you_mean(word, COMMANDS) or f"; commands are {quoted_list(COMMANDS)}"
    return f"there is no command '{word}'{near}"


def parsed(words: list[str]) -> argparse.Namespace:
    """Return the arguments of a command line."""
    # argparse cannot tell an optional argument from what follows "--".
    end = words.index("--") if "--" in words else len(words)
    gc.disable()
    parser = make_parser(words[0])
    gc.freeze()  # what is imported stays: to look through it takes 6 ms
    gc.enable()
    if fault := unknown(words[0]):
        parser.error(fault)
    args, rest = parser.parse_known_args(words[:end])
    if rest:
        options = re.findall(r"--[a-z-]+", args.parser.format_help())
        args.parser.error(f"it takes no {quoted_list(rest)}{did_you_mean(rest[0], options)}")
    if words[end + 1 :]:
        if not hasattr(args, "sphinx"):
            parser.error(f"'{args.command}' takes no options for sphinx-build after --")
        args.sphinx = words[end + 1 :]
    return args
