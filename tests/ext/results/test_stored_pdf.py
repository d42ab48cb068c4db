"""Stored results in the PDF as it is printed."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from babel.numbers import format_decimal, format_percent
from bs4 import BeautifulSoup

pytestmark = pytest.mark.long


def text_of_pdf(book, language):
    built = book.build("-D", f"language={language}", builder="latex")
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "testbook.tex"]
    subprocess.run(command, cwd=built.outdir, check=True, capture_output=True)
    pdf = ["pdftotext", "-layout", str(built.outdir / "testbook.pdf"), "-"]
    return subprocess.run(pdf, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.mark.parametrize("language", ["de", "en"])
def test_numbers_are_those_of_babel_in_html_pdf_and_epub(book, language):
    values = [12345.6, -1234567.25, 0.876, -0.5, 1e-20, 7]
    forms = [",.1f", ",.2f", ".1%", ".3f", "p", "d"]
    patterns = ["#,##0.0", "#,##0.00", "#,##0.0%", "0.000", "", "0"]
    roles = [f"({{stored}}`results/x.json#n{n}|{form}`)" for n, form in enumerate(forms)]
    book.write({
        "index.md": "# Book\n\n" + "\n\n".join(roles) + "\n\n```{stored-table} results/x.csv\n```\n",
        "results/x.json": json.dumps({f"n{n}": value for n, value in enumerate(values)}),
        "results/x.csv": "a,b\nr1,-1.5\nr2,2.25\n",
    })  # fmt: skip
    expected = [
        format_percent(value, "#,##0.0 %" if language == "de" else pattern, locale=language)
        if "%" in pattern
        else format_decimal(value, pattern, locale=language)
        for value, pattern in zip(values, patterns, strict=True)
        if pattern
    ]
    expected.append(f"<{format_decimal(0.001, '0.000', locale=language)}")
    cells = [format_decimal(value, "0.00", locale=language) for value in (-1.5, 2.25)]
    html = book.build("-D", f"language={language}").soup("index").get_text()
    epub = book.build("-D", f"language={language}", builder="epub").outdir / "index.xhtml"
    read = BeautifulSoup(epub.read_text("utf-8"), "html.parser").get_text()
    for text in (html, read, text_of_pdf(book, language)):
        plain = re.sub(r"[\xa0\u202f\u2009 ]+", " ", text).replace("\u2212", "-")
        plain = plain.replace("< ", "<")
        for number in expected:
            number = re.sub(r"[\xa0\u202f]", " ", number).replace("\u2212", "-")
            assert f"({number})" in plain, (number, plain)
        for cell in cells:
            assert cell in plain


def test_a_note_never_stands_alone_on_a_page(book):
    # Tables at all heights of a page: without the rule some twenty notes in 250 stood alone.
    tables = (
        f"```{{stored-table}} results/x.csv\n:note: Notiz {n}. {'Sie ist recht lang. ' * 8}\n```\n\n"
        + "Absatz.\n\n" * (n % 13)
        for n in range(150)
    )
    book.write(
        {"index.md": "# Buch\n\n" + "".join(tables), "results/x.csv": "a,b\nr1,-1.5\nr2,2.5\n"}
    )
    text = text_of_pdf(book, "de")
    assert "−1,5" in text
    notes = 0
    for page in text.split("\f"):
        lines = [line.strip() for line in page.split("\n") if line.strip()]
        for number, line in enumerate(lines):
            if line.startswith("Notiz "):
                notes += 1
                assert number and lines[number - 1].startswith("r2"), page
    assert notes == 150
