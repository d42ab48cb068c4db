"""Words that a formula sets as a product of letters: operators, indices, words of the page."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

#: Operators that have a command of their own, and names that have none.
_OPERATORS = {
    "log", "ln", "exp", "max", "min", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin",
    "arccos", "arctan", "lim", "sup", "inf", "det", "arg", "dim", "ker", "deg", "gcd", "Pr",
}  # fmt: skip
_NAMED = {
    "argmax": r"\operatorname*{arg\,max}", "argmin": r"\operatorname*{arg\,min}",
    **{name: rf"\operatorname{{{name}}}" for name in ("softmax", "sigmoid", "relu", "ReLU")},
    **{
        name: rf"\text{{{name}}}"
        for name in ("otherwise", "MSE", "RMSE", "MAE", "AUC", "BLEU", "LSTM", "RNN", "CNN", "MDP",
                     "AIC", "BIC", "CDF", "PDF", "TPR", "FPR")
    },
    **{
        name: f"\\{name}"
        for name in ("alpha", "beta", "gamma", "delta", "epsilon", "theta", "lambda", "sigma",
                     "phi", "omega")
    },
}  # fmt: skip
#: Short names of functions; without an argument they may be a product.
_CALLED = {
    "sign", "sgn", "var", "Var", "cov", "Cov", "rank", "diag", "sim", "cor", "corr", "Corr", "Pr",
    "Tr", "KL", "ave", "avg", "MLP", "mlp", "FFN", "LN", "CE", "std", "abs", "proj", "clip",
}  # fmt: skip
#: Commands whose argument is set upright or as one word, or not a formula; comments.
_WORDED = re.compile(
    r"\\(?:text\w*|mbox|hbox|math(?:rm|it|bf|sf|tt|up|normal|cal|bb|frak|scr)|boldsymbol|bm|tag"
    r"|operatorname|label|(?:eq|c|h)?ref|cite\w*|url|lstinline|begin|end|color|textcolor|ce|pu|unicode|hspace|vspace)\*?\s*"
    r"\{(?:[^{}]|\{[^{}]*\})*\}|\\(?:rm|sf|tt|bf|it)\s+[A-Za-z]+|"
    r"\\(?!left|right|[bB]ig)[A-Za-z]+\[[a-z ]+\]|\\[A-Za-z]+\*?|\\.|\(\\?#[^()]*\)|%[^\n]*"
)
_LETTERS = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}")
#: A word of which each letter stands for itself, as programs write that read pictures of formulas.
_APART = re.compile(
    r"(?<![A-Za-z\\] )(?<![A-Za-z\\])(?:[A-Z](?: [A-Z])+|[a-z](?: [a-z]){2,})(?! ?[A-Za-z])"
)
_INDEX = re.compile(r"[_^]\s*\{(?:[^{}]{0,20}[,\s])?\s*$")
_ARGUMENT = re.compile(r"\s*(?:\\(?:left|[bB]igg?l?)\s*)?[(\[]")
_EQUALS = re.compile(r"\s*(?:&\s*)?=|_[a-z]{3}")
_CAMEL = re.compile(r"[A-Za-z][a-z]+[A-Z][a-z]{2,}")
_LONG_CAMEL = re.compile(r"[a-z]{4,}[A-Z][a-z]{3,}")
#: A formula that is an acronym and nothing else.
_ALONE = re.compile(r"\s*(?!ABC|PQR|XYZ)[A-Z]{3,6}(?:_\{?\w{1,3}\}?|\(t\))?\s*")
#: A formula that is one word in small letters and nothing else, but for an index.
_ONE_WORD = re.compile(r"\s*[a-z]{4,}(?:_\{?\w{1,3}\}?)?\s*")
#: An operator and the letter beside it: "logp(x)", "v^Ttanh(x)".
_GLUED = re.compile(r"([A-Z]?)(log|exp)([a-zA-Z])|([A-Z])(tanh|log|exp|softmax)")
_GOES_ON = re.compile(f"_|{_ARGUMENT.pattern}")
#: An index of a letter or in braces; names of programs have longer ones: "Couple_NoChild".
_INDEXED = re.compile(r"_(?![A-Za-z]{2})")
#: More words of an index: "_{posterior\\ odds}".
_MORE_WORDS = re.compile(r"(?:\\ [A-Za-z]+)+")
_NEXT_WORD = re.compile(r"\\ [A-Za-z]{3,}")
_WORD_BEFORE = re.compile(r"[A-Za-z]{3,}\s+$")
_VOWEL = re.compile(r"[aeiouy]")
#: Short words that indices are made of; "itak" may be four indices.
_SHORT = {
    "adv", "all", "batch", "best", "class", "cls", "conv", "cov", "data", "dec", "emb", "enc",
    "fake", "front", "gate", "gen", "grid", "head", "high", "img", "init", "lang", "left", "ling",
    "loss", "mask", "mem", "month", "neg", "new", "next", "norm", "north", "obs", "old", "opt",
    "orig", "out", "patch", "pool", "pos", "pred", "prev", "real", "ref", "right", "self", "sent",
    "size", "south", "src", "start", "task", "test", "text", "tgt", "tot", "trend", "true", "val",
    "word",
}  # fmt: skip
_LONG = 4


class SpeltName(NamedTuple):
    """A name that is in a formula as letters: where, which, and what to write."""

    offset: int
    name: str
    new: str


def spelt_names(
    bodies: list[str], words: Mapping[str, int] = MappingProxyType({})
) -> list[list[SpeltName]]:
    """Return the operators and words that each formula of a page sets as a product of letters.

    ``words`` are those of the page's text: they are words in formulas, too. What is a word in one
    formula is one in all, and so are all indices beside one: half of them mended would be worse.
    """
    told = [_names(tex, words) for tex in bodies]
    if products := _products(bodies, told):
        words = {word: often for word, often in words.items() if word not in products}
        told = [_names(tex, words) for tex in bodies]
    others = {one.name for some in told for one in some if one.new.startswith(r"\text")}
    if any(_kind(tex, one) == "_" for tex, some in zip(bodies, told, strict=True) for one in some):
        others.add("_")
    return [_names(tex, words, others) for tex in bodies] if others else told


#: A capital that stands for itself: "U^T".
_SINGLE = re.compile(r"(?<![A-Za-z\\])(?<![A-Z] )[A-Z](?![A-Za-z]| [A-Z])")


def _products(bodies: list[str], told: list[list[SpeltName]]) -> set[str]:
    """Return what looks like acronyms of two letters, each a variable: "US" of "U S V^T"."""
    names = {one.name.replace(" ", "") for some in told for one in some}
    capitals = {name for name in names if name.isupper() and len(name) == 2 == len({*name})}
    letters = {*_SINGLE.findall("\n".join(bodies))} if capitals else set()
    return {name for name in capitals if letters.issuperset(name)}


def _names(tex: str, words: Mapping[str, int], others: Set[str] = frozenset()) -> list[SpeltName]:
    """Return the names of one formula; ``others`` has those of the page, "_" for any index."""
    bare = _WORDED.sub(lambda match: " " * len(match[0]), tex)
    spelt, left, end = [*_apart(bare, words)], [], 0
    for match in _LETTERS.finditer(bare):
        if match.start() < end or _goes_on(bare, match):
            continue  # one of several words, or a part of one with other letters
        if one := _spelt(match, tex, bare, words):
            end = one.offset + len(one.name)
            spelt.append(one)
        else:
            left.append(match)
    beside = {one.name for one in spelt if one.new.startswith(r"\text")} | others if left else ()
    if beside:
        kinds = {_kind(tex, one) for one in spelt} | beside
        rest = (SpeltName(one.start(), one[0], rf"\text{{{one[0]}}}") for one in left)
        rest = (one for one in rest if not _of_program(tex, one))
        spelt += [one for one in rest if one.name in beside or _is_like(one, tex, kinds)]
    return _joined(tex, sorted(spelt))


def _spelt(match: re.Match[str], tex: str, bare: str, words: Mapping[str, int]) -> SpeltName | None:
    """Return what letters are, if they are an operator or a word."""
    name = match[0]
    if name in _OPERATORS:
        new = f"\\{name}"
    elif name in _NAMED:
        new = _NAMED[name]
    elif name.isupper() and (words.get(name, 0) > (len(name) < 3) or _ALONE.fullmatch(tex)):
        new = rf"\text{{{name}}}"
    elif (glued := _GLUED.fullmatch(name)) and _GOES_ON.match(tex, match.end()):
        new = " ".join(_alone(part) for part in glued.groups() if part)
    elif len(name) > 2 and _NEXT_WORD.match(tex, match.end()):
        name, new = _words(tex, match)
    elif _is_defined(match, bare) or _is_sure(name, tex, words):
        new = rf"\text{{{name}}}"
    elif (name in _CALLED or _is_spelt(name)) and _ARGUMENT.match(tex, match.end()):
        new = rf"\operatorname{{{name}}}"
        if _WORD_BEFORE.search(bare, max(0, match.start() - 40), match.start()):
            new = rf"\text{{{name}}}"  # one of several words
    elif _in_index(name, bare, match.start()) or (
        (_is_word(name) or _is_beside_words(name, bare, words))
        and {name, name.lower()} & words.keys()
        and _stands_alone(tex, match)
    ):
        name, new = _words(tex, match)
    else:
        return None
    joined = new[-1] != "}" and bare[match.end() : match.end() + 1].isalnum()
    return SpeltName(match.start(), name, new + " " * joined)


def _goes_on(bare: str, match: re.Match[str]) -> bool:
    """Whether letters are a part of a word that has others, too: "Do" of "Doğru"."""
    start, end = match.span()
    return any(map(str.isalpha, bare[max(0, start - 1) : start] + bare[end : end + 1]))


def _kind(tex: str, one: SpeltName) -> str:
    """Return what letters are: of an index, an acronym, or a word."""
    if _INDEX.search(tex, max(0, one.offset - 40), one.offset):
        return "_"
    return "A" if _ACRONYM.fullmatch(one.name) else "a"


def _of_program(tex: str, one: SpeltName) -> bool:
    """Whether letters are a part of a name such as ``abs\\_price`` or ``other_colors``."""
    return bool(_PART_OF.match(tex, one.offset + len(one.name))) or tex.endswith(
        ("\\_", "\\_ "), 0, one.offset
    )


_PART_OF = re.compile(r"\\_|_[A-Za-z]{2}")


def _is_like(one: SpeltName, tex: str, kinds: Set[str]) -> bool:
    """Whether letters are what others are that are words."""
    kind = _kind(tex, one)
    if kind == "_" and kind in kinds:
        return len(one.name) > 2 and one.name.islower() and bool(_VOWEL_OF_WORD.search(one.name))
    return kind in kinds and (kind == "A" or _is_word(one.name))


#: Capitals, perhaps with what they are of: "TPR", "exPTS".
_ACRONYM = re.compile("[a-z]{0,3}[A-Z]{2,}")
#: A vowel that is not a usual index.
_VOWEL_OF_WORD = re.compile("[aeou]")
#: What stands between words that are one text: "Study\\ Time", "Number of Units".
_BETWEEN = re.compile(r"(?:\s|\\[ ,;:]|~)+(?:(?:of|the|in|per|to|and)(?:\s|\\[ ,;:]|~)+)?")
_GAP = re.compile(r"(?:\s|\\[ ,;:]|~)+")


def _joined(tex: str, spelt: list[SpeltName]) -> list[SpeltName]:
    """Return names of a formula, words that only spaces part as one text."""
    joined: list[SpeltName] = []
    for one in spelt:
        last = joined[-1] if joined else None
        end = last.offset + len(last.name) if last else 0
        texts = last and all(each.new.startswith(r"\text{") for each in (last, one))
        if last and texts and _BETWEEN.fullmatch(tex, end, one.offset):
            between = _GAP.sub(" ", tex[end : one.offset])
            name = tex[last.offset : one.offset + len(one.name)]
            joined[-1] = SpeltName(last.offset, name, last.new[:-1] + between + one.new[6:])
        else:
            joined.append(one)
    return joined


def _is_defined(match: re.Match[str], bare: str) -> bool:
    """Whether letters are a word that a formula defines, or one with an index."""
    if _is_word(match[0]) and _EQUALS.match(bare, match.end()):
        return True
    begins = bare[: match.start()][-1:] not in (".", "_")
    return begins and _is_spelt(match[0]) and bool(_INDEXED.match(bare, match.end()))


def _is_spelt(name: str) -> bool:
    """Whether letters before an index or an argument are a word: "mask_t", "sigm(x)"."""
    long = len(name) >= _LONG and not name.isupper() and bool(_VOWEL.search(name[1:].lower()))
    return long or (len(name) > 2 and name in _SHORT)


def _is_sure(name: str, tex: str, words: Mapping[str, int]) -> bool:
    """Whether letters are a word anywhere, or all that a formula has."""
    return bool(_LONG_CAMEL.fullmatch(name) or (name in words and _ONE_WORD.fullmatch(tex)))


def _apart(bare: str, words: Mapping[str, int]) -> Iterator[SpeltName]:
    """Iterate over the words of which each letter stands for itself."""
    for match in _APART.finditer(bare):
        if (name := match[0].replace(" ", "")) in words or name in _SHORT:
            yield SpeltName(match.start(), match[0], rf"\text{{{name}}}")


def _in_index(name: str, bare: str, start: int) -> bool:
    """Whether letters are a word of an index."""
    return (name in _SHORT or (len(name) > _LONG and _is_word(name))) and bool(
        _INDEX.search(bare, max(0, start - 40), start)
    )


def _words(tex: str, match: re.Match[str]) -> tuple[str, str]:
    """Return a word of a formula with those after it, and all of them as text."""
    more = _MORE_WORDS.match(tex, match.end())
    name = match[0] + (more[0] if more else "")
    return name, rf"\text{{{' '.join(name.split(chr(92) + ' '))}}}"


def _stands_alone(tex: str, match: re.Match[str]) -> bool:
    """Whether letters belong to no name such as ``time\\_steps``, nor to a query in quotes."""
    before = tex[max(match.start() - 3, 0) : match.start()].rstrip()[-2:] or " "
    begins = before == "\\_" or (before[-1:] == "." and before[0].isalpha())
    return not begins and not _PART.match(tex, match.end()) and '"' not in tex


_PART = re.compile(r"\\_|\.[A-Za-z]")


def _is_beside_words(name: str, bare: str, words: Mapping[str, int]) -> bool:
    """Whether short letters are a word, since others of the formula are: "P(love, my, dog)"."""
    often = words.get(name, 0) + words.get(name.lower(), 0) * name.istitle()
    is_short = name[1:].islower() and often > 1 and _VOWEL.search(name)
    others = (match[0] for match in _LETTERS.finditer(bare)) if is_short else ()
    return any(_is_word(other) and {other, other.lower()} & words.keys() for other in others)


def _alone(part: str) -> str:
    """Return the operator with its backslash, a letter as it is."""
    return part if len(part) == 1 else _NAMED.get(part, f"\\{part}")


def _is_word(name: str) -> bool:
    """Whether letters are a word rather than a product: "model", "AddNorm", not "abc"."""
    if _CAMEL.fullmatch(name):
        return True
    return len(name) > 3 and name[1:].islower() and len(_VOWEL.findall(name.lower())) > 1


#: What ends a formula before the dash of a range and begins another after it.
_RANGE, _EITHER = "$–$", "write '-' for a minus, or '\\text{–}' for a range"
_AMOUNT = r"\d[\d.,]*(?:\s?\\(?:times|cdot)\s?10)?(?:\^(?:\d|\{[−-]?\d+\}))?(?:\s?\\%)?"
_LEFT = re.compile(rf"(?<![\w^_}}.,)\]!'])({_AMOUNT})\s?\Z")
_RIGHT = re.compile(rf"\s?({_AMOUNT})(?=\s*(?:[,;.)\]]|\Z|~|\\(?:[,; ]|text|mathrm|sigma\b)))")


def of_dash(match: re.Match[str], plain: bool) -> tuple[str, str]:
    """Return what a dash in a formula stands for, and the advice.

    It is a minus, or joins two amounts, so that a ``plain`` formula can end there; else either.
    """
    tex, at = match.string, match.start()
    left, right = _LEFT.search(tex[:at]), _RIGHT.match(tex, match.end())
    if not left or not re.match(r"\s?\d", tex[match.end() :]) or re.match(r"[^=]*=", tex[at:]):
        return "-", "write '-'"
    if (
        not (right and plain)
        or tex.count("{", 0, at) != tex.count("}", 0, at)
        or r"\left" in tex[:at]
    ):
        return "", _EITHER
    return _RANGE, f"for a range write '${left[1]}$–${right[1]}$', for a minus '-'"
