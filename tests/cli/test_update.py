"""``mmbook update``: a newer template comes in, and nothing of the seminar's is lost."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from sphinx_mmbook.cli import main
from sphinx_mmbook.cli.new import template
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.changing.template_update import ANSWERS, BASE, read_base, update_of
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.git import merge_texts


@pytest.fixture(scope="module")
def new_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "b"
    assert main(["new", "book", str(folder), "--yes", "--title", "Äpfel", "--owner", "ann"]) == 0
    return folder


@pytest.fixture
def versions(new_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a newer template in the place of today's, with which a book was begun; return the book."""
    shutil.copytree(new_book, tmp_path / "b")
    newer = tmp_path / "newer"
    shutil.copytree(template.TEMPLATE, newer)
    monkeypatch.setattr(template, "TEMPLATE", newer)
    for module in ("new_book", "update"):
        monkeypatch.setattr(f"sphinx_mmbook.cli.new.{module}.__version__", "99.1")
    return tmp_path / "b"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, file
    file.write_text(text.replace(old, new), "utf-8")


def newer(name: str) -> Path:
    return template.TEMPLATE / "project" / name


def test_an_update_brings_a_fix_in_and_keeps_what_was_changed(
    versions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(newer(".gitignore.jinja"), ".DS_Store", ".DS_Store\nThumbs.db")
    edit(newer("Makefile.jinja"), "@rm -rf book/_build", "@$(MMBOOK) clean book")
    newer("docs").mkdir()
    newer("docs/new.md.jinja").write_text("New in [[ title ]].\n")
    edit(versions / ".gitignore", "_build/", "_build/\nsecret.txt")
    assert main(["remove", "example", "--force", "--book", str(versions / "book")]) == 0
    edit(newer("book/chapters/example/references.bib"), "Biometrika", "Other")
    capsys.readouterr()
    assert main(["update", "--book", str(versions / "book")]) == 0
    out = capsys.readouterr().out
    ignored = (versions / ".gitignore").read_text("utf-8")
    assert "secret.txt" in ignored
    assert "Thumbs.db" in ignored
    assert "$(MMBOOK) clean book" in (versions / "Makefile").read_text("utf-8")
    assert (versions / "docs/new.md").read_text("utf-8") == "New in Äpfel.\n"
    assert not (versions / "book/chapters/example").exists()
    assert ".gitignore: merged with your changes" in out
    assert "Makefile: updated" in out
    assert "docs/new.md: new" in out
    assert "example/references.bib: was removed here, and stays so" in out
    assert "_commit: '99.1'" in (versions / ANSWERS).read_text("utf-8") or (
        "_commit: 99.1" in (versions / ANSWERS).read_text("utf-8")
    )
    assert read_base(versions)["docs/new.md"] == "New in Äpfel.\n"
    assert main(["update", "--book", str(versions / "book")]) == 0
    assert "has the template of sphinx-mmbook 99.1 already" in capsys.readouterr().out


def test_what_both_changed_stands_between_marks_as_git_sets_them(
    versions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(newer("book/conf.py.jinja"), "You rarely need", "You never need")
    edit(versions / "book/conf.py", "You rarely need", "You often need")
    assert main(["update", "--book", str(versions / "book")]) == 1
    text = (versions / "book/conf.py").read_text("utf-8")
    assert text.startswith(
        '<<<<<<< yours\n"""Settings of the book. You often need to change anything here to write a '
        'chapter."""\n=======\n'
    )
    assert "\n>>>>>>> template 99.1\n" in text
    assert "1 file(s) in conflict" in capsys.readouterr().err


def test_an_update_without_changes_writes_nothing_of_the_book(versions: Path) -> None:
    before = {f: f.read_bytes() for f in versions.rglob("*") if f.is_file() and f.name != ANSWERS}
    assert main(["update", "--book", str(versions / "book")]) == 0
    after = {f: f.read_bytes() for f in versions.rglob("*") if f.is_file() and f.name != ANSWERS}
    assert after == before
    assert [f for f in judge(load_book(versions / "book")) if f.level != "info"] == []


def test_a_dry_run_of_an_update_writes_nothing(
    versions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(newer(".gitignore.jinja"), ".DS_Store", "other")
    before = {file: file.read_bytes() for file in versions.rglob("*") if file.is_file()}
    assert main(["update", "--book", str(versions / "book"), "--dry-run"]) == 0
    assert ".gitignore: updated" in capsys.readouterr().out
    assert {file: file.read_bytes() for file in versions.rglob("*") if file.is_file()} == before


def spoil(project: Path, name: str, text: str | None) -> None:
    (project / name).unlink()
    if text is not None:
        (project / name).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (ANSWERS, None, "only a book that 'mmbook new book' made can be updated"),
        (ANSWERS, "- x\n", "has no answers"),
        (ANSWERS, "a: [\n", "not valid YAML"),
        (ANSWERS, "title: 1\n", "lacks an answer"),
        (ANSWERS, "_commit: 100.0\n", "the book has the template of 100.0; install that version"),
        (BASE, "{", "cannot be read"),
        (BASE, '{"a": 1}', "cannot be read"),
        (BASE, '{"../a": "x"}', "names a file out of the book, '../a'"),
    ],
)
def test_a_book_whose_records_are_spoilt_is_left_alone(
    versions: Path, name: str, text: str | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(newer(".gitignore.jinja"), ".DS_Store", "other")
    spoil(versions, name, text)
    before = (versions / ".gitignore").read_bytes()
    assert main(["update", "--book", str(versions / "book")]) == 2
    assert message in capsys.readouterr().err
    assert (versions / ".gitignore").read_bytes() == before


def test_without_git_an_update_says_what_is_missing(
    versions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(newer("book/conf.py.jinja"), "You rarely need", "You never need")
    edit(versions / "book/conf.py", "You rarely need", "You often need")
    monkeypatch.setenv("PATH", "")
    assert main(["update", "--book", str(versions / "book")]) == 2
    assert "versions are merged with Git, but git is not installed" in capsys.readouterr().err


def test_a_link_out_of_the_book_is_not_written_through(
    versions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").write_text("mine")
    edit(newer(".gitignore.jinja"), ".DS_Store", "other")
    (versions / ".gitignore").unlink()
    (versions / ".gitignore").symlink_to(tmp_path / "mine")
    assert main(["update", "--book", str(versions / "book")]) == 2
    assert "'.gitignore' is a link out of the book" in capsys.readouterr().err
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_book_takes_its_wheel_along_in_an_update(versions: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "sphinx_mmbook-99.1-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    book = str(versions / "book")
    assert main(["update", "--book", book, "--package", str(wheel)]) == 0
    assert (versions / "vendor" / wheel.name).read_bytes() == b"wheel"
    assert '"sphinx-mmbook[live]==99.1"' in (versions / "pyproject.toml").read_text("utf-8")
    assert main(["update", "--book", book]) == 0
    assert "--find-links vendor" in (versions / "Makefile").read_text("utf-8")


def test_files_are_taken_left_or_merged_by_what_became_of_them(tmp_path: Path) -> None:
    for name in ("same", "mine", "gone-there"):
        (tmp_path / name).write_text(f"{name} now\n")
    old = {"same": "same now\n", "mine": "old\n", "gone-there": "x", "gone-here": "x"}
    new = {"same": "new\n", "mine": "mine now\n", "gone-here": "y", "added": "z"}
    found = update_of(tmp_path, old, new, lambda *texts: pytest.fail("nothing to merge"))
    assert found.changes.texts == {"same": "new\n", "added": "z"}
    assert dict(found.said) == {
        "same": "updated", "added": "new",
        "gone-here": "was removed here, and stays so",
        "gone-there": "is no longer in the template; remove it if you do not need it",
    }  # fmt: skip


def test_versions_are_merged_as_git_does_whatever_a_repository_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    names = ("yours", "before", "template")
    assert merge_texts("a\n\nb\n\nc\n", "ä\n\nb\n\nc\n", "a\n\nb\n\nd\n", names) == (
        "ä\n\nb\n\nd\n",
        0,
    )
    text, count = merge_texts("a\n", "b\n", "c\n", names)
    assert (text, count) == ("<<<<<<< yours\nb\n=======\nc\n>>>>>>> template\n", 1)
