"""The wheel, not the tree: installed elsewhere, it builds a book outside of the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import Book

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the tree."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (file,) = out.glob("*.whl")
    return file


def test_the_wheel_has_all_files_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("sphinx_mmbook/")}
    tracked = subprocess.run(
        ["git", "ls-files", "sphinx_mmbook"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert packed >= set(tracked.stdout.split())


def test_the_wheel_builds_a_book(wheel: Path, book: Book, tmp_path: Path) -> None:
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*command, str(target), str(wheel)], check=True)
    book.write(
        {
            "people/ann.yml": "name: Ann\n",
            "index.md": "# Book\n\n```{toctree}\n:numbered:\na/index\n```\n",
            "a/references.bib": "@book{a, author={Ann, A}, title={T}, year=2020, publisher={P}}",
            "a/index.md": "---\ntitle: One\nauthors: [ann]\n---\n\n{cite:t}`a` and $a$.\n",
        }
    )
    environment = {**os.environ, "PYTHONPATH": str(target), "PYTHONSAFEPATH": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "sphinx_mmbook.cli", "build", str(book.folder), "--jobs", "1"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    page = (book.folder / "_build/html/a/index.html").read_text("utf-8")
    assert "Author" in page
    assert (book.folder / "_build/html/_static/mathjax/tex-chtml-nofont.js").is_file()
    where = [sys.executable, "-c", "import sphinx_mmbook; print(sphinx_mmbook.__file__)"]
    used = subprocess.run(
        where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert used.stdout.startswith(str(target))


def test_a_new_book_of_the_wheel_builds_and_passes_its_tests(wheel: Path, tmp_path: Path) -> None:
    """Sets up the book's own environment, with the versions that it has locked."""
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*command, str(target), str(wheel)], check=True)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    new = [sys.executable, "-m", "sphinx_mmbook.cli", "new"]
    for words in (
        ["book", "b", "--yes", "--package", str(wheel)],
        ["chapter", "one", "--title", "One", "--author", "Ann Example", "--book", "b/book"],
        [
            "chapter",
            "two",
            "--title",
            "Two",
            "--author",
            "ann-example",
            "--book",
            "b/book",
            "--notebook",
        ],
    ):
        subprocess.run(
            [*new, *words], cwd=tmp_path, env={**environment, "PYTHONPATH": str(target)}, check=True
        )
    for make in ("html", "test"):
        run = subprocess.run(
            ["make", make, f"PYTHON={sys.executable}"],
            cwd=tmp_path / "b", env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
    assert "no findings" in run.stdout
    assert (tmp_path / "b/book/_build/html/chapters/two/index.html").is_file()
