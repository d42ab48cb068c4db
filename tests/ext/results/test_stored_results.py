"""Figures, single values and models from stored results, in all outputs."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

R = Path(__file__).parents[2] / "fixtures" / "r"
INDEX = "# Book\n\n```{toctree}\n:numbered:\n\nch/index\nother\n```\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea7d3a3a50000000049454e44ae426082"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CSV = 'model,top1,n\nclip,0.7634,1234567\nblip,0.8,2\n"<i>x</i>","=1+1",3\n'
FILES = {
    "ch/results/a.csv": CSV,
    "ch/results/numbers.json": json.dumps({"accuracy": 0.7634, "loss": 2.5}),
}


def with_page(book, *parts, **more):
    text = "# Chapter\n\n" + "\n\n".join(parts)
    return book.write(
        {"index.md": INDEX, "other.md": "# Other\n", **FILES, "ch/index.md": text, **more}
    )


def figure(target, *content, **options):
    lines = [f":{name}: {value}" for name, value in options.items()]
    return "\n".join([f"```{{stored-figure}} {target}", *lines, "", *content, "```"])


def value(text):
    return f"{{stored}}`results/{text}`"


def test_values_in_text_captions_and_tables(book):
    built = with_page(
        book,
        f"Top 1 is {value('a.csv#clip,top1|.1%')}, n {value('a.csv#[1],n|,d')}; {value('a.csv#[3],model')}.",
        f"## Loss {value('numbers.json#loss')}",
        f"```{{stored-table}} results/a.csv\n:caption: Best *is* {value('numbers.json#accuracy|.1%')}\n"
        f":columns: model=Model {value('numbers.json#loss')}, n\n```",
        "| a |\n|---|\n| " + value(r"a.csv#clip,top1\|.2f") + " |",
        ":::{note}\n" + value("numbers.json#accuracy|.3f") + "[^a]\n:::\n\n[^a]: "
        + value("numbers.json#accuracy|.4f"),
    ).build("-W")  # fmt: skip
    assert built.warnings == []
    soup = built.soup("ch/index")
    assert "Top 1 is 76.3%, n 1,234,567; <i>x</i>." in soup.get_text()
    assert "Loss 2.5" in soup.h2.get_text()
    assert soup.caption.get_text().startswith("Table 1.1 Best is 76.3%")
    texts = [node.get_text() for node in soup.select("div.body .stored-value")]
    assert texts == [
        "76.3%",
        "1,234,567",
        "<i>x</i>",
        "2.5",
        "76.3%",
        "2.5",
        "0.76",
        "0.763",
        "0.7634",
    ]


def test_values_that_are_not_there(book):
    wrong = [
        "a.csv#clipp,top1",
        "none.csv#a,b",
        "a.csv",
        "../../../etc/passwd#a,b",
        "a.csv#[3],top1|.1f",
    ]
    built = with_page(book, *[f"Value {value(text)}." for text in wrong]).build()
    assert built.status == 0 and len(built.warnings) == len(wrong)
    for number, rule in enumerate(["value", "missing", "value", "outside", "option"]):
        (warning,) = (text for text in built.warnings if f"index.md:{3 + 2 * number}:" in text)
        assert rule in warning.rpartition("[")[2]
    assert built.soup("ch/index").get_text().count("Value ??.") == len(wrong)


def images(built, docname="ch/index"):
    return [Path(image["src"]).name for image in built.soup(docname).select("figure img")]


def test_each_output_takes_the_format_that_it_shows_best(book):
    twins = {"ch/results/loss.svg": SVG, "ch/results/loss.pdf": PDF, "ch/results/loss.png": PNG}
    more = {"ch/results/loss.csv": "a\n1\n", "ch/results/loss.svg.bak": "x"}
    shown = figure("results/loss.svg", "The *loss*.", label="fig-loss", alt="It falls", width="50%")
    with_page(book, shown, "See {numref}`fig-loss`.", **twins, **more)
    html = book.build("-W")
    assert html.warnings == [] and images(html) == ["loss.svg"]
    node = html.soup("ch/index").figure
    assert (
        node["id"] == "fig-loss" and node.img["alt"] == "It falls" and node.em.get_text() == "loss"
    )
    assert "50%" in node.img["style"] and node.figcaption.get_text().strip().startswith(
        "Figure 1.1 The loss."
    )
    assert "See Figure 1.1." in html.soup("ch/index").get_text()
    latex = book.build("-W", builder="latex")
    assert (
        latex.warnings == [] and "{{loss}.pdf}" in latex.outdir.joinpath("testbook.tex").read_text()
    )
    epub = book.build("-W", builder="epub")
    assert epub.warnings == [] and (epub.outdir / "_images" / "loss.svg").exists()


def test_a_dark_twin_is_shown_on_dark_pages_of_the_site_alone(book):
    twins = {f"ch/results/loss{end}": SVG for end in (".svg", "-dark.svg")}
    shown = figure("results/loss.svg", "The *loss*.", label="fig-loss", width="50%")
    with_page(book, shown, **twins, **{"ch/results/loss.pdf": PDF})
    html = book.build("-W")
    node = html.soup("ch/index").figure
    assert [(img["src"].rpartition("/")[2], img["class"]) for img in node.select("img")] == [
        ("loss.svg", ["only-light"]), ("loss-dark.svg", ["only-dark"])
    ]  # fmt: skip
    assert {img["alt"] for img in node.select("img")} == {"The loss."}
    assert all("50%" in img["style"] for img in node.select("img"))
    # Themes hide captions that stand beside an image for the other pages.
    assert node.figcaption.find_previous_siblings("img") == []
    assert "Figure 1.1 The loss." in node.get_text()
    latex = book.build("-W", builder="latex")
    text = latex.outdir.joinpath("testbook.tex").read_text()
    assert "{{loss}.pdf}" in text and "dark" not in text
    epub = book.build("-W", builder="epub")
    assert not (epub.outdir / "_images/loss-dark.svg").exists()
    assert (epub.outdir / "_images/loss.svg").exists()
    (book.folder / "ch/results/loss-dark.svg").unlink()
    assert images(book.build("-W")) == ["loss.svg"]
    book.write({"ch/results/loss-dark.svg": SVG})
    assert images(book.build("-W")) == ["loss.svg", "loss-dark.svg"]
    assert " 0 changed" in book.build("-W").out


@pytest.mark.parametrize("target", ["results/loss", "results/loss.png", "results/loss.pdf"])
def test_a_figure_without_a_suffix_or_with_another(book, target):
    twins = {"ch/results/loss.svg": SVG, "ch/results/loss.png": PNG}
    shown = figure(target, f"The *loss* is {value('numbers.json#loss|.1f')}.")
    built = with_page(book, shown, **twins).build("-W")
    assert built.warnings == [] and images(built) == ["loss.svg"]
    assert built.soup("ch/index").figure.img["alt"] == "The loss is 2.5."


def test_figures_that_are_none(book):
    with_page(
        book,
        *[figure(f"results/{name}") for name in ("none.svg", "a.csv", "out.svg", "../../../x")],
    )
    (book.folder / "ch/results/out.svg").symlink_to("/etc/passwd")
    built = book.build()
    rules = [warning.rpartition("mmbook.")[2] for warning in built.warnings]
    assert sorted(rules) == [
        "path-outside-book]",
        "path-outside-book]",
        "result-format]",
        "result-missing]",
    ]
    assert built.soup("ch/index").select("img") == []


def test_models_side_by_side(book):
    lines = ["results/one.rds = Small $x$", "results/two.rds"]
    options = [":label: tbl-m", ":caption: Models", ":stars:", ":note: Only *two*."]
    files = {f"ch/results/{name}.rds": (R / f"lm-{old}.rds").read_bytes()
             for name, old in (("one", "intercept"), ("two", "weights"))}  # fmt: skip
    directive = "\n".join(["```{stored-models}", *options, "", *lines, "```"])
    built = with_page(book, directive, "See {numref}`tbl-m`.", **files).build("-W")
    assert built.warnings == []
    soup = built.soup("ch/index")
    rows = [[cell.get_text().strip() for cell in row.select("th, td")] for row in soup.select("tr")]
    assert rows[:4] == [
        ["", "Small \\(x\\)", "(2)"],
        ["(Intercept)", "20.091***", "38.023***"],
        ["", "(1.065)", "(1.622)"],
        ["wt", "", "−4.130***"],
    ]
    notes = [note.get_text() for note in soup.select(".mmbook-table-note")]
    assert notes[0] == "Only two." and notes[1].startswith(
        "Standard errors in parentheses. * p < 0.05"
    )
    sourced = with_page(book, directive.replace(":stars:", ":source:"), **files).build("-W")
    assert [line.get_text() for line in sourced.soup("ch/index").select(".mmbook-source")] == [
        "Source: not known"  # once for both
    ]
    empty = with_page(book, "```{stored-models}\n```").build()
    assert "index.md:3:5: WARNING: this table names no model" in empty.warnings[0]


def test_the_look_of_a_table_in_latex_and_text(book):
    shown = "\n".join([
        "```{stored-table} results/a.csv", ":columns: model, top1=Top, n", ":rows: 1-2",
        ":header-groups: Both=Top;n", ":group-by: model", ":align: dd", ":percent: Top",
        ":units: n=$10^0$", ":best: n", "```",
    ])  # fmt: skip
    starred = "```{stored-table} results/fit.csv\n:stars:\n:long:\n:source:\n```"
    fit = "term,estimate,std.error,p.value\na,1.5,0.1,0.001\nb,0.25,0.1,0.2\n"
    with_page(book, shown, starred, **{"ch/results/fit.csv": fit})
    latex = book.build("-W", builder="latex")
    assert latex.warnings == []
    text = latex.outdir.joinpath("testbook.tex").read_text("utf-8")
    assert text.count(r"\mmbookspan") == 1  # else the group is as wide as a share of the page
    assert r"\rlap{\sphinxstyleemphasis{clip}}" in text and r"\sphinxstartmulticolumn{2}" in text
    assert text.count(r"\begin{longtable}") == 1 and r"0.2500\phantom{**}" in text
    soup = book.build("-W").soup("ch/index")
    assert (
        soup.select_one("td.mmbook-group")["colspan"] == "2" and soup.strong.get_text() == "1234567"
    )
    plain = book.build("-W", builder="text").outdir.joinpath("ch/index.txt").read_text("utf-8")
    assert "**1234567**" in plain and "Source: not known" in plain
    assert "* p < 0.05, ** p < 0.01, *** p < 0.001" in plain


def test_tables_look_alike_in_an_e_book_also_when_a_setting_has_changed(book):
    with_page(book, "```{stored-table} results/a.csv\n:best: n\n```")
    assert book.build("-W", builder="epub").status == 0
    conf = book.folder / "conf.py"
    conf.write_text(conf.read_text() + "html_title = 'Other'\n")
    built = book.build("-W", builder="epub")
    assert built.warnings == [] and built.status == 0
    style = (built.outdir / "_static/mmbook-epub.css").read_text()
    page = BeautifulSoup((built.outdir / "ch/index.xhtml").read_text("utf-8"), "html.parser")
    for cell in page.select(".stored-table td"):
        assert f".{cell['class'][-1]}, .{cell['class'][-1]} p {{ text-align" in style


NOTEBOOK = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n# Notebook\n\n"


def test_lines_in_notebooks(book):
    parts = ["```{stored-table} results/none.csv\n```", value("none.json#x"),
             ":::{note}\n" + value("none2.json#x") + "\n:::"]  # fmt: skip
    with_page(book)
    book.write({"ch/index.md": NOTEBOOK + "\n\n".join(parts) + "\n"})
    warnings = book.build().warnings
    lines = [warning.split("index.md:")[1].split(":")[0] for warning in warnings]
    assert lines == ["8", "11", "14"]


def test_cells_in_notebooks_of_jupyter(book):
    cells = ["# Notebook\n\nText.\n", "Text.\n\n```{stored-table} results/none.csv\n```\n"]
    notebook = {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}},
        "cells": [{"cell_type": "markdown", "id": f"c{n}", "metadata": {}, "source": text}
                  for n, text in enumerate(cells)],
    }  # fmt: skip
    with_page(book)
    (book.folder / "ch/index.md").unlink()
    book.write({"ch/index.ipynb": json.dumps(notebook)})
    [warning] = book.build().warnings
    assert "index.ipynb:3:19: " in warning
    assert "cell 2, line 3: result 'results/none.csv'" in warning


def test_what_a_page_shows_is_remembered(book):
    twins = {"ch/results/loss.svg": SVG, "ch/results/loss.pdf": PDF}
    parts = [value("numbers.json#loss"), figure("results/loss", label="fig-a"),
             "```{stored-table} results/a.csv\n:label: tbl-a\n```"]  # fmt: skip
    # Sphinx reads in parallel from six pages on.
    pages = {f"p{number}.md": "---\norphan: true\n---\n# P\n" for number in range(8)}
    for jobs in ("1", "2"):
        with_page(book, *parts, **twins, **pages).build("-W", "-E", "-j", jobs)
        environment = (book.folder / "_build/doctrees/environment.pickle").read_bytes()
        table = pickle.loads(environment).domaindata["mmbook"]["results"]
        assert [(item.path, item.kind, item.label, item.at.line) for item in table["ch/index"]] == [
            ("ch/results/numbers.json", "number", "", 3),
            ("ch/results/loss.svg", "figure", "fig-a", 5),
            ("ch/results/loss.pdf", "figure", "fig-a", 5),
            ("ch/results/a.csv", "table", "tbl-a", 10),
        ]
        assert list(table) == ["ch/index"]


def test_a_page_is_read_again_when_its_results_change(book):
    with_page(
        book, value("numbers.json#loss"), figure("results/loss.svg"), **{"ch/results/loss.svg": SVG}
    )
    book.build("-W")
    updating = "updating environment: 0 added, {} changed"
    assert updating.format(0) in book.build("-W").out.replace("[new config] ", "")
    time.sleep(0.01)
    book.write({"ch/results/numbers.json": '{"loss": 3.5}'})
    changed = book.build("-W")
    assert updating.format(1) in changed.out and "3.5" in changed.soup("ch/index").get_text()
    book.write({"ch/results/loss.svg": SVG.replace("rect", "rect ")})
    assert updating.format(1) in book.build("-W").out


def test_nothing_is_opened_to_start_the_build():
    """The readers' libraries are loaded when a result is read, not with the extension."""
    code = (
        "import sys, sphinx_mmbook.ext.results.read_ahead\n"
        "sys.exit(', '.join({'pandas', 'numpy', 'pyarrow', 'scipy', 'openpyxl'} & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_a_german_book_says_of_what_it_cannot_show_is_german(book):
    book.write({
        "index.md": "# Buch\n\n```{toctree}\n\nbad\n```\n\n```{stored-table} results/none.csv\n```\n",
        "bad.md": b"# Bad\n\n\xff\n",
    })  # fmt: skip
    built = book.build("-D", "language=de")
    assert "Dieser Teil kann nicht gezeigt werden: " in built.soup("index").get_text()
    assert "Diese Seite kann nicht gezeigt werden: " in built.soup("bad").get_text()
