"""What leaves a page: labels that would be markup, TeX that reads files, loads from other hosts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Book, Built

LABEL = """'x"><svg/onload=alert(1)>'"""
PAGE = rf"""---
file_format: mystnb
kernelspec: {{name: python3, display_name: Python 3}}
label: {LABEL}
---
# Page

A formula $\input{{/etc/hostname}}$, and $a^2$.

$$
\csname in\endcsname x
$$

```{{math}}
:label: a}}\write18{{id}}
y
```

```{{raw}} latex
\openin5=/etc/passwd
```

```{{ask-first}} https://video.example.org/embed/1
:title: A video
```
"""
CDN = "https://cdn.example.org/vega.js"


def notebook() -> str:
    html = f'<div id="a"></div><script src="{CDN}"></script>'
    tex = r"$\displaystyle \openin 5 x$"
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Notebook"},
        cell(
            "1", {"text/html": html, "text/plain": "chart"}, f"#| label: {LABEL}\n#| tbl-cap: A\n"
        ),
        cell("2", {"text/latex": tex, "text/plain": "x"}),
    ]
    meta = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return json.dumps({"cells": cells, "metadata": meta, "nbformat": 4, "nbformat_minor": 5})


def cell(code: str, data: dict[str, str], options: str = "") -> dict[str, object]:
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    return {
        "cell_type": "code", "execution_count": 1, "metadata": {}, "id": f"c{code}",
        "outputs": [output], "source": options + code,
    }  # fmt: skip


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    from conftest import CONF, Book

    book = Book(tmp_path_factory.mktemp("outside") / "book")
    book.write(
        {
            "conf.py": CONF + 'nb_execution_mode = "off"\n',
            "index.md": "# Book\n\n```{toctree}\npage\nnotebook\n```\n",
            "page.md": PAGE,
            "notebook.ipynb": notebook(),
        }
    )
    return {builder: book.build(builder=builder) for builder in ("html", "latex", "epub")}


def said(built: Built, rule: str) -> list[str]:
    """Each warning and each note of a rule."""
    lines = f"{built.out}\n{built.err}".splitlines()
    return [line for line in lines if f"[mmbook.{rule}]" in line]


@pytest.mark.parametrize("builder", ["html", "epub"])
@pytest.mark.parametrize("page", ["page", "notebook"])
def test_a_label_is_no_markup(outputs: dict[str, Built], builder: str, page: str) -> None:
    built = outputs[builder]
    assert built.status == 0
    suffix = {"html": "html", "epub": "xhtml"}[builder]
    text = (built.outdir / f"{page}.{suffix}").read_text("utf-8")
    assert "<svg" not in text
    assert "onload=" not in re.sub(r"&[a-z]+;|&#\d+;", "", text).replace("onload=alert(1)&gt;", "")
    ids = [tag["id"] for tag in BeautifulSoup(text, "html.parser").select("[id]")]
    assert ids
    assert [name for name in ids if re.search(r"[<>\"'\s]", str(name))] == []


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_tex_that_reaches_files_is_a_finding(outputs: dict[str, Built], builder: str) -> None:
    found = said(outputs[builder], "tex-command")
    assert sum("page.md" in line for line in found) >= 3
    assert any("notebook.ipynb" in line for line in found)


def test_tex_that_reaches_files_is_not_set(outputs: dict[str, Built]) -> None:
    tex = (outputs["latex"].outdir / "testbook.tex").read_text("utf-8")
    body = tex[tex.index(r"\begin{document}") :]
    for command in (r"\input{/etc", r"\csname in", r"\write18", r"\openin"):
        assert command not in body.replace(r"\sphinxAtStartPar", ""), command
    assert "a^2" in body


def test_a_load_from_another_host_is_a_finding(outputs: dict[str, Built]) -> None:
    (found,) = said(outputs["html"], "remote-content")
    assert "notebook.ipynb" in found and CDN in found and "{ask-first}" in found


def test_readers_are_asked_first(outputs: dict[str, Built]) -> None:
    page = outputs["html"].soup("page")
    (box,) = page.select(".mmbook-ask-first")
    assert box.a["href"] == "https://video.example.org/embed/1"
    assert "video.example.org learns" in box.get_text()
    assert not page.select("iframe")
    assert "video.example.org" in (outputs["latex"].outdir / "testbook.tex").read_text("utf-8")


def test_ask_first_wants_an_address(book: Book) -> None:
    built = book.write({"index.md": "# A\n\n```{ask-first} javascript:alert(1)\n```\n"}).build()
    assert "is not an address of a page; begin it with https://" in built.err
    assert "javascript:" not in (built.outdir / "index.html").read_text("utf-8")


def test_scripts_that_extensions_load_are_a_finding_once(book: Book) -> None:
    conf = (book.folder / "conf.py").read_text() + f'html_js_files = ["{CDN}"]\n'
    pages = {"index.md": "# A\n\n```{toctree}\nb\n```\n", "b.md": "# B\n"}
    built = book.write({"conf.py": conf, **pages}).build()
    (found,) = said(built, "remote-content")
    assert "conf.py" in found and CDN in found


@pytest.mark.long
def test_the_pdf_of_such_a_book_is_made(outputs: dict[str, Built], tmp_path: Path) -> None:
    from sphinx_mmbook.cli.pdf import run_latex

    assert run_latex(outputs["latex"].outdir / "testbook.tex") == []
    assert (outputs["latex"].outdir / "testbook.pdf").is_file()
