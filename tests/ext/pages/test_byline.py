"""Bylines on pages, in all kinds of output."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Book

INDEX = "# Book\n\n```{toctree}\n:numbered:\n:glob:\nchapters/*/index\n```\n\n```{toctree}\nforeword\n```\n"
FILES = {
    "index.md": INDEX,
    "people/ann-example.yml": "name: Ann <Example>\norcid: 0000-0002-1825-0097\n",
    "people/bo-sample.yml": "name: Bo Sample\n",
    "chapters/a/index.md": "---\ntitle: One\nauthors: [bo-sample]\nsupervisors: [ann-example]\n"
    "abstract: |\n  First.\n\n  Second.\nkeywords: [x, y]\n---\n\n## Head\n\nText.\n",
    "chapters/b/index.md": "---\nauthors: [ann-example, bo-sample, Cy & Co]\n---\n\n# Two\n\nText.\n",
    "chapters/c/index.md": "# Three\n\nNobody.\n",
    "foreword.md": "# Foreword\n\nText.\n\n:::{byline}\nauthors:\n  - name: Grace Guest\n:::\n",
}


def byline(soup: object) -> list[str]:
    return [p.get_text() for p in soup.select(".mmbook-byline p")]  # type: ignore[attr-defined]


def test_bylines_in_html(book: Book) -> None:
    built = book.write(FILES).build("-W", "--keep-going")
    assert built.warnings == []
    page = built.soup("chapters/a/index")
    assert byline(page) == ["Author: Bo Sample", "Supervisor: Ann <Example>"]
    assert page.h1.find_next_sibling()["class"] == ["mmbook-byline", "docutils", "container"]
    link = page.select_one(".mmbook-byline a")
    assert link["href"] == "https://orcid.org/0000-0002-1825-0097"
    assert [p.get_text() for p in page.select(".topic.abstract p")] == [
        "Abstract",
        "First.",
        "Second.",
    ]
    metas = {tag["name"]: tag["content"] for tag in page.find_all("meta") if tag.get("name")}
    assert metas["author"] == "Bo Sample"
    assert metas["keywords"] == "x, y"
    assert metas["description"] == "First. Second."
    assert byline(built.soup("chapters/b/index")) == ["Authors: Ann <Example>, Bo Sample, Cy & Co"]
    assert byline(built.soup("chapters/c/index")) == []
    foreword = built.soup("foreword")
    assert byline(foreword) == ["Author: Grace Guest"]
    assert foreword.find(string="Text.").find_next(class_="mmbook-byline") is not None


@pytest.mark.parametrize(
    ("builder", "name", "expected"),
    [
        ("text", "chapters/a/index.txt", "Supervisor: Ann <Example>"),
        ("latex", "testbook.tex", r"{https://orcid.org/0000-0002-1825-0097}{Ann <Example>}"),
    ],
)
def test_bylines_in_other_outputs(book: Book, builder: str, name: str, expected: str) -> None:
    built = book.write(FILES).build("-W", "--keep-going", builder=builder)
    assert built.warnings == []
    assert expected in (built.outdir / name).read_text("utf-8")


def test_words_follow_the_language_of_the_book(book: Book) -> None:
    built = book.write(FILES).build("-D", "language=de")
    assert built.warnings == []
    assert byline(built.soup("chapters/b/index"))[0].startswith("Autor:innen: ")


def test_a_changed_person_rewrites_exactly_the_pages_that_show_them(book: Book) -> None:
    book.write(FILES).build()
    before = stamps(book.folder)
    book.write({"people/ann-example.yml": "name: Ann Changed\n"}).build()
    changed = {name for name, stamp in stamps(book.folder).items() if before.get(name) != stamp}
    assert changed == {"chapters/a/index.html", "chapters/b/index.html"}


def stamps(folder: Path) -> dict[str, int]:
    """Return when each page was written."""
    out = folder / "_build" / "html"
    skip = ("genindex.html", "search.html")  # Sphinx writes these on every build
    pages = (p for p in out.rglob("*.html") if p.name not in skip)
    return {p.relative_to(out).as_posix(): p.stat().st_mtime_ns for p in pages}


def test_a_section_has_authors_of_its_own_beside_those_of_the_chapter(book: Book) -> None:
    section = "## Part\n\n```{byline}\nauthors: [ann-example]\n```\n\nText.\n"
    head = "---\ntitle: One\nauthors: [bo-sample]\n---\n\n"
    built = book.write({**FILES, "chapters/a/index.md": head + section}).build("-W")
    page = built.soup("chapters/a/index")
    assert byline(page) == ["Author: Bo Sample", "Author: Ann <Example>"]
    assert page.h2.find_next_sibling(class_="mmbook-byline").p.get_text() == "Author: Ann <Example>"
