"""Citations and lists of works in built books."""

import json
import shutil
import subprocess

import pytest

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.fixing import mended
from sphinx_mmbook.core.checking.judge import judge

COCO = (
    "@inproceedings{lin2014, author={Lin, Tsung-Yi and Maire, Michael and Belongie, Serge},"
    " title={{Microsoft COCO}}, year=2014, doi={10.1007/x_48}}\n"
)
MESHED = "@misc{cornia2020, author={Cornia, M. and others}, title={Meshed}, year=2020}\n"
XA = "@misc{x:a, author={X, A.}, title={Alpha <b>}, year=2020}\n"
XB = "@misc{x:b, author={X, A.}, title={Beta}, year=2020}\n"

PAGES = ("index", "one/index", "two/index", "plain", "bibliography")


@pytest.fixture
def cited(root):
    return root("citations")


def keys(soup):
    return [item["id"] for item in soup.select("ul.mmbook-references > li")]


def written(book, build):
    """Build; return the pages that were written, of which Sphinx always adds the toctree's page."""
    pages = {name: book.folder / "_build" / "html" / f"{name}.html" for name in PAGES}
    before = {name: page.stat().st_mtime_ns for name, page in pages.items()}
    built = build()
    assert built.warnings == []
    changed = {name for name, page in pages.items() if page.stat().st_mtime_ns != before[name]}
    return changed - {"index"} if changed != {"index"} else changed


def test_citations_and_lists(cited):
    built = cited.build("-W")
    assert built.warnings == []
    one = built.soup("one/index")
    assert [cite.get_text() for cite in one.select(".mmbook-citation")] == [
        "Lin et al. (2014)", "(Lin et al., 2014; Cornia et al., 2020)",
        "(see Lin et al., 2014, p. 5)", "(X, 2020a)",
    ]  # fmt: skip
    assert keys(one) == ["ref-cornia2020", "ref-lin2014", "ref-x_x3a_a"]
    links = [link["href"] for link in one.select(".mmbook-citation a")]
    assert {link.removeprefix("#") for link in links} == set(keys(one))
    heading = one.find("h2", class_="rubric")
    assert heading.get_text() == "References"
    assert heading.find_next_sibling()["class"][0] == "mmbook-references"
    assert heading.parent.h1 is not None  # at the end of the page, not of its last section
    assert one.find(id="ref-lin2014").a["href"] == "https://doi.org/10.1007/x_48"
    assert "Alpha <b>" in one.find(id="ref-x_x3a_a").get_text()
    assert keys(built.soup("two/index")) == ["ref-lin2014", "ref-x_x3a_b"]
    assert keys(built.soup("bibliography")) == [
        "ref-cornia2020", "ref-lin2014", "ref-x_x3a_a", "ref-x_x3a_b",
    ]  # fmt: skip
    assert keys(built.soup("plain")) == []
    assert "References" not in built.soup("index").select_one(".sphinxsidebar").get_text()


def test_the_pdf_lists_works_per_chapter_and_one_long_page_once(cited):
    latex = cited.build("-W", builder="latex")
    tex = (latex.outdir / "testbook.tex").read_text("utf-8")
    assert (latex.warnings, tex.count("Microsoft COCO")) == ([], 3)
    for page, links in (("one/index", 3), ("two/index", 1), ("bibliography", 0)):
        assert tex.count(rf"\label{{\detokenize{{{page}:ref-lin2014}}}}") == 1
        assert tex.count(rf"\hyperref[\detokenize{{{page}:ref-lin2014}}]") == links
    assert r"\newenvironment{sphinxclassmmbook-references}" in tex
    single = cited.build("-W", builder="singlehtml").soup("index")
    ids = [node["id"] for node in single.select("[id]")]
    assert len(ids) == len(set(ids))
    assert len(keys(single)) == 4


def test_a_book_without_bibliography_page(cited):
    (cited.folder / "bibliography.md").unlink()
    cited.change("index.md", "bibliography\n", "")
    built = cited.build("-W")
    assert built.warnings == []
    assert keys(built.soup("two/index")) == ["ref-lin2014", "ref-x_x3a_b"]
    latex = cited.build("-W", builder="latex")
    tex = (latex.outdir / "testbook.tex").read_text("utf-8")
    assert r"\label{\detokenize{two/index:ref-lin2014}}" in tex
    assert r"\hyperref[\detokenize{two/index:ref-lin2014}]" in tex


