"""Cell options: two spellings, exact places, one finding for each fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.cell_options import (
    CellOptions,
    body_line,
    cell_findings,
    cell_options,
    option_lines,
)
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import source_from

AT = Location("a/index.md", 10)


def test_lines_give_all_options():
    source = (
        "#| label: fig-loss\n#| fig-cap: Loss of $x$\n#| fig-alt: A falling curve\n"
        "#| out-width: 80%\n#| echo: false\n\nplot()\n"
    )
    options = cell_options(source, {}, AT)
    assert options == CellOptions(
        label="fig-loss",
        fig_cap="Loss of $x$",
        alt="A falling curve",
        width="80%",
        echo=False,
        lines=6,
        label_at=Location("a/index.md", 10, 11),
    )
    assert source.splitlines()[0][options.label_at.column - 1 :] == "fig-loss"


def test_values_over_several_lines():
    source = "#| fig-cap: >\n#|   Loss and\n#|   accuracy\n#| label:\n#|   fig-loss\nplot()"
    options = cell_options(source, {}, AT)
    assert (options.fig_cap, options.label, options.lines) == ("Loss and accuracy", "fig-loss", 5)


def test_metadata_is_the_same_but_lines_win():
    metadata = {"label": "fig-a", "caption": "A", "width": 300, "tags": ["remove-input"]}
    assert cell_options("x = 1", metadata, AT) == CellOptions("fig-a", "A", width="300")
    options = cell_options("#| label: fig-b\nx = 1", metadata, AT)
    assert (options.label, options.caption) == ("fig-b", "A")


def test_quoted_label_and_missing_blank():
    options = cell_options("x: int\n", {}, AT)
    assert options == CellOptions()
    options = cell_options('#|label: "tbl-x"\ndf', {}, AT)
    assert (options.label, options.label_at) == ("tbl-x", Location("a/index.md", 10, 11))


def test_width_in_inches_as_in_quarto():
    assert cell_options("#| fig-width: 6\np()", {}, AT).width == "6in"


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("#| label: fig-a\n#| fig-cap: Loss: train\np()", 11, 13, "quotes"),
        ("#| lable: fig-a\np()", 10, 4, "did you mean 'label'"),
        ("#| label: fig a\np()", 10, 4, "write 'fig-a'"),
        ("#| out-width: wide\np()", 10, 4, "80%"),
        ("#| fig-cap: [a, b]\np()", 10, 4, "must be text"),
        ("#| just words\np()", 10, 0, "name: value"),
    ],
)
def test_faults(source, line, column, words):
    options = cell_options(source, {}, AT)
    (finding,) = options.findings
    assert finding.rule == "cell-option"
    assert (finding.location.line, finding.location.column) == (line, column)
    assert words in finding.message


def test_a_fault_in_a_notebook_names_the_cell():
    (finding,) = cell_options("#| lable: x", {}, Location("a.ipynb", 1, 0, 3)).findings
    assert finding.location == Location("a.ipynb", 1, 4, 3)


def test_quartos_other_options_are_no_misspellings():
    source = "#| fig-scap: a\n#| code-fold: true\n#| eval: true\np()"
    assert cell_options(source, {}, AT).findings == ()


def test_comments_below_the_top_are_code():
    assert option_lines("x = 1\n#| label: fig-a") == 0
    assert option_lines("") == 0
    assert option_lines("#| label: fig-a") == 1


@given(
    st.text(alphabet="#|:[]{}'\"&*!->% \nabel", max_size=60),
    st.dictionaries(
        st.sampled_from(["label", "caption", "width", "echo", "x"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([1]),
    ),
)
def test_no_input_breaks_it(source, metadata):
    options = cell_options("#| " + source, metadata, AT)
    assert 0 <= options.lines <= len(("#| " + source).splitlines())
    assert " " not in options.label


def test_body_after_the_options_of_the_directive():
    text = "```{code-cell}\n:label: fig-a\n:tags: [x]\n\n#| echo: false\nx = 1\n```\n"
    assert body_line(text.splitlines(), 2, "#| echo: false\nx = 1") == 5
    assert body_line(["```{code-cell}", "x", "```"], 2, "x") == 2
    # A body from another file (:load:) is not in the text.
    assert body_line(["```{code-cell}", ":load: a.py", "```", "y = 1"], 2, "y = 1") == 2


def findings_of(text):
    return list(cell_findings(scan(source_from("a.md", text))))


def test_missing_header_is_found_once_with_its_line():
    text = "---\ntitle: A\n---\n\n````\n```{code-cell}\n```\n````\n\n```{code-cell}\nx\n```\n"
    [finding] = findings_of(text)
    assert finding.location == Location("a.md", 10)
    assert "file_format: mystnb" in finding.message
    assert [edit.new for edit in finding.fix] == [
        "---\nfile_format: mystnb\nkernelspec: {name: python3}"
    ]
    assert findings_of("Only `{code-cell}` in text.\n") == []
