"""The wheel, not the tree: installed elsewhere, it builds a book outside of the repository."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from conftest import Book
from patience import wait_for

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the tree."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (file,) = out.glob("*.whl")
    return file


def test_the_wheel_has_all_files_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("sphinx_mmbook/")}
    tracked = subprocess.run(
        ["git", "ls-files", "sphinx_mmbook"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert packed >= set(tracked.stdout.split())


def test_the_wheel_builds_a_book(wheel: Path, book: Book, tmp_path: Path) -> None:
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*command, str(target), str(wheel)], check=True)
    book.write(
        {
            "people/ann.yml": "name: Ann\n",
            "index.md": "# Book\n\n```{toctree}\n:numbered:\na/index\n```\n",
            "a/references.bib": "@book{a, author={Ann, A}, title={T}, year=2020, publisher={P}}",
            "a/index.md": "---\ntitle: One\nauthors: [ann]\n---\n\n{cite:t}`a` and $a$.\n",
        }
    )
    environment = {**os.environ, "PYTHONPATH": str(target), "PYTHONSAFEPATH": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "sphinx_mmbook.cli", "build", str(book.folder), "--jobs", "1"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    page = (book.folder / "_build/html/a/index.html").read_text("utf-8")
    assert "Author" in page
    assert (book.folder / "_build/html/_static/mathjax/tex-chtml-nofont.js").is_file()
    where = [sys.executable, "-c", "import sphinx_mmbook; print(sphinx_mmbook.__file__)"]
    used = subprocess.run(
        where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert used.stdout.startswith(str(target))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which the wheel is found, and Git knows nobody."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*command, str(target), str(wheel)], check=True)
    return {**os.environ, "PYTHONPATH": str(target), "HOME": str(target), "PYTHON": sys.executable}


def run_to_success(command: str, folder: Path, environment: dict[str, str]) -> str:
    """Run a command of a shell; return what it prints."""
    run = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, f"{command}\n{run.stdout}{run.stderr}"
    return run.stdout + run.stderr


def without_package(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name != "PYTHONPATH"}


MMBOOK = f'"{sys.executable}" -m sphinx_mmbook.cli'


def test_a_new_book_of_the_wheel_builds_and_passes_its_tests(
    wheel: Path, installed: dict[str, str], tmp_path: Path
) -> None:
    """Sets up the book's own environment, with the versions that it has locked."""
    run_to_success(f'{MMBOOK} new book b --yes --package "{wheel}"', tmp_path, installed)
    book, alone = tmp_path / "b", without_package(installed)
    assert "WARNING" not in run_to_success("make html", book, alone)
    assert "no findings" in run_to_success("make test", book, alone)
    for number, name in enumerate(("one", "two", "three", "four", "five")):
        words = f"{name} --title 'Chapter {name}' --author 'Ann {name.title()}'"
        more = "--notebook" if number % 2 else "--supervisor 'Bo Sample'"
        run_to_success(f".venv/bin/mmbook new chapter {words} {more}", book, alone)
    run_to_success(".venv/bin/mmbook rename two second", book, alone)
    run_to_success(".venv/bin/mmbook remove example", book, alone)
    said = run_to_success("make test", book, alone)
    assert "no findings" in said
    assert "WARNING" not in said
    for name in ("one", "second", "three", "four", "five"):
        assert (book / f"book/_build/html/chapters/{name}/index.html").is_file()
    run_to_success(".venv/bin/mmbook verify", book, alone)


def commands_in(file: Path) -> list[str]:
    """Return the commands that a page has its readers type; those for Windows as for this system."""
    text = file.read_text("utf-8").replace(".venv\\Scripts\\", ".venv/bin/")
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    typed = [line.removeprefix("$ ").partition("  #")[0].strip() for line in lines]
    return typed + re.findall(r"`((?:(?:\.venv/bin/)?mmbook|git) [^`\n]+)`", text)


#: What the pages leave to the reader -> what is typed here.
CHOSEN = {
    "ADDRESS-OF-THIS-REPOSITORY": "../origin.git",
    "SLUG --title … --author …": 'second --title Second --author "Bo Sample"',
    "OLD NEW": "second third",
    "remove SLUG": "remove third",
    "RULE": "label-unused",
    # The chapter of the student is the only one, and is begun.
    "mmbook release 1.0": "sed -i 's/status: draft/status: final/' book/chapters/*/index.md && "
    "mmbook release 1.0",
}


def page_at(address: str) -> bytes:
    """Return what is shown there; nothing while nothing is."""
    try:
        with urlopen(address) as page:
            return bytes(page.read())
    except URLError:
        return b""


def run_preview(command: str, folder: Path, environment: dict[str, str]) -> None:
    """Run what shows the book in the browser until a page is there, then press Ctrl-C."""
    run = subprocess.Popen(
        command, shell=True, cwd=folder, env={**environment, "BROWSER": "true"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    said = ""
    try:
        assert run.stdout
        for line in run.stdout:
            said += line
            if address := re.search(r"http://[\w.]+:\d+/?", line):
                wait_for(lambda: b"<title>" in page_at(address[0]), run)
                return
        raise AssertionError(f"{command} shows no page\n{said}")
    finally:
        os.killpg(run.pid, signal.SIGINT)
        run.communicate(timeout=60)


def test_every_command_of_readme_and_contributing_runs(
    wheel: Path, installed: dict[str, str], tmp_path: Path
) -> None:
    """As a student does who begins with a clone: in the order of CONTRIBUTING, then of README."""
    run_to_success(f'{MMBOOK} new book b --yes --package "{wheel}"', tmp_path, installed)
    who = "git -c user.name=A -c user.email=a@example.org"
    begin = f"git init -q -b main && git add . && {who} commit -q -m book"
    run_to_success(f"{begin} && git clone -q --bare . ../origin.git", tmp_path / "b", installed)
    (tmp_path / "student").mkdir()
    folder, alone = tmp_path / "student", without_package(installed)
    pages = [tmp_path / "b" / name for name in ("CONTRIBUTING.md", "README.md")]
    commands = [command for page in pages for command in commands_in(page)]
    assert len(commands) > 20
    for command in commands:
        for written, typed in CHOSEN.items():
            command = command.replace(written, typed)
        if command.startswith("cd "):
            folder /= command.removeprefix("cd ")
            path = f"{folder}/.venv/bin{os.pathsep}{alone['PATH']}"
            alone = {**alone, "PATH": path}
        elif " live" in command:
            run_preview(command, folder, alone)
        else:
            run_to_success(command, folder, alone)
    log = "git log --oneline origin/my-chapter"
    assert "My chapter: first draft" in run_to_success(log, folder, alone)
    assert not (folder / "book/chapters/example").exists()
