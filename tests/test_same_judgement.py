"""A chapter in which the check finds no error is built without a warning, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutating import KINDS, disagreements, judged_and_built

#: New ones are tried by hand, by the thousand, until none disagrees.
SEED = "one"


def test_the_chapters_without_slips_have_no_fault(tmp_path: Path) -> None:
    chapters = {f"{number:04}": files for number, files in enumerate(KINDS.values())}
    found = judged_and_built(tmp_path / "book", chapters)
    assert {name: (one.errors, one.warnings) for name, one in found.items()} == {}


@pytest.mark.long
def test_check_and_build_complain_of_the_same_chapters() -> None:
    assert disagreements(SEED, 150) == []
