"""What an English word can be: noun, verb, adjective, in which form; and its other forms.

The table is made by ``docs/make_word_forms.py`` from that of lemminflect 0.2.3 (MIT, after the
lexicon of the National Library of Medicine). lemminflect itself needs numpy and takes 0.4 s to
start; inflect 7.6 knows plurals alone and takes 1.7 s. A check of 20 chapters takes 0.8 s.

Each line has the words that can be the same: ``nv:model,network,…`` are noun and verb.
"""

from __future__ import annotations

import gzip
from functools import cache
from itertools import repeat
from pathlib import Path

FILE = Path(__file__).with_name("word-forms.txt.gz")
#: n: a thing that is counted, m: one that is not, p: plural; v: a verb as in "to see", z: "sees",
#: d: "saw", e: "seen", g: "seeing"; j: adjective, c: "better", s: "best"; r: adverb.
CLASSES = "nmpvzdegjcsr"


@cache
def word_classes() -> dict[str, str]:
    """Return what each word can be, as letters of ``CLASSES``."""
    found: dict[str, str] = {}
    for line in gzip.decompress(FILE.read_bytes()).decode("ascii").splitlines():
        kinds, _, words = line.partition(":")
        found.update(zip(words.split(","), repeat(kinds), strict=False))
    return found


@cache
def all_kinds() -> frozenset[str]:
    """Return what words can be: each once."""
    return frozenset(word_classes().values())


#: How a form is made of another: end of the one, end of the other; the first that is a word counts.
_PLURALS = (
    ("sis", "ses"), ("xis", "xes"), ("ion", "ia"), ("ium", "ia"), ("enon", "ena"), ("ix", "ices"),
    ("ex", "ices"), ("y", "ies"), ("fe", "ves"), ("f", "ves"), ("", "s"), ("", "es"),
)  # fmt: skip
_THIRD = (("y", "ies"), ("", "s"), ("", "es"))
_PAST = (("e", "ed"), ("y", "ied"), ("", "ed"), ("", "ned"), ("", "ped"), ("", "ted"), ("", "led"))
_ING = (("e", "ing"), ("", "ing"), ("", "ning"), ("", "ping"), ("", "ting"), ("", "ling"))
_DOUBLED = (("n", "nning"), ("p", "pping"), ("t", "tting"))
#: Participles that are not made so: base, past, participle.
_IRREGULAR = (
    "be was been|become became become|begin began begun|build built built|choose chose chosen"
    "|break broke broken|fall fell fallen"
    "|do did done|draw drew drawn|drive drove driven|feed fed fed|find found found|get got got"
    "|give gave given|go went gone|grow grew grown|have had had|hold held held|keep kept kept"
    "|know knew known|lead led led|learn learned learned|leave left left|lose lost lost"
    "|make made made|mean meant meant|rise rose risen|run ran run|see saw seen|send sent sent"
    "|show showed shown|speak spoke spoken|spend spent spent|take took taken|teach taught taught"
    "|tell told told|think thought thought|understand understood understood|write wrote written"
    "|overfit overfit overfit"
)
_PARTICIPLES = {base: last for base, _, last in map(str.split, _IRREGULAR.split("|"))}
_BASES = {form: forms[0] for forms in map(str.split, _IRREGULAR.split("|")) for form in forms[1:]}
_BASES |= {"is": "be", "are": "be", "has": "have", "does": "do"}
_THIRDS = {"be": "is", "are": "is", "were": "was", "have": "has", "do": "does"}


_ODD = {
    "child": "children", "person": "people", "maximum": "maxima", "minimum": "minima",
    "optimum": "optima",
}  # fmt: skip
_ODD |= {word: word for word in ("fish", "aircraft", "species", "sheep", "deer")}
_ODD |= {"spectrum": "spectra", "stimulus": "stimuli", "nucleus": "nuclei"}
_ODD |= {"stratum": "strata", "corpus": "corpora", "man": "men", "woman": "women"}
#: Words before a noun, and those that stand before several, or one, of the same.
_BOTH = {word: word for word in ("the", "our", "its", "their", "some")}
_MANY, _ONE = {"this": "these", "that": "those"}, {"these": "this", "those": "that"}
#: Nouns that stand in the singular, though they have a plural.
_RARELY = (
    " attention information memory knowledge energy evidence research software traffic performance"
    " accuracy use usage quality complexity training presence importance lack number majority"
    " popularity efficiency robustness effectiveness success development rest sum amount existence"
    " absence availability precision recall interpretability literature "
)
_ODD_SINGULARS = {form: word for word, form in _ODD.items()}


