"""Messages name the line at which the author finds the fault, in notebooks of both kinds too."""

from __future__ import annotations

import json
import re

from conftest import Book

HEAD = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python}
---
"""
FAULTS = """\
# Title

![first](bad.png)

{stored}`results/gone.csv#a,b`
"""
#: The second cell of text begins behind blank lines, which MyST-NB leaves out and counts.
MORE = """\
Text.

![second](bad.png)

```{stored-table} results/gone.csv
```
"""
INDEX = "# Book\n\n```{toctree}\npage\n```\n"


def places(book: Book, files: dict[str, str | bytes]) -> list[tuple[str, str]]:
    """Return what the build says, as ``PLACE RULE`` in the order of places."""
    book.write({"index.md": INDEX, "bad.png": "no picture", **files})
    found = []
    for warning in book.build().warnings:
        match = re.match(
            r".*/(page[^ :]*(?::\d+)?)(?::\d+)?: WARNING: ((?:cell \d+, line \d+)?).*\[mmbook\.(.*)\]",
            warning,
        )
        assert match, warning
        found.append((match[2] or match[1], match[3]))
    return sorted(found)


def test_lines_of_a_text_notebook(book: Book) -> None:
    for blanks in (0, 1, 3):
        text = HEAD + FAULTS + "\n```{code-cell} python\n1 + 1\n```\n" + "\n" * blanks + MORE
        lines = text.split("\n")
        expected = [
            (f"page.md:{number}", "image-broken" if "bad.png" in line else "result-missing")
            for number, line in enumerate(lines, 1)
            if "bad.png" in line or "gone.csv" in line
        ]
        assert places(book, {"page.md": text}) == sorted(expected)


def test_lines_of_cells(book: Book) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": FAULTS},
        {
            "cell_type": "code",
            "metadata": {},
            "source": "1",
            "outputs": [],
            "execution_count": None,
        },
        {"cell_type": "markdown", "metadata": {}, "source": "\n\n" + MORE},
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}
    assert places(book, {"page.ipynb": json.dumps(notebook)}) == [
        ("cell 1, line 3", "image-broken"),
        ("cell 1, line 5", "result-missing"),
        ("cell 3, line 5", "image-broken"),
        ("cell 3, line 7", "result-missing"),
    ]


def test_lines_of_a_page_that_is_no_notebook_and_of_what_it_includes(book: Book) -> None:
    page = FAULTS + "\n```{include} _more.txt\n```\n"
    book.write({"_more.txt": "Text.\n\n{stored}`results/gone.csv#a,b`\n"})
    book.write({"index.md": INDEX, "bad.png": "no picture", "page.md": page})
    said = [line.split(": WARNING")[0].rpartition("/")[2] for line in book.build().warnings]
    assert sorted(said) == ["_more.txt:3:10", "page.md:3:10", "page.md:5:10"]


def test_a_fault_in_a_file_beside_the_book_is_told_once(book: Book) -> None:
    """'.. include:: ../../HISTORY.md' had each warning twice: at 'docs/../HISTORY.md', and where it is."""
    (book.folder.parent / ".git").mkdir()
    (book.folder.parent / "HISTORY.md").write_text("one\ntwo\n    three\nfour\n")
    book.write({"index.rst": "Book\n====\n\n.. include:: ../HISTORY.md\n"})
    (book.folder / "index.md").unlink(missing_ok=True)
    said = [line.split(": WARNING")[0] for line in book.build().warnings]
    assert said == [f"{book.folder.parent / 'HISTORY.md'}:{line}" for line in (3, 4)]
