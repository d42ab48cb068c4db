"""A build among others: two at once, a disk that takes no more, a signal to the command."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Book

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of Unix")

NOTEBOOK = """\
---
file_format: mystnb
kernelspec: {{name: python3}}
---

# Chapter

```{{code-cell}}
{}
```
"""
SPHINX = [sys.executable, "-m", "sphinx"]
MMBOOK = [sys.executable, "-m", "sphinx_mmbook.cli"]


def start(command: list[str], **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **options
    )  # type: ignore[call-overload, no-any-return]


def running(mark: str) -> list[int]:
    """The processes whose command line or environment has a mark; only of this machine's Linux."""
    found = []
    for pid in filter(str.isdigit, (path.name for path in Path("/proc").iterdir())):
        with suppress(OSError):
            for name in ("cmdline", "environ"):
                with open(f"/proc/{pid}/{name}", "rb") as file:  # noqa: PTH123
                    if mark.encode() in file.read() and int(pid) != os.getpid():
                        found.append(int(pid))
    return found


def wait_until(said: Path) -> None:
    while not said.exists():
        time.sleep(0.05)


@pytest.mark.long
def test_two_builds_at_once_end_right(book: Book) -> None:
    """They ended with "hashkey already exists", or read half a file of the other."""
    started, go = book.folder.parent / "started", book.folder.parent / "go"
    code = f"""import pathlib, time
pathlib.Path({str(started)!r}).touch()
while not pathlib.Path({str(go)!r}).exists():
    time.sleep(0.05)
print(6 * 7)"""
    book.write({"index.md": NOTEBOOK.format(code)})
    build = ["-d", str(book.folder / "_build/doctrees"), str(book.folder)]
    first = start([*SPHINX, "-b", "html", *build, str(book.folder / "_build/html")])
    wait_until(started)
    second = start([*SPHINX, "-b", "latex", *build, str(book.folder / "_build/latex")])
    assert second.stdout is not None
    assert any("another build of this book is running" in line for line in second.stdout)
    go.touch()
    outs = [process.communicate() for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0]
    assert [err for _, err in outs] == ["", ""]
    assert "running index" in outs[0][0] and "running index" not in outs[1][0]


@pytest.mark.long
def test_a_full_disk_is_one_line(book: Book) -> None:
    import resource

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))

    book.write({"index.md": "# Book\n\n" + "Many words. " * 2000 + "\n"})
    command = [*SPHINX, "-q", str(book.folder), str(book.folder / "_build/html")]
    process = start(command, preexec_fn=small_files)
    _, err = process.communicate()
    assert process.returncode == 1
    (line,) = [line for line in err.splitlines() if line.strip()]
    assert re.fullmatch(r"mmbook: '.*_build/html' cannot be written \(.*\); make room, .*", line)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_page_that_is_removed_while_a_build_reads_is_one_line(book: Book, jobs: str) -> None:
    """Sphinx's report of a crash asked to be sent to those who maintain Sphinx."""
    toctree = "# Book\n\n```{toctree}\n:glob:\npages/*\n```\n"
    book.write({"index.md": toctree, **{f"pages/p{n}.md": f"# P {n}\n" for n in range(10)}})
    gone = "    app.connect('env-before-read-docs', lambda *_: page.unlink(), priority=999)\n"
    page = "import pathlib\npage = pathlib.Path(__file__).parent / 'pages/p7.md'\n"
    with (book.folder / "conf.py").open("a") as conf:
        conf.write(f"{page}def setup(app):\n{gone}")
    built = book.build("-j", jobs, process=True)
    assert built.status == 1
    assert built.err == "mmbook: 'pages/p7.md' was removed while the book was built; build again\n"


def can_mount() -> bool:
    """Whether a file system can be mounted that only the process itself sees."""
    words = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/tmp"]
    return bool(which("unshare")) and not subprocess.run(words, capture_output=True).returncode


