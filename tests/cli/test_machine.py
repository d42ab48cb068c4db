"""``mmbook doctor`` and ``completion``, and where commands look for the book."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_mmbook.cli import COMMANDS, main, make_parser
from sphinx_mmbook.cli.folders import find_book
from sphinx_mmbook.cli.machine.completion import SHELLS
from sphinx_mmbook.cli.machine.doctor import diagnoses
from sphinx_mmbook.cli.machine.installing import INSTALLERS, command_for


def a_book(folder: Path, *files: str) -> Path:
    for name in ("book/conf.py", "book/index.md", *files):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# Book\n", "utf-8")
    return folder / "book"


def test_every_command_has_help_with_examples() -> None:
    for name in COMMANDS:
        (command,) = make_parser(name)._subparsers._group_actions[0].choices.values()
        assert f"\n  mmbook {name}" in command.format_help(), name
        assert "examples:" in command.format_help(), name


@pytest.mark.parametrize(
    "name", ["new book", "new chapter", "results status", "results run", "results record"]
)
def test_help_of_new_chapter_and_its_like_had_no_examples(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*name.split(), "--help"])
    shown = capsys.readouterr().out
    assert f"examples:\n  mmbook {name}" in shown
    assert set(re.findall(r"(?m)^  mmbook (\w+ \w+)", shown)) == {name}


def test_a_command_finds_the_book_from_a_chapter_s_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = a_book(tmp_path, "book/chapters/one/index.md")
    monkeypatch.chdir(book / "chapters/one")
    assert find_book(None) == book
    monkeypatch.chdir(tmp_path)
    assert find_book(None) == Path("book")


def test_the_command_alone_beside_a_book_says_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_book(tmp_path / "our-seminar")
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    assert "\n  cd our-seminar\n" in capsys.readouterr().out


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_asks_the_command(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    assert "mmbook" in capsys.readouterr().out


@pytest.mark.long
def test_a_shell_that_asks_gets_commands_and_options(tmp_path: Path) -> None:
    def answers(line: str) -> set[str]:
        asked = {
            "_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "COMP_LINE": line,
            "COMP_POINT": str(len(line)), "ARGCOMPLETE_USE_TEMPFILES": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(tmp_path / "out"),
        }  # fmt: skip
        command = [sys.executable, "-m", "sphinx_mmbook.cli"]
        subprocess.run(command, env={**os.environ, **asked}, check=True, timeout=60)
        return {word.strip() for word in (tmp_path / "out").read_text("utf-8").split("\n")}

    assert answers("mmbook comp") == {"completion"}
    assert {"build", "doctor", "live"} <= answers("mmbook ")
    assert {"--fix", "--format"} <= answers("mmbook check --f")


def test_the_doctor_names_what_is_missing_and_the_command_that_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = a_book(tmp_path, "book/a/code/run.R", "book/a/figures/x.svg", "book/a/results/fit.RDS")
    monkeypatch.setitem(sys.modules, "scipy", None)
    (book / "a/code/plot.py").write_text("import plotly\n")
    (tmp_path / "constraints.txt").write_text("sphinx==0.1\npytest>=1 # any\n; nonsense\n")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    found = {one.name: one for one in diagnoses(book, "apt-get")}
    missing = {name: one.advice for name, one in found.items() if not one.well}
    assert missing["git"] == "sudo apt-get install -y --no-install-recommends git"
    assert missing["R"].endswith(" r-base-core")
    assert "sphinx-mmbook[live,r]" in missing["scipy"]
    assert "texlive-xetex" in missing["latex"]
    assert missing["rsvg-convert"].endswith(" librsvg2-bin")
    assert missing["chromium"].endswith(" chromium")
    assert missing["packages"].splitlines() == [
        f"cd {tmp_path}",
        f"{sys.executable} -m pip install -c constraints.txt --group book",
    ]
    assert "sphinx is " in found["packages"].purpose
    assert "pytest" not in found["packages"].purpose
    assert found["Python"].well


def test_the_doctor_says_when_git_knows_nobody_s_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = a_book(tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    (nobody,) = [one for one in diagnoses(book, "") if one.name == "your name"]
    assert not nobody.well
    assert nobody.advice.startswith('git config --global user.name "Your Name"')
    (tmp_path / ".gitconfig").write_text("[user]\nname = A\nemail = a@example.org\n", "utf-8")
    (somebody,) = [one for one in diagnoses(book, "") if one.name == "your name"]
    assert somebody.well


def test_the_doctor_names_only_what_a_book_needs(tmp_path: Path) -> None:
    names = {one.name for one in diagnoses(a_book(tmp_path), "apt-get")}
    assert {"Python", "git", "latex"} <= names
    assert not {"R", "chromium", "rsvg-convert", "pdftocairo", "packages"} & names


def test_the_doctor_says_first_what_everything_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["doctor"]) == 0
    assert "The website can be built here." in capsys.readouterr().out
    monkeypatch.setattr("sys.version_info", (3, 10, 1))
    assert main(["doctor"]) == 1
    assert "MISSING  Python" in capsys.readouterr().out
    assert main(["doctor", str(tmp_path)]) == 2


@pytest.mark.parametrize("by", INSTALLERS)
def test_each_system_has_a_command_for_git(by: str) -> None:
    assert command_for("git", by).startswith(INSTALLERS[by])
    assert command_for("rsvg-convert", "winget") == ""
    assert command_for("git", "") == ""


def test_a_folder_that_is_read_only_is_one_line_of_any_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "/book/_build")

    monkeypatch.setattr("sphinx_mmbook.cli.machine.doctor.run", fail)
    assert main(["doctor", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "mmbook doctor: Read-only file system: '/book/_build'\n"


def test_a_port_that_no_machine_has_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "conf.py").write_text("")
    for port in ("70000", "-1"):
        assert main(["live", str(tmp_path), "--port", port]) == 2
        said = f"mmbook: there is no port {port}; name one up to 65535\n"
        assert capsys.readouterr().err == said


def test_the_doctor_and_the_pdf_ask_for_the_engine_that_the_book_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both asked for xelatex."""
    book = a_book(tmp_path)
    (book / "conf.py").write_text('latex_engine = "lualatex"\n', "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["pdf", str(book)]) == 2
    assert "the PDF needs latexmk and lualatex" in capsys.readouterr().err
    (latex,) = (one for one in diagnoses(book, "apt-get") if one.name == "latex")
    assert latex.purpose == "for the PDF: latexmk and lualatex"
    (book / "conf.py").write_text('latex_engine = "../run-me"\n', "utf-8")
    assert main(["pdf", str(book)]) == 2
    assert "the PDF needs latexmk and xelatex" in capsys.readouterr().err


def test_the_doctor_says_that_a_book_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said that the website can be built."""
    book = a_book(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: path != book)
    (folder,) = (one for one in diagnoses(book, "apt-get") if one.name == "folder")
    assert folder.is_needed and not folder.well
