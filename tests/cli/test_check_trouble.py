"""``mmbook check`` where things are in its way: closed outputs, links, locked files, old faults."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from conftest import Book
from sphinx_mmbook.cli import main
from sphinx_mmbook.core.checking.baseline import NAME


@pytest.fixture
def faulty(book: Book) -> Book:
    index = "# Book\n\n```{toctree}\n:glob:\nchapters/*/index\n```\n"
    chapter = "# A\n\n(fig_loss)=\n## Head\n\nSee {ref}`fig_loss`.\n"
    return book.write({"index.md": index, "chapters/a/index.md": chapter})


def run(book: Book, *words: str) -> int:
    return main(["check", str(book.folder), "--select", "labels,reading", *words])


def process(book: Book, *words: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx_mmbook.cli", "check", str(book.folder), *words]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    return subprocess.run(command, env=env, text=True, check=False, **options)  # type: ignore[call-overload]


def test_a_terminal_without_umlauts_gets_escapes(faulty: Book) -> None:
    faulty.write({"chapters/a/index.md": "# A\n\n(ü_b)=\n## B „…“\n"})
    for words in ((), ("--diff",), ("--format", "github")):
        run = process(faulty, *words, capture_output=True)
        assert (run.returncode, run.stderr) == (1, "")
        assert "\\xfc_b" in run.stdout


def test_a_reader_that_has_gone_is_no_error(faulty: Book) -> None:
    for words in ((), ("--explain", "all")):
        reader, writer = os.pipe()
        os.close(reader)
        run = process(faulty, *words, stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        assert run.stderr == ""
        assert run.returncode == 141


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_ctrl_c_while_modules_are_imported_shows_no_traceback(faulty: Book) -> None:
    """One in 13 early ones did: no command was there yet to catch it."""
    module = faulty.folder / "argparse.py"
    module.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(faulty.folder), *sys.path])}
    command = [sys.executable, "-c", "import sphinx_mmbook; sphinx_mmbook.start()", "check"]
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (130, "")


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
@pytest.mark.parametrize("kind", ["text", "unix", "github"])
def test_what_strangers_wrote_gives_a_terminal_no_orders(
    book: Book, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    page = "# A\n\n(a_\x1b]0;title\x07b)=\n## S \u202e\n\n![](\x1b[2J.png)\n"
    book.write({"index.md": "# A\n", "a\x1b[31m\n::error::b.md": page})
    run(book, "--format", kind)
    out = capsys.readouterr().out
    assert r"\x1b]0;title\x07" in out
    assert not {"\x1b", "\x07", "\u202e"} & {*out}
    assert not [line for line in out.splitlines() if line.startswith("::error::b")]


@pytest.mark.skipif(os.name == "nt", reason="no such terminals there")
def test_a_terminal_gets_no_orders_from_what_strangers_wrote(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pty

    from sphinx_mmbook.cli import prepare_streams

    book.write({"index.md": "# A\x1b]52;c;aWQ=\x07\n\n(a_b)=\n## S\u202e\n\n{ref}`a_b`\n"})
    ours, theirs = pty.openpty()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", os.fdopen(theirs, "w", encoding="utf-8"))
        prepare_streams()
        assert type(sys.stdout).__name__ == "Terminal"
        run(book, "--diff", "--select", "label-underscore")
        print("\x1b[31mred\x1b[0m \x1b[6n")
        sys.stdout.close()
    parts = []
    with suppress(OSError):  # Linux's word for the end
        while part := os.read(ours, 100_000):
            parts.append(part)
    os.close(ours)
    out = b"".join(parts).decode()
    assert r"# A\x1b]52;c;aWQ=\x07" in out
    assert {*re.findall(r"\x1b.{4}", out)} == {"\x1b[31m", "\x1b[0m "}
    assert not {"\x07", "\u202e"} & {*out}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_is_one_message(faulty: Book) -> None:
    with Path("/dev/full").open("w") as full:
        run = process(faulty, stdout=full, stderr=subprocess.PIPE)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_a_closed_output_changes_no_status(faulty: Book) -> None:
    shell = f"exec {sys.executable} -m sphinx_mmbook.cli check '{faulty.folder}' >&- 2>&-"
    assert subprocess.run(shell, shell=True, check=False).returncode == 1


def test_sarif_keeps_the_schema_and_escapes_paths(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.write({"chapters/ü b/index.md": "# A\n\n(x_y)=\n## B\n"})
    run(faulty, "--format", "sarif")
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    places = [item["locations"][0]["physicalLocation"] for item in log["results"]]
    assert places[-1]["artifactLocation"]["uri"].endswith("chapters/%C3%BC%20b/index.md")
    # What the schema requires, and columns as we count them.
    assert log["columnKind"] == "unicodeCodePoints"
    assert all(item["message"]["text"] and item["ruleIndex"] >= 0 for item in log["results"])


def test_old_faults_that_name_a_line_are_known_when_they_move(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = "(sec-a)=\n# A\n\n(sec-a)=\n## B\n\nSee {ref}`sec-c`.\n"
    faulty.write({"chapters/a/index.md": twice})
    words = ("check", str(faulty.folder), "--select", "labels,references")
    assert main([*words, "--write-baseline"]) == 0
    # The nearest label is another one now, and the other place has moved.
    faulty.write(
        {"chapters/a/index.md": f"New.\n\n{twice}", "chapters/b/index.md": "(sec-cc)=\n# B\n"}
    )
    assert main([*words]) == 0
    faulty.write({"chapters/a/index.md": f"{twice}\n(sec-a)=\n## C\n"})
    capsys.readouterr()
    assert main([*words]) == 1
    assert "1 error in 1 file" in capsys.readouterr().out


def test_a_baseline_is_that_of_the_whole_book(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    book, page = str(faulty.folder), str(faulty.folder / "index.md")
    for words in ([book, "--fix"], [book, "--changed-since", "main"], [page]):
        assert main(["check", *words, "--write-baseline"]) == 2
    assert not (faulty.folder / NAME).exists()
    assert capsys.readouterr().err.count("--write-baseline accepts all faults") == 3


def test_a_diff_is_no_json(faulty: Book, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(faulty, "--diff", "--format", "json") == 2
    assert capsys.readouterr().out == ""


def test_no_rule_at_all_is_a_mistake(faulty: Book) -> None:
    assert main(["check", str(faulty.folder), "--select", ","]) == 2


def test_a_diff_of_several_rounds_shows_each_file_once(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "(sec_a)=\n# A\n\n{ref}`SEC_A`\n"
    faulty.write({"chapters/a/index.md": text})
    assert (
        main(["check", str(faulty.folder), "--fix", "--diff", "--select", "labels,references"]) == 0
    )
    out = capsys.readouterr().out
    assert out.count("+++") == 1
    assert "+(sec-a)=" in out
    assert "+{ref}`sec-a`" in out


def test_a_fix_says_which_files_it_changed(
    faulty: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.write({"chapters/a/index.md": "(sec_a)=\n# A\n\n{ref}`SEC_A`\n"})
    words = ["check", str(faulty.folder), "--fix", "--select", "labels,references"]
    assert main(words) == 0
    assert capsys.readouterr().err == "mended chapters/a/index.md\n"
    assert main(words) == 0
    assert capsys.readouterr().err == ""


def test_a_file_that_cannot_be_written_stops_a_fix(
    faulty: Book, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty.write({"chapters/b/index.md": "# B\n\n(sec_b)=\n## C\n"})
    before = {p: p.read_bytes() for p in faulty.folder.rglob("*.md")}
    locked = str(faulty.folder.resolve() / "chapters/b/index.md")
    monkeypatch.setattr(os, "access", lambda path, _: str(path) != locked)
    assert run(faulty, "--fix") == 2
    assert capsys.readouterr().err == f"mmbook check: Permission denied: '{locked}'\n"
    assert before == {p: p.read_bytes() for p in faulty.folder.rglob("*") if p.suffix == ".md"}


def test_links_in_a_book_are_no_trap(faulty: Book, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("# O\n\n(o_o)=\n## P\n")
    links = {"circle.md": "circle.md", "circle.bib": "circle.bib", "loop": ".", "up": "..",
             "out.md": "../outside.md", "in.md": "chapters/a/index.md", "gone.md": "nowhere"}  # fmt: skip
    for name, target in links.items():
        (faulty.folder / name).symlink_to(target)
    assert main(["check", str(faulty.folder), "--fix"]) == 1
    assert (tmp_path / "outside.md").read_text() == "# O\n\n(o_o)=\n## P\n"
    assert (faulty.folder / "in.md").is_symlink()


def test_a_book_is_found_from_its_chapters(
    faulty: Book, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(faulty.folder / "chapters/a")
    assert main(["check", "--select", "labels"]) == 1
    assert main(["check", ".", "--select", "labels"]) == 1
    monkeypatch.chdir(faulty.folder / "chapters")
    assert main(["check", "a/index.md", "--select", "labels"]) == 1
    capsys.readouterr()
    # A hook may pass what is not in the book.
    assert main(["check", str(faulty.folder), sys.executable, "--select", "labels"]) == 1
    assert "is not in the book" in capsys.readouterr().err


def test_the_hook_of_pre_commit_does_not_ask_for_what_only_the_book_s_environment_has(
    faulty: Book, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (hook,) = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text())
    command, *words = hook["entry"].split()
    assert command == "mmbook"
    faulty.write({"conf.py": 'extensions = ["sphinx_mmbook", "sphinx_elsewhere"]\n'})
    monkeypatch.chdir(faulty.folder)
    main(["check"])
    assert "[extension-missing]" in capsys.readouterr().out
    assert main(words) == 1  # of its other faults
    assert "[extension-missing]" not in capsys.readouterr().out
    assert main(["check", "--select", words[-1]]) == 1  # rules that there are


# What git says


def git(book: Book, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=book.folder, check=True, capture_output=True)


@pytest.fixture
def committed(faulty: Book) -> Book:
    """Return a book below the top of its repository, in a folder with a blank and an umlaut."""
    (faulty.folder.parent / "ein Büch").mkdir()
    moved = faulty.folder.rename(faulty.folder.parent / "ein Büch" / "book")
    book = Book(moved)
    book.write({"chapters/b ö/index.md": "(sec-b)=\n# B\n\n{ref}`sec-x`\n"})
    book.write(
        {".gitattributes": "chapters/b* export-ignore\n", "chapters/a/x.md": "(sec-x)=\n# X\n"}
    )
    (moved / "absolute").symlink_to("/nowhere")
    (moved / "out").symlink_to("../../../nowhere")
    top = Book(moved.parent)
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-qm", "start")
    git(top, "checkout", "-q", "--detach")
    return book


def broken(book: Book, capsys: pytest.CaptureFixture[str], since: str = "main") -> list[str]:
    words = ["--select", "labels,references", "--format", "json", "--level", "warning"]
    capsys.readouterr()
    main(["check", str(book.folder), *words, "--changed-since", since])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [f"{item['path']}: {item['rule']}" for item in found]


def test_a_change_is_told_what_it_breaks_elsewhere(
    committed: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    assert broken(committed, capsys) == []
    (committed.folder / "chapters/a/x.md").write_text("# X\n")
    gone = ["chapters/b ö/index.md: reference-undefined"]
    assert broken(committed, capsys) == gone
    git(committed, "commit", "-qam", "deleted")
    assert broken(committed, capsys) == gone
    # What git does not know yet is new; a page that only has another name now brings old faults.
    committed.write({"neu/ü.md": "# N\n\n{ref}`sec-y`\n"})
    git(committed, "mv", "chapters/b ö", "chapters/c")
    assert broken(committed, capsys, "HEAD") == ["neu/ü.md: reference-undefined"]


def test_a_book_that_is_new_is_all_changed(
    committed: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    new = Book(committed.folder.parent / "new")
    new.write({"index.md": "# N\n\n{ref}`sec-y`\n"})
    assert broken(new, capsys) == ["index.md: reference-undefined"]


def test_a_revision_that_is_not_there_is_one_clear_message(
    committed: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    top = committed.folder.parent
    git(committed, "commit", "-qm", "more", "--allow-empty")
    clone = tmp_path / "clone"
    git(committed, "clone", "-q", "--depth", "1", f"file://{top}", str(clone))
    git(Book(clone), "update-ref", "refs/remotes/origin/main", "HEAD")
    lacks = "this clone lacks old commits"
    cases = [(committed.folder, "nowhere", "git knows no revision 'nowhere'\n"),
             (committed.folder, "", "git knows no revision ''\n"),
             (committed.folder, "--output=x", "git knows no revision '--output=x'\n"),
             (clone / "book", "main", "did you mean 'origin/main'?\n"),
             (clone / "book", "gone", lacks), (tmp_path / "none", "main", "not a git repository")]  # fmt: skip
    Book(tmp_path / "none")
    for folder, revision, message in cases:
        assert main(["check", str(folder), f"--changed-since={revision}"]) == 2
        err = capsys.readouterr().err
        assert message in err
        assert len(err.splitlines()) == 1


def test_a_mistyped_path_gets_the_nearest_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "woods").mkdir()
    with suppress(SystemExit):
        main(["check", str(tmp_path / "wods")])
    assert "does not exist; did you mean 'woods'?" in capsys.readouterr().err
    (tmp_path / "hil\x1bls").mkdir()  # a stranger's name, which no terminal obeys
    with pytest.raises(SystemExit):
        main(["check", str(tmp_path / "hills")])
    said = capsys.readouterr().err
    assert "did you mean" in said and "\x1b" not in said
