"""References that name what they refer to."""

from __future__ import annotations

import pytest

from conftest import Book

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf"
    b"\xc0\0\0\3\1\1\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82"
)
A = """\
---
title: One
label: sec-one
---

## Head

```{figure} dot.png
:name: fig-dot
:alt: A dot.

A long caption.
```

$$
a
$$ (eq-a)
"""
B = "# Two\n\nSee [](#fig-dot), [](#eq-a), [](#sec-one), {ref}`sec-one`, [a dot](#fig-dot).\n"


def test_a_link_to_a_figure_says_its_number(book: Book) -> None:
    index = "# Book\n\n```{toctree}\n:numbered:\n\na/index\nb\n```\n"
    built = book.write({"index.md": index, "a/index.md": A, "a/dot.png": PNG, "b.md": B}).build(
        "-W"
    )
    assert built.warnings == []
    paragraph = built.soup("b").find("p")
    assert paragraph.get_text() == "See Figure 1.1, (1.1), One, One, a dot."
    links = [link["href"] for link in paragraph.find_all("a")]
    assert links == [
        "a/index.html#fig-dot",
        "a/index.html#equation-eq-a",
        *["a/index.html#sec-one"] * 2,
        "a/index.html#fig-dot",
    ]
    assert built.soup("a/index").find(id="sec-one") is not None


@pytest.mark.parametrize(("language", "said"), [("en", "Chapter 1"), ("de", "Kapitel 1")])
def test_numref_of_a_chapter_says_chapter(book: Book, language: str, said: str) -> None:
    index = "# Book\n\n```{toctree}\n:numbered:\na\n```\n"
    chapter = "---\nlabel: sec-a\n---\n# A\n\n(sec-b)=\n## B\n\n{numref}`sec-a` {numref}`sec-b`\n"
    book.write({"index.md": index, "a.md": chapter})
    for builder in ("html", "latex"):
        built = book.build("-W", "-D", f"language={language}", builder=builder)
        assert built.warnings == []
    text = (built.outdir / "testbook.tex").read_text("utf-8")
    assert said.replace("1", r"\ref{") in text
    built = book.build("-W", "-D", f"language={language}")
    references = [link.get_text() for link in built.soup("a").select("a .std-numref")]
    assert references == [said, {"en": "Section", "de": "Abschnitt"}[language] + " 1.1"]


def test_a_title_that_python_cannot_format_does_not_end_the_build(book: Book) -> None:
    """It was a traceback: "unsupported format character", or all memory for a width of nine digits."""
    titles = ["100% of %s", "Table %~s", "number {}", "number {number:>999999999}", "%999999999s"]
    roles = "\n\n".join(f"{{numref}}`{title} <tbl-a>`" for title in titles)
    table = ":::{table} Losses\n:name: tbl-a\n\n| a |\n|---|\n| 1 |\n:::"
    built = book.write({"index.md": f"# A\n\n{roles}\n\n{table}\n"}).build()
    assert built.status == 0
    assert built.err.count("[mmbook.reference-title]") == len(titles)
    shown = [p.get_text() for p in built.soup("index").find(class_="body").select("section > p")]
    assert shown == ["Table 1"] * len(titles)


def test_a_title_in_restructuredtext_is_judged_when_it_is_resolved(book: Book) -> None:
    text = ".. only:: html\n\n   See :numref:`100% <tbl-a>`.\n\n.. table:: Losses\n   :name: tbl-a\n\n   = =\n   1 2\n   = =\n"
    book.write(
        {"index.md": "# A\n\n```{toctree}\npage\n```\n", "page.rst": f"Page\n====\n\n{text}"}
    )
    built = book.build()
    assert built.status == 0
    assert "[mmbook.reference-title]" in built.err


def test_a_file_to_download_in_a_heading_does_not_end_the_build(book: Book) -> None:
    """It was a traceback, KeyError: 'anchorname', in every output of the whole book."""
    page = "# The {download}`data <data.csv>` and more\n\n## The {download}`data.csv`\n\nText.\n"
    toctree = "# Book\n\n```{toctree}\n:maxdepth: 3\n\npage\n```\n"
    built = book.write({"index.md": toctree, "page.md": page, "data.csv": "a\n1\n"}).build()
    assert (built.status, built.warnings) == (0, [])
    page = built.soup("page")
    assert [a.get_text() for a in page.select("h1 a.download, h2 a.download")] == [
        "data",
        "data.csv",
    ]
    listed = [a.get_text() for a in built.soup("index").select(".toctree-wrapper a")]
    assert listed == ["The data and more", "The data.csv"]
