"""Say what this machine lacks for a book, and the command that gets it.

Exit status: 0 if the website can be built, 1 if not; what only a PDF or a program in R needs is
named, too.

examples:
  mmbook doctor                   for the book in ./book (or here), or for any book
  mmbook doctor our-book/book     for this book
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import add_book_option, book_near, find_book, in_shell
from sphinx_mmbook.cli.machine.installing import command_for, installer
from sphinx_mmbook.cli.pdf import programs_for
from sphinx_mmbook.core.files.programs import find_program
from sphinx_mmbook.core.results.values.fault import how_to_get

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

#: Programs that convert pictures, and the kind of picture that they are for.
CONVERTERS = {"rsvg-convert": ".svg", "pdftocairo": ".pdf"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
R_RESULTS = (".rds", ".rdata", ".rda")
CODE = (".py", ".md", ".ipynb", ".R", ".r")
#: A file of code that is larger holds data.
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Diagnosis:
    """One thing that a book needs: for what, whether it is there, and the command that gets it."""

    name: str
    purpose: str
    well: bool
    advice: str = ""
    is_needed: bool = False


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the book."""
    add_book_option(parser)


def run(args: argparse.Namespace) -> int:
    """Look, print, and return the exit status."""
    try:
        book = find_book(args.book) if args.book else book_near()
    except SystemExit:
        return 2
    found = list(diagnoses(book, installer()))
    width = max(len(one.name) for one in found)
    for one in found:
        mark = "ok     " if one.well else "MISSING" if one.is_needed else "missing"
        print(f"{mark}  {one.name:{width}}  {one.purpose}")
        if not one.well:
            print("".join(f"         {line}\n" for line in one.advice.splitlines()), end="")
    lacking = [one.name for one in found if one.is_needed and not one.well]
    print(f"\nFirst get: {', '.join(lacking)}." if lacking else "\nThe website can be built here.")
    return int(bool(lacking))


def diagnoses(book: Path | None, by: str) -> Iterator[Diagnosis]:
    """Yield what a book, or any, needs; ``by`` names what installs programs here."""
    yield from _python(book)
    if book is not None and not os.access(book, os.W_OK):
        advice = f"let yourself write into {book}, or copy the book"
        yield Diagnosis("folder", "to build into; it is read-only", False, advice, True)
    yield _program("git", "to hand in chapters", by)
    yield from _git_name(book)
    yield _program("make", "optional: 'make html' is 'mmbook build book'", by)
    programs = programs_for(book)
    latex = all(map(find_program, programs))
    yield _program("latex", f"for the PDF: {' and '.join(programs)}", by, well=latex)
    if latex:
        yield _program("fonts", "for the PDF: TeX Gyre and DejaVu", by, well=_has_fonts())
    names = _names_of_files(book)
    for name, suffix in CONVERTERS.items():
        if book is None or any(file.endswith(suffix) for file in names):
            yield _program(name, f"to show {suffix} pictures in all outputs", by)
    if any(file.endswith((".R", ".r")) for file in names):
        yield _program("R", "for programs in R", by, well=bool(find_program("Rscript")))
    if any(file.lower().endswith(R_RESULTS) for file in names):
        well, advice = bool(find_spec("scipy")), how_to_get("r")
        yield Diagnosis("scipy", "to show models that R fitted (.rds, .RData)", well, advice)
    if book is not None and _mentions(book, names, b"plotly"):
        well = any(find_program(name) for name in BROWSERS)
        yield _program(
            "chromium", "to store figures of plotly (with the package kaleido)", by, well=well
        )


def _program(name: str, purpose: str, by: str, *, well: bool | None = None) -> Diagnosis:
    well = bool(find_program(name)) if well is None else well
    advice = command_for(name, by) or f"install {name}, and see that it is on your PATH"
    return Diagnosis(name, purpose, well, advice)


def _python(book: Path | None) -> Iterator[Diagnosis]:
    version = sys.version.split()[0]
    purpose = f"{version}; 3.11 or newer is needed"
    yield Diagnosis("Python", purpose, sys.version_info >= (3, 11), "", is_needed=True)
    lock = book.resolve().parent / "constraints.txt" if book else Path()
    if lock.is_file():
        other = _other_versions(lock)
        text = f"as {lock.name} has them" + (f", but {', '.join(other[:5])}" if other else "")
        wheels = " --find-links vendor" if (lock.parent / "vendor").is_dir() else ""
        advice = (
            f"cd {in_shell(lock.parent)}\n"
            f"{in_shell(sys.executable)} -m pip install -c {lock.name}{wheels} --group book"
        )
        yield Diagnosis("packages", text, not other, advice)


def _other_versions(lock: Path) -> list[str]:
    """Return the packages that are installed in another version than a lock says."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415

    found = []
    for line in lock.read_text("utf-8", "replace").splitlines():
        try:
            need = Requirement(line.partition("#")[0])
            here = version(need.name)
        except (InvalidRequirement, PackageNotFoundError):
            continue
        counts = need.marker is None or need.marker.evaluate()
        if counts and not need.specifier.contains(here, prereleases=True):
            found.append(f"{need.name} is {here}")
    return found


def _git_name(book: Path | None) -> Iterator[Diagnosis]:
    from sphinx_mmbook.core.files.git import GitError, repository_of  # noqa: PLC0415

    try:
        repository = repository_of(book or Path())
    except (GitError, OSError):
        return
    try:
        well = bool(
            repository.run("config", "user.name") and repository.run("config", "user.email")
        )
    except GitError:
        well = False
    advice = 'git config --global user.name "Your Name"\n'
    advice += "git config --global user.email you@example.org"
    yield Diagnosis("your name", "that Git puts on what you commit", well, advice)


def _has_fonts() -> bool:
    from sphinx_mmbook.core.output.fonts import CODE as CODE_FONTS  # noqa: PLC0415
    from sphinx_mmbook.core.output.fonts import MATH, TEXT, font_of_tex, installed_fonts  # noqa: PLC0415

    if not installed_fonts():  # no fontconfig: XeLaTeX asks the system itself
        return sys.platform in ("darwin", "win32")
    return all(font_of_tex(kinds) for kinds in (TEXT, CODE_FONTS, MATH))


def _names_of_files(book: Path | None) -> list[str]:
    if book is None:
        return []
    from sphinx_mmbook.core.book.book import list_files  # noqa: PLC0415
    from sphinx_mmbook.core.book.settings import EXCLUDED  # noqa: PLC0415
    from sphinx_mmbook.core.files.patterns import excluder  # noqa: PLC0415

    files = list_files(book.resolve(), excluder(EXCLUDED)).values()
    return [file.path for file in files if not file.is_link and not file.excluded]


def _mentions(book: Path, names: list[str], word: bytes) -> bool:
    """Whether code of a book has a word."""
    files = (book / name for name in names if name.endswith(CODE))
    return any(word in f.read_bytes() for f in files if f.stat().st_size < MOST_BYTES)
