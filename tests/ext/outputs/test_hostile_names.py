"""Names and texts that a stranger wrote, in places where nobody expects markup, TeX or controls."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

if TYPE_CHECKING:
    from conftest import Built

EVIL = """<x-evil onload="e()">'--></script> \\evil{x} %p #1 & ~ }$"""
CONTROL = "\x07\x1b[31m"
PERSON = f"name: {json.dumps(EVIL)}\naffiliation: {json.dumps('A' + CONTROL)}\n"
PAGE = f"""---
title: {json.dumps("The `<b>` tag" + CONTROL)}
authors: [eve]
abstract: {json.dumps(EVIL + CONTROL)}
keywords: [{json.dumps(EVIL)}]
label: {json.dumps("sec-one" + CONTROL)}
---

As {{cite:t}}`eve2020` says\x08.

![There is no such picture](gone.png)

A formula with a part missing, $\\frac{{a}}$.

<p><iframe src="https://video.example.org/1" title="A video" allowfullscreen></iframe></p>

<div onclick="e()"><script>if (a < b && c) d()</script></div>

```{{figure}} dot.svg
:alt: "A \\e[31m dot"
:name: fig-dot

A dot.
```
"""
BIB = "@book{eve2020, author = {Eve\x07 <x-evil>}, title = {T \x1b[2J}, year = {2020}}\n"
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def notebook() -> str:
    stream = {"output_type": "stream", "name": "stdout", "text": f"{CONTROL}red\x1b[0m\x08\x1b]0;"}
    cell = {
        "cell_type": "code", "execution_count": 1, "id": "a", "outputs": [stream], "source": "1",
        "metadata": {"tags": [EVIL]},
    }  # fmt: skip
    title = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "# Notebook"}
    meta = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps(
        {"cells": [title, cell], "metadata": meta, "nbformat": 4, "nbformat_minor": 5}
    )


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    from conftest import CONF, Book

    book = Book(tmp_path_factory.mktemp("names") / "book")
    conf = CONF.replace('html_theme = "basic"', 'html_theme = "sphinx_book_theme"')
    book.write(
        {
            "conf.py": conf + 'nb_execution_mode = "off"\n',
            "people/eve.yml": PERSON,
            "index.md": "# Book\n\n```{toctree}\npage\nnotebook\n```\n",
            "page.md": PAGE,
            "notebook.ipynb": notebook(),
            "dot.svg": DOT,
            "references.bib": BIB,
        }
    )
    return {builder: book.build(builder=builder) for builder in ("html", "latex", "epub")}


def test_names_of_authors_and_titles_are_no_markup(outputs: dict[str, Built]) -> None:
    page = outputs["html"].soup("page")
    assert page.find_all("x-evil") == []
    (author,) = page.select(".component-author")
    assert EVIL in author.get_text()
    assert [title.get_text().rstrip("#") for title in page.find_all("h1")] == [
        "The <b> tag[31m"
    ] * 2


def test_names_and_tags_are_no_tex(outputs: dict[str, Built]) -> None:
    tex = (outputs["latex"].outdir / "testbook.tex").read_text("utf-8")
    body = tex[tex.index(r"\begin{document}") :]
    assert r"\evil" not in body
    assert r"\begin{sphinxuseclass}{tag-x-evil-onload" in body
    assert "gone.png" not in body and "There is no such picture" in body


def test_control_characters_reach_neither_latex_nor_the_epub(outputs: dict[str, Built]) -> None:
    tex = (outputs["latex"].outdir / "testbook.tex").read_text("utf-8")
    assert re.findall(r"[\x00-\x08\x0b-\x1f]", tex) == []
    assert r"\PYG{Color+ColorRed}{red}" in tex
    with ZipFile(outputs["epub"].outdir / "Testbook.epub") as packed:
        pages = [packed.read(name) for name in packed.namelist() if name.endswith("xhtml")]
    assert re.findall(rb"[\x00-\x08\x0b-\x1f]", b"".join(pages)) == []


@pytest.mark.long
def test_an_epub_of_hostile_names_is_valid(outputs: dict[str, Built]) -> None:
    command = ["java", "-jar", "/usr/share/java/epubcheck.jar"]
    if not Path(command[-1]).exists():
        pytest.fail("missing program: apt-get install epubcheck")
    book = outputs["epub"].outdir / "Testbook.epub"
    run = subprocess.run([*command, book], capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    with ZipFile(book) as packed:
        page = packed.read("page.xhtml").decode()
    assert '<a href="https://video.example.org/1">A video</a>' in page
    assert "<script" not in page
