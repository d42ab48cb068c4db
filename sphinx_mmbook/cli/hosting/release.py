"""Make a release of the book: website, PDF, EPUB, and what Zenodo asks, in one folder.

Chapters with 'status: draft' are left out, in a copy: the book itself stays as it is. The date is
that of the last commit, or --date, so that the same sources give the same book at any time. Nothing
is sent anywhere.

examples:
  mmbook release 1.0                       ./book -> ./book/_build/release/1.0/
  mmbook release 1.0 --date 2027-02-01     with this date on the cover
  mmbook release 1.0 --no-pdf              without LaTeX
"""

from __future__ import annotations

import json
import os
import re
import shutil
from argparse import ArgumentTypeError, Namespace
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import CommandRefused, add_book_flag, find_book, refusing

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.changing.chapter_folder import ChapterFolder

VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*")
#: The copy of the book in the folder of a release.
COPY = "sources"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a release."""
    parser.add_argument("version", metavar="VERSION", help="shown on the cover and in file names")
    day = "day on the cover, such as 2027-02-01 (default: of the last commit, or today)"
    parser.add_argument("--date", type=day_of, metavar="DAY", help=day)
    parser.add_argument("--no-pdf", action="store_true", help="make no PDF")
    parser.add_argument("--lenient", action="store_true", help="in spite of warnings")
    add_book_flag(parser)


def day_of(text: str) -> date:
    """Return the day that is named on the command line.

    :raises ArgumentTypeError: if it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"'{text}' is not a day; write it as 2027-02-01") from None


def run(args: argparse.Namespace) -> int:
    """Make the release; return the exit status: 0 made, 1 faulty, 2 refused."""
    with refusing("nothing was released"):
        return release(find_book(args.book).resolve(), args)


def release(folder: Path, args: argparse.Namespace) -> int:
    """Copy the book, leave drafts out, build, and gather the files."""
    args.version = args.version.removeprefix("v")  # as the tag is called
    if not VERSION.fullmatch(args.version):
        raise CommandRefused(f"'{args.version}' is not a version; write one such as 1.0")
    target = folder / "_build" / "release" / args.version
    if target.exists():
        raise CommandRefused(f"'{target}' is there already; remove it, or choose another version")
    day = args.date or date_of(folder)
    copy = target / COPY
    try:
        copy_book(folder, copy)
        left_out = leave_drafts_out(copy)
        for path in left_out:
            print(f"left out, since it is a draft: {path}")
        status = build(copy, day, args)
        if status:
            raise CommandRefused("the book does not build without faults; nothing was released")
        gather(folder, target, day, args)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    shutil.rmtree(copy)
    tell(folder, target, args.version)
    return 0


def date_of(book: Path) -> date:
    """Return the day of the last commit; today without one."""
    from sphinx_mmbook.core.files.git import GitError, repository_of  # noqa: PLC0415

    try:
        seconds = repository_of(book).run("log", "-1", "--no-show-signature", "--format=%ct")
        return datetime.fromtimestamp(int(seconds), UTC).date()
    except (GitError, ValueError):
        return datetime.now(UTC).date()


def copy_book(folder: Path, copy: Path) -> None:
    """Copy the sources, and the outputs of notebooks that were run."""
    shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns("_build", ".git"))
    cache = folder / "_build" / ".jupyter_cache"
    if cache.is_dir():
        shutil.copytree(cache, copy / "_build" / ".jupyter_cache")


def leave_drafts_out(copy: Path) -> list[str]:
    """Remove the chapters that are drafts; return the paths of their folders.

    :raises CommandRefused: if nothing would be left, or a chapter needs a draft.
    """
    from sphinx_mmbook.core.book.book import load_book  # noqa: PLC0415
    from sphinx_mmbook.core.changing.removing import removal  # noqa: PLC0415
    from sphinx_mmbook.core.files.changes import carry_out  # noqa: PLC0415

    paths = [chapter.path for chapter in drafts(load_book(copy))]
    for path in paths:
        book = load_book(copy)
        chapter = next(one for one in drafts(book) if one.path == path)
        planned = removal(chapter)
        others = tuple(f"{other}/" for other in paths)
        needed = [one for one in planned.needed if not one[0].path.startswith(others)]
        if needed:
            at, what = needed[0]
            raise CommandRefused(f"'{path}' is a draft, but {at} needs it: {what}")
        carry_out(book.folder, planned.changes)
    return paths


