"""Repairs are right, or none is offered: each that was wrong once."""

from __future__ import annotations

from pathlib import Path

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.checking.fixing import mended
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.finding import Finding

INDEX = "# Book\n\n```{toctree}\n:numbered:\n\na\n```\n"
BIB = "@book{lin, author={Lin, T.}, title={Microsoft COCO}, year={2014}, publisher={P}}\n"


def findings(folder: Path, text: str, rule: str = "", **files: str) -> list[Finding]:
    """Return the findings on page ``a`` of a small book, by one rule or all."""
    for path, content in {"index.md": INDEX, "a.md": text, "references.bib": BIB, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")
    return [item for item in judge(load_book(folder)) if rule in ("", item.rule)]


def after_fix(folder: Path, text: str) -> str:
    """Return page ``a`` after all repairs, of which none makes room for another for ever."""
    for _ in range(10):
        changed = mended(folder, findings(folder, text))
        text = changed.get("a.md", ("", text))[1]
        if not changed:
            return text
    raise AssertionError("rules that undo each other")


def test_a_div_is_not_told_to_be_a_directive_that_does_not_exist(tmp_path: Path) -> None:
    (item,) = findings(tmp_path, '# A\n\n<div class="x">\n\ntext\n\n', "html-dropped")
    assert "{div}" not in item.message
    assert "write its text alone, or ':::{container} x' and ':::' around it" in item.message


def test_the_text_of_a_div_does_not_stand_in_the_advice_to_write_it_alone(tmp_path: Path) -> None:
    page = "# A\n\nA <div>of text</div>, <nobr>of 2</nobr> and <u>this</u> <font>one</font>.\n"
    told = [item.message.partition("; ")[2] for item in findings(tmp_path, page, "html-dropped")]
    assert told == ["write its text alone", "write *this*", "write [one]{.name}"]


def test_a_line_break_in_a_table_is_not_told_to_be_a_backslash(tmp_path: Path) -> None:
    (item,) = findings(tmp_path, "# A\n\n| a |\n|---|\n| 1<br>2 |\n", "html-dropped")
    assert "backslash" not in item.message
    assert "{list-table}" in item.message


def test_a_large_svg_is_not_told_to_be_saved_as_svg(tmp_path: Path) -> None:
    page = "# A\n\nA ![big curve](big.svg) here.\n"
    (item,) = findings(tmp_path, page, "image-size", **{"big.svg": "<svg/>".ljust(1_100_000)})
    assert "as JPEG or SVG" not in item.message
    assert "save it as PNG" in item.message


def test_a_notebook_under_code_is_not_told_to_be_named_in_the_toctree(tmp_path: Path) -> None:
    found = findings(tmp_path, "# A\n", "chapter-left-out", **{"chapters/b/code/run.md": "# Run\n"})
    assert [item.location.path for item in found] == ["chapters/b/code/run.md"]
    assert (
        'takes it for a page and runs it; write "**/code/**" into exclude_patterns'
        in found[0].message
    )


def test_a_heading_references_is_deleted_not_made_a_section(tmp_path: Path) -> None:
    text = "# A\n\nText.\n\n# References\n"
    assert not findings(tmp_path, text, "title-several")
    assert after_fix(tmp_path, text) == "# A\n\nText.\n\n\n"


def test_a_label_that_a_broken_fence_swallowed_is_not_to_be_defined_again(tmp_path: Path) -> None:
    text = "# A\n\nSee {numref}`fig-x`.\n\n```{table} a ` b\n:name: fig-x\n\n| a |\n|---|\n```\n"
    (item,) = findings(tmp_path, text, "reference-undefined")
    assert "define it" not in item.message
    assert "a.md:6 has it, but in no directive" in item.message


def test_a_name_before_a_verb_does_not_get_into_parentheses(tmp_path: Path) -> None:
    text = "# A\n\nText. (@lin) explored it, as (@lin) and others did. It is so (@lin).\n"
    mended_text = (
        "{cite:t}`lin` explored it, as {cite:t}`lin` and others did. It is so {cite:p}`lin`."
    )
    assert mended_text in after_fix(tmp_path, text)


def test_a_title_with_a_colon_is_put_in_quotes(tmp_path: Path) -> None:
    text = '---\ntitle: CLIP: a "new" model\n---\n\nText.\n'
    (item,) = findings(tmp_path, text, "front-matter")
    assert "the value of 'title' has a colon" in item.message
    assert after_fix(tmp_path, text) == '---\ntitle: "CLIP: a \\"new\\" model"\n---\n\nText.\n'


def test_front_matter_after_an_empty_line_is_no_missing_title(tmp_path: Path) -> None:
    text = "\n---\ntitle: A\n---\n\nText.\n"
    found = findings(tmp_path, text)
    assert [item.rule for item in found if item.level != "info"] == ["front-matter-late"]
    assert after_fix(tmp_path, text) == "---\ntitle: A\n---\n\nText.\n"


def test_a_path_of_windows_is_on_somebodys_computer_not_missing(tmp_path: Path) -> None:
    text = "# A\n\nA ![curve](C:\\Users\\ann\\loss.png) and ![one](figures\\loss.png).\n"
    found = findings(tmp_path, text, **{"figures/loss.png": "\x89PNG"})
    assert [item.rule for item in found if "Users" in item.message] == ["path-local"]
    assert "![one](figures/loss.png)" in after_fix(tmp_path, text)


def test_line_ends_of_a_program_are_not_rewritten(tmp_path: Path) -> None:
    (tmp_path / "run.R").write_bytes(b"x <- 1\r\ny <- 2\r\n")
    (item,) = findings(tmp_path, "# A\n", "line-ends")
    assert not item.fix
    assert "write '* text=auto' into .gitattributes" in item.message
    (tmp_path / ".gitattributes").write_text("* text=auto eol=lf\n")
    assert not findings(tmp_path, "# A\n", "line-ends")


def test_capitals_in_a_label_that_references_find_are_no_error(tmp_path: Path) -> None:
    text = "# A\n\n(sec-ERA5)=\n## Data\n\nSee {numref}`sec-ERA5`.\n"
    (item,) = findings(tmp_path, text, "label-malformed")
    assert item.level == "info"
    assert after_fix(tmp_path, text) == text


def test_an_author_line_without_a_name_is_told_once_that_it_is_empty(tmp_path: Path) -> None:
    found = findings(tmp_path, '---\ntitle: A\nauthor: ""\n---\n\nText.\n')
    assert [item.rule for item in found if item.level != "info"] == ["byline-empty"]


def test_a_note_with_a_displayed_formula_is_not_put_into_one_line(tmp_path: Path) -> None:
    text = "# A\n\nSo^[The proof\n\\begin{align*}\na\n\\end{align*}].\n"
    formula = "    \\begin{align*}\n    a\n    \\end{align*}\n"
    assert f"So[^note-1].\n\n[^note-1]: The proof\n\n{formula}" in after_fix(tmp_path, text)


def test_a_page_with_a_cell_in_r_gets_the_header_of_its_kernel(tmp_path: Path) -> None:
    mended_page = after_fix(tmp_path, "# A\n\n```{code-cell} r\n1 + 1\n```\n")
    assert mended_page.startswith("---\nfile_format: mystnb\nkernelspec: {name: ir}\n---\n")


def test_a_caption_above_its_table_does_not_go_to_the_table_before(tmp_path: Path) -> None:
    table = "| {} | b |\n|---|---|\n| 1 | 2 |\n\n"
    page = "".join(
        f"Table: (\\#tab:{x}) The {x}.\n\n{table.format(x)}" for x in ("one", "two", "six")
    )
    mended = after_fix(tmp_path, f"# A\n\n{page}Text.\n")
    for name in ("one", "two", "six"):
        assert f":::{{table}} The {name}.\n:name: tab-{name}\n\n| {name} | b |" in mended


def test_a_caption_below_its_table_is_not_that_of_the_next(tmp_path: Path) -> None:
    table = "| {} | b |\n|---|---|\n| 1 | 2 |\n\n"
    page = f"# A\n\n{table.format('one')}Table: The one.\n\n{table.format('two')}Text.\n"
    mended = after_fix(tmp_path, page)
    assert mended.count("{table}") == 1
    assert ":::{table} The one.\n\n| one | b |" in mended


def test_a_picture_with_a_label_of_bookdown_is_a_figure_with_this_label(tmp_path: Path) -> None:
    page = "# A\n\nSee Figure \\@ref(fig:Cup).\n\n![(#fig:Cup)A cup by @lin](cup.png){width=70%}\n"
    figure = "```{figure} cup.png\n:name: fig-cup\n:width: 70%\n\nA cup by {cite:t}`lin`\n```"
    assert after_fix(tmp_path, page) == f"# A\n\nSee {{numref}}`fig-cup`.\n\n{figure}\n"


def test_a_theorem_keeps_its_label_behind_its_name_and_an_apostrophe_in_it(tmp_path: Path) -> None:
    page = '# A\n\n```{lemma, name = "Itô\'s Lemma", label="ito"}\nSo it is.\n```\n'
    assert "```{admonition} Lemma (Itô's Lemma)\n:name: lem-ito\n" in after_fix(tmp_path, page)


def test_a_formula_in_a_block_of_tex_is_a_formula(tmp_path: Path) -> None:
    formula = "\\begin{equation}\n  a\n  (\\#eq:a)\n\\end{equation}"
    page = f"# A\n\n```{{=tex}}\n{formula}\n```\nIn \\@ref(eq:a), a.\n\n```{{=tex}}\n\\vfill\n```\n"
    mended = after_fix(tmp_path, page)
    assert "\n\n\\begin{equation}\n  a\n  \\label{eq-a}\n\\end{equation}\n\nIn {eq}`eq-a`" in mended
    assert "```{raw} latex\n\\vfill\n```" in mended


def test_works_without_their_authors_stay_without_them(tmp_path: Path) -> None:
    assert "{cite:yearpar}`lin`" in after_fix(tmp_path, "# A\n\nLin and Lin [-@lin].\n")
    (item,) = findings(tmp_path, "# A\n\nLin and Lin [-@lin; -@lin].\n", "cite-pandoc")
    assert item.fix[0].new == "{cite:yearpar}`lin,lin`"


def test_a_reference_with_a_brace_for_a_parenthesis_is_told_as_one(tmp_path: Path) -> None:
    page = "# A\n\nFrom Equation \\@ref{eq:loss) it follows.\n"
    (item,) = findings(tmp_path, page, "reference-syntax")
    assert not findings(tmp_path, page, "bracket-open")
    assert "mistyped reference of bookdown" in item.message


def test_a_list_of_latex_is_not_told_to_have_an_empty_line_above_it(tmp_path: Path) -> None:
    page = "# A\n\n\\begin{itemize}\n\\item one\n\\end{itemize}\n"
    message = findings(tmp_path, page, "latex-in-text")[0].message
    assert "write '- ' before each of its items" in message


def test_a_parenthesis_that_a_formula_ends_is_not_told_to_need_another(tmp_path: Path) -> None:
    (item,) = findings(tmp_path, "# A\n\nThe mode (denoted $u_j )$ is here.\n", "bracket-open")
    assert "is in the formula '$u_j )$'; write it after the formula" in item.message


def english(folder: Path, text: str) -> list[str]:
    """Return what is said of a paragraph of English, without its place."""
    page = f"# A\n\nOf the two, the first is the one that we take for the rest {{cite:p}}`lin`. {text}\n"
    return [item.message for item in findings(folder, page) if item.location.path == "a.md"]


def test_a_url_needs_no_other_article(tmp_path: Path) -> None:
    assert not english(tmp_path, "It is read from a url, or from a list of them.")


def test_a_package_in_small_letters_may_begin_a_sentence(tmp_path: Path) -> None:
    assert not english(tmp_path, "The package `rvest` reads pages. rvest follows their links.")


def test_an_acronym_in_small_letters_is_told_its_own_spelling(tmp_path: Path) -> None:
    (message,) = english(tmp_path, "It speaks HTTP alone. http requests are answered.")
    assert "write 'HTTP'" in message


def test_a_slip_of_the_word_gauge_is_not_told_to_be_an_american_one(tmp_path: Path) -> None:
    (message,) = english(tmp_path, "It helps to guage the loss.")
    assert "write 'gauge'" in message


def test_links_with_a_colon_and_solutions_keep_their_label_when_it_is_renamed(
    tmp_path: Path,
) -> None:
    page = (
        "# A\n\n$$\na\n$$ (eq:lo_ss)\n\nBy [](eq:lo_ss), [it](eq:lo_ss) and {prf:ref}`un_ex`.\n\n"
    )
    text = page + ":::{exercise}\n:label: un_ex\n:::\n\n:::{solution-start} un_ex\n:::\n"
    mended = after_fix(tmp_path, text)
    assert "By [](eq-lo-ss), [it](eq-lo-ss) and {prf:ref}`un-ex`." in mended
    assert ":label: un-ex\n" in mended
    assert "{solution-start} un-ex\n" in mended
