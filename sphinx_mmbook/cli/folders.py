"""Where a book is and where its output goes."""

from __future__ import annotations

import argparse
import shlex
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.files.paths import folders_of
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


PAGES = (".md", ".ipynb", ".rst")
#: What books of other programs have in place of conf.py.
OTHERS = ("_toc.yml", "_config.yml", "myst.yml", "_bookdown.yml", "_quarto.yml")


class CommandRefused(Exception):
    """What the user asked for cannot be done; the message says why, and what to do instead.

    ``mmbook`` prints it after the command's name and ends with status 2.
    """


@contextmanager
def refusing(nothing: str, *also: type[Exception]) -> Iterator[None]:
    """Refuse a command for what cannot be read or written, and for other exceptions.

    :raises CommandRefused: with their message, or ``nothing`` ("nothing was changed") and the file.
    """
    try:
        yield
    except also as error:
        raise CommandRefused(str(error)) from None
    except OSError as error:
        raise CommandRefused(f"{nothing}: {reason_of(error)}") from None


def reason_of(error: OSError) -> str:
    """Return what the system says of a failure, and of which file it says so."""
    if error.args and isinstance(error.args[0], list):  # of a folder that was to be copied
        return str(error.args[0][0][2])
    reason = error.strerror or str(error)
    return f"{reason}: '{error.filename}'" if error.filename else reason


def help_below(doc: str | None, command: str, summary: str) -> dict[str, Any]:
    """Return what argparse is told of a command below another: its lines of that one's examples."""
    lines = [line for line in (doc or "").splitlines() if line.startswith(f"  mmbook {command} ")]
    return {
        "help": summary,
        "description": f"{summary[0].upper()}{summary[1:]}.",
        "epilog": "\n".join(["examples:", *lines]),
        "formatter_class": argparse.RawDescriptionHelpFormatter,
    }


def add_book_option(parser: argparse.ArgumentParser, also: str = "") -> None:
    """Add the argument that names the book, or something else ``also``."""
    parser.add_argument(
        "book",
        nargs="?",
        type=Path,
        help=f"the folder with the book's conf.py{also} (default: this folder, ./book, or above)",
    )


def add_book_flag(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the book, for commands whose arguments are something else."""
    help_text = "the book's folder (default: this folder, ./book, or above)"
    parser.add_argument("--book", type=Path, help=help_text)


def find_book(named: Path | None) -> Path:
    """Return the book's folder: the one named, or this one, ``book`` in it, or one above.

    :raises SystemExit: with status 2 if no ``conf.py`` is there.
    """
    if folder := book_near(named):
        return folder
    where = f"in '{named}'" if named else "here, in ./book or above"
    advice = "name the book's folder"
    if other := next((name for name in OTHERS if (named or Path()).joinpath(name).is_file()), ""):
        new, old = ("our-book", named) if named else ("../our-book", ".")
        taking = f"'mmbook new book {new} --from {in_shell(old)}'"
        advice = f"{taking} takes over what '{other}' belongs to, or says how"
    print(f"mmbook: there is no conf.py {where}; {advice}", file=sys.stderr)
    raise SystemExit(2)


def book_near(named: Path | None = None) -> Path | None:
    """Return the book that a command takes here, or in a folder that is named, if there is one."""
    # Students work in their chapter's folder.
    near = (named, named / "book") if named else (Path(), Path("book"), *Path.cwd().parents)
    return next((folder for folder in near if (folder / "conf.py").is_file()), None)


def in_shell(path: Path | str) -> str:
    """Return a path as it is typed in a shell, also one with spaces."""
    return f'"{path}"' if sys.platform == "win32" else shlex.quote(str(path))


def pages_named(book: Path, names: Sequence[str]) -> list[str]:
    """Return the pages that names mean, relative to the book, each once.

    A name is that of a page's file or of its folder, from here or from the book, or the folder's
    last part.

    :raises CommandRefused: if one means none, or several.
    """
    walk = folders_of(book)
    known = [prefix + file for prefix, _, files in walk for file in files if file.endswith(PAGES)]
    return list(dict.fromkeys(_page_named(book, name, known) for name in names))


def _page_named(book: Path, name: str, known: Sequence[str]) -> str:
    for base in (Path.cwd(), book):
        for end in ("", *PAGES, *(f"/index{suffix}" for suffix in PAGES)):
            file = Path(f"{base / name}{end}").resolve()
            if file.is_relative_to(book) and file.relative_to(book).as_posix() in known:
                return file.relative_to(book).as_posix()
    last = [path for path in known if name in (Path(path).parent.name, Path(path).stem)]
    if len(last) == 1:
        return last[0]
    folders = {Path(path).parent.as_posix() for path in known}
    near = did_you_mean(name, {*folders, *(Path(folder).name for folder in folders)})
    raise CommandRefused(f"there is no chapter '{name}'{near or '; name its folder'}")
