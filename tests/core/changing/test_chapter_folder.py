"""Which chapter is meant by a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_mmbook.core.book.book import Book, load_book
from sphinx_mmbook.core.changing.chapter_folder import ChangeRefused, folder_of


@pytest.fixture
def book(tmp_path: Path) -> Book:
    for path in ("index", "a/loss/index", "b/loss/index", "b/gain/index", "b/page"):
        file = tmp_path / "book" / f"{path}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# Page\n")
    (tmp_path / "book" / "conf.py").touch()
    return load_book(tmp_path / "book")


@pytest.mark.parametrize(
    ("named", "path"),
    [
        ("gain", "b/gain"),
        ("gain/", "b/gain"),
        ("b/loss", "b/loss"),
        ("b\\loss\\index", "b/loss"),
        ("book/a/loss/", "a/loss"),
    ],
)
def test_a_chapter_is_named_by_its_folder_or_by_a_path(book: Book, named: str, path: str) -> None:
    assert folder_of(book, named).path == path


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("loss", "'loss' may be 'a/loss', 'b/loss'; name one by its path"),
        ("gains", "there is no chapter 'gains' with a folder of its own; did you mean 'gain'?"),
        ("page", "there is no chapter 'page' with a folder of its own"),
        ("c/loss", "there is no chapter 'c/loss'"),
    ],
)
def test_a_name_that_fits_no_chapter_or_two_is_refused(book: Book, named: str, words: str) -> None:
    with pytest.raises(ChangeRefused) as refused:
        folder_of(book, named)
    assert str(refused.value).startswith(words)


def test_around_a_book_all_files_are_read_but_links_and_what_the_template_notes(book: Book) -> None:
    top = book.folder.parent
    for name in ("pyproject.toml", "CODEOWNERS", ".mmbook-template.json"):
        (top / name).write_text("# book/b/gain/\n")
    (top / "link").symlink_to("CODEOWNERS")
    around = {path for path in folder_of(book, "gain").texts if not path.startswith("book/")}
    assert around == {"pyproject.toml", "CODEOWNERS"}
