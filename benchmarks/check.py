"""How fast ``mmbook check`` is: whole processes beside ``sphinx-build -b dummy`` of the same book.

Neither executes anything. The build runs the same rules within it; that of plain Sphinx, MyST-NB
and sphinxcontrib-bibtex, which knows none of them, is measured beside it. Only ratios count, since
machines are noisy.

    python benchmarks/check.py                       20 chapters with 400 works, 100 with 2,000
    python benchmarks/check.py --chapters 20 --runs 5
    python benchmarks/check.py --rules               which rules take longest, in 20 chapters
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

from build import ENVIRONMENT, STACKS, conf_of
from synthetic import write_book

from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.rules.registry import all_rules
from sphinx_mmbook.core.rules.registry import run as run_rule


def seconds(command: list[str]) -> float:
    """Return the seconds of a whole process."""
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=False, stdout=quiet, stderr=quiet, env=ENVIRONMENT)
    return time.perf_counter() - start


def dummy(book: Path, conf: str) -> float:
    """Return the seconds of a dummy build from nothing with a ``conf.py``."""
    (book / "conf.py").write_text(conf)
    out = book.parent / "out"
    shutil.rmtree(out, ignore_errors=True)
    return seconds([sys.executable, "-m", "sphinx", "-q", "-b", "dummy", str(book), str(out)])


def compare(chapters: int, runs: int) -> float:
    """Print times and ratios, run by run; return the median time of the check."""
    with tempfile.TemporaryDirectory() as folder:
        book = write_book(Path(folder) / "book", chapters)
        size = sum(page.stat().st_size for page in book.rglob("*.md"))
        print(f"{chapters} chapters, {size / 1e3:.0f} kB of text")
        check = [sys.executable, "-m", "sphinx_mmbook.cli", "check", str(book)]
        (book / "conf.py").write_text(conf_of("ours"))
        seconds(check)
        checks: list[float] = []
        ratios: dict[str, list[float]] = {stack: [] for stack in STACKS}
        for run in range(runs):
            checks.append(seconds(check))
            built = {stack: dummy(book, conf_of(stack)) for stack in STACKS}
            for conf, took in built.items():
                ratios[conf].append(took / checks[-1])
            print(
                f"  run {run + 1}: check {checks[-1]:.2f} s, dummy build {built['ours']:.1f} s, "
                f"of the plain stack {built['plain']:.1f} s"
            )
    ours, plain = (statistics.median(ratios[stack]) for stack in ("ours", "plain"))
    print(
        f"  median: {statistics.median(checks):.2f} s, {ours:.1f} times faster than the build, "
        f"{plain:.1f} times than that of the plain stack"
    )
    return statistics.median(checks)


def rules(chapters: int, runs: int) -> None:
    """Print the rules that take longest, in milliseconds of the processor, least of all runs.

    What several rules ask of a page, such as its prose, counts for the first that does.
    """
    least: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = write_book(Path(folder) / "book", chapters)
        (path / "conf.py").write_text(conf_of("ours"))
        for _ in range(runs):
            book = load_book(path)
            facts = book.facts
            for rule in all_rules():
                start = time.process_time()
                run_rule(rule, facts if rule.build else book)
                took = 1e3 * (time.process_time() - start)
                least[rule.slug] = min(least.get(rule.slug, took), took)
    for slug in sorted(least, key=least.__getitem__, reverse=True)[:30]:
        print(f"{least[slug]:6.1f} ms  {slug}")
    print(f"{sum(least.values()):6.1f} ms  all {len(least)}")


def main() -> None:
    """Compare at the sizes asked for, and say how the time grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chapters", type=int, nargs="+", default=[20, 100])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rules", action="store_true", help="rule by rule")
    arguments = parser.parse_args()
    if arguments.rules:
        rules(arguments.chapters[0], arguments.runs)
        return
    times = {chapters: compare(chapters, arguments.runs) for chapters in arguments.chapters}
    if len(times) > 1:
        few, many = min(times), max(times)
        print(
            f"{many / few:.0f} times the chapters take {times[many] / times[few]:.1f} times as long"
        )


if __name__ == "__main__":
    main()
