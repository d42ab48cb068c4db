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
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).with_name("misspellings.txt.gz")
#: Words that are written as one, names without their capital, and slips that are rare words, too,
#: so that the list lacks them.
OWN = {
    "alot": "a lot", "aswell": "as well", "atleast": "at least", "eachother": "each other",
    "eventhough": "even though", "heterogenity": "heterogeneity", "homogenity": "homogeneity",
    "incase": "in case", "infact": "in fact", "inspite": "in spite", "sofar": "so far",
    "bonafide": "bona fide", "guage": "gauge", "guages": "gauges", "guaged": "gauged",
    "guaging": "gauging",
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
    # What begins with a letter is found faster than what begins by looking back.
    first = _FIRST.match(pattern)
    group = re.sub(r"\(\?:[^()]*\)", "", pattern).partition(")")[0]
    length = len(first[0]) if first and not (group[0] == "(" and "|" in group) else 0
    back = r"(?<![\w-].)" if length else r"(?<![\w-])"
    found_by = re.compile(rf"{pattern[:length]}{back}{pattern[length:]}(?!\w)")
    return Phrase(sign, found_by, new, sure, sign.split(maxsplit=1)[0].rstrip(","))


_FIRST = re.compile(r"\(?(?:\[[A-Za-z]+\]|[A-Za-z])(?![?*+])")


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
_NOUN = (
    "algorithm|architecture|aspect|author|chapter|component|concept|dataset"
    "|embedding|example|experiment|feature|function|image|layer|method|metric|model|network|paper"
    "|parameter|problem|question|researcher|result|sample|section|sentence|system"
    "|task|technique|token|value|variable|vector|word"
)
#: After a noun: what shows that the name ends there.
_NOUN_ENDS = r"(?=[.,;)]| (?:are|is|was|were|has|have|can|will|that|which|of|to)(?!\w))"
#: Nouns in the plural, without those that are verbs as well: "this models the loss" is right.
_PLURALS = (
    "algorithms|applications|architectures|categories|datasets|embeddings|equations|examples"
    "|hyperparameters|limitations|methods|neurons|observations|parameters|predictions|properties"
    "|representations|specifications|systems|techniques|tokens|transformations|variables|vectors"
)
#: Verbs whose participle is missed after "is" and "be"; none is a noun as well.
_VERBS_IN_E = (
    "achieve|analyze|calculate|capture|categorize|combine|compare|define|describe|evaluate|generate"
    "|improve|include|introduce|maximize|minimize|normalize|optimize|propose|provide|remove|solve"
    "|visualize"
)
_VERBS = "consider|explain|extract|implement|interpret|obtain|perform|predict|represent|train"
_BE = r"([IiAawb](?:s|re|as|ere|e|een)(?<!\bwe)(?<!\b[aA]s))"
_BY = "(?= (?:by|in|as|from|using|with|on|into|to)(?!\\w))"
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
    _phrase("referred as", "referred as", "referred to as"),
    _phrase("consist", "(consist(?:s|ed|ing)?) (?:on|out of)(?= [a-z])", r"\1 of"),
    _phrase("consisted of", "(?:is|are) consisted of", "consists of", sure=False),
    _phrase(" know as", "(is|are|also|well|better|best|commonly) know as", r"\1 known as"),
    _phrase(" not know ", "(is|are) not know(?= [a-z])", r"\1 not known", sure=False),
    _phrase(" thought as", "be thought as", "be thought of as"),
    _phrase(" though as", "be though as", "be thought of as"),
    _phrase("y the contrary", "by the contrary", "on the contrary"),
    _phrase("n respect to", "in respect to", "with respect to"),
    _phrase("with the respect to", "with the respect to", "with respect to"),
    _phrase("in opposite to", "in opposite to", "in contrast to"),
    _phrase(" an so ", "an so (on|forth)", r"and so \1"),
    _phrase("countless of ", "countless of", "countless"),
    _phrase(" dozen of ", "a dozen of(?= [a-z])", "a dozen"),
    _phrase("s following", "as following(?=[:.,])", "as follows"),
    _phrase(" due the ", "due the", "due to the"),
    _phrase("n the same time", "in the same time(?=[,.])", "at the same time"),
    _phrase("n the other side,", "([Oo])n the other side,", r"\1n the other hand,", sure=False),
    _phrase("espite of", "([Dd])espite of", r"\1espite"),
    _phrase("discuss", "([Dd]iscuss(?:es|ed)?) about(?= [a-z])", r"\1"),
    _phrase("lacks of", "lacks of(?= [a-z])", "lacks"),
    _phrase("egardless the ", "([Rr])egardless the", r"\1egardless of the"),
    _phrase("epend", "([Dd]epend(?:s|ing|ed)?) of(?! course)", r"\1 on"),
    _phrase(" an another ", "an another", "another"),
    _phrase("hese ", "([Tt]hese) (kind|type|sort) of", r"\1 \2s of"),
    _phrase("hose ", "([Tt]hose) (kind|type|sort) of", r"\1 \2s of"),
    _phrase("his ", f"([Tt])his ({_PLURALS})", r"\1hese \2", sure=False),
    *(
        _phrase(
            f"{sign[1:]} ",
            rf"([{sign[0].upper()}{sign[0]}]{sign[1:]}) ({_NOUN}){_NOUN_ENDS}",
            r"\1 \2s",
            sure=False,
        )
        for sign in ("these", "those", "several", "various", "many")
    ),
    _phrase(
        "ne of the ",
        rf"([Oo]ne of the (?:most|best|first|main)(?: [a-z-]{{4,}})?) ({_NOUN}){_NOUN_ENDS}",
        r"\1 \2s",
        sure=False,
    ),
    _phrase("amount of ", rf"amount of (?:the )?({_COUNTED})(?!-)", r"number of \1"),
    _phrase(
        " good",
        "([Ww]ork(?:s|ed)?|[Pp]erform(?:s|ed)?) (very |quite |really |so |as )?good"
        r"(?=[.,;)]| (?:on|in|for|with|at|and|as|when|if|but|enough)(?!\w))",
        r"\1 \2well",
    ),
    _phrase("more ", "more (?<!no more )(better|easier|faster|simpler|cheaper)", r"\1", sure=False),
    _phrase(
        "most ", "most (?<!at most )(best|easiest|fastest|simplest|highest)", r"\1", sure=False
    ),
    _phrase("llow", r"([Aa]llows?) to (?!be(?!\w))([a-z]+)", r"\1 us to \2", sure=False),
    _phrase(" feed ", f"{_BE} feed (into|to|as|through|back)", r"\1 fed \2"),
    *(
        _phrase("e", f"{_BE} ({verbs}){_BY}", rf"\1 \2{end}", sure=False)
        for verbs, end in ((_VERBS_IN_E, "d"), (_VERBS, "ed"))
    ),
    _phrase("benchmark against", f"{_BE} benchmark against", r"\1 benchmarked against"),
    _phrase("less ", rf"less (?<!or less )(?<!no less )({_COUNTED})(?!-)", r"fewer \1"),
    _phrase("enables to", "enables to(?= [a-z])", "enables us to", sure=False),
    _phrase("Although, ", f"Although, ({_SUBJECTS})", r"Although \1", sure=False),
    _phrase("Whereas, ", rf"Whereas, ({_SUBJECTS}|[A-Z]\w+)", r"Whereas \1", sure=False),
    _phrase("such as, ", rf"such as, {_NOT_ASIDE}", r"such as \1", sure=False),
    _phrase("including, ", rf"including, {_NOT_ASIDE}", r"including \1", sure=False),
)


