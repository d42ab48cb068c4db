"""Misspelt English words, and what is meant by each.

The list is that of typos (https://github.com/crate-ci/typos, MIT or Apache-2.0), made by
``docs/make_misspellings.py``. Of the programs that know such words, codespell is under the GPL, and
its list names "som", "ans" or "strat" as well; typos itself is a program of 33 MB. In twelve theses
and seminar books (400,000 words) the list finds 80 slips, and two hundred beginnings of words that
we had collected found 32 of them. It is read in 25 ms.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("misspellings.txt.gz")
#: Words that are written as one, names without their capital, and slips that are rare words, too,
#: so that the list lacks them.
OWN = {
    "alot": "a lot", "aswell": "as well", "atleast": "at least", "eachother": "each other",
    "eventhough": "even though", "heterogenity": "heterogeneity", "homogenity": "homogeneity",
    "incase": "in case", "infact": "in fact", "inspite": "in spite", "sofar": "so far",
    "bayesian": "Bayesian", "english": "English", "euclidean": "Euclidean",
    "european": "European", "gaussian": "Gaussian", "german": "German",
    "upto": "up to", "belive": "believe", "teh": "the", "whch": "which", "wich": "which",
}  # fmt: skip


@cache
def _slips() -> dict[str, str]:
    wrong, right = gzip.decompress(FILE.read_bytes()).decode("utf-8").split("\n")
    return dict(zip(wrong.split(","), right.split(","), strict=True)) | OWN


def corrections(words: set[str]) -> dict[str, str]:
    """Return those of the words, in lower case, that are misspelt, each with what is meant."""
    return {word: _slips()[word] for word in words & _slips().keys()}
