"""A new book out of a Sphinx or Jupyter Book 1 project, which is copied and left as it is."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import CommandRefused
from sphinx_mmbook.core.book.book import list_files, load_book
from sphinx_mmbook.core.book.settings import EXCLUDED
from sphinx_mmbook.core.changing.chapter_folder import ChangeRefused
from sphinx_mmbook.core.changing.taking_over import NOT_COPIED, TakenOver, take_over
from sphinx_mmbook.core.checking.fixing import mended
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.checking.report_formats import summary
from sphinx_mmbook.core.files.patterns import excluder
from sphinx_mmbook.core.files.writing import write_whole

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

#: Repairs of labels can make room for others.
MAX_ROUNDS = 10


@dataclass(frozen=True)
class OldProject:
    """A project to take over, and how."""

    folder: Path
    taken: TakenOver


def read_project(old: Path, target: Path) -> OldProject:
    """Return a project that is to become a book in ``target``.

    :raises CommandRefused: if it cannot.
    """
    if not old.is_dir():
        raise CommandRefused(f"--from: there is no folder '{old}'")
    if target.resolve().is_relative_to(old.resolve()):
        raise CommandRefused(f"'{target}' lies in '{old}'; name a folder beside it")
    files = list_files(old.resolve(), excluder(EXCLUDED))
    try:
        return OldProject(old.resolve(), take_over(old, files))
    except ChangeRefused as error:
        raise CommandRefused(f"--from: {error}") from None


def add_answers(args: argparse.Namespace, old: OldProject) -> None:
    """Answer what the old project says; nobody's licence is changed without a word."""
    args.title = args.title or old.taken.title or None
    args.author = args.author or old.taken.author or None
    args.language = args.language or old.taken.language
    args.license = args.license or "all-rights-reserved"


def files_with(old: OldProject, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files to write over the copy: of the template only those around the book."""
    around = {name: data for name, data in files.items() if not name.startswith("book/")}
    return around | {f"book/{path}": text.encode() for path, text in old.taken.texts.items()}


def not_copied() -> Callable[[str, list[str]], set[str]]:
    """Return which names of a folder are not copied: links, pipes, and what builds have made."""
    pattern = excluder(NOT_COPIED)

    def ignore(folder: str, names: list[str]) -> set[str]:
        def is_plain(name: str) -> bool:
            path = Path(folder, name)
            return not path.is_symlink() and (path.is_file() or path.is_dir())

        return {name for name in names if pattern.fullmatch(name) or not is_plain(name)}

    return ignore


def prepare(old: OldProject) -> Callable[[Path, bool], None]:
    """Return what copies the project, and, once all files are there, mends its labels."""

    def prepared(project: Path, is_written: bool) -> None:
        if is_written:
            mend_labels(project / "book")
        else:
            shutil.copytree(old.folder, project / "book", ignore=not_copied())

    return prepared


def mend_labels(book: Path) -> None:
    """Write each label as it has to be, with all that refers to it, as ``check --fix`` does."""
    for _ in range(MAX_ROUNDS):
        findings = [one for one in judge(load_book(book)) if one.rule.startswith("label-")]
        changed = mended(book, findings)
        if not changed:
            return
        write_whole({book / path: new for path, (_, new) in changed.items()})


def tell_what_is_left(folder: Path, old: OldProject) -> None:
    """Print what a machine could not take over."""
    findings = [one for one in judge(load_book(folder / "book")) if one.level != "info"]
    print("\nLeft to do by hand:")
    for what in old.taken.left:
        print(f"  - {what}")
    print("  - see that LICENSE says what you want: nothing was said of a licence")
    check = f"mmbook check {os.fspath(folder / 'book')}"
    print(f"  - '{check}' says: {summary(findings)}")
