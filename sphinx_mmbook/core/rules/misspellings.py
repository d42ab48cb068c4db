"""Misspelt English words and phrases, and what is meant by each.

The list is that of typos (https://github.com/crate-ci/typos, MIT or Apache-2.0), made by
``docs/make_misspellings.py``. Of the programs that know such words, codespell is under the GPL, and
its list names "som", "ans" or "strat" as well; typos itself is a program of 33 MB. In twelve theses
and seminar books (400,000 words) the list finds 80 slips, and two hundred beginnings of words that
we had collected found 32 of them.

A line of the list has the words that begin with the same four letters: ``,lenght:length,…``. To
make a dictionary of all words takes 40 ms, to read the lines and look into some of them 10.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("misspellings.txt.gz")
#: Words that are written as one, names without their capital, and slips that are rare words, too,
#: so that the list lacks them.
OWN = {
    "alot": "a lot", "aswell": "as well", "atleast": "at least", "eachother": "each other",
    "eventhough": "even though", "heterogenity": "heterogeneity", "homogenity": "homogeneity",
    "incase": "in case", "infact": "in fact", "inspite": "in spite", "sofar": "so far",
    "bonafide": "bona fide",
    "upto": "up to", "belive": "believe", "teh": "the", "whch": "which", "wich": "which",
} | {
    name.lower(): name
    for name in (
        "African", "American", "Asian", "Australian", "Bayesian", "Bernoulli", "British",
        "Canadian",
        "Cartesian", "Celsius", "Chinese", "Dutch", "English", "Euclidean", "European", "Fourier",
        "French", "Gaussian", "German", "Italian", "Japanese", "Korean", "Markov", "Poisson",
        "Portuguese", "Russian", "Spanish", "Swedish", "Monday", "Tuesday", "Wednesday", "Thursday",
        "Friday", "Saturday", "Sunday", "January", "February", "April", "June", "July", "September",
        "October", "November", "December",
    )
}  # fmt: skip


class Phrase(NamedTuple):
    """Words that are wrong together: what begins the search, what finds them, what is meant.

    ``sure`` if that may be written without looking; ``word`` is the first one of ``sign``.
    """

    sign: str
    pattern: re.Pattern[str]
    new: str
    sure: bool
    word: str


def _phrase(sign: str, pattern: str, new: str, *, sure: bool = True) -> Phrase:
    found_by = re.compile(rf"(?<![\w-]){pattern}(?!\w)")
    return Phrase(sign, found_by, new, sure, sign.split(maxsplit=1)[0].rstrip(","))


_COUNTED = (
    "donors|documents|errors|examples|features|images|layers|neurons|observations|papers|parameters"
    "|participants|people|samples|studies|tokens|variables|words"
)
_SAYS = r"describe[sd]?|explain(?:s|ed)?|discuss(?:es|ed)?|analy[sz]e[sd]?|examine[sd]?"
#: A word that begins no remark between two commas, such as ", for example,".
_NOT_ASIDE = (
    "(?!(?:but|for|most|among|amongst|perhaps|inter|where|when|though|not)(?!\\w))"
    "([a-z]{3,})(?= [a-z])"
)
_SUBJECTS = "it|this|these|they|we|there|the|an?|no"
PHRASES = (
    _phrase(
        " build ", r"(is|are|was|were|be|been) build (on|upon|from|by|with|in)", r"\1 built \2"
    ),
    _phrase(" lead to", r"([Tt]his) lead to (the|an?)", r"\1 led to \2", sure=False),
    _phrase("among of", "among of", "among"),
    _phrase("into detail", rf"({_SAYS}) into detail", r"\1 in detail"),
    _phrase("in to account", "in to account", "into account"),
    _phrase("can not", "can not(?! (?:only|just|merely|simply|but))", "cannot"),
    _phrase(
        "trade off", "([Tt]he|a|this) trade off(?= (?:for|between|of|in|is|was))", r"\1 trade-off"
    ),
    _phrase("less ", rf"(?<!or )(?<!no )less ({_COUNTED})(?!-)", r"fewer \1"),
    _phrase("enables to", "enables to(?= [a-z])", "enables us to", sure=False),
    _phrase("Although, ", f"Although, ({_SUBJECTS})", r"Although \1", sure=False),
    _phrase("Whereas, ", rf"Whereas, ({_SUBJECTS}|[A-Z]\w+)", r"Whereas \1", sure=False),
    _phrase("such as, ", rf"such as, {_NOT_ASIDE}", r"such as \1", sure=False),
    _phrase("including, ", rf"including, {_NOT_ASIDE}", r"including \1", sure=False),
)


@cache
def _lines() -> dict[str, str]:
    """Return the lines of the list by the letters with which their words begin."""
    text = gzip.decompress(FILE.read_bytes()).decode("utf-8")
    return {line[1:5]: line for line in text.splitlines()}


def corrections(words: set[str]) -> dict[str, str]:
    """Return those of the words, in lower case, that are misspelt, each with what is meant."""
    found = {}
    lines = _lines()
    for word in words:
        if word.isalpha() and (right := lines.get(word[:4], "").partition(f",{word}:")[2]):
            found[word] = right.partition(",")[0]
    return found | {word: OWN[word] for word in words & OWN.keys()}
