"""Begin a book, or a chapter of it.

Nothing is ever overwritten, and what cannot be written whole is not written at all.

examples:
  mmbook new book our-book                    asks for title, authors, language and licence
  mmbook new book our-book --yes              asks nothing
  mmbook new book our-book --from old/docs    takes over a Sphinx or Jupyter Book 1 project
  mmbook new chapter image-to-text --title "Image to text" --author "Ann Example"
  mmbook new chapter fusion --title Fusion --author ann-example --author "Bo Sample" --notebook
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook import __version__
from sphinx_mmbook.cli.folders import CommandRefused, find_book, help_below, in_shell, refusing
from sphinx_mmbook.cli.new.new_book import (
    LICENCES,
    Answers,
    files_of_book,
    refuse_folder,
    write_book,
)

if TYPE_CHECKING:
    import argparse

LANGUAGES = ("en", "de")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the two subcommands."""
    what = parser.add_subparsers(dest="what", metavar="book|chapter", required=True)
    about = help_below(__doc__, "new book", "make the folder of a new book")
    book = what.add_parser("book", **about).add_argument
    book("folder", type=Path, metavar="DIR", help="folder to make: new, empty, or an empty clone")
    book("--title", help="title of the book (default: from the name of the folder)")
    book("--author", metavar="NAME", help="name on the cover: the seminar, the department")
    book("--language", choices=LANGUAGES, help="of the book (default: en)")
    book("--license", choices=tuple(LICENCES), help="of text and figures (default: CC-BY-4.0)")
    book("--owner", action="append", default=[], metavar="NAME",
         help="name on GitHub of who is asked to review; may be repeated")  # fmt: skip
    book("--package", metavar="SOURCE",
         help="wheel or address that sphinx-mmbook is taken from (default: as here)")  # fmt: skip
    book("--from", dest="source", type=Path, metavar="OLD",
         help="folder of a Sphinx or Jupyter Book 1 project to take over")  # fmt: skip
    book("--yes", action="store_true", help="ask nothing; take the defaults")
    book("--dry-run", action="store_true", help="show what would be written")
    about = help_below(__doc__, "new chapter", "make the folder of a new chapter")
    chapter = what.add_parser("chapter", **about).add_argument
    chapter("slug", metavar="SLUG", help="name of the folder: lower-case letters, digits, hyphens")
    chapter("--title", required=True, help="title of the chapter")
    chapter("--author", action="append", required=True, metavar="NAME",
            help="an author's name or id; may be repeated")  # fmt: skip
    chapter("--supervisor", action="append", default=[], metavar="NAME",
            help="a supervisor's name or id; may be repeated")  # fmt: skip
    chapter("--part", help="the part's folder; needed only if the book has several")
    chapter("--notebook", action="store_true", help="make a notebook, index.ipynb")
    chapter("--dry-run", action="store_true", help="show what would be written")
    chapter("--book", type=Path, help="the book's folder (default: here, ./book, or above)")


def run(args: argparse.Namespace) -> int:
    """Make it; return the exit status: 0 made, 2 refused."""
    with refusing("nothing was written"):
        return begin_book(args) if args.what == "book" else begin_chapter(args)


def begin_book(args: argparse.Namespace) -> int:
    """Make a book."""
    from sphinx_mmbook.cli.new import from_project  # noqa: PLC0415
    from sphinx_mmbook.cli.new.package_source import locked_versions, source_of  # noqa: PLC0415

    refuse_folder(args.folder)
    package = source_of(args.package)
    old = from_project.read_project(args.source, args.folder) if args.source else None
    if old:
        from_project.add_answers(args, old)
    files = files_of_book(answers_of(args), package, locked_versions())
    files = from_project.files_with(old, files) if old else files
    if args.dry_run:
        show(args.folder, files)
    else:
        write_book(args.folder, files, from_project.prepare(old) if old else None)
        tell(args, package.requirement)
    if old and not args.dry_run:
        from_project.tell_what_is_left(args.folder, old)
    return 0


