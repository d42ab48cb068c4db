"""Seeds of the tests that draw their examples at random."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path


def seed_of_commit() -> int:
    """A seed below 10⁶ that each commit has of its own.

    New examples are tried with every commit, and the same ones whenever that commit is tried again: what passed
    passes, and what failed can be repeated. In a folder that no Git knows it is any number.
    """
    command = ["git", "rev-parse", "HEAD"]
    try:
        run = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return random.SystemRandom().randrange(10**6)
    return int(run.stdout.strip(), 16) % 10**6
