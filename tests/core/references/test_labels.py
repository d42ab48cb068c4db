"""Where labels are seen, where not, and what is said about them."""

from __future__ import annotations

import json

import pytest
from docutils.nodes import make_id
from hypothesis import example, given
from hypothesis import strategies as st

from sphinx_mmbook.core.book.facts import BookFacts, Facts, facts_of
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import source_from
from sphinx_mmbook.core.people.people import People
from sphinx_mmbook.core.references.labels import anchor, labels_of
from sphinx_mmbook.core.rules.registry import all_rules, run

RULES = {rule.slug: rule for rule in all_rules()}


def facts(text: str, path: str = "a.md") -> Facts:
    return facts_of(scan(source_from(path, text)), People())


def check(slug: str, page: Facts) -> list[Finding]:
    return list(run(RULES[slug], BookFacts({"a": page})))


UNDERSCORES = {
    "target": ("(fig_loss)=\n# Head", 1, 2),
    "directive name": ("```{figure} a.png\n:name: fig_loss\n\nCaption\n```", 2, 8),
    "directive label": ("```{stored-table} r.csv\n:label: fig_loss\n```", 2, 9),
    "yaml options": ("```{figure} a.png\n---\nwidth: 3\nname: fig_loss\n---\n```", 4, 7),
    "colon fence": (":::{figure} a.png\n:name: fig_loss\n:::", 2, 8),
    "directive in a directive": ("::::{note}\n\n```{figure} a\n:name: fig_loss\n```\n::::", 4, 8),
    "directive in a list": ("- item\n\n  ```{figure} a.png\n  :name: fig_loss\n  ```", 4, 10),
    "target in a quote": ("> (fig_loss)=\n> text", 1, 4),
    "dollar math": ("$$\na\n$$ (fig_loss)", 3, 5),
    "math directive": ("```{math}\n:label: fig_loss\na\n```", 2, 9),
    "amsmath": ("\\begin{align}\na \\label{fig_loss}\n\\end{align}", 2, 10),
    "heading attribute": ("{#fig_loss}\n# Head", 1, 3),
    "heading id of bookdown": ("# Head {#fig_loss}", 1, 10),
    "span": ("Text [span]{#fig_loss}", 1, 14),
    "image": ("![alt](a.png){#fig_loss}", 1, 16),
    "html": ('Text <a id="fig_loss"></a>', 1, 13),
    "cell comment": ("```{code-cell}\n#| label: fig_loss\n1\n```", 2, 11),
    "cell option": ("```{code-cell}\n:label: fig_loss\n1\n```", 2, 9),
    "after front matter": ("---\ntitle: a\n---\n\n(fig_loss)=\n# Head", 5, 2),
}


def test_a_label_that_docstrings_may_refer_to_is_not_renamed() -> None:
    page = facts("(sec_loss)=\n# Loss\n")
    for has_docstrings, edits in ((False, 1), (True, 0)):
        book = BookFacts({"a": page}, has_docstrings=has_docstrings)
        (finding,) = run(RULES["label-underscore"], book)
        assert len(finding.fix) == edits


@pytest.mark.parametrize("case", UNDERSCORES)
def test_an_underscore_is_found_at_its_place(case: str) -> None:
    text, line, column = UNDERSCORES[case]
    (finding,) = check("label-underscore", facts(text))
    assert (finding.location.line, finding.location.column) == (line, column)
    assert finding.message == "label 'fig_loss' contains an underscore; write 'fig-loss'"


def test_an_underscore_in_a_notebook_is_found_with_its_cell() -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Head\n", "(sec_a)=\n", "## B"]},
        {
            "cell_type": "code",
            "metadata": {},
            "source": "x = 1\n#| label: fig_loss\n",
            "outputs": [],
        },
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    found = list(check("label-underscore", facts(text, "a.ipynb")))
    assert [str(f.location) for f in found] == ["a.ipynb:cell 1:2:2", "a.ipynb:cell 2:2:11"]


@pytest.mark.parametrize(
    "text",
    [
        "````markdown\n```{figure} a.png\n:name: fig_loss\n```\n````",
        "```{code-block} markdown\n(fig_loss)=\n```",
        "    (fig_loss)=\n",
        "`(fig_loss)=` and `#| label: fig_loss`",
        "[link](my_file_name.md) ![alt](figures/a_b.png) <https://a.example/x_y>",
        "```{figure} figures/a_b.png\n:alt: a_b\n```",
        "```{code-cell}\nmy_name = fig_loss = 1\n```",
        "```{literalinclude} code/a_b.py\n```",
        "{numref}`fig-loss` with snake_case in text and $a_b$",
        "$$\na_{fig_loss}\n$$",
        "<!-- (fig_loss)= -->",
        "% (fig_loss)=",
    ],
)
def test_an_underscore_elsewhere_is_no_label(text: str) -> None:
    assert list(check("label-underscore", facts(text))) == []


@pytest.mark.parametrize(
    ("label", "good"), [("Fig-Loss", "fig-loss"), ("fig:loss", "fig-loss"), ("größe", "grosze")]
)
def test_a_malformed_label_gets_its_anchor_as_advice(label: str, good: str) -> None:
    (finding,) = check("label-malformed", facts(f"({label})=\n# Head"))
    assert finding.message.endswith(f"write '{good}'")


def test_labels_collide_over_the_whole_book() -> None:
    pages = {
        "b": facts("(fig-a)=\n# B", "b.md"),
        "a": facts("(fig-a)=\n# A\n\n(Fig-A)=\n## C", "a.md"),
    }
    found = list(run(RULES["label-collision"], BookFacts(pages)))
    assert [str(f.location) for f in found] == ["a.md:4:2", "b.md:1:2"]
    assert "collides with 'fig-a': also at a.md:1:2" in found[0].message
    assert "is used twice: also at a.md:1:2" in found[1].message


def test_kinds_of_labels() -> None:
    text = "(sec-a)=\n# A\n\n(fig-b)=\n```{figure} b.png\n```\n\n$$\na\n$$ (eq-c)\n\n(x)=\ntext"
    assert [(label.name, label.kind) for label in labels_of(scan(source_from("a.md", text)))] == [
        ("sec-a", "section"),
        ("fig-b", "figure"),
        ("eq-c", "equation"),
        ("x", "bare"),
    ]


@given(st.text(max_size=40))
@example("ß Æ ø ȷ İ ﬁ é_-x")
def test_anchor_is_the_id_that_docutils_makes(label: str) -> None:
    assert anchor(label) == make_id(label)


@given(st.text(alphabet="[](){}#`$:|\\-_*!<>\n ab\t", max_size=400))
def test_any_text_can_be_scanned(text: str) -> None:
    for label in facts(text).labels:
        assert label.at.line >= 1


def test_the_front_matter_labels_the_page() -> None:
    page = scan(source_from("a.md", "---\ntitle: T\nlabel: sec_a\n---\n\nText."))
    (label,) = labels_of(page)
    assert (label.name, label.kind, str(label.at)) == ("sec_a", "section", "a.md:3:8")