def drafts(book: Book) -> list[ChapterFolder]:
    """Return the numbered chapters whose status is draft."""
    from sphinx_mmbook.core.changing.chapter_folder import folder_of  # noqa: PLC0415

    names = [name for name in book.tree.chapters if book.chapters[name].status == "draft"]
    if names and len(names) == len(book.tree.chapters):
        raise CommandRefused("all chapters are drafts; write 'status: final' in those to release")
    return [folder_of(book, name) for name in names if name.endswith("/index")]


def build(copy: Path, day: date, args: argparse.Namespace) -> int:
    """Build all outputs, the website last: it offers the others; return the exit status."""
    from sphinx_mmbook.cli import build as site  # noqa: PLC0415
    from sphinx_mmbook.cli import epub, pdf  # noqa: PLC0415

    settings = ["-D", f"release={args.version}", "-D", f"version={args.version}"]
    options = Namespace(
        book=copy, lenient=args.lenient, all=False, quiet=True, jobs="auto", sphinx=settings
    )
    outputs = [epub, site] if args.no_pdf else [pdf, epub, site]
    with on_day(day):
        return next((status for one in outputs if (status := one.run(options))), 0)


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Let Sphinx and LaTeX take a day for today (https://reproducible-builds.org)."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    before = dict(os.environ)
    os.environ |= {"SOURCE_DATE_EPOCH": str(int(noon.timestamp())), "FORCE_SOURCE_DATE": "1"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def gather(folder: Path, target: Path, day: date, args: argparse.Namespace) -> None:
    """Put the files of a release beside the copy, from which they were built."""
    from sphinx_mmbook.core.book.book import load_book  # noqa: PLC0415
    from sphinx_mmbook.core.book.conf_file import plain_values  # noqa: PLC0415
    from sphinx_mmbook.core.changing.slug import slug_of  # noqa: PLC0415
    from sphinx_mmbook.core.people.zenodo import Edition, zenodo_metadata  # noqa: PLC0415

    book = load_book(target / COPY)
    build = book.folder / "_build"
    said = plain_values((folder / "conf.py").read_text("utf-8-sig"))
    title = str(said.get("project") or folder.parent.name)
    name = f"{slug_of(title) or 'book'}-{args.version}"
    shutil.make_archive(str(target / f"{name}-website"), "zip", build / "html")
    pdfs = [file.with_suffix(".pdf") for file in (build / "latex").glob("*.tex")]
    for file in (*filter(Path.is_file, pdfs), *(build / "epub").glob("*.epub")):
        shutil.copyfile(file, target / f"{name}{file.suffix}")
    chapters = [book.chapters[one] for one in book.tree.chapters]
    edition = Edition(
        title, args.version, day.isoformat(), book.settings.language, licence_of(folder)
    )
    text = json.dumps(zenodo_metadata(edition, chapters), indent=2, ensure_ascii=False) + "\n"
    (target / ".zenodo.json").write_text(text, "utf-8")


def licence_of(book: Path) -> str:
    """Return the licence that was chosen when the book was begun, if that is known."""
    from sphinx_mmbook.core.changing.template_update import UpdateRefused, read_answers  # noqa: PLC0415

    try:
        return str(read_answers(book.parent).get("license", ""))
    except UpdateRefused:
        return ""


def tell(folder: Path, target: Path, version: str) -> None:
    """Say what was made, and what to do with it."""
    for file in sorted(target.iterdir()):
        print(file)
    print(
        "\nLook at them, then\n"
        f"  cp {target / '.zenodo.json'} {folder.parent}\n"
        f"  git add .zenodo.json && git commit -m 'Release {version}'\n"
        f"  git tag v{version} && git push origin v{version}\n"
        "and attach the files to a release of that tag. Zenodo reads .zenodo.json if it watches "
        "the repository."
    )