@pytest.mark.long
@pytest.mark.skipif(not can_mount(), reason="needs a system that lets users mount (unshare -rm)")
@pytest.mark.parametrize("command", ["build", "epub", "pdf", "live --port 0 --no-open"])
@pytest.mark.parametrize(
    ("options", "reason"), [("size=200k", "No space left"), ("ro", "it is read-only")]
)
def test_a_disk_that_is_full_or_read_only_is_one_line(
    book: Book, command: str, options: str, reason: str
) -> None:
    out = book.folder / "_build"
    out.mkdir()
    book.write({"index.md": "# Book\n\n" + "Many words. " * 20_000 + "\n"})
    words = shlex.join([*MMBOOK, *command.split(), str(book.folder)])
    # The preview goes on, to build again when there is room.
    words = f"timeout -s INT 20 {words}" if "live" in command else words
    script = f"mount -t tmpfs -o {options} none {out} && exec {words}"
    process = start(["unshare", "-rm", "sh", "-c", script])
    out_text, err = process.communicate()
    assert process.returncode, out_text
    assert "Traceback" not in out_text + err
    said = [line for line in (out_text + err).splitlines() if reason in line]
    assert said, out_text + err
    assert all("/_build" in line and "cannot be written" in line for line in said)


@pytest.mark.long
@pytest.mark.skipif(not os.path.exists("/proc/self/environ"), reason="looks into /proc")  # noqa: PTH110
@pytest.mark.parametrize("command", ["build", "pdf", "live --port 0 --no-open"])
def test_sigterm_to_the_command_leaves_nothing_running(book: Book, command: str) -> None:
    started = book.folder.parent / "started"
    code = f"import pathlib, time\npathlib.Path({str(started)!r}).touch()\ntime.sleep(600)"
    book.write({"index.md": NOTEBOOK.format(code)})
    mark = f"mmbook-test-{os.getpid()}-{command[:4]}"
    env = {**os.environ, "MMBOOK_TEST_MARK": mark}
    process = start([*MMBOOK, *command.split(), str(book.folder)], env=env)
    wait_until(started)
    assert len(running(mark)) >= 3  # the command, Sphinx and the kernel
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate()
    assert "Traceback" not in err
    assert process.returncode == 128 + signal.SIGTERM
    while running(mark):  # a kernel that was told to end takes a moment
        time.sleep(0.05)


@pytest.mark.long
def test_an_extension_that_is_not_parallel_safe_makes_the_build_serial(book: Book) -> None:
    """sphinx-proof says that it is safe, but its domain cannot merge: the build died of a KeyError."""
    book.write(
        {
            "unsafe.py": """
from sphinx.domains import Domain

class UnsafeDomain(Domain):
    name = "unsafe"

def setup(app):
    app.add_domain(UnsafeDomain)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
""",
            "conf.py": """
import pathlib, sys
sys.path.insert(0, str(pathlib.Path(__file__).parent))
project = author = copyright = "Test"
extensions = ["sphinx_mmbook", "unsafe"]
html_theme = "basic"
""",
            "index.md": "# Book\n\n```{toctree}\n:glob:\np*\n```\n",
        }
        | {f"p{number}.md": f"# Page {number}\n" for number in range(12)}
    )
    built = book.build("-j", "2")
    assert built.status == 0 and built.warnings == []
    assert built.out.count("building with one process: unsafe cannot be used with several") == 1


def test_an_extension_that_says_nothing_of_processes_fails_no_build(book: Book) -> None:
    """Sphinx warned of it in each build with several processes, as in ``mmbook build``."""
    conf = f"import sys\nsys.path.insert(0, {str(book.folder)!r})\n{book.text('conf.py')}"
    book.write({"unsaid.py": "def setup(app):\n    return {}\n", "conf.py": conf})
    book.change("conf.py", '"sphinx_mmbook"', '"sphinx_mmbook", "unsaid"')
    book.write({"index.md": "# Book\n\n```{toctree}\n:glob:\np*\n```\n"})
    book.write({f"p{number}.md": f"# Page {number}\n" for number in range(12)})
    built = book.build("-W", "-j", "2")
    assert (built.status, built.warnings) == (0, [])
    assert built.out.count("building with one process: unsaid cannot be used with several") == 1


STOPPED = """
from pathlib import Path

def stop(app, *_):
    if (Path(app.confdir) / "stop").exists():
        raise KeyboardInterrupt

def setup(app):
    app.connect("write-started", stop)
"""


def test_a_build_that_is_interrupted_as_it_writes_leaves_no_page_as_it_was(book: Book) -> None:
    conf = (book.folder / "conf.py").read_text()
    page = "# One\n\n```{include} part.txt\n```\n"
    book.write({"conf.py": conf + STOPPED, "index.md": page, "part.txt": "first"})
    assert "first" in book.build().soup("index").text
    book.write({"part.txt": "second", "stop": ""})
    assert book.build().status != 0
    (book.folder / "stop").unlink()
    assert "second" in book.build().soup("index").text
    assert "no targets are out of date" in book.build().out
