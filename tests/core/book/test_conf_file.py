"""conf.py is read, never run; patterns match as Sphinx's, and none takes for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patience import patience
from sphinx_mmbook.core.book.conf_file import MAX_BYTES, MAX_DEPTHS, excluder, read_conf

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text", ["-" * 100_000, "not " * 20_000, "(" * 5000, "a = 1\n" * MAX_BYTES]
)
def test_a_conf_that_python_cannot_read_says_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(text)
    assert not read_conf(tmp_path).values


def plainly(pattern: str) -> str:
    """Return a pattern as an expression that tries everything."""
    text = re.escape(pattern.strip("/")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*")
    return text.replace(r"\*", "[^/]*").replace(r"\?", "[^/]") + "(?:/.*)?"


@given(st.text("ab*?/", max_size=12), st.text("ab/", min_size=1, max_size=12))
@example("**a*b", "a/ab")
@example("a*b*a/**/b", "abba/a/b")
@example("*a*", "ba/b")
def test_patterns_match_as_if_all_were_tried(pattern: str, path: str) -> None:
    if pattern.count("**") <= MAX_DEPTHS:
        expected = bool(re.fullmatch(plainly(pattern), path))
        assert bool(excluder((pattern,)).fullmatch(path)) == expected


@pytest.mark.parametrize(
    "pattern", ["*a" * 40 + "b", "**/" * 30 + "b", "**a" * 30, "*a/" * 9 + "b"]
)
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    with patience():
        assert not excluder((pattern,)).fullmatch("a" * 120 + "/a" * 60 + "c")
