"""What the extension costs: clean builds beside plain Sphinx + MyST-NB + sphinx-book-theme.

Both build the same sources, in turn and in one run, without execution; only ratios count, since
machines are noisy. The plain stack gets the same parsers and the same citations.

    python benchmarks/build.py                     20 and 100 chapters, 3 pairs each
    python benchmarks/build.py --chapters 20 --runs 5 --jobs 2
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from synthetic import write_book

COMMON = """
project = "A synthetic book"
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
"""
OURS = COMMON + 'extensions = ["sphinx_mmbook"]\n'
PLAIN = (
    COMMON
    + """
from pathlib import Path
extensions = ["myst_nb", "sphinxcontrib.bibtex", "sphinx_copybutton"]
bibtex_bibfiles = sorted(str(p) for p in Path(__file__).parent.glob("chapters/*/references.bib"))
bibtex_reference_style = "author_year"
numfig = True
math_numfig = True
myst_title_to_header = True
myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist",
                          "dollarmath", "html_image", "tasklist"]
"""
)


def build(book: Path, conf: str, jobs: str) -> float:
    """Build the book from nothing with a ``conf.py``; return the seconds of the whole process."""
    (book / "conf.py").write_text(conf)
    shutil.rmtree(book / "_build", ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-j", jobs, "-b", "html"]
    start = time.perf_counter()
    subprocess.run([*command, str(book), str(book / "_build/html")], check=True)
    return time.perf_counter() - start


def compare(chapters: int, notebooks: int, runs: int, jobs: str) -> float:
    """Print both times pair by pair; return the median of the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        book = write_book(Path(folder) / "book", chapters, notebooks)
        build(book, PLAIN, jobs)  # warms the disk cache
        ratios = []
        for run in range(runs):
            plain, ours = build(book, PLAIN, jobs), build(book, OURS, jobs)
            ratios.append(ours / plain)
            print(
                f"  pair {run + 1}: plain {plain:.1f} s, ours {ours:.1f} s, ratio {ratios[-1]:.3f}"
            )
    ratio = statistics.median(ratios)
    print(f"{chapters} chapters, {notebooks} notebooks, -j {jobs}: median ratio {ratio:.3f}")
    return ratio


def main() -> None:
    """Compare at the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chapters", type=int, nargs="+", default=[20, 100])
    parser.add_argument("--notebooks", type=int, default=5)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", default="1")
    arguments = parser.parse_args()
    for chapters in arguments.chapters:
        compare(chapters, arguments.notebooks, arguments.runs, arguments.jobs)


if __name__ == "__main__":
    main()
