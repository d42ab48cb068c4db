"""What the site showed well and another output did not: one book, built as site, PDF and EPUB."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from conftest import Book

CONF = """\
project = "Test book"
extensions = ["sphinx_mmbook"]
html_theme = "basic"
mmbook_macros = {"R": r"\\mathbb{R}", "norm": r"\\left\\lVert #1 \\right\\rVert_\\R"}
"""
INDEX = "# Book\n\n```{toctree}\n:numbered:\nchapter\ncells\n```\n"
CHAPTER = r"""---
title: Values of $\alpha$ and $\frac{1}{\norm{x}}$
---

(sec-values)=
## The $\ell$ of $\sum_{i=1}^n \infty$

Text[^1] with `averylongfunctionname` in it, and so `averylongfunctionname` it goes, and
`averylongfunctionname` once more, since `averylongfunctionname` has to come to the end of a line, where
`averylongfunctionname` and `averylongfunctionname` are.

[^1]: A note.

```{math}
:label: eq-rows
:nowrap:
\begin{align}
a &= \norm{b} \\
c_\mathcal{D} &= d^\hat{d} \in \R
\end{align}
```

```{math}
:nowrap:
\begin{equation}
a = b
\end{equation}
```

See {eq}`eq-rows`.

A raw <br> tag, a <b>bold <i>one</b>, &nbsp; and <input type="checkbox" checked>

<svg viewBox="0 0 1 1"><rect width="1"></svg>
"""
CELLS = r"""---
file_format: mystnb
kernelspec: {name: python3}
---

# Cells in $\R^n$

