"""How far a comment reaches that silences rules."""

from __future__ import annotations

import json

import pytest

from sphinx_mmbook.core.book.facts import Ignore, ignores_of
from sphinx_mmbook.core.book.ignore_comments import ignores_in
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import source_from

TEXT = """\
@misc{a, year=1}

{comment}

@misc{b,
  year=2}

@misc{c, year=3}
"""


def silenced(comment: str, rule: str = "bib-year") -> list[int]:
    """Return the lines on which a finding is silenced."""
    text = TEXT.replace("{comment}", comment)
    lines = range(10)
    findings = [Finding(Location("a.bib", line), rule, "message") for line in lines]
    return [
        f.location.line for f in findings if any(i.covers(f) for i in ignores_in("a.bib", text))
    ]


@pytest.mark.parametrize(
    ("comment", "lines"),
    [
        ("% mmbook: ignore bib-year", [3, 4, 5, 6, 7]),
        ("  % mmbook: ignore", [3, 4, 5, 6, 7]),
        ("% mmbook: ignore bib-type", []),
        ("% mmbook: ignore-file bib-year", [*range(10)]),
        ("% mmbook: ignore-file", [*range(10)]),
        ("% a comment", []),
        ("text mmbook: ignore", []),
    ],
)
def test_a_comment_reaches_to_the_end_of_the_next_entry(comment: str, lines: list[int]) -> None:
    assert silenced(comment) == lines


def test_a_comment_before_the_last_entry_reaches_to_the_end() -> None:
    (ignore,) = ignores_in("a.bib", "% mmbook: ignore\n@misc{a,\n  year=1}\n")
    assert (ignore.first, ignore.last) == (1, 4)


PAGE = """\
---
title: T
---

before

%COMMENT%

one
one

two

three
"""


def ranges(text: str, path: str = "a.md") -> list[tuple[tuple[str, ...], int, int, int]]:
    ignores = ignores_of(scan(source_from(path, text)))
    return [(item.rules, item.first, item.last, item.cell) for item in ignores]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("<!-- mmbook: ignore -->", [((), 7, 10, 0)]),
        ("% mmbook: ignore a-b, c", [(("a-b", "c"), 7, 10, 0)]),
        ("<!-- mmbook: ignore a-b -- reason -->", [(("a-b", "reason"), 7, 10, 0)]),
        ("<!--\nmmbook: ignore a -->", [(("a",), 8, 11, 0)]),
        ("<!-- mmbook: ignore-file a -->", [(("a",), 7, -1, 0)]),
    ],
)
def test_a_comment_on_a_page_reaches_over_the_next_block(
    comment: str, found: list[tuple[tuple[str, ...], int, int, int]]
) -> None:
    assert ranges(PAGE.replace("%COMMENT%", comment)) == found


def test_at_the_end_of_a_page_or_cell_a_comment_reaches_to_it() -> None:
    assert ranges("# A\n\n% mmbook: ignore") == [((), 3, 3, 0)]
    assert ranges("# A\n\n% mmbook: ignore\ntext\n") == [((), 3, 4, 0)]
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": text}
        for text in ("# A\n", "% mmbook: ignore\n\none\n\ntwo")
    ]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    assert ranges(notebook, "a.ipynb") == [((), 1, 3, 2)]


def test_a_comment_silences_its_lines_and_rules_only() -> None:
    def silent(line: int, rule: str = "a", cell: int = 1) -> bool:
        return Ignore("x", ("a",), 2, 4, 1).covers(
            Finding(Location("x", line, cell=cell), rule, "")
        )

    assert [silent(line) for line in range(1, 6)] == [False, True, True, True, False]
    assert not silent(3, "b")
    assert not silent(3, cell=0)
