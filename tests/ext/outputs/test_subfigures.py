"""Figures side by side."""

from __future__ import annotations

import re
import subprocess
from zipfile import ZipFile

import pytest

from conftest import Book

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40"/></svg>'
PAGE = """\
# One

See {numref}`fig-both`.

```{subfigures}
:name: fig-both

![First](a.svg)
The *first*.

![Second](b.svg)
The second.

Both of them.
```
"""


@pytest.fixture
def side(book: Book) -> Book:
    index = "# Book\n\n```{toctree}\n:numbered:\none\n```\n"
    return book.write({"index.md": index, "one.md": PAGE, "a.svg": DRAWING, "b.svg": DRAWING})


@pytest.mark.long
def test_figures_side_by_side_are_one_figure_in_all_outputs(side: Book) -> None:
    built = side.build("-W")
    assert built.warnings == []
    figure = built.soup("one").find("figure", id="fig-both")
    assert figure is not None
    said = [" ".join(text.get_text().split()) for text in figure.select(".mmbook-subcaption")]
    assert said == ["(a) The first.", "(b) The second."]
    assert [image["alt"] for image in figure.select("img")] == ["First", "Second"]
    assert "Figure 1.1" in figure.figcaption.get_text()
    tex = side.build("-W", builder="latex")
    text = (tex.outdir / "testbook.tex").read_text("utf-8")
    row = text.partition(r"\begin{figure}")[2].partition(r"\end{figure}")[0]
    assert row.count(r"\begin{minipage}") == row.count(r"\sphinxincludegraphics") == 2
    assert "\n\n" not in row.partition(r"\begin{minipage}")[2].rpartition(r"\end{minipage}")[0]
    run = subprocess.run(
        ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "testbook.tex"],
        cwd=tex.outdir, capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:]
    pdf = subprocess.run(
        ["pdftotext", "-layout", "testbook.pdf", "-"],
        cwd=tex.outdir, capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    assert re.search(r"\(a\) The first\.\s+\(b\) The second\.\n", pdf), "on one line"
    epub = side.build("-W", builder="epub")
    with ZipFile(epub.outdir / "Testbook.epub") as packed:
        assert b"(b) The second." in packed.read("one.xhtml")


def test_figures_side_by_side_without_a_caption_are_a_fault(side: Book) -> None:
    built = side.write({"one.md": PAGE.replace("Both of them.\n", "")}).build()
    assert "one.md:5" in built.err
    assert "after them one with the caption" in built.err