def test_what_changes_is_written_again_and_nothing_else(cited):
    cited.build()
    assert written(cited, cited.build) == set()
    cited.write({"one/references.bib": COCO + MESHED.replace("Meshed", "Meshed-Memory") + XA})
    assert written(cited, cited.build) == {"one/index", "bibliography"}
    # Neither blanks nor works that nobody cites change a page.
    cited.write({"two/references.bib": "@misc{uncited, title={U}}\n\n" + XB + COCO})
    assert written(cited, cited.build) == set()
    # A new citation; x:b needs its letter no more when x:a is gone.
    cited.write({"plain.md": "# Plain\n\nNow {cite:p}`uncited`.\n"})
    assert written(cited, cited.build) == {"plain", "bibliography"}
    cited.write({"one/index.md": "# One\n\n{cite:t}`lin2014`.\n"})
    assert written(cited, cited.build) == {"one/index", "two/index", "bibliography"}
    assert "X (2020)" in cited.build().soup("two/index").get_text()


@pytest.mark.long
def test_serial_and_parallel_builds_are_equal(cited):
    one, two = cited.build("-W", out="one"), cited.build("-W", "-j2", out="two")
    assert (one.warnings, two.warnings) == ([], [])
    # What lies in the other build's folder is not a page of this book.
    for page in (*PAGES, "genindex"):
        texts = [(built.outdir / f"{page}.html").read_bytes() for built in (one, two)]
        assert texts[0] == texts[1], page


def test_faults_are_reported_once_and_on_every_build(cited):
    cited.write(
        {
            "one/index.md": "# One\n\nText\nSee {cite:t}`lin2041`, {cite:p}`a b`.\n",
            "two/references.bib": COCO.replace("Microsoft COCO", "Other").replace("10.1007", "10.1")
            + XB
            + "@misc{broken",
        }
    )
    for _ in (1, 2):
        built = cited.build()
        assert built.status == 0
        found = [line.partition(str(cited.folder) + "/")[2] for line in built.warnings]
        assert len(found) == 4, found
        assert found[0] == (
            "one/index.md:4:5: WARNING: no .bib file of the book has the key 'lin2041'; "
            "did you mean 'lin2014'? [mmbook.cite-unknown]"
        )
        assert found[1].startswith("one/index.md:4:24: WARNING: 'a b' is not a list of keys")
        assert found[2].startswith("two/references.bib:1: WARNING: the key 'lin2014' stands for")
        assert "one/references.bib:1" in found[2]
        assert found[2].endswith("[mmbook.bib-key-conflict]")
        assert found[3].startswith("two/references.bib:3:1: WARNING: entry 'broken' is not closed")
        assert found[3].endswith("[mmbook.bib-syntax]")
    assert "lin2041?" in built.soup("one/index").get_text()


def test_an_unknown_key_that_no_page_has_in_its_source(cited):
    part = "Included {cite:p}`lin2041` and {cite:p}`lin2014`.\n"
    page = "# Two\n\n{cite:p}`lin2014`\n\n```{include} part.txt\n```\n"
    built = cited.write({"two/part.txt": part, "two/index.md": page}).build()
    (warning,) = built.warnings
    assert "has the key 'lin2041'" in warning


def test_what_the_checker_mends_prints_what_was_meant(cited):
    text = (
        "# Two\n\nIt ({cite:t}`lin2014`) is; (see {cite:t}`lin2014`, p. 5) it; by ({cite:t}`x:b`) it;"
        " {cite:p}`x:b` {cite:p}`lin2014` it; [-@lin2014], [see @lin2014, p. 3; @x:b], @X:b,\n"
        "@lin2014 [p. 3]; \\citet[p. 4]{lin2014} and {cite:p}`LIN2014`.\n"
    )
    cited.write({"two/index.md": text})
    for _ in range(4):
        for path, (_, new) in mended(cited.folder, judge(load_book(cited.folder))).items():
            cited.write({path: new})
    built = cited.build("-W")
    assert "@X:b" in built.soup("two/index").p.get_text()  # no key: somebody's name
    assert " ".join(built.soup("two/index").p.get_text().split()) == (
        "It (Lin et al., 2014) is; (see Lin et al., 2014, p. 5) it; by X (2020b) it;"
        " (X, 2020b; Lin et al., 2014) it; (2014), (see Lin et al., 2014, p. 3; X, 2020b), @X:b,"
        " Lin et al. (2014, p. 3); Lin et al. (2014, p. 4) and Lin et al. (2014)."
    )


def test_a_second_list_and_options_without_meaning(cited):
    page = "# Two\n\n{cite:p}`lin2014`\n\n```{bibliography}\n:style: plain\n```\n"
    built = cited.write({"two/index.md": page}).build()
    assert len(built.warnings) == 2
    assert "two/index.md:5:5: WARNING: ':style:'" in built.warnings[0]
    assert "two/index.md:5:5: WARNING: 'bibliography' lists all works already" in built.warnings[1]
    assert len(built.soup("two/index").select(".mmbook-references li")) == 1  # the page's own


