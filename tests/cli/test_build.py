"""``mmbook build`` and its kin as their users call them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from building import caught, text_of
from conftest import CONF, Book
from patience import wait_for
from sphinx_mmbook.cli import main
from sphinx_mmbook.cli.child import SPHINX


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, str]:
    """A book with a stale result as ``mmbook build`` makes it, and what that says."""
    sidecar = '{"format": 1, "script": "code/a.py", "files": {"a.csv": "0"}}'
    book = Book(tmp_path_factory.mktemp("told") / "book").write({
        "index.md": "# Book\n\nText.\n", "results/a.csv": "x\n1\n", "code/a.py": "1\n",
        "results/a.csv.prov.json": sidecar,
    })  # fmt: skip
    words = ["build", str(book.folder), "-j", "1", "--", "-D", "html_title=Other"]
    with caught(1) as out, redirect_stdout(out):
        assert main(words) == 0
        return book, text_of(out)


def test_build_says_where_to_look(told: tuple[Book, str]) -> None:
    book, out = told
    assert (book.folder / "_build/html/index.html").as_uri() in out


@pytest.mark.parametrize(
    ("conf", "said"),
    [
        ("extensions = ['sphinx_desing', 'sphinx_mmbook']", "conf.py:1: the extension 'sphinx_desing' is not"),
        ("extensions = ['sphinx_mmbook'", "conf.py:1:14: this is not valid Python: '[' was never closed"),
        ("project = 'B'\nextensions = ['myst_nb']", "conf.py:2: 'sphinx_mmbook' is not among the extensions"),
        ("extensions = ['sphinx_mmbook']\nhtml_theme = 'of_nobody'", "conf.py:2: the theme 'of_nobody' is not installed"),
    ],
)  # fmt: skip
def test_a_conf_of_which_sphinx_would_die_is_one_line(
    conf: str, said: str, book: Book, capfd: pytest.CaptureFixture[str]
) -> None:
    book.write({"index.md": "# Book\n", "conf.py": conf})
    assert main(["build", str(book.folder), "-q"]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"mmbook build: {said}")


def test_a_build_names_results_that_are_out_of_date(told: tuple[Book, str]) -> None:
    assert "Out of date: results/a.csv ('mmbook results status'" in told[1]


@pytest.mark.long
def test_warnings_fail_a_build_unless_it_is_lenient(book: Book) -> None:
    book.write({"index.md": "# Book\n\n{ref}`nowhere`\n"})
    assert main(["build", str(book.folder), "-q", "-j", "1"]) == 1
    assert (book.folder / "_build/html/index.html").exists()
    assert main(["build", str(book.folder), "-q", "-j", "1", "--all", "--lenient"]) == 0


def test_options_behind_dashes_go_to_sphinx(told: tuple[Book, str]) -> None:
    book, _ = told
    assert "Other" in (book.folder / "_build/html/index.html").read_text()
    with pytest.raises(SystemExit, match="2"):
        main(["clean", str(book.folder), "--", "-D", "x=y"])


def test_an_option_that_sphinx_lacks_is_told_by_its_name() -> None:
    """It called itself "-c", as what runs it is called."""
    run = subprocess.run([*SPHINX, "--none"], capture_output=True, text=True, check=False)
    assert (run.returncode, "sphinx-build: error: " in run.stderr) == (2, True), run.stderr


def test_clean_removes_what_was_built(book: Book) -> None:
    book.write({"index.md": "# Book\n", "_build/html/index.html": "old"})
    assert main(["clean", str(book.folder)]) == 0
    assert not (book.folder / "_build").exists()
    assert (book.folder / "index.md").exists()


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_ctrl_c_while_sphinx_is_imported_shows_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "sphinx.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(SPHINX, env=env, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (-signal.SIGINT, "")


def test_clean_follows_no_link(book: Book) -> None:
    book.write({"index.md": "# Book\n"})
    (book.folder / "_build").symlink_to(book.folder / "chapters")
    book.write({"chapters/a.md": "# A\n"})
    assert main(["clean", str(book.folder)]) == 0
    assert not (book.folder / "_build").is_symlink()
    assert (book.folder / "chapters/a.md").exists()


def test_a_missing_book_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["build", str(tmp_path)])
    assert "there is no conf.py" in capsys.readouterr().err


def test_a_reader_of_a_build_that_has_gone_is_no_traceback(book: Book) -> None:
    """'mmbook build | head' showed one for each line of Sphinx."""
    book.write({"index.md": "# Book\n\nText.\n"})
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "import sphinx_mmbook; sphinx_mmbook.start()", "build"]
    run = subprocess.run(
        [*command, str(book.folder)], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert run.stderr == ""
    assert (book.folder / "_build" / "html" / "index.html").exists()


@pytest.mark.parametrize("name", ["_toc.yml", "myst.yml", "_quarto.yml", "_bookdown.yml"])
def test_a_book_of_another_program_is_told_how_it_is_taken_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """It was told to name the book's folder, which it had."""
    old = tmp_path / "old"
    old.mkdir()
    (old / name).write_text("{}\n", "utf-8")
    with pytest.raises(SystemExit, match="2"):
        main(["check", str(old)])
    assert f"'mmbook new book our-book --from {old}'" in capsys.readouterr().err
    if name == "myst.yml":
        assert main(["new", "book", str(tmp_path / "b"), "--yes", "--from", str(old)]) == 2
        assert "docs/existing-book.md" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["build", "check", "pdf", "epub", "live", "clean", "results"])
def test_help_has_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    assert f"mmbook {command}" in capsys.readouterr().out.partition("examples:")[2]


@pytest.mark.long
def test_live_opens_the_browser(book: Book, tmp_path: Path) -> None:
    book.write({"index.md": "# Book\n"})
    opened = tmp_path / "opened"
    browser = tmp_path / "browser.sh"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n')
    browser.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    live = subprocess.Popen(
        [sys.executable, "-m", "sphinx_mmbook.cli", "live", str(book.folder), "--port", str(port)],
        env={**os.environ, "BROWSER": str(browser)}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(lambda: opened.exists() and opened.read_text().strip(), live)
    finally:
        os.killpg(live.pid, signal.SIGTERM)
        live.wait()
    assert opened.read_text().strip().rstrip("/") == f"http://127.0.0.1:{port}"


def test_a_language_that_is_no_text_is_one_line(
    book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    book.write({"index.md": "# A\n", "conf.py": CONF + "language = ['de']\n"})
    assert main(["build", str(book.folder)]) == 2
    line = "conf.py: 'language' cannot be ['de']; write, for example, language = 'de'"
    assert capsys.readouterr().err == f"mmbook build: {line}\n"
    assert main(["check", str(book.folder)]) == 1
    assert line.removeprefix("conf.py: ") in capsys.readouterr().out


@pytest.mark.long
def test_a_program_named_like_a_module_of_python_was_run_by_each_build(
    book: Book, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    programs = dict.fromkeys(("a/random.py", "a/sphinx.py"), "raise SystemExit('it was run')\n")
    book.write({"index.md": "# Book\n\nText.\n", **programs})
    monkeypatch.chdir(book.folder / "a")
    assert main(["build", str(book.folder), "-q", "-j", "1"]) == 0
    assert "it was run" not in capfd.readouterr().err
