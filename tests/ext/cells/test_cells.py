"""Cells as figures and tables: one book, executed once, read from its HTML and LaTeX."""

from __future__ import annotations

import re

import nbformat
import pytest

from conftest import Book, Built, copied


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> dict[str, Built]:
    book = copied("cells", tmp_path_factory.mktemp("cells") / "book")
    # The first build reads in parallel and runs the code; the others only write.
    html = book.build("-j", "2")
    return {"html": html} | {name: book.build(builder=name) for name in ("latex", "text")}


def test_no_warnings(built):
    for result in built.values():
        assert (result.status, result.warnings) == (0, [])


def test_a_figure(built):
    page = built["html"].soup("plots")
    figure = page.find(id="fig-loss")
    assert figure.name == "figure"
    assert figure.img["alt"] == "A single dot"
    assert "80%" in figure.img["style"]
    caption = figure.figcaption
    assert caption.find(class_="math") is not None
    assert caption.em.get_text() == "more"
    assert caption.a["href"] == "#plots-here"
    assert figure.find_previous(class_="cell_input").get_text().strip() == "dot"


def test_two_images_make_one_figure(built):
    figure = built["html"].soup("plots").find(id="fig-two")
    images = figure.find_all("img")
    assert [image["alt"] for image in images] == ["Two dots"] * 2
    assert figure.find_parent(class_="cell").find(class_="cell_input") is None


def test_a_label_without_caption_is_an_anchor(built):
    cell = built["html"].soup("plots").find(id="cell-plain")
    assert cell.get_text().strip() == "no figure <b>here</b>"
    assert "cell" in cell["class"]


def test_references(built):
    page = built["html"].soup("plots")
    numbers, titles = (
        p for p in page.find_all("p") if p.get_text().startswith(("Numbers", "Titles"))
    )
    assert " ".join(numbers.get_text().split()[:9]) == (
        "Numbers: Figure 1.1, Figure 1.2, Figure 3.1, Table 2.1."
    )
    hrefs = ["#fig-loss", "#fig-two", "notebook.html#fig-nb", "frames.html#tbl-frame"]
    assert [link["href"] for link in numbers.find_all("a")] == hrefs
    assert "Two dots" in titles.get_text()
    hrefs = ["#fig-loss", "#fig-two", "frames.html#tbl-frame", "#cell-plain"]
    assert [link["href"] for link in titles.find_all("a")] == hrefs
    assert built["html"].soup("notebook").find(id="fig-nb").name == "figure"


def test_a_data_frame(built):
    page = built["html"].soup("frames")
    table = page.find(id="tbl-frame")
    assert table.name == "table"
    assert table.caption.get_text().startswith("Table 2.1")
    assert table.caption.em.get_text() == "frame"
    rows = [[cell.get_text().strip() for cell in row.find_all(["th", "td"])] for row in table("tr")]
    assert rows == [
        ["", "name", "score"],
        ["0", "<script>a</script>", "1.5"],
        ["1", "b_%&", "-2.0"],
    ]
    body = table.tbody.tr.find_all(["th", "td"])
    assert [cell.name for cell in body] == ["th", "td", "td"]
    assert ["mmbook-right" in cell["class"] for cell in body] == [False, False, True]
    assert page.find("style", string=re.compile("dataframe")) is None


def test_a_long_frame_says_how_long_it_is(built):
    table = built["html"].soup("frames").find_all("table")[1]
    texts = [row.get_text(" ", strip=True) for row in table("tr")]
    assert "... ..." in texts
    assert "100 rows × 1 columns" in table.find_next("p", class_="mmbook-table-note").get_text()


def test_header_groups_span(built):
    table = built["html"].soup("frames").find_all("table")[2]
    spans = [cell.get("colspan") for cell in table.thead.tr.find_all("th")]
    assert spans == [None, None, "2", None]
    assert [cell["rowspan"] for cell in table.tbody.find_all(rowspan=True)] == ["2", "2"]
    cells = [len(row.find_all(["th", "td"])) for row in table.tbody("tr")]
    assert cells == [5, 4, 5, 4]


def test_a_styler_keeps_its_colours_in_html_only(built):
    tables = built["html"].soup("frames").find_all("table")
    assert tables[3]["id"].startswith("T_")
    assert "rgb(1, 2, 3)" in str(built["html"].soup("frames"))
    assert tables[4]["id"] == "tbl-style"
    for name in ("latex", "text"):
        suffix = {"latex": "testbook.tex", "text": "frames.txt"}[name]
        text = (built[name].outdir / suffix).read_text("utf-8")
        assert "Styler" not in text


def test_latex(built):
    tex = (built["latex"].outdir / "testbook.tex").read_text("utf-8")
    figures = re.findall(r"\\begin\{figure\}.*?\\end\{figure\}", tex, re.DOTALL)
    labels = [re.search(r"\\label\{\\detokenize\{(.*?)\}\}", figure)[1] for figure in figures]
    assert labels == ["plots:fig-loss", "plots:fig-two", "notebook:fig-nb"]
    assert all(r"\caption{" in figure and r"\sphinxincludegraphics" in figure for figure in figures)
    assert r"\label{\detokenize{frames:tbl-frame}}" in tex
    assert r"\label{\detokenize{plots:cell-plain}}" in tex
    assert "#|" not in tex


def test_no_options_in_any_page(built):
    for page in ("plots", "frames", "notebook"):
        assert "#|" not in built["html"].soup(page).get_text()


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_a_widget_that_nothing_draws_shows_what_else_it_gave(book: Book, builder: str) -> None:
    view = {"model_id": "abc", "version_major": 2, "version_minor": 0}
    data = {"application/vnd.jupyter.widget-view+json": view, "text/plain": "IntSlider(value=5)"}
    shown = nbformat.v4.new_output("execute_result", data, execution_count=1)
    cell = nbformat.v4.new_code_cell("slider", outputs=[shown], execution_count=1)
    kernel = {"name": "python3", "display_name": "Python", "language": "python"}
    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Widgets"), cell], metadata={"kernelspec": kernel}
    )
    conf = f"{book.text('conf.py')}\nnb_execution_mode = 'off'\n"
    book.write({"conf.py": conf, "index.ipynb": nbformat.writes(page)})
    built = book.build("-W", builder=builder)
    assert built.warnings == []
    text = "".join(f.read_text() for f in built.outdir.glob("*.tex")) or built.soup("index").text
    assert "IntSlider(value=5)" in text
