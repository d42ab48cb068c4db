"""Numbers through all parts of a book, and which pages a change writes again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Book, Built


@pytest.fixture
def parts(root: Callable[[str], Book]) -> Book:
    return root("parts")


def numbers(built: Built, docname: str) -> str:
    """All numbers of a page in their order, as a reader sees them."""
    content = built.soup(docname).find(class_="body")
    found = content.select(".section-number, .caption-number, .eqno, .std-numref, a[href*='eq-']")
    texts = (tag.get_text().strip().rstrip("#¶ ") for tag in found if tag.get_text().strip("#¶"))
    return ", ".join(texts)


def pages(folder: Path) -> dict[str, str]:
    """The text of each page by its path."""
    # MyST-NB copies its stylesheet after the first build's pages: no checksum in them.
    read = {p: p.read_text("utf-8") for p in folder.rglob("*.html")}
    return {str(p.relative_to(folder)): re.sub(r"\?v=\w+", "", text) for p, text in read.items()}


def written(book: Book) -> set[str]:
    """Build again; return the pages that were written."""
    before = {p: p.stat().st_mtime_ns for p in (book.folder / "_build").rglob("*.html")}
    built = book.build("-W")
    assert built.status == 0, built.err
    after = {p: p.stat().st_mtime_ns for p in built.outdir.rglob("*.html")}
    changed = {str(p.relative_to(built.outdir)) for p in after if after[p] != before.get(p)}
    return {name.removesuffix(".html") for name in changed - {"search.html", "genindex.html"}}


def same_as_clean(book: Book) -> None:
    clean = book.build("-W", out="_clean")
    assert pages(clean.outdir) == pages(book.folder / "_build" / "html")


def test_chapters_number_through_all_parts(parts: Book) -> None:
    built = parts.build("-W")
    assert (built.status, built.warnings) == (0, [])
    assert numbers(built, "basics").startswith(
        "2, 2.1, Figure 2.1, Table 2.1, 2.1.1, Figure 2.2, (2.1)"
    )
    assert numbers(built, "arch/second/index") == (
        "3, 3.1, Figure 3.1, Table 3.1, 3.1.1, Figure 3.2, (3.1), Table 4.1"
    )
    assert numbers(built, "arch/first/index").startswith("4, 4.1, Figure 4.1, Table 4.1, 4.1.1")


def test_unnumbered_pages_share_one_count(parts: Book) -> None:
    built = parts.build("-W")
    assert numbers(built, "preface") == "Figure 1, Table 1, Figure 2, (1), Figure 3.1, (3.1)"
    assert numbers(built, "interlude").startswith("Figure 3, Table 2, Figure 4, (2)")
    assert numbers(built, "epilogue").startswith("Figure 5, Table 3, Figure 6, (3), Figure 1.1")


def test_contents_show_the_same_numbers(parts: Book) -> None:
    links = parts.build("-W").soup("index").select(".toctree-l1 > a")
    assert [re.sub(r"\s.*", "", link.text) for link in links] == [
        "Page",
        "1",
        "2",
        "Page",
        "3",
        "4",
        "Page",
    ]


@pytest.mark.long
def test_parallel_equals_serial(parts: Book) -> None:
    serial, parallel = parts.build("-W"), parts.build("-W", "-j2", out="_parallel")
    assert pages(serial.outdir) == pages(parallel.outdir)


def test_nothing_changed_writes_nothing(parts: Book) -> None:
    parts.build("-W")
    assert written(parts) == set()


def test_changed_text_writes_only_its_page(parts: Book) -> None:
    parts.build("-W")
    parts.write({"arch/first/index.md": parts.text("arch/first/index.md") + "\nMore.\n"})
    assert written(parts) == {"arch/first/index"}
    same_as_clean(parts)


def test_new_figure_writes_the_pages_that_refer_to_later_ones(parts: Book) -> None:
    parts.build("-W")
    figure = "```{figure} /dot.png\n:name: fig-new\n\nNew\n```\n\n(sub-"
    parts.change("arch/second/index.md", "(sub-", figure)
    assert written(parts) == {"arch/second/index", "preface"}
    same_as_clean(parts)


def test_new_chapter_in_the_middle_renumbers_the_rest(parts: Book) -> None:
    parts.build("-W")
    more = parts.text("basics.md").replace("basics", "more")
    parts.write({"intro-b.md": more}).change("index.md", "intro\n", "intro\nintro-b\n")
    assert "arch/second/index" in written(parts)
    same_as_clean(parts)


def test_removed_chapter_renumbers_the_rest(parts: Book) -> None:
    parts.build("-W")
    (parts.folder / "arch/second/index.md").unlink()
    parts.change("index.md", "arch/second/index\n", "")
    parts.change("preface.md", "{numref}`fig-second` {eq}`eq-second`", "")
    parts.change("intro.md", "{numref}`sub-second` {ref}`sec-basics`", "")
    assert "arch/first/index" in written(parts)
    (parts.folder / "_build/html/arch/second/index.html").unlink()
    same_as_clean(parts)


def test_page_that_leaves_the_numbered_part_loses_its_number(parts: Book) -> None:
    parts.build("-W")
    parts.change("index.md", "basics\n", "")
    parts.change("index.md", "interlude\n", "interlude\nbasics\n")
    written(parts)
    same_as_clean(parts)


def test_depth_of_numbers_is_the_book_s(parts: Book) -> None:
    parts.change("index.md", ":numbered:\n:glob:", ":numbered: 1\n:glob:")
    assert numbers(parts.build("-W"), "arch/first/index").startswith("4, Figure 4.1, Table 4.1")
