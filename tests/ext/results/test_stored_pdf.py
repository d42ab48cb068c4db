"""Stored results in the PDF as it is printed."""

from __future__ import annotations

import subprocess

import pytest

pytestmark = pytest.mark.long


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
    built = book.build("-D", "language=de", builder="latex")
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "testbook.tex"]
    subprocess.run(command, cwd=built.outdir, check=True, capture_output=True)
    pdf = ["pdftotext", "-layout", str(built.outdir / "testbook.pdf"), "-"]
    text = subprocess.run(pdf, check=True, capture_output=True, encoding="utf-8").stdout
    assert "−1,5" in text
    notes = 0
    for page in text.split("\f"):
        lines = [line.strip() for line in page.split("\n") if line.strip()]
        for number, line in enumerate(lines):
            if line.startswith("Notiz "):
                notes += 1
                assert number and lines[number - 1].startswith("r2"), page
    assert notes == 150
