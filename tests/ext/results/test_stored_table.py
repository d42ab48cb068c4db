"""The ``{stored-table}`` directive in all outputs."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

RESULTS = Path(__file__).parents[3] / "book" / "chapters" / "writing-a-chapter" / "results"
IRIS = ("iris.csv", "iris.Rda", "iris-model.rds")
INDEX = "# Book\n\n```{toctree}\n:numbered:\n\nch/index\nother\n```\n"


def table(target, **options):
    lines = [f":{name}: {value}" for name, value in options.items()]
    return "\n".join([f"```{{stored-table}} {target}", *lines, "```\n"])


def with_page(book, *parts):
    """A book of two chapters, the first with these parts and R's iris results."""
    files = {f"ch/results/{name}": (RESULTS / name).read_bytes() for name in IRIS}
    text = "# Chapter\n\n" + "\n".join(parts)
    return book.write({"index.md": INDEX, "other.md": "# Other\n", "ch/index.md": text, **files})


def rows(node):
    return [[cell.get_text() for cell in row.select("th, td")] for row in node.select("tr")]


#: A chapter's program that fits what R's ``lm(Sepal.Length ~ ., iris)`` fits.
FIT = """\
import statsmodels.formula.api as smf
from sklearn.datasets import load_iris
from sphinx_mmbook import store

iris = load_iris(as_frame=True)
names = ["Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width"]
data = iris.data.set_axis(names, axis=1)
data["Species"] = iris.target_names[iris.target]
terms = " + ".join(f'Q("{name}")' for name in data.columns[1:4])
store(smf.ols(f'Q("Sepal.Length") ~ {terms} + Species', data).fit(), "results/fitted.csv")
"""


def test_the_regression_is_the_same_from_csv_matrix_model_and_statsmodels(book):
    sources = [*IRIS, "fitted.csv"]
    with_page(book, *[table(f"results/{name}") for name in sources])
    book.write({"ch/code/fit.py": FIT})
    subprocess.run([sys.executable, "code/fit.py"], cwd=book.folder / "ch", check=True)
    built = book.build("-W")
    assert built.warnings == [] and built.status == 0
    tables = built.soup("ch/index").select("table.stored-table")
    assert len(tables) == len(sources)
    for node in tables:
        assert rows(node) == [
            ["", "Estimate", "Std. Error", "t value", "Pr(>|t|)"],
            ["(Intercept)", "2.1713", "0.2798", "7.760", "<0.0001"],
            ["Sepal.Width", "0.4959", "0.0861", "5.761", "<0.0001"],
            ["Petal.Length", "0.8292", "0.0685", "12.101", "<0.0001"],
            ["Petal.Width", "−0.3152", "0.1512", "−2.084", "0.0389"],
            ["Speciesversicolor", "−0.7236", "0.2402", "−3.013", "0.0031"],
            ["Speciesvirginica", "−1.0235", "0.3337", "−3.067", "0.0026"],
        ]


def test_caption_label_columns_alignment(book):
    page = table(
        "results/iris.csv",
        label="tbl-iris",
        caption="Sepals, *as* $y = x$ and {ref}`other <tbl-b>`",
        columns="=Term, Estimate=$\\beta$, t value=t",
        digits="2, t=0",
    )
    second = table("results/iris.Rda", name="tbl-b", caption="Second", align="lcccc")
    built = with_page(book, page, second, "See {numref}`tbl-iris`, {numref}`tbl-b`.").build("-W")
    assert built.warnings == []
    soup = built.soup("ch/index")
    first, second = soup.select("table.stored-table")
    assert (first["id"], second["id"]) == ("tbl-iris", "tbl-b")
    assert first.caption.em.get_text() == "as" and first.caption.select_one(".math")
    assert first.caption.select_one("a.reference")["href"] == "#tbl-b"
    assert rows(first)[:2] == [["Term", "\\(\\beta\\)", "t"], ["(Intercept)", "2.17", "8"]]
    sides = [cell["class"][-1] for cell in first.select("tbody tr")[0].select("td")]
    assert sides == ["mmbook-left", "mmbook-right", "mmbook-right"]
    assert {cell["class"][-1] for cell in second.select("td + td")} == {"mmbook-center"}
    assert "See Table 1.1, Table 1.2." in soup.get_text()


def test_cells_are_text_and_nothing_else(book):
    cells = 'a,b\n"<script>alert(1)</script>","$x_1$ & \\input{x} % -- ""q"""\n'
    book.write({"ch/results/x.csv": cells})
    with_page(book, table("results/x.csv"))
    html = book.build("-W")
    assert html.soup("ch/index").select("td script") == []
    assert rows(html.soup("ch/index").table)[1] == [
        "<script>alert(1)</script>",
        '$x_1$ & \\input{x} % -- "q"',
    ]
    latex = (book.build(builder="latex").outdir / "testbook.tex").read_text("utf-8")
    assert r"\input{x}" not in latex and r"\$x\_1\$ \& " in latex


def test_only_headings_of_groups_are_set_in_italics(book):
    book.write({"ch/results/one.csv": "g,x\na,1\nb,2\n"})
    page = table("results/one.csv", columns="x"), table("results/one.csv", **{"group-by": "g"})
    built = with_page(book, *page).build("-W")
    plain, grouped = built.soup("ch/index").select("table.stored-table")
    assert rows(plain) == [["x"], ["1"], ["2"]] and not plain.select("em")
    assert [mark.get_text() for mark in grouped.select("em")] == ["a", "b"]
    assert {cell["class"][-1] for cell in plain.select("td")} == {"mmbook-right"}


