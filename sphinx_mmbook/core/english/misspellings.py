"""Misspelt English words and names, and what is meant by each.

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
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.word_classes import word_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).with_name("misspellings.txt.gz")
#: Words that are written as one, names without their capital, and slips that are rare words, too,
#: so that the list lacks them.
OWN = {
    "alot": "a lot", "aswell": "as well", "atleast": "at least", "eachother": "each other",
    "eventhough": "even though", "heterogenity": "heterogeneity", "homogenity": "homogeneity",
    "incase": "in case", "infact": "in fact", "inspite": "in spite", "sofar": "so far",
    "binded": "bound", "moreso": "more so", "bonafide": "bona fide", "guage": "gauge",
    "guages": "gauges", "guaged": "gauged", "guaging": "gauging",
    "lingusitic": "linguistic", "partion": "partition", "partions": "partitions",
    "partioning": "partitioning",
    "upto": "up to", "belive": "believe", "teh": "the", "whch": "which", "wich": "which",
    "hte": "the", "taht": "that", "wiht": "with", "whith": "with", "caried": "carried",
    "heterogenous": "heterogeneous", "repeatingly": "repeatedly",
    "ensamble": "ensemble", "leafs": "leaves", "significative": "significant",
    "equipments": "equipment", "informations": "information", "softwares": "software",
    "hardwares": "hardware", "advices": "advice", "knowledges": "knowledge", "datas": "data",
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "arent": "are not", "wasnt": "was not", "werent": "were not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "wouldnt": "would not", "couldnt": "could not",
    "shouldnt": "should not", "substract": "subtract", "substracts": "subtracts",
    "substracted": "subtracted", "substracting": "subtracting", "substraction": "subtraction",
    "catched": "caught", "payed": "paid", "builded": "built", "hitted": "hit", "cutted": "cut",
    "neglectable": "negligible", "arrises": "arises", "becames": "becomes", "happend": "happened",
    "ofcourse": "of course", "atall": "at all", "infront": "in front", "everytime": "every time",
    "exept": "except", "wifi": "Wi-Fi",
    "bellow": "below", "randomic": "random", "criterias": "criteria", "phenomenas": "phenomena",
    **dict.fromkeys(("kwh", "Kwh", "KWh"), "kWh"), **dict.fromkeys(("ghz", "Ghz"), "GHz"),
    **dict.fromkeys(("mhz", "Mhz"), "MHz"), **dict.fromkeys(("khz", "Khz", "KHz"), "kHz"),
} | {
    word[:2].upper() + word[2:]: word.capitalize()
    for word in (
        "the", "this", "that", "these", "there", "they", "when", "where", "which", "what", "while",
        "with", "for", "and",
    )
} | {
    name.lower(): name
    for name in (
        "African", "American", "Asian", "Australian", "Bayesian", "Bernoulli", "British",
        "Canadian",
        "Cartesian", "Celsius", "Chinese", "Dutch", "English", "Euclidean", "Eulerian",
        "European", "Fourier", "Hamiltonian", "Lagrangian",
        "French", "Gaussian", "German", "Italian", "Japanese", "Korean", "Markov", "Poisson",
        "Portuguese", "Russian", "Spanish", "Swedish", "Monday", "Tuesday", "Wednesday", "Thursday",
        "Friday", "Saturday", "Sunday", "January", "February", "April", "June", "July", "September",
        "October", "November", "December", "Bonferroni", "Chebyshev", "Jaccard", "Kendall",
        "Austria", "Berlin", "Canada", "Europe", "Facebook", "France", "Germany", "Instagram",
        "Italy", "London", "Munich", "Paris", "Russia", "Spain", "Sweden", "Switzerland",
        "Mahalanobis", "Pearson", "Spearman", "Weibull", "Wilcoxon", "Bayes", "Bellman",
        "Boltzmann", "Brownian", "Cauchy", "Cholesky", "Cronbach", "Delaunay", "Dijkstra",
        "Dirichlet", "Durbin", "Euler", "Gibbs", "Granger", "Gumbel", "Heston", "Hilbert", "Huber",
        "Kalman", "Keynesian", "Kolmogorov", "Kruskal", "Laplace", "Lebesgue", "Levenberg",
        "Levenshtein", "Likert", "Lipschitz", "Lyapunov", "Marquardt", "Markovian", "Pareto",
        "Rayleigh", "Riemann", "Smirnov", "Taylor", "Tukey", "Turing", "Voronoi", "Wiener",
        "Wishart",
        "Brazilian", "Danish", "Greek", "Hungarian", "Indian", "Mexican", "Norwegian", "Turkish",
    )
} | {
    "covid": "COVID",
} | {
    # Names with a capital, but not with all that they have.
    name.capitalize(): name
    for name in (
        "AdaBoost", "arXiv", "CatBoost", "ChatGPT", "DeepMind", "GitHub", "GitLab", "ImageNet",
        "JavaScript", "LightGBM", "LinkedIn", "NumPy", "OpenAI", "OpenCV", "OpenStreetMap",
        "PostgreSQL", "PyTorch", "ResNet", "RStudio", "SciPy", "TensorFlow", "WordNet", "XGBoost",
        "YouTube",
    )
} | {
    # Names that no package or file has in small letters.
    name.lower(): name
    for name in (
        "ChatGPT", "DeepMind", "ImageNet", "JavaScript", "Kaggle", "LinkedIn", "OpenAI",
        "OpenStreetMap", "PostgreSQL", "Wikipedia", "WordNet", "YouTube",
    )
}  # fmt: skip


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
            new = right.partition(",")[0]
            # Of some nouns the list has the plural for a slip of one.
            singular = new[:-1] if new[-1] == "s" and new[-2:-1] == word[-1] else ""
            found[word] = singular if singular != word and singular in word_classes() else new
    return found | {word: OWN[word] for word in words & OWN.keys()}


#: Names of methods, programs and data that are not words, in small letters, as titles lose them.
_METHODS = {
    name.lower(): name
    for name in (
        "AdaBoost", "AlphaFold", "AlphaGo", "AlphaZero", "ARIMA", "Atari", "Bayes", "BERT",
        "Brownian", "CatBoost", "ChatGPT", "CNN", "CNNs", "DeepMind", "DeepStack", "Dirichlet",
        "DistilBERT", "DNA", "ELMo", "Facebook", "GitHub", "GPT", "GPU", "GPUs", "HIV", "ImageNet",
        "JavaScript", "Kalman", "Laplace", "LightGBM", "LinkedIn", "LSTM", "LSTMs", "LXMERT",
        "MapReduce", "MNIST", "MRI", "MuJoCo", "NLP", "OpenAI", "OpenStreetMap", "PCA", "PubMed",
        "PyTorch", "ResNet", "RNA", "RNN", "RNNs", "RoBERTa", "SentiWordNet", "StarCraft",
        "SuperGLUE", "SVM", "TensorFlow", "Twitter", "ULMFiT", "VAE", "VGG", "ViLBERT",
        "VisualBERT", "VQA", "Wikipedia", "WordNet", "XGBoost", "XLNet", "YouTube",
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
            if meant != word and meant.lower() == small and word != "Covid":
                yield word, meant, False
            elif small == f"{meant}s" and meant[-1] != "s":
                continue  # "Softwares", as some are printed
            elif meant.lower() != small and not title.startswith(f"{word}:"):  # a name
                yield word, meant if word == small else meant.capitalize(), True
