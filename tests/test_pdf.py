"""The showcase as PDF and EPUB: they say what the site says, with the same numbers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup, Tag
from test_showcase import CHAPTERS, IRIS, UNNUMBERED

from conftest import Book, Built

pytestmark = pytest.mark.long

INSTALL = "apt-get install -y --no-install-recommends"
PACKAGES = {
    "latexmk": "latexmk texlive-xetex texlive-latex-recommended texlive-latex-extra "
    "texlive-fonts-recommended tex-gyre fonts-texgyre fonts-texgyre-math fonts-dejavu",
    "rsvg-convert": "librsvg2-bin",
    "pdftotext": "poppler-utils",
    "fc-list": "fontconfig",
}
PAGES = [*CHAPTERS, *UNNUMBERED]
EPUBCHECK = Path("/usr/share/java/epubcheck.jar")

#: A label's number: of the page (its name and the id), or of an equation.
Numbers = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Outputs:
    """The pages of site and EPUB, what LaTeX noted, and the text of the PDF."""

    html: dict[str, Tag]
    epub: dict[str, Tag]
    file: Path
    aux: str
    log: str
    tex: str
    text: str
    pdf: Path


def need() -> None:
    """Fail, and say what to install, where a program is missing."""
    missing = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    if missing:
        pytest.fail(f"{INSTALL} {' '.join(missing)}")


def article(text: str, kind: str) -> Tag:
    """The text of a page without navigation."""
    found = BeautifulSoup(text, "html.parser").select_one(kind)
    assert found is not None
    for sign in found.select("a.headerlink"):
        sign.decompose()
    return found


@pytest.fixture(scope="module")
def outputs(showcase: Built) -> Outputs:
    """Build PDF and EPUB beside the site: the chapters' code has run and does not run again."""
    need()
    book = Book(showcase.outdir.parent.parent)
    folders = {}
    for builder in ("latex", "epub"):
        built = book.build("-W", "--keep-going", builder=builder)
        assert (built.status, built.warnings) == (0, [])
        folders[builder] = built.outdir
    (tex,) = (p for p in folders["latex"].glob("*.tex") if "documentclass" in p.read_text("utf-8"))
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", tex.name]
    run = subprocess.run(command, cwd=tex.parent, capture_output=True, check=False)
    log = tex.with_suffix(".log").read_text("utf-8", "replace")
    assert run.returncode == 0, log[-3000:]
    (file,) = folders["epub"].glob("*.epub")
    with ZipFile(file) as packed:
        epub = {page: packed.read(f"{page}.xhtml").decode() for page in PAGES}
    html = {page: (showcase.outdir / f"{page}.html").read_text("utf-8") for page in PAGES}
    return Outputs(
        {page: article(text, "article") for page, text in html.items()},
        {page: article(text, ".body") for page, text in epub.items()},
        file,
        tex.with_suffix(".aux").read_text("utf-8"),
        log,
        tex.read_text("utf-8"),
        pdf_text(tex.with_suffix(".pdf"), "-layout"),
        tex.with_suffix(".pdf"),
    )


