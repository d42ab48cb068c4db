"""What a page shows, includes or offers is a file of the book's repository, and no device."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Book

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and devices of Unix")

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
SECRET = "what nobody may read"
EACH_WAY = """
# Page

```{literalinclude} ../secret.txt
```

```{include} ../secret.txt
```

```{include} part.txt
```

```{include} link.txt
```

```{literalinclude} /../secret.txt
```

```{csv-table}
:file: ../secret.txt
```

```{raw} html
:file: ../secret.txt
```

```{raw} html
:file: OUTSIDE
```

```{raw} html
:url: http://127.0.0.1:9/x
```

```{csv-table}
:url: file://OUTSIDE
```

```{csv-table}
:file: OUTSIDE
```

{download}`../secret.txt` {download}`/../secret.txt` [x](../secret.txt)

```{figure} ../secret.svg
```

![x](link.svg)

```{literalinclude} zero
```

```{eval-rst}
.. include:: ../secret.txt
.. include:: ../secret.txt
   :literal:
.. raw:: html
   :file: ../secret.txt
```
"""


@pytest.fixture
def outside(book: Book) -> Book:
    """Return a book beside a secret, with links to it and to a device."""
    (book.folder.parent / "secret.txt").write_text(SECRET, "utf-8")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><!-- {SECRET} --></svg>'
    (book.folder.parent / "secret.svg").write_text(svg, "utf-8")
    (book.folder / "link.txt").symlink_to("../secret.txt")
    (book.folder / "link.svg").symlink_to("../secret.svg")
    (book.folder / "zero").symlink_to("/dev/zero")
    return book.write({"part.txt": "```{include} ../secret.txt\n```\n"})


@pytest.mark.parametrize("builder", ["html", "latex", "epub"])
def test_no_file_beside_the_book_is_published(outside: Book, builder: str) -> None:
    secret = str(outside.folder.parent / "secret.txt")
    outside.write({"index.md": EACH_WAY.replace("OUTSIDE", secret)})
    built = outside.build(builder=builder)
    assert built.status == 0, built.err
    assert len(built.warnings) == built.err.count("[mmbook.") == 20, built.err
    assert built.err.count("leads out of") + built.err.count("on another host") == 20, built.err
    for file in built.outdir.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("language", "directive"), [("en", "csv-table"), ("fr", "csv-table"), ("fr", "brut:: html")]
)
def test_a_table_of_csv_with_an_absolute_path_published_any_file_of_the_computer(
    outside: Book, language: str, directive: str
) -> None:
    """Sphinx reads ``/etc/passwd`` from the computer if there is one, and from the book if not."""
    secret = outside.folder.parent / "secret.txt"
    name = directive if "::" in directive else f"{directive}::"
    outside.write({"index.md": f"# A\n\n```{{eval-rst}}\n.. {name}\n   :file: {secret}\n```\n"})
    built = outside.build("-D", f"language={language}")
    for file in built.outdir.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
    assert "leads out of the book, around which there is no '.git'" in built.err


def test_an_include_with_its_german_name_showed_any_file_as_it_stands(outside: Book) -> None:
    outside.write({
        "index.md": "# A\n\n```{eval-rst}\n.. einfügen:: ../secret.txt\n   :literal:\n```\n"
    })  # fmt: skip
    built = outside.build("-D", "language=de")
    assert SECRET not in (built.outdir / "index.html").read_text("utf-8")
    assert "path-outside-book" in built.err


def test_a_file_that_is_included_far_down_a_page_is_refused_once(outside: Book) -> None:
    """The check knew the line, MyST the page alone: both told it."""
    outside.write({"index.md": "# A\n\n```{note}\nB.\n```\n\n```{include} ../secret.txt\n```\n"})
    assert len(outside.build().warnings) == 1


@pytest.mark.parametrize("page", ["zero", "part.txt"])
def test_a_page_that_includes_a_device_is_a_finding(outside: Book, page: str) -> None:
    """A link to /dev/zero that a page includes was read until no memory was left."""
    outside.write(
        {"part.txt": "```{include} zero\n```\n", "index.md": f"# A\n\n```{{include}} {page}\n```\n"}
    )
    built = outside.build()
    assert (built.status, built.err.count("[mmbook.path-outside-book]")) == (0, 1), built.err


def test_a_file_of_the_repository_beside_the_book_may_be_shown(book: Book) -> None:
    (book.folder.parent / ".git").mkdir()
    (book.folder.parent / "README.md").write_text("What it is.\n", "utf-8")
    index = "# A\n\n```{include} ../README.md\n```\n\n{download}`../README.md`\n"
    built = book.write({"index.md": index}).build("-W")
    assert built.status == 0, built.err
    assert "What it is." in built.soup("index").get_text()


@pytest.mark.parametrize("out", ["../elsewhere", "_build"])
def test_figures_of_notebooks_are_shown_wherever_the_book_is_built(book: Book, out: str) -> None:
    """Built into a folder outside of the repository, a book lost all that its code had drawn."""
    drawn = {"output_type": "display_data", "metadata": {}, "data": {"image/png": PNG}}
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "1"}
    title = {"cell_type": "markdown", "metadata": {}, "source": "# A"}
    notebook = {
        "cells": [title, {**cell, "outputs": [drawn]}], "nbformat": 4, "nbformat_minor": 4,
        "metadata": {"mystnb": {"execution_mode": "off"}, "kernelspec": {"name": "python3"}},
    }  # fmt: skip
    built = book.write({"index.ipynb": json.dumps(notebook)}).build("-W", out=out)
    assert built.status == 0, built.err
    assert len([*(built.outdir / "_images").glob("*.png")]) == 1


def test_a_pattern_of_many_stars_is_a_finding(book: Book) -> None:
    """Sphinx matched it for hours against a page with a long name of the same letters."""
    pattern = "*a" * 16 + "*b"
    book.write(
        {"index.md": f"# A\n\n```{{toctree}}\n:glob:\n{pattern}\n```\n", "a" * 150 + ".md": "# B\n"}
    )
    built = book.build()
    assert built.status == 0
    assert "has more than 6 stars" in built.err


@pytest.mark.parametrize(
    "option",
    [
        ":load: ../secret.py",
        ':"lo\\x61d": "\\x2e./secret.py"',
        "---\nload: ../secret.py\n---",
        ":load: link.py",
    ],
)
def test_a_code_cell_takes_its_code_from_no_file_outside_of_the_book(
    book: Book, option: str
) -> None:
    (book.folder.parent / "secret.py").write_text("password = 1\n")
    (book.folder / "link.py").symlink_to("../secret.py")
    head = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n# Book\n\n"
    book.write({"index.md": f"{head}```{{code-cell}}\n{option}\n```\n"})
    built = book.build("-D", "nb_execution_mode=off")
    assert built.status == 0
    assert "[mmbook.path-outside-book]" in built.err
    assert "password" not in (built.outdir / "index.html").read_text("utf-8")
    book.write({"index.md": f"{head}```{{code-cell}}\n:load: own.py\n```\n", "own.py": "own = 1\n"})
    built = book.build("-W", "-D", "nb_execution_mode=off")
    assert "own = 1" in built.soup("index").get_text(), built.err


def test_the_site_gets_no_file_by_a_link_in_its_static_folder(book: Book) -> None:
    """'_static/x' that linked to a private file was published, a link to '.' forty times."""
    (book.folder.parent / "secret.txt").write_text(SECRET)
    book.write(
        {"index.md": "# Book\n", "_static/own.css": "", "_static/fonts/a.css": "", "b.css": ""}
    )
    links = {"x": "../../secret.txt", "fonts/y": "../../../secret.txt", "up": "..", "loop": "."}
    for name, target in {**links, "b.css": "../b.css", "gone": "nowhere"}.items():
        (book.folder / "_static" / name).symlink_to(target)
    with (book.folder / "conf.py").open("a") as conf:
        conf.write("html_static_path = ['_static']\n")
    built = book.build()
    assert built.status == 0, built.err
    copied = built.outdir / "_static"
    there = {path.relative_to(copied).as_posix() for path in copied.rglob("*")}
    assert {"own.css", "b.css", "fonts/a.css"} <= there
    assert not there.intersection(links)
    assert all(f"/_static/{name}:1: WARNING: " in built.err for name in links)
    assert built.err.count("[mmbook.path-outside-book]") == 4
