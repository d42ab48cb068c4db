"""Pages that a fuzz of whole builds, or a hostile author, found to end a build or to need the guard."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Book

HEAD = "---\nfile_format: mystnb\n{}\n---\n\n# A\n\n```{{code-cell}}\n1\n```\n"
INDEX = "# Book\n\n```{toctree}\n:glob:\npages/*\n```\n"
#: An escaped half of a letter at each place that can have one.
HALF = r"""
---
title: "A \ud800 \ud83d\ude00 title"
---

(sec-x)=
## S

```{figure} /dot.svg
:alt: "x \ud800"
:name: "fig-\ud800"

Cap
```

```{toctree}
:caption: "a\ud800"
```

```{stored-table} /a.json
:caption: "\ud800"
```

````{table} x
:name: "tbl-\ud800"

| a |
|--|
| b |
````
""".lstrip()


@pytest.mark.parametrize("builder", ["html", "latex", "epub"])
def test_half_a_letter_written_as_an_escape_ends_no_build(book: Book, builder: str) -> None:
    rest = "R |x|\n=====\n\n.. |x| unicode:: 0xD800\n\n|x| text\n"
    cell = {"cell_type": "markdown", "metadata": {}, "source": "# N \ud800\n"}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    book.write({"index.md": INDEX, "pages/half.md": HALF, "pages/rest.rst": rest})
    book.write({"pages/n.ipynb": notebook, "a.json": r'[{"a": "\ud800 \ud83d\ude00"}]'})
    book.write({"dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'})
    built = book.build(builder=builder)
    assert built.status == 0, built.err
    assert "page-failed" not in built.err
    if builder == "html":
        assert built.soup("pages/half").h1.get_text().startswith("A � 😀 title")


def test_a_notebook_chapter_may_have_an_emoji_in_its_front_matter(book: Book) -> None:
    page = HEAD.format("kernelspec: {name: python3}\nauthors: [{name: A 😀}]\ntitle: Big 😀 𝔸")
    book.write({"index.md": page.replace("# A", "## A")})
    built = book.build("-W", "-D", "nb_execution_mode=off")
    assert built.status == 0, built.err
    assert built.soup("index").h1.get_text().startswith("Big 😀 𝔸")


@pytest.mark.parametrize(
    "field",
    ["kernelspec: {name: python3, language: 3}", "kernelspec: {name: 3}", "mystnb: 3",
     "kernelspec: {name: python3}\nlanguage_info: {pygments_lexer: [a]}", "kernelspec: 3"],
)  # fmt: skip
def test_a_notebook_header_with_what_is_no_text_ends_no_build(book: Book, field: str) -> None:
    book.write({"index.md": INDEX, "pages/a.md": HEAD.format(field), "pages/b.md": "# B\n"})
    built = book.build("-D", "nb_execution_mode=off")
    assert built.status == 0, built.err
    assert [line.endswith("[mmbook.notebook]") for line in built.warnings] == [True], built.err
    assert "cannot be read" in built.soup("pages/a").get_text()


def test_a_damaged_picture_among_outputs_is_a_finding(book: Book) -> None:
    shown = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "damaged"}}
    code = {"cell_type": "code", "metadata": {}, "source": "1", "execution_count": 1}
    metadata = {"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}}
    notebook = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": "# N"}, {**code, "outputs": [shown]}],
        "metadata": metadata,
        "nbformat": 4, "nbformat_minor": 4,
    }  # fmt: skip
    book.write({"index.md": INDEX, "pages/n.ipynb": json.dumps(notebook)})
    built = book.build("-D", "nb_execution_mode=off")
    assert (built.status, len(built.warnings)) == (0, 1), built.err
    assert "this is not a notebook of format 4" in built.err  # the check says so, too


def test_names_that_no_file_can_have_are_findings(book: Book) -> None:
    name = "b" * 300 + ".csv"
    page = f"# A\n\n```{{stored-table}} {name}\n:caption: x\n```\n\n![x]({name}.svg)\n"
    rest = f"R\n=\n\n.. figure:: {name}.png\n\n   x\n\n.. image:: {name}.svg:x\n"
    side = json.dumps({"files": {name: "00"}, "script": f"{name}.py", "inputs": {name: "00"}})
    book.write({"index.md": INDEX + "\n```{results}\n```\n", "pages/a.md": page})
    book.write({"pages/b.rst": rest, "pages/x.csv": "a\n1\n", "pages/x.csv.prov.json": side})
    for _ in range(2):
        built = book.build()
        assert built.status == 0
        assert "page-failed" not in built.err
        book.change("pages/a.md", "# A", "# A ")


def test_what_stood_on_a_page_that_failed_is_not_told_twice(book: Book) -> None:
    page = HEAD.format("kernelspec: {name: python3, language: 3}")
    book.write({"index.md": page.replace("# A", "# A\n\n{ref}`x` {sub-ref}`wordcount-words`")})
    built = book.build("-D", "nb_execution_mode=off")
    assert "Duplicate" not in built.err


def test_a_page_that_includes_itself_is_a_finding(book: Book) -> None:
    page = "# A\n\nText ```{include} a.md\n```\n```{include} a.md\n```\n```{include} a.md\n```\n"
    book.write({"index.md": INDEX, "pages/a.md": page, "pages/b.md": "# B\n"})
    built = book.build()
    assert built.status == 0
    assert "please report" not in built.err
    assert "B" in built.soup("pages/b").h1.get_text()


def test_a_link_that_is_longer_than_any_name_says_so_on_its_page(book: Book) -> None:
    """Up to Python 3.13 the page asked to report a fault of the extension."""
    book.write({"index.md": INDEX, "pages/a.md": f"# A\n\n[x]({'a' * 300}.md)\n"})
    err = book.build().err
    assert "[mmbook.link-dead]" in err
    assert "please report" not in err


RESTRUCTURED = """# A

