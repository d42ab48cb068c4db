"""Pages that must not be read: links out of the book, and folders that are links."""

from __future__ import annotations

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
