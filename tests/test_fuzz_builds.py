"""Whole builds of a book in which files are damaged at random: nothing breaks but those files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from seeds import seed_of_commit

PROGRAM = Path(__file__).parent / "fuzzing.py"


@pytest.mark.long
def test_hundreds_of_damaged_files_break_nothing_else() -> None:
    seed = seed_of_commit()
    command = [sys.executable, str(PROGRAM), str(seed), "600"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    *faults, figures = run.stdout.strip().splitlines()
    assert int(figures.split()[0]) >= 600, run.stdout
    assert faults == [], f"repeat it: python tests/fuzzing.py {seed} 600 FOLDER"
