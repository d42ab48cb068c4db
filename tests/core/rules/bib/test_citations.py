"""Citations and bibliographies judged and mended: any text, large books, notebooks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patience import patience
from sphinx_mmbook.core.bib.library import Library, merge, read_library
from sphinx_mmbook.core.bib.normal_form import normalise
from sphinx_mmbook.core.bib.parse import parse_bib
from sphinx_mmbook.core.book.book import Book, load_book
from sphinx_mmbook.core.book.facts import facts_of
from sphinx_mmbook.core.checking.fixing import EditedFile, accept, mended
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import source_from
from sphinx_mmbook.core.people.people import People
from sphinx_mmbook.core.references.other_syntax import foreign_citations_of
from sphinx_mmbook.core.rules.registry import all_rules, run

OURS = [rule for rule in all_rules() if rule.group in ("citations", "bibliography", "entries")]
BIB = """
@misc{lin2014, author={Lin, T.}, title={Common Objects in Context}, year=2014, doi={10.1000/1}}
@misc{coco, author={Lin, T.}, title={Common objects in context}, year=2014, doi={10.1000/1}}
@misc{chen, author={Chen, X.}, title={Captions}, year=2015}
"""
#: What the rules look for, in pieces that hypothesis puts together.
PIECES = st.sampled_from(
    ["{cite:p}`lin2014`", "{cite:t}`chen`", "{cite:p}`Lin2014,chen`", "{cite:t}`coco`", "{cite}`a b`",
     "{cite:p}`{see}lin2014{p. 3}`", "{footcite:p}`gone`", "[@lin2014]", "[see @coco, p. 3; @chen]", "@chen",
     "[-@chen]", "[@a;\n@b]", r"\citep[see][p. 3]{chen,coco}", r"\cite{lin2014}", "(", ")", "see ", " and ",
     ", ", "; ", "\n", "\n\n", " ", "*", "`", "# ", "> ", "| a |\n|---|\n| ", "- ", "\\", "[", "]", "é", "@",
     "```{note}\n", "```\n", "$x$", "{bibliography}", "by ", "\t", "{cite:p}`chen,chen`", "word "]
)  # fmt: skip


def library_of(text: str) -> Library:
    entries, findings = parse_bib(text, "references.bib")
    normal = tuple(normalise(entry) for entry in entries)
    merged, conflicts = merge(normal)
    return Library(merged, (*findings, *conflicts), normal)


def book_of(text: str, bib: str = BIB) -> Book:
    page, library = scan(source_from("a.md", text)), library_of(bib)
    return Book(Path(), pages={"a": page}, library=library, findings=library.findings)


def found_in(book: Book) -> list[Finding]:
    return [item for rule in OURS for item in run(rule, book.facts if rule.build else book)]


def fixed(text: str, findings: list[Finding]) -> str:
    file = EditedFile(text)
    for finding in findings:
        accept(finding.fix, {"a.md": file})
    return file.result()


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map("".join)))
def test_any_text_is_judged_and_mended_for_good(text: str) -> None:
    """No text fails; edits replace what stands at their place; mending comes to an end."""
    text = text.replace("\r", "\n")
    for _ in range(10):
        findings = found_in(book_of(text))
        lines = text.split("\n")
        for finding in findings:
            assert 1 <= finding.location.line <= max(len(lines), BIB.count("\n") + 1)
            for edit in finding.fix:
                assert lines[edit.at.line - 1].startswith(
                    edit.old.split("\n")[0], edit.at.column - 1
                )
        new = fixed(text, findings)
        if new == text:
            break
        text = new
    else:
        pytest.fail("rules that undo each other")


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_words_and_marks_around_citations_stay(text: str) -> None:
    around = re.compile(r"word|é|\$x\$|# |> |```|\||\*")
    assert around.findall(fixed(text, found_in(book_of(text)))) == around.findall(text)


ENTRIES = st.sampled_from(
    ["@article{k,", "@misc{k2,", "@inproceedings{", "title={", "author={", "A and B", "et al.", ", ", "; ",
     "year={20", "2014", "}", "},\n", "doi={10.1000/", "url={www.", "&amp;", "$", "TODO", "?", "crossref={k}",
     "eprint={1706.03762}", "<i>", "Ã¼", "\\noopsort{", "date={1.1.2020}", "\n", "=", '"', " ", "LOUD TITLE OF IT"]
)  # fmt: skip


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=200), st.lists(ENTRIES, max_size=30).map("".join)))
def test_any_bibliography_is_judged(bib: str) -> None:
    keys = ",".join(["k", "k2", "gone"])
    for finding in found_in(book_of(f"# A\n\n{{cite:p}}`{keys}`\n", bib)):
        assert finding.message
        assert finding.location.line <= max(3, bib.count("\n") + 1)


def test_words_before_several_works_keep_the_comma_after_them() -> None:
    (item,) = foreign_citations_of(book_of("So [e.g., @lin2014; @chen].").pages["a"])
    assert item.repair == "{cite:p}`{e.g.,}lin2014,chen`"


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    ["[@", "[@a", "@a ", "@", "[@a;", "(", "{cite:t}`chen` ", "({cite:t}`chen`) ", "[", r"\cite", r"\citep{",
     r"\cite[", "{cite:p}`chen`", "@a[", "@{", "-@", "[@a]", "{cite}`a,", "@a.:;", "[;@"],
)  # fmt: skip
@pytest.mark.parametrize("width", [200, 10_000])
def test_time_grows_no_faster_than_the_text(piece: str, width: int) -> None:
    paragraph = piece * (width // len(piece))
    book = book_of(f"{paragraph}\n\n" * (20_000 // width))
    with patience(5):
        foreign_citations_of(book.pages["a"])
        found_in(book)


@pytest.mark.long
@pytest.mark.parametrize(
    "piece", ["?", "10.1000/", "et al ", "&", "<i", "$", "A;", "Ã", ", ", ".", "\\"]
)
@pytest.mark.parametrize("field", ["title", "author", "doi", "url", "year"])
def test_long_fields_take_no_time(field: str, piece: str) -> None:
    book = book_of("{cite:p}`k`", f"@misc{{k, {field}={{{piece * (100_000 // len(piece))}}}}}")
    with patience(10):
        found_in(book)


@pytest.mark.long
def test_a_large_book_is_judged_at_once(tmp_path: Path) -> None:
    entries = "".join(
        f"@misc{{work{n}, author={{Name{n}, A.}}, title={{On the Number {n}}}, year={{{1990 + n % 30}}}}}\n"
        for n in range(2000)
    )
    (tmp_path / "a.bib").write_text(entries)
    library = read_library(tmp_path, ["a.bib"])
    text = "".join(
        f"Text {{cite:{'pt'[n % 2]}}}`work{n % 2000}` and so on.\n\n" for n in range(100)
    )
    pages = {f"p{n}": scan(source_from(f"p{n}.md", text)) for n in range(100)}
    book = Book(tmp_path, pages=pages, library=library, findings=library.findings)
    _ = book.facts
    with patience(10):  # comparing each work with each takes a minute
        found_in(book)


def test_mending_works_in_notebooks_and_over_all_pages(tmp_path: Path) -> None:
    cells = [
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": ["# A\n", "See [@coco] and [@lin2014].\n", "So [@coco]."],
        },
        {"cell_type": "markdown", "metadata": {}, "source": "({cite:t}`coco`) {cite:p}`LIN2014`"},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    (tmp_path / "index.md").write_bytes(
        b"\xef\xbb\xbf# B\r\n\r\nAs {cite:t}`lin2014,coco` and\r\n{cite:t}`lin2014`.\r\n"
    )
    (tmp_path / "references.bib").write_text(BIB)
    for _ in range(6):
        findings = [f for f in judge(load_book(tmp_path)) if f.rule.startswith(("cite", "bib"))]
        changed = mended(tmp_path, findings)
        write_whole({tmp_path / path: new for path, (_, new) in changed.items()})
    read = json.loads((tmp_path / "a.ipynb").read_text())["cells"]
    assert read[0]["source"] == [
        "# A\n", "See {cite:p}`lin2014` and {cite:p}`lin2014`.\n", "So {cite:p}`lin2014`.",
    ]  # fmt: skip
    assert read[1]["source"] == "{cite:p}`lin2014`"
    expected = b"\xef\xbb\xbf# B\r\n\r\nAs {cite:t}`lin2014` and\r\n{cite:t}`lin2014`.\r\n"
    assert (tmp_path / "index.md").read_bytes() == expected


def test_the_most_cited_key_is_kept() -> None:
    book = book_of("{cite:t}`coco`, {cite:t}`coco` and {cite:t}`lin2014`")
    (finding,) = [item for item in found_in(book) if item.rule == "bib-same-work"]
    assert "cite 'coco' everywhere" in finding.message
    assert [(edit.old, edit.new) for edit in finding.fix] == [("lin2014", "coco")]


def test_suggestions_are_the_nearest_keys() -> None:
    keys = {f"author{n}title": None for n in range(500)} | {"vaswani2017attention": None}
    library = Library(keys)  # type: ignore[arg-type]
    assert library.suggest("vaswani2017attetnion") == "vaswani2017attention"
    assert library.suggest("author77tilte") == "author77title"
    assert library.suggest("Vaswani2017Attention") == "vaswani2017attention"
    assert library.suggest("xyz") == library.suggest("") == ""


def test_facts_hold_what_is_no_prose() -> None:
    text = (
        "---\nfile_format: mystnb\n---\n\n:::{admonition} Title {cite:t}`a`\n:::\n\n"
        '```{code-cell}\n#| fig-cap: "Loss of {cite:p}`b`"\nx = "{cite:p}`no`"\n```\n'
    )
    facts = facts_of(scan(source_from("a.md", text)), People())
    assert [(item.keys, item.at.line, item.at.column) for item in facts.citations] == [
        (["a"], 5, 23), (["b"], 9, 22),
    ]  # fmt: skip
