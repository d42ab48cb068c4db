"""``mmbook new book --from``: a Sphinx or Jupyter Book 1 project becomes a book."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from building import build_here
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.changing.chapter_folder import ChangeRefused
from sphinx_mmbook.core.changing.jupyter_book import contents_of, settings_of, with_toctrees
from sphinx_mmbook.core.changing.taking_over import people_in, with_extension
from sphinx_mmbook.core.checking.judge import judge

ROOTS = Path(__file__).parents[1] / "roots"
CONFIG = """\
title: An old book
author: Ann Example, Bo Müller and The seminar
copyright: "2021"
execute:
  execute_notebooks: off
parse:
  myst_enable_extensions: [dollarmath, linkify]
  myst_substitutions: {name: value}
repository:
  url: https://example.org/book
sphinx:
  extra_extensions: [sphinx.ext.todo, sphinx_external_toc]
  config:
    language: de
    todo_include_todos: true
latex:
  latex_documents:
    targetname: book.tex
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a project of Jupyter Book 1, with a label that has an underscore."""
    folder = tmp_path / "old"
    shutil.copytree(ROOTS / "existing-jupyter-book", folder)
    (folder / "conf.py").unlink()
    (folder / "_config.yml").write_text(CONFIG, "utf-8")
    (folder / "_build").mkdir()
    (folder / "_build/made.html").write_text("made")
    (folder / "link.md").symlink_to(tmp_path / "elsewhere.md")
    for name in ("a.md", "b.md"):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(text.replace("fig-a", "fig_a"), "utf-8")
    return folder


def new_book(folder: Path, old: Path, *words: str) -> int:
    return main(["new", "book", str(folder), "--yes", "--from", str(old), *words])


def test_a_jupyter_book_becomes_a_book_with_the_same_contents(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file: file.read_bytes() for file in old.rglob("*") if file.is_file()}
    assert new_book(tmp_path / "b", old) == 0
    out = capsys.readouterr().out
    book = load_book(tmp_path / "b/book")
    assert book.tree.order == ("intro", "a", "b", "c", "c1", "d")
    assert dict(book.tree.chapters) == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert book.settings.root == "intro"
    assert book.settings.language == "de"
    assert set(book.people.persons) == {"ann-example", "bo-mueller"}
    assert [
        one for one in judge(book) if one.rule.startswith("label-") and one.level == "error"
    ] == []
    assert "{numref}`fig-a`" in (tmp_path / "b/book/b.md").read_text("utf-8")
    for name in ("_toc.yml", "_config.yml", "_build", "link.md", "index.md", "chapters"):
        assert not (tmp_path / "b/book" / name).exists(), name
    assert (tmp_path / "b/Makefile").is_file()
    assert "_config.yml: 'latex.latex_documents.targetname' was not taken over" in out
    assert "'linkify' was left out" in out
    assert "'repository_provider' is a guess" in out
    assert "'authors: [ann-example, bo-mueller]'" in out
    assert "Left to do by hand" in out
    assert {file: file.read_bytes() for file in old.rglob("*") if file.is_file()} == before


@pytest.mark.long
def test_a_book_that_was_taken_over_builds(old: Path, tmp_path: Path) -> None:
    assert new_book(tmp_path / "b", old) == 0
    book, out = tmp_path / "b/book", tmp_path / "html"
    status, _, warnings = build_here(book, ["-b", "html", str(book), str(out)])
    assert status == 0, warnings
    assert "ERROR" not in warnings
    assert re.search(r"Abb\w*\.?.4\.1", (out / "a.html").read_text("utf-8"))


def test_a_sphinx_project_gets_the_extension_and_keeps_its_conf_py(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_book(tmp_path / "b", ROOTS / "existing-plain", "--license", "CC-BY-4.0") == 0
    conf = (tmp_path / "b/book/conf.py").read_text("utf-8")
    assert (
        'extensions = [\n    "sphinx_mmbook",\n    "sphinx.ext.autodoc",\n    "sphinx.ext.napoleon",\n]\n'
        in conf
    )
    assert 'html_theme = "alabaster"' in conf
    book = load_book(tmp_path / "b/book")
    assert "index" in book.pages
    assert set(book.people.persons) == {"ann-example"}
    assert (tmp_path / "b/book/data.csv").is_file()
    assert "Left to do by hand" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "has neither conf.py nor _toc.yml"),
        ({"index.Rmd": "# A\n"}, "docs/from-bookdown.md of sphinx-mmbook says how"),
        ({"_toc.yml": "- file: a\n"}, "migrate it first with 'jb toc migrate'"),
        ({"_toc.yml": "root: gone\n"}, "there is no page 'gone', the root"),
        ({"_toc.yml": "root: [\n"}, "_toc.yml is not valid YAML"),
        ({"_config.yml": "title: x\n"}, "_toc.yml names no 'root'"),
        ({"_config.yml": "- x\n", "_toc.yml": "root: a\n"}, "not a mapping of settings"),
        ({"conf.py": "extensions = [\n"}, "conf.py is not valid Python"),
    ],
)
def test_what_is_no_project_is_refused_and_nothing_is_written(
    tmp_path: Path, files: dict[str, str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old").mkdir()
    for name, text in files.items():
        (tmp_path / "old" / name).write_text(text, "utf-8")
    assert new_book(tmp_path / "b", tmp_path / "old") == 2
    assert message in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["old"]


def test_a_book_is_not_made_within_the_project_that_it_is_of(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_book(old / "new", old) == 2
    assert "name a folder beside it" in capsys.readouterr().err
    assert new_book(old.parent / "b", old / "nothing") == 2
    assert "there is no folder" in capsys.readouterr().err


def test_each_kind_of_entry_becomes_a_line_of_a_toctree() -> None:
    toc = {
        "root": "intro",
        "options": {"numbered": 2},
        "chapters": [
            {"file": "a.md", "title": "First"}, {"glob": "x/*"}, {"file": "gone"},
            {"url": "https://example.org", "title": "Out"},
            {"file": "n", "sections": [{"file": "r"}]},
            {"file": "r", "sections": [{"file": "a"}]},
        ],
    }  # fmt: skip
    files = dict.fromkeys(["intro.md", "a.md", "n.ipynb", "r.rst"])
    found = contents_of(toc, files)
    assert found.toctrees["intro.md"] == (
        "\n```{toctree}\n:hidden:\n:numbered: 2\n:glob:\n\nFirst </a>\n/x/*\n"
        "Out <https://example.org>\n/n\n/r\n```\n"
    )
    assert found.toctrees["r.rst"] == "\n.. toctree::\n   :hidden:\n\n   /a\n"
    assert found.left == ("_toc.yml names 'gone', of which there is no page",)
    notebook = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (cell,) = json.loads(with_toctrees("n.ipynb", notebook, found.toctrees["n.ipynb"]))["cells"]
    assert cell["source"] == "```{toctree}\n:hidden:\n\n/r\n```"


def test_a_table_of_contents_that_is_none_is_refused() -> None:
    for toc in (None, [], {"root": 1}, {"root": "x"}):
        with pytest.raises(ChangeRefused, match=r"_toc\.yml"):
            contents_of(toc, {})


def test_settings_have_the_names_that_sphinx_knows() -> None:
    values, left = settings_of({"title": "T", "execute": {"execute_notebooks": False}, "odd": 1})
    assert values == {
        "project": "T", "nb_execution_mode": "off", "extensions": ["sphinx_mmbook"],
        "html_theme": "sphinx_book_theme",
    }  # fmt: skip
    assert left == ["_config.yml: 'odd' was not taken over"]


def test_a_host_that_the_theme_does_not_know_stops_no_build() -> None:
    said = {"repository": {"url": "https://git.example.org/us/book"}}
    assert settings_of(said)[0]["html_theme_options"]["repository_provider"] == "gitlab"
    said = {"repository": {"url": "https://github.com/us/book"}}
    assert "repository_provider" not in settings_of(said)[0]["html_theme_options"]


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ({"myst_enable_extensions": ["deflist"]}, ["deflist"]),
        ({"myst_enable_extensions": ["deflist"], "myst_substitutions": {"a": "b"}}, ["deflist", "substitution"]),
        ({"myst_enable_extensions": ["substitution"], "myst_substitutions": {"a": "b"}}, ["substitution"]),
        ({"myst_substitutions": {"a": "b"}}, None),
    ],
)  # fmt: skip
def test_a_book_with_substitutions_reads_them(said: dict[str, object], made: object) -> None:
    assert settings_of({"parse": said})[0].get("myst_enable_extensions") == made


@pytest.mark.parametrize(
    ("conf", "made"),
    [
        ("x = 1\n", 'x = 1\n\nextensions = ["sphinx_mmbook"]\n'),
        ("extensions = []\n", 'extensions = [\n    "sphinx_mmbook",\n]\n'),
        ("a = ['y']\nextensions = ['y']\n", "a = ['y']\nextensions = [\n    \"sphinx_mmbook\",\n    \"y\",\n]\n"),
        ("extensions = f()\n", 'extensions = f()\n\nextensions.insert(0, "sphinx_mmbook")\n'),
    ],
)  # fmt: skip
def test_the_extension_stands_first_however_conf_py_is_written(conf: str, made: str) -> None:
    assert with_extension(conf) == made


def test_people_are_told_from_seminars() -> None:
    names = "Ann Example, Bo van Sample & Cy Müller und Das Seminar; The Jupyter team, team"
    assert list(people_in(names)) == ["Ann Example", "Bo van Sample", "Cy Müller"]


def test_settings_that_conf_py_has_as_well_are_taken_over_from_a_jupyter_book() -> None:
    said = {
        "execute": {"run_in_temp": True, "stderr_output": "show"},
        "parse": {"myst_url_schemes": ["mailto", "https"]},
        "latex": {"latex_engine": "lualatex", "use_jupyterbook_latex": True},
        "html": {"use_multitoc_numbering": True},
    }
    values, left = settings_of(said)
    assert left == []
    assert values["nb_output_stderr"] == "show"
    assert values["nb_execution_in_temp"] is True
    assert values["myst_url_schemes"] == ["mailto", "https"]
    assert values["latex_engine"] == "lualatex"
