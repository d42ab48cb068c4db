"""Commands that may take only so much memory and processor time."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path


def limited(
    *command: str, cwd: Path, seconds: int = 60, megabytes: int = 1500, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a Python command; it is killed at so many seconds of its processor, and has no more memory."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 10**6, megabytes * 10**6))

    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        preexec_fn=limit,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        # Threads of numerical libraries reserve memory that they never use.
        env={
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "ARROW_DEFAULT_MEMORY_POOL": "system",
            "MALLOC_ARENA_MAX": "1",
            **environment,
        },
    )
