"""What docutils is asked of texts that nobody wrote by hand."""

from __future__ import annotations

from sphinx_mmbook.docutils_syntax.restructured_faults import faults_of


def takes(_name: str) -> tuple[int, int, bool]:
    return (0, -1, True)


def test_blocks_that_are_too_deep_for_docutils_are_told() -> None:
    text = "".join(f"{'   ' * depth}.. note::\n\n" for depth in range(150)) + "   " * 150 + "x\n"
    assert faults_of(text, takes, whole=True) == [
        ("", 1, "Blocks stand too deep within each other.")
    ]
