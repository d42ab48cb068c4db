"""Pages that must not be read: links out of the book, and folders that are links."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sphinx_mmbook.core.book.unfit_pages import unfit_pages


@pytest.mark.parametrize(("entries", "told"), [(1000, True), (1001, False)])
def test_of_a_linked_folder_a_thousand_entries_are_looked_at_before_its_folders(
    tmp_path: Path, entries: int, told: bool
) -> None:
    book, linked = tmp_path / "book", tmp_path / "elsewhere"
    book.mkdir()
    (linked / "more").mkdir(parents=True)
    (linked / "more" / "page.md").touch()
    for number in range(entries - 1):
        (linked / f"{number}.csv").touch()
    (book / "linked").symlink_to(linked)
    (fault,) = unfit_pages(book, [".md"], lambda path: False).values()
    assert (fault is not None) == told
    assert not told or "this folder is a link" in fault.message


def test_pages_that_are_links_are_named_by_path_but_not_where_no_build_looks(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret.md").touch()
    book = tmp_path / "book"
    for folder in ("part/chapter", "_build", ".cache", "left-out"):
        (book / folder).mkdir(parents=True)
        (book / folder / "page.md").symlink_to(tmp_path / "secret.md")
    (book / "data.csv").symlink_to(tmp_path / "secret.md")
    (book / "own.md").touch()
    (book / "alias.md").symlink_to(book / "own.md")
    (book / "draft.md").symlink_to(tmp_path / "secret.md")
    found = unfit_pages(book, [".md"], lambda path: path in ("left-out", "draft.md"))
    assert {path: str(fault and fault.location) for path, fault in found.items()} == {
        "part/chapter/page.md": "part/chapter/page.md:1"
    }


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse names that are not UTF-8")
def test_a_page_whose_name_is_not_utf8_is_told_with_its_bytes_written_out(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    (tmp_path / name).touch()
    (fault,) = unfit_pages(tmp_path, [".md"], lambda path: False).values()
    assert fault is not None and str(fault.location) == "caf\\xe9.md:1"
    assert fault.message.startswith("the name of this page is not UTF-8; rename the file")


@pytest.mark.skipif(os.name == "nt", reason="pipes of Unix")
def test_a_pipe_with_the_name_of_a_page_is_told_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (fault,) = unfit_pages(tmp_path, [".md"], lambda path: False).values()
    assert fault is not None and "is not a file, but a pipe or a device" in fault.message


@pytest.mark.skipif(sys.platform == "darwin", reason="there both spellings are one file")
def test_a_page_whose_name_has_its_accents_apart_is_told(tmp_path: Path) -> None:
    (tmp_path / "o\u0308l.md").touch()
    (tmp_path / "\xf6fen.md").touch()
    found = unfit_pages(tmp_path, [".md"], lambda path: False)
    assert [*found] == ["o\u0308l.md"]
    assert "type it anew" in str(found["o\u0308l.md"])
