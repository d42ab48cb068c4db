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
    ace autoencoder backend bar baseline benchmark bigram chatbot classifier codebase commit covariate
    datapoint dataset decoder default dropout eigenvalue eigenvector embedding encoder finding fit
    framework hyperparameter input lack leaderboard lemma log logit minibatch modality mow nod
    output pan perceptron plot pretraining quadruple regressor rev run softmax subset subword template test
    timestep tokenizer triple unigram wordpiece workflow
"""
#: What a word is hardly ever: at most at 4 of 1,000 places where spaCy 3.8 (MIT) saw it in 3.4
#: million words of theses, of books and of their histories; of what is not counted, at 15 of 100.
_SELDOM = {
    "v": """
        action adequate advantage air angle appropriate article author background ball black
        blood bone book bottleneck box brain branch brief budget bulk bunch button camp
        candidate caption channel class clock command complex composite concrete console
        copyright core corner course culture dash descent diagram disjoint distress dog dot
        drug effect even evidence expertise eye factor fair fashion fat field fine finger firm
        footprint forest forward fraction frequent front fruit full game gap gas gender glass
        green grey hash hot infix initial instance intermediate job joint journal kernel
        keyboard labor landscape language layer lecture letter level line lip long machine
        major message middle minor mother motor muscle near negative net network null oil
        option over panel paper part partner party pattern peer pipe plane portion precise
        pressure price proof proportion protocol prototype purpose ready remainder resource
        right room root route safe scheme school script season second section sector self
        sense sentence sex sheet short side single site size skill slight source space stable
        station steady still stock string sub subgroup subject surrogate table tail task tax
        team template third thumb time tongue tool total traffic tree trend trial true uniform
        up vector video voice volume water web while white window wise word worse wrong zone
    """,
    "z": """
        actions advantages alarms arrays authors axes bands bikes books boxes brackets
        branches bugs buttons camps candidates cases chances channels charts circles classes
        clusters codes conditions contents cores cues diagrams disadvantages disorders
        distances dogs dots effects factors fields files firms formats functions games gaps
        graphs heads images interests jobs journals languages layers letters levels licenses
        machines messages meters minutes muscles names neighbors neighbours networks numbers
        options outbreaks packages pages panels papers parties partners parts patents patterns
        pieces plants posts practices prices products profiles proportions prototypes purposes
        ratios reasons resources rights rooms schemes scripts seconds sections sectors
        sentences sites sources stations strings structures styles subgroups subjects surveys
        tags tails tasks teams terms threads times tips tools traps trees trends trials trips
        types values versions videos words zones
    """,
    "n": """
        absolute active additive affected annual automatic behind beneficial broad cardiac
        classic classified clinical colored commercial common compact complementary
        conditional conservative dependent descriptive dominant equal essential ethical ethnic
        exclusive external extra facial familiar fast federal felt final fundamental great
        heavy helping high hypothetical independent industrial influential intellectual
        intermediate international intrinsic intuitive local longitudinal malignant medical
        minor moderate modern monthly naive native natural necessary neutral nominal normal
        notable old original partial particular perfect peripheral personal physical plain
        positive possible practical preliminary primary prior private probable professional
        rapid real regular safe saw secondary sensitive short simple single slight social
        solid special specific spectral stable steady still straight synthetic tackle temporal
        temporary upper valuable verbal vertical visual wide
    """,
    "p": """
        combines finds focuses helps keeps makes stands takes
    """,
    "j": """
        about adult after ahead animal apart being bottleneck camp capital chance choice
        collect content coordinate corner custom discriminate economy formula game gamma home
        house just level master motor often one over part party period poorly precision rank
        record regardless root seed so span still summary then there trial trick under up
        video well wonder
    """,
    "g": """
        exciting interesting surprising
    """,
    "m": """
        ability address aim answer approach approximation area argument aspect assumption
        average balance best body break camp cause chain challenge choice circumstances clear
        community company condition consequence constraint conversation copy dealing decision
        decrease definition description diagnostics difference dimensions direction
        disadvantage discrepancy display distribution drawback due economy effect elasticity
        election equation exception exercise expectations experiment family feeling feelings
        form foundation full give good goods implementation increase interface issue kind lack
        legend level license likelihood limitation little long lot market measure mechanism
        meeting message method millions more muscle need now number observation once operation
        option ordering pair paper partition party path people person perspective point poor
        population possibility post principles procedure process prominent property proportion
        proposal purpose question quick range rating reason relations relationship
        representations responsibility result rule scale script section seed sequence session
        set situation slope small solution start state statistics stock strength string
        structure study suggestion sum survey system tail talk technique test thing things
        type value variety version want word workflow young
    """,
    "c": """
        number
    """,
}
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
    kinds["consensus"].update("mn")
    for letter, seldom in _SELDOM.items():
        for word in seldom.split():
            kinds[word].discard(letter)
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
