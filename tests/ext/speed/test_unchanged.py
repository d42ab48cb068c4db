"""What a build leaves as the last one has saved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sphinx.environment.collectors.toctree import TocTreeCollector

if TYPE_CHECKING:
    from conftest import Book

CONF = """\
project = "Unchanged"
extensions = ["sphinx_mmbook"]
html_theme = "sphinx_book_theme"
"""
INDEX = "# The book\n\n```{{toctree}}\n:numbered:\n\n{}\n```\n"
PAGES = {name: f"# {name.title()}\n\nSee {{numref}}`fig-one`.\n" for name in ("one", "two")}
FIGURE = "\n```{table} A table\n:name: fig-one\n\n| a |\n| - |\n| 1 |\n```\n"
#: Numbers the book from 10 on, as a conf.py may.
SHIFTED = """
def shift(app, env):
    for numbers in env.toc_secnumbers.values():
        for anchor, number in numbers.items():
            numbers[anchor] = (number[0] + 9, *number[1:])
    print("NUMBERS", sorted(numbers[""][0] for numbers in env.toc_secnumbers.values()))
    return []

def setup(app):
    app.connect("env-get-updated", shift, priority=900)
"""


def numbered(book: Book) -> Book:
    book.write({"conf.py": CONF, "index.md": INDEX.format("one\ntwo")})
    return book.write({"one.md": PAGES["one"] + FIGURE, "two.md": PAGES["two"]})


def html(book: Book) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (book.folder / "_build/html").glob("*.html")}


@pytest.mark.parametrize(("speedups", "times"), [("1", 1), ("0", 2)])
def test_sections_are_numbered_again_only_when_a_page_was_read(
    book: Book, monkeypatch: pytest.MonkeyPatch, speedups: str, times: int
) -> None:
    numbering = TocTreeCollector.assign_section_numbers
    asked: list[object] = []
    monkeypatch.setattr(
        TocTreeCollector,
        "assign_section_numbers",
        lambda self, env: asked.append(env) or numbering(self, env),
    )
    option = ("-D", f"mmbook_speedups={speedups}")
    numbered(book).build(*option)
    book.build(*option)
    assert len(asked) == times
    book.write({"one.md": PAGES["one"] + "\nMore.\n" + FIGURE}).build(*option)
    assert len(asked) == times + 1


def test_after_builds_without_a_change_numbers_follow_pages_that_come_and_go(book: Book) -> None:
    numbered(book).build()
    book.build()
    book.write({"zero.md": "# Zero\n", "index.md": INDEX.format("zero\none\ntwo")}).build()
    book.build()
    assert "Table 2.1" in book.text("_build/html/two.html")
    (book.folder / "zero.md").unlink()
    book.write({"index.md": INDEX.format("one\ntwo")}).build()
    assert "Table 1.1" in book.text("_build/html/two.html")
    before = html(book)
    before.pop("zero.html")
    (book.folder / "_build/html/zero.html").unlink()
    book.build("-E", "-a")
    assert html(book) == before


def test_numbers_that_another_extension_changes_are_made_on_every_build(book: Book) -> None:
    numbered(book).write({"conf.py": CONF + SHIFTED})
    assert "NUMBERS [10, 11]" in book.build().out
    assert "NUMBERS [10, 11]" in book.build().out
