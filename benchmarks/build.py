"""What the extension costs: clean builds beside plain Sphinx + MyST-NB + sphinx-book-theme.

Both build the same sources, in turn and in one run, without execution; only ratios of processor time
count, since machines are noisy. The plain stack gets the same parsers and the same citations. After
the clean builds, one that changes nothing and one after an edit are compared with the plain stack's.

    python benchmarks/build.py                           20, 100 and 300 chapters of 10 kB
    python benchmarks/build.py --chapters 20 --runs 5 --jobs 2
    python benchmarks/build.py --chapters 20 --runs 3 --at-least 1.4    exit status 1 below that
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from synthetic import write_book

COMMON = """
import sys; sys.path.insert(0, {folder!r})
project = "A synthetic book"
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
"""
OURS = COMMON + 'extensions = ["sphinx_mmbook", "phases"]\n'
PLAIN = (
    COMMON
    + """
from pathlib import Path
extensions = ["myst_nb", "sphinxcontrib.bibtex", "sphinx_copybutton", "phases"]
bibtex_bibfiles = sorted(str(p) for p in Path(__file__).parent.glob("chapters/*/references.bib"))
bibtex_reference_style = "author_year"
numfig = True
math_numfig = True
myst_title_to_header = True
myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist",
                          "dollarmath", "html_image", "tasklist"]
"""
)
STACKS = {"plain": PLAIN, "ours": OURS}


@dataclass(frozen=True)
class Cost:
    """Processor seconds of a whole build, with its children; the largest process in MB; phases."""

    seconds: float
    memory: float
    phases: str


def conf_of(stack: str) -> str:
    """Return the ``conf.py`` of a stack."""
    return STACKS[stack].format(folder=str(Path(__file__).parent))


def build(books: Path, stack: str, jobs: str) -> Cost:
    """Build the book of a stack, from what its last build left."""
    book = books / stack
    command = [sys.executable, "-m", "sphinx", "-Q", "-j", jobs, "-b", "html"]
    process = subprocess.Popen(
        [*command, str(book), str(book / "_build/html")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    phases = process.stdout.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, phases)


def clean(books: Path, stack: str, jobs: str) -> Cost:
    """Build the book from nothing."""
    shutil.rmtree(books / stack / "_build", ignore_errors=True)
    return build(books, stack, jobs)


def write_books(books: Path, chapters: int, notebooks: int, size: int) -> None:
    """Write the same book once for each stack."""
    for stack in STACKS:
        book = write_book(books / stack, chapters, notebooks, size=size)
        (book / "conf.py").write_text(conf_of(stack))


def edit(books: Path) -> None:
    """Add a sentence to one chapter."""
    for page in books.glob("*/chapters/chapter-001/index.md"):
        page.write_text(page.read_text("utf-8") + "\nAnd one more sentence.\n", "utf-8")


def compare(books: Path, runs: int, jobs: str) -> float:
    """Print what each pair of clean builds costs; return the median of plain's time by ours."""
    ratios = []
    for run in range(runs):
        costs = {stack: clean(books, stack, jobs) for stack in STACKS}
        ratios.append(costs["plain"].seconds / costs["ours"].seconds)
        print(f"  pair {run + 1}: {ratios[-1]:.2f} times faster")
        for stack, cost in costs.items():
            print(f"    {stack:5} {cost.seconds:6.1f} s {cost.memory:5.0f} MB  {cost.phases}")
    return statistics.median(ratios)


def compare_again(books: Path, jobs: str) -> None:
    """Print what a build costs that changes nothing, and one after an edit."""
    for what, change in (("no change", lambda _: None), ("one edit", edit)):
        change(books)
        costs = {stack: build(books, stack, jobs) for stack in STACKS}
        plain, ours = costs["plain"], costs["ours"]
        print(f"  {what}: plain {plain.seconds:.1f} s, ours {ours.seconds:.1f} s  {ours.phases}")


def main() -> int:
    """Compare at the sizes asked for; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chapters", type=int, nargs="+", default=[20, 100, 300])
    parser.add_argument("--notebooks", type=int, default=5)
    parser.add_argument("--bytes", type=int, default=10_000, help="size of a chapter")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", default="1")
    parser.add_argument("--at-least", type=float, default=0, help="ratio below which it fails")
    arguments = parser.parse_args()
    ratios = []
    for chapters in arguments.chapters:
        with tempfile.TemporaryDirectory() as folder:
            size, notebooks = arguments.bytes, min(arguments.notebooks, chapters)
            books = Path(folder)
            write_books(books, chapters, notebooks, size)
            print(f"{chapters} chapters of {size:,} bytes, -j {arguments.jobs}:")
            ratios.append(compare(books, arguments.runs, arguments.jobs))
            print(f"  median: {ratios[-1]:.2f} times faster than the plain stack")
            compare_again(books, arguments.jobs)
    return int(min(ratios) < arguments.at_least)


if __name__ == "__main__":
    sys.exit(main())
