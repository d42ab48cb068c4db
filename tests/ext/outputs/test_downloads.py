"""What a page offers to keep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bs4 import Tag

if TYPE_CHECKING:
    import pytest

    from conftest import Book, Built

CODE = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
# Computing

```{code-cell}
6 * 7
```
"""


def site(book: Book) -> Book:
    conf = (book.folder / "conf.py").read_text().replace('"basic"', '"sphinx_book_theme"')
    index = "# Book\n\n```{toctree}\nchapters/a/index\n```\n"
    return book.write({"conf.py": conf, "index.md": index, "chapters/a/index.md": "# A\n"})


def links(built: Built, page: str) -> dict[str, Tag]:
    buttons = built.soup(page).select("a[class*=btn-download]")
    return {str(link.get("href")).rpartition("/")[2]: link for link in buttons}


def written(book: Book) -> dict[str, int]:
    folder = book.folder / "_build" / "html"
    skip = ("searchindex.js", "search.html", "genindex.html", "objects.inv", ".buildinfo")
    files = [
        p
        for p in folder.rglob("*")
        if p.is_file() and p.name not in skip and "_static" not in p.parts
    ]
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in files}


def test_pages_offer_the_book_where_it_was_built(book: Book) -> None:
    site(book).build("-W")
    files = {"latex/testbook.pdf": b"%PDF", "epub/Testbook.epub": b"PK"}
    built = book.write({f"_build/{name}": data for name, data in files.items()}).build("-W")
    assert (built.status, built.warnings) == (0, [])
    for page in ("index", "chapters/a/index"):
        found = links(built, page)
        for name, data in files.items():
            link = found[name.partition("/")[2]]
            file = (built.outdir / f"{page}.html").parent / str(link["href"])
            assert file.resolve().read_bytes() == data
    before = written(book)
    book.build("-W")
    assert written(book) == before


def test_a_book_without_them_offers_none(book: Book) -> None:
    found = links(site(book).build("-W"), "index")
    assert not [name for name in found if name.endswith((".pdf", ".epub"))]


def test_read_the_docs_offers_its_own(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READTHEDOCS", "True")
    built = site(book).write({"_build/latex/testbook.pdf": b"%PDF"}).build("-W")
    assert "testbook.pdf" not in links(built, "index")


def test_executed_chapters_can_be_had_as_notebooks(book: Book) -> None:
    built = site(book).write({"chapters/a/index.md": CODE}).build("-W")
    assert (built.status, built.warnings) == (0, [])
    link = links(built, "chapters/a/index")["index.ipynb"]
    file = (built.outdir / "chapters/a" / str(link["href"])).resolve()
    cells = json.loads(file.read_text("utf-8"))["cells"]
    (code,) = (cell for cell in cells if cell["cell_type"] == "code")
    assert "".join(code["outputs"][0]["data"]["text/plain"]) == "42"
    assert "index.ipynb" not in links(built, "index")
    before = written(book)
    book.build("-W")
    assert written(book) == before
