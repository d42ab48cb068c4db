"""``mmbook release``: what is finished, of a fixed date, with what Zenodo asks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest

from sphinx_mmbook.cli import main
from sphinx_mmbook.cli.folders import CommandRefused
from sphinx_mmbook.cli.hosting.release import date_of, leave_drafts_out, on_day
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.people.chapter_metadata import Chapter
from sphinx_mmbook.core.people.people import Credit, Person
from sphinx_mmbook.core.people.zenodo import Edition, zenodo_metadata

PAGE = """---
title: {title}
authors: [{author}]
supervisors: [cy]
status: {status}
abstract: About it.
keywords: [numbers]
---

(sec-{label})=
## Text

{text}
"""


@pytest.fixture(scope="module")
def new_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "b"
    assert main(["new", "book", str(folder), "--yes", "--title", "Our book"]) == 0
    return folder


@pytest.fixture
def book(new_book: Path, tmp_path: Path) -> Path:
    """Return a book with a chapter that is final, and one that is a draft."""
    book = shutil.copytree(new_book, tmp_path / "b") / "book"
    for person in ("ann", "bo", "cy"):
        (book / f"people/{person}.yml").write_text(f"name: {person.title()} Example\n", "utf-8")
    pages = {"one": ("ann", "final"), "two": ("bo", "draft")}
    for name, (author, status) in pages.items():
        (book / "chapters" / name).mkdir()
        said = {"title": name.title(), "author": author, "status": status, "label": name}
        page = PAGE.format(**said, text=f"As {{ref}}`sec-{name}` says.")
        (book / f"chapters/{name}/index.md").write_text(page, "utf-8")
    return book


def test_drafts_are_left_out_with_those_who_wrote_them(book: Path) -> None:
    assert leave_drafts_out(book) == ["chapters/example", "chapters/two"]
    left = load_book(book)
    assert list(left.tree.chapters) == ["chapters/one/index"]
    assert set(left.people.persons) == {"ann", "cy"}


def test_a_draft_that_a_finished_chapter_needs_is_named(book: Path) -> None:
    one = book / "chapters/one/index.md"
    one.write_text(one.read_text("utf-8") + "\nSee {ref}`sec-two`.\n", "utf-8")
    with pytest.raises(CommandRefused, match="'chapters/two' is a draft, but chapters/one/index"):
        leave_drafts_out(book)


def test_drafts_that_need_each_other_are_left_out_together(book: Path) -> None:
    two = book / "chapters/two/index.md"
    two.write_text(two.read_text("utf-8") + "\nSee {numref}`fig-example-mean`.\n", "utf-8")
    assert leave_drafts_out(book) == ["chapters/example", "chapters/two"]


def test_a_book_of_drafts_alone_is_no_release(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = book / "chapters/one/index.md"
    one.write_text(one.read_text("utf-8").replace("final", "draft"), "utf-8")
    assert main(["release", "1.0", "--book", str(book)]) == 2
    assert "all chapters are drafts" in capsys.readouterr().err
    assert not (book / "_build/release/1.0").exists()


@pytest.mark.parametrize("version", ["../x", "1 0", ".1", "a/b"])
def test_a_version_that_is_no_name_of_a_folder_is_refused(
    book: Path, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["release", version, "--book", str(book)]) == 2
    assert "is not a version" in capsys.readouterr().err


def test_a_day_that_is_none_is_refused_with_one(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["release", "1.0", "--date", "1.2.2027", "--book", str(book)])
    assert "'1.2.2027' is not a day; write it as 2027-02-01" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="no pipes there")
def test_a_file_that_cannot_be_copied_is_one_sentence(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's list of them was printed, as on a full disk."""
    os.mkfifo(book / "pipe")
    assert main(["release", "1.0", "--book", str(book)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("mmbook release: nothing was released: ")
    assert "is a named pipe" in said
    assert "[(" not in said


@pytest.mark.parametrize("version", ["1.0", "v1.0"])
def test_a_release_that_is_there_is_not_overwritten(
    book: Path, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A version 'v1.0' is the tag's name: that became 'vv1.0'."""
    (book / "_build/release/1.0").mkdir(parents=True)
    assert main(["release", version, "--book", str(book)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_the_day_of_a_release_is_that_of_the_last_commit(book: Path) -> None:
    when = {"GIT_COMMITTER_DATE": "2021-03-04T12:00:00Z", "GIT_AUTHOR_DATE": "2020-01-01T12:00:00Z"}
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "x"]):
        subprocess.run(
            ["git", *who, *words], cwd=book.parent, env={**os.environ, **when}, check=True
        )
    assert date_of(book) == date(2021, 3, 4)
    before = dict(os.environ)
    with on_day(date(2021, 3, 4)):
        assert os.environ["SOURCE_DATE_EPOCH"] == "1614859200"
    assert dict(os.environ) == before


def test_zenodo_gets_authors_as_creators_and_supervisors_as_contributors() -> None:
    ann = Person("Ann van Example", "ann", "0000-0002-1825-0097", ("U", "V"))
    chapters = [
        Chapter("One", (Credit("authors", ann), Credit("supervisors", Person("Cy", "cy"))),
                keywords=("b", "a")),
        Chapter("Two <x>", (Credit("authors", ann), Credit("authors", Person("Bo Sample"))),
                keywords=("a",)),
    ]  # fmt: skip
    said = zenodo_metadata(Edition("Book", "1.0", "2021-03-04", "de", "CC-BY-4.0"), chapters)
    assert said["creators"] == [
        {"name": "Example, Ann van", "orcid": "0000-0002-1825-0097", "affiliation": "U; V"},
        {"name": "Sample, Bo"},
    ]
    assert said["contributors"] == [{"name": "Cy", "type": "Supervisor"}]
    assert said["description"] == "<p>Book</p><ul><li>One</li><li>Two &lt;x&gt;</li></ul>"
    assert (said["keywords"], said["language"], said["license"]) == (["b", "a"], "deu", "cc-by-4.0")
    reserved = Edition("B", "1", "2021-03-04", "fr", "all-rights-reserved")
    assert "license" not in zenodo_metadata(reserved, [])


@pytest.mark.long
def test_a_release_has_website_pdf_epub_and_what_zenodo_asks(
    book: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {f: f.read_bytes() for f in book.rglob("*") if f.is_file()}
    words = ["release", "1.0", "--date", "2021-03-04", "--book", str(book)]
    assert main(words) == 0, capfd.readouterr()
    target = book / "_build/release/1.0"
    assert sorted(file.name for file in target.iterdir()) == [
        ".zenodo.json", "our-book-1.0-website.zip", "our-book-1.0.epub", "our-book-1.0.pdf"
    ]  # fmt: skip
    with zipfile.ZipFile(target / "our-book-1.0-website.zip") as archive:
        names = archive.namelist()
    assert "chapters/one/index.html" in names
    assert "chapters/two/index.html" not in names
    cover = subprocess.run(
        ["pdftotext", "-l", "1", target / "our-book-1.0.pdf", "-"], capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    assert "1.0" in cover
    assert "2021" in cover
    assert "Bo Example" not in cover
    said = json.loads((target / ".zenodo.json").read_text("utf-8"))
    assert said["creators"] == [{"name": "Example, Ann"}]
    assert said["license"] == "cc-by-4.0"
    told = capfd.readouterr().out
    assert "git tag v1.0" in told
    assert "sources" not in told, "a copy that is removed again"
    after = {f: f.read_bytes() for f in book.rglob("*") if f.is_file() and "_build" not in f.parts}
    assert after == before