@cache
def _text() -> str:
    return gzip.decompress(FILE.read_bytes()).decode("utf-8")


@cache
def _lines() -> dict[str, str]:
    """Return the lines of the list by the letters with which their words begin."""
    return {line[1:5]: line for line in _text().splitlines()}


def is_known(word: str) -> bool:
    """Whether the list has a word as what is meant by another."""
    return f":{word}," in _text() or f":{word}\n" in _text()


def is_slip(word: str, other: str) -> bool:
    """Whether a long word is another one with a letter twice, missing, too many, or two swapped.

    Not at its begin and end, where words differ by their endings; nor with letters by which
    British and American spellings differ.
    """
    start = next(
        (i for i, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]), 0
    )
    if not _KEPT <= start < min(len(word), len(other)) - 2:
        return False
    if len(word) == len(other):
        swapped = word[start] + word[start + 1] == other[start + 1] + other[start]
        return swapped and word[start + 2 :] == other[start + 2 :]
    long, short = sorted((word, other), key=len, reverse=True)
    same = long[start + 1 :] == short[start:] and long[start] not in "leu"
    return same and len(short) > _LONG and "ae" not in long and "oe" not in long


#: So many letters at the begin of two words are the same.
_KEPT = 3
#: Words with a letter too many have more letters than so many.
_LONG = 8


