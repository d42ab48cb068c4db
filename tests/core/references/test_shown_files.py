"""Images in HTML: each with its own alternative text."""

from __future__ import annotations

from sphinx_mmbook.core.pages.scanner import scan
from sphinx_mmbook.core.pages.source import source_from
from sphinx_mmbook.core.references.shown_files import images_of


def images(text: str) -> list[tuple[str, str | None, int, int]]:
    page = scan(source_from("index.md", text))
    return [(item.target, item.alt, item.at.line, item.at.column) for item in images_of(page)]


def test_an_image_does_not_borrow_the_text_of_its_neighbour() -> None:
    text = (
        '<div>\n<img src="a.png" alt="a > b">\n<img src=\'b.png\'>\n<IMG alt=c SRC=c.png>\n</div>\n'
    )
    assert images(text) == [
        ("a.png", "a > b", 2, 11),
        ("b.png", None, 3, 11),
        ("c.png", "c", 4, 16),
    ]


def test_a_tag_over_two_lines() -> None:
    assert images('<img\n  alt="a"\n  src="a.png">\n') == [("a.png", "a", 3, 8)]
