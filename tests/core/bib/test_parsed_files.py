"""What an earlier build has parsed is what would be parsed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sphinx_mmbook.core.bib.library import read_library
from sphinx_mmbook.core.bib.parsed_files import ParsedFiles

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = (
    "@article{ann20,\n  author = {Änn, A. and Bo, B.},\n  title = {A {T}itle},\n  year = 2020}\n"
)


def read_twice(folder: Path, text: str = ENTRY) -> tuple[ParsedFiles, ParsedFiles]:
    """Read a book's file, and again with what is known from the first time."""
    (folder / "a.bib").write_text(text, "utf-8")
    first = ParsedFiles(version="1")
    once = read_library(folder, ["a.bib"], first)
    second = ParsedFiles(first.text(), "1")
    again = read_library(folder, ["a.bib"], second)
    assert again == once == read_library(folder, ["a.bib"])
    assert [entry.lines for entry in again.copies] == [entry.lines for entry in once.copies]
    assert [entry.columns for entry in again.copies] == [entry.columns for entry in once.copies]
    return first, second


def test_a_file_that_is_as_it_was_is_not_parsed_again(tmp_path: Path) -> None:
    first, second = read_twice(tmp_path)
    assert first.is_changed
    assert not second.is_changed
    assert ParsedFiles(first.text(), "1").entries("a.bib", ENTRY.encode())


def test_a_file_with_findings_is_parsed_again_and_tells_them_again(tmp_path: Path) -> None:
    first, second = read_twice(tmp_path, ENTRY + "@article{no key\n")
    assert (
        ParsedFiles(first.text(), "1").entries("a.bib", (ENTRY + "@article{no key\n").encode())
        is None
    )
    assert not second.is_changed


@pytest.mark.parametrize(
    ("path", "data", "version"),
    [("a.bib", ENTRY + " ", "1"), ("b.bib", ENTRY, "1"), ("a.bib", ENTRY, "2")],
)
def test_another_text_file_or_version_is_unknown(
    tmp_path: Path, path: str, data: str, version: str
) -> None:
    first, _ = read_twice(tmp_path)
    known = ParsedFiles(first.text(), version)
    assert known.entries(path, data.encode()) is None


def test_a_file_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    first, _ = read_twice(tmp_path)
    known = ParsedFiles(first.text(), "1")
    assert known.is_changed
    assert "ann20" not in known.text()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", '{"version": "1"}', '{"version": "1", "files": 3}', "[" * 99_999],
)
def test_whatever_stands_in_the_folder_of_a_build_is_no_traceback(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.bib").write_text(ENTRY, "utf-8")
    assert read_library(tmp_path, ["a.bib"], ParsedFiles(text, "1")).entries


def test_entries_of_another_shape_are_unknown(tmp_path: Path) -> None:
    first, _ = read_twice(tmp_path)
    text = first.text().replace('"article"', '"article", 1, 2, 3')
    assert ParsedFiles(text, "1").entries("a.bib", ENTRY.encode()) is None
