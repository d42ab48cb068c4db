"""What git makes of this repository on a student's computer."""

from __future__ import annotations

import subprocess
from pathlib import Path

HERE = Path(__file__).parent.parent
BINARY = (".rds", ".Rda", ".RData", ".pdf", ".png", ".parquet", ".woff2")


def test_a_clone_on_windows_has_the_line_ends_of_the_book() -> None:
    names = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=HERE, capture_output=True, text=True, check=True
    )
    for line in names.stdout.splitlines():
        described, _, path = line.partition("\t")
        attributes = described.partition("attr/")[2].strip()
        is_text = not path.endswith(BINARY)
        assert attributes == ("text=auto eol=lf" if is_text else "-text"), line
        assert "crlf" not in described, line