def pdf_text(pdf: Path, *options: str) -> str:
    """The text of a PDF; ligatures and hyphens at line ends are undone."""
    command = ["pdftotext", *options, str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    for sign, letters in {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}.items():
        text = text.replace(sign, letters)
    return text


def squeeze(text: str) -> str:
    """A text without blanks and hyphens, which line ends of a PDF add and remove."""
    return re.sub(r"[\s\u00ad\u2010\u200b‐-]+", "", text)


def numbers(pages: dict[str, Tag]) -> Numbers:
    """All numbers of a book by page and id; "" is a heading that has none."""
    found = {}
    for page, text in pages.items():
        for section in text.select("section[id]"):
            heading = section.find(["h1", "h2", "h3", "h4"])
            assert isinstance(heading, Tag)
            number = heading.find(class_="section-number")
            found[page, str(section["id"])] = number.get_text().strip() if number else ""
        for number in text.select(".caption-number"):
            owner = number.find_parent(["figure", "table"]) or number.find_parent("div")
            assert isinstance(owner, Tag)
            found[page, str(owner["id"])] = number.get_text().split()[-1]
        for number in text.select(".eqno"):
            assert isinstance(number.parent, Tag)
            found[page, str(number.parent["id"])] = number.get_text().strip("()\n ")
    return found


def references(pages: dict[str, Tag]) -> list[tuple[str, str, str]]:
    """All references with a number: the page, the id they lead to, and what they say."""
    found = []
    for page, text in pages.items():
        for link in text.select("a.reference.internal[href*='#']"):
            said = " ".join(link.get_text().split())
            if link.find(class_="std-numref") or re.fullmatch(r"\([\d.]+\)", said):
                found.append((page, str(link["href"]).partition("#")[2], said))
    return found


def labels(aux: str) -> dict[str, str]:
    """LaTeX's numbers by its labels."""
    return dict(re.findall(r"\\newlabel\{([^{}]*)\}\{\{([^{}]*)\}\{", aux))


def test_epub_has_the_numbers_of_the_site(outputs: Outputs) -> None:
    site = numbers(outputs.html)
    assert len(site) > 80
    assert numbers(outputs.epub) == site


def test_latex_has_the_numbers_of_the_site(outputs: Outputs) -> None:
    known, seen = labels(outputs.aux), Counter[str]()
    for (page, name), number in numbers(outputs.html).items():
        key = f"{page}:{name}"
        if name.startswith("equation-"):
            key = f"equation:{page}:{name.removeprefix('equation-')}"
        assert known.get(key) == number, key
        seen[number] += 1
    assert "8.1" in seen and "" in seen


def test_all_outputs_say_the_same_in_references(outputs: Outputs) -> None:
    site = references(outputs.html)
    assert len(site) > 50
    assert references(outputs.epub) == site
    known = labels(outputs.aux)
    in_tex = re.findall(r"\\(?:eq)?ref\{(?:\\detokenize\{)?([^{}]+)\}", outputs.tex)
    body = outputs.tex.partition(r"\begin{document}")[2]
    assert "\\ref{}" not in body
    expected = Counter(
        (name.removeprefix("equation-"), said.strip("()").split()[-1]) for _, name, said in site
    )
    assert Counter((key.rpartition(":")[2], known[key]) for key in in_tex) == expected


def test_pdf_shows_the_references(outputs: Outputs) -> None:
    # With what stands around them: the number alone could be anything.
    text, checked = squeeze(pdf_text(outputs.pdf)), 0
    for page in CHAPTERS:
        for link in outputs.html[page].select("p > a.reference.internal"):
            if not re.search(r"\d\.\d", link.get_text()) or link.find_parent(["table", "aside"]):
                continue
            before, after = (
                squeeze(text) if isinstance(text, str) else ""
                for text in (link.previous_sibling, link.next_sibling)
            )
            said = before[-16:] + squeeze(link.get_text()) + after[:16]
            assert said in text, said
            checked += 1
    assert checked > 50
    assert "??" not in text


def test_preface_is_unnumbered_everywhere(outputs: Outputs) -> None:
    assert numbers(outputs.html)["preface", "preface"] == ""
    assert numbers(outputs.epub)["preface", "preface"] == ""
    assert labels(outputs.aux)["preface:preface"] == ""
    assert labels(outputs.aux)["chapters/introduction/index:introduction"] == "1"


def test_latex_has_nothing_to_complain_of(outputs: Outputs) -> None:
    for fault in ("undefined", "multiply defined", "Missing character", "LaTeX Error", "\n! "):
        at = outputs.log.find(fault)
        assert at < 0, outputs.log[at - 300 : at + 300]
    too_wide = re.findall(r"Overfull \\[hv]box \(([\d.]+)pt.*", outputs.log)
    assert [points for points in too_wide if float(points) > 5] == []


def test_byline_is_under_the_title(outputs: Outputs) -> None:
    text = squeeze(outputs.text)
    for page in CHAPTERS:
        title = outputs.html[page].find("h1")
        assert isinstance(title, Tag)
        byline = title.find_next_sibling()
        assert isinstance(byline, Tag)
        number = title.find(class_="section-number")
        assert isinstance(number, Tag)
        bare = title.get_text().replace(number.get_text(), "", 1)
        lines = squeeze(byline.get_text(" "))
        assert f"Chapter{number.get_text().strip()}{squeeze(bare)}{lines}" in text, page


def test_first_page_stands_under_the_title_of_the_book(outputs: Outputs) -> None:
    assert "\fMultimodal Deep Learning\n\nA photograph and the sentence" in outputs.text


def test_captions_are_in_the_pdf_once(outputs: Outputs) -> None:
    text, seen = squeeze(pdf_text(outputs.pdf)), 0
    for page in CHAPTERS:
        for caption in outputs.html[page].select("figcaption, caption"):
            number = caption.find(class_="caption-number")
            if not isinstance(number, Tag):
                continue
            start = squeeze(number.get_text()) + ":"
            rest = caption.get_text().replace(number.get_text(), "", 1)
            words = squeeze(re.split(r"[\\$(]", rest)[0])[:40]
            assert text.count(start + words) == 1, start + words
            seen += 1
    assert seen > 25


def test_caption_stands_over_its_table_on_the_same_page(outputs: Outputs) -> None:
    for page in outputs.text.split("\f"):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        assert not lines or not re.match(r"Table \d+\.\d+: ", lines[-1]), lines[-1]


def test_regression_table_is_in_the_pdf(outputs: Outputs) -> None:
    lines = [line.split() for line in outputs.text.splitlines()]
    for row in IRIS:
        assert lines.count(row) == 3, row


def test_citations_are_in_the_pdf(outputs: Outputs) -> None:
    text = squeeze(pdf_text(outputs.pdf))
    assert "[?]" not in text
    cited = {c.get_text() for p in CHAPTERS for c in outputs.html[p].select(".mmbook-citation")}
    assert len(cited) > 50
    lost = [citation for citation in cited if squeeze(citation) not in text]
    assert lost == []


def test_each_work_is_in_the_bibliography_once(outputs: Outputs) -> None:
    text = pdf_text(outputs.pdf).partition("\fBibliography\n")[2]
    text = squeeze(re.sub(r"^(Bibliography|\d+)$", "", text, flags=re.MULTILINE))
    works = outputs.html["bibliography"].select(".mmbook-references [id^=ref-]")
    assert len(works) > 50
    for work in works:
        whole = squeeze(work.get_text())
        assert text.count(whole[:60]) == 1, whole


def test_epub_is_valid(outputs: Outputs) -> None:
    if not (EPUBCHECK.exists() and shutil.which("java")):
        pytest.fail(f"{INSTALL} epubcheck")
    command = ["java", "-jar", str(EPUBCHECK), str(outputs.file)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert not re.search(r"^(ERROR|FATAL|WARNING)", run.stdout + run.stderr, re.MULTILINE)


def test_epub_has_figures_formulas_and_tables(outputs: Outputs) -> None:
    with ZipFile(outputs.file) as packed:
        files = {name: packed.getinfo(name).file_size for name in packed.namelist()}
    for page in CHAPTERS:
        text = outputs.epub[page]
        for image in text.select("img"):
            name = "/".join(part for part in str(image["src"]).split("/") if part != "..")
            assert files[name] > 100
        assert len(text.select("figure")) == len(outputs.html[page].select("figure"))
        assert len(text.select("table")) == len(outputs.html[page].select("table"))
        shown = len(text.select("math"))
        assert shown >= len(outputs.html[page].select(".math")) - text.get_text().count("$")
