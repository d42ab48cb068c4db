"""A whole site is the same to the byte with the speed-ups and without, serial and parallel."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import Book

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.long

HERE = Path(__file__).parents[3]
OFF = ("-D", "mmbook_speedups=0")


def write_showcase(folder: Path) -> None:
    """Copy the showcase; its notebooks are not executed here."""
    shutil.copytree(HERE / "book", folder, ignore=shutil.ignore_patterns("_build"))


def write_synthetic(folder: Path) -> None:
    """Write the book that benchmarks build, smaller, each picture under a name of its own.

    Sphinx tells pictures of one name apart by the order in which their pages were read, which is
    another one in parallel.
    """
    spec = importlib.util.spec_from_file_location("synthetic", HERE / "benchmarks/synthetic.py")
    assert spec and spec.loader
    synthetic = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(synthetic)
    synthetic.write_book(folder, 14, 3, size=6_000)
    for page in folder.glob("chapters/*/index.md"):
        page.write_text(
            page.read_text("utf-8").replace("/image-", f"/{page.parent.name}-"), "utf-8"
        )
        for picture in page.parent.glob("figures/*.png"):
            picture.rename(picture.with_name(picture.name.replace("image", page.parent.name)))
    conf = 'project = "A book"\nextensions = ["sphinx_mmbook"]\nhtml_theme = "sphinx_book_theme"\n'
    (folder / "conf.py").write_text(conf, "utf-8")


def site(book: Book, *options: str) -> dict[str, str]:
    """Build without execution; return a digest of each file of the site."""
    out = "_build/out" + "-".join(("", *options)).replace("=", "").replace(" ", "")
    built = book.build("-D", "nb_execution_mode=off", *options, out=out, process=True)
    assert built.status == 0, built.err
    return {
        path.relative_to(built.outdir).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(built.outdir.rglob("*"))
        # Sphinx's record of a build has a digest of the settings, and so of the one that differs.
        if path.is_file() and path.name != ".buildinfo"
    }


@pytest.mark.parametrize("write", [write_showcase, write_synthetic])
def test_every_file_of_a_site_is_the_same_with_and_without(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    write(tmp_path / "book")
    book = Book(tmp_path / "book")
    plain = site(book, *OFF)
    assert "searchindex.js" in plain
    assert len([name for name in plain if name.endswith(".html")]) > 10
    assert site(book) == plain
    assert site(book, "-j", "2") == plain
    assert site(book, "-j", "2", *OFF) == plain
