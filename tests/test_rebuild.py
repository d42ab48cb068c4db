"""Serial equals parallel, rebuild equals build, and nothing is written for nothing."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from conftest import Book, copied

#: What Sphinx writes at the end of every build, whatever changed.
ALWAYS = {".buildinfo", "genindex.html", "search.html", "searchindex.js", "objects.inv"}


def digests(folder: Path) -> dict[str, str]:
    """Return the contents of all files of an output, by path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def copy(book: Book, name: str) -> Book:
    """Return a fresh checkout of the book in another place."""
    folder = book.folder.parent / name
    shutil.copytree(book.folder, folder, ignore=shutil.ignore_patterns("_build"))
    return Book(folder)


def written(book: Book, since: dict[str, int]) -> set[str]:
    """Return the pages written after ``since``."""
    return {name for name, stamp in stamps(book).items() if since.get(name) != stamp}


def stamps(book: Book) -> dict[str, int]:
    """Return when each file of the output was written."""
    out = book.folder / "_build/html"
    return {
        path.relative_to(out).as_posix(): path.stat().st_mtime_ns
        for path in out.rglob("*")
        if path.is_file() and path.name not in ALWAYS and "_static" not in path.parts
    }


def all_stamps(book: Book) -> dict[str, int]:
    """Return when each file of the site was written, without exception."""
    files = (path for path in (book.folder / "_build/html").rglob("*") if path.is_file())
    return {str(path): path.stat().st_mtime_ns for path in files}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Return a book that has been built once; the tests change it in turn."""
    book = copied("rebuild", tmp_path_factory.mktemp("rebuild") / "book")
    first = book.build("-W")
    assert first.warnings == []
    return book


@pytest.mark.long
def test_parallel_equals_serial_on_a_fresh_checkout(built: Book) -> None:
    parallel = copy(built, "parallel").build("-W", "-j", "2")
    assert parallel.warnings == []
    assert digests(built.folder / "_build/html") == digests(parallel.outdir)


def test_nothing_changed_writes_nothing(built: Book) -> None:
    before = stamps(built)
    second = built.build("-W")
    assert "no targets are out of date" in second.out
    assert "running chapters" not in second.out
    assert written(built, before) == set()


def test_nothing_changed_leaves_every_file_of_the_site(built: Book) -> None:
    before = all_stamps(built)
    built.build("-W")
    assert all_stamps(built) == before


@pytest.mark.parametrize(
    "gone", ["search.html", "genindex.html", "objects.inv", "_static/pygments.css"]
)
def test_a_file_that_is_gone_is_written_again(built: Book, gone: str) -> None:
    before = digests(built.folder / "_build/html")
    (built.folder / "_build/html" / gone).unlink()
    built.build("-W")
    assert digests(built.folder / "_build/html") == before


@pytest.mark.parametrize(
    ("path", "text", "pages"),
    [
        ("chapters/b/results/numbers.csv", "x,y\n1,3.5\n", {"chapters/b/index"}),
        ("people/ann.yml", "name: Ann Other\n", {"chapters/a/index"}),
        ("people/bo.yml", "name: Bo Other\n", {"chapters/b/index", "chapters/c/index"}),
        ("chapters/c/index.md", "\nMore.\n", {"chapters/c/index"}),
        ("chapters/a/index.md", "\nMore.\n", {"chapters/a/index"}),
    ],
)
def test_a_change_writes_exactly_the_pages_that_show_it(
    built: Book, path: str, text: str, pages: set[str]
) -> None:
    before = stamps(built)
    old = built.text(path) if path.endswith(".md") else ""
    again = built.write({path: old + text}).build("-W")
    assert again.warnings == []
    changed = {name for name in written(built, before) if name.endswith(".html")}
    assert changed == {f"{page}.html" for page in pages}


def test_after_all_changes_the_book_equals_a_clean_build(built: Book) -> None:
    clean = copy(built, "clean").build("-W")
    assert clean.warnings == []
    assert digests(clean.outdir) == digests(built.folder / "_build/html")
