"""``mmbook pdf``: faults at their lines, chapters with the book's numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Book
from sphinx_mmbook.cli.pdf import run_latex

pytestmark = pytest.mark.long

INDEX = "# Book\n\n```{toctree}\n:numbered:\nchapters/one/index\nchapters/two/index\n```\n"
TWO = """\
# Second

See {numref}`tab-two`. Words of the second chapter.

```{table} A table
:name: tab-two

| a |
| - |
| 1 |
```
"""


def mmbook(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx_mmbook.cli", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)


def two_chapters(book: Book, one: str = "Words of the first.") -> Book:
    chapters = {"chapters/one/index.md": f"# First\n\n{one}\n", "chapters/two/index.md": TWO}
    return book.write({"index.md": INDEX, **chapters})


def pdf_text(file: Path) -> str:
    command = ["pdftotext", "-layout", str(file), "-"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


@pytest.mark.parametrize(
    "named", ["book/chapters/two", "book/chapters/two/index.md", "chapters/two"]
)
def test_a_chapter_has_the_book_s_numbers(book: Book, named: str) -> None:
    two_chapters(book)
    run = mmbook("pdf", named, "-q", cwd=book.folder.parent)
    assert run.returncode == 0, run.stderr
    text = pdf_text(book.folder / "_build" / "latex" / "chapters" / "two.pdf")
    assert "Chapter 2" in text
    assert text.count("Table 2.1") == 2
    assert "Words of the second" in text
    assert "Words of the first" not in text


def test_a_conf_that_wants_pdflatex_gets_a_pdf_of_it(book: Book) -> None:
    two_chapters(book, "Größe \u200b`a.long.name` and $\\alpha$.\n\n- [x] done\n\nA ☃.")
    book.change("conf.py", "project =", 'latex_engine = "pdflatex"\nproject =')
    run = mmbook("pdf", "-q", "--lenient", cwd=book.folder)
    assert (run.returncode, "☃" in run.stderr) == (0, True), run.stderr
    latex = book.folder / "_build" / "latex"
    assert (latex / "testbook.log").read_text("utf-8", "replace").startswith("This is pdfTeX")
    text = pdf_text(latex / "testbook.pdf")
    assert "Größe a.long.name" in text and "Words of the second" in text


def test_a_conf_that_wants_lualatex_is_set_by_it(book: Book) -> None:
    """XeLaTeX ran in its place; whether LuaLaTeX has what Sphinx needs is for the log to say."""
    two_chapters(book)
    book.change("conf.py", "project =", 'latex_engine = "lualatex"\nproject =')
    mmbook("pdf", "-q", cwd=book.folder)
    log = book.folder / "_build" / "latex" / "testbook.log"
    assert log.read_text("utf-8", "replace").startswith("This is LuaHBTeX")


def test_what_is_no_chapter_is_said(book: Book) -> None:
    two_chapters(book)
    run = mmbook("pdf", "chapters/three", cwd=book.folder)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "there is no chapter 'chapters/three'; did you mean 'chapters/two'?" in run.stderr


def for_the_site_alone(book: Book) -> None:
    """Define a command for MathJax, which LaTeX does not know."""
    macros = 'mathjax4_config = {"tex": {"macros": {"foo": r"\\mathrm{f}"}}}\n'
    book.write({"conf.py": f"{book.text('conf.py')}\n{macros}"})


def test_faults_of_latex_are_at_their_line(book: Book) -> None:
    two_chapters(book, "First line\nand $\\foo$ in the second.")
    for_the_site_alone(book)
    run = mmbook("pdf", "-q", cwd=book.folder)
    assert run.returncode == 1
    assert "chapters/one/index.md:4: error: undefined command \\foo" in run.stderr
    assert "Traceback" not in run.stderr


def test_what_is_too_wide_is_at_its_line(book: Book) -> None:
    wide = "x" * 40
    two_chapters(book, f"Words.\n\n$$\n{' + '.join([wide] * 4)}\n$$")
    run = mmbook("pdf", "-q", cwd=book.folder)
    assert run.returncode == 0
    assert "chapters/one/index.md:5: warning: this is " in run.stderr
    assert "pt too wide for the page of the PDF" in run.stderr


def test_one_fault_leaves_the_others_a_pdf_and_its_place_is_first(book: Book) -> None:
    one = "(eq-a)=\n$$\na = \\foo\n$$\n\nSee {eq}`eq-a`, {numref}`tab-two`; $\\frac{1}{2$.\n\n$$b$$ (eq-b)"
    two_chapters(book, one)
    for_the_site_alone(book)
    run = mmbook("pdf", "-q", "--lenient", cwd=book.folder)
    assert run.returncode == 0, run.stderr
    told = [line.partition("chapters/")[2] for line in run.stderr.splitlines() if line]
    assert re.match(r"one/index\.md:8(?::\d+)?: WARNING: '\{' in this formula has no", told[0])
    assert told[1].startswith("one/index.md:4: error: undefined command \\foo")
    assert len(told) == 2, "no reference is called undefined"
    text = pdf_text(book.folder / "_build" / "latex" / "testbook.pdf")
    assert "this cannot be set" in text and r"\frac{1}{2" in text
    assert "See (1.1), Table 2.1" in text and "(1.2)" in text
    assert "Words of the second chapter" in text


def test_half_a_pdf_as_a_full_disk_leaves_it_is_no_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, pdf = tmp_path / "book.tex", tmp_path / "book.pdf"
    source.write_text("A")
    (tmp_path / "latexmkrc").write_text("")
    done = subprocess.CompletedProcess([], 0, stdout="Output written.", stderr="")
    monkeypatch.setattr("sphinx_mmbook.cli.pdf.run_to_end", lambda *_, **__: done)
    pdf.write_bytes(b"%PDF-1.5\n" + bytes(5000))
    (found,) = run_latex(source)
    assert "is the disk full?" in found.message
    pdf.write_bytes(b"%PDF-1.5\n" + bytes(5000) + b"%%EOF\n")
    assert run_latex(source) == []
