"""Expressions act as those of ``re``, and are compiled when they are first asked for a match."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core import expressions as re


def test_an_expression_acts_as_one_of_re() -> None:
    word = re.compile(r"[A-Z](?P<rest>\w+)", re.IGNORECASE)
    assert [match["rest"] for match in word.finditer("an apple")] == ["n", "pple"]
    assert word.sub("-", "An, a") == "-, a"
    assert (word.pattern, word.groups) == (r"[A-Z](?P<rest>\w+)", 1)
    assert word.fullmatch("apple", 1)


def test_what_is_no_expression_is_told_by_the_first_use() -> None:
    wrong = re.compile("(")
    with pytest.raises(re.error, match="missing \\)"):
        wrong.search("(")
