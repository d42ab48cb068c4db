"""Whole builds of a book in which one file is damaged at random: nothing breaks but that file."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

#: What the guard catches is a box on its page and a finding, as it must be; many such are a fault of ours.
GUARDED, MOST_GUARDED = ": caught by the guard", 10
PROGRAM = Path(__file__).parent / "fuzzing.py"


@pytest.mark.long
def test_hundreds_of_damaged_books_are_built() -> None:
    seed = random.SystemRandom().randrange(10**6)
    command = [sys.executable, str(PROGRAM), str(seed), "300"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    *faults, figures = run.stdout.strip().splitlines()
    assert figures.startswith("300 cases"), run.stdout
    guarded = [fault for fault in faults if fault.endswith(GUARDED)]
    broken = [fault for fault in faults if not fault.endswith(GUARDED)]
    assert broken == [], f"repeat it: python tests/fuzzing.py {seed} 300 FOLDER"
    assert len(guarded) <= MOST_GUARDED, f"repeat it: python tests/fuzzing.py {seed} 300 FOLDER"
