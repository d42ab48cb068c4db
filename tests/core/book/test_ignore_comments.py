"""How far a comment in a bibliography reaches."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.book.ignore_comments import ignores_in
from sphinx_mmbook.core.finding import Finding, Location

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
    return [f.location.line for f in findings if any(i.covers(f) for i in ignores_in(text))]


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
    (ignore,) = ignores_in("% mmbook: ignore\n@misc{a,\n  year=1}\n")
    assert (ignore.first, ignore.last) == (1, 4)
