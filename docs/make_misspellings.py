"""Write the list of misspelt English words that ``mmbook check`` knows.

    python docs/make_misspellings.py words.csv american-english-huge british-english-huge

Run by hand for a newer list. ``words.csv`` is ``crates/typos-dict/assets/words.csv`` of
https://github.com/crate-ci/typos (MIT or Apache-2.0; the list here is that of version 0.13.31); the
two lists of right words are those of Debian's packages ``wamerican-huge`` and ``wbritish-huge``
(SCOWL, http://wordlist.aspell.net). Kept is what no English dictionary knows and what has one
correction alone, which a dictionary knows: 84,000 of 95,000 words.
"""

from __future__ import annotations

import gzip
import sys
from itertools import groupby
from pathlib import Path

from sphinx_mmbook.core.english.misspellings import FILE

#: Shorter words are abbreviations as often as slips.
SHORTEST = 5


def main(slips: str, *dictionaries: str) -> None:
    """Write the list from that of typos and from lists of right words."""
    known = {
        word
        for name in dictionaries
        for word in Path(name).read_text("utf-8").split()
        if word.islower()
    }
    kept = []
    for line in Path(slips).read_text("utf-8").splitlines():
        wrong, _, right = line.partition(",")
        if len(wrong) < SHORTEST or not (wrong.isascii() and wrong.isalpha() and wrong.islower()):
            continue
        if wrong not in known and right and known.issuperset(right.split()):
            kept.append((wrong, right))
    lines = groupby(sorted(kept), key=lambda pair: pair[0][:4])
    text = "".join(
        "".join(f",{wrong}:{right}" for wrong, right in some) + "\n" for _, some in lines
    )
    FILE.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    print(f"{len(kept)} words, {FILE.stat().st_size} bytes: {FILE}")


if __name__ == "__main__":
    main(*sys.argv[1:])
