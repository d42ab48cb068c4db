r"""Letters written as two halves, \ud83d\ude00, and halves alone, wherever a book can have them."""

from __future__ import annotations

import json

import pytest
import yaml

from sphinx_mmbook.core.escapes import json_value, visible, whole
from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.pages.source import source_from
from sphinx_mmbook.core.pages.stub import page_text, with_fields

HALF = "\ud800"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud83d\ude00"', "😀"),
        (r'"a\ud83db"', "a\ufffdb"),
        (r'"\ude00\ud83d"', "\ufffd\ufffd"),
        (r'"\\ud83d"', r"\ud83d"),
        (r'"\\\ud83d"', "\\\ufffd"),
        (r'{"\uD800": [1]}', {"\ufffd": [1]}),
    ],
)
def test_json_has_no_half_of_a_letter(text: str, value: object) -> None:
    assert json_value(text) == value


def test_halves_of_a_letter_are_joined() -> None:
    assert whole("a\ud83d\ude00b") == "a😀b"
    assert whole(f"a{HALF}") == "a\ufffd"
    assert whole("ä😀") == "ä😀"


def test_control_characters_are_dropped() -> None:
    assert whole("a\x07\x1b[31m\tb\n\x0c\ufffe") == "a[31m\tb\n"


def test_yaml_has_no_half_of_a_letter() -> None:
    found = read_yaml_map(r'"\ud83d\ude00": ["\ud800"]', "index.md", "front-matter")
    assert found.fields == {"😀": ["\ufffd"]}


@pytest.mark.parametrize("title", ["A 😀 and 𝔸", "a\u2028b\u0085c\x7f\ufeff", "ä \\ \" '"])
def test_what_sphinx_reads_of_a_front_matter_is_what_stands_there(title: str) -> None:
    page = source_from("a.md", f"---\ntitle: {json.dumps(title)}\nabstract: 😀\n---\n\ntext\n")
    text = page_text(page, page.text)
    for page_read in (text, with_fields("a.md", text, mystnb={"a": 1})):
        assert yaml.safe_load(page_read.split("\n")[1])["title"] == whole(title)


def test_fields_are_added_to_a_notebook() -> None:
    text = json.dumps({"cells": [], "metadata": {"mystnb": {"a": 1}}}, indent=1)
    added = json.loads(with_fields("a.ipynb", text, mystnb={"b": 2}, other={"c": 3}))
    assert added == {"cells": [], "metadata": {"mystnb": {"a": 1, "b": 2}, "other": {"c": 3}}}


def test_a_blank_that_nobody_sees_is_spelt_out() -> None:
    """The message on a label with one said: write 'fig-x' in place of 'fig-x'."""
    assert visible("fig-\u200bx \ufeffb") == r"fig-\x200bx \xfeffb"
