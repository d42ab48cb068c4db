"""Files of the book's repository, and others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sphinx_mmbook.core.files.of_repository import is_beside, outside_fault


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    book = tmp_path / "repository" / "book"
    book.mkdir()
    for file in (tmp_path / "secret.txt", book.parent / "beside.txt", book / "own.txt"):
        file.touch()
    os.mkfifo(book.parent / "pipe.txt")
    (book.parent / "link.txt").symlink_to(tmp_path / "secret.txt")
    return book


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("own.txt", ""),
        ("missing.txt", ""),
        ("../beside.txt", ""),
        ("../../secret.txt", "leads out of the repository; copy"),
        ("../link.txt", "leads out of the repository; copy"),
        ("../pipe.txt", "is not a file but a device or a pipe; take it out"),
    ],
)
def test_a_file_is_read_in_the_repository_and_if_it_ends(
    book: Path, target: str, fault: str
) -> None:
    found = outside_fault(book, book / target, target)
    assert (found == "") == (fault == "")
    assert not fault or found.startswith(f"'{target}' {fault}")


def test_only_files_of_the_repository_stand_beside_a_book(book: Path) -> None:
    paths = ["../beside.txt", "own.txt", "../missing.txt", "../book", "../link.txt", "../pipe.txt"]
    assert [path for path in paths if is_beside(book, path)] == ["../beside.txt"]


def test_a_book_without_a_repository_has_nothing_beside_it(book: Path) -> None:
    (book.parent / ".git").rmdir()
    assert "leads out" in outside_fault(book, book.parent / "beside.txt", "../beside.txt")
    assert outside_fault(book, book / "own.txt", "own.txt") == ""
