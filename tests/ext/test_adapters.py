"""What other projects never promised is as we read it; each test says what broke if it is not."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Directive, Parser
from docutils.utils import new_document
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbformat.v4 import new_code_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from conftest import Book
from sphinx_mmbook.ext.adapters import bibtex, myst, myst_nb
from sphinx_mmbook.ext.adapters.sphinx import accept_any_encoding, forget_lists
from sphinx_mmbook.ext.adapters.vocabulary import described
from sphinx_mmbook.notebooks import upstream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTEBOOK = """\
---
file_format: mystnb
kernelspec: {name: python3}
---

# Chapter

```{code-cell}
1 + 1
```
"""


@contextmanager
def application(folder: Path, **settings: object) -> Iterator[Sphinx]:
    out = folder / "_build"
    with patch_docutils(), docutils_namespace():
        yield Sphinx(
            folder, None, out, out, "html", warning=io.StringIO(), status=None,
            confoverrides={"extensions": ["sphinx_mmbook"], "html_theme": "basic", **settings},
        )  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Sphinx]:
    (tmp_path / "index.md").write_text(NOTEBOOK, "utf-8")
    with application(tmp_path, nb_execution_mode="off") as made:
        made.build()
        yield made


def test_myst_nb_shows_a_cell_as_containers(app: Sphinx) -> None:
    tree = app.env.get_doctree("index")
    (cell,) = [node for node in tree.findall(nodes.container) if myst_nb.is_part(node, "code")]
    assert cell["cell_index"] == 1, "cells have lost their number: options go astray"
    source = myst_nb.part_of(cell, "code_source")
    assert source is not None, "the source has lost its container: options show on the page"
    assert source.astext() == "1 + 1"


def test_myst_nb_reads_a_page_with_our_reader(app: Sphinx) -> None:
    assert myst_nb.is_markdown_notebook(NOTEBOOK), "pages are not notebooks any more"
    page = myst_nb.read_notebook(app.env, "index", NOTEBOOK)
    assert page is not None and [c.cell_type for c in page.notebook.cells] == ["markdown", "code"]
    assert page.starts()[1][1] == 9, (
        "MyST-NB counts lines in another way: findings name wrong lines"
    )


def test_myst_nb_tells_where_its_cache_is(app: Sphinx, tmp_path: Path) -> None:
    assert myst_nb.cache_folder(app.env) == tmp_path / ".jupyter_cache", "runs are not found again"


def test_myst_nb_counts_lines_of_notebooks_by_cells() -> None:
    assert myst_nb.cell_and_line(20_004) == (2, 3)


def test_lines_of_settings_are_printed_only_if_asked_for(book: Book) -> None:
    book.write({"index.md": "# Book\n"})
    assert "ParserConfig(" in book.build("-v").out
    assert "ParserConfig(" not in book.build().out


def test_myst_parses_a_line_into_a_page_that_exists(app: Sphinx) -> None:
    settings = get_default_settings(Parser)
    settings.env = app.env
    tree, holder = new_document("index", settings), nodes.inline()
    myst.parse_line(app.env, tree, "Some *stress*.", 1, holder)
    assert [type(node) for node in holder] == [nodes.Text, nodes.emphasis, nodes.Text], (
        "captions of cells lose their markup"
    )


def test_bibtex_has_the_classes_that_we_extend() -> None:
    assert bibtex.CiteDomain.name == "cite" and bibtex.FootnoteDomain.name == "footcite"
    assert "p" in bibtex.FootnoteDomain.roles, "{footcite:p} is not noted any more"
    assert "filter" in bibtex.BIBLIOGRAPHY_OPTIONS, "options of {bibliography} become errors"


def test_sphinx_reads_pages_by_the_encoding_in_its_settings(app: Sphinx, tmp_path: Path) -> None:
    accept_any_encoding(app.env)
    (tmp_path / "latin.md").write_bytes(b"# Caf\xe9\n")
    with application(tmp_path) as second:
        second.build()
        assert "latin" in second.env.found_docs, "a page that is not UTF-8 ends the build again"
        assert "page-encoding" in second._warning.getvalue()  # type: ignore[attr-defined]


def test_sphinx_has_the_table_of_lists_to_forget(app: Sphinx) -> None:
    app.env.files_to_rebuild["a"] = {"b"}
    forget_lists(app.env)
    assert app.env.files_to_rebuild == {}


def test_jupyter_cache_keeps_an_executed_notebook_where_we_look(tmp_path: Path) -> None:
    cache = get_cache(tmp_path)
    notebook = new_notebook(cells=[new_code_cell("1 + 1")])
    notebook.metadata["kernelspec"] = {"name": "python3"}
    record = cache.cache_notebook_bundle(CacheBundleIn(notebook, "a.ipynb"), check_validity=False)
    assert upstream.file_of(cache, record).is_file(), "no run counts as whole: all run again"
    upstream.remove_record(cache, record)
    assert cache.list_cache_records() == []


def test_what_a_function_of_an_option_takes_is_tried_once_and_also_if_it_has_no_hash() -> None:
    asked: list[str | None] = []

    class Reader:
        __hash__ = None  # type: ignore[assignment]

        def __call__(self, text: str | None) -> None:
            asked.append(text)

    def read(text: str | None) -> None:
        asked.append(text)

    directive = type("Kept", (Directive,), {"option_spec": {"a": read}})
    assert described(directive)["options"] == {"a": "any"}
    often = len(asked)
    assert described(directive)["options"] == {"a": "any"}
    assert len(asked) == often
    directive.option_spec = {"a": Reader()}
    assert described(directive)["options"] == {"a": "any"}
