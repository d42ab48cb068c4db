"""Numbers of stored results in the book's language, in all outputs, and where they stand."""

from __future__ import annotations

import json
import re

import pytest
from babel.numbers import format_decimal, format_percent

from sphinx_mmbook.core.results.tables.number_format import formatted, parse_format, signs_of

PAGE = """\
# Buch

Es sind {stored}`results/x.json#n|,.1f`, also {stored}`results/x.json#share|.1%`, und
{stored}`results/x.json#loss|.2f`.

| Zahl | Anteil |
| --- | --- |
| eins | {stored}`results/x.json#share as .1%` |
| zwei | {stored}`results/x.json#share\\|.1%` |

```{stored-table} results/t.csv
:thousands:
:percent: share
:stars: 0.05
:note: Eine Anmerkung.
```
"""
FILES = {
    "index.md": PAGE,
    "results/x.json": json.dumps({"n": 12345.6, "share": 0.8766, "loss": -0.25}),
    "results/t.csv": "term,Estimate,share,p.value\na,-1234.5,0.5,0.01\nb,0.25,0.125,0.5\n",
}


@pytest.mark.parametrize("language", ["de", "en", "fr", "sv", "de_CH", "pt_BR", "tr", "pl"])
def test_the_signs_of_numbers_are_those_of_babel(language):
    signs = signs_of(language)
    for value in (12345.6, -1234567.25, 0.5):
        ours = signs.write(formatted(value, parse_format(",.2f")))
        theirs = format_decimal(value, "#,##0.00", locale=language)
        assert ours.replace("\u2212", "-") == theirs.replace("\u2212", "-")
    ours = signs.write(formatted(0.8766, parse_format(".1%")))
    assert ours == format_percent(0.8766, format=None, locale=language, decimal_quantization=False).replace(
        format_decimal(87.66, "0.00", locale=language), format_decimal(87.7, "0.0", locale=language)
    )  # fmt: skip


def test_a_german_book_has_german_numbers_in_html_epub_and_latex(book):
    book.write(FILES)
    html = book.build("-D", "language=de", "-W").soup("index")
    text = " ".join(html.select_one("[role=main], .body").get_text().split())
    assert "Es sind 12.345,6, also 87,7 %, und −0,25." in text.replace("\xa0", " ")
    cells = [[c.get_text() for c in row.select("td")] for row in html.select("table tr")]
    assert ["eins", "87,7\xa0%"] in cells and ["zwei", "87,7\xa0%"] in cells
    first, second = html.select("table.stored-table tbody tr")
    assert [c.get_text() for c in first.select("td")] == ["a", "−1.234,50*", "50,0\xa0%", "0,010"]
    assert [c.get_text().rstrip("\u2007") for c in second.select("td")] == ["b", "0,25", "12,5\xa0%", "0,500"]  # fmt: skip
    latex = (book.build("-D", "language=de", builder="latex").outdir / "testbook.tex").read_text(
        "utf-8"
    )
    plain = (
        re.sub(r"\\sphinxhyphen\s*\{\}", "-", latex)
        .replace("\\%", "%")
        .replace("\xa0", " ")
        .replace("~", " ")
    )
    for number in ("12.345,6", "87,7 %", "−0,25", "−1.234,50*"):
        assert number in plain
    epub = book.build("-D", "language=de", builder="epub").outdir / "index.xhtml"
    assert "12.345,6" in epub.read_text("utf-8") and "87,7\xa0%" in epub.read_text("utf-8")


def test_the_signs_can_be_those_of_another_language(book):
    book.write(FILES)
    built = book.build("-D", "language=de", "-D", "mmbook_number_language=en", "-W")
    text = " ".join(built.soup("index").get_text().split())
    assert "Es sind 12,345.6, also 87.7%, und −0.25." in text


def models(book, count):
    rows = "".join(f"term{n},{n}.2345,0.1234,0.001\n" for n in range(4))
    csv = "term,Estimate,Std. Error,p.value\n" + rows
    lines = "".join(f"results/m{n}.csv\n" for n in range(count))
    page = (
        f"# Book\n\n```{{stored-models}}\n:label: tbl-m\n:caption: Models\n:stars:\n\n{lines}```\n"
    )
    book.write({"index.md": page, **{f"results/m{n}.csv": csv for n in range(count)}})
    return book.build(builder="latex")


@pytest.mark.parametrize(("count", "size"), [(4, []), (8, [r"\small"])])
def test_models_side_by_side_are_as_large_as_the_page_allows(book, count, size):
    built = models(book, count)
    assert built.warnings == []  # least of all that they do not fit
    latex = (built.outdir / "testbook.tex").read_text("utf-8")
    group = re.search(r"\\begingroup([^\n]*)\n", latex[latex.index("\\mmbooknoted") :])
    assert group is not None
    assert re.findall(r"\\(?:small|footnotesize|scriptsize|begin.landscape.)", group[0]) == size


def test_elements_of_a_file_of_r_are_reached_from_the_text(book):
    from pathlib import Path

    fixtures = Path(__file__).parents[2] / "fixtures" / "r"
    page = (
        "# Book\n\nA {stored}`results/elements.rds#model:speed,Estimate|.2f` "
        "B {stored}`results/elements.rds#best:[1]|.1f` C {stored}`results/workspace.RData#none:x,y`\n"
    )
    book.write({"index.md": page, **{f"results/{name}": (fixtures / name).read_bytes() for name in ("elements.rds", "workspace.RData")}})  # fmt: skip
    built = book.build()
    assert "A 3.93 B 0.5 C ??" in " ".join(built.soup("index").get_text().split())
    (warning,) = built.warnings
    assert "has no object 'none'" in warning