Markdown[^a].

[^a]: of Markdown

```{eval-rst}
.. contents::
   :local:

.. rst-class:: wide

Auto [#]_, named [#two]_, a sign [*]_, |short| and `site`_.

.. [#] first
.. [#two] second
.. [*] third
.. |short| replace:: Shorter
.. _site: https://site.invalid/
.. target-notes::
```

## Within

```{eval-rst}
Again [#]_.

.. [#] fourth
```
"""


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_contents_and_footnotes_of_eval_rst_end_no_build(book: Book, builder: str) -> None:
    book.write({"index.md": "# Book\n\n```{toctree}\na\n```\n", "a.md": RESTRUCTURED})
    built = book.build("-W", builder=builder)
    assert (built.status, built.warnings) == (0, [])
    if builder == "html":
        page = built.soup("a").find("section")
        assert (
            page.find(class_="wide").text
            == "Auto [4], named [2], a sign [*], Shorter and site [3]."
        )
        assert page.select_one(".contents a")["href"] == "#within"
        assert page.find("a", string="site")["href"] == "https://site.invalid/"
        notes = [note.p.text for note in built.soup("a").select("aside.footnote")]
        assert sorted(notes)[:3] == ["first", "fourth", "https://site.invalid/"]
        ids = [element["id"] for element in page.find_all(id=True)]
        assert len(ids) == len({*ids})


def test_a_substitution_runs_no_program(book: Book) -> None:
    head = "---\nmyst:\n  enable_extensions: [substitution]\n  substitutions: {word: loss}\n---\n\n"
    os, ran = "cycler.__init__.__globals__.os", book.folder / "ran"
    asked = ("word", "word | upper", "word.title()", "env.docname.split('/')[-1] ~ 1",
             "range(2) | list", "gone | default('so')")  # fmt: skip
    hostile = (f"{os}.system('echo x > {ran}')", "(cycler | attr('__init__')).__globals__['os']",
               "'{0.__class__}'.format(word)")  # fmt: skip
    lines = "\n\n".join(f"{{{{ {one} }}}}" for one in (*asked, *hostile))
    book.write({"index.md": INDEX, "pages/a.md": f"{head}# A\n\n{lines}\n"})
    book.write({"pages/b.md": f"{head}# B\n\n{{{{ env.app.setup_extension('antigravity') }}}}\n"})
    built = book.build()
    assert (ran.exists(), "antigravity" in sys.modules) == (False, False)
    assert built.err.count("substitution-unknown") == len(hostile), built.err
    assert "SecurityError" in built.err
    shown = [line.get_text() for line in built.soup("pages/a").select("section > p")]
    assert shown == ["loss", "LOSS", "Loss", "a1", "[0, 1]", "so"]


def test_a_backslash_before_a_blank_joins_words_in_restructured_text(book: Book) -> None:
    """The blank was printed: docutils' sign for the backslash was taken for a control character."""
    page = 'Book\n====\n\nRelease v\\ |version| of *loss*\\ es, Iterable\\ [x], \\"a\\".\n'
    book.write({"conf.py": book.text("conf.py") + 'version = "2.0"\n', "index.rst": page})
    (book.folder / "index.md").unlink(missing_ok=True)
    said = book.build("-W").soup("index").find(class_="body").p.get_text()
    assert said == 'Release v2.0 of losses, Iterable[x], "a".'
