"""What docutils is asked of texts that nobody wrote by hand."""

from __future__ import annotations

import pytest

from sphinx_mmbook.grammar.restructured_faults import faults_of


def takes(_name: str) -> tuple[int, int, bool]:
    return (0, -1, True)


@pytest.mark.parametrize("whole", [True, False])
def test_replacements_that_double_26_times_are_told_and_not_put_in(whole: bool) -> None:
    lines = [f".. |a{n}| replace:: |a{n + 1}| |a{n + 1}|" for n in range(26)]
    text = "\n".join([*lines, ".. |a26| replace:: x", "", "|a0|", ""])
    found = faults_of(text, takes, whole=whole)
    assert found == [(1, "Replacements within replacements make too many texts.")]


def test_a_few_replacements_within_others_are_right() -> None:
    text = ".. |a| replace:: |b| and |c|\n.. |b| replace:: x\n.. |c| replace:: y\n\nSee |a|.\n"
    assert faults_of(text, takes, whole=True) == []


def test_blocks_that_are_too_deep_for_docutils_are_told() -> None:
    text = "".join(f"{'   ' * depth}.. note::\n\n" for depth in range(150)) + "   " * 150 + "x\n"
    assert faults_of(text, takes, whole=True) == [(1, "Blocks stand too deep within each other.")]
