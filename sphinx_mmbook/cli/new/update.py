"""Take a newer template into a book, and keep what was changed in it.

First install the newer sphinx-mmbook in the book's environment. Each file is merged as Git merges:
your changes stay, the template's come in; where both changed the same lines, both are kept between
marks of conflict for you to choose. Files that you removed stay removed.

examples:
  mmbook update                 the project around ./book (or here)
  mmbook update --dry-run       show which files would change
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from sphinx_mmbook import __version__
from sphinx_mmbook.cli.folders import CommandRefused, add_book_flag, find_book, refusing

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from sphinx_mmbook.cli.new.package_source import PackageSource


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    source = "wheel or address that sphinx-mmbook is taken from (default: as here)"
    parser.add_argument("--package", metavar="SOURCE", help=source)
    parser.add_argument("--dry-run", action="store_true", help="show which files would change")
    add_book_flag(parser)


def run(args: argparse.Namespace) -> int:
    """Update; return the exit status: 0 done, 1 done with conflicts, 2 refused."""
    from sphinx_mmbook.core.changing.template_update import UpdateRefused  # noqa: PLC0415
    from sphinx_mmbook.core.files.git import GitError  # noqa: PLC0415

    project = find_book(args.book).resolve().parent
    try:
        with refusing("nothing was changed", UpdateRefused):
            status = update(project, args)
    except GitError as error:
        message = f"nothing was changed: versions are merged with Git, but {error}"
        raise CommandRefused(message) from None
    return status


def update(project: Path, args: argparse.Namespace) -> int:
    """Merge, write, and say what was done."""
    from sphinx_mmbook.cli.new.new_book import answers_from, texts_of_book  # noqa: PLC0415
    from sphinx_mmbook.cli.new.package_source import locked_versions  # noqa: PLC0415
    from sphinx_mmbook.core.changing import template_update  # noqa: PLC0415
    from sphinx_mmbook.core.files.changes import Changes, carry_out  # noqa: PLC0415
    from sphinx_mmbook.core.files.git import merge_texts  # noqa: PLC0415

    said = template_update.read_answers(project)
    template_update.refuse_older(said, __version__)
    old = template_update.read_base(project)
    package = package_of(project, args.package)
    new = texts_of_book(answers_from(said), package, locked_versions())
    names = ("yours", f"template {said.get('_commit', '')}", f"template {__version__}")
    found = template_update.update_of(
        project, old, new, lambda before, now, after: merge_texts(before, now, after, names)
    )
    texts = {**found.changes.texts, **template_update.records(__version__, said, new)}
    if not args.dry_run:
        carry_out(project, Changes(texts=texts))
        take_wheel(project, package)
    for name, what in found.said:
        print(f"{name}: {what}")
    if not found.said:
        print(f"this book has the template of sphinx-mmbook {__version__} already")
    if found.conflicts:
        advice = "choose between the marks <<<<<<< and >>>>>>> in each, then commit"
        print(
            f"\nmmbook update: {len(found.conflicts)} file(s) in conflict; {advice}",
            file=sys.stderr,
        )
    return int(bool(found.conflicts))


def package_of(project: Path, named: str | None) -> PackageSource:
    """Return where the book takes the package from: what is named, its own wheel, or as here."""
    from sphinx_mmbook.cli.new.package_source import source_of  # noqa: PLC0415

    own = sorted(project.glob(f"vendor/sphinx_mmbook-{__version__}-*.whl"))
    return source_of(named or (str(own[0]) if own else None))


def take_wheel(project: Path, package: PackageSource) -> None:
    """Copy the wheel that the package is taken from into the book, if it is one."""
    if package.wheel and package.wheel.resolve().parent != project / "vendor":
        (project / "vendor").mkdir(exist_ok=True)
        shutil.copyfile(package.wheel, project / "vendor" / package.wheel.name)
