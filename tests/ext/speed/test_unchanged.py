"""What a build leaves as the last one has saved it."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from sphinx.environment.collectors.toctree import TocTreeCollector

from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.ext.page_table import PageTable

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


def test_a_table_of_pages_is_a_mapping_that_packs_each_page_once() -> None:
    table = PageTable()
    table["a"], table["b"] = (Location("a.md", 1),), ("b",)
    again = pickle.loads(pickle.dumps(table))
    packed = again.__getstate__()["_packed"]
    assert {**again} == {"a": (Location("a.md", 1),), "b": ("b",)}
    again["b"] = ("c",)
    assert again["b"] == ("c",)
    assert again.__getstate__()["_packed"]["a"] is packed["a"]
    assert pickle.loads(pickle.dumps(again))["b"] == ("c",)
    del again["a"]
    assert (list(again), len(again), again.pop("a", None)) == (["b"], 1, None)
    with pytest.raises(KeyError):
        del again["a"]
    with pytest.raises(KeyError):
        again["a"]


def test_a_table_takes_pages_over_from_another_process() -> None:
    here, there = PageTable(), PageTable()
    here["a"], here["b"] = "old", "mine"
    there["a"], there["b"] = "new", "not asked for"
    here.take(["a", "gone"], pickle.loads(pickle.dumps(there)))
    assert {**here} == {"a": "new", "b": "mine"}
    assert {**pickle.loads(pickle.dumps(here))} == {"a": "new", "b": "mine"}


@pytest.mark.parametrize("speedups", ["1", "0"])
def test_what_the_check_has_found_is_told_again_and_no_longer_once_it_is_mended(
    book: Book, speedups: str
) -> None:
    option = ("-D", f"mmbook_speedups={speedups}")
    bib = "@book{a2020, title = {A}}\n@book{A2020, title = {B}}\n"
    numbered(book).write({"b.bib": bib})
    told = [book.build(*option).err for _ in range(3)]
    assert "[mmbook.bib-key-case]" in told[0]
    assert told[0] == told[1] == told[2]
    book.write({"b.bib": "@book{a2020, title = {A}}\n"})
    for _ in range(2):
        assert "bib-key-case" not in book.build(*option).err


def test_what_is_cited_in_outputs_is_told_on_each_build(book: Book) -> None:
    numbered(book).write({"part.txt": "{cite:t}`nobody`\n"})
    book.write({"one.md": "# One\n\n```{include} part.txt\n```\n"})
    told = [book.build().err for _ in range(3)]
    assert "nobody" in told[0]
    assert told[0] == told[1] == told[2]