def test_a_chapter_of_a_jupyter_book_lists_its_works_where_it_asks_for_them(cited):
    asked = "```{bibliography}\n:filter: docname in docnames\n```\n"
    page = f"# Two\n\n{{cite:p}}`lin2014`\n\n## Sources\n\n{asked}\n## End\n"
    two = cited.write({"two/index.md": page}).build("-W").soup("two/index")
    (listed,) = two.select(".mmbook-references")
    assert listed.parent.h2.get_text().startswith("Sources")
    assert two.find(class_="rubric") is None
    assert listed.find("li")["id"] == two.select_one(".mmbook-citation a")["href"][1:]


def test_unknown_key_in_a_notebook_names_its_cell(cited):
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": text}
        for text in ("# Two", "Text.\n\nSee {cite:t}`lin2041`.")
    ]
    (cited.folder / "two/index.md").unlink()
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    built = cited.write({"two/index.ipynb": json.dumps(notebook)}).build()
    (warning,) = built.warnings
    assert "two/index.ipynb:3:5: WARNING: cell 2, line 3: no .bib file" in warning


def test_german_book(cited):
    conf = (cited.folder / "conf.py").read_text() + 'language = "de"\n'
    cited.write({"conf.py": conf, "two/index.md": "# Zwei\n\n{cite:ts}`lin2014`\n"})
    two = cited.build("-W").soup("two/index")
    assert two.find("h2", class_="rubric").get_text() == "Literatur"
    assert "Lin, Maire und Belongie (2014)" in two.get_text()


def test_footnote_citations_still_work(cited):
    cited.write(
        {"two/index.md": "# Two\n\nA {footcite:p}`lin2014`.\n\n```{footbibliography}\n```\n"}
    )
    built = cited.build("-W")
    assert built.warnings == []
    assert "Microsoft COCO" in built.soup("two/index").get_text()


@pytest.mark.parametrize("role", ["footcite", "footcite:p"])
def test_a_work_cited_only_in_a_footnote_is_in_the_bibliography(cited, role):
    text = f"# Two\n\nA {{{role}}}`x:b`.\n\n```{{footbibliography}}\n```\n"
    conf = (cited.folder / "conf.py").read_text() + 'language = "de"\n'
    meeting = (
        "@inproceedings{x:b, title={Beta}, author={X, A. and Y, B.}, booktitle={Proc}, year=2020}"
    )
    cited.write({"conf.py": conf, "two/index.md": text, "two/references.bib": meeting})
    built = cited.build("-W")
    assert "ref-x_x3a_b" in keys(built.soup("bibliography"))
    assert keys(built.soup("two/index")) == []  # its footnotes list it already
    listed = next(
        i for i in built.soup("bibliography").select("li") if i.get("id") == "ref-x_x3a_b"
    )
    (note,) = built.soup("two/index").select("aside.footnote p, dl.footnote p")
    assert " ".join(note.get_text().split()) == " ".join(listed.get_text().split())
    assert " und " in note.get_text()


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("xelatex"), reason="needs xelatex")
def test_latex_list_compiles(cited):
    conf = (
        cited.folder / "conf.py"
    ).read_text() + 'latex_engine = "xelatex"\nlatex_elements = {"fontpkg": ""}\n'
    latex = cited.write({"conf.py": conf}).build("-W", builder="latex")
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "testbook.tex"]
    subprocess.run(command, cwd=latex.outdir, capture_output=True, check=True)
    text = subprocess.run(
        ["pdftotext", "testbook.pdf", "-"], cwd=latex.outdir, capture_output=True, check=True
    ).stdout.decode()
    assert "Alpha <b>" in text
    log = (latex.outdir / "testbook.log").read_text("utf-8", "replace")
    assert "undefined references" not in log


def test_citations_behind_an_eval_rst_block_stand_somewhere(book):
    page = "```{eval-rst}\nText.\n```\n\n# Title\n\nBy {cite:t}`lin2014`, {cite:p}`nobody` {footcite}`lin2014`.\n"
    book.write({"references.bib": COCO, "index.md": page})
    built = book.build()
    [warning] = built.warnings
    assert "index.md:7:23: " in warning and "has the key 'nobody'" in warning
    assert "Lin et al. (2014)" in built.soup("index").get_text()


def test_a_reference_to_a_caption_or_heading_shows_its_citation_and_not_its_key(book):
    page = "# A\n\n(sec-a)=\n## As in {cite:t}`lin2014`\n\n```{figure} a.png\n:name: fig-a\n\nBy {cite:p}`lin2014`.\n```\n\n"
    book.write({"references.bib": COCO, "index.md": f"{page}{{ref}}`fig-a`: {{ref}}`sec-a`\n"})
    text = " ".join(book.build().soup("index").get_text().split())
    assert "By (Lin et al., 2014).: As in Lin et al. (2014)" in text
