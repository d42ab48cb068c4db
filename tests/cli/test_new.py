"""``mmbook new``: a book out of nothing, and chapters that collide with nobody's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from building import build_here
from conftest import repository
from sphinx_mmbook.cli import main
from sphinx_mmbook.cli.folders import CommandRefused
from sphinx_mmbook.cli.new.package_source import locked_versions, source_of
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.changing.slug import slug_of
from sphinx_mmbook.core.checking.judge import judge

HARMLESS = {"info"}


def new_book(folder: Path, *words: str) -> Path:
    assert main(["new", "book", str(folder), "--yes", *words]) == 0
    return folder / "book"


def new_chapter(book: Path, slug: str, *words: str) -> int:
    title = [] if "--title" in words else ["--title", slug]
    author = [] if "--author" in words else ["--author", "Ann Example"]
    return main(["new", "chapter", slug, "--book", str(book), *title, *author, *words])


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def faults(book: Path) -> list[str]:
    return [f.message for f in judge(load_book(book)) if f.level not in HARMLESS]


@pytest.mark.parametrize("language", ["en", pytest.param("de", marks=pytest.mark.long)])
def test_a_new_book_has_no_finding_and_builds_without_a_warning(
    tmp_path: Path, language: str
) -> None:
    title = 'Über "x" & C:\\new'
    book = new_book(tmp_path / "our-book", "--language", language, "--title", title)
    assert judge(load_book(book)) == []
    out = tmp_path / "html"
    status, _, warnings = build_here(
        book, ["-b", "html", "-W", "--keep-going", str(book), str(out)]
    )
    assert (status, warnings.strip()) == (0, "")
    page = (out / "chapters/example/index.html").read_text("utf-8")
    assert "1.1" in page
    assert "Student (1908)" in page
    assert title.replace("&", "&amp;").replace('"', "&quot;") in page or title in page


def test_a_new_book_has_all_that_a_seminar_needs_and_nothing_of_the_template(
    tmp_path: Path,
) -> None:
    folder = new_book(tmp_path / "b", "--owner", "@ann", "--owner", "bo").parent
    for name in (
        "Makefile", "LICENSE", ".gitignore", ".gitattributes", ".readthedocs.yaml",
        ".gitlab-ci.yml", ".pre-commit-config.yaml", ".github/workflows/book.yml",
        ".github/pull_request_template.md", ".vscode/tasks.json", "CONTRIBUTING.md",
    ):  # fmt: skip
        assert (folder / name).is_file(), name
    assert "\n* @ann @bo\n" in (folder / ".github/CODEOWNERS").read_text("utf-8")
    for file in folder.rglob("*"):
        if file.is_file():
            assert not re.search(r"\[\[|\[%|\[#", file.read_text("utf-8")), file
        if file.suffix in (".yml", ".yaml"):
            assert yaml.safe_load(file.read_text("utf-8")), file
        if file.suffix == ".json":
            assert json.loads(file.read_text("utf-8")), file


def test_the_workflow_checks_before_it_builds_and_may_only_read(tmp_path: Path) -> None:
    folder = new_book(tmp_path / "b").parent
    text = (folder / ".github/workflows/book.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    job, publish = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read"}
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert runs[1:4] == [
        "mmbook check book --format github", "mmbook build book", "mmbook verify book"
    ]  # fmt: skip
    assert "secrets" not in text
    assert "pull_request_target" not in text
    only_main = [step for step in job["steps"] if "save@" in step.get("uses", "")]
    assert [step["if"] for step in only_main] == ["${{ github.event_name == 'push' }}"]
    assert "github.event_name == 'push'" in publish["if"]
    for step in [*job["steps"], *publish["steps"]]:
        assert re.search(r"@[0-9a-f]{40}$", step.get("uses", "@" + "0" * 40))


def test_the_editor_reads_what_the_check_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = new_book(tmp_path / "b")
    tasks = json.loads((book.parent / ".vscode/tasks.json").read_text("utf-8"))
    pattern = tasks["tasks"][0]["problemMatcher"]["pattern"]
    page = book / "chapters/example/index.md"
    page.write_text(page.read_text("utf-8") + "\nSee {numref}`fig-exampel-mean`.\n", "utf-8")
    capsys.readouterr()
    assert main(["check", str(book), "--format", "unix"]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    matches = [re.match(pattern["regexp"], line) for line in lines]
    assert matches
    assert all(matches)
    assert matches[0][pattern["file"]].endswith("chapters/example/index.md")
    assert matches[0][pattern["line"]] == str(len(page.read_text("utf-8").splitlines()))
    assert matches[0][pattern["severity"]] == "error"
    assert "fig-example-mean" in matches[0][pattern["message"]]


def test_a_folder_that_is_not_empty_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["new", "book", str(tmp_path), "--yes"]) == 2
    assert "is not empty; name a new folder" in capsys.readouterr().err
    assert main(["new", "book", str(tmp_path / "notes.txt"), "--yes"]) == 2
    assert "is a file" in capsys.readouterr().err
    assert main(["new", "book", str(tmp_path / "a/b"), "--yes"]) == 2
    assert "there is no folder" in capsys.readouterr().err
    assert names(tmp_path) == ["notes.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert faults(new_book(tmp_path)) == []
    assert not list(tmp_path.glob("*.new"))


def test_a_clone_of_an_empty_repository_is_filled_and_no_second_one_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "our book" / ".git").mkdir(parents=True)
    assert faults(new_book(tmp_path / "our book")) == []
    said = capsys.readouterr().out
    assert re.search(r"  cd (['\"]).*our book\1\n", said)
    assert '  git add . && git commit -m "A new book"\n' in said
    new_book(tmp_path / "our book" / "another")
    said = capsys.readouterr().out
    assert "  git init -b main && git add ." in said
    assert f"It is inside of the repository '{(tmp_path / 'our book').resolve()}': no host" in said


def test_a_book_is_found_below_the_folder_that_new_book_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new_book(tmp_path / "our-book")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "our-book"]) == 0
    assert "no findings" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["build", "our-book/book/chapters"])
    assert "no conf.py in 'our-book/book/chapters'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "fault", [OSError(28, "No space left on device", "x"), KeyboardInterrupt()]
)
def test_what_is_interrupted_or_finds_no_room_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def refuse(self: Path, data: bytes) -> int:
        if self.name == "index.md":
            raise fault
        return write(self, data)

    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert main(["new", "book", str(tmp_path / "b"), "--yes"]) in (2, 130)
    assert capsys.readouterr().err.strip() in (
        "Interrupted.",
        "mmbook new: nothing was written: No space left on device: 'x'",
    )
    assert names(tmp_path) == []


def test_questions_are_asked_in_a_terminal_until_an_answer_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = iter(["fr", "de", "Our title", "", ""])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: next(said))
    assert main(["new", "book", str(tmp_path / "b")]) == 0
    conf = (tmp_path / "b/book/conf.py").read_text("utf-8")
    assert 'project = "Our title"' in conf
    assert 'language = "de"' in conf
    assert 'author = "Das Seminar"' in conf


@pytest.mark.parametrize("way", [KeyboardInterrupt, EOFError])
def test_who_leaves_at_a_question_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    way: type[BaseException],
) -> None:  # fmt: skip
    def leave(prompt: str) -> str:
        raise way

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", leave)
    assert main(["new", "book", str(tmp_path / "b")]) == 130
    assert capsys.readouterr().err.strip() == "Interrupted."
    assert names(tmp_path) == []


def test_the_lock_has_exact_versions_of_all_that_is_needed() -> None:
    locked = dict(line.split("==") for line in locked_versions())
    assert {"sphinx", "myst-nb", "pandas", "jinja2", "starlette", "markupsafe"} <= locked.keys()
    assert "scipy" in locked, "what models of R need, once somebody adds the extra"
    assert "sphinx-mmbook" not in locked
    assert all(locked.values())


def test_a_wheel_is_taken_along(tmp_path: Path) -> None:
    wheel = tmp_path / "sphinx_mmbook-1.2-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    folder = new_book(tmp_path / "b", "--package", str(wheel)).parent
    assert (folder / "vendor" / wheel.name).read_bytes() == b"wheel"
    assert '"sphinx-mmbook[live]==1.2"' in (folder / "pyproject.toml").read_text("utf-8")
    for name in ("Makefile", ".readthedocs.yaml", ".gitlab-ci.yml", ".github/workflows/book.yml"):
        assert "-c constraints.txt --find-links vendor --group book" in (folder / name).read_text()


def test_a_package_can_be_an_address() -> None:
    git = source_of("https://example.org/mmbook")
    assert git.requirement == "sphinx-mmbook[live] @ git+https://example.org/mmbook"
    file = source_of("https://example.org/sphinx_mmbook-1-py3-none-any.whl")
    assert file.requirement.endswith("@ https://example.org/sphinx_mmbook-1-py3-none-any.whl")


@pytest.mark.parametrize("name", ["none.whl", "other-1-py3-none-any.whl", "notes.txt"])
def test_a_package_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    if name != "none.whl":
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(CommandRefused, match="--package: "):
        source_of(str(tmp_path / name))


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "book", str(tmp_path / "b"), "--yes", "--dry-run"]) == 0
    assert str(tmp_path / "b" / "Makefile") in capsys.readouterr().out
    assert names(tmp_path) == []
    book = new_book(tmp_path / "b")
    before = sorted(book.rglob("*"))
    assert new_chapter(book, "one", "--dry-run") == 0
    assert "chapters/one/index.md" in capsys.readouterr().out
    assert sorted(book.rglob("*")) == before


@pytest.mark.parametrize("language", ["en", "de"])
def test_new_chapters_have_no_fault_and_stand_in_the_contents(
    tmp_path: Path, language: str
) -> None:
    book = new_book(tmp_path / "b", "--language", language)
    index = (book / "index.md").read_bytes()
    people = ("--author", "Øle O'Neil", "--author", "Ann: Müller", "--supervisor", "ada-example")
    assert new_chapter(book, "one", "--title", 'Zu: "eins"', *people) == 0
    assert new_chapter(book, "two", "--notebook", "--author", "ann-mueller") == 0
    assert faults(book) == []
    loaded = load_book(book)
    assert list(loaded.tree.chapters)[1:] == ["chapters/one/index", "chapters/two/index"]
    assert loaded.people.persons["ann-mueller"].name == "Ann: Müller"
    assert loaded.pages["chapters/one/index"].source.front.fields["title"] == 'Zu: "eins"'
    question = "## Die Frage" if language == "de" else "## The question"
    assert question in (book / "chapters/one/index.md").read_text("utf-8")
    assert (book / "index.md").read_bytes() == index


def test_a_chapter_is_not_called_as_a_device_of_windows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for slug in ("aux", "CON"):
        assert new_chapter(new_book(tmp_path / slug), slug) == 2
        assert f"Windows has no folder '{slug}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("slug", "better"), [("Bild zu Text", "bild-zu-text"), ("größe_2", "groesse-2"), ("../x", "x")]
)
def test_a_slug_with_blanks_or_umlauts_gets_the_slug_to_write(
    tmp_path: Path, slug: str, better: str, capsys: pytest.CaptureFixture[str]
) -> None:
    book = new_book(tmp_path / "b")
    assert new_chapter(book, slug) == 2
    assert f"write '{better}'" in capsys.readouterr().err
    assert slug_of(better) == better


def test_no_chapter_and_no_person_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = new_book(tmp_path / "b")
    before = {file: file.read_bytes() for file in book.rglob("*") if file.is_file()}
    assert new_chapter(book, "example") == 2
    assert "'example' is taken by 'chapters/example/index'" in capsys.readouterr().err
    assert new_chapter(book, "one", "--author", "Ada EXAMPLE") == 2
    assert "'ada-example' is Ada Example" in capsys.readouterr().err
    assert new_chapter(book, "one", "--author", "ada-exampel") == 2
    assert "did you mean 'ada-example'?" in capsys.readouterr().err
    assert {file: file.read_bytes() for file in book.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("name", ["chapters", "people"])
def test_a_chapter_is_not_written_through_a_link_out_of_the_book(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    book = new_book(tmp_path / "our-book")
    away = tmp_path / "away"
    (book / name).rename(away)
    (book / name).symlink_to(away)
    before = names(away)
    assert new_chapter(book, "fusion", "--author", "Bo Sample") == 2
    assert "leads out of the book" in capsys.readouterr().err
    assert names(away) == before


def test_a_chapter_goes_into_the_part_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = new_book(tmp_path / "b")
    index = (book / "index.md").read_text("utf-8")
    part = "```{toctree}\n:glob:\n\nchapters/more/*/index\n```\n"
    (book / "index.md").write_text(f"{index}\n{part}", "utf-8")
    assert new_chapter(book, "one") == 2
    assert "--part: 'chapters', 'chapters/more'" in capsys.readouterr().err
    assert new_chapter(book, "one", "--part", "moer") == 2
    assert "did you mean 'more'?" in capsys.readouterr().err
    assert new_chapter(book, "one", "--part", "more") == 0
    assert (book / "chapters/more/one/index.md").is_file()
    assert faults(book) == []


def test_a_book_whose_contents_pick_up_nothing_says_what_to_add(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = new_book(tmp_path / "b")
    index = (book / "index.md").read_text("utf-8")
    (book / "index.md").write_text(index.replace("chapters/*/index", "chapters/example/index"))
    assert new_chapter(book, "one") == 2
    assert "chapters/*/index" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["book", "chapter"])
def test_a_disk_that_cannot_be_written_is_named_and_has_nothing_half_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    def refuse(self: Path, *more: object, **named: object) -> None:
        raise OSError(30, "Read-only file system", str(self))

    book = new_book(tmp_path / "b")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(Path, "mkdir", refuse)
    if command == "book":
        assert main(["new", "book", str(tmp_path / "c"), "--yes"]) == 2
    else:
        assert new_chapter(book, "one") == 2
    assert "nothing was written: Read-only file system" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_without_git_books_and_chapters_begin_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert new_chapter(new_book(tmp_path / "b"), "one") == 0


def test_paths_as_windows_writes_them_get_the_path_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "book", "a\\b", "--yes"]) == 2
    assert "write 'a/b'" in capsys.readouterr().err
    book = new_book(tmp_path / "b")
    index = (book / "index.md").read_text("utf-8")
    part = "```{toctree}\n:glob:\n\nchapters/more/*/index\n```\n"
    (book / "index.md").write_text(f"{index}\n{part}", "utf-8")
    assert new_chapter(book, "one", "--part", "chapters\\more") == 0
    assert main(["rename", "chapters\\more\\one", "two", "--book", str(book)]) == 0
    assert (book / "chapters/more/two/index.md").is_file()


@pytest.mark.parametrize(
    "index",
    [
        None,
        "",
        "# Book\n\nNo contents.\n",
        "---\ntitle: [\n---\n",
        "# Book\n\n```{toctree}\n:glob:\n\nchapters/example/*\n```\n",
        b"# B\xfccher\n",
    ],
)
def test_contents_that_were_edited_by_hand_are_left_as_they_are(
    tmp_path: Path, index: str | bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    book = new_book(tmp_path / "b")
    (book / "index.md").unlink()
    if index is not None:
        (book / "index.md").write_bytes(index.encode() if isinstance(index, str) else index)
    before = sorted(book.rglob("*"))
    assert new_chapter(book, "one") == 2
    assert "no toctree picks up new chapters; give the one in index.md" in capsys.readouterr().err
    assert sorted(book.rglob("*")) == before


def test_contents_in_restructured_text_pick_up_new_chapters_as_well(tmp_path: Path) -> None:
    book = new_book(tmp_path / "b")
    index = "# Book\n\n```{eval-rst}\n.. toctree::\n   :glob:\n\n   chapters/*/index\n```\n"
    (book / "index.md").write_text(index, "utf-8")
    assert new_chapter(book, "one") == 0
    assert (book / "index.md").read_text("utf-8") == index


def test_a_package_that_nobody_else_has_is_named_with_the_lines_that_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"url": "file:///home/me/mmbook", "dir_info": {"editable": True}}
    monkeypatch.setattr("sphinx_mmbook.cli.new.package_source._direct_url", lambda: said)
    book = new_book(tmp_path / "b").parent
    out, err = capsys.readouterr()
    assert "is made. Go on with (but first see the note at the end)\n" in out
    assert "was installed from the folder '/home/me/mmbook', which others do not have" in err
    assert f"-m pip wheel --no-deps --wheel-dir {book}/dist /home/me/mmbook\n" in err
    assert f"mmbook update --book {book}/book --package {book}/dist/sphinx_mmbook-" in err


def test_people_whom_two_students_add_merge_without_a_conflict(tmp_path: Path) -> None:
    book = new_book(tmp_path / "b")
    git = repository(book.parent)
    for name in ("ann", "bo"):
        git("switch", "--quiet", "-c", name, "main")
        # Each also adds the supervisor of both, in the same words.
        for person in (name, "cy"):
            (book / f"people/{person}.yml").write_text(f"name: {person.title()}\n", "utf-8")
        git("add", ".")
        git("commit", "--quiet", "-m", name)
    git("switch", "--quiet", "main")
    for name in ("ann", "bo"):
        git("merge", "--quiet", "--no-edit", name)
    assert {"ann", "bo", "cy"} <= set(load_book(book).people.persons)
    assert faults(book) == []


def test_ten_chapters_of_ten_branches_merge_without_a_conflict(tmp_path: Path) -> None:
    book = new_book(tmp_path / "b")
    git = repository(book.parent)
    for number in range(10):
        git("switch", "--quiet", "-c", f"chapter-{number}", "main")
        people = ("--author", f"Ann {'ABCDEFGHIJ'[number]}nders", "--supervisor", "Bo Sample")
        assert new_chapter(book, f"chapter-{number}", *people) == 0
        git("add", ".")
        git("commit", "--quiet", "-m", f"chapter {number}")
    git("switch", "--quiet", "main")
    for number in range(10):
        git("merge", "--quiet", "--no-edit", f"chapter-{number}")
    assert len(load_book(book).tree.chapters) == 11
    assert faults(book) == []


@pytest.mark.parametrize(
    ("place", "next_step"),
    [("elsewhere", "new book"), ("", "live"), ("b", "live"), ("b/book", "live")],
)
def test_the_command_alone_says_what_to_do_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    place: str, next_step: str,
) -> None:  # fmt: skip
    new_book(tmp_path / "b")
    (tmp_path / "elsewhere").mkdir()
    capsys.readouterr()
    monkeypatch.chdir(tmp_path / place)
    assert main([]) == 0
    assert f"\n  mmbook {next_step}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "answer"), [("biuld", "did you mean 'build'?"), ("xyzzy", "commands are 'new', ")]
)
def test_a_mistyped_command_gets_the_nearest_one(
    word: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([word])
    assert stopped.value.code == 2
    assert f"there is no command '{word}'; {answer}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("check --fxi", "mmbook check: error: it takes no '--fxi'; did you mean '--fix'?"),
        ("build --qiet", "mmbook build: error: it takes no '--qiet'; did you mean '--quiet'?"),
        ("build a b", "mmbook build: error: it takes no 'b'\n"),
    ],
)
def test_an_unknown_option_was_told_the_usage_of_another_command(
    words: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(words.split())
    assert answer in capsys.readouterr().err
