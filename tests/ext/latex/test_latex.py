"""What would break a PDF: pictures, characters, wide tables, long code, hostile captions."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Book

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40"/></svg>'


def picture(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, (200, 80, 20)).save(data, kind)
    return data.getvalue()


def one_chapter(book: Book, text: str, **files: bytes) -> Book:
    """A book of one numbered chapter."""
    index = "# Book\n\n```{toctree}\n:caption: Part 100 % & _more_\n:numbered:\nchapter\n```\n"
    named = {name.replace("__", "."): data for name, data in files.items()}
    return book.write({"index.md": index, "chapter.md": f"# Chapter\n\n{text}", **named})


def pdf_text(folder: Path) -> str:
    """Compile, check LaTeX's log, and return the PDF's text."""
    for program, package in (("latexmk", "latexmk texlive-xetex"), ("pdftotext", "poppler-utils")):
        if shutil.which(program) is None:
            pytest.fail(f"missing program: apt-get install {package}")
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "testbook.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = (folder / "testbook.log").read_text("utf-8", "replace")
    assert run.returncode == 0, log[-3000:]
    for fault in ("undefined", "Missing character", "Overfull"):
        assert fault not in log, log[log.index(fault) - 300 : log.index(fault) + 300]
    command = ["pdftotext", "-layout", str(folder / "testbook.pdf"), "-"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def figures(*names: str) -> str:
    return "\n".join(f"```{{figure}} {name}\n\nThis is {name}\n```\n" for name in names)


@pytest.mark.long
def test_a_picture_of_each_format_is_in_the_pdf(book: Book) -> None:
    kinds = {"a__png": "PNG", "b__jpg": "JPEG", "c__gif": "GIF", "d__webp": "WEBP", "e__pdf": "PDF"}
    data = {name: picture(kind) for name, kind in kinds.items()} | {"f__svg": DRAWING}
    data |= {"liar__png": picture("JPEG"), "large__png": picture("PNG", (4000, 3000))}
    text = figures(*(name.replace("__", ".") for name in data))
    built = one_chapter(book, text, **data).build(builder="latex")
    (liar,) = built.warnings
    assert "'liar.png' is not a png" in liar
    shown = pdf_text(built.outdir)
    listed = subprocess.run(
        ["pdfimages", "-list", built.outdir / "testbook.pdf"],
        capture_output=True, encoding="utf-8", check=True,
    ).stdout.splitlines()[2:]  # fmt: skip
    listed = [line for line in listed if line.split()[2] == "image"]  # not their masks
    assert len(listed) == 7, "the drawing has no pixels"
    assert max(int(line.split()[3]) for line in listed) == 2400
    for name in data:
        assert f"This is {name.replace('__', '.')}" in shown
    for builder in ("html", "epub"):
        assert one_chapter(book, text, **data).build(builder=builder).warnings == [liar]


def test_second_build_converts_nothing(book: Book) -> None:
    one_chapter(book, figures("a.gif", "b.svg"), a__gif=picture("GIF"), b__svg=DRAWING)
    cache = book.build("-W", builder="latex").outdir.parent / "doctrees" / "mmbook-images"
    before = {path: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert len(before) == 2
    book.build("-W", builder="latex")
    assert {path: path.stat().st_mtime_ns for path in cache.iterdir()} == before


@pytest.mark.long
def test_broken_pictures_are_findings_and_the_pdf_is_made(book: Book) -> None:
    active = DRAWING.replace(b"<rect", b"<script>x()</script><rect")
    text = figures("a.png", "b.svg") + "\n![far](https://example.org/far.png)\n"
    built = one_chapter(book, text, a__png=b"broken", b__svg=active).build(builder="latex")
    assert len(built.warnings) == 2, built.err
    assert re.search(r"chapter\.md:3:\d+: WARNING: image 'a\.png' is not a png", built.err)
    assert "chapter.md:8: WARNING: picture 'b.svg' contains '<script'" in built.err
    assert "is on another host; save it" in built.out
    assert "This is a.png" in pdf_text(built.outdir)


def test_remote_pictures_are_links_on_the_site(book: Book) -> None:
    built = one_chapter(book, "![far](https://example.org/far.png)\n").build("-W")
    assert (built.status, built.warnings) == (0, [])
    assert "[mmbook.image-remote]" in built.out
    page = built.soup("chapter").find(class_="body")
    assert page.find("img") is None
    assert page.find("a", href="https://example.org/far.png").get_text() == "far"


@pytest.mark.long
def test_characters_of_the_book_s_fonts_are_in_the_pdf(book: Book) -> None:
    text = "β σ ≥ é ß ü → “x” `code β ≥ → λ`\n\n```python\nx = 'β ≥ ü'  # → é\n```\n\n$β ≥ 1$\n"
    built = one_chapter(book, text).build("-W", builder="latex")
    shown = pdf_text(built.outdir)
    for character in "βσ≥éßü→λ“":
        assert character in shown, character


@pytest.mark.long
def test_a_character_that_no_font_has_is_one_finding(book: Book) -> None:
    # A private character; no font should have it.
    built = one_chapter(book, "First.\n\nHere: \U0010fff0 and \U0010fff1.\n").build(builder="latex")
    assert len(built.warnings) == 1, built.err
    assert "chapter.md:5: WARNING: no installed font has" in built.err
    assert "U+10FFF0" in built.err and "[mmbook.glyph-missing]" in built.err
    pdf_text(built.outdir)


@pytest.mark.long
def test_long_code_and_addresses_stay_on_the_page(book: Book) -> None:
    long = "a_name_without_any_blank_" * 8
    text = f"`{long}`\n\n```python\n{long * 2}\n```\n\n<https://example.org/{long.replace('_', '/')}>\n"
    pdf_text(one_chapter(book, text).build("-W", builder="latex").outdir)


def table(columns: int) -> str:
    rows = [[f"c{i}" for i in range(columns)], ["---"] * columns, ["12.345"] * columns]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


@pytest.mark.long
@pytest.mark.parametrize("columns", [12, 16])
def test_wide_tables_fit_on_the_page(book: Book, columns: int) -> None:
    built = one_chapter(book, table(columns)).build("-W", builder="latex")
    assert pdf_text(built.outdir).count("12.345") == columns


def test_a_table_that_cannot_fit_is_a_finding(book: Book) -> None:
    built = one_chapter(book, table(40)).build(builder="latex")
    assert "chapter.md:3: WARNING: table with 40 columns is too wide" in built.err
    assert len(built.warnings) == 1


@pytest.mark.long
def test_environment_in_dollars_does_not_end_the_run(book: Book) -> None:
    text = "$$\n\\begin{align}\na &= b \\\\\n&= c\n\\end{align}\n$$\n\n$$a \\tag{A}$$\n\n\\begin{pmatrix}1\\\\2\\end{pmatrix}\n"
    pdf_text(one_chapter(book, text).build("-W", builder="latex").outdir)


@pytest.mark.long
def test_title_page_names_the_people_of_the_chapters(book: Book) -> None:
    front = "---\nauthors: [Ann Example, Bo Sample]\nsupervisors: [Cy Test]\n---\n"
    one_chapter(book, "Text.")
    book.write({"chapter.md": f"{front}# Chapter\n\nText.\n"})
    built = book.build("-W", builder="latex")
    title = pdf_text(built.outdir).split("\f")[0]
    assert "Authors: Ann Example, Bo Sample" in title
    assert "Supervisor: Cy Test" in title
    assert title.index("Test book") < title.index("Ann Example")


def test_a_figure_beside_the_text_has_the_width_of_its_picture(book: Book) -> None:
    """It was a share of a share in LaTeX, and as wide as its caption in HTML."""
    text = "```{figure} a.png\n:align: right\n:width: 40%\n\nA long caption.\n```\n\nText.\n"
    one_chapter(book, text, a__png=picture("PNG"))
    tex = (book.build("-W", builder="latex").outdir / "testbook.tex").read_text("utf-8")
    assert r"\begin{wrapfigure}{r}{0.400\linewidth}" in tex
    assert r"[width=1.000\linewidth]" in tex
    page = (book.build("-W").outdir / "chapter.html").read_text("utf-8")
    assert re.search(r'<figure class="align-right"[^>]* style="width: 40%"', page)
    assert re.search(r'<img [^>]*style="width: 100%;"', page)


def test_the_source_of_a_figure_floats_with_it(book: Book) -> None:
    """It stayed on the page before, below the code."""
    text = ":::{stored-figure} a.png\n:caption: Loss.\n:alt: A loss.\n:source:\n:::\n\nText.\n"
    one_chapter(book, text, a__png=picture("PNG"))
    tex = (book.build(builder="latex").outdir / "testbook.tex").read_text("utf-8")
    figure = tex[tex.index(r"\begin{figure}") : tex.index(r"\end{figure}")]
    assert "Source" in figure.partition("Loss.")[2]


@pytest.mark.long
def test_no_line_begins_with_the_last_letter_of_an_address(book: Book) -> None:
    """Lists of works had "https://doi.org/10.18653/v1/N19-142", and "3" on a line of its own."""
    lines = (f"{'word ' * number}<https://doi.org/10.18653/v1/N19-1423>." for number in range(20))
    text = pdf_text(one_chapter(book, "\n\n".join(lines)).build("-W", builder="latex").outdir)
    assert text.count("1423") == 20


@pytest.mark.long
def test_names_in_other_scripts_are_on_the_title_page(book: Book) -> None:
    """They were boxes there, and the copyright's too: only the pages' text had their fonts."""
    conf = (book.folder / "conf.py").read_text("utf-8")
    book.write({"conf.py": f'{conf}author = "Лена"\ncopyright = "Анна"\n'})
    one_chapter(book, "Text.")
    book.write({"chapter.md": "---\nauthors: [王小明, Ольга Иванова]\n---\n# Chapter\n\nText.\n"})
    title, back = pdf_text(book.build("-W", builder="latex").outdir).split("\f")[:2]
    assert "王小明, Ольга Иванова" in title
    assert "Лена" in title
    assert "Анна" in back


@pytest.mark.long
def test_german_book_has_german_words(book: Book) -> None:
    book.write({"conf.py": (book.folder / "conf.py").read_text() + 'language = "de"\n'})
    one_chapter(
        book,
        "(fig-a)=\n```{figure} a.png\n:name: fig-x\n\nBild\n```\n\n{numref}`fig-x`",
        a__png=picture("PNG"),
    )
    built = book.build("-W", builder="latex")
    shown = pdf_text(built.outdir)
    assert "Inhaltsverzeichnis" in shown and "Kapitel 1" in shown
    assert shown.count("Abbildung 1.1") == 2


WORDS = """\
| Model | Parameters | What it was trained on, in a few words | What it is good for, in a few words |
| --- | --- | --- | --- |
| CLIP | 151277313 | Pairs of images and their texts | Classes of images without any training |
"""


def test_columns_of_single_words_keep_their_width_beside_long_ones(book: Book) -> None:
    one_chapter(book, WORDS).build("-W", builder="latex")
    tex = book.text("_build/latex/testbook.tex")
    assert r"{llTT}" in tex and r"\mmbookfree" in tex


@pytest.mark.long
def test_columns_of_single_words_do_not_run_into_the_next(book: Book) -> None:
    built = one_chapter(book, WORDS).build("-W", builder="latex")
    text = pdf_text(built.outdir)
    assert "Parameters" in text and "151277313P" not in text.replace(" ", "x")


@pytest.mark.long
def test_done_and_open_tasks_differ_in_the_pdf(book: Book) -> None:
    built = one_chapter(book, "- [ ] open\n- [x] done\n").build("-W", builder="latex")
    text = pdf_text(built.outdir)
    assert "\N{SQUARED TIMES} done" in text
    assert "\N{SQUARED TIMES} open" not in text and "\N{WHITE SQUARE} open" in text


@pytest.mark.long
@pytest.mark.parametrize("text", ["Text.", "```{py:module} measures\n```"])
def test_modules_of_a_project_have_their_index_in_the_pdf(book: Book, text: str) -> None:
    """It was left out; Sphinx makes no empty one."""
    built = one_chapter(book, text).build(builder="latex")
    tex = (built.outdir / "testbook.tex").read_text("utf-8")
    assert ("Python Module Index" in tex) == ("measures" in text)


def test_headings_of_a_table_without_room_have_several_lines(book: Book) -> None:
    names = [f"share of all images {word}" for word in ("on top", "below", "beside", "far away")]
    rows = [",".join(["model", *names]), "CLIP,0.1,0.2,0.3,0.4", "GLIDE,0.5,0.6,0.7,0.8"]
    text = "```{stored-table} results/a.csv\n:label: tbl-a\n:caption: Shares.\n```\n"
    one_chapter(book, text).write({"results/a.csv": "\n".join(rows) + "\n"})
    built = book.build(builder="latex")
    assert "0.8" in pdf_text(built.outdir)


@pytest.mark.long
def test_a_table_that_is_all_head_cost_the_book_its_footnotes(book: Book) -> None:
    table = "| A | B[^b] |\n|---|---|\n\nMore.\n\n[^a]: Note one.\n[^b]: Note two.\n"
    built = one_chapter(book, f"Text[^a].\n\n{table}").build(builder="latex")
    assert built.warnings == []
    text = pdf_text(built.outdir)
    assert "Note one." in text
    assert "Note two." in text
