"""Write the table of what English words can be: nouns, verbs, adjectives, in which form.

    python docs/make_word_forms.py infl_lu.csv.gz lemma_lu.csv.gz american-english-small

Run by hand for newer lists, after ``make_misspellings.py``. The first two are in the folder
``resources`` of lemminflect 0.2.3 (MIT), the third is that of Debian's package ``wamerican-small``
(SCOWL, http://wordlist.aspell.net); words that neither it nor the list of slips has are left out.
"""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core.english.word_classes import FILE
from sphinx_mmbook.core.rules.known_words import _lists

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Nouns of the field, and some that the lexicon has as verbs alone.
_NOUNS = """
    ace autoencoder backend bar baseline benchmark bigram chatbot classifier codebase covariate
    datapoint dataset decoder default dropout eigenvalue eigenvector embedding encoder finding fit
    framework hyperparameter input lack leaderboard lemma log logit minibatch modality mow nod
    output pan perceptron plot pretraining quadruple regressor rev run softmax subset subword template test
    timestep tokenizer triple unigram wordpiece workflow
"""
#: The forms of a verb and of an adjective, in the order of the list.
_VERB, _ADJECTIVE = ("d", "e", "g", "z"), ("c", "s")


def _rows(path: str) -> Iterator[list[str]]:
    for line in gzip.decompress(Path(path).read_bytes()).decode("utf-8").splitlines():
        word, *fields = line.split(",")
        if word.isascii() and word.isalpha() and word.islower():
            yield [word, *fields]


def _forms(word: str, kind: str, forms: list[str]) -> Iterator[tuple[str, str]]:
    """Iterate over a word's forms, each with the letter of what it is."""
    if kind == "noun":
        plurals = [one for one in forms[0].split("/") if one]
        if word in plurals or not plurals:
            yield word, "m"
        if plurals and plurals[0] != word:
            yield word, "n"
        yield from ((one, "p") for one in plurals if one != word)
    elif kind == "verb":
        past, participle, *others = forms
        yield word, "v"
        for some, letter in zip((past, participle or past, *others), _VERB, strict=True):
            yield from ((one, letter) for one in some.split("/") if one)
    elif kind == "adj":
        yield word, "j"
        for some, letter in zip(forms, _ADJECTIVE, strict=True):
            yield from ((one, letter + "j") for one in some.split("/") if one.isalpha())
    else:
        yield word, "r"


def main(inflections: str, lemmas: str, usual: str) -> None:
    """Write the table: the words that can be the same, a line each."""
    kept = {*_lists()[0], *Path(usual).read_text("utf-8").split()}
    kinds: dict[str, set[str]] = defaultdict(set)
    for word, kind, *forms in _rows(inflections):
        for form, letters in _forms(word, kind, forms) if word in kept else ():
            kinds[form].update(letters)
    for form, kind, *of in _rows(lemmas):
        if form in kinds and kind == "adj":
            kinds[form].add("j")
        if form in kinds and kind == "noun" and form.endswith("s") and form not in of[0].split("/"):
            kinds[form].add("p")
    for word in _NOUNS.split():
        kinds[word].add("n")
        kinds[f"{word}s"].add("p")
    kinds["complete"].add("j")
    groups: dict[str, list[str]] = defaultdict(list)
    for word, some in sorted(kinds.items()):
        if word.isascii() and word.isalpha():
            # British and American participles: the list has one of them as the past alone.
            both = some | set("de") if word.endswith("ed") and some & set("de") else some
            groups["".join(sorted(both))].append(word)
    text = "".join(f"{kind}:{','.join(words)}\n" for kind, words in sorted(groups.items()))
    FILE.write_bytes(gzip.compress(text.encode("ascii"), mtime=0))
    print(f"{len(kinds)} words, {FILE.stat().st_size} bytes: {FILE}")


if __name__ == "__main__":
    main(*sys.argv[1:])
