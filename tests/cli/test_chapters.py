"""``mmbook rename`` and ``mmbook remove``: no reference is left behind, and nothing half done."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from sphinx_mmbook.cli import main
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.changing.mentions import mentions, replaced
from sphinx_mmbook.core.checking.judge import judge

PAGE = """---
title: {name}
authors: [{author}]
---

(sec-{name})=
## About

"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a book in which chapter ``two`` names chapter ``one`` in every way there is."""
    two = """\
{ref}`sec-one`, {doc}`../one/index`, [page](../one/index.md#sec-one), [abs](/chapters/one/index.md),
{cite:t}`only2020`, {download}`../one/data.csv`, `book/chapters/one/index.md`, one/two, none/one/index.

```{figure} ../one/figures/a.png
:name: fig-two
:alt: A dot.

A dot, shown in {numref}`fig-two`.
```

```{stored-table} ../one/data.csv
:name: tbl-two
:caption: Numbers
```

Numbers, see {numref}`tbl-two`.
"""
    files = {
        "pyproject.toml": "",
        ".github/CODEOWNERS": "/book/chapters/one/ @ann\n/book/chapters/oneself/ @bo\n",
        "book/conf.py": 'extensions = ["sphinx_mmbook"]\nexclude_patterns = ["chapters/one/old/*"]\n',
        "book/index.md": "# Book\n\n```{toctree}\n:glob:\n\nFirst <chapters/one/index>\n"
        "chapters/*/index\n```\n",
        "book/people/ann.yml": "name: Ann\n",
        "book/people/bo.yml": "name: Bo\n",
        "book/chapters/one/index.md": PAGE.format(name="one", author="ann")
        + "{ref}`sec-one` and {cite:t}`only2020` and [again](../one/data.csv).\n",
        "book/chapters/one/references.bib": "@book{only2020, author={A, B}, title={T}, year=2020, "
        "publisher={P}}\n",
        "book/chapters/one/data.csv": "a,b\n1,2\n",
        "book/chapters/two/index.md": PAGE.format(name="two", author="bo") + two,
        "book/chapters/two/code.py": 'open("../one/data.csv"); open("chapters/one/data.csv")\n',
        "book/chapters/oneself/index.md": PAGE.format(name="oneself", author="bo")
        + "{ref}`sec-oneself`",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    from PIL import Image

    (tmp_path / "book/chapters/one/figures").mkdir()
    Image.new("RGB", (40, 40)).save(tmp_path / "book/chapters/one/figures/a.png")
    return tmp_path / "book"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*")) if file.is_file()
    }  # fmt: skip


def faults(book: Path) -> set[tuple[str, str]]:
    return {(f.rule, f.message) for f in judge(load_book(book)) if f.level == "error"}


