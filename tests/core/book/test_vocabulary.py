"""The vocabulary of a book: known without Sphinx, and taken on trust from nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sphinx_mmbook.core.book.book import Book, load_book
from sphinx_mmbook.core.book.vocabulary import MAX_BYTES, Vocabulary, is_table
from sphinx_mmbook.core.checking.judge import judge

CONF = 'extensions = ["sphinx_mmbook", "mine"]\n'
DIRECTIVE = {"arguments": [0, 0], "content": True, "options": {"size": ["small", "large"]}}
TABLE = {
    "extensions": ["sphinx_mmbook", "mine"],
    "roles": ["red"],
    "directives": {"box": DIRECTIVE},
    "settings": ["box_size"],
}


def rules(book: Path, page: str) -> list[str]:
    (book / "conf.py").write_text(CONF, "utf-8")
    (book / "mine.py").write_text("def setup(app): ...", "utf-8")
    (book / "index.md").write_text(f"# Book\n\n{page}", "utf-8")
    return [finding.rule for finding in judge(load_book(book))]


def leave(book: Path, table: object) -> None:
    file = book / "_build" / "doctrees" / "vocabulary.json"
    file.parent.mkdir(parents=True)
    file.write_text(table if isinstance(table, str) else json.dumps(table), "utf-8")


PAGE = "```{box}\n:size: huge\nText\n```\n\n{red}`a` {rad}`b`\n\n```{boxx}\n```\n"


def test_what_a_build_left_is_known(tmp_path: Path) -> None:
    leave(tmp_path, TABLE)
    assert rules(tmp_path, PAGE) == ["option-value", "role-unknown", "directive-unknown"]


@pytest.mark.parametrize(
    "table",
    [
        "", "[]", "{", "[" * 9999, "x" * (MAX_BYTES + 1),
        {**TABLE, "extensions": ["sphinx_mmbook"]},
        {**TABLE, "roles": [1]},
        {**TABLE, "settings": [1]},
        {**TABLE, "directives": []},
        {**TABLE, "directives": {"box": {**DIRECTIVE, "arguments": [0]}}},
        {**TABLE, "directives": {"box": {**DIRECTIVE, "options": {"size": 1}}}},
        {**TABLE, "directives": {"box": {**DIRECTIVE, "options": {"size": "no kind"}}}},
    ],
    ids=range(12),
)  # fmt: skip
def test_a_table_that_is_none_is_as_good_as_missing(table: object, tmp_path: Path) -> None:
    leave(tmp_path, table)
    assert rules(tmp_path, PAGE) == ["extension-unknown"]


def test_a_table_has_a_form() -> None:
    assert is_table(TABLE)
    assert not is_table({})


def test_advice_on_options_is_the_same_where_an_older_docutils_has_fewer(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_mmbook"]\n', "utf-8")
    (tmp_path / "index.md").write_text("# Book\n\n```{figure} a.png\n:zzz: 1\n```\n", "utf-8")
    older = {"arguments": [1, -1], "content": True, "options": {"alt": "any", "name": "any"}}
    book = load_book(tmp_path)
    in_build = replace(book, registered=Vocabulary({"figure": older}))

    def said(of: Book) -> list[str]:
        return [one.message for one in judge(of) if one.rule == "option-unknown"]

    assert said(in_build) == said(book) != []


def test_settings_that_a_build_left_are_known_and_none_is_mistyped_before(tmp_path: Path) -> None:
    conf = f"{CONF}box_size = 1\nbox_sise = 2\nhtml_them = 3\n"

    def told() -> list[str]:
        (tmp_path / "conf.py").write_text(conf, "utf-8")
        found = judge(load_book(tmp_path))
        return [item.message.rpartition(";")[2] for item in found if item.rule == "setting-unknown"]

    rules(tmp_path, "")
    assert told() == []
    leave(tmp_path, TABLE)
    assert told() == [" did you mean 'box_size'?", " did you mean 'html_theme'?"]
