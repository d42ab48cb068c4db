"""Builds of a book of small chapters, in each of which one file is changed at random.

    python tests/fuzzing.py SEED COUNT [FOLDER]       prints what did not hold, then the figures

``COUNT`` is the number of files that are changed, a build has many of them. What must hold: no
traceback; no page changes but those that show the file; no process takes more than 1.5 GB or ten
seconds. When something does not hold, the build is repeated with half of the changes, and so on,
to find the file that does it. Most builds are of the website with a light theme, upon what an earlier
build has left; some write all pages, some begin anew, some have the book theme, some make LaTeX or EPUB. Each is a fork of this
process, in the limits. ``FOLDER`` keeps the messages and the files of what fails.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import pkgutil
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path

from fuzzed_book import write_book
from sphinx.cmd.build import main

import sphinx_mmbook
from sphinx_mmbook.ext.config import Settings

SECONDS, MEMORY = 10, 1_500_000_000
CHAPTERS = 30
#: Pieces that have gone wrong somewhere once, or look as if they might.
PIECES = [
    b"---\n", b"```", b"```{figure} a.png\n", b":::", b"> :::\n", b"> ```{note}\n", b"$$", b"$", b"\\", b"{", b"}",
    b"[](#", b"](", b"![x](figures/)", b"![]()", b"(a)=\n", b"{cite:t}`", b"{numref}`", b"{stored}`", b"`",
    b"```{stored-table} ", b":where: ", b"```{include} index.md\n```\n", b"<svg onload=x>", b"<script>", b"<!--",
    b"{#id .c}", b"[^1]", b"[^1]: x\n", b"|---|\n", b"- - - - ", b">" * 300, b"(" * 3000, b"[" * 3000, b"*" * 3000,
    b"\xff\xfe", b"\x00", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\t", b"NaN", b"1e999", b"-0", b"9" * 400,
    b"null", b"[]", b"{}", b'""', b"true", b"!!python/object:os.system", b"&a [*a]", b"*a", b"@string{a = a # a}\n",
    b"@book{x,", b"author = {", b"\\input{x}", b"\\csname", b"^^", b"%", b"#", b"~", b"../" * 20, b"/dev/zero", b"CON",
    b"&#0;", b"&x;", b'<!DOCTYPE x [<!ENTITY a "b">]>', b"xlink:href='http://x'", b"url(//x)", b"%41", b"_", b"a_b",
    "ä𝔸\u0301".encode(), b" " * 5000, b"\n" * 5000, b"a" * 20_000, b"a,b\n" * 2000, b'"', b"'", b";", b",", b":", b"=",
]  # fmt: skip
#: Settings of ours, and of others that we read, and what they might be set to.
SETTINGS = [
    *(f"mmbook_{setting.name}" for setting in fields(Settings)),
    *("numfig", "math_numfig", "myst_enable_extensions", "nb_execution_timeout", "mathjax3_config"),
]  # fmt: skip
VALUES = ["None", "0", "-1", "1e999", "''", "'x' * 9999", "[]", "{}", "{'a': 1}", "{1: []}", "['a', 2]", "True", "set()", "object()", "{'tex': 3}", "lambda: 1"]  # fmt: skip
#: What no output may hold, and what only tells that the guard has caught something.
NEVER = ("Traceback (most recent call last)", "Exception occurred", "exception occurred")
CAUGHT = "please report this"
#: A build that stops says that the settings are to blame.
SAID_WHY = re.compile(r"mmbook|conf.py: |configuration file|config value")
#: Ways of building, and what sphinx-build is told for each.
WAYS = {
    "light": [],
    "all": ["-a"],
    "anew": ["-a", "-E"],
    "theme": ["-a", "-D", "html_theme=sphinx_book_theme"],
    "latex": ["-a", "-b", "latex"],
    "epub": ["-a", "-b", "epub"],
}


@dataclass
class Built:
    """How a build ended."""

    status: int
    signal: int
    seconds: float
    megabytes: float
    said: str
    changed: list[str]

    def faults(self) -> list[str]:
        """Return what did not hold."""
        found = [word for word in NEVER if word in self.said]
        found += ["caught by the guard"] if CAUGHT in self.said else []
        found += [f"killed by {signal.Signals(self.signal).name}"] if self.signal else []
        found += [f"{self.seconds:.1f} s"] if self.seconds > SECONDS else []
        found += [f"{self.megabytes:.0f} MB"] if self.megabytes > MEMORY / 1e6 else []
        if self.status and not SAID_WHY.search(self.said):
            found.append(f"status {self.status}: {self.said[-200:]}")
        return found + ([f"changed {self.changed}"] if self.changed else [])

    def only_long(self) -> bool:
        """Tell whether all that is wrong is that it took long, as many files together may."""
        timed_out = self.signal in (signal.SIGXCPU, signal.SIGKILL)
        return timed_out or [*self.faults()] == [f"{self.seconds:.1f} s"]


def change(data: bytes, chance: random.Random) -> bytes:
    """Return a file's bytes, changed in one to four ways."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        near = min(b, a + chance.choice((1, 10, 200)))
        how = chance.randrange(8)
        if how == 0:
            data = data[:a] + data[near:]
        elif how == 1:
            data = data[:near] + data[a:near] * chance.choice((1, 2, 50)) + data[near:]
        elif how == 2:
            data = data[:a]
        elif how == 3 and data:
            data = data[:a] + bytes([chance.randrange(256)]) + data[a + 1 :]
        elif how == 4:
            lines = data.splitlines(keepends=True)
            chance.shuffle(lines)
            data = b"".join(lines) if chance.random() < 0.2 else data
        else:
            data = data[:a] + chance.choice(PIECES) * chance.choice((1, 1, 1, 3)) + data[a:]
    return data[:2_000_000]


