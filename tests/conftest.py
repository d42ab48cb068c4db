"""Tiny books, made and built for real."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, settings

from building import build_here
from sphinx_mmbook.core.files.file_lock import wait_for

# Sphinx colours its messages where CI is set; the tests read them as text.
os.environ["NO_COLOR"] = "1"
os.environ.pop("FORCE_COLOR", None)

# New examples in every run, also where hypothesis would repeat its old ones (it does where CI is set):
# a failure prints what repeats it. How fast the machine makes an example is nothing to fail for.
settings.register_profile(
    "here",
    derandomize=False,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("here")

# A shell has its background jobs ignore Ctrl-C, and the programs that tests interrupt would, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
ROOTS = HERE / "roots"
SHOWCASE = HERE.parent / "book"
CONF = """\
project = "Test book"
author = "The seminar"
copyright = "The seminar"
extensions = ["sphinx_mmbook"]
html_theme = "basic"
"""


@dataclass(frozen=True)
class Built:
    """What one run of sphinx-build gave."""

    status: int
    out: str
    err: str
    outdir: Path

    @property
    def warnings(self) -> list[str]:
        """The lines of stderr that are not empty; a book without faults has none."""
        return [line for line in self.err.splitlines() if line.strip()]

    def soup(self, docname: str) -> BeautifulSoup:
        """Return a page of the HTML output, parsed."""
        text = (self.outdir / f"{docname}.html").read_text("utf-8")
        return BeautifulSoup(text, "html.parser")


class Book:
    """A book on disk: ``book.write({"chapters/a/index.md": "# A"})``, then ``book.build()``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / "conf.py").exists():
            self.write({"conf.py": CONF})

    def write(self, files: dict[str, str | bytes]) -> Book:
        """Write files by their paths in the book."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode("utf-8") if isinstance(content, str) else content
            path.write_bytes(data)
        return self

    def text(self, name: str) -> str:
        """Return the text of a file."""
        return (self.folder / name).read_text("utf-8")

    def change(self, name: str, old: str, new: str) -> Book:
        """Change a piece of a file, which has to be there."""
        assert old in self.text(name)
        return self.write({name: self.text(name).replace(old, new)})

    def build(
        self, *options: str, builder: str = "html", out: str = "_build", process: bool = False
    ) -> Built:
        """Run ``sphinx-build`` here, or in a process of its own: if asked to, or to read in parallel."""
        outdir = self.folder / out / builder
        words = ["-b", builder, "-d", str(self.folder / out / "doctrees"), *options]
        words += [str(self.folder), str(outdir)]
        parallel = any(option.startswith("-j") for option in options) and "1" not in options
        if not process and not parallel:
            return Built(*build_here(self.folder, words), outdir)
        command = [sys.executable, "-m", "sphinx", *words]
        run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        return Built(run.returncode, run.stdout, run.stderr, outdir)


#: Files that take longest, of ``make test-long`` and of ``make test``: a worker takes whole files.
LONGEST = (
    "test_fuzz_builds.py", "test_showcase.py", "rules/test_any_text.py", "test_wheel.py", "test_pdf.py",
    "test_browser.py", "test_existing.py", "test_store_objects.py", "test_store.py",
    "test_fixed_pages.py", "rules/test_rules.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, then what builds and runs: no worker is left with it at the end."""
    places = {HERE / name: place for place, name in enumerate(LONGEST)}
    assert all(file.is_file() for file in places)

    def place(item: pytest.Item) -> int:
        quick = {"core", "rules"} & {*item.path.relative_to(HERE).parts}
        return places.get(item.path, len(places) + bool(quick))

    items.sort(key=place)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Return an empty book: conf.py with the basic theme."""
    return Book(tmp_path / "book")


def copied(name: str, folder: Path) -> Book:
    """Return a copy in ``folder`` of a book in ``tests/roots/``, which can also be built by hand."""
    shutil.copytree(ROOTS / name, folder, ignore=shutil.ignore_patterns("_build"))
    return Book(folder)


@pytest.fixture
def root(tmp_path: Path) -> Callable[[str], Book]:
    """Return a function that gives a copy of one of the books in ``tests/roots/``."""
    return lambda name: copied(name, tmp_path / "book")


@pytest.fixture(scope="session")
def showcase(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the showcase book, built from a copy of its sources, once for the tests of all workers."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    folder /= "showcase"
    lock = wait_for(folder / "lock", lambda: None)
    try:
        if not (said := folder / "built.json").exists():
            shutil.copytree(SHOWCASE, folder / "book", ignore=shutil.ignore_patterns("_build"))
            built = Book(folder / "book").build("-W", "--keep-going", "-j", "2")
            said.write_text(json.dumps([built.status, built.out, built.err, str(built.outdir)]))
    finally:
        os.close(lock)
    *told, outdir = json.loads(said.read_text())
    return Built(*told, Path(outdir))


def repository(folder: Path) -> Callable[..., None]:
    """Make a folder a repository with one commit on ``main``; return what runs git there."""

    def git(*words: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)

    git("init", "--quiet", "--initial-branch", "main")
    git("add", ".")
    git("commit", "--quiet", "-m", "book")
    return git
