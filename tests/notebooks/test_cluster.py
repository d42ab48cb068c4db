"""Chapters and programs on a Dask cluster: two worker processes on the loopback interface."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ext.pages.test_isolation import CHAPTERS, GOOD, bad, pages

from conftest import Book
from patience import wait_for
from sphinx_mmbook.cli import main
from sphinx_mmbook.notebooks import cluster
from sphinx_mmbook.notebooks.cluster import files_of_book

pytestmark = pytest.mark.long

distributed = pytest.importorskip("distributed", reason="the extra 'dask'")

STORE = """\
import json
from pathlib import Path
from sphinx_mmbook import store
print("working")
store({"a": int(Path("data/in.txt").read_text()) + %d}, "results/x.json")
"""


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    workers = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address=None, resources={"gpu": 1},
    )  # fmt: skip
    with workers:
        yield workers.scheduler_address


def add_results(book: Book) -> None:
    for name in "ab":
        book.write(
            {
                f"ch/{name}/index.md": "---\norphan: true\nmmbook: {resources: {gpu: 1}}\n---\n\n# C\n"
            }
        )
        book.write({f"ch/{name}/code/x.py": STORE % 1, f"ch/{name}/data/in.txt": "4"})
        subprocess.run([sys.executable, "code/x.py"], cwd=book.folder / f"ch/{name}", check=True)
        book.write({f"ch/{name}/code/x.py": STORE % 2})


def made(book: Book) -> dict[str, object]:
    found = {}
    for file in sorted(book.folder.glob("ch/*/results/*")):
        data = json.loads(file.read_text())
        for word in ("time", "commit", "dirty"):
            data.pop(word, None)
        found[file.relative_to(book.folder).as_posix()] = data
    return found


@pytest.mark.parametrize("ship", [False, True], ids=["shared disk", "no shared disk"])
def test_a_cluster_gives_what_this_machine_gives(
    ship: bool, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Book(tmp_path / "here/book"), Book(tmp_path / "there/book")
    for book in (here, there):
        book.write({f"{name}.md": GOOD.format(name) for name in CHAPTERS})
        book.write({"bad.md": bad("1 / 0"), "data.txt": "of the book"})
        book.write({"index.md": "# Book\n\n```{toctree}\n" + "\n".join(CHAPTERS) + "\n```\n"})
        book.write(
            {
                "anna.md": GOOD.format("anna")
                + "\n```{code-cell}\nprint(open('data.txt').read())\n```\n"
            }
        )
        book.write({"conf.py": book.text("conf.py") + "html_last_updated_fmt = None\n"})
        add_results(book)
    if ship:
        monkeypatch.setenv("MMBOOK_SHIP", "1")
    local, remote = here.build(), there.build("-D", f"mmbook_scheduler={scheduler}")
    assert len(local.warnings) == len(remote.warnings) == 1, remote.err
    assert "code cell 2 fails with ZeroDivisionError" in remote.err
    assert pages(remote) == pages(local)
    assert "of the book" in remote.soup("anna").get_text()
    assert main(["results", "run", "--book", str(here.folder)]) == 0
    assert main(["results", "run", "--scheduler", scheduler, "--book", str(there.folder)]) == 0
    assert made(there) == made(here)
    assert made(there)["ch/a/results/x.json"] == {"a": 6}
    log = there.folder / "_build/results/log/ch/a/code/x.py.log"
    assert log.read_text() == "working\n"


@pytest.mark.parametrize("ship", [(), ("--ship",)])
def test_old_results_stay_if_a_program_fails_on_the_cluster(
    ship: tuple[str, ...], scheduler: str, book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    add_results(book)
    before = made(book)
    book.write(
        {"ch/a/code/x.py": STORE % 3 + "raise SystemExit('too bad')\n", "ch/b/code/x.py": STORE % 1}
    )
    words = ["results", "run", "--scheduler", scheduler, *ship, "--book", str(book.folder)]
    assert main(words) == 1
    assert "too bad" in capsys.readouterr().out
    after = made(book)
    assert after["ch/a/results/x.json"] == before["ch/a/results/x.json"] == {"a": 5}


#: The first worker that runs this waits to be killed; the second one does not.
WAITS = """\
import os, time
from pathlib import Path
mark = Path({0!r})
if not mark.exists():
    mark.write_text(str(os.getppid()))
    time.sleep(600)
print("survived")"""


def test_a_worker_killed_in_the_middle_is_survived(
    scheduler: str, book: Book, tmp_path: Path
) -> None:
    mark = tmp_path / "worker"
    book.write({"index.md": "# Book\n\n```{toctree}\na\n```\n"})
    book.write({"a.md": bad(WAITS.format(str(mark))).replace("orphan: true\n", "")})
    command = [sys.executable, "-m", "sphinx_mmbook.cli", "run", "--executor", "dask"]
    command += ["--scheduler", scheduler, "--book", str(book.folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: mark.exists() and mark.read_text(), process)
    os.kill(int(mark.read_text()), signal.SIGKILL)
    _, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    built = book.build()
    assert "survived" in built.soup("a").get_text()
    assert not re.search(r"running a", built.out)


def test_a_scheduler_that_is_not_there_is_told(
    book: Book, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody listens at this port, however long one waits.
    monkeypatch.setattr(cluster, "PATIENCE", 2)
    add_results(book)
    words = ["results", "run", "--scheduler", "tcp://127.0.0.1:1", "--book", str(book.folder)]
    assert main(words) == 2
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:1'" in capsys.readouterr().err
    book.write({"index.md": "# Book\n\n```{toctree}\na\n```\n", "a.md": GOOD.format("a")})
    built = book.build("-D", "mmbook_scheduler=tcp://127.0.0.1:1")
    assert built.status == 1 and "no Dask scheduler answers" in built.err
    assert "Traceback" not in built.err


def test_only_files_of_the_book_are_sent(book: Book, tmp_path: Path) -> None:
    book.write({"a.md": "A", "_build/x": "x", ".git/x": "x", ".env": "secret", "a/b.txt": "b"})
    (tmp_path / "secret").write_text("secret")
    (book.folder / "link").symlink_to(tmp_path / "secret")
    assert set(files_of_book(book.folder)) == {"conf.py", "a.md", "a/b.txt"}
