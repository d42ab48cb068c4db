"""Corrections to a packed EPUB."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile

import pytest

from sphinx_mmbook.core.output.epub_file import correct_epub

if TYPE_CHECKING:
    from pathlib import Path

ITEM = '<item id="{0}" href="{1}" media-type="{2}" />'
XHTML = "application/xhtml+xml"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    items = [("a", "a.xhtml", XHTML), ("b", "b%20c.xhtml", XHTML), ("d", "d.svg", "image/svg+xml")]
    items += [("e", "_static/used.css", "text/css"), ("f", "_static/unused.woff", "font/woff")]
    items += [("g", "_static/by-style.png", "image/png")]
    manifest = "\n".join(ITEM.format(*item) for item in items)
    path = tmp_path / "book.epub"
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("content.opf", f'{manifest}\n<meta property="ibooks:version"></meta>')
        archive.writestr("a.xhtml", '<link href="_static/used.css"/><math></math>')
        archive.writestr("b c.xhtml", "<p>plain</p>")
        archive.writestr(
            "d.svg",
            '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//" "http://x">\n<svg><path id="a"/></svg>',
        )
        archive.writestr("_static/used.css", "a { background: url(by-style.png) }")
        archive.writestr("_static/unused.woff", "font")
        archive.writestr("_static/by-style.png", "png")
    correct_epub(path)
    return path


def read(path: Path) -> dict[str, str]:
    with ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_pages_declare_what_they_use(packed: Path) -> None:
    manifest = read(packed)["content.opf"]
    assert f'href="a.xhtml" media-type="{XHTML}" properties="mathml" />' in manifest
    assert f'href="b%20c.xhtml" media-type="{XHTML}" />' in manifest
    assert "<meta" not in manifest


def test_what_no_page_shows_is_dropped(packed: Path) -> None:
    entries = read(packed)
    assert "_static/unused.woff" not in entries and "unused" not in entries["content.opf"]
    assert "_static/used.css" in entries and "_static/by-style.png" in entries


def test_drawings_are_what_the_format_allows(packed: Path) -> None:
    assert read(packed)["d.svg"] == '<?xml version="1.0"?><svg><path d="" id="a"/></svg>'


def test_mimetype_is_first_and_not_compressed(packed: Path) -> None:
    with ZipFile(packed) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)


def test_correcting_again_changes_nothing(packed: Path) -> None:
    before = packed.read_bytes()
    correct_epub(packed)
    assert packed.read_bytes() == before
