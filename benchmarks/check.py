"""How fast ``mmbook check`` is: whole processes beside ``sphinx-build -b dummy`` of the same book.

Neither executes anything. Only ratios count, since machines are noisy.

    python benchmarks/check.py                       20 chapters with 400 works, 100 with 2,000
    python benchmarks/check.py --chapters 20 --runs 5
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

from build import OURS
from synthetic import write_book


def seconds(command: list[str]) -> float:
    """Return the seconds of a whole process."""
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def compare(chapters: int, runs: int) -> tuple[float, float]:
    """Print both times, run by run; return the median time of the check and of the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        book = write_book(Path(folder) / "book", chapters)
        (book / "conf.py").write_text(OURS)
        size = sum(page.stat().st_size for page in book.rglob("*.md"))
        print(f"{chapters} chapters, {size / 1e3:.0f} kB of text")
        check = [sys.executable, "-m", "sphinx_mmbook.cli", "check", str(book)]
        build = [sys.executable, "-m", "sphinx", "-q", "-b", "dummy", str(book), f"{folder}/out"]
        seconds(check)
        checks, ratios = [], []
        for run in range(runs):
            shutil.rmtree(f"{folder}/out", ignore_errors=True)
            checked, built = seconds(check), seconds(build)
            checks.append(checked)
            ratios.append(built / checked)
            print(
                f"  run {run + 1}: check {checked:.2f} s, dummy build {built:.1f} s, {ratios[-1]:.1f} times"
            )
    print(
        f"  median: {statistics.median(checks):.2f} s, {statistics.median(ratios):.1f} times faster"
    )
    return statistics.median(checks), statistics.median(ratios)


def main() -> None:
    """Compare at the sizes asked for, and say how the time grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chapters", type=int, nargs="+", default=[20, 100])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    times = {chapters: compare(chapters, arguments.runs)[0] for chapters in arguments.chapters}
    if len(times) > 1:
        few, many = min(times), max(times)
        print(
            f"{many / few:.0f} times the chapters take {times[many] / times[few]:.1f} times as long"
        )


if __name__ == "__main__":
    main()
