"""A chapter in which the check finds no error is built without a warning, and the other way round."""

from __future__ import annotations

import pytest
from mutating import CHAPTER, KNOWN, disagreements, judged_and_built
from seeds import seed_of_commit

#: Of 2,000 chapters with slips, those of which only one of the two complains; each has its reason.
ONE_SIDE = {
    "Unknown directive type: 'no{": "a role within the name of a directive: nobody types that",
    "undefined label: 'rows-": "':::' or '```' right behind '{list-table}' makes it none",
    "undefined label: 'tbl-": "the same behind '{table}'",
    "cross-reference target not found: 'f'": "one letter may be a label in a directive nobody knows",
}


def test_the_chapter_without_slips_has_no_fault(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("same") / "book"
    assert judged_and_built(folder, {"0001": CHAPTER}) == [("chapters/0001/index.md", [], [])]


@pytest.mark.long
def test_check_and_build_complain_of_the_same_chapters() -> None:
    seed = str(seed_of_commit())
    told = disagreements(seed, 150)
    told = [one for one in told if not any(words in one for words in (*ONE_SIDE, *KNOWN))]
    assert told == [], f"repeat it: python tests/mutating.py {seed} 150"