def test_a_switch_with_a_value_is_told_and_left_off(book):
    built = with_page(book, table("results/iris.csv", transpose="no", long="yes")).build()
    assert len(built.warnings) == 2
    for name, warning in zip(("transpose", "long"), built.warnings, strict=False):
        assert f"'{name}'" in warning and "it takes no value; write its name alone" in warning
    assert rows(built.soup("ch/index").table)[0][1] == "Estimate"


def test_latex_aligns_columns_and_breaks_long_cells(book):
    book.write({
        "ch/results/wide.csv": "name,text,x\na,a sentence that is longer than the others,1\n",
        "ch/results/long.csv": "text,x\n" + "a sentence that is longer than the others,1\n" * 40,
    })  # fmt: skip
    pages = [
        table(f"results/{name}.csv", caption="C", label=f"tbl-{name}") for name in ("wide", "long")
    ]
    with_page(book, table("results/iris.csv"), *pages)
    built = book.build("-W", builder="latex")
    assert built.warnings == []
    text = (built.outdir / "testbook.tex").read_text("utf-8")
    # Sphinx 8 has tabulary here, too.
    assert re.search(r"\\begin\{tabular(y\}\{\\linewidth)?\}\[t\]\{lrrrr\}", text)
    assert r"\begin{tabulary}{\linewidth}[t]{lLr}" in text
    assert r"\begin{longtable}{\X{43}{46}r}" in text
    assert text.count(r"\sphinxthistablewithbooktabsstyle") == 3


def test_text_output_has_columns_of_their_width(book):
    built = with_page(book, table("results/iris.csv")).build("-W", builder="text")
    text = (built.outdir / "ch" / "index.txt").read_text("utf-8")
    assert "| (Intercept)         | 2.1713     | 0.2798       | 7.760     | <0.0001    |" in text


FAULTS = {
    "results/none.csv": "result-missing",
    "../../etc/passwd": "path-outside-book",
    "../../../../../../etc/passwd": "path-outside-book",
    "results/link.csv": "path-outside-book",
    "results/model.pkl": "result-option",
    "results/large.csv": "result-too-large",
    "results/broken.rds": "result-unreadable",
}


def test_each_fault_is_one_message_and_the_book_is_built(book, tmp_path):
    book.write({
        "ch/results/model.pkl": pickle.dumps([1]),
        "ch/results/large.csv": b"x\n" + b"1\n" * 6_000_000,
        "ch/results/broken.rds": b"\x1f\x8b",
    })  # fmt: skip
    (book.folder / "ch/results/link.csv").symlink_to("/etc/passwd")
    built = with_page(book, *[table(target) for target in FAULTS], "The end.").build()
    assert built.status == 0 and "Traceback" not in built.err
    assert len(built.warnings) == len(FAULTS)
    for number, (target, rule) in enumerate(FAULTS.items()):
        line = 3 + 3 * number
        [warning] = [text for text in built.warnings if f"index.md:{line}:" in text]
        assert f"'{target.rpartition('/')[2]}'" in warning or f"'{target}'" in warning
        assert warning.endswith(f"[mmbook.{rule}]")
    soup = built.soup("ch/index")
    boxes = [box.get_text() for box in soup.select(".mmbook-fault.error")]
    assert len(boxes) == len(FAULTS) and "'results/none.csv' does not exist" in boxes[0]
    assert "root:" not in soup.get_text() and "The end." in soup.get_text()


def test_a_fault_in_an_option_and_in_an_included_file(book):
    book.write({"ch/part.md": "Text.\n\n" + table("results/iris.csv", columns="estimate")})
    (book.folder / "conf.py").open("a").write("exclude_patterns = ['ch/part.md']\n")
    built = with_page(book, "```{include} part.md\n```\n").build()
    [warning] = built.warnings
    assert "part.md:3:5: " in warning and "did you mean 'Estimate'?" in warning


def test_limit_from_the_settings(book):
    (book.folder / "conf.py").open("a").write("mmbook_result_max_bytes = 10\n")
    built = with_page(book, table("results/iris.csv")).build()
    assert "larger than 10 bytes" in built.warnings[0]


def touch(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    # A file system's clock may be some milliseconds behind the one that Sphinx compares with.
    now = time.time_ns()
    os.utime(path, ns=(now, now))


def read_again(built):
    return [line for line in built.out.splitlines() if line.startswith("updating environment")]


def test_exactly_the_pages_that_show_a_result_are_read_again(book):
    with_page(book, table("results/new.csv"), table("results/iris.csv"))
    assert "result-missing" in book.build().err
    touch(book.folder / "ch/results/new.csv", b"x\n111\n")
    appeared = book.build("-W")
    assert "0 added, 1 changed, 0 removed" in read_again(appeared)[0]
    assert "111" in appeared.soup("ch/index").get_text()
    assert "0 added, 0 changed, 0 removed" in read_again(book.build("-W"))[0]
    touch(book.folder / "ch/results/new.csv", b"x\n222\n")
    changed = book.build("-W")
    assert "0 added, 1 changed, 0 removed" in read_again(changed)[0]
    assert "222" in changed.soup("ch/index").get_text()


@pytest.mark.long
@pytest.mark.parametrize("jobs", ["2"])
def test_parallel_builds_say_the_same(book, jobs):
    extra = {
        f"p{n}.md": f"---\norphan: true\n---\n# P{n}\n\n" + table("/ch/results/iris.csv")
        for n in range(8)
    }
    with_page(book.write(extra), table("results/iris-model.rds"))
    serial, parallel = book.build("-W", out="_a"), book.build("-W", "-j", jobs, out="_b")
    assert serial.status == parallel.status == 0
    for name in ("ch/index", "p3"):
        assert str(serial.soup(name).table) == str(parallel.soup(name).table)