def corrections(words: set[str]) -> dict[str, str]:
    """Return those of the words, in lower case, that are misspelt, each with what is meant."""
    found = {}
    lines = _lines()
    for word in words:
        if word.isalpha() and (right := lines.get(word[:4], "").partition(f",{word}:")[2]):
            found[word] = right.partition(",")[0]
    return found | {word: OWN[word] for word in words & OWN.keys()}


#: Names of methods, programs and data that are not words, in small letters, as titles lose them.
_METHODS = {
    name.lower(): name
    for name in (
        "ARIMA", "AdaBoost", "AlphaFold", "AlphaGo", "AlphaZero", "Atari", "BERT", "CNN", "CNNs",
        "CatBoost", "DNA", "DistilBERT", "ELMo", "GPT", "GPU", "GPUs", "HIV", "ImageNet", "LSTM",
        "LSTMs", "LightGBM", "LXMERT", "MNIST", "MRI", "MuJoCo", "NLP", "OpenAI", "PCA", "PyTorch",
        "RNA", "RNN", "RNNs", "RoBERTa", "ResNet", "SVM", "SuperGLUE", "TensorFlow", "ULMFiT",
        "VAE", "VGG", "VQA", "ViLBERT", "VisualBERT", "Wikipedia", "WordNet", "XGBoost", "XLNet",
        "YouTube",
    )
}  # fmt: skip
#: Names that are words as well: they are names where a title begins with one and a colon.
_BEFORE_COLON = {
    name.lower(): name
    for name in (
        "ALBERT", "BART", "CIDEr", "CLIP", "ELECTRA", "GLUE", "GloVe", "LIME", "METEOR", "ROUGE",
        "SHAP", "SQuAD", "UNITER",
    )
}  # fmt: skip
_TITLE_WORD = re.compile(r"(?<![\w@/.])[^\W\d_]+(?![\w/])")
_ENGLISH = re.compile(r"\b(?:the|of|and|for|in|with|an?|on|to|is|by|from)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:der|die|das|und|für|von|zur?|im|ein|eine|de|la|le|les|el|los|et|des|du|y|en|per|di)\b",
    re.IGNORECASE,
)


def title_slips(title: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the words of a work's title that are wrong, what is meant, and whether it is a slip."""
    if first := re.match(r"([A-Z][a-z]+):", title):
        right = _BEFORE_COLON.get(first[1].lower())
        if right and right != first[1]:
            yield first[1], right, False
    if region := re.search(r"\b(?:r-cnn|R-cnn)\b", title):
        yield region[0], "R-CNN", False
        title = title.replace(region[0], "")
    # Packages have names in small letters: "xgboost: Extreme Gradient Boosting".
    title = re.sub(r"^[a-z]+:", "", title)
    english = bool(_ENGLISH.search(title)) and not _OTHER.search(title)
    words = dict.fromkeys(_TITLE_WORD.findall(title))
    slips = corrections({word.lower() for word in words}) if english else {}
    for word in words:
        small = word.lower()
        plain = word in (small, small.capitalize())
        method = _METHODS.get(small)
        if method and plain and word != method:
            yield word, method, False
        elif plain and (meant := slips.get(small)):
            if meant != word and meant.lower() == small:
                yield word, meant, False
            elif meant.lower() != small:
                yield word, meant if word == small else meant.capitalize(), True
