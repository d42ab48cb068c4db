"""HTML, PDF and EPUB of a nasty book: the same numbers, and the same in every reference."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup, Tag

from conftest import copied

if TYPE_CHECKING:
    from conftest import Book

pytestmark = pytest.mark.long

NAMES = ("preface", "one", "two", "interlude", "deep/a/index", "deep/b/index", "epilogue")


def need(*programs: str) -> None:
    """Fail, and say what to install, where a program is missing."""
    packages = {"latexmk": "latexmk texlive-xetex texlive-fonts-recommended", "java": "epubcheck"}
    packages["pdftotext"] = "poppler-utils"
    missing = [packages[program] for program in programs if shutil.which(program) is None]
    if missing:
        pytest.fail(f"missing program: apt-get install {' '.join(missing)}")


def label_of(tag: Tag) -> str | None:
    """The first label of this test at a numbered thing."""
    ids = [tag.get("id")] + [span.get("id") for span in tag.find_all("span", recursive=False)]
    return next(
        (name for name in ids if name and re.match("(fig|tab|code|eq|sec|sub|deep)", name)), None
    )


def numbers_of_page(page: Tag) -> dict[str, str]:
    """Numbers by label from a page of HTML or EPUB."""
    found = {}
    for number in page.select(".caption-number"):
        owner = number.find_parent(["figure", "table"]) or number.find_parent(
            class_="literal-block-wrapper"
        )
        found[str(label_of(owner))] = number.get_text().split()[-1]
    for section in page.select("section"):
        number = section.find(["h1", "h2", "h3", "h4"]).find(class_="section-number")
        if label := label_of(section):
            found[label] = number.get_text().strip() if number else ""
    for eqno in page.select(".eqno"):
        found[str(label_of(eqno.parent))] = re.sub(r"[()#¶\s]", "", eqno.get_text())
    carriers = [str(label_of(tag)) for tag in page.find_all(id=re.compile("^equation-eq-.*-[xy]$"))]
    tags = re.findall(r"\\tag\{([\d.]+)\}|\(([\d.]+)\)</mtext>", str(page))
    tags = [a or b for a, b in tags]
    found |= dict(zip(carriers, tags[::2] if len(tags) == 3 else [], strict=True))
    return {label.removeprefix("equation-"): number for label, number in found.items()}


def references_of_page(page: Tag) -> str:
    """The line of references, as a reader sees it."""
    return squeeze(page.get_text())


def squeeze(text: str) -> str:
    """All reference lines of a text, without line ends."""
    return "\n".join(re.findall(r"REFS-\S+ .*? ENDREFS", re.sub(r"\s+", " ", text)))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, dict[str, Path]]:
    need("latexmk", "pdftotext", "java")
    book = copied("nasty", tmp_path_factory.mktemp("outputs") / "book")
    folders = {}
    for builder in ("html", "latex", "epub"):
        built = book.build("-W", builder=builder)
        assert (built.status, built.warnings) == (0, []), built.err
        folders[builder] = built.outdir
    run = subprocess.run(
        ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "testbook.tex"],
        cwd=folders["latex"], capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
    return book, folders


@pytest.fixture(scope="module")
def html(outputs: tuple[Book, dict[str, Path]]) -> dict[str, Tag]:
    folder = outputs[1]["html"]
    texts = {name: (folder / f"{name}.html").read_text("utf-8") for name in NAMES}
    return {
        name: BeautifulSoup(text, "html.parser").find(class_="body") for name, text in texts.items()
    }


@pytest.fixture(scope="module")
def epub(outputs: tuple[Book, dict[str, Path]]) -> dict[str, Tag]:
    with ZipFile(outputs[1]["epub"] / "Testbook.epub") as packed:
        texts = {name: packed.read(f"{name}.xhtml").decode() for name in NAMES}
    return {
        name: BeautifulSoup(text, "html.parser").find(class_="body") for name, text in texts.items()
    }


def test_html_has_the_numbers_of_a_book(html: dict[str, Tag]) -> None:
    first = numbers_of_page(html["one"])
    assert first == {
        "sec-one": "1", "sub-one": "1.1", "deep-one": "1.1.1", "deeper-one": "1.1.1.1",
        "fig-one": "1.1", "fig-one-two": "1.2", "tab-one": "1.1", "code-one": "1.1",
        "eq-one": "1.1", "eq-one-x": "1.2", "eq-one-y": "1.4",
    }  # fmt: skip
    assert numbers_of_page(html["deep/b/index"])["sec-deep-b"] == "4"
    assert numbers_of_page(html["deep/b/index"])["deep-deep-b"] == ""
    assert numbers_of_page(html["preface"])["sec-preface"] == ""
    assert numbers_of_page(html["epilogue"])["fig-epilogue"] == "5"
    assert numbers_of_page(html["interlude"])["eq-interlude-y"] == "8"


def test_epub_has_the_same_numbers(html: dict[str, Tag], epub: dict[str, Tag]) -> None:
    for name in NAMES:
        assert numbers_of_page(epub[name]) == numbers_of_page(html[name])
        assert references_of_page(epub[name]) == references_of_page(html[name])


def test_latex_has_the_same_numbers(
    html: dict[str, Tag], outputs: tuple[Book, dict[str, Path]]
) -> None:
    aux = (outputs[1]["latex"] / "testbook.aux").read_text("utf-8")
    labels = dict(re.findall(r"\\newlabel\{([^{}]*)\}\{\{([^{}]*)\}\{", aux))
    for name in NAMES:
        for label, number in numbers_of_page(html[name]).items():
            key = f"equation:{name}:{label}" if label.startswith("eq") else f"{name}:{label}"
            if number:
                assert labels[key] == number, key


def test_latex_numbers_the_same_headings(
    html: dict[str, Tag], outputs: tuple[Book, dict[str, Path]]
) -> None:
    toc = (outputs[1]["latex"] / "testbook.toc").read_text("utf-8")
    line = r"contentsline \{(?!part)\w+\}\{(?:\\numberline \{([\d.]+)\})?(.*?)\}\{\w+\}\{"
    shown = [" ".join(filter(None, found)) for found in re.findall(line, toc)]
    headings = [tag for name in NAMES for tag in html[name].select("h1, h2, h3, h4")]
    expected = [heading.get_text().strip("#¶ \n") for heading in headings]
    assert [text.replace(r"\sphinxhyphen {}", "-") for text in shown] == expected


def test_pdf_has_the_same_references(
    html: dict[str, Tag], outputs: tuple[Book, dict[str, Path]]
) -> None:
    command = ["pdftotext", "-layout", "-nopgbrk", outputs[1]["latex"] / "testbook.pdf", "-"]
    text = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    expected = "\n".join(references_of_page(html[name]) for name in NAMES)
    assert squeeze(text) == expected
    assert "??" not in text


def test_latex_ran_without_complaint(outputs: tuple[Book, dict[str, Path]]) -> None:
    log = (outputs[1]["latex"] / "testbook.log").read_text("utf-8", errors="replace")
    for fault in (
        "undefined",
        "multiply defined",
        "Missing character",
        "Overfull",
        "destination with the same",
    ):
        assert fault not in log, log[log.index(fault) - 300 : log.index(fault) + 300]


def test_pages_before_the_first_part_have_roman_numbers(
    outputs: tuple[Book, dict[str, Path]],
) -> None:
    toc = (outputs[1]["latex"] / "testbook.toc").read_text("utf-8")
    pages = dict(
        re.findall(r"contentsline \{chapter\}\{(?:\\numberline \{\d+\})?(.*?)\}\{(\w+)\}", toc)
    )
    assert pages["Chapter preface"].strip("ivx") == ""
    assert pages["Chapter one"] == "2"
    parts = re.findall(r"contentsline \{part\}\{(.*?)\}\{\w+\}", toc)
    assert [re.sub(r"\\hspace.*?\}", " ", part) for part in parts] == [
        r"I Part one, 100 \%",
        r"II Part\_two",
    ]


def test_epub_is_valid(outputs: tuple[Book, dict[str, Path]]) -> None:
    command = ["java", "-jar", "/usr/share/java/epubcheck.jar"]
    if not Path(command[-1]).exists():
        pytest.fail("missing program: apt-get install epubcheck")
    run = subprocess.run(
        [*command, outputs[1]["epub"] / "Testbook.epub"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "ERROR" not in run.stderr + run.stdout