See {ref}`sec-values`, [](#sec-values) and {doc}`chapter`; {numref}`fig-drawn`, {numref}`fig-run`.

```{code-cell} python
#| label: fig-drawn
#| fig-cap: A drawing.
%config InlineBackend.figure_formats = ["svg"]
import matplotlib.pyplot as plt
plt.plot([1, 2]);
```

```{code-cell} python
from IPython.display import HTML, SVG
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="8" height="4"/></svg>')
```

```{code-cell} python
#| echo: false
HTML("<p>First of<br>HTML</p>")
```

```{code-cell} python
#| label: fig-run
#| fig-cap: A figure that runs.
#| echo: false
class Figure:  # as Plotly and Altair show theirs
    def _repr_mimebundle_(self, include=None, exclude=None):
        html = "<div id='x'></div><script>document.getElementById('x').innerHTML = 'drawn'</script>"
        plain = "Figure({'data': 1})"
        return {"application/vnd.plotly.v1+json": {}, "text/html": html, "text/plain": plain}
Figure()
```

```{code-cell} python
import pandas as pd
pd.DataFrame({"number": [1.0, -2.5], "letter": ["x", "y"]})
```
"""


@dataclass(frozen=True)
class Outputs:
    """The book in its outputs."""

    html: Path
    pages: dict[str, str]
    epub: Path
    tex: str
    pdf: Path
    text: str


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    for program in ("latexmk", "pdftotext", "rsvg-convert"):
        if shutil.which(program) is None:
            pytest.fail(f"missing program: {program}")
    book = Book(tmp_path_factory.mktemp("one") / "book")
    book.write({"conf.py": CONF, "index.md": INDEX, "chapter.md": CHAPTER, "cells.md": CELLS})
    folders = {}
    for builder in ("html", "epub", "latex"):
        built = book.build("-W", "--keep-going", builder=builder)
        assert (built.status, built.warnings) == (0, [])
        folders[builder] = built.outdir
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "testbook.tex"]
    run = subprocess.run(command, cwd=folders["latex"], capture_output=True, check=False)
    assert run.returncode == 0, (folders["latex"] / "testbook.log").read_text("utf-8")[-3000:]
    epub = folders["epub"] / "Testbook.epub"
    with ZipFile(epub) as packed:
        pages = {n: packed.read(n).decode() for n in packed.namelist() if n.endswith(".xhtml")}
    pdf = folders["latex"] / "testbook.pdf"
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    tex = (folders["latex"] / "testbook.tex").read_text("utf-8")
    return Outputs(folders["html"], pages, epub, tex, pdf, text)


def body(page: str) -> str:
    """The text of a page."""
    found = BeautifulSoup(page, "html.parser").select_one("[role=main]")
    assert found is not None
    return " ".join(found.get_text().split())


PLAIN = ("Values of α and 1/(‖x‖_ℝ)", "The ℓ of ∑ᵢ₌₁ⁿ∞", "Cells in ℝⁿ")


@pytest.mark.long
def test_formulas_in_titles_are_text_in_bookmarks_of_the_pdf(outputs: Outputs) -> None:
    def titles(items: list) -> list[str]:
        return [
            title
            for item in items
            for title in (titles(item) if isinstance(item, list) else [item.title])
        ]

    assert set(PLAIN) <= set(titles(PdfReader(outputs.pdf).outline))


@pytest.mark.long
def test_formulas_in_titles_are_text_in_the_navigation_of_the_epub(outputs: Outputs) -> None:
    links = BeautifulSoup(outputs.pages["nav.xhtml"], "html.parser").find_all("a")
    assert set(PLAIN) <= {link.get_text() for link in links}


@pytest.mark.long
def test_formulas_in_titles_are_text_in_references_and_window_titles(outputs: Outputs) -> None:
    page = (outputs.html / "cells.html").read_text("utf-8")
    said = f"See {PLAIN[1]}, {PLAIN[1]} and {PLAIN[0]};"
    assert said in body(page)
    assert said in body(outputs.pages["cells.xhtml"])
    assert said in " ".join(outputs.text.split())
    title = BeautifulSoup(page, "html.parser").title
    assert title is not None and PLAIN[2] in title.get_text()
    chapter = (outputs.html / "chapter.html").read_text("utf-8")
    assert r"\(\alpha\)" in chapter, "the page's own heading is set as a formula"


#: How Sphinx marks a heading of a table.
BOLD = "sphinxstyletheadfamily"


@pytest.mark.long
def test_the_index_of_a_data_frame_is_bold_and_nothing_else(outputs: Outputs) -> None:
    tables = re.findall(r"\\sphinxtoprule.*?\\sphinxbottomrule", outputs.tex, re.DOTALL)
    assert [table.count(BOLD) for table in tables] == [2 + 2], "two names of columns, two rows"


@pytest.mark.long
def test_no_page_of_the_pdf_holds_but_a_rule(outputs: Outputs) -> None:
    assert r"\hrule" not in outputs.tex
    assert [
        number for number, page in enumerate(outputs.text.split("\f")[4:-1]) if not page.strip()
    ] == []


@pytest.mark.long
def test_code_is_not_hyphenated(outputs: Outputs) -> None:
    assert outputs.text.count("averylongfunctionname") == CHAPTER.count("averylongfunctionname")


@pytest.mark.long
def test_the_minus_sign_of_a_number_stays_with_it(outputs: Outputs) -> None:
    assert "\N{MINUS SIGN}2.5" in outputs.tex


@pytest.mark.long
def test_drawings_and_html_of_cells_are_in_the_pdf(outputs: Outputs) -> None:
    for name in ("<Figure", "IPython.core", "Figure({"):
        assert name not in outputs.text.replace("class Figure", "")
    assert len(re.findall(r"\\sphinxincludegraphics", outputs.tex)) == 2
    assert re.search(r"First of\s+HTML", outputs.text)


@pytest.mark.long
def test_an_interactive_figure_with_a_label_is_a_figure(outputs: Outputs) -> None:
    page = BeautifulSoup((outputs.html / "cells.html").read_text("utf-8"), "html.parser")
    figure = page.find("figure", id="fig-run")
    assert figure is not None and figure.find("script") is not None
    assert "its code shows none" not in page.get_text()
    for text in (outputs.text, body(outputs.pages["cells.xhtml"])):
        assert "What stands here runs in a browser" in text
        assert "Figure 2.2" in text


@pytest.mark.long
def test_a_display_without_wrapping_has_its_label_and_number(outputs: Outputs) -> None:
    page = (outputs.html / "chapter.html").read_text("utf-8")
    for text in (body(page), body(outputs.pages["chapter.xhtml"]), " ".join(outputs.text.split())):
        assert "See (1.1)." in text


@pytest.mark.long
def test_every_page_of_the_epub_is_xml(outputs: Outputs) -> None:
    for name, page in outputs.pages.items():
        assert fromstring(page.encode()) is not None, name
    chapter = outputs.pages["chapter.xhtml"]
    assert "a <b>bold <i>one</i></b>" in chapter
    assert 'viewBox="0 0 1 1"' in chapter


@pytest.mark.long
def test_own_macros_are_known_to_every_output(outputs: Outputs) -> None:
    assert '"norm": ["\\\\left\\\\lVert #1' in (outputs.html / "chapter.html").read_text("utf-8")
    assert r"\DeclareRobustCommand{\norm}[1]" in (outputs.pdf.parent / "mmbookdata.def").read_text(
        "utf-8"
    )
    assert r"\norm" not in outputs.pages["chapter.xhtml"]
    assert "ℝ" in outputs.pages["chapter.xhtml"]


def test_faulty_macros_are_told_at_once(book: Book) -> None:
    book.write({"index.md": "# Book\n"})
    conf = (book.folder / "conf.py").read_text()
    book.write({"conf.py": conf + 'mmbook_macros = {"R2": "x", "norm": "{#1", "n": "#0"}\n'})
    built = book.build()
    assert built.status == 1
    assert [line.split(":")[1] for line in built.warnings] == [" mmbook_macros"] * 3


def test_a_renamed_book_leaves_nothing_of_its_old_name(book: Book) -> None:
    book.write(
        {"index.md": "# Book\n", "conf.py": 'project = "Old"\nextensions = ["sphinx_mmbook"]\n'}
    )
    for builder in ("latex", "epub"):
        assert book.build("-W", builder=builder).warnings == []
    built = book.build("-W")
    assert {file.name for file in (built.outdir / "_downloads").iterdir()} == {"Old.epub"}
    book.write({"conf.py": 'project = "New"\nextensions = ["sphinx_mmbook"]\n'})
    for builder in ("latex", "epub"):
        assert book.build("-W", builder=builder).warnings == []
    built = book.build("-W")
    folder = built.outdir.parent
    assert {file.name for file in (built.outdir / "_downloads").iterdir()} == {"New.epub"}
    assert [file.name for file in (folder / "epub").glob("*.epub")] == ["New.epub"]
    assert [file.name for file in (folder / "latex").glob("*.tex")] == ["new.tex"]


def test_a_page_that_cannot_be_xml_is_replaced_and_told(book: Book) -> None:
    book.write({"index.md": '# Book\n\n<svg xlink:href="#a"></svg>\n'})
    built = book.build(builder="epub")
    assert "index.md:1: WARNING: this page is not valid XML" in built.err
    with ZipFile(built.outdir / "Testbook.epub") as packed:
        assert b"it is on the book's website" in packed.read("index.xhtml")


@pytest.mark.parametrize(
    ("text", "has_index"),
    [
        ("Text.", False),
        ("```{index} loss\n```", True),
        ("See {ref}`genindex`.", True),
        ("```{toctree}\nIndex <genindex>\n```", True),
    ],
)
def test_the_index_of_a_book_is_in_its_epub_if_there_is_one(
    book: Book, text: str, has_index: bool
) -> None:
    """It was left out, and links to it led nowhere."""
    book.write({"index.md": f"# Book\n\n{text}\n"})
    built = book.build("-W", builder="epub")
    assert built.status == 0, built.err
    with ZipFile(built.outdir / "Testbook.epub") as packed:
        assert ("genindex.xhtml" in packed.namelist()) == has_index