def change_settings(conf: bytes, chance: random.Random) -> bytes:
    """Return a ``conf.py`` that says something else; it stays Python, whose faults Sphinx tells."""
    lines = [f"{chance.choice(SETTINGS)} = {chance.choice(VALUES)}" for _ in range(3)]
    return conf + "\n".join(lines).encode() + b"\n"


def body(page: Path) -> bytes:
    """Return a page without its navigation, and without numbers, which follow those of the pages before it."""
    text = page.read_bytes()
    for start, end in (
        (b'class="bd-article"', b"</article>"),
        (b'class="body"', b'class="clearer"'),
    ):
        if start in text:
            text = text.partition(start)[2].partition(end)[0]
    # Pictures of one name are told apart by a number, and the first has none.
    text = re.sub(rb"(_images/[a-z-]+)\d*(?=\.)", rb"\1", text)
    return text if page.parent.name == "two" else re.sub(rb"\d+", b"0", text)


def digests(folder: Path) -> dict[str, str]:
    """Return a digest of what stands on each page that shows the files of one chapter only."""
    pages = [folder / "two" / "index.html", *folder.glob("chapters/*/*.html")]
    return {
        p.relative_to(folder).as_posix(): hashlib.md5(body(p)).hexdigest()
        for p in pages
        if p.exists()
    }


def pages_of(file: str) -> set[str]:
    """Return the pages that may change with a file."""
    path = Path(file)
    if file == "conf.py":
        return set()
    if file.startswith("people/"):
        return {f"chapters/{path.stem}/index.html"}
    chapter = "/".join(path.parts[:2])
    if path.suffix in (".md", ".ipynb", ".rst"):
        return {f"{chapter}/{path.stem}.html"}
    return {f"{chapter}/{page}.html" for page in ("index", "page", "notebook")}


def warm() -> None:
    """Import what builds import, so that each of them need not."""
    names = [
        module.name for module in pkgutil.walk_packages(sphinx_mmbook.__path__, "sphinx_mmbook.")
    ]
    others = [
        "pandas",
        "scipy.special",
        "sphinx_book_theme",
        "sphinx.builders.epub3",
        "sphinx.builders.latex",
        "sphinx.builders.html",
        "sphinx.ext.mathjax",
        "sphinxcontrib.bibtex",
        "docutils.readers.doctree",
    ]
    for name in [*names, *others]:
        if "__main__" not in name and ".template" not in name:
            importlib.import_module(name)


@contextmanager
def changed(files: dict[Path, bytes]) -> Iterator[None]:
    """Write other bytes into files, and put them back."""
    before = {file: (file.read_bytes(), file.stat()) for file in files}
    for file, data in files.items():
        file.write_bytes(data)
    try:
        yield
    finally:
        for file, (data, times) in before.items():
            file.write_bytes(data)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