def _made(word: str, kind: str, ends: tuple[tuple[str, str], ...], *, back: bool = False) -> str:
    words = word_classes()
    for old, new in (pair[::-1] for pair in ends) if back else ends:
        if word.endswith(old) and kind in words.get(form := word.removesuffix(old) + new, ""):
            return form
    return ""


def plural(word: str) -> str:
    """Return the plural of a noun; empty if it is not known."""
    return _ODD.get(word) or _made(word, "p", _PLURALS)


def singular(word: str) -> str:
    """Return the singular of a noun."""
    if word[:-1].isupper():  # "CNNs"
        return word.removesuffix("s")
    return _ODD_SINGULARS.get(word) or _made(word, "n", _PLURALS, back=True)


def more(word: str) -> str:
    """Return the plural of a noun that may be meant; empty for "performance" and its like."""
    return "" if f" {word} " in _RARELY or plural(word) == word else plural(word)


def ofmany(word: str) -> str:
    """Return "these" for "this", and "the" as it is; empty for what stands before one alone."""
    return _BOTH.get(word) or _MANY.get(word, "")


def ofone(word: str) -> str:
    """Return "this" for "these", and "the" as it is; empty for what stands before several alone."""
    return _BOTH.get(word) or _ONE.get(word, "")


def third(word: str) -> str:
    """Return "sees" for "see"."""
    return _THIRDS.get(word) or _made(word, "z", _THIRD)


def participle(word: str) -> str:
    """Return "seen" for a form of "see"."""
    base_form = base(word) or word
    return _PARTICIPLES.get(base_form) or _made(base_form, "e", _PAST)


def base(word: str) -> str:
    """Return "see" for a form of it."""
    if word in _BASES or word in _PARTICIPLES:
        return _BASES.get(word, word)
    kinds = word_classes().get(word, "")
    ends = _ING if "g" in kinds else _PAST if "d" in kinds or "e" in kinds else _THIRD
    return _made(word, "v", ends, back=True)


def gerund(word: str) -> str:
    """Return "seeing" for a form of "see"."""
    word = base(word) or word  # "planing" is a form of "plane"
    return "being" if word == "be" else _made(word, "g", _DOUBLED) or _made(word, "g", _ING)


def many(word: str) -> str:
    """Return "see" for "sees", and "are" for "is"."""
    return {"is": "are", "was": "were"}.get(word) or base(word)


def adverb(word: str) -> str:
    """Return "largely" for "large"."""
    if word.endswith("ic"):
        return f"{word}ally"
    ends = (
        ("y", "ily") if word.endswith("y") else ("le", "ly") if word.endswith("le") else ("", "ly")
    )
    return word.removesuffix(ends[0]) + ends[1]


def adjective(word: str) -> str:
    """Return "large" for "largely", and what has no such form as it is."""
    some = (word[:-2], f"{word[:-1]}e", f"{word[:-3]}y", word[:-4])
    kinds = word_classes()
    return next((one for one in some if "j" in kinds.get(one, "") and adverb(one) == word), word)


def genitive(word: str) -> str:
    """Return "users'" for "users", "children's" for "children"."""
    return f"{word}'" if word.endswith("s") else f"{word}'s"


def positive(word: str) -> str:
    """Return "large" for "larger"."""
    return _made(word, "j", _COMPARATIVES, back=True)


def comparative(word: str) -> str:
    """Return "larger" for "large"."""
    return _made(word, "c", _COMPARATIVES) or f"more {word}"


_COMPARATIVES = (("e", "er"), ("y", "ier"), ("", "er"), ("g", "gger"))
