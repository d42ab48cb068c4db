"""A read-me file is not a page, unless a toctree names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.book.read_me import read_mes
from sphinx_mmbook.core.checking.judge import judge


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


READ_MES = {"README.md": "# Read me\n", "a/README.md": "# A\n", "b/README.md": "# B\n"}


@pytest.mark.parametrize(
    ("toctree", "pages"),
    [
        ("```{toctree}\nx\n```\n", set()),
        ("```{toctree}\nREADME\na/README.md\n```\n", {"README", "a/README"}),
        ("```{toctree}\nThe first <README>\n/b/README\n```\n", {"README", "b/README"}),
        ("README\n", set()),
    ],
)
def test_a_read_me_that_a_toctree_names_is_a_page(
    toctree: str, pages: set[str], tmp_path: Path
) -> None:
    write(tmp_path, {**READ_MES, "index.md": "# Book\n\n" + toctree, "x.md": "# X\n"})
    book = load_book(tmp_path)
    assert set(book.pages) - {"index", "x"} == pages
    if "b/README" in pages:
        assert book.tree.order == ("index", "README", "b/README")


def test_a_read_me_in_the_contents_of_a_jupyter_book_is_a_page(tmp_path: Path) -> None:
    toc = "format: jb-book\nroot: README\nchapters:\n- file: a/README\n"
    write(
        tmp_path,
        {
            **READ_MES,
            "_toc.yml": toc,
            "conf.py": "extensions = ['sphinx_mmbook', 'sphinx_external_toc']\n",
        },
    )
    book = load_book(tmp_path)
    assert set(book.pages) == {"README", "a/README"}
    assert [f.rule for f in judge(book) if f.level != "info"] == []


def test_a_read_me_that_comes_and_goes_changes_no_setting_so_that_no_page_is_read_again(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"index.md": "# Book\n\n```{toctree}\nx\n```\n", "x.md": "# X\n"})
    before = read_mes(tmp_path)
    write(tmp_path, READ_MES)
    assert read_mes(tmp_path) == before == ("README.md", "**/README.md")
    (tmp_path / "index.md").write_text("# Book\n\n```{toctree}\na/README\n```\n")
    assert read_mes(tmp_path) == ("README.md", "b/README.md")