class Fuzz:
    """A book that is built once for each way of building, and again for each set of changes."""

    def __init__(self, work: Path) -> None:
        self.book, self.work, self.log = work / "book", work, work / "log"
        self.chapters = write_book(self.book, CHAPTERS)
        self.before: dict[str, dict[str, str]] = {}
        self.pages: dict[str, dict[Path, bytes]] = {}

    def changes(self, seed: str, chapters: list[str]) -> dict[Path, bytes]:
        """Return changes of two files in each of these chapters, each kind of file as often as another."""
        found: dict[Path, bytes] = {}
        for chapter in chapters:
            chance = random.Random(f"{seed}-{chapter}")
            files = self.chapters[chapter]
            for kind in chance.sample(sorted({Path(file).suffix for file in files}), 2):
                file = self.book / chance.choice([file for file in files if file.endswith(kind)])
                found[file] = change(file.read_bytes(), chance)
        return found

    def settings(self, seed: str) -> dict[Path, bytes]:
        """Return a change of the settings."""
        file = self.book / "conf.py"
        return {file: change_settings(file.read_bytes(), random.Random(seed))}

    def run(self, way: str, files: dict[Path, bytes]) -> Built:
        """Build in some way with files changed."""
        kept, trees = self.work / f"kept-{way}", self.work / f"trees-{way}"
        if way not in self.before:
            self.before[way] = {}
            first = self.build(way, set())
            assert first.status == 0 and not first.faults(), first.said
            self.before[way] = digests(self.work / way)
            pages = (self.work / way).rglob("*.html")
            self.pages[way] = {page: page.read_bytes() for page in pages}
            shutil.copytree(trees, kept)
        shutil.rmtree(trees)
        shutil.copytree(kept, trees)
        names = {file.relative_to(self.book).as_posix() for file in files}
        may = {page for name in names for page in pages_of(name)}
        with changed(files):
            return self.build(way, set(self.before[way]) if "conf.py" in names else may)

    def build(self, way: str, may: set[str]) -> Built:
        """Build in a process of its own; pages other than those that may change must not."""
        out = self.work / way
        for page, data in self.pages.get(way, {}).items():
            if not page.exists() or page.read_bytes() != data:
                page.write_bytes(data)
        if not (child := os.fork()):
            self.in_child(
                ["-d", str(self.work / f"trees-{way}"), *WAYS[way], str(self.book), str(out)]
            )
        _, status, usage = os.wait4(child, 0)
        after = digests(out)
        before = self.before[way]
        other = [p for p in before if p not in may and p in after and after[p] != before[p]]
        ended = os.waitstatus_to_exitcode(status)
        return Built(
            max(ended, 0), max(-ended, 0), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3,
            self.log.read_text("utf-8", "replace"), other,
        )  # fmt: skip

    def in_child(self, words: list[str]) -> None:
        """Build in the limits, and end."""
        out = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + 2, SECONDS + 2))
        status = 1
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            status = main(["-q", *words])
        except SystemExit as stopped:
            print(stopped.code if isinstance(stopped.code, str) else "", file=sys.stderr)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


class Tally:
    """What did not hold, and the figures."""

    def __init__(self, keep: Path | None) -> None:
        self.keep = keep
        self.faults: list[str] = []
        self.kinds: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        self.slowest = self.largest = 0.0

    def count(self, way: str, files: dict[Path, bytes]) -> None:
        """Count the files of a build."""
        self.ways[way] += 1
        self.kinds.update(file.suffix[1:] for file in files)

    def add(self, name: str, built: Built, files: dict[Path, bytes]) -> None:
        """Note what did not hold in a build."""
        self.slowest, self.largest = (
            max(self.slowest, built.seconds),
            max(self.largest, built.megabytes),
        )
        for fault in built.faults():
            self.faults.append(f"{name} {' '.join(file.name for file in files)}: {fault}")
            if self.keep:
                print(self.faults[-1], flush=True)
                (self.keep / f"{name}.log").write_text(built.said, "utf-8")
                for file, data in files.items():
                    (self.keep / f"{name}.{file.name}").write_bytes(data)

    def figures(self) -> str:
        """Return the figures in one line."""
        kinds = dict(self.kinds.most_common())
        return (
            f"{self.kinds.total()} files {kinds} in {self.ways.total()} builds {dict(self.ways)}; "
            f"at most {self.slowest:.1f} s and {self.largest:.0f} MB"
        )


def one_build(book: Fuzz, seed: str, number: int, tally: Tally) -> None:
    """Build once with many files changed, or with other settings."""
    chance = random.Random(f"{seed}-{number}")
    way = "light" if number % 6 else chance.choice([*WAYS])
    name = f"{seed}-{number}"
    files = book.settings(name) if number % 6 == 4 else book.changes(name, [*book.chapters])
    tally.count(way, files)
    built = book.run(way, files)
    if len(files) > 1 and (built.faults() or built.status):
        find(book, way, files, built, name, tally)
    else:
        tally.add(name, built, files)


def find(
    book: Fuzz, way: str, files: dict[Path, bytes], built: Built, name: str, tally: Tally
) -> None:
    """Find which of the files is to blame for what did not hold: build with half of them, and so on."""
    names = [*files]
    if len(names) == 1:
        return tally.add(name, built, files)
    guilty = False
    for half in (names[: len(names) // 2], names[len(names) // 2 :]):
        part = {file: files[file] for file in half}
        once_more = book.run(way, part)
        if once_more.faults() or once_more.status:
            guilty = True
            find(book, way, part, once_more, f"{name}-{names.index(half[0])}", tally)
    if not guilty and not built.only_long():
        tally.add(name, built, files)
    return None


def fuzz(seed: str, count: int, keep: Path | None = None) -> tuple[list[str], str]:
    """Change so many files: what did not hold, and the figures."""
    os.environ.update(ARROW_DEFAULT_MEMORY_POOL="system", NO_COLOR="1")
    warm()
    tally = Tally(keep)
    # Ctrl-C ends a long run with its figures.
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, suppress(KeyboardInterrupt):
        book = Fuzz(Path(folder))
        number = 0
        while tally.kinds.total() < count:
            number += 1
            one_build(book, seed, number, tally)
    return tally.faults, tally.figures()


if __name__ == "__main__":
    found, said = fuzz(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None)
    print(*found if len(sys.argv) < 4 else (), said, sep="\n")
