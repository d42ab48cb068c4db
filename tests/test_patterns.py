"""No text keeps a regular expression of the package busy: each is fed what it likes best."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "attacking.py"
#: Seconds of processor time for all patterns; a quadratic one needs many more for a single text.
LIMIT = 600


@pytest.mark.long
def test_no_pattern_needs_more_time_than_a_text_is_long() -> None:
    run = subprocess.run(
        [sys.executable, str(PROGRAM), "100000", "1", str(LIMIT)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert run.returncode == 0, run.stderr
    *slow, last = run.stdout.splitlines()
    assert slow == []
    assert int(last.split()[0]) > 150, "the patterns are not found any more"