def tell(args: argparse.Namespace, requirement: str) -> None:
    """Say what comes next."""
    from sphinx_mmbook.cli.new.package_source import folder_installed_from  # noqa: PLC0415
    from sphinx_mmbook.core.files.git import top_of  # noqa: PLC0415

    sources = "" if args.package else folder_installed_from()
    top, here = top_of(args.folder), args.folder.resolve()
    first = " (but first see the note at the end)" * bool(sources)
    print(
        f"'{args.folder}' is made. Go on with{first}\n"
        f"  cd {in_shell(args.folder)}\n"
        "  make html                  set everything up and build the book\n"
        f'  {"git init -b main && " * (top != here)}git add . && git commit -m "A new book"\n'
        "README.md there says what to do without make, and what to look at first."
    )
    if top and top != here:
        print(
            f"It is inside of the repository '{top}': no host reads its checks there; move it out."
        )
    if sources:
        warn_of_sources(sources, args.folder, requirement)


def warn_of_sources(sources: str, folder: Path, requirement: str) -> None:
    """Say that a book cannot be set up as long as nobody else can get the package."""
    wheels = folder.resolve() / "dist"
    wheel = wheels / f"sphinx_mmbook-{__version__}-py3-none-any.whl"
    print(
        f"\nmmbook new: this sphinx-mmbook was installed from the folder '{sources}', which others "
        f"do not have: the book asks the package index for {requirement}. If it is not there yet, "
        "take a wheel along instead:\n"
        f"  {in_shell(sys.executable)} -m pip wheel --no-deps --wheel-dir {in_shell(wheels)} "
        f"{in_shell(sources)}\n"
        f"  mmbook update --book {in_shell(folder.resolve() / 'book')} --package {in_shell(wheel)}",
        file=sys.stderr,
    )


def answers_of(args: argparse.Namespace) -> Answers:
    """Return what the options say, and the user where a terminal can be asked.

    :raises CommandRefused: if an answer cannot be printed in a line.
    """
    name = args.folder.resolve().name.replace("-", " ").replace("_", " ")
    ask = bool(sys.stdin and sys.stdin.isatty()) and not args.yes
    language = args.language or answer("Language", "en", ask, LANGUAGES)
    seminar = "Das Seminar" if language == "de" else "The seminar"
    answers = Answers(
        args.title or answer("Title of the book", name[:1].upper() + name[1:], ask),
        args.author or answer("Name on the cover", seminar, ask),
        language,
        args.license or answer("Licence of text and figures", "CC-BY-4.0", ask, tuple(LICENCES)),
        tuple(args.owner),
    )
    for text in (answers.title, answers.author, *answers.owners):
        if not text.isprintable():
            raise CommandRefused(f"{text!r} has a character that cannot be printed; leave it out")
    return answers


def answer(question: str, default: str, ask: bool, choices: tuple[str, ...] = ()) -> str:
    """Return what the user answers, or the default."""
    if not ask:
        return default
    among = f" ({', '.join(choices)})" if choices else ""
    while True:
        try:
            said = input(f"{question}{among} [{default}]: ").strip() or default
        except EOFError:
            raise KeyboardInterrupt from None
        if not choices or said in choices:
            return said
        print(f"'{said}' is not one of {', '.join(choices)}")


def begin_chapter(args: argparse.Namespace) -> int:
    """Make a chapter."""
    from sphinx_mmbook.cli.new.new_chapter import Wish, files_of_chapter  # noqa: PLC0415
    from sphinx_mmbook.core.files.changes import Changes, carry_out  # noqa: PLC0415

    book = find_book(args.book).resolve()
    wish = Wish(
        args.slug, args.title, tuple(args.author), tuple(args.supervisor), args.part, args.notebook
    )
    files = files_of_chapter(book, wish)
    if not args.dry_run:
        carry_out(book, Changes(texts={name: data.decode() for name, data in files.items()}))
    show(book, files)
    if not args.dry_run:
        print("Chapters are ordered by their folders' names, until index.md names them.")
    return 0


def show(folder: Path, files: dict[str, bytes]) -> None:
    """Print the paths of files."""
    for name in files:
        print(folder / name)