def test_a_renamed_chapter_is_found_by_all_that_named_it(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = faults(book)
    assert before == set()
    assert main(["rename", "one", "first-one", "--book", str(book)]) == 0
    assert "book/chapters/one -> book/chapters/first-one" in capsys.readouterr().out
    assert faults(book) == before
    everything = contents(book.parent)
    assert "book/chapters/first-one/figures/a.png" in everything
    assert not any(name.startswith("book/chapters/one/") for name in everything)
    text = {name: data.decode() for name, data in everything.items() if not name.endswith("png")}
    two = text["book/chapters/two/index.md"]
    assert "{doc}`../first-one/index`, [page](../first-one/index.md#sec-one)" in two
    assert "(/chapters/first-one/index.md)" in two
    assert "`book/chapters/first-one/index.md`, one/two, none/one/index." in two
    assert "{ref}`sec-one`" in two
    assert text["book/chapters/two/code.py"].count("first-one/data.csv") == 2
    assert "[again](../first-one/data.csv)" in text["book/chapters/first-one/index.md"]
    assert "First <chapters/first-one/index>" in text["book/index.md"]
    assert '"chapters/first-one/old/*"' in text["book/conf.py"]
    assert text[".github/CODEOWNERS"] == (
        "/book/chapters/first-one/ @ann\n/book/chapters/oneself/ @bo\n"
    )


def test_what_the_template_once_made_is_not_changed_by_a_new_name(book: Path) -> None:
    record = book.parent / ".mmbook-template.json"
    record.write_text('{"book/chapters/one/index.md": "x"}', "utf-8")
    assert main(["rename", "one", "new", "--book", str(book)]) == 0
    assert record.read_text("utf-8") == '{"book/chapters/one/index.md": "x"}'


def test_a_notebook_and_a_toctree_beside_it_follow_a_renamed_chapter(book: Path) -> None:
    notebook = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["[x](../one/index.md)\n"]}],
        "metadata": {"title": "N"}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    (book / "chapters/two/index.md").unlink()
    (book / "chapters/two/index.ipynb").write_text(json.dumps(notebook), "utf-8")
    (book / "chapters/index.md").write_text("# Part\n\n```{toctree}\none/index\n```\n", "utf-8")
    assert main(["rename", "chapters/one/", "new", "--book", str(book)]) == 0
    assert "(../new/index.md)" in (book / "chapters/two/index.ipynb").read_text("utf-8")
    assert "\nnew/index\n" in (book / "chapters/index.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("oen", "x", "there is no chapter 'oen' with a folder of its own; did you mean 'one'?"),
        ("one", "Ein Kapitel", "write 'ein-kapitel'"),
        ("one", "two", "'two' is taken by 'chapters/two/index'"),
        ("one", "three", "'book/chapters/three' is there already"),
    ],
)
def test_a_name_that_is_none_or_taken_is_refused(
    book: Path, old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (book / "chapters/three").mkdir()
    before = contents(book.parent)
    assert main(["rename", old, new, "--book", str(book)]) == 2
    assert message in capsys.readouterr().err
    assert contents(book.parent) == before


def test_a_dry_run_changes_nothing_and_shows_each_line(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(book.parent)
    assert main(["rename", "one", "new", "--book", str(book), "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "book/index.md:6: First <chapters/one/index>" in out
    assert main(["remove", "oneself", "--book", str(book), "--dry-run"]) == 0
    assert main(["remove", "one", "--book", str(book), "--dry-run"]) == 1
    assert main(["remove", "one", "--book", str(book), "--dry-run", "--force"]) == 0
    assert "would remove chapters/one\n" in capsys.readouterr().out
    assert contents(book.parent) == before


@pytest.mark.parametrize("command", [["rename", "one", "new"], ["remove", "one", "--force"]])
@pytest.mark.parametrize(
    "fault", [OSError(28, "No space left on device", "x"), KeyboardInterrupt()]
)
def test_what_cannot_be_changed_as_a_whole_is_as_it_was(
    book: Path, command: list[str], fault: BaseException, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def refuse(self: Path, target: Path) -> Path:
        if self.name.startswith(".index.md."):
            raise fault
        return replace(self, target)

    replace = Path.replace
    before = contents(book.parent)
    monkeypatch.setattr(Path, "replace", refuse)
    assert main([*command, "--book", str(book)]) in (2, 130)
    assert "Interrupted" in (err := capsys.readouterr().err) or "No space left" in err
    assert contents(book.parent) == before
    assert not (book / "_build").exists()


def test_a_chapter_that_others_need_is_not_removed_and_it_is_said_where(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(book.parent)
    assert main(["remove", "one", "--book", str(book)]) == 1
    err = capsys.readouterr().err
    assert "chapters/two/index.md:9:7: refers to 'sec-one'" in err
    assert "cites 'only2020', which only this chapter's bibliography has" in err
    assert "chapters/two/code.py:1: names 'chapters/one'" in err
    assert "CODEOWNERS" not in err
    assert "nothing was removed" in err
    assert "index.md:6: " not in err.replace("two/index.md", "")
    assert contents(book.parent) == before


def test_a_removed_chapter_leaves_no_line_in_the_contents_and_no_people(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = book / "chapters/one/index.md"
    assert main(["remove", "two", "--book", str(book), "--keep-people"]) == 0
    assert main(["remove", "one", "--book", str(book), "--force"]) == 0
    assert (book / "index.md").read_text("utf-8") == (
        "# Book\n\n```{toctree}\n:glob:\n\nchapters/*/index\n```\n"
    )
    assert not one.exists()
    assert (book / "_build/removed/one/chapters/one/index.md").is_file()
    assert [file.name for file in (book / "people").iterdir()] == ["bo.yml"]
    out = capsys.readouterr().out
    assert "removed people/ann.yml" in out
    assert "look at ../.github/CODEOWNERS:1: it names 'chapters/one'" in out
    assert faults(book) == set()


def test_the_last_chapter_is_not_removed_without_a_word(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("two", "one"):
        assert main(["remove", name, "--book", str(book), "--force"]) == 0
    assert main(["remove", "oneself", "--book", str(book)]) == 1
    err = capsys.readouterr().err
    assert "this toctree would be empty; begin another chapter first" in err, err
    assert "index.md:3" in err


def test_chapters_are_renamed_where_git_is_not_installed(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=book.parent, check=True)
    monkeypatch.setenv("PATH", "")
    assert main(["rename", "oneself", "new", "--book", str(book)]) == 0
    assert (book / "chapters/new/index.md").is_file()


def test_a_path_is_one_only_if_it_leads_to_the_folder() -> None:
    texts = {
        "book/a/x.md": "../p/b/x, ./../p/b, p/b/c, book/p/b. q/b/x b/p/b //h.org/book/p/b ../../p/b",
        "book/p/b/index.md": "../b/x /p/b/x b/x http://h.org/p/b",
    }
    found = list(mentions(texts, "book/p/b", "book"))
    own = [place for place in found if place.path == "book/a/x.md"]
    assert replaced(texts["book/a/x.md"], own, "NEW") == (
        "../p/NEW/x, ./../p/NEW, p/NEW/c, book/p/NEW. q/b/x b/p/b //h.org/book/p/b ../../p/b"
    )
    rest = [place for place in found if place not in own]
    assert replaced(texts["book/p/b/index.md"], rest, "NEW") == (
        "../NEW/x /p/NEW/x b/x http://h.org/p/b"
    )
