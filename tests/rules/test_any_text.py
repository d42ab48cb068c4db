"""No text, however strange or long, brings the checker down or holds it up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from patience import patience
from sphinx_mmbook.core.book.book import Book, BookFile, load_book
from sphinx_mmbook.core.book.settings import settings_from
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.finding import BookError
from sphinx_mmbook.core.pages.page import Page
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import one_line_end, source_from

#: Pieces that mean something to a rule; arbitrary letters hardly ever do.
PIECES = st.sampled_from(
    """# ## ###Data ####\t $ $$ $5 \\$ [ ]( ] ) ![ ![]( <b> <eos> </b> <!-- --> <!--mmbook:ignore
    `{ref}` {numref}`a` {eq}`a` {doc}`a` {download}`a.csv` {cite:p}`a` {numref}`%s<a>` [^1] [^1]:
    (a)= (b)= [](#a) [](a.md#b) [](C:/a) [@a] @ref(fig:a) \\@ref(a) \\textbf{a} \\ref{a} \\begin{align}
    \\label{a} \\end{align} Figure Section 2.1 Chapter 3 Table ?? TODO Lorem ipsum insert text here
    • (1) -a 1. - > | |---| ``` ```{figure} ::: :::{note} ```{code-cell} ```{toctree} ```{raw}
    :name: :alt: :glob: html latex a.png A.PNG https://example.org/a.png <<<<<<< ======= >>>>>>> --- +++
    &amp; \\ \\\\ ä \u00a0 \ufeff \x00 \u2028 Source: from {#a}""".split()  # noqa: SIM905 -- a list of a hundred quotes cannot be read
)
GAPS = st.sampled_from(["", " ", "\n", "\n\n", "\n  ", "\u00a0"])
TEXTS = st.lists(st.tuples(PIECES | st.text(max_size=8), GAPS), max_size=40).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "title",
        "authors",
        "author",
        "supervisors",
        "status",
        "abstract",
        "keywords",
        "orphan",
        "label",
    ]
)


def book_of(pages: dict[str, str], conf: dict[str, object]) -> Book:
    """Return a book that is on no disk."""
    scanned: dict[str, Page] = {}
    for path, text in pages.items():
        try:
            scanned[path.rpartition(".")[0]] = scan(source_from(path, one_line_end(text)))
        except BookError:
            continue
    files = {path: BookFile(path, len(text)) for path, text in {**pages, "a.png": "x"}.items()}
    return Book(Path("no-such-folder"), settings_from(conf), files, scanned)


def check(pages: dict[str, str], conf: dict[str, object] | None = None) -> None:
    for finding in judge(book_of(pages, conf or {})):
        assert finding.message
        assert finding.location.line >= 0
        assert finding.location.column >= 0


@given(TEXTS, TEXTS)
@example("```{toctree}\n:numbered: 99999999999999999999\n\n../..\n/\na\n```", "# A")
@example("Figure {numref}`a`", "(a)=")
@example("[](%)\n[](//)\n[](\\\\)\n![](%00)", "")
@settings(max_examples=150)
def test_any_text_can_be_judged(index: str, other: str) -> None:
    check({"index.md": index, "a.md": other})


@given(st.dictionaries(NAMES, JSON), TEXTS)
@settings(max_examples=80)
def test_any_front_matter_can_be_judged(front: dict[str, object], text: str) -> None:
    check({"index.md": f"---\n{json.dumps(front)}\n---\n{text}"})


@given(JSON, JSON, TEXTS)
@settings(max_examples=80)
def test_any_notebook_can_be_judged(metadata: object, source: object, text: str) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": metadata, "source": source},
        {"cell_type": "code", "metadata": metadata, "source": text, "outputs": metadata},
        {"cell_type": "markdown", "source": text},
    ]
    check({"index.ipynb": json.dumps({"cells": cells, "metadata": metadata})})


@given(st.dictionaries(st.sampled_from(
    ["exclude_patterns", "root_doc", "mmbook_rules", "intersphinx_mapping", "language",
     "myst_heading_anchors", "myst_title_to_header", "nb_execution_mode", "html_logo"]), JSON))  # fmt: skip
@settings(max_examples=60)
def test_any_conf_can_be_judged(conf: dict[str, object]) -> None:
    check({"index.md": "# A\n\n{ref}`b` ![](b.png)", "b.md": "# B"}, conf)


#: As much as a page may have, of what once took time that grows with the square.
DENSE = [
    "&lt;\n", "&lt;a\n", "\x00\n", "\\@ref(", "[^", "[^a", "{cite:p}`a`", "{cite:p}`a`\n", "`a` ", "$a$ ",
    "[a](ä)\n", "![ä](ä)\n", '<img src="a">\n', "[a]{#ä}\n", "{a}`ä` ",
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("piece", DENSE)
def test_a_page_as_dense_as_may_be_takes_seconds(piece: str) -> None:
    with patience(40):
        check({"index.md": piece * (490_000 // len(piece))})
        check({"index.md": piece * (90_000 // len(piece))})


def test_many_cells_take_seconds() -> None:
    cells = [{"cell_type": "code", "metadata": {}, "source": "a"}] * 10_000
    with patience():
        check({"index.ipynb": json.dumps({"cells": cells, "metadata": {}})})


LONG = [
    "[", "]", "![", "](", "[a](", "[^a]", "$", "$$\n", "a$ ", "(", ")", "{", "}", "*", "_", "*a_ ", "`",
    "<", ">", "<a ", "<!--", "&", "\\", "\\begin{align}\n", "#", "# a\n\n", "- a\n", "> ", "|", "|a|b|\n",
    "\n", " ", "\t", "a", "a\n", "(a)=\n", "```\n", ":::{note}\n", "::::{note}\n", "{a}`", "Figure 2 ",
    "insert ", "TODO ", "• a\n", "<<<<<<< a\n", "ä", "\x00", "---\n", "\\textbf{a} ", "@a ", "\\ref{b} ",
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("piece", LONG)
def test_five_megabytes_of_anything_take_seconds(piece: str) -> None:
    with patience():
        check({"index.md": (piece * (5_000_000 // len(piece)))})


@pytest.mark.long
@pytest.mark.parametrize("piece", LONG)
def test_time_grows_with_the_text(piece: str) -> None:
    check({"index.md": piece * (1000 // len(piece))})  # what is made once is made now
    with patience(10):
        check({"index.md": piece * (80_000 // len(piece))})


def test_a_file_of_any_bytes_can_be_judged(tmp_path: Path) -> None:
    for name in ("index.md", "a.ipynb", "people/ann.yml", "references.bib", "code/a.py", "conf.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(bytes(range(256)) * 4)
    assert judge(load_book(tmp_path))
