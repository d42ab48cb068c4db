"""Pages that must not be read, and pictures that are none: a finding each, and the book is built."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from sphinx_mmbook.core.book.book import load_book

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Book, Built

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links, pipes and devices of Unix")

INDEX = "# Book\n\n```{toctree}\n:glob:\n*\nparts/*\n```\n"
PICTURES = (
    "# Pictures\n\nA ![x](figures/) here.\n\n![]()\n\n"
    "```{figure} figures\n:name: fig-x\n\nCaption\n```\n"
)


def odd_notebook(metadata: str) -> str:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Notebook"},
        {
            "cell_type": "code", "metadata": {}, "source": "print(6 * 7)", "outputs": [],
            "execution_count": None,
        },
    ]  # fmt: skip
    kernel = '{"name": "python3", "display_name": "Python", "language": "python"}'
    return (
        f'{{"cells": {json.dumps(cells)}, "metadata": {{"kernelspec": {kernel}, {metadata}}}, '
        '"nbformat": 4, "nbformat_minor": 4}'
    )


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Book:
    from conftest import Book

    folder = tmp_path_factory.mktemp("odd")
    (folder / "secret.md").write_text("# Secret\n", "utf-8")
    book = Book(folder / "book").write(
        {
            "index.md": INDEX,
            "good.md": "# Good\n\nAll of it.\n",
            "pictures.md": PICTURES,
            "figures/a.txt": "x",
            "parts/page.md": "# Inner page\n",
            "timeout.ipynb": odd_notebook('"execution": {"timeout": 1e999}'),
        }
    )
    (book.folder / "parts" / "again").symlink_to(".")
    (book.folder / "parts" / "figures").symlink_to("../figures")
    (book.folder / "outside.md").symlink_to(folder / "secret.md")
    (book.folder / "zero.md").symlink_to("/dev/zero")
    os.mkfifo(book.folder / "pipe.md")
    return book


@pytest.fixture(scope="module")
def site(odd: Book) -> Built:
    built = odd.build()
    assert built.status == 0, built.err
    assert "Traceback" not in built.err
    return built


def findings(built: Built) -> set[tuple[str, str]]:
    pattern = r"/book/([^:]+):\d+: WARNING: .*\[mmbook\.([\w-]+)\]"
    return {(m[1], m[2]) for line in built.warnings if (m := re.search(pattern, line))}


@pytest.mark.parametrize("page", ["zero.md", "pipe.md", "outside.md", "parts/again"])
def test_a_page_that_is_a_link_to_a_device_or_out_of_the_book_or_in_a_circle(
    site: Built, page: str
) -> None:
    assert (page, "page-unreadable") in findings(site)
    pages = {path.relative_to(site.outdir).as_posix() for path in site.outdir.rglob("*.html")}
    made = {"index", "good", "pictures", "parts/page", "timeout", "search", "genindex"}
    assert pages == {f"{name}.html" for name in made}


def test_check_and_build_tell_the_same_of_pages_that_must_not_be_read(
    odd: Book, site: Built
) -> None:
    told = {f.location.path for f in load_book(odd.folder).findings if f.rule == "page-unreadable"}
    assert told == {path for path, rule in findings(site) if rule == "page-unreadable"}


@pytest.mark.parametrize("builder", ["html", "latex", "epub"])
def test_a_folder_as_image_and_an_image_without_a_file(odd: Book, builder: str) -> None:
    built = odd.build("-E", builder=builder)
    assert built.status == 0 and "Traceback" not in built.err
    lines = re.findall(
        r"pictures\.md:(\d+):\d+: WARNING: .* (?:is a folder|names no file).*image-missing",
        built.err,
    )
    assert sorted(map(int, lines)) == [3, 5, 7]


def test_a_timeout_of_1e999_is_no_limit_of_ours(site: Built) -> None:
    assert "42" in site.soup("timeout").get_text()


@pytest.mark.skipif(sys.platform == "darwin", reason="its disks refuse such names")
def test_a_page_whose_file_name_is_not_utf8(book: Book) -> None:
    book.write({"index.md": "# Book\n", "good.md": "---\norphan: true\n---\n# Good\n"})
    with open(os.fsencode(book.folder) + b"/caf\xe9.md", "w") as file:  # noqa: PTH123
        file.write("# Coffee\n")
    built = book.build()
    assert built.status == 0 and "Traceback" not in built.err
    assert findings(built) == {("caf\\xe9.md", "page-unreadable")}
    assert built.soup("good").h1 is not None


@pytest.mark.parametrize("name", ["100%41?x", "/".join(["d" * 200] * 8)])
def test_a_path_with_percent_signs_or_of_1600_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The database lay in a folder of another name, beside the book, or could not be opened."""
    from conftest import Book

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    around = tmp_path / "around"
    book = Book(around / name / "book").write({"index.ipynb": odd_notebook('"x": 1')})
    built = book.build("-W")
    assert built.warnings == [] and "42" in built.soup("index").get_text()
    assert [path.name for path in around.iterdir()] == [name.split("/")[0]]
    again = book.build("-W", "-E")
    assert again.status == 0 and "running index" not in again.out
