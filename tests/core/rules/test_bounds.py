"""What rules say at the first sign of a page, at a limit, and of what is just beyond."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.rules.english.known_words import meant


def said(folder: Path, text: str, rule: str, **files: str) -> list[str]:
    """Return what one rule says of page ``a`` of a small book, each with its place."""
    index = "# Book\n\n```{toctree}\na\n```\n"
    for path, content in {"index.md": index, "conf.py": "", "a.md": text, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")
    found = [item for item in judge(load_book(folder)) if item.rule == rule]
    return [f"{item.location}: {item.message}" for item in found]


def test_a_dollar_sign_with_which_a_page_begins_opens_a_formula(tmp_path: Path) -> None:
    (found,) = said(tmp_path, "$\\ell falls.\n\n# A\n", "dollar-unbalanced")
    assert found.startswith("a.md:1:1: this '$' belongs to no formula")


def test_of_a_long_footnote_only_the_first_signs_are_repeated(tmp_path: Path) -> None:
    notes = "word " * 10
    found = said(tmp_path, f"# A\n\nText^[{notes}] and^[{notes}w].\n", "footnote-inline")
    assert f"'^[{notes.strip()}]'" in found[0]
    found = said(tmp_path, f"# A\n\nText^[{notes}w] and^[{notes}wo].\n", "footnote-inline")
    assert [one.partition("'")[2].partition("'")[0] for one in found] == [
        f"^[{notes[:49]}…]",
        f"^[{notes[:49]}…]",
    ]


@pytest.mark.parametrize(("length", "count"), [(100, 0), (101, 1)])
def test_paragraphs_of_more_than_a_hundred_signs_end_with_a_stop(
    tmp_path: Path, length: int, count: int
) -> None:
    text = "The loss falls here. The other one".ljust(length - 6, "a") + " rises"
    assert len(text) == length
    page = f"# A\n\n{text}\n\nThe next one begins here.\n"
    assert len(said(tmp_path, page, "stop-missing")) == count


def test_only_pages_that_are_excluded_are_told_to_be_left_out(tmp_path: Path) -> None:
    files = {"conf.py": "exclude_patterns = ['notes.*']\n", "notes.txt": "(sec-x)=\n# X\n"}
    page = "# A\n\nSee {ref}`sec-x`.\n"
    assert len(said(tmp_path, page, "reference-undefined", **files)) == 1
    assert said(tmp_path, page, "reference-left-out", **files) == []
    files["notes.md"] = files["notes.txt"]
    assert said(tmp_path, page, "reference-undefined", **files) == []
    (found,) = said(tmp_path, page, "reference-left-out", **files)
    assert "notes.md" in found


def test_the_column_of_a_local_path_counts_from_its_own_line(tmp_path: Path) -> None:
    table = "\nfile,n\n/home/ann/cat.png,1\n"
    page = "# A\n\n```{stored-table} results/a.csv\n```\n"
    (found,) = said(tmp_path, page, "result-path-local", **{"results/a.csv": table})
    assert found.startswith("results/a.csv:3:1: '/home/ann/cat.png'")
    (found,) = said(
        tmp_path, page, "result-path-local", **{"results/a.csv": table[table.index("/") - 1 :]}
    )
    assert found.startswith("results/a.csv:2:1: '/home/ann/cat.png'")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("S.Hochreiter", "'S.Hochreiter' is one word; write 'Hochreiter, S.'"),
        ("Juergen J.A.Schmid", "'J.A.Schmid' is one word; write 'Schmid, J. A.'"),
    ],
)
def test_initials_that_stick_to_a_name_are_set_behind_it(
    tmp_path: Path, name: str, advice: str
) -> None:
    entry = f"@misc{{a, title={{A}}, author={{{name}}}}}\n"
    (found,) = said(tmp_path, "# A\n\nSee {cite:p}`a`.\n", "bib-names", **{"a.bib": entry})
    assert advice in found


def test_a_name_with_its_year_before_a_citation_is_printed_twice(tmp_path: Path) -> None:
    bib = "@misc{lin, title={A}, author={Lin, T. and Chen, X.}, year={2014}}\n"
    for typed, count in (("Lin (2014)", 1), ("Lin and Chen", 1), ("Lin", 0)):
        page = f"# A\n\nAs {typed} {{cite:p}}`lin` say.\n"
        found = said(tmp_path, page, "cite-name-twice", **{"a.bib": bib})
        assert len(found) == count, typed


def test_the_first_that_means_nothing_to_a_bibliography_is_named(tmp_path: Path) -> None:
    page = "# A\n\n```{bibliography} references.bib\n:style: plain\n:filter: all\n```\n"
    (found,) = said(tmp_path, page, "bibliography-option")
    assert "':style:' means nothing" in found


def test_a_link_with_blanks_to_a_heading_gets_its_label(tmp_path: Path) -> None:
    page = "# A\n\nSee [there](#The losses of models).\n\n## The losses of models\n\nText.\n"
    (found,) = said(tmp_path, page, "link-dead")
    assert "write '#the-losses-of-models', and '(the-losses-of-models)=' above the heading" in found


def test_a_citation_typed_at_the_beginning_of_a_page_is_found(tmp_path: Path) -> None:
    bib = "@misc{lin, title={A}, author={Lin, T.}, year={2014}}\n"
    (found,) = said(tmp_path, "Lin (2014) shows it.\n\n# A\n", "cite-typed", **{"a.bib": bib})
    assert found.startswith("a.md:1:1: 'Lin (2014)' is typed; write {cite:t}`lin`")


def test_what_to_do_with_a_body_that_is_lost_depends_on_the_directive(tmp_path: Path) -> None:
    page = (
        "# A\n\n```{image} a.png\n:alt: a\n\nThe loss.\n```\n\n```{include} b.txt\n\nText.\n```\n"
    )
    found = said(tmp_path, page, "directive-body", **{"b.txt": "Text.\n"})
    assert "so 'The loss.' is lost; write {figure}, which has a caption" in found[0]
    assert "so 'Text.' is lost; delete it, or move it out" in found[1]


def test_a_number_alone_is_found_where_its_word_would_end_the_line_above(tmp_path: Path) -> None:
    figure = "```{figure} a.png\n:name: fig-a\n:alt: Falls.\n\nIt falls.\n```\n"
    page = f"# A\n\n{figure}\nThe loss falls as seen in\n{{numref}}`%s <fig-a>` again.\n"
    (found,) = said(tmp_path, page, "reference-word")
    assert found.startswith("a.md:11:1: ")


def test_a_chunk_within_a_directive_is_read_as_its_code(tmp_path: Path) -> None:
    chunk = "```{r fall, echo=FALSE}\nplot(1)\n```"
    assert len(said(tmp_path, f"# A\n\n{chunk}\n", "chunk-syntax")) == 1
    assert said(tmp_path, f"# A\n\n````{{margin}}\n{chunk}\n````\n", "chunk-syntax") == []


def test_a_reference_is_missing_only_after_a_whole_word_that_asks_for_one(tmp_path: Path) -> None:
    text = "# A\n\nSee the footnote , it falls.\n\nSee the thefootnote , it falls.\n"
    missing, space = said(tmp_path, text, "stop-blank")
    assert missing.startswith("a.md:3:17: between 'footnote' and this ','")
    assert space.startswith("a.md:5:20: there is a space before this ','")


def test_a_unit_that_is_marked_apart_from_its_number_is_not_mended(tmp_path: Path) -> None:
    text = "# A\n\nIt takes 40**GB**, and 8GB.\n"
    (found,) = said(tmp_path, text, "unit-blank")
    assert found == "a.md:3:24: '8GB' lacks a space; write '8 GB'"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("the `loss falls", "this backtick is printed, as it has no counterpart; add it"),
        ("the `loss falls' here", "write the quotes alike: '…'"),
        ("the `loss falls.'", "write the quotes alike: '…'"),
        ("the `loss falls'x here", "this backtick is printed, as it has no counterpart; add it"),
        ("the model`s loss", "this backtick is printed; write an apostrophe"),
        ("see {cite:p}`lin2014 here", "the role '{cite:p}' has no backtick at its end; add it"),
        ("the <!-- loss falls", "this comment is printed, as no '-->' follows"),
        ("the **loss falls", "this '**' is printed, as it has no counterpart"),
        ("the **loss ** falls", "these stars are printed; bold text has no space inside"),
    ],
)
def test_of_a_mark_that_is_printed_the_repair_is_told_that_fits(
    tmp_path: Path, text: str, advice: str
) -> None:
    (found,) = said(tmp_path, f"# A\n\nHere {text}\n\nAnd **more** here.\n", "mark-open")
    assert advice in found


@pytest.mark.parametrize("value", ["1", "yes please", "[true]", "{a: 1}"])
def test_what_says_nothing_of_freezing_is_told_with_what_does(tmp_path: Path, value: str) -> None:
    text = f"---\nmmbook:\n  freeze: {value}\n---\n\n# A\n"
    found = said(tmp_path, text, "front-matter")
    assert any("'freeze' must be true, false or auto" in one for one in found), found


@pytest.mark.parametrize(
    "text",
    ["It costs $5 and $10, and the loss $\\ell falls.", "$$5-$$", "It costs $5$ and $10$."],
)
def test_amounts_are_not_told_of_formulas_nor_beside_a_dollar_sign_too_many(
    tmp_path: Path, text: str
) -> None:
    assert said(tmp_path, f"# A\n\n{text}\n", "dollar-currency") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("5-20 words", 1),
        ("the words 5-20 of it", 1),
        ("the Experiments 5-20 of it", 0),
        ("the Observations 5-20 of it", 0),
        ("the version 5-20 of it", 0),
        ("in 1989-2001 it was", 1),
        ("the Year 1989-2001 of it", 1),
        ("the ISO 1989-2001 of it", 0),
        ("in 2001-12 it was", 0),
        ("in 2001-13 it was", 0),
        ("the words 20-20 of it", 0),
    ],
)
def test_a_range_is_no_name_whatever_its_length(tmp_path: Path, text: str, count: int) -> None:
    assert len(said(tmp_path, f"{text}, as said.\n", "dash-typed")) == count


@pytest.mark.parametrize(
    ("headings", "alone"),
    [
        ("# A|## B", []),
        ("# A|## B|### C", ["C"]),
        ("# A|## B|### C|### D", []),
        ("# A|## B|### C|## E", ["C"]),
        ("# A|## B|### C|#### D|#### E", ["C"]),
        ("# A|## B|### C|#### D|## E|### F|### G", ["C", "D"]),
        ("# A|## B|### References", []),
    ],
)
def test_a_section_is_divided_into_two_or_none_but_a_page_may_have_one(
    tmp_path: Path, headings: str, alone: list[str]
) -> None:
    text = "".join(f"{heading}\n\nText.\n\n" for heading in headings.split("|"))
    found = said(tmp_path, text, "heading-alone", **{"conf.py": ""})
    assert [one.partition("'")[2].partition("'")[0] for one in found] == alone


def test_a_key_that_no_bibliography_has_gets_the_nearest_of_those_with_a_number(
    tmp_path: Path,
) -> None:
    bib = "@misc{lin2014, title={A}, author={Lin, T.}, year={2014}}\n"
    page = "# A\n\nAs @lin2015 and @somebody say, or @lin2016.\n"
    first, second = said(tmp_path, page, "cite-pandoc", **{"a.bib": bib})
    assert first.startswith("a.md:3:4: '@lin2015' cites keys that no bibliography has; did you")
    assert second.endswith("did you mean 'lin2014'?")


def test_a_link_to_a_page_of_the_site_gets_the_label_that_it_names(tmp_path: Path) -> None:
    page = "# A\n\n[It](index.html#loss) falls, [too](index.html#gain).\n\n(loss)=\n## Loss\n"
    built, other = said(tmp_path, page, "link-dead")
    assert built == "a.md:3:6: 'index.html#loss' is made by a build; link to '#loss'"
    assert "'index.html' is made by a build; link to the source 'index.md'" in other


def test_on_windows_only_line_ends_of_two_kinds_are_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(tmp_path, "# A\n", "line-ends")
    (tmp_path / "a.bib").write_bytes(b"% one\r\n% two\r\n")
    (tmp_path / "b.bib").write_bytes(b"% one\n% two\r\n")
    for system, paths in (("\n", ["a.bib:1", "b.bib:2"]), ("\r\n", ["b.bib:2"])):
        monkeypatch.setattr("os.linesep", system)
        found = [one for one in judge(load_book(tmp_path)) if one.rule == "line-ends"]
        assert [str(one.location) for one in found] == paths


def test_a_row_with_text_behind_its_cells_is_told_by_its_own_number(tmp_path: Path) -> None:
    table = "```{list-table}\n* - a\n  - b\n\n  more\n* - c\n  - d\n```\n"
    (found,) = said(tmp_path, f"# A\n\n{table}", "table-body")
    assert found.startswith("a.md:4: row 1 of this {list-table} is not a list of cells")


SMALL = (
    "The loss falls here", "The gain rises there", "Models learn from data",
    "Layers follow each other", "Errors become much smaller", "Weights stay rather small",
)  # fmt: skip


@pytest.mark.parametrize(("names", "count"), [("An SVM has", 0), ("It has", 1)])
def test_a_heading_whose_three_letters_a_page_has_is_a_name(
    tmp_path: Path, names: str, count: int
) -> None:
    others = "".join(f"## {heading}\n\nThe text of the page.\n\n" for heading in SMALL)
    text = f"# A\n\n{others}## Support Vector Machines\n\n{names} the support of a vector, as machines.\n"
    assert len(said(tmp_path, text, "heading-capitals")) == count


def test_a_lone_backtick_spoils_the_repair_of_citations_in_its_own_paragraph(
    tmp_path: Path,
) -> None:
    bib = {"works.bib": "@misc{lin2014, title={Loss}}"}
    (found,) = said(tmp_path, "# A\n\nA lone ` here.\n\nSee [@lin2014].\n", "cite-pandoc", **bib)
    assert found.endswith("; write {cite:p}`lin2014`")
    (found,) = said(tmp_path, "# A\n\nA lone ` here, see [@lin2014].\n", "cite-pandoc", **bib)
    assert "where a key may have {see} before it" in found


def test_two_images_are_not_described_by_the_same_two_words(tmp_path: Path) -> None:
    images = "![Falling loss](a.png)\n\n![Falling loss](b.png)\n"
    (found,) = said(tmp_path, f"# A\n\n{images}", "image-alt")
    assert "'b.png' is also that of 'a.png'" in found


def test_of_four_letters_a_word_may_be_a_slip_and_of_six_one_of_any_kind() -> None:
    assert meant("sampel") == {"sample"}
    assert meant("woud") == meant("wuold") == {"would"}
    assert meant("woold") == meant("lke") == set()


@pytest.mark.parametrize(
    ("written", "near"), [("fig-loss-2", ""), ("fig-los-3", "did you mean 'fig-loss-3'?")]
)
def test_another_of_a_series_is_not_what_a_reference_means(
    tmp_path: Path, written: str, near: str
) -> None:
    figure = "```{figure} a.png\n:name: fig-loss-3\n\nLoss.\n```\n"
    page = f"# A\n\n{figure}\nSee {{numref}}`{written}`.\n"
    (found,) = said(tmp_path, page, "reference-undefined", **{"a.png": ""})
    assert found.endswith(near or "define it, or correct it")


@pytest.mark.parametrize(
    ("line", "count"), [("from -1 to 1.", 1), ("as ['a': -1] is.", 0), ("or x = [ -1 & -2].", 0)]
)
def test_in_a_line_of_code_a_hyphen_is_the_minus_sign(
    tmp_path: Path, line: str, count: int
) -> None:
    assert len(said(tmp_path, f"# A\n\nIt falls\n{line}\n", "formula-sign")) == count


@pytest.mark.parametrize(("begin", "count"), [("It falls. ", 1), ("*And* ", 0)])
def test_behind_a_marked_word_a_reference_does_not_begin_a_sentence(
    tmp_path: Path, begin: str, count: int
) -> None:
    figure = "```{figure} a.png\n:name: fig-a\n\nLoss.\n```\n"
    first = f"{begin}{{numref}}`fig-a` show it.\n\n# A\n\n{figure}"
    assert len(said(tmp_path, first, "reference-verb", **{"a.png": ""})) == count
    later = f"# A\n\n{figure}\n{begin}{{numref}}`fig-a` show it.\n"
    assert len(said(tmp_path, later, "reference-verb", **{"a.png": ""})) == count


@pytest.mark.parametrize(("level", "count"), [("##", 1), ("###", 0)])
def test_a_list_of_works_is_empty_if_a_heading_of_its_level_follows(
    tmp_path: Path, level: str, count: int
) -> None:
    page = f"# A\n\n## References\n\n{level} Books\n\nThese are read.\n"
    assert len(said(tmp_path, page, "heading-references")) == count
